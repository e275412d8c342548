package web_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
)

const linkPhone = "+4917139203456"

// says delivers a message of an unknown number that must mean something.
func (w *world) says(id, text, button string) {
	w.t.Helper()
	in := feierabend.Inbound{Channel: "whatsapp", ExternalID: "wamid." + id, From: linkPhone, Kind: feierabend.InboundText, Text: text, At: w.store.Now(), Dated: true}
	if button != "" {
		in.Kind, in.Button = feierabend.InboundButton, button
	}
	out, err := w.store.Receive(context.Background(), []feierabend.Inbound{in})
	must(w.t, err)
	if out[0].Code != feierabend.LinkHeard {
		w.t.Fatalf("message %s: %+v", id, out[0])
	}
}

// TestLinkANumber is the whole way on the pages: number, code, question, Ja, and the
// page sees each step by its stand; no GET changes anything.
func TestLinkANumber(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me := w.signedIn(w.a)
	res := me.do("POST", "/nummern/neu", url.Values{"nummer": {"0171 39203456"}})
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/nummern/verbinden" {
		t.Fatalf("%d %s", res.StatusCode, res.Header.Get("Location"))
	}
	page := text(t, me.do("GET", "/nummern/verbinden", nil))
	code := find(t, page, `Code: <b[^>]*>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5})</b>`)
	for n := range 3 { // as often as one likes, with and without JavaScript
		if again := text(t, me.do("GET", "/nummern/verbinden", nil)); !strings.Contains(again, code) {
			t.Fatalf("look %d: another code", n)
		}
	}
	href := html.UnescapeString(find(t, page, `href="(http://127\.0\.0\.1:8081/wa\.me\?[^"]+)"`))
	u, err := url.Parse(href)
	must(t, err)
	if u.Query().Get("nummer") != linkPhone {
		t.Errorf("the demo's link is %s", href)
	}
	w.options.PhoneURL = "" // not a demo: the real one
	w.build()
	if live := text(t, me.do("GET", "/nummern/verbinden", nil)); !strings.Contains(live, `href="https://wa.me/4930231250420?text=Ich%20verbinde`) {
		t.Error("no link to WhatsApp")
	}
	if said := u.Query().Get("text"); !strings.Contains(said, code) || !strings.Contains(said, w.a.Tenant.Name) {
		t.Errorf("the prefilled text is %q", said)
	}
	if !strings.Contains(page, `<svg class="qr"`) {
		t.Error("no QR code")
	}
	if got := me.do("GET", "/nummern/verbinden", nil).Header.Get("Location"); got != "" {
		t.Errorf("led to %s", got)
	}
	for _, b := range []*browser{w.signedIn(w.a), w.signedIn(w.b)} { // another browser never sees the code
		if other := b.do("GET", "/nummern/verbinden", nil); other.StatusCode != http.StatusSeeOther || strings.Contains(text(t, other), code) {
			t.Errorf("another browser: %d", other.StatusCode)
		}
	}
	stand := text(t, me.do("GET", "/nummern/verbinden/stand", nil))
	w.says("1", u.Query().Get("text"), "")
	if now := text(t, me.do("GET", "/nummern/verbinden/stand", nil)); now == stand {
		t.Error("the page does not notice that the code came")
	}
	if page = text(t, me.do("GET", "/nummern/verbinden", nil)); !strings.Contains(page, "Code angekommen") || strings.Contains(page, code) {
		t.Error("the page after the code")
	}
	id := find(t, text(t, me.do("GET", "/nummern/verbinden/stand", nil)), `"([a-z2-7]{26}) asked"`)
	must(t, w.linking.Ask(ctx, feierabend.Job{K: feierabend.JobLinkAsk, Tenant: w.a.Tenant.ID.String(), Ref: id}))
	question := w.chat.sent[0]
	if question.To != linkPhone || len(question.Buttons) != 2 || !strings.Contains(question.Text, w.a.Tenant.Name) || strings.Contains(question.Text, w.a.User.Email) {
		t.Errorf("the question is %+v", question)
	}
	w.says("2", "", question.Buttons[0].ID)
	if page = text(t, me.do("GET", "/nummern/verbinden", nil)); !strings.Contains(page, "spricht jetzt für Ihre Firma") {
		t.Errorf("the page after Ja:\n%s", page)
	}
	must(t, w.linking.Mail(ctx, feierabend.Job{K: feierabend.JobLinkMail, Tenant: w.a.Tenant.ID.String(), Ref: id + ":" + string(w.a.User.ID)}))
	if m := w.mails.last(t); m.To != w.a.User.Email || !strings.Contains(m.Text, "+49 171 ••• 56") || strings.Contains(m.Text+m.HTML, linkPhone) {
		t.Errorf("the mail to the owner: %+v", m)
	}
	list := text(t, me.do("GET", "/nummern", nil))
	if strings.Count(list, "Verbunden</span>") != 2 || strings.Contains(text(t, w.signedIn(w.b).do("GET", "/nummern", nil)), "••• 56") {
		t.Error("the lists of both firms")
	}
	unlink := find(t, list, `href="(/nummern/[a-z2-7]{26}/trennen)"`)
	if res := me.do("GET", unlink, nil); res.StatusCode != http.StatusOK || !strings.Contains(text(t, me.do("GET", "/nummern", nil)), unlink) {
		t.Errorf("a look at the question: %d", res.StatusCode)
	}
	if res := me.do("POST", unlink, url.Values{}); res.Header.Get("Location") != "/nummern?meldung=getrennt" || strings.Contains(text(t, me.do("GET", "/nummern", nil)), unlink) {
		t.Errorf("unlinked: %d", res.StatusCode)
	}
	if logs := w.logs.String(); strings.Contains(logs, code) || strings.Contains(logs, linkPhone[3:]) {
		t.Error("code or number in the log")
	}
}

// TestNumberForm: what cannot be linked is said at its field, and what was typed stays.
func TestNumberForm(t *testing.T) {
	w := newWorld(t)
	staff := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: "malte@deichgruen.example", Name: "Malte Ünsal"}
	must(t, w.store.AddUser(context.Background(), staff))
	must(t, w.store.AddMembership(context.Background(), feierabend.Membership{User: staff.ID, Tenant: w.a.Tenant.ID, Role: feierabend.RoleStaff}))
	for name, tc := range map[string]struct {
		by     feierabend.UserID // "" = the owner
		form   url.Values
		status int
		says   string
	}{
		"empty":             {"", url.Values{}, 422, "Bitte geben Sie die Handynummer ein"},
		"no number":         {"", url.Values{"nummer": {"<b>0171</b>"}}, 422, "&lt;b&gt;0171&lt;/b&gt;"},
		"our own":           {"", url.Values{"nummer": {"030 231250420"}}, 422, "die Nummer von Feierabend"},
		"linked here":       {"", url.Values{"nummer": {w.a.Sender.Phone}}, 422, "schon verbunden"},
		"of a stranger":     {"", url.Values{"nummer": {linkPhone}, "person": {string(w.b.User.ID)}}, 422, "gehört nicht zu Ihrer Firma"},
		"staff for another": {staff.ID, url.Values{"nummer": {linkPhone}, "person": {string(w.a.User.ID)}}, 303, ""},
		"staff for himself": {staff.ID, url.Values{"nummer": {linkPhone}}, 303, ""},
		// Whether another firm has the number is not told on the page.
		"linked elsewhere": {"", url.Values{"nummer": {w.b.Sender.Phone}}, 303, ""},
		"owner for staff":  {"", url.Values{"nummer": {linkPhone}, "person": {string(staff.ID)}}, 303, ""},
	} {
		t.Run(name, func(t *testing.T) {
			by := w.signedIn(w.a)
			if tc.by != "" {
				by = w.session(tc.by, w.a.Tenant.ID, feierabend.RoleStaff)
			}
			res := by.do("POST", "/nummern/neu", tc.form)
			if body := text(t, res); res.StatusCode != tc.status || !strings.Contains(body, tc.says) {
				t.Errorf("%d, want %d and %q\n%s", res.StatusCode, tc.status, tc.says, body)
			}
		})
	}
	links, err := w.store.LatestLink(context.Background(), w.b.Tenant.ID, nil)
	if feierabend.KindOf(err) != feierabend.NotFound {
		t.Errorf("the other firm has %+v, %v", links, err)
	}
}

// TestLinkLimits: five codes an hour and firm; the other firm has its own five.
func TestLinkLimits(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	for n := range 6 {
		res := me.do("POST", "/nummern/neu", url.Values{"nummer": {fmt.Sprintf("0171 392034%02d", n)}})
		want := http.StatusSeeOther
		if n == 5 {
			want = http.StatusUnprocessableEntity
		}
		if res.StatusCode != want {
			t.Errorf("try %d: %d, want %d", n, res.StatusCode, want)
		}
	}
	if res := w.signedIn(w.b).do("POST", "/nummern/neu", url.Values{"nummer": {"0171 39203499"}}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the other firm: %d", res.StatusCode)
	}
	w.clock.Advance(2 * time.Hour)
	far := w.signedIn(w.b)
	far.addr = "203.0.113.9:1234"
	for n := range 6 {
		res := far.do("POST", "/nummern/neu", url.Values{"nummer": {fmt.Sprintf("0171 392035%02d", n)}})
		if n == 5 && res.StatusCode != http.StatusTooManyRequests {
			t.Errorf("sixth of one address: %d", res.StatusCode)
		}
	}
}

// TestUnlinkRights: staff end their own number and no other; what they dictated with it
// stays theirs to open (J-15), and the owner still reads who spoke.
func TestUnlinkRights(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	staff := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: "malte@deichgruen.example", Name: "Malte Ünsal"}
	must(t, w.store.AddUser(ctx, staff))
	must(t, w.store.AddMembership(ctx, feierabend.Membership{User: staff.ID, Tenant: w.a.Tenant.ID, Role: feierabend.RoleStaff}))
	own := feierabend.SenderID(feierabend.NewID())
	must(t, w.store.AddSenderLink(ctx, w.a.Tenant.ID, feierabend.SenderLink{ID: own, User: staff.ID, Phone: linkPhone}))
	his := w.a
	his.Sender = feierabend.SenderLink{ID: own, User: staff.ID, Phone: linkPhone}
	dictated := w.dictated(his, "wamid.malte", complete)
	waiting, _ := w.spoken(his, "wamid.wartet", "Notiz")
	b := w.session(staff.ID, w.a.Tenant.ID, feierabend.RoleStaff)
	if res := b.do("POST", "/nummern/"+string(w.a.Sender.ID)+"/trennen", url.Values{}); res.StatusCode != http.StatusForbidden || standing(t, w.store, w.a.Tenant.ID, w.a.Sender.ID) != feierabend.SenderActive {
		t.Errorf("the owner's number: %d", res.StatusCode)
	}
	if res := b.do("POST", "/nummern/"+string(own)+"/trennen", url.Values{}); res.StatusCode != http.StatusSeeOther || standing(t, w.store, w.a.Tenant.ID, own) != feierabend.SenderEnded {
		t.Errorf("the own number: %d", res.StatusCode)
	}
	if !strings.Contains(b.page("/"), string(dictated)) || b.do("GET", "/v/"+string(dictated), nil).StatusCode != http.StatusOK {
		t.Error("the own case is gone with the number")
	}
	if !strings.Contains(w.signedIn(w.a).page("/v/"+string(waiting)), staff.Name) {
		t.Error("the owner reads no more who spoke")
	}
	if res := w.signedIn(w.b).do("GET", "/v/"+string(dictated), nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("another firm: %d", res.StatusCode)
	}
}

func standing(t *testing.T, st *store.Store, tenant feierabend.TenantID, id feierabend.SenderID) feierabend.Standing {
	t.Helper()
	l, err := st.SenderLink(context.Background(), tenant, id)
	must(t, err)
	return l.Standing
}

// TestLinkPageWithoutNumber: while the number is not to be seen the page says how it is
// shared and how it goes without; each step is news, and another number ends it.
func TestLinkPageWithoutNumber(t *testing.T) {
	w := newWorld(t)
	me, other := w.signedIn(w.a), w.signedIn(w.b)
	says := func(text, contact string) {
		t.Helper()
		in := feierabend.Inbound{Channel: "whatsapp", ExternalID: "wamid." + feierabend.NewID(), BSUID: "DE.7", Kind: feierabend.InboundText, Text: text, Contact: contact, At: w.store.Now(), Dated: true}
		if contact != "" {
			in.Kind = feierabend.InboundUnsupported
		}
		out, err := w.store.Receive(context.Background(), []feierabend.Inbound{in})
		must(t, err)
		if out[0].Code != feierabend.LinkHeard {
			t.Fatalf("%+v", out[0])
		}
	}
	for _, shared := range []string{linkPhone, "+4917139203999"} {
		me.post("/nummern/neu", url.Values{"nummer": {linkPhone}})
		says(find(t, me.page("/nummern/verbinden"), `Code: <b[^>]*>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5})</b>`), "")
		page := me.page("/nummern/verbinden")
		if !strings.Contains(page, "Im Chat die Nummer teilen") || !strings.Contains(page, "Sie möchten die Nummer nicht teilen?") || strings.Contains(page, linkPhone) {
			t.Errorf("before the number:\n%s", page)
		}
		stand := text(t, me.do("GET", "/nummern/verbinden/stand", nil))
		says("", shared)
		if text(t, me.do("GET", "/nummern/verbinden/stand", nil)) == stand {
			t.Error("the page learns nothing of the number")
		}
		want := "Ja, verbinden"
		if shared != linkPhone {
			want = "Im Chat wurde eine andere Nummer geteilt"
		}
		if page := me.page("/nummern/verbinden"); !strings.Contains(page, want) || strings.Contains(page, "Im Chat die Nummer teilen") || strings.Contains(page, "39203999") {
			t.Errorf("after the number:\n%s", page)
		}
		w.clock.Advance(time.Second)
	}
	if res := other.do("GET", "/nummern/verbinden", nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the other firm: %d", res.StatusCode)
	}
}
