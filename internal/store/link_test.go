package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

const (
	newPhone = "+4917139203456"
	newID    = "DE.847201"
	goodCode = "K7QF2M9XATE4R"
)

// challenge is one that a firm's owner asks for.
func challenge(now time.Time, f storetest.Firm, phone string) feierabend.LinkChallenge {
	return feierabend.LinkChallenge{
		ID: feierabend.NewID(), Tenant: f.Tenant.ID, User: f.User.ID, By: f.User.ID, Session: []byte("session of " + f.Tenant.Name), Phone: phone,
		State: feierabend.LinkOpen, CreatedAt: now, ExpiresAt: now.Add(feierabend.LinkTerm),
	}
}

// asked stores a challenge with a code.
func asked(t testing.TB, st *store.Store, f storetest.Firm, user feierabend.UserID, phone, code string) feierabend.LinkChallenge {
	t.Helper()
	c := challenge(st.Now(), f, phone)
	c.User = user
	must(t, st.AddLinkChallenge(context.Background(), f.Tenant.ID, c, code))
	return c
}

// stranger is a message of a number that nobody has linked.
func stranger(st *store.Store, id, text string) feierabend.Inbound {
	return feierabend.Inbound{
		Channel: "whatsapp", ExternalID: "wamid." + id, From: newPhone, BSUID: newID, Kind: feierabend.InboundText, Text: text, At: st.Now(), Dated: true,
		Raw: []byte(`{"text":"` + text + `"}`),
	}
}

// answer is a tap on a button of the question.
func answer(st *store.Store, id string, act feierabend.ButtonAct, c feierabend.LinkChallenge) feierabend.Inbound {
	in := stranger(st, id, "")
	in.Kind, in.Button = feierabend.InboundButton, feierabend.Button{Act: act, Case: feierabend.CaseID(c.ID)}.String()
	return in
}

// heard delivers one message and gives its outcome.
func heard(t testing.TB, st *store.Store, in feierabend.Inbound) feierabend.Outcome {
	t.Helper()
	out, err := st.Receive(context.Background(), []feierabend.Inbound{in})
	must(t, err)
	return out[0]
}

func stateOf(t testing.TB, st *store.Store, c feierabend.LinkChallenge) feierabend.LinkChallenge {
	t.Helper()
	now, err := st.LinkChallenge(context.Background(), c.Tenant, c.ID)
	must(t, err)
	return now
}

const wish = "Ich verbinde meine Nummer mit dem Konto „Deichgrün“. Code: K7QF-2M9X-ATE4R"

// TestLink is the whole way: code, question, Ja; then the number speaks for the firm.
func TestLink(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		c := asked(t, st, a, a.User.ID, newPhone, goodCode)
		if got := heard(t, st, stranger(st, "1", wish)); got.Code != feierabend.LinkHeard || got.Message != "" {
			t.Fatalf("the code: %+v", got)
		}
		now := stateOf(t, st, c)
		if now.State != feierabend.LinkAsked || !now.Numbered || now.BSUID != newID || now.Phone != newPhone {
			t.Fatalf("after the code: %+v", now)
		}
		if got := heard(t, st, stranger(st, "1b", wish)); got.Code != feierabend.UnknownSender {
			t.Errorf("the code a second time: %+v", got)
		}
		if got := heard(t, st, answer(st, "2", feierabend.ActLink, c)); got.Code != feierabend.LinkHeard {
			t.Fatalf("Ja: %+v", got)
		}
		now = stateOf(t, st, c)
		l, err := st.SenderLink(ctx, a.Tenant.ID, now.Link)
		must(t, err)
		if now.State != feierabend.LinkDone || l.Phone != newPhone || l.BSUID != newID || l.User != a.User.ID || l.Standing != feierabend.SenderActive {
			t.Fatalf("after Ja: %+v %+v", now, l)
		}
		if got := heard(t, st, answer(st, "2", feierabend.ActLink, c)); got.Code != feierabend.Duplicate {
			t.Errorf("the same Ja again: %+v", got)
		}
		if diff := cmp.Diff([]string{"link_ask", "send", "link_mail"}, jobs(t, st)); diff != "" {
			t.Error(diff)
		}
		if got := heard(t, st, stranger(st, "3", "Rechnung für Frau Petersen")); got.Code != feierabend.Accepted || got.Tenant != a.Tenant.ID {
			t.Errorf("the first note: %+v", got)
		}
		if links, err := st.SenderLinks(ctx, b.Tenant.ID); err != nil || len(links) != 1 {
			t.Errorf("the other firm has %d links, %v", len(links), err)
		}
		storetest.Whole(t, st)
		for _, secret := range []string{newPhone, newPhone[1:], newID, goodCode, "K7QF-2M9X"} {
			if r, err := st.Search(ctx, [][]byte{[]byte(secret)}); st.SQL() != nil && (err != nil || r.Hits[0] != 0) {
				t.Errorf("%q lies %d times in the files, %v", secret, r.Hits, err)
			}
		}
	})
}

// TestLinkRefusals: everything that is not the right code, from the right number, in
// time, written by the sender, leaves the challenge as it is and looks like any stranger.
func TestLinkRefusals(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*feierabend.Inbound)
		wait   time.Duration
	}{
		{"one character changed", func(i *feierabend.Inbound) { i.Text = "Code: K7QF-2M9X-ATE4S" }, 0},
		{"cut short", func(i *feierabend.Inbound) { i.Text = "Code: K7QF-2M9X-ATE4" }, 0},
		{"forwarded", func(i *feierabend.Inbound) { i.Forwarded = true }, 0},
		{"another number", func(i *feierabend.Inbound) { i.From = "+4917139203457" }, 0},
		{"spoken", func(i *feierabend.Inbound) { i.Kind = feierabend.InboundAudio }, 0},
		{"sent at the end of its time", func(*feierabend.Inbound) {}, feierabend.LinkTerm},
		{"delivered a day late, sent in time", func(i *feierabend.Inbound) { i.At = i.At.Add(-24*time.Hour + time.Minute) }, 24 * time.Hour},
		{"not dated, after its time", func(i *feierabend.Inbound) { i.Dated, i.At = false, time.Time{} }, feierabend.LinkTerm},
	} {
		t.Run(tc.name, func(t *testing.T) {
			databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
				a, _ := storetest.Seed(t, st)
				c := asked(t, st, a, a.User.ID, newPhone, goodCode)
				clock.Advance(tc.wait)
				in := stranger(st, "1", wish)
				tc.change(&in)
				got := heard(t, st, in)
				if want := (feierabend.Outcome{Code: feierabend.UnknownSender, First: true}); got != want {
					t.Errorf("%+v, want %+v", got, want)
				}
				if now := stateOf(t, st, c); now.State != feierabend.LinkOpen || now.BSUID != "" {
					t.Errorf("the challenge is %+v", now)
				}
				if n := count(t, st, "seen_message"); n != "0" {
					t.Errorf("%s keyed message ids of a stranger", n)
				}
			})
		})
	}
}

// TestLinkLate: sent in time and delivered late is still good, within a day.
func TestLinkLate(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		c := asked(t, st, a, a.User.ID, newPhone, goodCode)
		in := stranger(st, "1", wish)
		clock.Advance(3 * time.Hour)
		if got := heard(t, st, in); got.Code != feierabend.LinkHeard {
			t.Errorf("%+v", got)
		}
		if got := heard(t, st, answer(st, "2", feierabend.ActLink, c)); got.Code != feierabend.LinkHeard {
			t.Errorf("%+v", got)
		}
	})
}

// TestLinkAnswers: Ja and Nein, tapped and typed, in time and late, by the sender of the
// code and by others.
func TestLinkAnswers(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer func(*store.Store, feierabend.LinkChallenge) feierabend.Inbound
		wait   time.Duration
		state  feierabend.LinkState
	}{
		{"tapped Ja", func(st *store.Store, c feierabend.LinkChallenge) feierabend.Inbound {
			return answer(st, "2", feierabend.ActLink, c)
		}, 0, feierabend.LinkDone},
		{"typed Ja", func(st *store.Store, _ feierabend.LinkChallenge) feierabend.Inbound {
			return stranger(st, "2", " JA! ")
		}, 0, feierabend.LinkDone},
		{"tapped Nein", func(st *store.Store, c feierabend.LinkChallenge) feierabend.Inbound {
			return answer(st, "2", feierabend.ActNotMe, c)
		}, 0, feierabend.LinkRefused},
		{"typed Nein", func(st *store.Store, _ feierabend.LinkChallenge) feierabend.Inbound { return stranger(st, "2", "nein") }, 0, feierabend.LinkRefused},
		{"Ja too late", func(st *store.Store, c feierabend.LinkChallenge) feierabend.Inbound {
			return answer(st, "2", feierabend.ActLink, c)
		}, feierabend.LinkTerm, feierabend.LinkAsked},
		{"Ja of another number", func(st *store.Store, c feierabend.LinkChallenge) feierabend.Inbound {
			in := answer(st, "2", feierabend.ActLink, c)
			in.From, in.BSUID = "+4917139203457", "DE.1"
			return in
		}, 0, feierabend.LinkAsked},
		{"forwarded Ja", func(st *store.Store, c feierabend.LinkChallenge) feierabend.Inbound {
			in := stranger(st, "2", "ja")
			in.Forwarded = true
			return in
		}, 0, feierabend.LinkAsked},
		{"something else", func(st *store.Store, _ feierabend.LinkChallenge) feierabend.Inbound {
			return stranger(st, "2", "wer ist da?")
		}, 0, feierabend.LinkAsked},
	} {
		t.Run(tc.name, func(t *testing.T) {
			databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
				a, _ := storetest.Seed(t, st)
				c := asked(t, st, a, a.User.ID, newPhone, goodCode)
				heard(t, st, stranger(st, "1", wish))
				clock.Advance(tc.wait)
				heard(t, st, tc.answer(st, c))
				if now := stateOf(t, st, c); now.State != tc.state {
					t.Errorf("state %s, want %s", now.State, tc.state)
				}
				want := "2"
				if tc.state == feierabend.LinkDone {
					want = "3"
				}
				if n := count(t, st, "sender_link"); n != want {
					t.Errorf("%s links, want %s", n, want)
				}
			})
		})
	}
}

// TestLinkRace: twenty senders with one code, all without a number: one gets the
// question. The page then has the last word, and says it once.
func TestLinkRace(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		c := asked(t, st, a, a.User.ID, newPhone, goodCode)
		var wg sync.WaitGroup
		var won atomic.Int32
		for n := range 20 {
			wg.Go(func() {
				in := stranger(st, fmt.Sprint("race", n), wish)
				in.From, in.BSUID = "", fmt.Sprintf("DE.%d", n)
				out, err := st.Receive(ctx, []feierabend.Inbound{in})
				if err != nil {
					t.Error(err)
				} else if out[0].Code == feierabend.LinkHeard {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		now := stateOf(t, st, c)
		if won.Load() != 1 || now.State != feierabend.LinkAsked || now.Numbered {
			t.Fatalf("%d senders got the question, %+v", won.Load(), now)
		}
		if _, err := st.ConfirmLink(ctx, a.Tenant.ID, c.ID, a.Owner); feierabend.CodeOf(err) != "link_over" {
			t.Errorf("confirmed before Ja: %v", err)
		}
		yes := answer(st, "yes", feierabend.ActLink, c)
		yes.From, yes.BSUID = "", now.BSUID
		if got := heard(t, st, yes); got.Code != feierabend.LinkHeard || stateOf(t, st, c).State != feierabend.LinkConfirm {
			t.Fatalf("Ja: %+v", got)
		}
		if _, err := st.ConfirmLink(ctx, b.Tenant.ID, c.ID, b.Owner); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("the other firm confirms: %v", err)
		}
		l, err := st.ConfirmLink(ctx, a.Tenant.ID, c.ID, a.Owner)
		must(t, err)
		if l.Phone != "" || l.BSUID != now.BSUID {
			t.Errorf("link %+v: an entered number that was never seen proves nothing", l)
		}
		if _, err := st.ConfirmLink(ctx, a.Tenant.ID, c.ID, a.Owner); feierabend.CodeOf(err) != "link_over" {
			t.Errorf("confirmed twice: %v", err)
		}
	})
}

// TestLinkWrongCodes: of twenty wrong codes five are looked up, and then not even the
// right one is, for an hour.
func TestLinkWrongCodes(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		for n := range 20 {
			if got := heard(t, st, stranger(st, fmt.Sprint(n), fmt.Sprintf("Code: K7QF-2M9X-AT%03d", n))); got.Code != feierabend.UnknownSender || got.First != (n == 0) {
				t.Errorf("wrong code %d: %+v", n, got)
			}
		}
		c := asked(t, st, a, a.User.ID, newPhone, goodCode)
		if got := heard(t, st, stranger(st, "right", wish)); got.Code != feierabend.UnknownSender || stateOf(t, st, c).State != feierabend.LinkOpen {
			t.Errorf("the right code after twenty wrong ones: %+v", got)
		}
		clock.Advance(time.Hour)
		asked(t, st, a, a.User.ID, newPhone, "0123456789ABC")
		if got := heard(t, st, stranger(st, "next", "0123-4567-89ABC")); got.Code != feierabend.LinkHeard {
			t.Errorf("an hour later: %+v", got)
		}
	})
}

// TestLinkOneAtATime: a new challenge voids the firm's older one, and not the other firm's.
func TestLinkOneAtATime(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		first, other := asked(t, st, a, a.User.ID, newPhone, goodCode), asked(t, st, b, b.User.ID, newPhone, "0123456789ABC")
		second := asked(t, st, a, a.User.ID, newPhone, "1123456789ABC")
		for _, w := range []struct {
			c    feierabend.LinkChallenge
			want feierabend.LinkState
		}{{first, feierabend.LinkVoid}, {second, feierabend.LinkOpen}, {other, feierabend.LinkOpen}} {
			if got := stateOf(t, st, w.c).State; got != w.want {
				t.Errorf("%s, want %s", got, w.want)
			}
		}
		if latest, err := st.LatestLink(ctx, a.Tenant.ID, second.Session); err != nil || latest.ID != second.ID {
			// both were made in the same moment of the clock: either is right
			if latest.ID != first.ID {
				t.Errorf("latest %+v, %v", latest, err)
			}
		}
		must(t, st.CancelLink(ctx, a.Tenant.ID, second.ID, a.Owner))
		if got := heard(t, st, stranger(st, "1", "1123-4567-89ABC")); got.Code != feierabend.UnknownSender {
			t.Errorf("a withdrawn code: %+v", got)
		}
	})
}

// TestLinkOfOneWhoLeft: who is no member any more is not linked.
func TestLinkOfOneWhoLeft(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		c := asked(t, st, a, a.User.ID, newPhone, goodCode)
		heard(t, st, stranger(st, "1", wish))
		do(t, st, `DELETE FROM membership`)
		heard(t, st, answer(st, "2", feierabend.ActLink, c))
		if got := stateOf(t, st, c).State; got != feierabend.LinkVoid || count(t, st, "sender_link") != "2" {
			t.Errorf("%s, %s links", got, count(t, st, "sender_link"))
		}
	})
}

// TestStrangerAudio (OTP-06): an unknown number with a voice note leaves a counter, and
// no job that would fetch anything.
func TestStrangerAudio(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		asked(t, st, a, a.User.ID, newPhone, goodCode)
		before := count(t, st, "audit")
		for n := range 3 {
			in := stranger(st, fmt.Sprint(n), "")
			in.Kind, in.MediaID, in.MediaType = feierabend.InboundAudio, "media-1", "audio/ogg"
			if got := heard(t, st, in); got != (feierabend.Outcome{Code: feierabend.UnknownSender, First: n == 0}) {
				t.Errorf("%+v", got)
			}
		}
		for table, want := range map[string]string{"message": "0", "seen_message": "0", "counter": "1", "cases": "0", "river_job": "0", "content_key": "0", "outbox": "0", "audit": before} {
			if got := count(t, st, table); got != want {
				t.Errorf("%s rows in %s, want %s", got, table, want)
			}
		}
	})
}

// TestSuspend: whatever casts doubt on an identity takes its link out of use, tells the
// owner once, and the number can be proved again under the same id.
func TestSuspend(t *testing.T) {
	const phone, bsuid = "+4917100000001", "DE.1"
	change := func(why feierabend.SuspendReason, from, id string) feierabend.Inbound {
		return feierabend.Inbound{Channel: "whatsapp", Kind: feierabend.InboundChange, From: from, BSUID: id, Text: string(why)}
	}
	for _, tc := range []struct {
		name string
		in   feierabend.Inbound
		why  feierabend.SuspendReason
	}{
		{"another WhatsApp id with the number", feierabend.Inbound{Channel: "whatsapp", ExternalID: "w", From: phone, BSUID: "DE.2", Kind: feierabend.InboundText, Text: "Rechnung"}, feierabend.SuspendedIdentity},
		{"number changed", change(feierabend.SuspendedNumber, phone, ""), feierabend.SuspendedNumber},
		{"id changed", change(feierabend.SuspendedIdentity, "", bsuid), feierabend.SuspendedIdentity},
		{"device changed", change(feierabend.SuspendedDevice, phone, bsuid), feierabend.SuspendedDevice},
	} {
		t.Run(tc.name, func(t *testing.T) {
			databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
				ctx := context.Background()
				a, b := storetest.Seed(t, st)
				id := feierabend.SenderID(feierabend.NewID())
				must(t, st.AddSenderLink(ctx, a.Tenant.ID, feierabend.SenderLink{ID: id, User: a.User.ID, Phone: phone, BSUID: bsuid}))
				for range 2 {
					if got := heard(t, st, tc.in); got.Code == feierabend.Accepted {
						t.Fatalf("%+v", got)
					}
				}
				l, err := st.SenderLink(ctx, a.Tenant.ID, id)
				must(t, err)
				if l.Standing != feierabend.SenderSuspended || l.Why != tc.why || l.Phone != phone {
					t.Errorf("%+v", l)
				}
				if got := jobs(t, st); !slices.Equal(got, []string{"link_pause"}) {
					t.Errorf("jobs %q", got)
				}
				note := feierabend.Inbound{Channel: "whatsapp", ExternalID: "wamid.after", From: phone, BSUID: bsuid, Kind: feierabend.InboundText, Text: "Rechnung"}
				if got := heard(t, st, note); got.Code != feierabend.UnknownSender || count(t, st, "message") != "0" {
					t.Errorf("a note while suspended: %+v", got)
				}
				for _, f := range []storetest.Firm{a, b} {
					if l, err := st.SenderLink(ctx, f.Tenant.ID, f.Sender.ID); err != nil || l.Standing != feierabend.SenderActive {
						t.Errorf("another link: %+v, %v", l, err)
					}
				}
				c := asked(t, st, a, a.User.ID, phone, goodCode)
				for n, in := range []feierabend.Inbound{stranger(st, "again", wish), answer(st, "yes", feierabend.ActLink, c)} {
					in.From, in.BSUID = phone, "DE.2"
					if got := heard(t, st, in); got.Code != feierabend.LinkHeard {
						t.Fatalf("proof %d: %+v", n, got)
					}
				}
				if l, err = st.SenderLink(ctx, a.Tenant.ID, id); err != nil || l.Standing != feierabend.SenderActive || l.BSUID != "DE.2" {
					t.Errorf("proved again: %+v, %v", l, err)
				}
			})
		})
	}
}

// TestLearnID: the first message that names number and id together teaches the id, once.
func TestLearnID(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		in := a.Inbound("wamid.1", "Moin")
		in.BSUID = "DE.1"
		if got := heard(t, st, in); got.Code != feierabend.Accepted {
			t.Fatalf("%+v", got)
		}
		if l, err := st.SenderLink(ctx, a.Tenant.ID, a.Sender.ID); err != nil || l.BSUID != "DE.1" {
			t.Fatalf("%+v, %v", l, err)
		}
		other := b.Inbound("wamid.2", "Moin") // an id that is taken stays where it is
		other.BSUID = "DE.1"
		heard(t, st, other)
		if l, err := st.SenderLink(ctx, b.Tenant.ID, b.Sender.ID); err != nil || l.BSUID != "" {
			t.Errorf("%+v, %v", l, err)
		}
		in.ExternalID, in.BSUID = "wamid.3", "DE.9"
		if got := heard(t, st, in); got.Code != feierabend.UnknownSender {
			t.Errorf("a second id: %+v", got)
		}
		if l, err := st.SenderLink(ctx, a.Tenant.ID, a.Sender.ID); err != nil || l.Standing != feierabend.SenderSuspended {
			t.Errorf("%+v, %v", l, err)
		}
	})
}

// TestSilence (OTP-05): after 180 days without a message a number is proved again; who
// was heard in between is not.
func TestSilence(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		clock.Advance(100 * 24 * time.Hour)
		heard(t, st, a.Inbound("wamid.1", "Moin"))
		must(t, st.SweepDone(ctx, st.Now()))
		clock.Advance(80*24*time.Hour + time.Minute)
		must(t, st.SweepDone(ctx, st.Now()))
		for _, w := range []struct {
			f    storetest.Firm
			want feierabend.Standing
		}{{a, feierabend.SenderActive}, {b, feierabend.SenderSuspended}} {
			l, err := st.SenderLink(ctx, w.f.Tenant.ID, w.f.Sender.ID)
			must(t, err)
			if l.Standing != w.want {
				t.Errorf("%s is %q, want %q", w.f.Tenant.Name, l.Standing, w.want)
			}
		}
	})
}

// TestUnlink: an unlinked number is a stranger's, may be linked elsewhere, and its row
// goes when nothing that it dictated can be left.
func TestUnlink(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		m := typed(t, st, a, "wamid.1", "Moin")
		asked(t, st, a, a.User.ID, newPhone, goodCode)
		n, err := st.UnlinkSenders(ctx, a.Tenant.ID, a.User.ID, a.Owner)
		must(t, err)
		links, err := st.SenderLinks(ctx, a.Tenant.ID)
		must(t, err)
		if n != 1 || len(links) != 0 {
			t.Errorf("%d unlinked, %d left", n, len(links))
		}
		if got := heard(t, st, a.Inbound("wamid.2", "Moin")); got.Code != feierabend.UnknownSender {
			t.Errorf("%+v", got)
		}
		if got := heard(t, st, stranger(st, "code", wish)); got.Code != feierabend.UnknownSender {
			t.Errorf("the challenge of somebody unlinked: %+v", got)
		}
		if got, err := st.Message(ctx, a.Tenant.ID, m.ID); err != nil || got.Sender.User != a.User.ID || got.Sender.Phone != "" {
			t.Errorf("what was dictated: %+v, %v", got, err)
		}
		must(t, st.AddSenderLink(ctx, b.Tenant.ID, feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), User: b.User.ID, Phone: a.Sender.Phone}))
		must(t, st.UnlinkSender(ctx, a.Tenant.ID, a.Sender.ID, a.Owner)) // again: no error
		clock.Advance(32 * 24 * time.Hour)
		must(t, st.SweepDone(ctx, st.Now()))
		if got := count(t, st, "sender_link"); got != "2" {
			t.Errorf("%s links, want the two of the other firm", got)
		}
		if got := count(t, st, "link_challenge"); got != "0" {
			t.Errorf("%s challenges after a month", got)
		}
		storetest.Whole(t, st)
	})
}
