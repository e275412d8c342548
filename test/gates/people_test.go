package gates_test

import (
	"context"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/simulator"
	"feierabend/internal/storetest"
)

// people is what the flows of numbers, customers, entries and keys keep of a run.
type people struct {
	text    string         // with a code, as the page shows it
	begun   map[string]int // messages on each phone before the run
	entry   feierabend.BookEntry
	dropped bool // the service runs with one master key
	file    string
	target  *restoring
}

// fresh forgets the run before.
func (p *people) fresh(w *world) {
	p.text, p.begun, p.entry = "", map[string]int{}, feierabend.BookEntry{}
	for _, phone := range phones() {
		p.begun[phone] = len(w.sim.Chat(phone))
	}
}

// numbers are the flows of a number that is linked (J-03).
var numbers = []flow{
	{name: "link code", prepare: unlinked, act: sendLinkCode, skip: later(), end: askedToLink},
	{name: "link", prepare: waitingForYes, act: pressOn(malte, "Ja, verbinden"), skip: later(), end: linked},
}

// The browser that asks for a code.
const browser = "token of a session"

func session() []byte { return []byte("hash of the token") }

// unlinked takes the number of the run before away.
func unlinked(w *world) {
	ctx := context.Background()
	all, err := w.st.SenderLinks(ctx, w.firm.Tenant.ID)
	must(w.t, err)
	for _, l := range all {
		if l.Phone == malte {
			must(w.t, w.linking.Unlink(ctx, w.firm.Owner, w.firm.Tenant.ID, l.ID))
		}
	}
}

// sendLinkCode asks for a code on the page and sends it from the phone.
func sendLinkCode(w *world) error {
	ctx := context.Background()
	if w.people.text == "" {
		w.clock.Advance(time.Second) // a page shows its newest code
		wish := feierabend.LinkWish{Phone: malte, Cookie: browser, Session: session()}
		if _, err := w.linking.Begin(ctx, w.firm.Owner, w.firm.Tenant.ID, wish); err != nil {
			return err
		}
		p, err := w.linking.Latest(ctx, w.firm.Tenant.ID, browser, session())
		if err != nil {
			return err
		}
		w.people.text = p.Text
	}
	return w.write(malte, w.people.text)
}

// write sends a text from a phone, once in a run.
func (w *world) write(phone, text string) error {
	if w.done {
		return nil
	}
	w.done = true
	_, err := w.sim.SendText(phone, text)
	must(w.t, err)
	return nil
}

func pressOn(phone, title string) func(*world) error {
	return func(w *world) error {
		if w.done {
			return nil
		}
		w.done = true
		_, err := w.sim.Press(phone, title)
		must(w.t, err)
		return nil
	}
}

// before works a person's part and all that follows off.
func (w *world) before(act func(*world) error) {
	w.t.Helper()
	must(w.t, act(w))
	w.rest(later())
	w.done = false
	w.people.fresh(w)
}

func waitingForYes(w *world) {
	unlinked(w)
	w.before(sendLinkCode)
}

// told gives our messages on a phone since the run began that hold some words. None of
// the outbox came twice.
func (w *world) told(phone, part string) (n int) {
	w.t.Helper()
	all, times := w.sim.Chat(phone), map[string]int{}
	for _, b := range all {
		if b.From == "bot" && b.Callback != "" {
			times[b.Callback]++
		}
	}
	for _, b := range all[w.people.begun[phone]:] {
		switch {
		case b.From != "bot":
		case times[b.Callback] > 1:
			w.t.Errorf("%s: a message was sent %d times", w.last(), times[b.Callback])
		case b.State == simulator.StateFailed:
			w.t.Errorf("%s: a message failed", w.last())
		case strings.Contains(b.Text, part):
			n++
		}
	}
	return n
}

// linksOf counts the links of the number.
func (w *world) linksOf(phone string) (n int) {
	w.t.Helper()
	all, err := w.st.SenderLinks(context.Background(), w.firm.Tenant.ID)
	must(w.t, err)
	for _, l := range all {
		if l.Phone == phone && l.Standing == feierabend.SenderActive {
			n++
		}
	}
	return n
}

// askedToLink wants the question on the phone and nothing linked. The question comes
// from no outbox: one whose answer was lost comes again.
func askedToLink(w *world) {
	p, err := w.linking.Latest(context.Background(), w.firm.Tenant.ID, browser, session())
	if err != nil || p.State != feierabend.LinkAsked {
		w.t.Errorf("%s: the challenge is %s, %v", w.last(), p.State, err)
	}
	if n := w.told(malte, "Haben Sie den Code selbst angefordert?"); n == 0 || n > 1 && w.gate.strikes() == 0 {
		w.t.Errorf("%s: the question came %d times", w.last(), n)
	}
	if n := w.linksOf(malte); n != 0 {
		w.t.Errorf("%s: %d links without an answer", w.last(), n)
	}
}

// linked wants one link, one welcome, and a mail to the owner.
func linked(w *world) {
	p, err := w.linking.Latest(context.Background(), w.firm.Tenant.ID, browser, session())
	if err != nil || p.State != feierabend.LinkDone || p.Made.Phone != malte {
		w.t.Errorf("%s: the challenge is %s, %v", w.last(), p.State, err)
	}
	if n := w.linksOf(malte); n != 1 {
		w.t.Errorf("%s: %d links", w.last(), n)
	}
	if n := w.told(malte, ""); n != 1 {
		w.t.Errorf("%s: %d messages, want the welcome", w.last(), n)
	}
	mails := 0
	for _, m := range w.sim.Mails()[:len(w.sim.Mails())-w.mails] {
		if m.Subject == "Neue WhatsApp-Nummer verbunden" {
			mails++
		}
	}
	if mails == 0 || mails > 1 && w.gate.strikes() == 0 {
		w.t.Errorf("%s: the owner was told %d times", w.last(), mails)
	}
	if n := storetest.Query(w.t, w.st, `SELECT count(*) FROM audit WHERE act = 'sender.linked' AND ref = $1`, string(p.Made.ID))[0][0]; n != "1" {
		w.t.Errorf("%s: %s records of the link", w.last(), n)
	}
}

// customers are the flows of a Kundenlink (J-21).
var customers = []flow{
	{name: "customer code", prepare: offering, act: sendCustomerCode, skip: later(), end: noticed},
	{name: "customer agrees", prepare: customerAsked, act: pressOn(kunde, "Einverstanden"), skip: later(), end: agreed},
	{name: "customer speaks", prepare: customerAgreed, act: func(w *world) error { return w.write(kunde, customerWords) }, skip: later(), end: spoke},
	{name: "customer refuses", prepare: customerSpoke, act: func(w *world) error { return w.write(kunde, "Nicht auswerten") }, skip: unhurried, end: refused},
}

const customerWords = "Moin, bei mir am Türkisweiher tropft der Hahn."

// offering has the firm's instruction; thirty links a day are a firm's. Its person has
// written today: they are told of the customer's words.
func offering(w *world) {
	w.clock.Advance(8 * time.Hour)
	must(w.t, say("Hilfe")(w))
	w.rest(later())
	w.done = false
	w.begun = len(w.sim.Chat(hauke))
	must(w.t, w.linking.SetCustomers(context.Background(), w.firm.Owner, w.firm.Tenant.ID, feierabend.CustomerVoices{Links: true}))
}

func sendCustomerCode(w *world) error {
	ctx, firm := context.Background(), w.firm.Tenant.ID
	if w.people.text == "" {
		c, err := w.linking.OfferCustomer(ctx, w.firm.Owner, firm, "", browser, session())
		if err != nil {
			return err
		}
		p, err := w.linking.Customer(ctx, firm, c.ID, browser, session())
		if err != nil {
			return err
		}
		w.people.text = p.Text
	}
	return w.write(kunde, w.people.text)
}

func customerAsked(w *world) {
	offering(w)
	w.before(sendCustomerCode)
}

func customerAgreed(w *world) {
	customerAsked(w)
	w.before(pressOn(kunde, "Einverstanden"))
}

func customerSpoke(w *world) {
	customerAgreed(w)
	w.before(func(w *world) error { return w.write(kunde, customerWords) })
}

// customerLink wants one link in a state, and its case.
func (w *world) customerLink(state feierabend.CustomerState) {
	w.t.Helper()
	all, err := w.st.CustomerLinks(context.Background(), w.firm.Tenant.ID, w.kase().ID)
	must(w.t, err)
	if len(all) != 1 || all[0].State != state || all[0].Phone != kunde || !all[0].Own {
		w.t.Errorf("%s: links %+v, want one that is %s", w.last(), all, state)
	}
}

func noticed(w *world) {
	w.customerLink(feierabend.CustomerAsked)
	if n := w.told(kunde, ""); n != 1 || w.told(kunde, "Programm mit KI") != 1 {
		w.t.Errorf("%s: %d messages, want the notice", w.last(), n)
	}
}

func agreed(w *world) {
	w.customerLink(feierabend.CustomerAgreed)
	if n := w.told(kunde, ""); n != 1 || w.told(kunde, "Danke.") != 1 {
		w.t.Errorf("%s: %d messages, want the welcome", w.last(), n)
	}
}

// spoke wants the words once in a note of the firm, its person told once, and no answer.
func spoke(w *world) {
	w.customerLink(feierabend.CustomerAgreed)
	c := w.kase()
	v, err := w.st.Draft(context.Background(), c.Tenant, c.ID)
	if err != nil || c.Version != 1 || !v.Draft.Customer || len(v.Draft.Tasks) != 1 || v.Draft.Tasks[0].Text != customerWords {
		w.t.Errorf("%s: version %d, %v", w.last(), c.Version, err)
	}
	if n, to := w.told(kunde, ""), w.told(hauke, ""); n != 0 || to != 1 {
		w.t.Errorf("%s: %d messages to the customer, %d to the firm", w.last(), n, to)
	}
	if n := storetest.Query(w.t, w.st, `SELECT count(*) FROM message WHERE state <> 'done'`)[0][0]; n != "0" {
		w.t.Errorf("%s: %s messages are not done", w.last(), n)
	}
}

// refused wants everything of the customer's gone, with its proof.
func refused(w *world) {
	erased(feierabend.EraseDiscarded)(w)
	if n := storetest.Query(w.t, w.st, `SELECT count(*) FROM customer_link WHERE case_id <> ''`)[0][0]; n != "0" {
		w.t.Errorf("%s: %s links of the customer", w.last(), n)
	}
	if n := w.told(kunde, ""); n != 0 {
		w.t.Errorf("%s: %d messages to the customer", w.last(), n)
	}
}
