package pdf

import (
	"strings"
)

// opening is title, place of work, salutation and first sentence.
func (l *letter) opening() {
	d := l.doc
	l.y = max(103*mm, l.y+6*mm)
	l.text(bold, 15, left, l.y, ink, l.title()+" "+d.Number)
	l.y += 7 * mm
	site := d.Site
	if p := d.DeliverTo; site == "" && p != nil {
		site = joinNonEmpty(", ", p.Name, p.Street, strings.TrimSpace(p.Postcode+" "+p.City))
	}
	if site != "" {
		l.para(regular, body, right-left, leading, grey, "Ausführungsort: "+site)
		l.y += 2.5 * mm
	}
	greeting := d.Greeting
	if greeting == "" {
		greeting = "Sehr geehrte Damen und Herren,"
	}
	l.para(regular, 10, right-left, leading, ink, greeting)
	l.y += 1.2 * mm
	l.para(regular, 10, right-left, leading, ink, l.firstSentence())
	l.y += 3 * mm
}

func (l *letter) firstSentence() string {
	var earlier []string
	for _, p := range l.doc.Preceding {
		t := p.Number
		if g := p.IssuedOn.German(); g != "" {
			t += " vom " + g
		}
		earlier = append(earlier, t)
	}
	list := strings.Join(earlier, ", ")
	switch t := l.title(); {
	case t == "Stornorechnung" && list != "":
		return "hiermit stornieren wir unsere Rechnung " + list + ":"
	case t == "Rechnungskorrektur" && list != "":
		return "hiermit berichtigen wir unsere Rechnung " + list + ":"
	case t == "Abschlagsrechnung":
		return "für den Fortgang unserer Arbeiten berechnen wir Ihnen einen Abschlag:"
	case t == "Schlussrechnung" && list != "":
		return "für unsere Arbeiten rechnen wir ab. Bereits berechnet wurden die Abschläge " + list + ":"
	case t == "Gutschrift":
		return "für Ihre Leistungen schreiben wir Ihnen gut:"
	}
	return "für unsere Arbeiten berechnen wir Ihnen:"
}
