package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// faults verifies a firm's chain (the service's own with a zero tenant) and gives
// its findings as "fault n" or "fault n-to".
func faults(t testing.TB, st *store.Store, tenant feierabend.TenantID, since ...feierabend.AuditMark) (feierabend.AuditMark, []string) {
	t.Helper()
	since = append(since, feierabend.AuditMark{})
	check := func() (feierabend.AuditCheck, error) { return st.VerifyAudit(context.Background(), tenant, since[0]) }
	if tenant.IsZero() {
		check = func() (feierabend.AuditCheck, error) { return st.VerifyServiceAudit(context.Background(), since[0]) }
	}
	c, err := check()
	must(t, err)
	var out []string
	for _, f := range c.Findings {
		s := fmt.Sprintf("%s %d", f.Fault, f.N)
		if f.To != f.N {
			s += fmt.Sprintf("-%d", f.To)
		}
		out = append(out, s)
	}
	return c.Head, out
}

func wantFaults(t testing.TB, what string, st *store.Store, tenant feierabend.TenantID, want ...string) {
	t.Helper()
	_, got := faults(t, st, tenant)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: findings\n%s", what, diff)
	}
}

// acts writes n audit records of the firm.
func acts(t testing.TB, st *store.Store, f storetest.Firm, n int) {
	t.Helper()
	for range n {
		must(t, st.SetProfile(context.Background(), f.Tenant.ID, feierabend.Profile{Trade: "shk"}))
	}
}

// TestAuditTampering changes the chain past the store: each is found at its place,
// and the other firm's chain stays whole.
func TestAuditTampering(t *testing.T) {
	const columns = `at, tenant_id, by_user, by_role, by_via, act, ref`
	cases := []struct {
		name, sql string
		want      []string
	}{
		{"nothing", "", nil},
		{"act changed", `UPDATE audit SET act = 'x' WHERE tenant_id = $1 AND n = 3`, []string{"changed 3"}},
		{"who changed", `UPDATE audit SET by_user = 'x' WHERE tenant_id = $1 AND n = 3`, []string{"changed 3"}},
		{"role changed", `UPDATE audit SET by_role = 'x' WHERE tenant_id = $1 AND n = 3`, []string{"changed 3"}},
		{"way changed", `UPDATE audit SET by_via = 'x' WHERE tenant_id = $1 AND n = 3`, []string{"changed 3"}},
		{"ref changed", `UPDATE audit SET ref = 'x' WHERE tenant_id = $1 AND n = 3`, []string{"changed 3"}},
		{"time changed", `UPDATE audit SET at = at + 1 WHERE tenant_id = $1 AND n = 8`, []string{"changed 8"}},
		{"two changed", `UPDATE audit SET act = 'x' WHERE tenant_id = $1 AND n IN (2, 5)`, []string{"changed 2", "changed 5"}},
		{"mac changed", `UPDATE audit SET mac = (SELECT mac FROM audit WHERE tenant_id = $1 AND n = 2) WHERE tenant_id = $1 AND n = 3`, []string{"changed 3", "changed 4"}},
		{"last mac changed", `UPDATE audit SET mac = (SELECT mac FROM audit WHERE tenant_id = $1 AND n = 2) WHERE tenant_id = $1 AND n = 8`, []string{"changed 8", "changed 8"}},
		{"one removed", `DELETE FROM audit WHERE tenant_id = $1 AND n = 4`, []string{"missing 4"}},
		{"three removed", `DELETE FROM audit WHERE tenant_id = $1 AND n IN (4, 5, 6)`, []string{"missing 4-6"}},
		{"first removed", `DELETE FROM audit WHERE tenant_id = $1 AND n = 1`, []string{"missing 1"}},
		{"removed and renumbered", `UPDATE audit SET n = n - 1 WHERE tenant_id = $1 AND n > 7`, []string{"inserted 7", "truncated 8"}},
		{"cut off", `DELETE FROM audit WHERE tenant_id = $1 AND n > 6`, []string{"truncated 7-8"}},
		{"all removed", `DELETE FROM audit WHERE tenant_id = $1`, []string{"truncated 1-8"}},
		{"swapped", `UPDATE audit SET n = 7 - n WHERE tenant_id = $1 AND n IN (3, 4)`, []string{"changed 3", "changed 4", "changed 5"}},
		{"inserted twice", `INSERT INTO audit(` + columns + `, n, mac) SELECT ` + columns + `, n, mac FROM audit WHERE tenant_id = $1 AND n = 3`, []string{"inserted 3"}},
		{"inserted outside", `INSERT INTO audit(` + columns + `) SELECT ` + columns + ` FROM audit WHERE tenant_id = $1 AND n = 3`, []string{"inserted 0"}},
		{"appended", `INSERT INTO audit(` + columns + `, n, mac) SELECT ` + columns + `, 9, mac FROM audit WHERE tenant_id = $1 AND n = 8`, []string{"changed 9", "inserted 9"}},
		{"end forged", `UPDATE audit_head SET n = 6, mac = (SELECT mac FROM audit WHERE tenant_id = $1 AND n = 6) WHERE tenant_id = $1`, []string{"head 6"}},
		{"end removed", `DELETE FROM audit_head WHERE tenant_id = $1`, []string{"head 0"}},
		{"end emptied", `UPDATE audit_head SET n = 0, base_n = 0, mark = '' WHERE tenant_id = $1`, []string{"head 0"}},
		{"checkpoint forged", `UPDATE audit_head SET base_n = 2, base_mac = (SELECT mac FROM audit WHERE tenant_id = $1 AND n = 2) WHERE tenant_id = $1`, []string{"inserted 1", "inserted 2", "head 8"}},
	}
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, b := storetest.Seed(t, st)
		acts(t, st, a, 4) // founding wrote four
		wantFaults(t, "before", st, a.Tenant.ID)
		tables := []string{"audit", "audit_head"}
		for _, table := range tables {
			do(t, st, `CREATE TABLE kept_`+table+` AS SELECT * FROM `+table)
		}
		for _, tc := range cases {
			t.Run(tc.name, func(t *testing.T) {
				if tc.sql != "" {
					do(t, st, tc.sql, a.Tenant.ID.String())
				}
				wantFaults(t, tc.sql, st, a.Tenant.ID, tc.want...)
				wantFaults(t, "the other firm", st, b.Tenant.ID)
				wantFaults(t, "the service", st, feierabend.TenantID{})
				for _, table := range tables {
					do(t, st, `DELETE FROM `+table)
					do(t, st, `INSERT INTO `+table+` SELECT * FROM kept_`+table)
				}
			})
		}
	})
}

// TestAuditGoesOn: after tampering with the end the service works on and does not
// cover it up; a chain that was taken away whole shows in the service's own.
func TestAuditGoesOn(t *testing.T) {
	for _, tc := range []struct {
		name          string
		sql           []string
		firm, service []string
	}{
		{"forged end, rows cut off", []string{`DELETE FROM audit WHERE tenant_id = $1 AND n > 6`, `UPDATE audit_head SET n = 6, mac = (SELECT mac FROM audit WHERE tenant_id = $1 AND n = 6) WHERE tenant_id = $1`}, []string{"broken 7"}, nil},
		{"end removed", []string{`DELETE FROM audit_head WHERE tenant_id = $1`}, []string{"broken 9"}, nil},
		{"chain removed", []string{`DELETE FROM audit WHERE tenant_id = $1`, `DELETE FROM audit_head WHERE tenant_id = $1`}, nil, []string{"begun 5"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
				a, _ := storetest.Seed(t, st)
				acts(t, st, a, 4)
				for _, q := range tc.sql {
					do(t, st, q, a.Tenant.ID.String())
				}
				acts(t, st, a, 2)
				wantFaults(t, "firm", st, a.Tenant.ID, tc.firm...)
				wantFaults(t, "service", st, feierabend.TenantID{}, tc.service...)
			})
		})
	}
}

// TestAuditRewound: the rows and the end of an older copy make a whole chain; the
// mark that somebody kept shows that it is not the later one.
func TestAuditRewound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		acts(t, st, a, 2)
		id := a.Tenant.ID.String()
		do(t, st, `CREATE TABLE old_head AS SELECT * FROM audit_head WHERE tenant_id = '`+id+`'`)
		acts(t, st, a, 2)
		kept, _ := faults(t, st, a.Tenant.ID)
		if kept.N != 8 {
			t.Errorf("mark %d", kept.N)
		}
		do(t, st, `DELETE FROM audit WHERE tenant_id = $1 AND n > 6`, id)
		do(t, st, `DELETE FROM audit_head WHERE tenant_id = $1`, id)
		do(t, st, `INSERT INTO audit_head SELECT * FROM old_head`)
		wantFaults(t, "without a mark", st, a.Tenant.ID)
		clock.Advance(time.Second)
		for _, more := range []int{0, 4} {
			acts(t, st, a, more)
			if _, got := faults(t, st, a.Tenant.ID, kept); !cmp.Equal(got, []string{"rewound 8"}) {
				t.Errorf("with a mark and %d more: %v", more, got)
			}
		}
		now, _ := faults(t, st, a.Tenant.ID)
		acts(t, st, a, 1)
		if _, got := faults(t, st, a.Tenant.ID, now); got != nil {
			t.Errorf("a chain that went on: %v", got)
		}
	})
}

// TestAuditRetention: records go after three years, the chain is verified from its
// checkpoint, and what is kept is still guarded.
func TestAuditRetention(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		must(t, st.SweepDone(ctx, clock.Now()))
		clock.Advance(2 * 365 * 24 * time.Hour)
		acts(t, st, a, 2)
		mark, _ := faults(t, st, a.Tenant.ID)
		clock.Advance(400 * 24 * time.Hour)
		must(t, st.SweepDone(ctx, clock.Now()))
		must(t, st.SweepDone(ctx, clock.Now()))
		got, err := st.Audit(ctx, a.Tenant.ID)
		must(t, err)
		young := 0
		for _, r := range got {
			if r.Act != "sender.suspended.silent" { // a number that was silent for half a year (OTP-05)
				young++
			}
		}
		if young != 2 || len(got) > 3 {
			t.Errorf("%d records of the first firm, want the 2 young ones", len(got))
		}
		if left, err := st.Audit(ctx, b.Tenant.ID); err != nil || len(left) != 1 {
			t.Errorf("%d records of the second firm, want its last one", len(left))
		}
		check := func() {
			t.Helper()
			for _, tenant := range []feierabend.TenantID{a.Tenant.ID, b.Tenant.ID, {}} {
				wantFaults(t, "after the sweep", st, tenant)
			}
		}
		check()
		if _, got := faults(t, st, a.Tenant.ID, mark); got != nil {
			t.Errorf("a mark from before the sweep: %v", got)
		}
		acts(t, st, a, 1)
		acts(t, st, b, 1)
		check()
		do(t, st, `DELETE FROM audit WHERE tenant_id = $1 AND n = 5`, a.Tenant.ID.String())
		wantFaults(t, "the first that is kept removed", st, a.Tenant.ID, "missing 5")
	})
}

// TestAuditFromBefore: records from before the chains are covered by its first record.
func TestAuditFromBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		a, b := storetest.Seed(t, st)
		do(t, st, `UPDATE audit SET n = 0, mac = NULL`) // as migration 00005 finds them
		do(t, st, `DELETE FROM audit_head`)
		must(t, storetest.Reopen(t, st, clock).Close())
		acts(t, st, a, 2)
		for _, tenant := range []feierabend.TenantID{a.Tenant.ID, {}} {
			wantFaults(t, "taken over", st, tenant)
		}
		wantFaults(t, "not yet taken over", st, b.Tenant.ID, "inserted 0")
		do(t, st, `UPDATE audit SET ref = 'x' WHERE n = 0 AND act LIKE 'member.%'`)
		wantFaults(t, "old record changed", st, a.Tenant.ID, "changed 0")
		do(t, st, `DELETE FROM audit WHERE n = 0 AND act = 'user.added'`)
		wantFaults(t, "old records of the service removed", st, feierabend.TenantID{}, "changed 0")
	})
}

// TestAuditManyWriters: one record at a time joins a chain.
func TestAuditManyWriters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, b := storetest.Seed(t, st)
		var all sync.WaitGroup
		for _, f := range []storetest.Firm{a, b, a, b, a, b} {
			all.Go(func() { acts(t, st, f, 10) })
		}
		all.Wait()
		for _, f := range []storetest.Firm{a, b} {
			mark, got := faults(t, st, f.Tenant.ID)
			if got != nil || mark.N != 34 {
				t.Errorf("end %d, findings %v", mark.N, got)
			}
		}
	})
}
