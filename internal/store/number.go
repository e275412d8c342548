package store

import (
	"context"
	"strconv"
	"strings"

	"feierabend"
)

// PeekNumber gives the number that the next document of the series would get. It
// reserves nothing: another document may take it.
func (s *Store) PeekNumber(ctx context.Context, tenant feierabend.TenantID, series feierabend.Series) (number string, err error) {
	if tenant.IsZero() || series == "" {
		return "", invalid("series")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		if err := known(ctx, q, tenant); err != nil {
			return err
		}
		_, last, err := lastNumber(ctx, q, tenant, series)
		number = series.Number(last + 1)
		return err
	})
	return number, err
}

// ReserveNumber gives the case its number and document id, once and for ever: a
// second call gives the same ones. Numbers are consecutive and unique per tenant
// and series (§ 14 Abs. 4 Nr. 4 UStG) and continue from Profile.Seller.LastNumber
// where that is of the same series. The ledger keeps the number without content;
// one that never became a document stays there as a visible gap. After a restore the
// series jumps where numbers may be missing (NumberGaps).
func (s *Store) ReserveNumber(ctx context.Context, tenant feierabend.TenantID, id feierabend.CaseID, series feierabend.Series) (number string, doc feierabend.DocumentID, err error) {
	if tenant.IsZero() || series == "" {
		return "", "", invalid("series")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		if _, err := s.lockCase(ctx, t, tenant, id); err != nil {
			return err
		}
		err := t.queryRow(ctx, `SELECT number, document_id FROM number_ledger WHERE tenant_id = $1 AND case_id = $2`, tenant.String(), id).Scan(&number, &doc)
		if !absent(err) {
			return err
		}
		// The row of the series is locked first, so that on PostgreSQL too one document at a time takes the next number.
		if _, err := t.exec(ctx, `INSERT INTO number_series(tenant_id, series, last) VALUES($1, $2, 0) ON CONFLICT(tenant_id, series) DO UPDATE SET last = number_series.last`,
			tenant.String(), series); err != nil {
			return err
		}
		own, last, err := lastNumber(ctx, t, tenant, series)
		if err == nil && last > own {
			err = s.leaveOut(ctx, t, tenant, series, own, last, feierabend.Actor{})
		}
		if err != nil {
			return err
		}
		number, doc = series.Number(last+1), feierabend.DocumentID(s.newID())
		if _, err := t.exec(ctx, `UPDATE number_series SET last = $3 WHERE tenant_id = $1 AND series = $2`, tenant.String(), series, last+1); err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO number_ledger(tenant_id, series, n, number, case_id, document_id, reserved_at, issued_at) VALUES($1, $2, $3, $4, $5, $6, $7, 0)`,
			tenant.String(), series, last+1, number, id, doc, micros(s.now()))
		return err
	})
	if err != nil {
		return "", "", err
	}
	return number, doc, nil
}

// lastNumber gives the highest number used, by us or by the firm before us, and the
// one that the series goes on behind: a higher one where numbers may have been given
// out that a restored database does not know.
func lastNumber(ctx context.Context, q querier, tenant feierabend.TenantID, series feierabend.Series) (own, last int, err error) {
	var ours int
	err = q.queryRow(ctx, `SELECT last FROM number_series WHERE tenant_id = $1 AND series = $2`, tenant.String(), series).Scan(&ours)
	if err != nil && !absent(err) {
		return 0, 0, err
	}
	before, err := ownLast(ctx, q, tenant, series)
	if err != nil || ours > 0 {
		return max(ours, before), max(ours, before), err
	}
	gap, err := lostGap(ctx, q, tenant, series)
	if err != nil || gap == 0 {
		return before, before, err
	}
	return before, feierabend.JumpFrom(before, gap), nil
}

// ownLast gives the last number that the firm had used before it came to us.
func ownLast(ctx context.Context, q querier, tenant feierabend.TenantID, series feierabend.Series) (int, error) {
	p, err := profile(ctx, q, tenant)
	if err != nil {
		return 0, err
	}
	last := 0
	for _, said := range append([]string{p.Seller.LastNumber}, p.Seller.LastNumbers...) {
		tail, same := strings.CutPrefix(strings.TrimSpace(said), string(series)+"-")
		if n, err := strconv.Atoi(tail); same && err == nil {
			last = max(last, n)
		}
	}
	return last, nil
}
