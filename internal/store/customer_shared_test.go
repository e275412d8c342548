package store_test

import (
	"context"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestKundenlinkJoinsCustomersCase: a case in which only customers spoke goes whole when one
// of them takes everything back, whoever's link opened it: its draft is made of their words.
func TestKundenlinkJoinsCustomersCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		other := typed(t, st, b, "wamid.other", "Rechnung")
		first := verified(t, st, offered(t, st, a, "", customerCode), customerPhone, customerCode)
		heard(t, st, kunde(st, customerPhone, "", feierabend.ActAgree, first))
		heard(t, st, kunde(st, customerPhone, "Der Hahn tropft.", "", first))
		const code, phone = "9K2QX8VATE4RK", "+4917139300999"
		second := verified(t, st, offered(t, st, a, first.Case, code), phone, code)
		if second.Own || second.Case != first.Case {
			t.Fatalf("second link: %+v", second)
		}
		heard(t, st, kunde(st, phone, "", feierabend.ActAgree, second))
		heard(t, st, kunde(st, phone, "Und der Abfluss auch.", "", second))
		if got := heard(t, st, kunde(st, phone, "", feierabend.ActRefuse, second)); got.Code != feierabend.CustomerGone {
			t.Fatalf("taken back: %+v", got)
		}
		if r, err := st.ReceiptOf(ctx, a.Tenant.ID, first.Case); err != nil || r.Erased["messages"] != 2 {
			t.Errorf("receipt: %+v, %v", r, err)
		}
		if _, err := st.Case(ctx, b.Tenant.ID, other.Case); err != nil {
			t.Errorf("the other firm's case: %v", err)
		}
		storetest.Whole(t, st)
	})
}

// TestKundenlinkOfABlockedFirm (decision 0045): nothing more is taken from customers, new
// codes open nothing; whoever takes everything back is heard.
func TestKundenlinkOfABlockedFirm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		c := verified(t, st, offered(t, st, a, "", customerCode), customerPhone, customerCode)
		heard(t, st, kunde(st, customerPhone, "", feierabend.ActAgree, c))
		const code = "9K2QX8VATE4RK"
		open := offered(t, st, a, "", code)
		must(t, st.BlockTenant(ctx, a.Tenant.ID, st.Now(), feierabend.Actor{Via: feierabend.ViaSession}))
		for _, in := range []feierabend.Inbound{kunde(st, customerPhone, "Der Hahn tropft.", "", c), kunde(st, "+4917139300999", withCode(code), "", open)} {
			if got := heard(t, st, in); got.Code != feierabend.UnknownSender || got.Message != "" {
				t.Errorf("of a blocked firm: %+v", got)
			}
		}
		if n := len(ask(t, st, `SELECT id FROM message`)); n != 0 {
			t.Errorf("%d messages kept", n)
		}
		if got := heard(t, st, kunde(st, customerPhone, "", feierabend.ActRefuse, c)); got.Code != feierabend.CustomerGone {
			t.Errorf("taken back: %+v", got)
		}
		d := verified(t, st, offered(t, st, b, "", "7K2QX8VATE4RM"), "+4917139300998", "7K2QX8VATE4RM")
		if d.State != feierabend.CustomerAsked {
			t.Errorf("the other firm: %+v", d)
		}
	})
}

// TestCustomersOldWords (HOOK-02): a delivery older than the memory of keyed ids adds nothing.
func TestCustomersOldWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		c := verified(t, st, offered(t, st, a, "", customerCode), customerPhone, customerCode)
		heard(t, st, kunde(st, customerPhone, "", feierabend.ActAgree, c))
		in := kunde(st, customerPhone, "Der Hahn tropft.", "", c)
		clock.Advance(9 * 24 * time.Hour)
		if got := heard(t, st, in); got.Code != feierabend.LinkHeard || got.Message != "" {
			t.Errorf("nine days late: %+v", got)
		}
	})
}
