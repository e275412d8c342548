package web

import (
	"net/http"
	"net/url"
	"strings"

	"feierabend"
)

// draftPage is a draft: left the words, right what they became.
type draftPage struct {
	Case, Heading, Sub string
	Version            int
	Tag                tag
	Left               left
	Words              []words
	Questions          []question
	Editing            bool     // a value is being changed: its button is the yellow one
	Changeable         []choice // values that can be set anew here
	Lines              []lineView
	Sums               []sumRow
	Facts              []value
	People             []value
	Tasks              []taskView
	IsNote             bool
	CustomerLink       bool   // a Kundenlink may be made for it
	Saved              bool   // an answer has just been taken over
	Booked             bool   // the buyer has just been taken over into the address book
	CanBook            bool   // the buyer can be taken over
	Gross              bool   // prices have just become gross: to be looked at
	Problem            string // why it could not be issued
	Total, TotalNote   string // action bar
	MayIssue           bool
	Issuable           bool
	Waiting            string // why "Ausstellen" waits, "" = it does not
	First              string // where the waiting button leads
	Number             string // the number the document will probably get

	selected string
	paths    []string // of the questions, in order
}

// lineView is one position.
type lineView struct {
	N       int
	Name    string
	Amount  string // "" = price or quantity missing
	Missing string // "Preis fehlt"
	Values  []value
}

type taskView struct{ Text, Due, Word string }

// questionNumber counts from 1; 0 = not asked.
func (p *draftPage) questionNumber(path string) int {
	for i, q := range p.paths {
		if q == path {
			return i + 1
		}
	}
	return 0
}

// issuable are the kinds that become a document in this version of the product.
func issuable(k feierabend.DraftKind) bool { return k == feierabend.KindInvoice }

// draftPage reads profile and next number and makes the page.
func (s *server) draftPage(r *http.Request, v *visit, l loaded, pr problem) (*draftPage, error) {
	p := s.draftBase(l, r.URL.Query(), v.session.Role, pr)
	p.CustomerLink = v.mayLinkCustomers()
	profile, err := s.Directory.Profile(r.Context(), v.session.Tenant)
	if err != nil {
		return nil, err
	}
	number := ""
	if d := l.draft.Draft; issuable(d.Kind) && len(d.Questions) == 0 {
		if number, err = s.Cases.PeekNumber(r.Context(), v.session.Tenant, feierabend.SeriesOf(d.Kind, s.Now().In(s.Zone))); err != nil {
			return nil, err
		}
	}
	p.finish(l.draft.Draft, profile, number)
	p.CanBook = canTake(l.draft.Draft, profile, v.session.Role)
	return p, nil
}

// draftBase makes what stands in the draft and its evidence.
func (s *server) draftBase(l loaded, q url.Values, role feierabend.Role, pr problem) *draftPage {
	d := l.draft.Draft
	p := &draftPage{
		Case: string(l.ID), Version: l.draft.Version, Tag: tagOf(l.stage, len(d.Questions)), Left: leftOf(s.Now(), l.Case), IsNote: d.Kind == feierabend.KindNote,
		MayIssue: role.MayIssue(), Issuable: issuable(d.Kind), Saved: q.Has("neu"), Booked: q.Has("buch"), Gross: q.Get("neu") == "brutto", paths: d.Questions, selected: q.Get("w"),
	}
	if pr.Path == "" {
		p.Problem = pr.Text
	}
	p.heading(d)
	p.questions(s, l, q.Get("f"), pr)
	var marked *feierabend.Evidence
	if ev, ok := d.Evidence[p.selected]; ok {
		marked = &ev
	}
	p.Words = l.words(marked)
	p.lines(l)
	p.Facts = p.facts(l)
	for _, person := range d.People {
		p.People = append(p.People, value{Text: person.Name + ", " + person.Hours.German(0) + nbsp + "Std."})
	}
	for _, t := range d.Tasks {
		p.Tasks = append(p.Tasks, taskOf(t))
	}
	return p
}

// finish adds sums and the next step.
func (p *draftPage) finish(d feierabend.Draft, profile feierabend.Profile, number string) {
	p.amounts(d, profile)
	p.Changeable = p.changeableValues(d)
	p.Number = number
	if len(p.paths) > 0 {
		p.Waiting, p.First = "Vorher "+areOpen(len(p.paths))+" offen. Der Knopf führt zur ersten.", "#frage-1"
	}
}

func areOpen(n int) string {
	if n == 1 {
		return "ist eine Frage"
	}
	return "sind " + inWords(n) + " Fragen"
}

// heading is "Rechnung für Frau Claasen", below it the address as far as known.
func (p *draftPage) heading(d feierabend.Draft) {
	p.Heading = d.Kind.German()
	if d.Customer {
		p.Heading, p.Sub = "Nachricht eines Kunden", "Das ist das Wort Ihres Kunden. Preise sind daraus nicht übernommen."
		return
	}
	if label := d.Buyer.Addressee(); label != "" {
		p.Heading += " für " + label
	}
	if b := d.Buyer; b != nil {
		p.Sub = strings.Trim(b.Street+", "+strings.TrimSpace(b.Postcode+" "+b.City), ", ")
	}
	if p.Sub == "" {
		p.Sub = d.Site
	}
}

// questions words the open ones; again is the path of a value to be changed. Of
// all submit buttons only the first question's is yellow.
func (p *draftPage) questions(s *server, l loaded, again string, pr problem) {
	for i, path := range p.paths {
		q := s.question(l, i+1, path)
		q.First = i == 0
		p.about(l, &q)
		p.Questions = append(p.Questions, q)
	}
	if p.questionNumber(again) == 0 && changeable(l.draft.Draft, again) {
		q := s.question(l, len(p.paths)+1, again)
		q.Again, q.First, q.Hint = true, len(p.paths) == 0, ""
		p.Editing = true
		q.ID = "aendern"
		p.Questions = append([]question{q}, p.Questions...)
	}
	for i := range p.Questions {
		if q := &p.Questions[i]; q.Path == pr.Path && pr.Text != "" {
			q.Error, q.Input = pr.Text, pr.Input
		}
	}
}

// about quotes what was said about the matter of a question.
func (p *draftPage) about(l loaded, q *question) {
	path := q.Path
	if n, _, ok := feierabend.LinePath(path); ok {
		path = "lines[" + inDigits(n) + "].text"
	}
	key, ev, ok := findEvidence(l.draft.Draft, path)
	t, has := l.transcripts[ev.Message]
	runes := []rune(t.Text)
	if !ok || !has || ev.From < 0 || ev.From >= ev.To || ev.To > len(runes) || ev.To-ev.From > 140 {
		return
	}
	q.Quote = "„" + string(runes[ev.From:ev.To]) + "“"
	q.Words = p.value(l, key, "anhören")
	if start, _, timed := t.TimeOf(ev.From, ev.To); timed {
		q.Words.Text, q.Words.Source = minuteSecond(start), "anhören"
	} else {
		q.Words.Text, q.Words.Source = "Stelle zeigen", ""
	}
}

// changeable: the values that a person may set anew on the page.
func changeable(d feierabend.Draft, path string) bool {
	if n, field, ok := feierabend.LinePath(path); ok {
		return n < len(d.Lines) && (field == "price" && d.Priced() || field == "quantity" || field == "text")
	}
	switch path {
	case "buyer.name", "buyer.address":
		return d.Kind != feierabend.KindNote
	case "supply":
		return d.Kind == feierabend.KindInvoice || d.Kind == feierabend.KindWorkReport || d.Kind == feierabend.KindFinalInvoice
	case "prices":
		return d.Priced()
	}
	return path == "kind"
}

// changeableValues lists what can be set anew and is not asked anyway.
func (p *draftPage) changeableValues(d feierabend.Draft) (out []choice) {
	paths := []string{"buyer.name", "buyer.address", "supply", "kind", "prices"}
	for i := range d.Lines {
		at := "lines[" + inDigits(i) + "]."
		paths = append(paths, at+"quantity", at+"price", at+"text")
	}
	for _, path := range paths {
		if p.questionNumber(path) == 0 && changeable(d, path) {
			out = append(out, choice{Value: path, Label: pathLabel(d, path)})
		}
	}
	return out
}

// lines shows the positions with their evidence.
func (p *draftPage) lines(l loaded) {
	for i, line := range l.draft.Draft.Lines {
		at := "lines[" + inDigits(i) + "]."
		lv := lineView{N: i + 1, Name: line.Text}
		switch {
		case line.Quantity != nil:
			lv.Values = append(lv.Values, p.value(l, at+"quantity", quantity(*line.Quantity, line.Unit)))
		case l.draft.Draft.Priced():
			lv.Values, lv.Missing = append(lv.Values, p.value(l, at+"quantity", "fehlt noch")), "Menge fehlt"
		}
		switch {
		case line.Price != nil:
			v := p.value(l, at+"price", price(*line.Price))
			if line.Source == "profile" && (v.Source == "" || v.Source == "Ihre Preise") {
				v.Source = priceSource(line.Kind)
			}
			lv.Values = append(lv.Values, v)
		case l.draft.Draft.Priced():
			lv.Values, lv.Missing = append(lv.Values, p.value(l, at+"price", "fehlt noch")), "Preis fehlt"
		}
		if line.Quantity != nil && line.Price != nil {
			lv.Amount = format{}.euro(feierabend.LineNet(*line.Quantity, *line.Price))
		}
		p.Lines = append(p.Lines, lv)
	}
}

func priceSource(k feierabend.LineKind) string {
	switch k {
	case feierabend.LineLabour:
		return "Stundensatz"
	case feierabend.LineTravel:
		return "Stammdaten"
	}
	return "Preisliste"
}
