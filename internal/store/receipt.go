package store

import (
	"context"
	"encoding/json"
	"time"

	"feierabend"
)

const receiptColumns = `r.id, r.subject, r.case_id, r.reason, r.by_user, r.by_role, r.by_via, r.erased_at, r.erased, r.first_content_at, r.verification, r.verified_at,
	r.method, r.searched_files, r.searched_bytes, r.hits, r.copies, r.signature, r.public_key`

func scanReceipt(r row, tenant feierabend.TenantID) (e feierabend.ErasureReceipt, err error) {
	var erasedAt, first, verified int64
	var erased, copies, of string
	if err = r.Scan(&e.ID, &e.Subject, &of, &e.Reason, &e.By.User, &e.By.Role, &e.By.Via, &erasedAt, &erased, &first, &e.Verification, &verified,
		&e.Method, &e.SearchedFiles, &e.SearchedBytes, &e.Hits, &copies, &e.Signature, &e.PublicKey); err != nil {
		return e, err
	}
	switch e.Subject {
	case feierabend.SubjectCase:
		e.Case = feierabend.CaseID(of)
	case feierabend.SubjectAddress:
		e.Entry = feierabend.AddressID(of)
	case feierabend.SubjectBook: // of is the receipt's own id
	}
	e.Tenant, e.ErasedAt, e.FirstContentAt, e.VerifiedAt = tenant, timeOf(erasedAt), timeOf(first), timeOf(verified)
	if err := json.Unmarshal([]byte(erased), &e.Erased); err != nil {
		return e, err
	}
	return e, json.Unmarshal([]byte(copies), &e.Copies)
}

// Receipt gives one receipt.
func (s *Store) Receipt(ctx context.Context, tenant feierabend.TenantID, id feierabend.ReceiptID) (e feierabend.ErasureReceipt, err error) {
	if tenant.IsZero() {
		return e, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		e, err = scanReceipt(q.queryRow(ctx, `SELECT `+receiptColumns+` FROM receipt r WHERE r.tenant_id = $1 AND r.id = $2`, tenant.String(), id), tenant)
		return err
	})
	return e, err
}

// OldestPending is the oldest erasure of any firm whose proof is outstanding; zero
// where there is none.
func (s *Store) OldestPending(ctx context.Context) (at time.Time, err error) {
	var oldest int64
	err = s.viewAll(ctx, func(q querier) error {
		oldest = 0
		return eachFirm(ctx, q, `SELECT COALESCE(min(r.erased_at), 0) FROM receipt_check k JOIN receipt r ON r.tenant_id = k.tenant_id AND r.id = k.receipt_id`, nil, func(r row) error {
			var own int64
			err := r.Scan(&own)
			if own > 0 && (oldest == 0 || own < oldest) {
				oldest = own
			}
			return err
		})
	})
	return timeOf(oldest), err
}

// ReceiptOf gives the receipt of an erased case.
func (s *Store) ReceiptOf(ctx context.Context, tenant feierabend.TenantID, id feierabend.CaseID) (e feierabend.ErasureReceipt, err error) {
	if tenant.IsZero() {
		return e, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		e, err = s.receiptOf(ctx, q, tenant, id)
		return err
	})
	return e, err
}

func (s *Store) receiptOf(ctx context.Context, q querier, tenant feierabend.TenantID, id feierabend.CaseID) (feierabend.ErasureReceipt, error) {
	e, err := scanReceipt(q.queryRow(ctx, `SELECT `+receiptColumns+` FROM receipt r WHERE r.tenant_id = $1 AND r.case_id = $2 AND r.subject = ''`, tenant.String(), id), tenant)
	if absent(err) {
		err = notFound("case")
	}
	return e, err
}

// Receipts gives the tenant's receipts, newest first.
func (s *Store) Receipts(ctx context.Context, tenant feierabend.TenantID) (out []feierabend.ErasureReceipt, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out, err = collect(ctx, q, func(r row) (feierabend.ErasureReceipt, error) { return scanReceipt(r, tenant) },
			`SELECT `+receiptColumns+` FROM receipt r WHERE r.tenant_id = $1 ORDER BY r.erased_at DESC, r.id`, tenant.String())
		return err
	})
	return out, err
}
