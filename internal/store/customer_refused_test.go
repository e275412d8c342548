package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// spoke is a link of a firm by which a customer's number has agreed and said something.
func spoke(t testing.TB, st *store.Store, f storetest.Firm, of feierabend.CaseID, phone, code string) feierabend.CustomerLink {
	t.Helper()
	c := verified(t, st, offered(t, st, f, of, code), phone, code)
	heard(t, st, kunde(st, phone, "", feierabend.ActAgree, c))
	if got := heard(t, st, kunde(st, phone, "Der Hahn tropft.", "", c)); got.Code != feierabend.CustomerHeard {
		t.Fatalf("words: %+v", got)
	}
	return c
}

// TestKundenlinkTakenBackAfterItsEnd: whatever ended a link, its customer can take back what
// they said as long as it is there: by the old button, or typed.
func TestKundenlinkTakenBackAfterItsEnd(t *testing.T) {
	const other = "9K2QX8VATE4RK"
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		n := 0
		for name, end := range map[string]func(feierabend.CustomerLink, string){
			"a newer code, of another firm": func(_ feierabend.CustomerLink, phone string) {
				verified(t, st, offered(t, st, b, "", other), phone, other)
			},
			"switched off": func(feierabend.CustomerLink, string) {
				must(t, st.SetCustomers(ctx, a.Tenant.ID, feierabend.CustomerVoices{}, a.Owner))
			},
			"ended by the firm": func(c feierabend.CustomerLink, _ string) {
				must(t, st.EndCustomerLink(ctx, a.Tenant.ID, c.ID, a.Owner))
				must(t, st.EndCustomerLink(ctx, a.Tenant.ID, c.ID, a.Owner)) // again changes nothing
			},
			"blocked": func(feierabend.CustomerLink, string) {
				must(t, st.BlockTenant(ctx, a.Tenant.ID, st.Now(), feierabend.Actor{Via: feierabend.ViaSession}))
			},
			"without an agreement": func(feierabend.CustomerLink, string) {
				do(t, st, `UPDATE agreement SET tenant_id = 'x' WHERE tenant_id = $1`, a.Tenant.ID.String())
			},
		} {
			for _, act := range []feierabend.ButtonAct{feierabend.ActRefuse, ""} {
				n++
				phone := fmt.Sprintf("+4917139400%03d", n)
				c := spoke(t, st, a, "", phone, feierabend.LinkCode([]byte(fmt.Sprintf("%09d code", n*7919))))
				end(c, phone)
				if was, err := st.CustomerLink(ctx, a.Tenant.ID, c.ID); err != nil || was.State == feierabend.CustomerEnded && was.Phone != "" {
					t.Errorf("%s: the link is %+v, %v", name, was, err)
				}
				if name != "a newer code, of another firm" && name != "without an agreement" {
					if got := heard(t, st, kunde(st, phone, "Noch etwas", "", c)); got.Code != feierabend.UnknownSender || got.Message != "" {
						t.Errorf("%s: more words: %+v", name, got)
					}
				}
				if got := heard(t, st, kunde(st, "+4917139400999", "Nicht auswerten", act, c)); got.Code != feierabend.UnknownSender {
					t.Errorf("%s: somebody else takes it back: %+v", name, got)
				}
				if name == "a newer code, of another firm" && act == "" { // typed: first what it speaks by now
					if got := heard(t, st, kunde(st, phone, "nicht auswerten", "", c)); got.Code != feierabend.CustomerPartGone {
						t.Errorf("%s: the newer link: %+v", name, got)
					}
				}
				want := feierabend.CustomerGone
				if name == "a newer code, of another firm" && act != "" {
					want = feierabend.CustomerPartGone // the newer link stays
				}
				if got := heard(t, st, kunde(st, phone, "Nicht auswerten", act, c)); got.Code != want {
					t.Errorf("%s, %q: %+v, want %s", name, act, got, want)
				}
				if _, err := st.Case(ctx, a.Tenant.ID, c.Case); feierabend.KindOf(err) != feierabend.NotFound {
					t.Errorf("%s, %q: the case: %v", name, act, err)
				}
				if r, err := st.ReceiptOf(ctx, a.Tenant.ID, c.Case); err != nil || r.Erased["messages"] != 1 {
					t.Errorf("%s: receipt: %+v, %v", name, r, err)
				}
				do(t, st, `DELETE FROM customer_link`)
				do(t, st, `UPDATE tenant SET blocked_at = 0`)
				do(t, st, `UPDATE agreement SET tenant_id = $1 WHERE tenant_id = 'x'`, a.Tenant.ID.String())
			}
		}
		storetest.Whole(t, st)
	})
}

// TestKundenlinkEndedKeepsNoMore: of a customer who never agreed no hash stays, nor of
// anybody longer than the case; one that WhatsApp has given the number to since is not them.
func TestKundenlinkEndedKeepsNoMore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		hashes := func() int {
			return len(ask(t, st, `SELECT id FROM customer_link WHERE phone_hash IS NOT NULL OR bsuid_hash IS NOT NULL OR past_phone_hash IS NOT NULL OR past_bsuid_hash IS NOT NULL OR who IS NOT NULL`))
		}
		asks := verified(t, st, offered(t, st, a, "", customerCode), customerPhone, customerCode)
		must(t, st.EndCustomerLink(ctx, a.Tenant.ID, asks.ID, a.Owner))
		if n := hashes(); n != 0 {
			t.Errorf("%d hashes of one who never agreed", n)
		}
		const early, code = "7K2QX8VATE4RM", "9K2QX8VATE4RK"
		verified(t, st, offered(t, st, a, "", early), customerPhone, early) // ended by the newer code below
		link := offered(t, st, a, "", code)
		in := kunde(st, customerPhone, withCode(code), "", link)
		in.BSUID = "DE.1"
		heard(t, st, in)
		c, err := st.CustomerLink(ctx, a.Tenant.ID, link.ID)
		must(t, err)
		yes := kunde(st, customerPhone, "", feierabend.ActAgree, c)
		yes.BSUID = "DE.1"
		heard(t, st, yes)
		must(t, st.EndCustomerLink(ctx, a.Tenant.ID, c.ID, a.Owner))
		if n := hashes(); n != 1 {
			t.Fatalf("%d rows with hashes", n)
		}
		stranger := kunde(st, customerPhone, "nicht auswerten", "", c)
		stranger.BSUID = "DE.2"
		if got := heard(t, st, stranger); got.Code != feierabend.UnknownSender {
			t.Errorf("the number's new owner: %+v", got)
		}
		if _, err := st.Erase(ctx, a.Tenant.ID, c.Case, feierabend.EraseDiscarded, a.Owner); err != nil || hashes() != 0 {
			t.Errorf("%d hashes after the case, %v", hashes(), err)
		}
	})
}

// TestKundenlinkWithoutNumber (whatsapp.md §9.1): a customer whose number is not to be seen
// speaks by the WhatsApp id; no number is asked for, and a card proves nothing.
func TestKundenlinkWithoutNumber(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		c := offered(t, st, a, "", customerCode)
		say := func(text string, act feierabend.ButtonAct) feierabend.Outcome {
			in := kunde(st, "", text, act, c)
			in.BSUID = "DE.1"
			return heard(t, st, in)
		}
		say(withCode(customerCode), "")
		say("", feierabend.ActAgree)
		if got := say("Der Hahn tropft.", ""); got.Code != feierabend.CustomerHeard {
			t.Errorf("words: %+v", got)
		}
		card := shares(st, "card", customerPhone)
		card.BSUID = "DE.1"
		if got := heard(t, st, card); got.Code != feierabend.LinkHeard || got.Message != "" {
			t.Errorf("a card: %+v", got)
		}
		if now, err := st.CustomerLink(ctx, a.Tenant.ID, c.ID); err != nil || now.Phone != "" || now.BSUID != "DE.1" || now.State != feierabend.CustomerAgreed {
			t.Errorf("the link: %+v, %v", now, err)
		}
		if got := say("", feierabend.ActRefuse); got.Code != feierabend.CustomerGone {
			t.Errorf("taken back: %+v", got)
		}
	})
}

// TestKundenlinkTakenBackAfterIssue: the document stays as it was issued; the customer's
// messages, words, recording and every draft made of them go, of this customer only.
func TestKundenlinkTakenBackAfterIssue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		c := verified(t, st, offered(t, st, a, "", customerCode), customerPhone, customerCode)
		heard(t, st, kunde(st, customerPhone, "", feierabend.ActAgree, c))
		voice := kunde(st, customerPhone, "", "", c)
		voice.Kind, voice.MediaID, voice.Voice = feierabend.InboundAudio, "12904", true
		m := heard(t, st, voice)
		must(t, st.AddAudio(ctx, a.Tenant.ID, m.Message, feierabend.AudioInfo{Type: "audio/ogg", Bytes: 3}, []byte("ogg")))
		must(t, st.AddTranscript(ctx, a.Tenant.ID, m.Message, feierabend.Transcript{Text: "Der Hahn tropft."}))
		said := map[string]feierabend.Evidence{"tasks[0]": {Source: "said", Message: m.Message, To: 16}}
		note := feierabend.Draft{Kind: feierabend.KindNote, Customer: true, Tasks: []feierabend.Task{{Text: "Der Hahn tropft."}}, Evidence: said}
		invoice := feierabend.Draft{
			Kind: feierabend.KindInvoice, Buyer: &feierabend.Buyer{Name: "Petersen"}, Lines: []feierabend.Line{{Kind: feierabend.LineLump, Text: "Hahn ersetzt"}},
			Tasks: []feierabend.Task{{Text: "Der Hahn tropft."}, {Text: "Rechnung ablegen"}}, Evidence: said,
		}
		for i, d := range []feierabend.Draft{note, invoice} {
			_, err := st.AddDraft(ctx, a.Tenant.ID, feierabend.NewDraft{
				Case: c.Case, Base: i, Draft: d, By: a.Owner, Engine: "person", State: feierabend.CaseReady, Summary: feierabend.CaseSummary{Kind: d.Kind, Title: "Der Hahn tropft."},
			})
			must(t, err)
		}
		number, id, err := st.ReserveNumber(ctx, a.Tenant.ID, c.Case, "RE-2026")
		must(t, err)
		must(t, st.AddDocument(ctx, a.Tenant.ID, feierabend.NewDocument{
			Document: feierabend.Document{ID: id, Case: c.Case, Kind: feierabend.KindInvoice, Number: number}, Version: 2, By: a.Owner,
			Summary: feierabend.CaseSummary{Kind: feierabend.KindInvoice, Title: "Der Hahn tropft."},
			Files:   []feierabend.File{{Name: number + ".pdf", Type: "application/pdf", Bytes: []byte("%PDF")}},
		}))
		if got := heard(t, st, kunde(st, customerPhone, "", feierabend.ActRefuse, c)); got.Code != feierabend.CustomerGone {
			t.Fatalf("taken back: %+v", got)
		}
		v, err := st.Draft(ctx, a.Tenant.ID, c.Case)
		if err != nil || v.Version != 2 || len(v.Draft.Tasks) != 1 || v.Draft.Tasks[0].Text != "Rechnung ablegen" || len(v.Draft.Lines) != 1 || v.Draft.Buyer.Name != "Petersen" {
			t.Errorf("the newest version: %+v, %v", v, err)
		}
		if v, err := st.DraftAt(ctx, a.Tenant.ID, c.Case, 1); err != nil || len(v.Draft.Tasks)+len(v.Draft.Evidence) != 0 {
			t.Errorf("the version of their words: %+v, %v", v, err)
		}
		if now, err := st.Document(ctx, a.Tenant.ID, id); err != nil || now.Number != number {
			t.Errorf("the document: %+v, %v", now, err)
		}
		if in, err := st.Case(ctx, a.Tenant.ID, c.Case); err != nil || in.Summary.Title != "" || in.Summary.Kind != feierabend.KindInvoice || in.State != feierabend.CaseIssued {
			t.Errorf("the case: %+v, %v", in, err)
		}
		for _, table := range []string{"message", "transcript", "audio_chunk", "customer_link"} {
			if n := count(t, st, table); n != "0" {
				t.Errorf("%s rows in %s", n, table)
			}
		}
		storetest.Whole(t, st)
	})
}

// TestKundenlinkMakerIsTold: whoever made the link is told that something came, once a day
// and case, without the words; nobody else is, and nobody where their number is not linked.
func TestKundenlinkMakerIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		a, b := storetest.Seed(t, st)
		told := func(f storetest.Firm) string {
			return fmt.Sprint(ask(t, st, `SELECT kind, ref FROM outbox WHERE sender_id = $1`, string(f.Sender.ID)))
		}
		c := spoke(t, st, a, "", customerPhone, customerCode)
		heard(t, st, kunde(st, customerPhone, "Und der Abfluss auch.", "", c))
		if got := told(a); got != "[[command kunde-neu]]" || told(b) != "[]" {
			t.Errorf("told %s, the other firm %s", got, told(b))
		}
		clock.Advance(24*time.Hour + time.Second)
		heard(t, st, kunde(st, customerPhone, "Hallo?", "", c))
		if got := told(a); got != "[[command kunde-neu] [command kunde-neu]]" {
			t.Errorf("a day later: %s", got)
		}
		// In a case that a member has begun, drafting tells; and a maker without a number hears nothing.
		m := typed(t, st, b, "wamid.case", "Moin")
		spoke(t, st, b, m.Case, "+4917139300998", "9K2QX8VATE4RK")
		do(t, st, `UPDATE sender_link SET standing = 'suspended', phone_hash = NULL, bsuid_hash = NULL WHERE id = $1`, string(b.Sender.ID))
		spoke(t, st, b, "", "+4917139300997", "7K2QX8VATE4RM")
		if got := told(b); got != "[]" {
			t.Errorf("told %s", got)
		}
	})
}

// TestForwardedSwitchedOff: what waits for an answer when forwarding is switched off has its
// outcome at once; an answer or a question that was on its way finds it off.
func TestForwardedSwitchedOff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		var waits []feierabend.Message
		for _, f := range []storetest.Firm{a, b} {
			must(t, st.SetCustomers(ctx, f.Tenant.ID, feierabend.CustomerVoices{Forwarded: true}, f.Owner))
			m := forwarded(t, st, f, nil)
			must(t, second(st.HoldForwarded(ctx, f.Tenant.ID, m.ID)))
			waits = append(waits, m)
		}
		late := forwarded(t, st, a, nil)
		press := forwarded(t, st, a, func(in *feierabend.Inbound) {
			in.Kind, in.Text, in.Forwarded, in.Button = feierabend.InboundButton, "", false, feierabend.Button{Act: feierabend.ActTake, Case: waits[0].Case}.String()
		})
		must(t, st.SetCustomers(ctx, a.Tenant.ID, feierabend.CustomerVoices{}, a.Owner))
		if m, err := st.Message(ctx, a.Tenant.ID, waits[0].ID); err != nil || m.State != feierabend.MessageFailed || m.Reason != feierabend.ReasonForwarded || m.Text != "" || m.Case != "" {
			t.Errorf("what waited: %+v, %v", m, err)
		}
		if _, err := st.Case(ctx, a.Tenant.ID, waits[0].Case); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("its case: %v", err)
		}
		if m, err := st.Message(ctx, b.Tenant.ID, waits[1].ID); err != nil || m.Reason != feierabend.ReasonForwardAsk || m.Case == "" {
			t.Errorf("the other firm's: %+v, %v", m, err)
		}
		if _, err := st.HoldForwarded(ctx, a.Tenant.ID, late.ID); feierabend.CodeOf(err) != "forwarded_off" {
			t.Errorf("held while off: %v", err)
		}
		if err := st.DecideForwarded(ctx, a.Tenant.ID, press.ID, feierabend.ForwardTake, a.Owner); feierabend.CodeOf(err) != "forwarded_off" {
			t.Errorf("decided while off: %v", err)
		}
		if m, err := st.Message(ctx, a.Tenant.ID, press.ID); err != nil || m.Sender.Forwarded != "" || m.State != feierabend.MessageReceived {
			t.Errorf("the tap: %+v, %v", m, err)
		}
		storetest.Whole(t, st)
	})
}
