package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestAcceptGoesAhead: with SQLite's one writer busy and many transactions waiting for
// it, a message is accepted next, whoever came first.
func TestAcceptGoesAhead(t *testing.T) {
	st, _ := storetest.New(t)
	a, _ := storetest.Seed(t, st)
	firm, ctx := a.Tenant.ID.String(), context.Background()
	var before atomic.Int64 // transactions that found no message yet
	begun, goOn := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		if err := store.Update(ctx, st, firm, func(store.Work) error { close(begun); <-goOn; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-begun
	waited := st.SQL().Stats().WaitCount
	waits := func(more int64, limit time.Duration) {
		for end := time.Now().Add(limit); st.SQL().Stats().WaitCount < waited+more && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
	}
	const others = 20
	for range others {
		all.Go(func() {
			if err := store.Update(ctx, st, firm, func(w store.Work) error {
				n, err := w.Count(ctx, `SELECT id FROM message WHERE tenant_id = $1`, firm)
				if n == 0 {
					before.Add(1)
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	waits(others, 50*time.Millisecond) // all of them, if they stood in line for the connection
	waited = st.SQL().Stats().WaitCount
	all.Go(func() {
		if _, err := st.Receive(ctx, []feierabend.Inbound{a.Inbound("wamid.ahead", "Moin")}); err != nil {
			t.Error(err)
		}
	})
	waits(1, 10*time.Second)
	close(goOn)
	all.Wait()
	if n := before.Load(); n > 1 {
		t.Errorf("%d of %d waiting transactions were let past a message", n, others)
	}
}
