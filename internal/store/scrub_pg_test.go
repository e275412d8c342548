//go:build !noscrub

package store_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestPostgresUnverifiable: a role that may not do what the proof needs gets
// receipts that say so, signed; never a false "verified". VACUUM FULL by a role that
// does not own the table is a silent no-op with a warning.
func TestPostgresUnverifiable(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	for _, tc := range []struct {
		name, grant, method string
	}{
		{"not let in", `SELECT 1`, "postgres_delete_only:snapshots_hidden"},
		{"not the owner", `GRANT USAGE ON SCHEMA content TO ROLE_NAME`, "postgres_delete_only:snapshots_hidden"},
		{"owner without more", `GRANT USAGE ON SCHEMA content TO ROLE_NAME; ALTER TABLE content_key OWNER TO ROLE_NAME`, "postgres_vacuum_full:snapshots_hidden"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ctx := context.Background()
			dsn := storetest.Postgres(t)
			conn, err := pgx.Connect(ctx, storetest.As(t, dsn, ""))
			must(t, err)
			role := "r_" + feierabend.NewID()
			_, err = conn.Exec(ctx, `CREATE ROLE `+role+` LOGIN; `+strings.ReplaceAll(tc.grant, "ROLE_NAME", role))
			must(t, err)
			t.Cleanup(func() {
				_, err := conn.Exec(ctx, `REASSIGN OWNED BY `+role+` TO CURRENT_USER; DROP OWNED BY `+role+`; DROP ROLE `+role)
				must(t, err)
				conn.Close(ctx)
			})
			o := storetest.Options(t, dsn, storetest.NewClock())
			o.ScrubDSN = storetest.As(t, dsn, role)
			st, err := store.Open(ctx, o)
			must(t, err)
			defer st.Close()
			a, _ := storetest.Seed(t, st)
			m := typed(t, st, a, "wamid.1", "Moin")
			rec, err := st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)
			must(t, err)
			n, err := st.ScrubAndVerify(ctx)
			must(t, err)
			rec, err = st.Receipt(ctx, a.Tenant.ID, rec.ID)
			must(t, err)
			if n != 0 || rec.Verification != feierabend.VerifyUnverifiable || rec.Method != tc.method || rec.SearchedFiles != 0 {
				t.Errorf("%d verified, receipt %+v", n, rec)
			}
			must(t, seal.VerifyReceipt(rec))
			_, err = st.Search(ctx, [][]byte{[]byte("x")})
			wantCode(t, err, feierabend.Unavailable, "not_searchable")
		})
	}
}
