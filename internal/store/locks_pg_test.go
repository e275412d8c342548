package store_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// waiting waits until n transactions of the test's database wait for a row.
func waiting(t *testing.T, owner *pgx.Conn, n int) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var have int
		must(t, owner.QueryRow(context.Background(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&have))
		if have == n {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d transactions wait for a row, want %d", have, n)
		}
	}
}

// rowAfter adds answers about a case until one has an id before (or behind) another.
func rowAfter(t *testing.T, st *store.Store, f storetest.Firm, c feierabend.CaseID, other string, before bool) string {
	t.Helper()
	for range 3000 { // the other id may stand near an end
		ref := feierabend.NewID()
		must(t, st.AddOut(t.Context(), f.Tenant.ID, feierabend.Outgoing{Sender: f.Sender.ID, Case: c, Kind: feierabend.OutHeld, Ref: ref}))
		id := ask(t, st, `SELECT id FROM outbox WHERE ref = $1`, ref)[0][0]
		if (strings.Compare(id, other) < 0) == before {
			return id
		}
		do(t, st, `DELETE FROM outbox WHERE id = $1`, id)
	}
	t.Fatal("no such id")
	return ""
}

// TestStatusesAndErasureDoNotDeadlock: a batch of reports and the erasure of a case
// whose rows are in it, each holding what the other wants next if they took rows in
// orders of their own. A third transaction holds them both up until they stand in line.
func TestStatusesAndErasureDoNotDeadlock(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	type made struct {
		erased  feierabend.CaseID
		rows    []string // reported as delivered
		holdSQL string   // the row that both wait for
		hold    string
	}
	for name, build := range map[string]func(*testing.T, *store.Store, storetest.Firm) made{
		"an answer before the document of the same case": func(t *testing.T, st *store.Store, a storetest.Firm) made {
			m, doc := withDocument(t, st, a, "wamid.1")
			first := rowAfter(t, st, a, m.Case, doc, true)
			return made{m.Case, []string{first, doc}, `UPDATE cases SET version = version WHERE id = $1`, string(m.Case)}
		},
		"two answers, the later one stored first": func(t *testing.T, st *store.Store, a storetest.Firm) made {
			m := typed(t, st, a, "wamid.1", "Moin")
			second := rowAfter(t, st, a, m.Case, "", false)
			first := rowAfter(t, st, a, m.Case, second, true)
			return made{m.Case, []string{first, second}, `UPDATE outbox SET tries = tries WHERE id = $1`, second}
		},
		"a document of one case before an answer of another": func(t *testing.T, st *store.Store, a storetest.Firm) made {
			_, doc := withDocument(t, st, a, "wamid.1")
			other := typed(t, st, a, "wamid.2", "Moin")
			row := rowAfter(t, st, a, other.Case, doc, false)
			return made{other.Case, []string{doc, row}, `UPDATE outbox SET tries = tries WHERE id = $1`, row}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
			a, _ := storetest.Seed(t, st)
			w := build(t, st, a)
			owner := storetest.Owner(t, st)
			defer owner.Close(context.Background())
			holder := storetest.Owner(t, st)
			defer holder.Close(context.Background())
			_, err := holder.Exec(t.Context(), `BEGIN`)
			must(t, err)
			_, err = holder.Exec(t.Context(), w.holdSQL, w.hold)
			must(t, err)

			ends := make(chan error, 2)
			go func() {
				_, err := st.Erase(context.Background(), a.Tenant.ID, w.erased, feierabend.EraseDiscarded, a.Owner)
				ends <- err
			}()
			waiting(t, owner, 1)
			go func() {
				var in []feierabend.DeliveryStatus
				for _, id := range w.rows {
					in = append(in, feierabend.DeliveryStatus{Callback: feierabend.Outbox{ID: feierabend.OutboxID(id), Tenant: a.Tenant.ID}.Callback(), State: feierabend.SendDelivered})
				}
				ends <- st.ReceiveStatuses(context.Background(), in)
			}()
			waiting(t, owner, 2)
			_, err = holder.Exec(t.Context(), `COMMIT`)
			must(t, err)
			for range 2 {
				if err := <-ends; err != nil {
					t.Errorf("one of the two was ended by the database: %v", err)
				}
			}
			if n := ask(t, st, `SELECT count(*) FROM outbox WHERE case_id = $1`, string(w.erased))[0][0]; n != "0" {
				t.Errorf("%s rows of the erased case are left", n)
			}
		})
	}
}

// withDocument gives a message whose case has a document, and the outbox row that sends it.
func withDocument(t *testing.T, st *store.Store, f storetest.Firm, id string) (feierabend.Message, string) {
	t.Helper()
	m := typed(t, st, f, id, "Moin")
	drafted(t, st, f, m)
	d := issued(t, st, f, m.Case)
	must(t, st.AddOut(t.Context(), f.Tenant.ID, feierabend.Outgoing{Sender: f.Sender.ID, Case: m.Case, Kind: feierabend.OutDocument, Ref: string(d.ID)}))
	return m, ask(t, st, `SELECT id FROM outbox WHERE ref = $1`, string(d.ID))[0][0]
}
