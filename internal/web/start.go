package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"feierabend"
)

// startPage is the dashboard: what waits for me, and what runs by itself.
type startPage struct {
	Day, Headline string
	Overdue       string // what it means that erasing is late, "" = it is not
	Yours         []row
	Running       []row
	YoursAll      int    // how many wait, over all pages
	RunningAll    int    // how many run by themselves, over all pages
	Shown         string // "51 bis 100 von 1.000", "" = everything is on this page
	More, Back    string // next page and the one before, "" = none
	ErasedToday   int
	Kept          int
	Oldest        string // age of the oldest case, "27 Tage"
	NextErasure   string // "Nächste Löschung in 21 Std. 4 Min."
	Number        string // WhatsApp number to speak to
	PhoneURL      string
	Unlinked      bool // this person has no number yet: nothing can be spoken
}

// row is one case = one link.
type row struct {
	URL, Who, Meta string
	Sum            string // "896,67 €", "" = none
	Partial        bool   // only "bisher"
	Writing        bool   // the amount follows
	Tag            tag
	Left           left
}

// start is GET /: the dashboard, or the way to the sign-in page.
func (s *server) start(w http.ResponseWriter, r *http.Request, v *visit) error {
	err := s.identify(r, v)
	switch {
	case feierabend.KindOf(err) == feierabend.Unauthorized:
		http.Redirect(w, r, "/anmelden", http.StatusSeeOther)
		return nil
	case err != nil:
		return err
	case v.session.Duty == feierabend.DutyOperator:
		http.Redirect(w, r, "/betrieb", http.StatusSeeOther)
		return nil
	case v.session.Tenant.IsZero():
		http.Redirect(w, r, "/firma", http.StatusSeeOther)
		return nil
	}
	if done, err := s.withoutContract(w, r, v, route{method: http.MethodGet, class: classPage}); done || err != nil {
		return err
	}
	list, err := s.caseList(r.Context(), v)
	if err != nil {
		return err
	}
	now := s.Now()
	p := startPage{Day: format{s.Zone}.longDay(now), Number: phone(s.Number), PhoneURL: s.PhoneURL, Kept: len(list)}
	pending := s.fill(&p, now, list, pageNumber(r.URL.Query().Get("seite")))
	code, err := s.Erasure.Overdue(r.Context())
	if err != nil {
		return err
	}
	p.Overdue = overdueText(code)
	linked, err := s.linked(r.Context(), v)
	if err != nil {
		return err
	}
	p.Unlinked = !linked
	if p.ErasedToday, err = s.erasedToday(r.Context(), v, now); err != nil {
		return err
	}
	l := &live{URL: "/stand", Stand: standOf(list), Seconds: 5}
	if pending {
		l.Seconds, l.Refresh = 2, 6
	}
	return s.show(w, v, http.StatusOK, page{View: "start", Title: "Was wartet", Nav: "start", Live: l, Content: p})
}

// pageRows is how many cases a page of a list shows at most: the page stays under
// 100 kB, however much waits (design §9).
const pageRows = 50

// pageNumber reads ?seite=2, counted from 1; anything else is the first page.
func pageNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1_000_000 {
		return 1
	}
	return n
}

// fill sorts the cases into what waits for a person and what runs by itself, and makes
// the rows of one page of them; counts are those of all pages. pending says that
// something will happen within seconds.
func (s *server) fill(p *startPage, now time.Time, list []entry, number int) (pending bool) {
	order := slices.Clone(list)
	for _, e := range order {
		if e.stage.Yours() {
			p.YoursAll++
		}
		pending = pending || e.stage.Pending()
	}
	p.RunningAll = len(order) - p.YoursAll
	slices.SortStableFunc(order, func(a, b entry) int {
		ra, rb := rank(now, a), rank(now, b)
		if ra != rb || !a.stage.Yours() {
			return cmp.Compare(ra, rb)
		}
		return b.ChangedAt.Compare(a.ChangedAt)
	})
	number = min(number, max(1, (len(order)+pageRows-1)/pageRows)) // a page that has become empty shows the last one
	first, end := (number-1)*pageRows, min(number*pageRows, len(order))
	for _, e := range order[first:end] {
		if e.stage.Yours() {
			p.Yours = append(p.Yours, s.row(now, e))
		} else {
			p.Running = append(p.Running, s.row(now, e))
		}
	}
	if len(order) > pageRows {
		p.Shown = fmt.Sprintf("%d bis %d von %s", first+1, end, thousands(len(order)))
	}
	if end < len(order) {
		p.More = "/?seite=" + strconv.Itoa(number+1)
	}
	switch {
	case number == 2:
		p.Back = "/"
	case number > 2:
		p.Back = "/?seite=" + strconv.Itoa(number-1)
	}
	p.Headline = headline(p.YoursAll, p.RunningAll)
	s.kept(p, now, list)
	return pending
}

// rank orders the list: soonest to be erased and questions come first, and what waits
// for nobody stands below everything else, in the order it was given.
func rank(now time.Time, e entry) int {
	switch {
	case !e.stage.Yours():
		return 1000
	case leftOf(now, e.Case).Last:
		return -1
	}
	return int(e.stage)
}

// overdueText says what it means for the firm that erasing is late (DEL-06).
func overdueText(code string) string {
	switch code {
	case "":
		return ""
	case "sweep_late":
		return "Löschung verspätet: Was abgelaufen ist, zeigen wir schon jetzt niemandem mehr. Aus der Datenbank genommen wird es, sobald unser Dienst wieder richtig läuft. Sie müssen nichts tun."
	}
	return "Löschung verspätet: Die Uhr unseres Dienstes geht falsch. Bis sie stimmt, wird nichts gelöscht, und was nach dieser Uhr abgelaufen wäre, zeigen wir nicht. Verloren ist nichts, es geht von selbst weiter. Sie müssen nichts tun."
}

func headline(yours, running int) string {
	switch {
	case yours == 1:
		return "Noch eine Sache, dann Feierabend."
	case yours > 1:
		return "Noch " + inWords(yours) + " Sachen, dann Feierabend."
	case running > 0:
		return "Für Sie ist nichts zu tun."
	}
	return "Nichts wartet. Feierabend."
}

// entry is a case with what its row needs.
type entry struct {
	feierabend.Case
	messages []feierabend.Message // only of cases without a draft
	sender   string               // name of the person who spoke, "" = unknown
	stage    feierabend.Stage
}

// caseList loads the cases the person may see: all of the firm, for staff their
// own (J-15).
func (s *server) caseList(ctx context.Context, v *visit) ([]entry, error) {
	all, err := s.Cases.Cases(ctx, v.session.Tenant)
	if err != nil {
		return nil, err
	}
	who, err := s.senders(ctx, v, all...)
	if err != nil {
		return nil, err
	}
	waiting, err := s.Messages.WaitingMessages(ctx, v.session.Tenant)
	if err != nil {
		return nil, err
	}
	messages := map[feierabend.CaseID][]feierabend.Message{}
	for _, m := range waiting {
		messages[m.Case] = append(messages[m.Case], m)
	}
	var out []entry
	for _, c := range all {
		if !who.mayOpen(v, c) {
			continue
		}
		if v.hidesPrices() {
			c.Summary = c.Summary.WithoutPrices()
		}
		e := entry{Case: c, sender: who.names[c.Sender]}
		if c.Version == 0 {
			e.messages = messages[c.ID]
		}
		e.stage = feierabend.StageOf(c, e.messages)
		out = append(out, e)
	}
	return out, nil
}

// senders says who stands behind the numbers of a firm: the linked ones, and those
// that dictated one of the cases and were unlinked since. A number renewed takes
// nobody's open cases away (J-15).
type senders struct {
	users map[feierabend.SenderID]feierabend.UserID
	names map[feierabend.SenderID]string
}

func (s *server) senders(ctx context.Context, v *visit, cases ...feierabend.Case) (senders, error) {
	out := senders{map[feierabend.SenderID]feierabend.UserID{}, map[feierabend.SenderID]string{}}
	links, err := s.Directory.SenderLinks(ctx, v.session.Tenant)
	if err != nil {
		return out, err
	}
	seen := map[feierabend.SenderID]bool{}
	for _, l := range links {
		seen[l.ID] = true
	}
	for _, c := range cases {
		if c.Sender == "" || seen[c.Sender] {
			continue
		}
		seen[c.Sender] = true
		l, err := s.Directory.SenderLink(ctx, v.session.Tenant, c.Sender)
		if err != nil && !absent(err) {
			return out, err
		}
		if err == nil {
			links = append(links, l)
		}
	}
	for _, l := range links {
		out.users[l.ID] = l.User
		u, err := s.Directory.User(ctx, l.User)
		if err != nil && !absent(err) {
			return out, err
		}
		out.names[l.ID] = u.Name
	}
	return out, nil
}

// linked says whether a number of the visitor's own speaks for the firm.
func (s *server) linked(ctx context.Context, v *visit) (bool, error) {
	links, err := s.Directory.SenderLinks(ctx, v.session.Tenant)
	return slices.ContainsFunc(links, func(l feierabend.SenderLink) bool {
		return l.User == v.session.User && l.Standing == feierabend.SenderActive
	}), err
}

func (o senders) mayOpen(v *visit, c feierabend.Case) bool {
	return v.session.Role.MayIssue() || o.users[c.Sender] == v.session.User
}

// absent: the row is not there or no longer readable.
func absent(err error) bool {
	k := feierabend.KindOf(err)
	return k == feierabend.NotFound || k == feierabend.Gone
}

// row makes the line of a case.
func (s *server) row(now time.Time, e entry) row {
	f := format{s.Zone}
	rw := row{URL: "/v/" + string(e.ID), Who: title(e.Case), Tag: tagOf(e.stage, e.Summary.Questions), Left: leftOf(now, e.Case)}
	meta := []string{}
	if e.stage == feierabend.StageCustomer {
		rw.Who = "Kundenlink"
	}
	switch {
	case e.stage == feierabend.StageCustomer:
		meta = append(meta, "noch keine Nachricht")
	case e.Version > 0 || e.Summary.Number != "":
		meta = append(meta, strings.TrimSpace(e.Summary.Kind.German()+" "+e.Summary.Number))
	case len(e.messages) > 0 && e.messages[0].Kind == feierabend.InboundText:
		meta = append(meta, "Textnachricht")
	case len(e.messages) > 0 && e.messages[0].Kind == feierabend.InboundUnsupported:
		meta = append(meta, "Nachricht")
	default:
		meta = append(meta, "Sprachnachricht")
	}
	if e.Version == 0 && e.sender != "" {
		rw.Who = e.sender
		if e.Summary.Seconds > 0 {
			rw.Who += ", " + minuteSecond(time.Duration(e.Summary.Seconds)*time.Second)
		}
	}
	if e.Summary.Place != "" {
		meta = append(meta, e.Summary.Place)
	}
	if e.Attention == feierabend.ReasonCustomer {
		meta = append(meta, "Kunde hat geschrieben")
	}
	rw.Meta = strings.Join(append(meta, f.ago(now, e.CreatedAt)), " · ")
	switch {
	case e.Summary.Gross != nil:
		rw.Sum, rw.Partial = f.euro(*e.Summary.Gross), e.Summary.Partial
	case e.stage.Pending():
		rw.Writing = true
	}
	return rw
}

// kept says what is stored now: the promise in three numbers.
func (s *server) kept(p *startPage, now time.Time, list []entry) {
	var oldest, next time.Time
	for _, e := range list {
		if oldest.IsZero() || e.CreatedAt.Before(oldest) {
			oldest = e.CreatedAt
		}
		if end := e.EndsAt(); next.IsZero() || end.Before(next) {
			next = end
		}
	}
	if len(list) > 0 {
		p.Oldest, p.NextErasure = format{s.Zone}.ago(now, oldest), "Nächste Löschung in "+strings.TrimSuffix(span(next.Sub(now)), ".")+"."
		if !next.After(now) {
			p.NextErasure = "Eine Löschung läuft gerade."
		}
	}
}

func (s *server) erasedToday(ctx context.Context, v *visit, now time.Time) (n int, err error) {
	list, err := s.Receipts.Receipts(ctx, v.session.Tenant)
	if err != nil {
		return 0, err
	}
	today := now.In(s.Zone).Format(time.DateOnly)
	for _, r := range list {
		if mayRead(v, r) && r.ErasedAt.In(s.Zone).Format(time.DateOnly) == today {
			n++
		}
	}
	return n, nil
}

func standOf(list []entry) string {
	h := sha256.New()
	for _, e := range list {
		h.Write([]byte(stand(e.Case, e.messages) + "\n"))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// startStand is GET /stand: the page asks whether there is news.
func (s *server) startStand(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, err := s.caseList(r.Context(), v)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, standAnswer{standOf(list)})
}

type standAnswer struct {
	Stand string `json:"stand"`
}
