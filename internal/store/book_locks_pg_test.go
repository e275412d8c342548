package store_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestBookAndEntryDoNotDeadlock: an entry is erased while the book is switched off, or its
// term shortened: both take the entries before the head of the records. A third
// transaction holds the head until both stand in line.
func TestBookAndEntryDoNotDeadlock(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	for name, change := range map[string]func(context.Context, *store.Store, storetest.Firm) error{
		"off": func(ctx context.Context, st *store.Store, f storetest.Firm) error {
			return second(st.EraseBook(ctx, f.Tenant.ID, f.Owner))
		},
		"shorter": func(ctx context.Context, st *store.Store, f storetest.Firm) error {
			return second(st.SetBook(ctx, f.Tenant.ID, 3, f.Owner))
		},
	} {
		for _, first := range []string{"the book", "the entry"} {
			t.Run(fmt.Sprint(name, ", first ", first), func(t *testing.T) {
				t.Parallel()
				st := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
				a, _ := storetest.Seed(t, st)
				withBook(t, st, a, 24)
				e := entry(t, st, a, "Wohlers")
				owner := storetest.Owner(t, st)
				defer owner.Close(context.Background())
				holder := storetest.Owner(t, st)
				defer holder.Close(context.Background())
				_, err := holder.Exec(t.Context(), `BEGIN`)
				must(t, err)
				_, err = holder.Exec(t.Context(), `SELECT 1 FROM audit_head WHERE tenant_id = $1 FOR UPDATE`, a.Tenant.ID.String())
				must(t, err)

				ends := make(chan error, 2)
				acts := []func() error{
					func() error { return change(context.Background(), st, a) },
					func() error {
						err := second(st.EraseAddress(context.Background(), a.Tenant.ID, e.ID, feierabend.EraseDiscarded, a.Owner))
						if first == "the book" && name == "off" && feierabend.KindOf(err) == feierabend.NotFound {
							err = nil // it went with the book
						}
						return err
					},
				}
				if first == "the entry" {
					acts[0], acts[1] = acts[1], acts[0]
				}
				for i, act := range acts {
					go func() { ends <- act() }()
					waiting(t, owner, i+1)
				}
				_, err = holder.Exec(t.Context(), `COMMIT`)
				must(t, err)
				for range 2 {
					if err := <-ends; err != nil {
						t.Errorf("one of the two was ended by the database: %v", err)
					}
				}
			})
		}
	}
}
