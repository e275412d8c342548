package main

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/simulator"
)

// TestCanary tells the story of two firms with marked names, streets, numbers,
// mails, words and secrets, and then looks for every mark (LOG-05, DEL-05): never
// in a log line, a job row, an address, on stdout or in a temporary file; in the
// data folder never in plain, and after the erasure not in any form.
func TestCanary(t *testing.T) {
	c := newCanary(t)
	a := c.firm("+4917139200155", "Wachtelbrand", "Zinnobersteig 12")
	b := c.firm("+4917139200166", "Quittenmoor", "Malachitgasse 7")

	confirmed, doc := a.invoice(t)
	discarded := b.dictate(t, "Rechnung für Frau Quittenmoor, Malachitgasse 7 in 25524 Itzehoe, zwei Stunden Dispersionsanstrich, heute.")
	a.failures(t)
	c.strangers(t)

	a.signIn(t)
	b.signIn(t)
	b.seesNothing(t, confirmed, doc)
	spoken := b.customer(t)
	a.download(t, doc)
	c.nowhereInPlain(t)

	a.page(t, "/v/"+string(confirmed)+"/gespeichert", url.Values{})
	b.page(t, "/v/"+string(discarded)+"/verwerfen", url.Values{})
	counted, doc := a.invoice(t)
	c.countDown(t, a, doc)
	expired := b.dictate(t, "Angebot für Herrn Quittenmoor, Malachitgasse 7 in 25524 Itzehoe, drei Stunden Lasur.")
	c.expire(t, expired)
	c.discardRest(t, a, b)
	for id, want := range map[feierabend.CaseID]feierabend.EraseReason{
		confirmed: feierabend.EraseConfirmed, discarded: feierabend.EraseDiscarded,
		counted: feierabend.EraseCountedDown, expired: feierabend.EraseExpired, spoken: feierabend.EraseDiscarded,
	} {
		c.erased(t, id, want)
	}
	c.gone(t)
}

// invoice dictates, answers, approves and issues in the chat.
func (f *canaryFirm) invoice(t *testing.T) (feierabend.CaseID, feierabend.Document) {
	t.Helper()
	id := f.dictate(t, f.dictation())
	return id, f.finish(t, id)
}

// dictation is what the firm's person says of the buyer.
func (f *canaryFirm) dictation() string {
	return "Rechnung für Frau " + f.buyer + ", " + f.street + " in 25524 Itzehoe, neuen " + f.part() + " eingebaut, anderthalb Stunden, Anfahrt."
}

// part is what was built in, marked where the firm has a mark for it.
func (f *canaryFirm) part() string {
	if f.built == "" {
		return "Röhrensiphon"
	}
	return f.built
}

// finish answers, corrects, approves and issues in the chat.
func (f *canaryFirm) finish(t *testing.T, id feierabend.CaseID) feierabend.Document {
	t.Helper()
	for range 12 {
		v, err := f.store.Draft(f.ctx, f.tenant, id)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Draft.Questions) == 0 {
			break
		}
		text := map[string]string{"buyer.name": f.buyer, "buyer.address": f.street + ", 25524 Itzehoe"}[v.Draft.Questions[0]]
		if text == "" {
			text = demoAnswer(v.Draft.Questions[0])
		}
		f.say(t, text)
	}
	f.say(t, "Vier "+f.part()+"s statt einem.")
	f.press(t, "Passt so")
	f.press(t, "Ausstellen")
	doc, err := f.store.CaseDocument(f.ctx, f.tenant, id)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(doc.Buyer.Name, f.buyer) {
		t.Fatal("the document has another buyer")
	}
	f.keep(t, id)
	return doc
}

// dictate types a dictation and gives the case with its draft.
func (f *canaryFirm) dictate(t *testing.T, text string) feierabend.CaseID {
	t.Helper()
	old := map[feierabend.CaseID]bool{}
	for _, c := range f.cases(t) {
		old[c.ID] = true
	}
	f.say(t, text)
	for _, c := range f.cases(t) {
		if !old[c.ID] && c.Version > 0 {
			f.keep(t, c.ID)
			return c.ID
		}
	}
	t.Fatal("no draft")
	return ""
}

// say types a text and waits for the answer.
func (f *canaryFirm) say(t *testing.T, text string) {
	t.Helper()
	f.mark(text)
	f.answered(t, func() (string, error) { return f.sim.SendText(f.phone, text) })
}

func (f *canaryFirm) press(t *testing.T, title string) {
	t.Helper()
	f.answered(t, func() (string, error) { return f.sim.Press(f.phone, title) })
}

// answered sends and waits for the message that quotes what was sent.
func (f *canaryFirm) answered(t *testing.T, send func() (string, error)) {
	t.Helper()
	wamid, err := send()
	if err != nil {
		t.Fatal(err)
	}
	err = f.sim.Wait(f.ctx, f.phone, func(bs []simulator.Bubble) bool {
		return slices.ContainsFunc(bs, func(b simulator.Bubble) bool { return b.From == "bot" && b.ReplyTo == wamid })
	})
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	for _, b := range f.sim.Chat(f.phone) {
		f.mark(b.Wamid)
	}
}

// failures are messages that come to nothing, each with marks inside.
func (f *canaryFirm) failures(t *testing.T) {
	t.Helper()
	f.mark("Karfunkelplatz", "Heliotropwort")
	f.answered(t, func() (string, error) {
		return f.sim.SendRaw(f.phone, "Standort", map[string]any{"type": "location", "location": map[string]any{"latitude": 53.9, "longitude": 9.5, "name": "Karfunkelplatz"}})
	})
	f.answered(t, func() (string, error) { return f.sim.SendVoice(f.phone, "Notiz", []byte("Heliotropwort ist kein Ton")) })
	f.say(t, "Bergkristall schimmert heute besonders schön.")
	f.say(t, "Hilfe")
	for _, c := range f.cases(t) {
		f.keep(t, c.ID)
	}
}

// signIn goes through the mail: wrong codes, a link in another browser, the code.
func (f *canaryFirm) signIn(t *testing.T) {
	t.Helper()
	other, err := newVisitor(f.url)
	if err != nil {
		t.Fatal(err)
	}
	if f.visitor, err = newVisitor(f.url); err != nil {
		t.Fatal(err)
	}
	for _, v := range []*visitor{other, f.visitor} {
		v.client.Transport = f.canary // notes every address
	}
	f.page(t, "/anmelden", url.Values{"email": {f.email}})
	token, code := f.mail(t)
	f.mark(token, code, strings.ReplaceAll(code, "-", ""))
	for _, wrong := range []string{"AAAA-BBBB", "ZZZZ-1234"} {
		f.mark(wrong)
		if _, err := f.visitor.do(f.ctx, "/anmelden/code", url.Values{"code": {wrong}}); err == nil {
			t.Error("a wrong code opens")
		}
	}
	for range 2 { // a scanner looks first: nothing happens (AUTH-03)
		f.page(t, "/anmelden/link?t="+token, nil)
	}
	if _, err := other.do(f.ctx, "/anmelden/link", url.Values{"t": {token}}); err == nil {
		t.Error("the link opens in another browser")
	}
	f.page(t, "/anmelden/code", url.Values{"code": {code}})
	u, _ := url.Parse(f.url)
	for _, k := range f.visitor.client.Jar.Cookies(u) {
		f.mark(k.Value)
	}
}

// mail waits for the newest mail to the firm's owner and gives its secrets.
func (f *canaryFirm) mail(t *testing.T) (token, code string) {
	t.Helper()
	for f.ctx.Err() == nil {
		for _, m := range f.sim.Mails() {
			if len(m.To) != 1 || m.To[0] != f.email {
				continue
			}
			code, _, _ = strings.Cut(m.Text, " ist Ihr Code")
			return linkToken.FindStringSubmatch(m.Text)[1], code
		}
		wait(f.ctx)
	}
	t.Fatal("no mail")
	return "", ""
}

// page asks for a page as the signed-in owner and fails unless it is a 200.
func (f *canaryFirm) page(t *testing.T, path string, form url.Values) string {
	t.Helper()
	b, err := f.visitor.do(f.ctx, path, form)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return string(b)
}

// seesNothing asks for everything of the other firm.
func (f *canaryFirm) seesNothing(t *testing.T, id feierabend.CaseID, doc feierabend.Document) {
	t.Helper()
	for _, path := range []string{"/v/" + string(id), "/f/" + string(doc.ID) + "/" + doc.Number + ".pdf", "/v/" + string(id) + "/verwerfen"} {
		if _, err := f.visitor.do(f.ctx, path, nil); err == nil {
			t.Errorf("%s is open to the other firm", path)
		}
	}
	for _, path := range []string{"/v/" + string(id) + "/verwerfen", "/v/" + string(id) + "/gespeichert"} {
		if _, err := f.visitor.do(f.ctx, path, url.Values{}); err == nil {
			t.Errorf("%s works for the other firm", path)
		}
	}
	if home := f.page(t, "/", nil); strings.Contains(home, doc.Buyer.Name) {
		t.Error("the other firm's list shows the buyer")
	}
}

func (f *canaryFirm) download(t *testing.T, doc feierabend.Document) {
	t.Helper()
	if !strings.Contains(f.page(t, "/v/"+string(doc.Case), nil), doc.Buyer.Name) {
		t.Error("the page does not show the buyer: the marks prove nothing")
	}
	for _, ext := range []string{".pdf", ".xml"} {
		f.page(t, "/f/"+string(doc.ID)+"/"+doc.Number+ext+"/download", url.Values{})
	}
}

// wait is a short rest between two looks.
func wait(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(10 * time.Millisecond):
	}
}
