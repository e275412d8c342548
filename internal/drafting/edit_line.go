package drafting

import (
	"feierabend"
)

// maxLines bounds a draft; nobody speaks more.
const maxLines = 200

// setLine writes a field of a position (BG-25). Field "" with the choice "drop"
// leaves the line out.
func (e *edit) setLine(path string, i int, field, value string) error {
	if i >= len(e.d.Lines) {
		return bad(path, "line", "Diese Zeile gibt es im Entwurf nicht mehr. Er ist unverändert. Bitte sehen Sie sich die neueste Fassung an.")
	}
	l := e.d.Lines[i]
	switch field {
	case "":
		if value != feierabend.ChoiceDrop {
			return bad(path, "path", "Diese Angabe lässt sich hier nicht ändern. Der Entwurf ist unverändert.")
		}
		dropLine(&e.d, i)
		return nil
	case "text":
		if l.Text = oneLine(value); l.Text == "" {
			return bad(path, "text", "Die Zeile braucht einen Namen. Übernommen ist noch nichts. Bitte schreiben Sie ein paar Worte, zum Beispiel „Siphon erneuert“.")
		}
	case "quantity":
		q, ok := e.readQuantity(l, value)
		if !ok || q <= 0 || q > feierabend.Dec(1_000_000) {
			return bad(path, "quantity", "Daraus konnte ich keine Menge lesen. Übernommen ist noch nichts. Bitte geben Sie eine Zahl an, zum Beispiel „2,5“.")
		}
		l.Quantity = &q
		if l.Unit == "" {
			l.Unit = "H87"
			e.d.Evidence[feierabend.PathOfLine(i, "unit")] = feierabend.Evidence{Source: sourceRule}
		}
	case "unit":
		if feierabend.UnitLabel(value, feierabend.One) == value && value != "m" {
			return bad(path, "unit", "Diese Einheit kenne ich nicht. Übernommen ist noch nichts. Bitte wählen Sie eine aus der Liste.")
		}
		l.Unit = value
	case "price":
		p, err := e.price(path, l, value)
		if err != nil {
			return err
		}
		l.Price, l.Source = &p, ""
		if l.Quantity == nil && l.Unit == "LS" {
			one := feierabend.One
			l.Quantity = &one
		}
	case "vat":
		r, ok := readRate(value)
		if !ok {
			return badRate(path)
		}
		l.VAT = &r
	default:
		return bad(path, "path", "Diese Angabe lässt sich hier nicht ändern. Der Entwurf ist unverändert.")
	}
	e.d.Lines[i] = l
	e.got(path)
	return nil
}

// addLines appends the positions that a text names: „zwei Stunden Arbeit und Anfahrt“.
func (e *edit) addLines(path, value string) error {
	fresh := e.readLines(value)
	if len(fresh.Lines) == 0 || len(e.d.Lines)+len(fresh.Lines) > maxLines {
		return bad(path, "lines", "Daraus konnte ich keine Position lesen. Übernommen ist noch nichts. Bitte schreiben Sie zum Beispiel „zwei Stunden Arbeit und Anfahrt“.")
	}
	for p, ev := range fresh.Evidence {
		if ev.Source == sourceSaid {
			ev.Source, ev.Message = sourceAnswered, e.from.message
			if ev.Message == "" {
				ev.From, ev.To = 0, 0 // typed on a page: there is no text to point into
			}
			fresh.Evidence[p] = ev
		}
	}
	e.d = merge(e.d, feierabend.Draft{Lines: fresh.Lines, Prices: fresh.Prices, Evidence: fresh.Evidence})
	e.answered[path] = true
	return nil
}

// readQuantity reads „2,5“ or „zweieinhalb Stunden“; a unit that is said must be
// that of the line.
func (e *edit) readQuantity(l feierabend.Line, value string) (feierabend.Dec4, bool) {
	if q, ok := readNumber(value); ok {
		return q, true
	}
	q, unit, ok := e.readMeasure(value)
	return q, ok && (l.Unit == "" || l.Unit == unit)
}

// price reads a unit price in the mode of the draft. A price said in the other
// mode („brutto“) is turned over by the line's rate.
func (e *edit) price(path string, l feierabend.Line, value string) (feierabend.Dec4, error) {
	p, mode, ok := readPrice(value)
	if !ok || p < 0 || p > feierabend.Dec(10_000_000) {
		return 0, bad(path, "price", "Daraus konnte ich keinen Preis lesen. Übernommen ist noch nichts. Bitte geben Sie den Betrag in Euro an, zum Beispiel „189“ oder „12,50“.")
	}
	want := e.d.Prices
	if want == "" {
		want = "net"
	}
	if mode == "" || mode == want {
		return p, nil
	}
	rate := e.profile.VATRate
	if l.VAT != nil {
		rate = *l.VAT
	}
	if e.d.VATScheme == "small_business" || e.d.VATScheme == "reverse_charge" {
		rate = 0
	}
	hundred, with := int64(feierabend.Dec(100)), int64(feierabend.Dec(100)+rate)
	if want == "net" {
		return feierabend.Dec4(feierabend.MulDiv(int64(p), hundred, with)), nil
	}
	return feierabend.Dec4(feierabend.MulDiv(int64(p), with, hundred)), nil
}

func badRate(path string) error {
	return bad(path, "vat", "Als Umsatzsteuersatz gehen 19, 7 oder 0 Prozent. Übernommen ist noch nichts. Bitte wählen Sie einen davon.")
}
