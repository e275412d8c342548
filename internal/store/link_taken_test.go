package store_test

import (
	"context"
	"testing"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestTakenKeepsSuspended: a suspended link stays, with its cases, where the number that
// is to be proved again turns out to be another's by now; while it is free, it lives
// again under its old id.
func TestTakenKeepsSuspended(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		old := feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), Tenant: a.Tenant.ID, User: a.User.ID, Phone: newPhone, BSUID: "DE.old"}
		must(t, st.AddSenderLink(ctx, a.Tenant.ID, old))
		heard(t, st, stranger(st, "1", "Moin")) // another identity: suspends it
		theirs := feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), User: b.User.ID, Phone: newPhone}
		must(t, st.AddSenderLink(ctx, b.Tenant.ID, theirs))

		again := old
		again.ID, again.BSUID = feierabend.SenderID(feierabend.NewID()), newID
		if _, free, err := store.TakeSender(ctx, st, again); err != nil || free {
			t.Fatalf("took a number of the other firm: %v, %v", free, err)
		}
		if l, err := st.SenderLink(ctx, a.Tenant.ID, old.ID); err != nil || l.Standing != feierabend.SenderSuspended || l.Phone != newPhone {
			t.Errorf("the suspended link is %+v, %v", l, err)
		}
		must(t, st.UnlinkSender(ctx, b.Tenant.ID, theirs.ID, b.Owner))
		l, free, err := store.TakeSender(ctx, st, again)
		if err != nil || !free || l.ID != old.ID {
			t.Fatalf("a free number: %+v, %v, %v", l, free, err)
		}
		if l, err := st.SenderLink(ctx, a.Tenant.ID, old.ID); err != nil || l.Standing != feierabend.SenderActive || l.BSUID != newID {
			t.Errorf("lives again as %+v, %v", l, err)
		}
		if _, err := st.SenderLink(ctx, a.Tenant.ID, again.ID); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("a second link is left: %v", err)
		}
	})
}
