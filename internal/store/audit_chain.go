package store

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"

	"feierabend"
)

// noFirm is bound where the service's own records are read (migration 00005): a
// transaction that names nobody sees none.
const noFirm = "none"

// auditHead is the noted end of a firm's chain. Its row is the lock that lets one
// record at a time join.
type auditHead struct {
	end, base feierabend.AuditMark
	oldest    int64 // when the oldest record that is kept was made, in microseconds
	fresh     bool  // nothing recorded yet
	genuine   bool  // as this program left it
}

const headColumns = `n, mac, base_n, base_mac, oldest, mark`

func (s *Store) scanHead(tenant feierabend.TenantID, r row) (h auditHead, err error) {
	var mark []byte
	if err := r.Scan(&h.end.N, &h.end.MAC, &h.base.N, &h.base.MAC, &h.oldest, &mark); err != nil {
		return h, err
	}
	h.fresh = h.end.N == 0 && h.base.N == 0 && len(mark) == 0
	h.genuine = h.fresh || subtle.ConstantTimeCompare(mark, s.root.AuditHead(tenant, h.end, h.base)) == 1
	return h, nil
}

// lockHead gives the end of the chain, locked until the transaction ends. A chain
// that begins is noted in the service's own, so that it cannot begin again unseen.
func (s *Store) lockHead(ctx context.Context, t tx, tenant feierabend.TenantID) (h auditHead, err error) {
	h, err = s.scanHead(tenant, t.queryRow(ctx, `INSERT INTO audit_head(tenant_id, n, mac, base_n, base_mac, oldest, mark) VALUES($1, 0, $2, 0, $2, 0, $2)
		ON CONFLICT(tenant_id) DO UPDATE SET n = audit_head.n RETURNING `+headColumns, tenant.String(), []byte{}))
	if err != nil || !h.fresh && h.genuine {
		return h, err
	}
	// Something is to be looked up; the service's own chain is in sight only of a
	// transaction that has named no firm, so it goes on without.
	var rows, last int64
	if !tenant.IsZero() {
		if err := t.queryRow(ctx, `SELECT count(*), COALESCE(max(n), 0) FROM audit WHERE tenant_id = $1`, tenant.String()).Scan(&rows, &last); err != nil {
			return h, err
		}
	}
	if !h.fresh || last > 0 { // forged, or taken away: a new part begins, for all to see
		h.end = feierabend.AuditMark{N: max(h.end.N, last)}
		e := feierabend.AuditEvent{At: timeOf(micros(s.now())), Tenant: tenant, Act: feierabend.ActChainBroken}
		err := s.chain(ctx, t, &h, e)
		return h, err
	}
	if tenant.IsZero() {
		return h, nil
	}
	if err := s.record(ctx, t, "", feierabend.Actor{}, feierabend.ActChainBegun, tenant.String()); err != nil || rows == 0 {
		return h, err
	}
	err = s.takeOver(ctx, t, tenant, &h)
	return h, err
}

// takeOver begins a chain with what stood there before there were chains.
func (s *Store) takeOver(ctx context.Context, t tx, tenant feierabend.TenantID, h *auditHead) error {
	old, err := collect(ctx, t, scanAudit(tenant), `SELECT `+auditColumns+` FROM audit WHERE tenant_id = $1 AND n = 0 ORDER BY id`, tenant.String())
	if err != nil || len(old) == 0 {
		return err
	}
	return s.chain(ctx, t, h, feierabend.AuditEvent{At: timeOf(micros(s.now())), Tenant: tenant, Act: feierabend.ActChainBegun, Ref: sumUp(old)})
}

// beginServiceChain takes over the service's own records at the first start with
// chains; later, in the middle of a firm's transaction, they are out of sight.
func (s *Store) beginServiceChain(ctx context.Context, t tx) error {
	var n int
	if err := t.queryRow(ctx, `SELECT count(*) FROM audit_head WHERE tenant_id = $1`, "").Scan(&n); err != nil || n > 0 {
		return err
	}
	if err := t.bind(ctx, noFirm); err != nil {
		return err
	}
	var old int
	if err := t.queryRow(ctx, `SELECT count(*) FROM audit WHERE tenant_id = $1 AND n = 0`, "").Scan(&old); err != nil {
		return err
	}
	if old > 0 {
		h, err := s.lockHead(ctx, t, feierabend.TenantID{})
		if err == nil && h.fresh { // else another process was first
			err = s.takeOver(ctx, t, feierabend.TenantID{}, &h)
		}
		if err != nil {
			return err
		}
	}
	return t.bind(ctx, "")
}

// chain adds a record to the end of a locked chain.
func (s *Store) chain(ctx context.Context, t tx, h *auditHead, e feierabend.AuditEvent) error {
	h.end = feierabend.AuditMark{N: h.end.N + 1, MAC: s.root.AuditRow(h.end.N+1, e, h.end.MAC)}
	if h.oldest == 0 {
		h.oldest = micros(e.At)
	}
	return t.run(ctx, []step{
		{
			text: `INSERT INTO audit(at, tenant_id, by_user, by_role, by_via, act, ref, n, mac) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			args: []any{micros(e.At), e.Tenant.String(), e.By.User, e.By.Role, e.By.Via, e.Act, e.Ref, h.end.N, h.end.MAC},
		},
		s.noteHead(e.Tenant, h),
	})
}

func (s *Store) noteHead(tenant feierabend.TenantID, h *auditHead) step {
	return step{
		text: `UPDATE audit_head SET n = $2, mac = $3, base_n = $4, base_mac = $5, oldest = $6, mark = $7 WHERE tenant_id = $1`,
		args: []any{tenant.String(), h.end.N, nonNil(h.end.MAC), h.base.N, nonNil(h.base.MAC), h.oldest, s.root.AuditHead(tenant, h.end, h.base)},
	}
}

// sumUp is the number of records and their SHA-256: "3:…".
func sumUp(rows []auditRow) string {
	h := sha256.New()
	for _, r := range rows {
		for _, part := range []string{fmt.Sprint(micros(r.At)), string(r.By.User), string(r.By.Role), string(r.By.Via), r.Act, r.Ref} {
			h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
			h.Write([]byte(part))
		}
	}
	return fmt.Sprintf("%d:%s", len(rows), hex.EncodeToString(h.Sum(nil)))
}

// auditTerm is how long records are kept (docs/data-map.md); trimFirms how many
// chains one sweep shortens.
const (
	auditYears = 3
	trimFirms  = 50
)

// trimAudit deletes records that had their time, from the beginning of each chain;
// the last of them stays as the checkpoint that the chain is verified from.
func (s *Store) trimAudit(ctx context.Context, t tx, now time.Time) error {
	before := micros(now.AddDate(-auditYears, 0, 0))
	names, err := collect(ctx, t, func(r row) (id string, err error) { return id, r.Scan(&id) },
		`SELECT tenant_id FROM audit_head WHERE oldest > 0 AND oldest < $1 ORDER BY oldest LIMIT $2`, before, trimFirms)
	for _, name := range names {
		if err := s.trimChain(ctx, t, name, before); err != nil {
			return err
		}
	}
	if err != nil || len(names) == 0 {
		return err
	}
	return t.bind(ctx, "")
}

func (s *Store) trimChain(ctx context.Context, t tx, name string, before int64) error {
	var tenant feierabend.TenantID
	bound := noFirm
	if name != "" {
		var err error
		if tenant, err = feierabend.ParseTenantID(name); err != nil {
			return err
		}
		bound = name
	}
	if err := t.bind(ctx, bound); err != nil {
		return err
	}
	h, err := s.lockHead(ctx, t, tenant)
	if err != nil {
		return err
	}
	// Up to the record before the first one that is young enough, but never the last: the chain keeps its end.
	var keep int64
	if err := t.queryRow(ctx, `SELECT COALESCE(min(n), $3) FROM audit WHERE tenant_id = $1 AND n > 0 AND at >= $2`, name, before, h.end.N).Scan(&keep); err != nil {
		return err
	}
	if keep > h.base.N+1 {
		base := feierabend.AuditMark{N: keep - 1}
		err := t.queryRow(ctx, `SELECT mac FROM audit WHERE tenant_id = $1 AND n = $2`, name, base.N).Scan(&base.MAC)
		if err != nil && !absent(err) {
			return err
		}
		if absent(err) { // somebody took it away: nothing is deleted, so that `audit verify` shows where
			return s.postpone(ctx, t, tenant, h)
		}
		if _, err := t.exec(ctx, `DELETE FROM audit WHERE tenant_id = $1 AND n < $2`, name, keep); err != nil {
			return err
		}
		h.base = base
	}
	if err := t.queryRow(ctx, `SELECT COALESCE(min(at), 0) FROM audit WHERE tenant_id = $1 AND n >= $2`, name, keep).Scan(&h.oldest); err != nil {
		return err
	}
	if h.oldest < before { // what is left is the last record alone
		return s.postpone(ctx, t, tenant, h)
	}
	return t.run(ctx, []step{s.noteHead(tenant, &h)})
}

// postpone has the chain looked at again in three years.
func (s *Store) postpone(ctx context.Context, t tx, tenant feierabend.TenantID, h auditHead) error {
	h.oldest = micros(s.now())
	return t.run(ctx, []step{s.noteHead(tenant, &h)})
}
