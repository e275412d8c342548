package web

import (
	"net/http"
	"strings"

	"feierabend"
)

// conflictPage: the draft has moved on since the form was made. It shows what
// changed and offers the same answer for the newest version.
type conflictPage struct {
	Case    string
	Version int // newest
	Changes []change
	Answer  *pendingAnswer // nil: it was "Ausstellen", which wants a fresh look
	Label   string         // of the answer's value
}

type pendingAnswer struct{ Path, Value string }

// Shown is the value on one line.
func (p pendingAnswer) Shown() string {
	if p.Value == feierabend.ChoiceDrop {
		return "weglassen"
	}
	return strings.ReplaceAll(p.Value, "\n", ", ")
}

type change struct{ Label, Before, Now string }

// conflict answers 409 with both versions (design §4.1 rule 2).
func (s *server) conflict(w http.ResponseWriter, r *http.Request, v *visit, e entry, seen int, answer *pendingAnswer) error {
	newest, err := s.Cases.Draft(r.Context(), v.session.Tenant, e.ID)
	if err != nil {
		return err
	}
	p := conflictPage{Case: string(e.ID), Version: newest.Version, Answer: answer}
	if answer != nil {
		p.Label = pathLabel(newest.Draft, answer.Path)
	}
	if old, err := s.Cases.DraftAt(r.Context(), v.session.Tenant, e.ID, seen); err == nil {
		if v.hidesPrices() {
			old.Draft, newest.Draft = old.Draft.WithoutPrices(), newest.Draft.WithoutPrices()
		}
		p.Changes = changes(old.Draft, newest.Draft)
	} else if !absent(err) {
		return err
	}
	return s.show(w, v, http.StatusConflict, page{View: "conflict", Title: "Inzwischen geändert", Nav: "start", Detail: true, Content: p})
}

// pathLabel names a path of the draft for people.
func pathLabel(d feierabend.Draft, path string) string {
	if n, field, ok := feierabend.LinePath(path); ok && n < len(d.Lines) {
		word := map[string]string{"price": "Preis", "quantity": "Menge", "vat": "Steuersatz", "unit": "Einheit", "text": "Text"}[field]
		if word == "" {
			word = "Zeile"
		}
		return word + " „" + d.Lines[n].Text + "“"
	}
	if l := map[string]string{
		"supply": "Leistungstag", "buyer.address": "Anschrift", "buyer.name": "Empfänger", "vat": "Steuersatz", "vat_scheme": "Steuersatz",
		"paid.invoice": "Rechnungsnummer", "due_days": "Zahlungsziel", "kind": "Art des Belegs", "prices": "netto oder brutto",
	}[path]; l != "" {
		return l
	}
	return "Ihre Angabe"
}

// shown is what a person sees of a draft, in order.
func shown(d feierabend.Draft) (labels []string, texts map[string]string) {
	texts = map[string]string{}
	add := func(label, text string) {
		if text == "" {
			return
		}
		if _, ok := texts[label]; !ok {
			labels = append(labels, label)
		}
		texts[label] = text
	}
	add("Art", d.Kind.German())
	add("Empfänger", d.Buyer.Label())
	if b := d.Buyer; b != nil && (b.Street != "" || b.City != "") {
		add("Anschrift", b.Street+", "+b.Postcode+" "+b.City)
	}
	if d.Supply != nil {
		add("Leistungstag", periodText(*d.Supply))
	}
	for i, l := range d.Lines {
		text := l.Text
		if l.Quantity != nil {
			text += ", " + quantity(*l.Quantity, l.Unit)
		}
		if l.Price != nil {
			text += " zu " + price(*l.Price)
		}
		add("Zeile "+inDigits(i+1), text)
	}
	if d.Totals != nil && d.Totals.Gross != nil {
		add("Brutto", format{}.euro(*d.Totals.Gross))
	}
	return labels, texts
}

func changes(before, now feierabend.Draft) (out []change) {
	labels, was := shown(before)
	newLabels, is := shown(now)
	for _, l := range newLabels {
		if was[l] != is[l] {
			out = append(out, change{l, was[l], is[l]})
		}
	}
	for _, l := range labels {
		if _, ok := is[l]; !ok {
			out = append(out, change{l, was[l], ""})
		}
	}
	return out
}
