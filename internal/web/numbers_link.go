package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"feierabend"
)

// numberPage asks for the number that is to be linked.
type numberPage struct {
	Form   form
	First  bool   // the firm has none yet
	Action string // where the form goes
	Who    string // whose suspended number is proved anew, "" = the own, or the form asks
}

// numberFields are the fields of the form; only the owner chooses for whom. While
// numbers of others are suspended nobody is chosen beforehand: whose number it is decides
// what may be said from it.
func numberFields(me feierabend.Session, people []feierabend.Colleague, links []feierabend.SenderLink) form {
	fields := []field{{
		Name: "nummer", Label: "Handynummer", Kind: "tel", Auto: "tel", Max: 40, Focus: true,
		Hint: "Die Nummer, mit der WhatsApp läuft. Mit Vorwahl, Ausland mit +.",
	}}
	if me.Role == feierabend.RoleOwner && len(people) > 1 {
		who := field{Name: "person", Label: "Wessen Nummer?", Kind: "select", Value: string(me.User)}
		for _, l := range links {
			if l.Standing == feierabend.SenderSuspended && l.User != me.User && who.Value != "" {
				who.Value, who.Options = "", []option{{"", "Bitte wählen"}}
			}
		}
		for _, c := range people {
			label := c.User.Name
			if c.User.ID == me.User {
				label += " (ich)"
			}
			who.Options = append(who.Options, option{string(c.User.ID), label})
		}
		fields = append(fields, who)
	}
	return newForm(fields...)
}

// numberForm is GET /nummern/neu, and of a firm without a number GET /nummern.
func (s *server) numberForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	p, err := s.newNumber(r, v)
	if err != nil {
		return err
	}
	p.Form.set("nummer", v.user.Phone)
	return s.numberPage(w, v, http.StatusOK, p)
}

// newNumber is the empty form.
func (s *server) newNumber(r *http.Request, v *visit) (p numberPage, err error) {
	people, err := s.Numbers.Colleagues(r.Context(), v.session.Tenant)
	if err != nil {
		return p, err
	}
	links, err := s.Numbers.SenderLinks(r.Context(), v.session.Tenant)
	if err != nil {
		return p, err
	}
	return numberPage{Form: numberFields(v.session, people, links), First: len(links) == 0, Action: "/nummern/neu"}, nil
}

func (s *server) numberPage(w http.ResponseWriter, v *visit, status int, p numberPage) error {
	return s.show(w, v, status, page{View: "number", Title: "Nummer verbinden", Nav: "einstellungen", Content: p})
}

// numberBegin is POST /nummern/neu.
func (s *server) numberBegin(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	p, err := s.newNumber(r, v)
	if err != nil {
		return err
	}
	asks := p.Form.value("person") == ""
	p.Form.read(r.PostForm)
	if who, err := p.Form.At("person"); err == nil && asks && who.Value == "" {
		p.Form.fail("person", "Bitte wählen Sie, wessen Nummer das ist. Ausgesetzte Nummern verbinden Sie am besten in der Liste neu.")
		return s.numberPage(w, v, http.StatusUnprocessableEntity, p)
	}
	return s.beginLink(w, r, v, p, feierabend.UserID(p.Form.value("person")))
}

// beginLink asks for the code of the number in the form.
func (s *server) beginLink(w http.ResponseWriter, r *http.Request, v *visit, p numberPage, whose feierabend.UserID) error {
	if !s.linkAllowed(r) {
		p.Form.fail("", "Von diesem Anschluss kamen in der letzten Stunde zu viele Anfragen. Es ist nichts verbunden worden. Bitte versuchen Sie es in einer Stunde noch einmal.")
		return s.numberPage(w, v, http.StatusTooManyRequests, p)
	}
	wish := feierabend.LinkWish{User: whose, Phone: p.Form.value("nummer"), Cookie: v.cookie, Session: v.session.TokenHash}
	if _, err := s.Linking.Begin(r.Context(), v.by(), v.session.Tenant, wish); err != nil {
		if p.Form.take(err) {
			return s.numberPage(w, v, http.StatusUnprocessableEntity, p)
		}
		return err
	}
	http.Redirect(w, r, "/nummern/verbinden", http.StatusSeeOther)
	return nil
}

// again is the form that proves a suspended number anew. Whose it is stands in the path:
// a detour over sign-in or proof keeps it. ok is false where the number is not suspended.
func (s *server) again(r *http.Request, v *visit) (p numberPage, l feierabend.SenderLink, ok bool, err error) {
	if l, err = s.senderOf(r, v); err != nil {
		return p, l, false, err
	}
	mine := l.User == v.session.User
	if !mine && v.session.Role != feierabend.RoleOwner {
		return p, l, false, errRole(owner)
	}
	if l.Standing != feierabend.SenderSuspended {
		return p, l, false, nil
	}
	p = numberPage{Form: numberFields(v.session, nil, nil), Action: "/nummern/" + string(l.ID) + "/neu"}
	if !mine {
		u, err := s.Directory.User(r.Context(), l.User)
		if err != nil {
			return p, l, false, err
		}
		p.Who = u.Name
	}
	p.Form.set("nummer", l.Phone)
	return p, l, true, nil
}

// numberAgainForm is GET /nummern/{sender}/neu.
func (s *server) numberAgainForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	p, _, ok, err := s.again(r, v)
	switch {
	case err != nil:
		return err
	case !ok:
		http.Redirect(w, r, "/nummern", http.StatusSeeOther)
		return nil
	}
	return s.numberPage(w, v, http.StatusOK, p)
}

// numberAgain is POST /nummern/{sender}/neu.
func (s *server) numberAgain(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	p, l, ok, err := s.again(r, v)
	switch {
	case err != nil:
		return err
	case !ok: // proved or unlinked meanwhile
		http.Redirect(w, r, "/nummern", http.StatusSeeOther)
		return nil
	}
	p.Form.read(r.PostForm)
	return s.beginLink(w, r, v, p, l.User)
}

// linkAllowed: five challenges an hour per address of the network, /64 for IPv6
// (whatsapp.md §9.2). A demo on this machine is not limited here.
func (s *server) linkAllowed(r *http.Request) bool {
	network, loopback := networkOf(r)
	if network == "" || loopback && s.Mode == ModeDemo {
		return true
	}
	return s.flood.allow("link "+network, feierabend.LinksAnHour, s.Now())
}

// linkingPage is a challenge in one of its states.
type linkingPage struct {
	State  string // open, share (the number is not to be seen), asked, confirm, done, refused, other, taken, over
	Mask   string
	Who    string // whose number, "" = one's own
	Code   string
	Text   string
	URL    string
	QR     qrCode
	Until  string
	Number string // of the service, for people
	Steps  []step
}

// linking is GET /nummern/verbinden: the code, then what became of it.
func (s *server) linking(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := s.Linking.Latest(r.Context(), v.session.Tenant, v.cookie, v.session.TokenHash)
	if absent(err) {
		http.Redirect(w, r, "/nummern", http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	who := ""
	if c.User != v.session.User {
		u, err := s.Directory.User(r.Context(), c.User)
		if err != nil && !absent(err) {
			return err
		}
		who = u.Name
	}
	p, err := s.linkingPage(c, who)
	if err != nil {
		return err
	}
	out := page{View: "number_link", Title: "Nummer verbinden", Nav: "einstellungen", Content: p}
	if c.Waits(s.Now()) {
		out.Live = &live{URL: "/nummern/verbinden/stand", Stand: s.linkStand(c), Seconds: 1, Refresh: 10}
	}
	return s.show(w, v, http.StatusOK, out)
}

func (s *server) linkingPage(c feierabend.LinkPending, who string) (p linkingPage, err error) {
	f := format{s.Zone}
	p = linkingPage{State: string(c.State), Mask: feierabend.MaskPhone(c.Phone), Who: who, Code: c.Code, Text: c.Text, URL: c.URL, Number: s.Number}
	waits := c.Waits(s.Now())
	switch {
	case c.State == feierabend.LinkOpen && waits:
		p.Until = f.clock(c.ExpiresAt)
		if c.URL != "" {
			if p.QR, err = newQR(c.URL); err != nil {
				return p, err
			}
			p.URL = s.chatLink(c.Phone, c.Text)
		}
	case c.State == feierabend.LinkDone:
		if p.URL = s.chatLink(c.Phone, c.Text); c.Made.Phone == "" {
			p.Mask = "ohne sichtbare Nummer"
		}
	case c.State == feierabend.LinkAsked && waits && !c.Numbered:
		p.State = "share"
	case c.State == feierabend.LinkVoid, !waits && (c.State == feierabend.LinkOpen || c.State == feierabend.LinkAsked || c.State == feierabend.LinkConfirm):
		p.State = "over"
	}
	p.Steps = linkSteps(p.State)
	return p, nil
}

// chatLink opens the chat with a text to be sent from a number: a wa.me link, "" where
// no number of ours is configured. In a demo it is that of the simulator's phone and
// never leads to a real host.
func (s *server) chatLink(from, text string) string {
	u, err := url.Parse(s.PhoneURL)
	switch {
	case s.PhoneURL != "" && err == nil:
		u.Path, u.RawQuery = "/wa.me", url.Values{"nummer": {from}, "text": {text}}.Encode()
		return u.String()
	case s.Number == "":
		return ""
	case text == "":
		return "https://wa.me/" + s.Number[1:]
	}
	return "https://wa.me/" + s.Number[1:] + "?text=" + strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

// linkSteps shows how far a link that may still come about has come.
func linkSteps(state string) []step {
	at := map[string]int{"open": 0, "share": 1, "asked": 1, "confirm": 2}
	n, ok := at[state]
	if !ok {
		return nil
	}
	out := []step{{Icon: "send", Text: "Nachricht mit dem Code senden"}, {Icon: "ask", Text: "Im Chat mit Ja antworten"}}
	if state == "share" {
		out = slices.Insert(out, 1, step{Icon: "phone", Text: "Im Chat die Nummer teilen"})
	}
	if state == "confirm" {
		out = append(out, step{Icon: "check", Text: "Hier bestätigen"})
	} else {
		out = append(out, step{Icon: "check", Text: "Verbunden"})
	}
	for i := range out {
		out[i].Past, out[i].Now = i < n, i == n
	}
	return out
}

// linkStand names what the page shows; another one means news.
func (s *server) linkStand(c feierabend.LinkPending) string {
	stand := c.ID + " " + string(c.State)
	if c.State == feierabend.LinkAsked && !c.Numbered {
		stand += " share"
	}
	if !c.Waits(s.Now()) {
		stand += " over"
	}
	return stand
}

// linkingStand is GET /nummern/verbinden/stand.
func (s *server) linkingStand(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := s.Linking.Latest(r.Context(), v.session.Tenant, v.cookie, v.session.TokenHash)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, standAnswer{s.linkStand(c)})
}

// linkingConfirm is POST /nummern/verbinden/ja: the last word where WhatsApp did not
// show the number (J-03).
func (s *server) linkingConfirm(w http.ResponseWriter, r *http.Request, v *visit) error {
	err := s.Linking.Confirm(r.Context(), v.by(), v.session.Tenant, v.session.TokenHash)
	if err != nil && feierabend.CodeOf(err) != "link_over" && !absent(err) { // over: the page says so
		return err
	}
	http.Redirect(w, r, "/nummern/verbinden", http.StatusSeeOther)
	return nil
}

// linkingCancel is POST /nummern/verbinden/abbrechen.
func (s *server) linkingCancel(w http.ResponseWriter, r *http.Request, v *visit) error {
	err := s.Linking.Cancel(r.Context(), v.by(), v.session.Tenant, v.session.TokenHash)
	if err != nil && !absent(err) {
		return err
	}
	http.Redirect(w, r, "/nummern?meldung=abgebrochen", http.StatusSeeOther)
	return nil
}
