package store

import (
	"bytes"
	"context"
	"crypto/subtle"
	"strings"

	"feierabend"
)

// VerifyAudit goes over the firm's chain of audit records and says what is wrong
// where. since is a mark printed earlier, zero for none: with it the chain is also
// shown to be a continuation, which the database alone cannot show (whoever puts
// back rows and end of an older copy leaves a whole, shorter chain).
func (s *Store) VerifyAudit(ctx context.Context, tenant feierabend.TenantID, since feierabend.AuditMark) (feierabend.AuditCheck, error) {
	if tenant.IsZero() {
		return feierabend.AuditCheck{}, invalid("tenant")
	}
	return s.verifyChain(ctx, tenant, since)
}

// VerifyServiceAudit is VerifyAudit for the records of no firm.
func (s *Store) VerifyServiceAudit(ctx context.Context, since feierabend.AuditMark) (feierabend.AuditCheck, error) {
	return s.verifyChain(ctx, feierabend.TenantID{}, since)
}

func (s *Store) verifyChain(ctx context.Context, tenant feierabend.TenantID, since feierabend.AuditMark) (c feierabend.AuditCheck, err error) {
	err = s.db.explain(s.db.snapshot(ctx, tenant.String(), func(q querier) error {
		if tenant.IsZero() {
			if err := q.bind(ctx, noFirm); err != nil {
				return err
			}
		}
		h, err := s.scanHead(tenant, q.queryRow(ctx, `SELECT `+headColumns+` FROM audit_head WHERE tenant_id = $1`, tenant.String()))
		if err != nil && !absent(err) {
			return err
		}
		v := &chainWalk{s: s, tenant: tenant, head: h, since: since, begun: map[string]bool{}}
		v.last = h.base
		if absent(err) {
			v.head = auditHead{fresh: true}
		}
		rs, err := q.query(ctx, `SELECT `+auditColumns+` FROM audit WHERE tenant_id = $1 ORDER BY n, id`, tenant.String())
		if err != nil {
			return err
		}
		scan := scanAudit(tenant)
		if err := drainRows(rs, func(r row) error {
			a, err := scan(r)
			v.row(a)
			return err
		}); err != nil {
			return err
		}
		c = v.end()
		return nil
	}))
	return c, err
}

// chainWalk goes over a chain from its checkpoint to its end.
type chainWalk struct {
	s      *Store
	tenant feierabend.TenantID
	head   auditHead
	since  feierabend.AuditMark
	last   feierabend.AuditMark // of the record before
	torn   bool                 // the record before is not there
	any    bool
	old    []auditRow // from before the chain
	begun  map[string]bool
	sinceN bool
	check  feierabend.AuditCheck
}

func (v *chainWalk) find(f feierabend.AuditFault, n, to int64) {
	v.check.Findings = append(v.check.Findings, feierabend.AuditFinding{Fault: f, N: n, To: to})
}

// row takes the next record, in the order of their numbers.
func (v *chainWalk) row(a auditRow) {
	switch {
	case a.n == 0:
		v.old = append(v.old, a)
		return
	case a.n <= v.last.N: // twice, or before the checkpoint
		v.find(feierabend.AuditInserted, a.n, a.n)
		return
	case a.n > v.last.N+1:
		if a.Act != feierabend.ActChainBroken {
			v.find(feierabend.AuditMissing, v.last.N+1, a.n-1)
			v.torn = true
		}
	}
	if v.check.First == 0 {
		v.check.First = a.n
	}
	prev := v.last.MAC
	if a.Act == feierabend.ActChainBroken {
		v.find(feierabend.AuditBroken, a.n, a.n)
		prev, v.torn = nil, false
	}
	// Behind a gap the link to what is gone cannot be checked, the record's own successor still can.
	if !v.torn && subtle.ConstantTimeCompare(a.mac, v.s.root.AuditRow(a.n, a.AuditEvent, prev)) != 1 {
		v.find(feierabend.AuditChanged, a.n, a.n)
	}
	v.torn = false
	switch begun := a.Act == feierabend.ActChainBegun; {
	case begun && a.n == 1 && strings.Contains(a.Ref, ":"):
		if a.Ref != sumUp(v.old) {
			v.find(feierabend.AuditChanged, 0, 0)
		}
		v.old = nil
	case begun && v.tenant.IsZero():
		if v.begun[a.Ref] {
			v.check.Findings = append(v.check.Findings, feierabend.AuditFinding{Fault: feierabend.AuditBegun, N: a.n, To: a.n, Ref: a.Ref})
		}
		v.begun[a.Ref] = true
	}
	if a.n == v.since.N {
		v.sinceN = bytes.Equal(a.mac, v.since.MAC)
	}
	v.last, v.any = feierabend.AuditMark{N: a.n, MAC: a.mac}, true
}

// end compares the chain with its noted end.
func (v *chainWalk) end() feierabend.AuditCheck {
	if len(v.old) > 0 {
		v.find(feierabend.AuditInserted, 0, 0)
	}
	switch {
	case v.head.fresh && !v.any: // a chain that has not begun
	case v.head.fresh || !v.head.genuine:
		v.find(feierabend.AuditHead, v.head.end.N, v.head.end.N)
	case v.last.N < v.head.end.N:
		v.find(feierabend.AuditTruncated, v.last.N+1, v.head.end.N)
	case v.last.N > v.head.end.N:
		v.find(feierabend.AuditInserted, v.head.end.N+1, v.last.N)
	case !bytes.Equal(v.last.MAC, v.head.end.MAC):
		v.find(feierabend.AuditChanged, v.last.N, v.last.N)
	}
	if v.since.N > v.head.base.N && !v.sinceN {
		v.find(feierabend.AuditRewound, v.since.N, v.since.N)
	}
	v.check.Head = v.last
	return v.check
}
