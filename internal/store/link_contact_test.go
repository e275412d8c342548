package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// hidden is a message of the stranger, whose number WhatsApp does not show.
func hidden(in feierabend.Inbound) feierabend.Inbound {
	in.From = ""
	return in
}

// shares is the answer to request_contact_info.
func shares(st *store.Store, id, number string) feierabend.Inbound {
	in := hidden(stranger(st, id, ""))
	in.Kind, in.Contact, in.Raw = feierabend.InboundUnsupported, number, nil
	return in
}

// TestLinkContact (whatsapp.md §9.2): a sender without a visible number shares the entered
// one, says Ja, and is linked by number and WhatsApp id; nothing of it is found elsewhere.
func TestLinkContact(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		c := asked(t, st, a, a.User.ID, newPhone, goodCode)
		other := asked(t, st, b, b.User.ID, newPhone, "0123456789ABC")
		if got := heard(t, st, shares(st, "early", newPhone)); got.Code != feierabend.UnknownSender {
			t.Errorf("a number before the code: %+v", got)
		}
		heard(t, st, hidden(stranger(st, "1", wish)))
		for _, id := range []string{"2", "2"} { // delivered twice
			if got := heard(t, st, shares(st, id, newPhone)); got.Code != feierabend.LinkHeard || got.Message != "" {
				t.Fatalf("the number: %+v", got)
			}
		}
		if now := stateOf(t, st, c); now.State != feierabend.LinkAsked || !now.Numbered {
			t.Fatalf("after the number: %+v", now)
		}
		if now := stateOf(t, st, other); now.State != feierabend.LinkOpen || now.Numbered {
			t.Errorf("the other firm's challenge: %+v", now)
		}
		if got := heard(t, st, hidden(answer(st, "3", feierabend.ActLink, c))); got.Code != feierabend.LinkHeard {
			t.Fatalf("Ja: %+v", got)
		}
		l, err := st.SenderLink(ctx, a.Tenant.ID, stateOf(t, st, c).Link)
		must(t, err)
		if l.Phone != newPhone || l.BSUID != newID {
			t.Errorf("link %+v", l)
		}
		if diff := cmp.Diff([]string{"link_ask", "link_ask", "send", "link_mail"}, jobs(t, st)); diff != "" {
			t.Error(diff)
		}
		for _, from := range []feierabend.Inbound{stranger(st, "4", "Rechnung"), hidden(stranger(st, "5", "Rechnung"))} {
			if got := heard(t, st, from); got.Code != feierabend.Accepted || got.Tenant != a.Tenant.ID {
				t.Errorf("a note: %+v", got)
			}
		}
		storetest.Whole(t, st)
		for _, secret := range []string{newPhone, newPhone[1:], newID} {
			if r, err := st.Search(ctx, [][]byte{[]byte(secret)}); st.SQL() != nil && (err != nil || r.Hits[0] != 0) {
				t.Errorf("%q lies %d times in the files, %v", secret, r.Hits, err)
			}
		}
	})
}

// TestLinkContactRefusals: only the sender of the code, in time, with their own hand, and
// only the entered number. Another number ends the challenge; the rest changes nothing.
func TestLinkContactRefusals(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*feierabend.Inbound)
		wait   time.Duration
		code   feierabend.OutcomeCode
		state  feierabend.LinkState
	}{
		{"of another WhatsApp id", func(i *feierabend.Inbound) { i.BSUID = "DE.1" }, 0, feierabend.UnknownSender, feierabend.LinkAsked},
		{"of a number alone", func(i *feierabend.Inbound) { i.BSUID, i.From = "", newPhone }, 0, feierabend.UnknownSender, feierabend.LinkAsked},
		{"at the end of its time", func(*feierabend.Inbound) {}, feierabend.LinkTerm, feierabend.UnknownSender, feierabend.LinkAsked},
		{"a day late, sent in time", func(i *feierabend.Inbound) { i.At = i.At.Add(-24*time.Hour + time.Minute) }, 24 * time.Hour, feierabend.UnknownSender, feierabend.LinkAsked},
		{"forwarded", func(i *feierabend.Inbound) { i.Forwarded = true }, 0, feierabend.UnknownSender, feierabend.LinkAsked},
		{"any card", func(i *feierabend.Inbound) { i.Contact = "" }, 0, feierabend.UnknownSender, feierabend.LinkAsked},
		{"another number", func(i *feierabend.Inbound) { i.Contact = "+4917139203457" }, 0, feierabend.LinkHeard, feierabend.LinkOther},
		{"the entered one, from another", func(i *feierabend.Inbound) { i.From = "+4917139203457" }, 0, feierabend.LinkHeard, feierabend.LinkOther},
		{"the entered one, from it", func(i *feierabend.Inbound) { i.From = newPhone }, 0, feierabend.LinkHeard, feierabend.LinkAsked},
	} {
		t.Run(tc.name, func(t *testing.T) {
			st, clock := storetest.New(t)
			a, _ := storetest.Seed(t, st)
			c := asked(t, st, a, a.User.ID, newPhone, goodCode)
			heard(t, st, hidden(stranger(st, "1", wish)))
			clock.Advance(tc.wait)
			in := shares(st, "2", newPhone)
			tc.change(&in)
			if got := heard(t, st, in); got.Code != tc.code || got.Message != "" {
				t.Errorf("%+v, want %s", got, tc.code)
			}
			now := stateOf(t, st, c)
			if now.State != tc.state || now.Numbered != (tc.state == feierabend.LinkAsked && tc.code == feierabend.LinkHeard) || now.Phone != newPhone {
				t.Errorf("%+v, want state %s", now, tc.state)
			}
			heard(t, st, hidden(answer(st, "3", feierabend.ActLink, c))) // an ended challenge links nobody
			if links := count(t, st, "sender_link"); (links == "3") != now.Numbered {
				t.Errorf("%s links", links)
			}
		})
	}
}

// TestLinkContactLater: Ja before the number links with the number, without the page; and a
// number that comes to be seen with Ja is the number, or ends it.
func TestLinkContactLater(t *testing.T) {
	for _, tc := range []struct {
		name  string
		say   []func(*store.Store, feierabend.LinkChallenge) feierabend.Inbound
		state feierabend.LinkState
		phone string
	}{
		{"Ja, then the number", []func(*store.Store, feierabend.LinkChallenge) feierabend.Inbound{
			func(st *store.Store, _ feierabend.LinkChallenge) feierabend.Inbound {
				return hidden(stranger(st, "2", "Ja"))
			},
			func(st *store.Store, _ feierabend.LinkChallenge) feierabend.Inbound { return shares(st, "3", newPhone) },
		}, feierabend.LinkDone, newPhone},
		{"Ja, then another number", []func(*store.Store, feierabend.LinkChallenge) feierabend.Inbound{
			func(st *store.Store, _ feierabend.LinkChallenge) feierabend.Inbound {
				return hidden(stranger(st, "2", "Ja"))
			},
			func(st *store.Store, _ feierabend.LinkChallenge) feierabend.Inbound {
				return shares(st, "3", "+4917139203457")
			},
		}, feierabend.LinkOther, ""},
		{"Ja with the number to be seen", []func(*store.Store, feierabend.LinkChallenge) feierabend.Inbound{
			func(st *store.Store, _ feierabend.LinkChallenge) feierabend.Inbound { return stranger(st, "2", "Ja") },
		}, feierabend.LinkDone, newPhone},
		{"Ja with another to be seen", []func(*store.Store, feierabend.LinkChallenge) feierabend.Inbound{
			func(st *store.Store, _ feierabend.LinkChallenge) feierabend.Inbound {
				in := stranger(st, "2", "Ja")
				in.From = "+4917139203457"
				return in
			},
		}, feierabend.LinkOther, ""},
		{"Ja alone", []func(*store.Store, feierabend.LinkChallenge) feierabend.Inbound{
			func(st *store.Store, _ feierabend.LinkChallenge) feierabend.Inbound {
				return hidden(stranger(st, "2", "Ja"))
			},
		}, feierabend.LinkConfirm, ""},
		{"Nein", []func(*store.Store, feierabend.LinkChallenge) feierabend.Inbound{
			func(st *store.Store, _ feierabend.LinkChallenge) feierabend.Inbound {
				return hidden(stranger(st, "2", "Nein"))
			},
		}, feierabend.LinkRefused, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			st, _ := storetest.New(t)
			a, _ := storetest.Seed(t, st)
			c := asked(t, st, a, a.User.ID, newPhone, goodCode)
			heard(t, st, hidden(stranger(st, "1", wish)))
			for _, say := range tc.say {
				if got := heard(t, st, say(st, c)); got.Code != feierabend.LinkHeard {
					t.Fatalf("%+v", got)
				}
			}
			now := stateOf(t, st, c)
			if now.State != tc.state {
				t.Fatalf("state %s, want %s", now.State, tc.state)
			}
			if tc.state != feierabend.LinkDone {
				return
			}
			if l, err := st.SenderLink(context.Background(), a.Tenant.ID, now.Link); err != nil || l.Phone != tc.phone || l.BSUID != newID {
				t.Errorf("link %+v, %v", l, err)
			}
		})
	}
}
