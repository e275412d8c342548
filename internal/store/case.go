package store

import (
	"context"
	"time"

	"feierabend"
)

// caseRow is a case with its opened key.
type caseRow struct {
	feierabend.Case
	vault
	keyID   int64
	wrapped []byte
	held    bool
	warned  int // days before the end of the last warning, 0 = none yet
	summary []byte
}

const caseColumns = `c.id, c.key_id, c.sender_id, c.state, c.version, c.created_at, c.changed_at, c.expires_at, c.erase_at, c.held, c.warned, c.attention, c.summary, k.master_id, k.wrapped`

// itsCase is what joins the case of a row to it that names one, or none; its columns are
// caseColumns, empty where there is none.
const (
	itsCaseColumns = `COALESCE(c.id, ''), COALESCE(c.key_id, 0), COALESCE(c.sender_id, ''), COALESCE(c.state, ''), COALESCE(c.version, 0), COALESCE(c.created_at, 0), COALESCE(c.changed_at, 0),
		COALESCE(c.expires_at, 0), COALESCE(c.erase_at, 0), COALESCE(c.held, false), COALESCE(c.warned, 0), COALESCE(c.attention, ''), c.summary, COALESCE(k.master_id, 0), k.wrapped`
	oneCase = `SELECT ` + caseColumns + ` FROM cases c JOIN content_key k ON k.id = c.key_id WHERE c.tenant_id = $1 AND c.id = $2`
	// rawCase finds a case without its key too: what must go is not asked whether it opens.
	rawCase = `SELECT ` + itsCaseColumns + ` FROM cases c LEFT JOIN content_key k ON k.id = c.key_id WHERE c.tenant_id = $1 AND c.id = $2`
)

// sealedCase is a case as it was read, before its key is opened.
type sealedCase struct {
	caseRow
	created, changed, expires, erase int64
	master                           int16
}

// columns are where caseColumns go.
func (x *sealedCase) columns() []any {
	c := &x.caseRow
	return []any{&c.ID, &c.keyID, &c.Sender, &c.State, &c.Version, &x.created, &x.changed, &x.expires, &x.erase, &c.held, &c.warned, &c.Attention, &c.summary, &x.master, &c.wrapped}
}

// unopened is the case as far as it is not sealed: the key of its vault is none.
func (x *sealedCase) unopened(tenant feierabend.TenantID) caseRow {
	c := x.caseRow
	c.Tenant = tenant
	c.CreatedAt, c.ChangedAt, c.ExpiresAt, c.EraseAt = timeOf(x.created), timeOf(x.changed), timeOf(x.expires), timeOf(x.erase)
	c.vault.tenant, c.caseName = tenant.String(), string(c.ID)
	return c
}

// openCase opens the key and the summary. Where one does not open, what is not sealed of
// the case is given with the error.
func (s *Store) openCase(x *sealedCase, tenant feierabend.TenantID) (c caseRow, err error) {
	c = x.unopened(tenant)
	if c.key, err = s.keys.Unwrap(x.master, c.wrapped, keyPlace(c.vault.tenant, c.caseName)); err != nil {
		return c, sealError(err)
	}
	return c, c.openJSON(kindSummary, string(c.ID), 0, c.summary, &c.Summary)
}

// openLive is openCase of a joined case whose time is not over.
func (s *Store) openLive(x *sealedCase, tenant feierabend.TenantID) (c caseRow, err error) {
	if x.ID == "" {
		return c, notFound("case")
	}
	if c, err = s.openCase(x, tenant); err == nil {
		err = s.alive(c.EndsAt(), notFound("case"))
	}
	return c, err
}

// scanCase reads caseColumns and opens the key and the summary.
func (s *Store) scanCase(r row, tenant feierabend.TenantID) (caseRow, error) {
	var x sealedCase
	if err := r.Scan(x.columns()...); err != nil {
		return caseRow{}, err
	}
	return s.openCase(&x, tenant)
}

// rawCase gives a locked case, expired or not, that may not open, or have no key any more:
// then its key is none, and nothing of it opens.
func (s *Store) rawCase(ctx context.Context, q querier, tenant feierabend.TenantID, id feierabend.CaseID) (caseRow, error) {
	var x sealedCase
	err := q.queryRow(ctx, rawCase, tenant.String(), id).Scan(x.columns()...)
	if absent(err) {
		err = notFound("case")
	}
	c := x.unopened(tenant)
	if err == nil && len(c.wrapped) > 0 {
		if key, err := s.keys.Unwrap(x.master, c.wrapped, keyPlace(c.vault.tenant, c.caseName)); err == nil {
			c.key = key
		}
	}
	return c, err
}

// anyCase gives a case, expired or not.
func (s *Store) anyCase(ctx context.Context, q querier, tenant feierabend.TenantID, id feierabend.CaseID) (caseRow, error) {
	c, err := s.scanCase(q.queryRow(ctx, oneCase, tenant.String(), id), tenant)
	if absent(err) {
		err = notFound("case")
	}
	return c, err
}

// liveCase gives a case whose time is not over, neither its own nor that of a
// countdown: reads refuse it at once, however late the sweep is (DEL-06).
func (s *Store) liveCase(ctx context.Context, q querier, tenant feierabend.TenantID, id feierabend.CaseID) (caseRow, error) {
	c, err := s.anyCase(ctx, q, tenant, id)
	if err == nil || c.ID != "" { // found, whether or not it opens
		if over := s.alive(c.EndsAt(), notFound("case")); over != nil {
			return caseRow{}, over
		}
	}
	return c, err
}

// alive refuses what has ended by any clock: as gone where it is, as Unavailable
// "clock_jump" where only a clock that is not believed says so. Nobody reads it
// then, but a job must not take it for erased.
func (s *Store) alive(end time.Time, gone error) error {
	m := s.clock.look()
	switch {
	case !end.After(m.now):
		return gone
	case !end.After(m.strict):
		return clockJump(m)
	}
	return nil
}

// lockCase is liveCase for writers: until the transaction ends, no other one
// changes or erases the case (on PostgreSQL by the row lock of the update).
// What further steps do comes after the lock, and in the same round trip: it counts
// only where the case lives, since the transaction ends otherwise.
func (s *Store) lockCase(ctx context.Context, t tx, tenant feierabend.TenantID, id feierabend.CaseID, further ...step) (c caseRow, err error) {
	var x sealedCase
	if err := t.run(ctx, append([]step{
		{text: touchCase, args: []any{tenant.String(), id}},
		{text: oneCase, args: []any{tenant.String(), id}, scan: func(r row) error { return r.Scan(x.columns()...) }},
	}, further...)); err != nil {
		return c, err
	}
	return s.openLive(&x, tenant)
}

// touchCase takes the row of a case and changes nothing.
const touchCase = `UPDATE cases SET version = version WHERE tenant_id = $1 AND id = $2`

func touch(ctx context.Context, t tx, tenant feierabend.TenantID, id feierabend.CaseID) error {
	n, err := t.exec(ctx, touchCase, tenant.String(), id)
	if err == nil && n == 0 {
		err = notFound("case")
	}
	return err
}

// Case gives one case. Where it does not open, the error is Unavailable "sealed", and what
// is not sealed of it is given all the same: it can still be erased.
func (s *Store) Case(ctx context.Context, tenant feierabend.TenantID, id feierabend.CaseID) (out feierabend.Case, err error) {
	if tenant.IsZero() {
		return out, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		c, err := s.liveCase(ctx, q, tenant, id)
		out = c.Case
		return err
	})
	return out, err
}

// Cases gives the tenant's cases, newest change first.
func (s *Store) Cases(ctx context.Context, tenant feierabend.TenantID) ([]feierabend.Case, error) {
	return s.cases(ctx, tenant, `SELECT `+caseColumns+` FROM cases c JOIN content_key k ON k.id = c.key_id
		WHERE c.tenant_id = $1 AND c.expires_at > $2 AND (c.erase_at = 0 OR c.erase_at > $2) ORDER BY c.changed_at DESC, c.id`, tenant.String(), micros(s.clock.look().strict))
}

// OpenCases gives the cases that a sender began and that are not erased, newest
// change first.
func (s *Store) OpenCases(ctx context.Context, tenant feierabend.TenantID, sender feierabend.SenderID) ([]feierabend.Case, error) {
	return s.cases(ctx, tenant, `SELECT `+caseColumns+` FROM cases c JOIN content_key k ON k.id = c.key_id
		WHERE c.tenant_id = $1 AND c.sender_id = $3 AND c.expires_at > $2 AND (c.erase_at = 0 OR c.erase_at > $2) ORDER BY c.changed_at DESC, c.id`,
		tenant.String(), micros(s.clock.look().strict), sender)
}

func (s *Store) cases(ctx context.Context, tenant feierabend.TenantID, text string, args ...any) (out []feierabend.Case, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out, err = collect(ctx, q, func(r row) (feierabend.Case, error) {
			c, err := s.scanCase(r, tenant)
			return c.Case, err
		}, text, args...)
		return err
	})
	return out, err
}

// setSummary seals a summary into the case.
func (c *caseRow) setSummary(sum feierabend.CaseSummary) (err error) {
	c.summary, err = c.sealJSON(kindSummary, string(c.ID), 0, sum)
	return err
}

// dropCase deletes the rows of a case, its key included, and counts what went. The
// messages' outbox rows are dealt with by the caller.
func dropCase(ctx context.Context, t tx, c caseRow) (map[string]int, error) {
	tenant, id := c.vault.tenant, c.caseName
	erased := map[string]int{}
	for _, d := range []struct{ name, text string }{
		{"audio_chunks", `DELETE FROM audio_chunk WHERE tenant_id = $1 AND message_id IN (SELECT id FROM message WHERE tenant_id = $1 AND case_id = $2)`},
		{"transcripts", `DELETE FROM transcript WHERE tenant_id = $1 AND message_id IN (SELECT id FROM message WHERE tenant_id = $1 AND case_id = $2)`},
		{"messages", `DELETE FROM message WHERE tenant_id = $1 AND case_id = $2`},
		{"drafts", `DELETE FROM draft WHERE tenant_id = $1 AND case_id = $2`},
		{"files", `DELETE FROM document_file WHERE tenant_id = $1 AND document_id IN (SELECT id FROM document WHERE tenant_id = $1 AND case_id = $2)`},
		{"documents", `DELETE FROM document WHERE tenant_id = $1 AND case_id = $2`},
		{"customers", `DELETE FROM customer_link WHERE tenant_id = $1 AND case_id = $2`},
		{"outbox", `DELETE FROM outbox WHERE tenant_id = $1 AND case_id = $2`},
		{"cases", `DELETE FROM cases WHERE tenant_id = $1 AND id = $2`},
	} {
		n, err := t.exec(ctx, d.text, tenant, id)
		if err != nil {
			return nil, err
		}
		erased[d.name] = int(n)
	}
	if erased["customers"] == 0 {
		delete(erased, "customers")
	}
	n, err := t.exec(ctx, `DELETE FROM content_key WHERE id = $1`, c.keyID)
	erased["keys"] = int(n)
	return erased, err
}
