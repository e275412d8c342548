package store

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"feierabend"
)

// Erase takes a case away for good: in one transaction its rows and its key go, a
// receipt with pending verification comes, the deletion of files at providers and
// the scrub are enqueued, and what is to be told is stored (DEL-04). It is
// idempotent: for a case already erased the receipt is returned. Nothing of the case needs
// to open: a damaged one goes as any other.
func (s *Store) Erase(ctx context.Context, tenant feierabend.TenantID, id feierabend.CaseID, reason feierabend.EraseReason, by feierabend.Actor, out ...feierabend.Outgoing) (rec feierabend.ErasureReceipt, err error) {
	switch reason {
	case feierabend.EraseConfirmed, feierabend.EraseDiscarded, feierabend.EraseCountedDown, feierabend.EraseExpired:
	default:
		return rec, invalid("erase_reason")
	}
	if tenant.IsZero() || id == "" {
		return rec, invalid("case")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		err := touch(ctx, t, tenant, id)
		if feierabend.KindOf(err) == feierabend.NotFound {
			rec, err = s.receiptOf(ctx, t, tenant, id)
			return err
		}
		if err != nil {
			return err
		}
		c, err := s.rawCase(ctx, t, tenant, id)
		if err != nil {
			return err
		}
		rec, err = s.erase(ctx, t, c, reason, by, out)
		return err
	})
	if err != nil {
		return feierabend.ErasureReceipt{}, err
	}
	return rec, nil
}

// erase is Erase within a transaction, of a case that is locked.
func (s *Store) erase(ctx context.Context, t tx, c caseRow, reason feierabend.EraseReason, by feierabend.Actor, out []feierabend.Outgoing) (rec feierabend.ErasureReceipt, err error) {
	tenant := c.Tenant
	rec = feierabend.ErasureReceipt{
		ID: feierabend.ReceiptID(s.newID()), Tenant: tenant, Case: c.ID, Reason: reason, By: by,
		ErasedAt: timeOf(micros(s.now())), FirstContentAt: c.CreatedAt, Verification: feierabend.VerifyPending,
	}
	if rec.Copies, err = s.residues(ctx, t, c); err != nil {
		return rec, err
	}
	check, err := allForms(ctx, t, c)
	if err != nil {
		return rec, err
	}
	if len(c.wrapped) == 0 {
		check = nil
	}
	if rec.Erased, err = s.eraseRows(ctx, t, c); err != nil {
		return rec, err
	}
	if err := s.addReceipt(ctx, t, &rec, check); err != nil {
		return rec, err
	}
	for _, o := range told(out, rec) {
		// Whom it would tell may be unlinked since: that must not keep the data.
		if _, err := s.sender(ctx, t, tenant, o.Sender); absent(err) {
			continue
		}
		if err := s.addOut(ctx, t, tenant, []feierabend.Outgoing{o}); err != nil {
			return rec, err
		}
	}
	if err := s.record(ctx, t, tenant.String(), by, "case.erased."+string(reason), string(c.ID)); err != nil {
		return rec, err
	}
	return rec, s.planScrub(ctx, t, true)
}

// told fills in what only the erasing knows: the receipt's id where the caller
// left Ref empty, and that the case is gone.
func told(out []feierabend.Outgoing, rec feierabend.ErasureReceipt) []feierabend.Outgoing {
	filled := detach(out, rec.Case)
	for i := range filled {
		if filled[i].Kind == feierabend.OutErased && filled[i].Ref == "" {
			filled[i].Ref = string(rec.ID)
		}
	}
	return filled
}

// eraseRows deletes the case and counts what went. Outbox rows with a file at the
// provider stay, without case and under the account key, until that is deleted too.
func (s *Store) eraseRows(ctx context.Context, t tx, c caseRow) (map[string]int, error) {
	var audio int
	if err := t.queryRow(ctx, `SELECT count(*) FROM message WHERE tenant_id = $1 AND case_id = $2 AND audio_bytes > 0`, c.vault.tenant, c.caseName).Scan(&audio); err != nil {
		return nil, err
	}
	own, err := s.account(c.vault.tenant)
	if err != nil {
		return nil, err
	}
	forget, err := s.rehome(ctx, t, c, own, true)
	if err != nil {
		return nil, err
	}
	var jobs []feierabend.Job
	for _, id := range forget {
		jobs = append(jobs, feierabend.Job{K: feierabend.JobForget, Tenant: c.vault.tenant, Ref: string(id)})
	}
	if err := t.enqueue(ctx, jobs); err != nil {
		return nil, err
	}
	erased, err := dropCase(ctx, t, c)
	if err != nil {
		return nil, err
	}
	delete(erased, "audio_chunks")
	delete(erased, "cases")
	erased["audio"] = audio
	erased["outbox"] += len(forget)
	return erased, nil
}

// residues names what may still exist at the providers of the case's channels.
func (s *Store) residues(ctx context.Context, t tx, c caseRow) ([]feierabend.ResidualCopy, error) {
	if s.copies == nil {
		return nil, nil
	}
	type used struct {
		channel string
		last    int64
	}
	found, err := collect(ctx, t, func(r row) (u used, err error) { return u, r.Scan(&u.channel, &u.last) },
		`SELECT channel, max(received_at) FROM message WHERE tenant_id = $1 AND case_id = $2 GROUP BY channel ORDER BY channel`, c.vault.tenant, c.caseName)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var channels []string
	var last int64
	for _, u := range found {
		channels, last = append(channels, u.channel), max(last, u.last)
	}
	return s.copies(channels, timeOf(last)), nil
}

// Due gives cases that the sweep must erase, the longest overdue first, over all tenants:
// those that come behind after, the zero value for the first ones. Whoever goes on behind
// the last one sees each case once, also where some of them cannot be erased.
func (s *Store) Due(ctx context.Context, now time.Time, after feierabend.DueCase, limit int) (out []feierabend.DueCase, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		out = nil
		return eachFirm(ctx, q, `SELECT tenant_id, id, sender_id, expires_at, erase_at FROM cases WHERE (expires_at <= $1 OR (erase_at > 0 AND erase_at <= $1))
			AND (CASE WHEN erase_at > 0 AND erase_at < expires_at THEN erase_at ELSE expires_at END, id) > ($3, $4)
			ORDER BY CASE WHEN erase_at > 0 AND erase_at < expires_at THEN erase_at ELSE expires_at END, id LIMIT $2`,
			[]any{micros(now), limit, micros(after.At), string(after.Case)}, func(r row) error {
				var d feierabend.DueCase
				var tenant string
				var at, erase int64
				if err := r.Scan(&tenant, &d.Case, &d.Sender, &at, &erase); err != nil {
					return err
				}
				d.Reason = feierabend.EraseExpired
				if erase > 0 && erase < at {
					d.Reason, at = feierabend.EraseCountedDown, erase
				}
				d.At = timeOf(at)
				var err error
				d.Tenant, err = feierabend.ParseTenantID(tenant)
				out = append(out, d)
				return err
			})
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(x, y feierabend.DueCase) int { return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.Case, y.Case)) })
	return out[:min(len(out), limit)], nil
}

// NextDue is when the next case becomes due; zero where there is none.
func (s *Store) NextDue(ctx context.Context) (at time.Time, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		at, err = s.nextDue(ctx, q, time.Time{})
		return err
	})
	return at, err
}

// nextDue is NextDue of those cases that become due after a moment.
func (s *Store) nextDue(ctx context.Context, q querier, after time.Time) (time.Time, error) {
	var first int64
	err := eachFirm(ctx, q, `SELECT COALESCE(min(at), 0) FROM (SELECT min(expires_at) AS at FROM cases WHERE expires_at > $1
			UNION ALL SELECT min(erase_at) FROM cases WHERE erase_at > $1) AS due`, []any{micros(after)}, func(r row) error {
		var own int64
		err := r.Scan(&own)
		if own > 0 && (first == 0 || own < first) {
			first = own
		}
		return err
	})
	return timeOf(first), err
}

// Fingerprints gives, for `feierabend demo` and `erase --verify`, the wrapped key of
// a case and the first 48 bytes of its oldest sealed message: what a search must
// find before the erasure and must not find after it.
func (s *Store) Fingerprints(ctx context.Context, tenant feierabend.TenantID, id feierabend.CaseID) (wrapped, cipherPrefix []byte, err error) {
	if tenant.IsZero() {
		return nil, nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		c, err := s.liveCase(ctx, q, tenant, id)
		if err != nil {
			return err
		}
		wrapped = c.wrapped
		err = q.queryRow(ctx, `SELECT body FROM message WHERE tenant_id = $1 AND case_id = $2 ORDER BY received_at, id LIMIT 1`, tenant.String(), id).Scan(&cipherPrefix)
		cipherPrefix = cipherPrefix[:min(len(cipherPrefix), 48)]
		return err
	})
	return wrapped, cipherPrefix, err
}

// keyMissing is the method of receipts whose key was not there any more when its rows went:
// nobody can search for what nobody knows.
const keyMissing = "key_missing"

// addReceipt inserts a pending receipt with what the search needs: never the key. Without
// anything to search for (nil) there will be no proof, and the receipt says so at once.
func (s *Store) addReceipt(ctx context.Context, t tx, r *feierabend.ErasureReceipt, check []byte) error {
	if check == nil {
		r.Verification, r.VerifiedAt, r.Method = feierabend.VerifyUnverifiable, r.ErasedAt, keyMissing
		if err := s.root.Sign(r); err != nil {
			return err
		}
	}
	erased, err := json.Marshal(r.Erased)
	if err != nil {
		return err
	}
	copies, err := json.Marshal(r.Copies)
	if err != nil {
		return err
	}
	of := string(r.Case)
	switch r.Subject {
	case feierabend.SubjectCase:
	case feierabend.SubjectAddress:
		of = string(r.Entry)
	case feierabend.SubjectBook:
		of = string(r.ID)
	}
	if _, err := t.exec(ctx, `INSERT INTO receipt(tenant_id, id, case_id, reason, by_user, by_role, by_via, erased_at, erased, first_content_at,
		verification, verified_at, method, searched_files, searched_bytes, hits, copies, subject, signature, public_key)
		VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 0, $14, $15, $16, $17)`,
		r.Tenant.String(), r.ID, of, r.Reason, r.By.User, r.By.Role, r.By.Via, micros(r.ErasedAt), string(erased), micros(r.FirstContentAt),
		r.Verification, micros(r.VerifiedAt), r.Method, string(copies), r.Subject, orNull(r.Signature), orNull(r.PublicKey)); err != nil || check == nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO receipt_check(tenant_id, receipt_id, pieces) VALUES($1, $2, $3)`, r.Tenant.String(), r.ID, check)
	return err
}
