package store_test

import (
	"context"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestFoundIsAllOrNothing: a firm whose number is taken leaves nothing behind, so
// that the second try with another number works; a known person gets a second firm.
func TestFoundIsAllOrNothing(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		found := func(email, phone string) (feierabend.TenantID, error) {
			id, err := feierabend.ParseTenantID(feierabend.NewID())
			must(t, err)
			n := feierabend.Tenant{ID: id, Name: "Werkstatt Ost", RetentionDays: 30, Countdown: 24 * time.Hour}
			owner := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: email, Name: "Erna Ost"}
			return id, st.Found(ctx, n, feierabend.Profile{}, owner, feierabend.ProcessingAgreement{Tenant: id, Version: "1", ConcludedAt: clock.Now()},
				&feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), Phone: phone})
		}
		tables := []string{"tenant", "profile", "person", "membership", "agreement", "sender_link", "audit"}
		before := map[string]string{}
		for _, table := range tables {
			before[table] = count(t, st, table)
		}
		_, err := found("erna@ost.example", a.Sender.Phone)
		wantCode(t, err, feierabend.Conflict, "number_taken")
		for _, table := range tables {
			if got := count(t, st, table); got != before[table] {
				t.Errorf("%s rows in %s after a refused founding, had %s", got, table, before[table])
			}
		}
		id, err := found("erna@ost.example", "+4917100000009")
		must(t, err)
		u, err := st.UserByEmail(ctx, "ERNA@ost.example")
		must(t, err)
		if m, err := st.Member(ctx, id, u.ID); err != nil || m.Role != feierabend.RoleOwner {
			t.Errorf("owner %+v, %v", m, err)
		}
		second, err := found(a.User.Email, "+4917100000010")
		must(t, err)
		links, err := st.SenderLinks(ctx, second)
		must(t, err)
		if ms, err := st.Memberships(ctx, a.User.ID); err != nil || len(ms) != 2 || len(links) != 1 || links[0].User != a.User.ID {
			t.Errorf("memberships %+v, links %+v, %v", ms, links, err)
		}
	})
}
