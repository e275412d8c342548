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

const (
	customerPhone = "+4917139200999"
	customerCode  = "3M2QX8VATE4RK"
)

func kundenlink(now time.Time, f storetest.Firm, of feierabend.CaseID) feierabend.CustomerLink {
	return feierabend.CustomerLink{
		ID: feierabend.NewID(), Tenant: f.Tenant.ID, Case: of, By: f.User.ID, Session: []byte("session of " + f.Tenant.Name), State: feierabend.CustomerOpen,
		CreatedAt: now, ExpiresAt: now.Add(feierabend.CustomerTerm),
	}
}

// offered switches the links on and stores one.
func offered(t testing.TB, st *store.Store, f storetest.Firm, of feierabend.CaseID, code string) feierabend.CustomerLink {
	t.Helper()
	must(t, st.SetCustomers(context.Background(), f.Tenant.ID, feierabend.CustomerVoices{Links: true}, f.Owner))
	c := kundenlink(st.Now(), f, of)
	must(t, st.AddCustomerLink(context.Background(), f.Tenant.ID, c, code))
	return c
}

// kunde is a message of a customer's number.
func kunde(st *store.Store, phone, text string, act feierabend.ButtonAct, c feierabend.CustomerLink) feierabend.Inbound {
	in := feierabend.Inbound{Channel: "whatsapp", ExternalID: "wamid." + feierabend.NewID(), From: phone, Kind: feierabend.InboundText, Text: text, At: st.Now(), Dated: true, Raw: []byte(`{"text":"` + text + `"}`)}
	if act != "" {
		in.Kind, in.Text, in.Button = feierabend.InboundButton, "", feierabend.Button{Act: act, Case: feierabend.CaseID(c.ID)}.String()
	}
	return in
}

func withCode(code string) string {
	return "Meine Nachricht an „Deichgrün“. Code: " + feierabend.ShowLinkCode(code)
}

// verified sends the code of a link and gives it as it is then.
func verified(t testing.TB, st *store.Store, c feierabend.CustomerLink, phone, code string) feierabend.CustomerLink {
	t.Helper()
	if got := heard(t, st, kunde(st, phone, withCode(code), "", c)); got.Code != feierabend.LinkHeard || got.Message != "" {
		t.Fatalf("code: %+v", got)
	}
	now, err := st.CustomerLink(context.Background(), c.Tenant, c.ID)
	must(t, err)
	return now
}

func toldTo(t testing.TB, st *store.Store, c feierabend.CustomerLink) string {
	t.Helper()
	return fmt.Sprint(ask(t, st, `SELECT kind, ref FROM outbox WHERE sender_id = $1 ORDER BY created_at, id`, c.ID))
}

// TestKundenlink is the whole way of a link for a new case: code, notice, nothing before
// Einverstanden, messages after it; the number is found nowhere else and goes with the case.
func TestKundenlink(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		c := verified(t, st, offered(t, st, a, "", customerCode), customerPhone, customerCode)
		if c.State != feierabend.CustomerAsked || !c.Own || c.Case == "" || c.Phone != customerPhone {
			t.Fatalf("after the code: %+v", c)
		}
		for i := range 6 { // before the answer: noticed three times, kept never
			in := kunde(st, customerPhone, "Der Hahn tropft.", "", c)
			if i%2 == 1 {
				in.Kind, in.MediaID = feierabend.InboundAudio, "12904"
			}
			if got := heard(t, st, in); got.Code != feierabend.LinkHeard || got.Message != "" {
				t.Fatalf("before the answer: %+v", got)
			}
		}
		if n, told := len(ask(t, st, `SELECT id FROM message`)), toldTo(t, st, c); n != 0 || told != "[[customer notice] [customer notice] [customer notice] [customer notice]]" {
			t.Errorf("before the answer: %d messages, told %s", n, told)
		}
		yes := kunde(st, customerPhone, "", feierabend.ActAgree, c)
		for range 2 {
			heard(t, st, yes)
		}
		if now, err := st.CustomerLink(ctx, a.Tenant.ID, c.ID); err != nil || now.State != feierabend.CustomerAgreed || now.AgreedAt.IsZero() {
			t.Fatalf("agreed: %+v, %v", now, err)
		}
		text := kunde(st, customerPhone, "Der Hahn tropft.", "", c)
		got := heard(t, st, text)
		m, err := st.Message(ctx, a.Tenant.ID, got.Message)
		if err != nil || got.Code != feierabend.CustomerHeard || m.Case != c.Case || !m.Customer || m.Text != text.Text || jobsFor(t, st, feierabend.JobDraft, string(m.ID)) != 1 {
			t.Fatalf("text: %+v, %+v, %v", got, m, err)
		}
		if again := heard(t, st, text); again.Message != "" {
			t.Errorf("delivered twice, stored twice: %+v", again)
		}
		voice := kunde(st, customerPhone, "", "", c)
		voice.Kind, voice.MediaID, voice.Voice = feierabend.InboundAudio, "12904", true
		if got := heard(t, st, voice); got.Code != feierabend.CustomerHeard || jobsFor(t, st, feierabend.JobFetch, string(got.Message)) != 1 {
			t.Errorf("voice: %+v", got)
		}
		for ref, change := range map[string]func(*feierabend.Inbound){
			feierabend.CustomerUnsupported: func(in *feierabend.Inbound) { in.Kind = feierabend.InboundUnsupported },
			feierabend.CustomerForwarded:   func(in *feierabend.Inbound) { in.Forwarded = true },
		} {
			in := kunde(st, customerPhone, "Löschen", "", c)
			change(&in)
			clock.Advance(time.Second)
			if got := heard(t, st, in); got.Code != feierabend.LinkHeard || got.Message != "" {
				t.Errorf("%s: %+v", ref, got)
			}
			if n := len(ask(t, st, `SELECT id FROM outbox WHERE sender_id = $1 AND ref = $2`, c.ID, ref)); n != 1 {
				t.Errorf("%s: told %d times", ref, n)
			}
		}
		if all, err := st.Cases(ctx, b.Tenant.ID); err != nil || len(all) != 0 {
			t.Errorf("the other firm has %v, %v", all, err)
		}
		if _, err := st.Erase(ctx, a.Tenant.ID, c.Case, feierabend.EraseDiscarded, a.Owner); err != nil {
			t.Fatal(err)
		}
		if n := len(ask(t, st, `SELECT id FROM customer_link`)) + len(ask(t, st, `SELECT id FROM message`)); n != 0 {
			t.Errorf("%d rows of the customer are left", n)
		}
		if got := heard(t, st, kunde(st, customerPhone, "Hallo?", "", c)); got.Code != feierabend.UnknownSender {
			t.Errorf("after the erasure: %+v", got)
		}
		storetest.Whole(t, st)
	})
}

// TestKundenlinkRefused: whoever says no leaves nothing: a case of the link's own goes
// with a receipt; of the firm's case only what the customer has sent, at any time.
func TestKundenlinkRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		own := verified(t, st, offered(t, st, a, "", customerCode), customerPhone, customerCode)
		if got := heard(t, st, kunde(st, customerPhone, "", feierabend.ActRefuse, own)); got.Code != feierabend.CustomerGone {
			t.Fatalf("no: %+v", got)
		}
		if r, err := st.ReceiptOf(ctx, a.Tenant.ID, own.Case); err != nil || r.Erased["customers"] != 1 || r.Erased["keys"] != 1 {
			t.Errorf("receipt: %+v, %v", r, err)
		}
		firm := typed(t, st, b, "wamid.own", "Rechnung")
		const second = "9K2QX8VATE4RK"
		c := verified(t, st, offered(t, st, b, firm.Case, second), customerPhone, second)
		if c.Own || c.Case != firm.Case {
			t.Fatalf("of a case: %+v", c)
		}
		heard(t, st, kunde(st, customerPhone, "Einverstanden.", "", c))
		got := heard(t, st, kunde(st, customerPhone, "Der Hahn tropft.", "", c))
		if got.Code != feierabend.CustomerHeard {
			t.Fatalf("after a typed yes: %+v", got)
		}
		must(t, st.FinishMessage(ctx, b.Tenant.ID, got.Message, feierabend.MessageDone, feierabend.ReasonCustomer))
		if in, err := st.Case(ctx, b.Tenant.ID, firm.Case); err != nil || in.Attention != feierabend.ReasonCustomer {
			t.Errorf("the case: %+v, %v", in, err)
		}
		if got := heard(t, st, kunde(st, customerPhone, "nicht auswerten", "", c)); got.Code != feierabend.CustomerGone {
			t.Fatalf("taken back: %+v", got)
		}
		all, err := st.Messages(ctx, b.Tenant.ID, firm.Case)
		if err != nil || len(all) != 1 || all[0].ID != firm.ID {
			t.Errorf("the firm's case holds %+v, %v", all, err)
		}
		if in, err := st.Case(ctx, b.Tenant.ID, firm.Case); err != nil || in.Attention != "" {
			t.Errorf("the case: %+v, %v", in, err)
		}
		if n := len(ask(t, st, `SELECT id FROM customer_link`)); n != 0 {
			t.Errorf("%d links left", n)
		}
		storetest.Whole(t, st)
	})
}

// TestKundenlinkCodes: used by another number, expired, forwarded, taken back, switched
// off, of an erased case or without an agreement: each is a stranger's message. What is
// linked already is told elsewhere (drafting).
func TestKundenlinkCodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		n := 0
		stranger := func(name string, in feierabend.Inbound) {
			t.Helper()
			if got := heard(t, st, in); got.Code != feierabend.UnknownSender || got.Message != "" {
				t.Errorf("%s: %+v", name, got)
			}
		}
		fresh := func(of feierabend.CaseID) (feierabend.CustomerLink, string) {
			n++
			code := feierabend.LinkCode([]byte(fmt.Sprintf("%09d code", n*7919)))
			return offered(t, st, a, of, code), code
		}
		phone := func() string { n++; return fmt.Sprintf("+4917139300%03d", n) }

		used, code := fresh("")
		verified(t, st, used, customerPhone, code)
		stranger("used by another number", kunde(st, phone(), withCode(code), "", used))
		if of, err := st.LinkCodeWaits(ctx, withCode(code)); err != nil || of != feierabend.CodeOfCustomer {
			t.Errorf("typed by a member: %q, %v", of, err)
		}
		open, code := fresh("")
		forwarded := kunde(st, phone(), withCode(code), "", open)
		forwarded.Forwarded = true
		stranger("forwarded", forwarded)
		must(t, st.EndCustomerLink(ctx, a.Tenant.ID, open.ID, a.Owner))
		stranger("taken back", kunde(st, phone(), withCode(code), "", open))

		m := typed(t, st, a, "wamid.case", "Moin")
		gone, code := fresh(m.Case)
		must(t, second(st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)))
		stranger("of an erased case", kunde(st, phone(), withCode(code), "", gone))

		late, code := fresh("")
		clock.Advance(feierabend.CustomerTerm)
		stranger("expired", kunde(st, phone(), withCode(code), "", late))
		clock.Advance(feierabend.LinkLate + time.Second)
		must(t, st.SweepDone(ctx, clock.Now()))
		if _, err := st.CustomerLink(ctx, a.Tenant.ID, late.ID); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("expired and swept: %v", err)
		}

		// A number speaks by its newest code, to the other firm too.
		first, code := fresh("")
		first = verified(t, st, first, customerPhone, code)
		const other = "9K2QX8VATE4RK"
		theirs := verified(t, st, offered(t, st, b, "", other), customerPhone, other)
		if was, err := st.CustomerLink(ctx, a.Tenant.ID, first.ID); err != nil || was.State != feierabend.CustomerEnded || was.Phone != "" {
			t.Errorf("the older link: %+v, %v", was, err)
		}
		heard(t, st, kunde(st, customerPhone, "", feierabend.ActAgree, first)) // a button of the older one
		if now, err := st.CustomerLink(ctx, b.Tenant.ID, theirs.ID); err != nil || now.State != feierabend.CustomerAsked {
			t.Errorf("an old button agreed for the other firm: %+v, %v", now, err)
		}
		must(t, st.SetCustomers(ctx, b.Tenant.ID, feierabend.CustomerVoices{}, b.Owner))
		stranger("switched off", kunde(st, customerPhone, "Hallo", "", theirs))
		if err := st.AddCustomerLink(ctx, b.Tenant.ID, kundenlink(st.Now(), b, ""), other); feierabend.CodeOf(err) != "customers_off" {
			t.Errorf("a link while they are off: %v", err)
		}
		without, code := fresh("")
		do(t, st, `DELETE FROM agreement WHERE tenant_id = $1`, a.Tenant.ID.String())
		stranger("without an agreement", kunde(st, phone(), withCode(code), "", without))
	})
}
