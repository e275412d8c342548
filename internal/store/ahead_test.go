package store_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestAcceptGoesAhead: with SQLite's one writer busy and many transactions waiting for
// it, a message is accepted next, whoever came first; the others keep their order.
func TestAcceptGoesAhead(t *testing.T) {
	st, _ := storetest.New(t)
	a, _ := storetest.Seed(t, st)
	firm, ctx := a.Tenant.ID.String(), context.Background()
	var mu sync.Mutex
	var order []int
	note := func(n int) { mu.Lock(); order = append(order, n); mu.Unlock() }
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
	const others, accept = 20, -1
	for n := range others {
		all.Go(func() {
			if err := store.Update(ctx, st, firm, func(store.Work) error { note(n); return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	waits(others, 50*time.Millisecond) // all of them, if they stood in line for the connection
	waited = st.SQL().Stats().WaitCount
	all.Go(func() {
		_, err := st.Receive(ctx, []feierabend.Inbound{a.Inbound("wamid.ahead", "Moin")})
		note(accept)
		if err != nil {
			t.Error(err)
		}
	})
	waits(1, 10*time.Second)
	close(goOn)
	all.Wait()
	if at := slices.Index(order, accept); at > 2 { // it notes itself a moment after its commit
		t.Errorf("%d of %d waiting transactions were let past a message", at, others)
	}
}
