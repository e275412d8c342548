package store_test

import (
	"context"
	"testing"
	"time"

	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestWaitingMessagesEnd: only cases without a draft are listed, and none whose time is over.
func TestWaitingMessagesEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		m := typed(t, st, a, "wamid.1", "Moin")
		drafted(t, st, a, note(t, st, a, "wamid.2"))
		got, err := st.WaitingMessages(ctx, a.Tenant.ID)
		if err != nil || len(got) != 1 || got[0].ID != m.ID || got[0].Case != m.Case || got[0].Text != "" {
			t.Errorf("%d messages, %v", len(got), err)
		}
		if got, err := st.WaitingMessages(ctx, b.Tenant.ID); err != nil || len(got) != 0 {
			t.Errorf("the other firm: %d messages, %v", len(got), err)
		}
		c, err := st.Case(ctx, a.Tenant.ID, m.Case)
		must(t, err)
		clock.Advance(c.ExpiresAt.Sub(clock.Now()) - time.Microsecond)
		if got, err := st.WaitingMessages(ctx, a.Tenant.ID); err != nil || len(got) != 1 {
			t.Errorf("before the end: %d messages, %v", len(got), err)
		}
		clock.Advance(time.Microsecond)
		if got, err := st.WaitingMessages(ctx, a.Tenant.ID); err != nil || len(got) != 0 {
			t.Errorf("at the end: %d messages, %v", len(got), err)
		}
	})
}
