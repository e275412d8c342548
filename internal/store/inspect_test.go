package store_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestInspect: what the doctor tells of an open database.
func TestInspect(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		m := typed(t, st, a, "wamid.1", "Moin")
		must(t, second(st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)))
		must(t, st.SweepDone(ctx, clock.Now()))
		i, err := st.Inspect(ctx)
		must(t, err)
		if i.Tenants != 2 || i.Pending != 1 || i.Version == "" || i.Schema < 5 || i.LastSweep.IsZero() || i.Unfenced {
			t.Errorf("%+v", i)
		}
		if pg := st.SQL() == nil; pg != (i.Engine == "postgres") || pg == i.Time.IsZero() {
			t.Errorf("engine %s, time %s", i.Engine, i.Time)
		}
		if d := store.ClockDrift(feierabend.Inspection{Time: clock.Now()}, clock.Now().Add(-time.Hour)); d != time.Hour {
			t.Errorf("drift %s", d)
		}
	})
}

// TestSchemaVersions: looking does not make a database; migrating says from where to
// where, and refuses what is newer.
func TestSchemaVersions(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "feierabend.db")
	o := storetest.Options(t, "sqlite:"+path, storetest.NewClock())
	have, want, err := store.SchemaVersions(ctx, o)
	if err != nil || have != 0 || want < 5 {
		t.Errorf("before: %d %d %v", have, want, err)
	}
	if left, err := filepath.Glob(path + "*"); err != nil || len(left) > 0 {
		t.Errorf("looking left %v", left)
	}
	for _, before := range []int64{0, want} {
		if from, to, err := store.Migrate(ctx, o); err != nil || from != before || to != want {
			t.Errorf("migrated from %d to %d, %v; want from %d", from, to, err, before)
		}
	}
	st := storetest.Open(t, "sqlite:"+path, storetest.NewClock())
	do(t, st, `INSERT INTO goose_db_version(version_id, is_applied) VALUES(9999, TRUE)`)
	_, _, err = store.Migrate(ctx, o)
	wantCode(t, err, feierabend.Invalid, "schema_newer")
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		if st.SQL() != nil {
			return
		}
		o := storetest.Options(t, st.Pool().Config().ConnString(), clock)
		if have, want, err := store.SchemaVersions(ctx, o); err != nil || have != want {
			t.Errorf("PostgreSQL: %d %d %v", have, want, err)
		}
	})
}
