package store_test

import (
	"context"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// unfenced reads from docs/data-map.md the tables with a firm's id that have no
// row-level security.
func unfenced(t *testing.T) (out []string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/data-map.md")
	must(t, err)
	_, part, ok := strings.Cut(string(page), "## Row-level security")
	if !ok {
		t.Fatal("docs/data-map.md says nothing about row-level security")
	}
	for _, m := range regexp.MustCompile("(?m)^- `([a-z_]+)`: \\S").FindAllStringSubmatch(part, -1) {
		out = append(out, m[1])
	}
	return out
}

// fenced gives the tables with tenant_id that the data map does not except.
func fenced(t *testing.T, st *store.Store) (out []string) {
	except := unfenced(t)
	for table, cols := range columns(t, st) {
		if slices.Contains(cols, "tenant_id") && !slices.Contains(except, table) {
			out = append(out, table)
		}
	}
	slices.Sort(out)
	return out
}

func denied(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.Code == "42501"
}

// TestFencedTables: every table of a firm's rows is under forced row-level security,
// but for those that the data map excepts; the service's role cannot get around it.
func TestFencedTables(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	st := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
	var under []string
	for _, r := range ask(t, st, `SELECT c.relname::text FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
		WHERE c.relrowsecurity AND c.relforcerowsecurity ORDER BY c.relname::text COLLATE "C"`) {
		under = append(under, r[0])
	}
	if diff := cmp.Diff(fenced(t, st), under); diff != "" {
		t.Errorf("tables of firms against tables under row-level security:\n%s", diff)
	}
	real := columns(t, st)
	for _, table := range unfenced(t) {
		if real[table] == nil && table != "river_job" {
			t.Errorf("the data map excepts %s, which is not there", table)
		}
	}
	if got := ask(t, st, `SELECT rolsuper OR rolbypassrls OR EXISTS(SELECT 1 FROM pg_class WHERE relowner = r.oid) FROM pg_roles r WHERE rolname = $1`, storetest.AppRole); got[0][0] != "false" {
		t.Error("the service's role is a superuser, passes row-level security or owns tables")
	}
	for _, q := range []string{`ALTER TABLE cases DISABLE ROW LEVEL SECURITY`, `DROP POLICY firm ON cases`, `ALTER TABLE cases NO FORCE ROW LEVEL SECURITY`, `TRUNCATE cases`, `DELETE FROM goose_db_version`} {
		if _, err := st.Pool().Exec(context.Background(), q); !denied(err) {
			t.Errorf("%s by the service's role: %v", q, err)
		}
	}
}

// world fills every fenced table for both firms.
func world(t *testing.T, st *store.Store) (a, b storetest.Firm) {
	t.Helper()
	ctx := context.Background()
	a, b = storetest.Seed(t, st)
	for _, f := range []storetest.Firm{a, b} {
		id := string(f.Sender.ID)
		must(t, st.SetLogo(ctx, f.Tenant.ID, f.Owner, feierabend.Logo{Width: 2, Height: 1, Pixels: []byte("p"), PNG: []byte("PNG " + id)}))
		m := note(t, st, f, "wamid.1"+id)
		must(t, st.AddAudio(ctx, f.Tenant.ID, m.ID, feierabend.AudioInfo{Type: "audio/ogg"}, []byte("OggS")))
		must(t, st.AddTranscript(ctx, f.Tenant.ID, m.ID, feierabend.Transcript{Text: "Moin"}))
		drafted(t, st, f, m)
		issued(t, st, f, m.Case)
		must(t, st.AddOut(ctx, f.Tenant.ID, feierabend.Outgoing{Sender: f.Sender.ID, Case: m.Case, Kind: feierabend.OutDraft, Ref: "1"}))
		must(t, second(st.Lease(ctx, f.Tenant.ID, f.Sender.ID, "h", time.Hour)))
		do(t, st, `INSERT INTO number_gap(tenant_id, series, first, last, reason, at, by_user, by_role, by_via) VALUES($1, 'RE-2026', 43, 60, 'restore', 0, '', '', '')`, f.Tenant.ID.String())
		must(t, second(st.SetBook(ctx, f.Tenant.ID, 24, f.Owner)))
		entry(t, st, f, "Wohlers")
		eveningOf(t, st, f)
		gone := typed(t, st, f, "wamid.2"+id, "Moin")
		must(t, second(st.Erase(ctx, f.Tenant.ID, gone.Case, feierabend.EraseDiscarded, f.Owner)))
	}
	return a, b
}

// TestFence fails closed: the service's role sees nothing before it has named a
// firm, then that firm's rows only whatever the statement asks for, writes for no
// other, and a pooled connection carries nothing over.
func TestFence(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := context.Background()
	st := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
	a, b := world(t, st)
	tables := fenced(t, st)
	own := map[string]string{}
	for _, table := range tables {
		own[table] = ask(t, st, `SELECT count(*) FROM `+table+` WHERE tenant_id = $1`, a.Tenant.ID.String())[0][0]
		if own[table] == "0" || ask(t, st, `SELECT count(*) FROM `+table+` WHERE tenant_id = $1`, b.Tenant.ID.String())[0][0] == "0" {
			t.Errorf("the test has no rows of both firms in %s", table)
		}
	}
	conn, err := pgx.ConnectConfig(ctx, st.Pool().Config().ConnConfig) // one connection, as a pool would hand it on
	must(t, err)
	defer conn.Close(ctx)
	seen := func(q interface {
		QueryRow(context.Context, string, ...any) pgx.Row
	},
	) map[string]string {
		out := map[string]string{}
		for _, table := range tables {
			var n string
			must(t, q.QueryRow(ctx, `SELECT count(*)::text FROM `+table).Scan(&n))
			out[table] = n
		}
		return out
	}
	nothing := map[string]string{}
	for _, table := range tables {
		nothing[table] = "0"
	}
	if diff := cmp.Diff(nothing, seen(conn)); diff != "" {
		t.Errorf("without a firm:\n%s", diff)
	}
	for _, end := range []string{"commit", "rollback"} {
		tx, err := conn.Begin(ctx)
		must(t, err)
		_, err = tx.Exec(ctx, `SELECT set_config('app.tenant_id', $1, true)`, a.Tenant.ID.String())
		must(t, err)
		if diff := cmp.Diff(own, seen(tx)); diff != "" {
			t.Errorf("as the first firm:\n%s", diff)
		}
		if end == "commit" {
			must(t, tx.Commit(ctx))
		} else {
			must(t, tx.Rollback(ctx))
		}
		if diff := cmp.Diff(nothing, seen(conn)); diff != "" {
			t.Errorf("on the same connection after %s:\n%s", end, diff)
		}
	}
	for _, q := range []string{
		`INSERT INTO cases(tenant_id, id, key_id, sender_id, state, version, created_at, changed_at, expires_at, erase_at, held, attention) VALUES($2, 'x', 1, '', 'open', 0, 0, 0, 0, 0, false, $1)`,
		`INSERT INTO audit(at, tenant_id, by_user, by_role, by_via, act, ref) VALUES(0, $2, '', '', '', '', $1)`,
		`INSERT INTO number_series(tenant_id, series, last) VALUES($2, $1, 1)`,
		`UPDATE cases SET tenant_id = $2 WHERE tenant_id = $1`,
		`UPDATE receipt SET tenant_id = $2 WHERE tenant_id = $1`,
	} {
		err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `SELECT set_config('app.tenant_id', $1, true)`, a.Tenant.ID.String()); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, q, a.Tenant.ID.String(), b.Tenant.ID.String())
			return err
		})
		if !denied(err) {
			t.Errorf("%s for another firm: %v, want 42501", q, err)
		}
	}
	_, err = conn.Exec(ctx, `INSERT INTO number_series(tenant_id, series, last) VALUES($1, 'x', 1)`, a.Tenant.ID.String())
	if !denied(err) {
		t.Errorf("write without a firm: %v, want 42501", err)
	}
}

// TestAllFirms: what goes over all firms (the sweep, the scrub, reports on what was
// sent) sees the rows of each on both engines, in one order, within its limit.
func TestAllFirms(t *testing.T) {
	storetest.Each(t, allFirms)
}

// TestAllFirmsSeenAtOnce: a role that sees past row-level security, as a platform's
// superuser does, gets each row once, not once for every firm.
func TestAllFirmsSeenAtOnce(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	clock := storetest.NewClock()
	allFirms(t, storetest.Open(t, storetest.As(t, storetest.Postgres(t), ""), clock), clock)
}

func allFirms(t *testing.T, st *store.Store, clock *storetest.Clock) {
	ctx := context.Background()
	a, b := world(t, st)
	var reports []feierabend.DeliveryStatus
	states := map[string]bool{}
	for _, r := range ask(t, st, `SELECT tenant_id, id FROM outbox`) {
		tenant, err := feierabend.ParseTenantID(r[0])
		must(t, err)
		o := feierabend.Outbox{Tenant: tenant, ID: feierabend.OutboxID(r[1])}
		reports = append(reports, feierabend.DeliveryStatus{Callback: o.Callback(), State: feierabend.SendDelivered, ExternalID: "wamid.out"})
	}
	must(t, st.ReceiveStatuses(ctx, reports))
	for _, r := range ask(t, st, `SELECT tenant_id, state FROM outbox`) {
		states[r[0]+" "+r[1]] = true
	}
	want := map[string]bool{a.Tenant.ID.String() + " delivered": true, b.Tenant.ID.String() + " delivered": true}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Error(diff)
	}
	clock.Advance(time.Minute)
	late := typed(t, st, a, "wamid.late", "Moin")
	first, err := st.NextDue(ctx)
	must(t, err)
	clock.Advance(40 * 24 * time.Hour)
	due, err := st.Due(ctx, clock.Now(), feierabend.DueCase{}, 10)
	must(t, err)
	if len(due) != 3 || due[2].Case != late.Case || due[0].Tenant == due[1].Tenant || !first.Before(clock.Now()) || first.IsZero() {
		t.Errorf("due %v, first %s", due, first)
	}
	if due, err = st.Due(ctx, clock.Now(), feierabend.DueCase{}, 2); err != nil || len(due) != 2 || due[0].Tenant == due[1].Tenant {
		t.Errorf("with a limit: %v %v", due, err)
	}
	must(t, st.SweepDone(ctx, clock.Now()))
	if count(t, st, "lease") != "0" {
		t.Error("leases stay")
	}
	must(t, second(st.ScrubAndVerify(ctx)))
	if got := count(t, st, "receipt_check"); got != "0" && !noScrub {
		t.Errorf("%s proofs outstanding", got)
	}
	for _, f := range []storetest.Firm{a, b} {
		all, err := st.Receipts(ctx, f.Tenant.ID)
		must(t, err)
		if len(all) != 1 || all[0].Verification != feierabend.VerifyVerified && !noScrub {
			t.Errorf("receipts %+v", all)
		}
	}
}

// TestTwoFirmsOneBatch: a batch with one firm that has no agreement keeps the firms apart.
func TestTwoFirmsOneBatch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		do(t, st, `DELETE FROM agreement WHERE tenant_id = $1`, b.Tenant.ID.String())
		var in []feierabend.Inbound
		for _, id := range []string{"1", "2", "3"} {
			in = append(in, a.Inbound("a"+id, "Moin"), b.Inbound("b"+id, "Moin"))
		}
		out, err := st.Receive(ctx, in)
		must(t, err)
		got := map[feierabend.OutcomeCode]int{}
		for _, o := range out {
			got[o.Code]++
		}
		if diff := cmp.Diff(map[feierabend.OutcomeCode]int{feierabend.Accepted: 3, feierabend.NoAgreement: 3}, got); diff != "" {
			t.Error(diff)
		}
		rows := map[string]string{}
		for _, r := range ask(t, st, `SELECT tenant_id, count(*), count(DISTINCT case_id) FROM message GROUP BY tenant_id`) {
			rows[r[0]] = r[1] + " " + r[2]
		}
		if diff := cmp.Diff(map[string]string{a.Tenant.ID.String(): "3 3", b.Tenant.ID.String(): "3 1"}, rows); diff != "" {
			t.Error(diff)
		}
		names := slices.Sorted(slices.Values(jobs(t, st)))
		if diff := cmp.Diff([]string{"draft", "draft", "draft", "send"}, names); diff != "" {
			t.Error(diff)
		}
	})
}
