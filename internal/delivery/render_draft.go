package delivery

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"feierabend"
)

// chatLines is how many lines of a draft the chat shows; more are counted (J-10).
const chatLines = 5

// draft is the one message about a draft: for whom, lines, sums, the next
// question or „Passt so“, and the page. A required question takes the place of
// „Passt so“ (day-one decision 16).
func (w words) draft(c feierabend.Case, v feierabend.DraftVersion) feierabend.ChatMessage {
	d := v.Draft
	p := draftParts{
		title:   bold(title(d.Kind, who(d))),
		lines:   draftLines(d),
		details: w.details(d),
		sums:    sums(c.Summary, d),
		tasks:   tasks(d),
		link:    w.caseLink(c.ID),
	}
	var buttons []feierabend.ChatButton
	switch {
	case len(d.Questions) > 0:
		q := d.Question(d.Questions[0])
		p.question, p.hint = q.Text, q.Hint
		if n := len(d.Questions); n > 1 {
			p.question = fmt.Sprintf("Noch %d Fragen. %s", n, q.Text)
		}
		if len(q.Choices) > feierabend.ChatButtonsMax { // entries of the address book
			p.hint = "Wählen Sie auf der Seite des Vorgangs, oder sagen Sie die Anschrift."
			break
		}
		for _, o := range q.Choices {
			b := feierabend.Button{Act: feierabend.ActAnswer, Case: c.ID, Version: v.Version, Question: q.Path, Answer: o.Code}
			buttons = append(buttons, feierabend.ChatButton{ID: b.String(), Title: o.Title})
		}
	case d.Unpriced && c.Summary.Questions > 0:
		p.question = "Die Preise ergänzt das Büro."
		buttons = []feierabend.ChatButton{button(feierabend.ActChange, c.ID, v.Version, "Ändern")}
	case d.Kind == feierabend.KindNote:
		if d.Customer {
			p.title = bold("Nachricht eines Kunden")
			p.tasks = customerTasks(p.tasks)
		}
		p.question = "Die Notiz bleibt bis zum " + w.day(c.EndsAt()) + " bei Ihren Vorgängen."
	case !d.Kind.Issuable():
		p.question = "Diese Art von Beleg stelle ich noch nicht aus. Der Entwurf bleibt bis zum " + w.day(c.EndsAt()) + " hier, zum Nachlesen und Ändern."
		buttons = []feierabend.ChatButton{button(feierabend.ActChange, c.ID, v.Version, "Ändern")}
	default:
		p.question = "Passt das so?"
		buttons = []feierabend.ChatButton{
			button(feierabend.ActApprove, c.ID, v.Version, "Passt so"),
			button(feierabend.ActChange, c.ID, v.Version, "Ändern"),
		}
	}
	return feierabend.ChatMessage{Text: p.fit(feierabend.ChatBodyMax), Buttons: buttons}
}

// who names whom a draft is for, or what a note is about.
func who(d feierabend.Draft) string {
	if s := d.Buyer.Label(); s != "" {
		return s
	}
	return d.Site
}

// draftParts are the pieces of the message, the first ones most important.
type draftParts struct {
	title, sums, question, hint, link string
	lines, details, tasks             []string
}

// fit joins the parts into at most n characters: the hint goes first, then
// details, then tasks, then lines become a count. Title, sums, question and link stay.
func (p draftParts) fit(n int) string {
	full := func() string {
		lines := p.lines
		if len(lines) > chatLines {
			lines = []string{fmt.Sprintf("%d Positionen, alle auf der Seite", len(lines))}
		}
		q := p.question
		if p.hint != "" {
			q += "\n" + p.hint
		}
		return paragraphs(p.title, strings.Join(lines, "\n"), strings.Join(p.tasks, "\n"), strings.Join(p.details, "\n"), p.sums, q, p.link)
	}
	steps := []func(){
		func() { p.hint = "" },
		func() { p.details = nil },
		func() { p.tasks = counted(p.tasks, "Aufgabe", "Aufgaben") },
		func() { p.lines = counted(p.lines, "Position", "Positionen") },
		func() { p.title, p.question = clip(p.title, 120), clip(p.question, 300) },
	}
	text := full()
	for _, step := range steps {
		if utf8.RuneCountInString(text) <= n {
			return text
		}
		step()
		text = full()
	}
	if utf8.RuneCountInString(text) > n {
		text = string([]rune(text)[:n-1]) + "…"
	}
	return text
}

func counted(s []string, one, many string) []string {
	switch len(s) {
	case 0:
		return nil
	case 1:
		return []string{"1 " + one}
	}
	return []string{fmt.Sprintf("%d %s", len(s), many)}
}

// draftLines are the positions in words: „2,5 Std. Arbeitszeit … 170,00 €“.
func draftLines(d feierabend.Draft) []string {
	var out []string
	for _, l := range d.Lines {
		out = append(out, draftLine(l, d.Priced()))
	}
	for _, p := range d.People {
		out = append(out, clip(p.Name, 40)+": "+p.Hours.German(0)+nbsp+"Std.")
	}
	return out
}

func draftLine(l feierabend.Line, priced bool) string {
	text := clip(l.Text, 60)
	switch {
	case l.Quantity == nil:
		text += ", Menge offen"
	case l.Unit == "LS" && *l.Quantity == feierabend.One:
		// a lump sum needs no "1 pauschal"
	default:
		text = l.Quantity.German(0) + nbsp + feierabend.UnitLabel(l.Unit, *l.Quantity) + " " + text
	}
	switch {
	case !priced:
		return text
	case l.Price == nil:
		return text + " … Preis offen"
	case l.Quantity == nil:
		return text + " … je " + euro(l.Price.Cents())
	}
	return text + " … " + euro(feierabend.LineNet(*l.Quantity, *l.Price))
}

// details are the facts beside the lines that a person must be able to check.
func (w words) details(d feierabend.Draft) []string {
	var out []string
	if b := d.Buyer; b != nil && (b.Street != "" || b.City != "") {
		place := strings.TrimSpace(b.Postcode + " " + b.City)
		out = append(out, clip(strings.Trim(b.Street+", "+place, ", "), 80))
	}
	if d.Site != "" && d.Buyer.Label() != "" {
		out = append(out, "Ort: "+clip(d.Site, 60))
	}
	if p := d.Supply; p != nil && p.From != "" {
		from, to := feierabend.Date(p.From).German(), feierabend.Date(p.To).German()
		if to != "" && to != from {
			from += " bis " + to
		}
		out = append(out, "Leistung: "+from)
	}
	if d.Prices == "gross" && d.Priced() {
		out = append(out, "Preise brutto")
	}
	if d.Discount != nil {
		out = append(out, "Nachlass: "+d.Discount.German(0)+nbsp+"%")
	}
	if d.DiscountAmount != nil {
		out = append(out, "Nachlass: "+euro(*d.DiscountAmount))
	}
	if s := d.CashDiscount; s != nil {
		out = append(out, fmt.Sprintf("Skonto: %s%s%% in %d Tagen", s.Percent.German(0), nbsp, s.Days))
	}
	if d.Share != nil {
		out = append(out, "Abschlag: "+d.Share.German(0)+nbsp+"% der Summe")
	}
	if d.DueDays != nil {
		out = append(out, fmt.Sprintf("Zahlbar in %d Tagen", *d.DueDays))
	}
	if d.ValidDays != nil {
		out = append(out, fmt.Sprintf("Gültig %d Tage", *d.ValidDays))
	}
	if p := d.Paid; p != nil {
		out = append(out, paid(*p))
	}
	return out
}

func paid(p feierabend.Paid) string {
	s := "Schon bezahlt"
	switch {
	case p.All:
		s = "Alles bezahlt"
	case p.Amount != nil:
		s = "Schon bezahlt: " + euro(*p.Amount)
	}
	switch p.Method {
	case "cash":
		return s + ", bar"
	case "card":
		return s + ", mit Karte"
	case "transfer":
		return s + ", überwiesen"
	}
	return s
}

// sums always name net and gross (J-11). While a price or quantity is open they
// are „bisher“; they come from our integer arithmetic in drafting, never from here.
func sums(s feierabend.CaseSummary, d feierabend.Draft) string {
	if d.Unpriced {
		return ""
	}
	net, gross := s.Net, s.Gross
	var vat *feierabend.Cents
	if t := d.Totals; t != nil {
		net, vat, gross = t.Net, t.VAT, t.Gross
	}
	if gross == nil {
		return ""
	}
	so := ""
	if s.Partial {
		so = "Bisher "
	}
	switch {
	case d.Kind == feierabend.KindReminder:
		return "Offen: " + euro(*gross)
	case net == nil:
		return so + euro(*gross) + " brutto"
	case d.VATScheme == "small_business":
		return so + bold(euro(*gross)) + ", ohne Umsatzsteuer (§" + nbsp + "19 UStG)"
	case d.VATScheme == "reverse_charge":
		return so + bold(euro(*gross)) + " netto, Steuer schuldet der Kunde (§" + nbsp + "13b UStG)"
	case vat == nil:
		return so + euro(*net) + " netto, " + bold(euro(*gross)) + " brutto"
	}
	return so + euro(*net) + " netto + " + euro(*vat) + " USt = " + bold(euro(*gross)) + " brutto"
}

// customerTasks shows the first one, which is what the customer said, as that.
func customerTasks(all []string) []string {
	if len(all) > 0 {
		all[0] = "„" + strings.TrimPrefix(all[0], "Aufgabe: ") + "“"
	}
	return all
}

// tasks reads tasks back: „Anrufen: Frau Rathjen, 17.04.2026“.
func tasks(d feierabend.Draft) []string {
	var out []string
	for _, t := range d.Tasks {
		s := "Aufgabe: "
		switch t.Kind {
		case "call":
			s = "Anrufen: "
		case "appointment":
			s = "Termin: "
		}
		s += clip(t.Text, 90)
		if day := feierabend.Date(t.Due).German(); day != "" {
			s += ", " + day
		}
		out = append(out, s)
	}
	return out
}
