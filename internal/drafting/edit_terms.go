package drafting

import (
	"strings"

	"feierabend"
)

// setSupply writes the day or period of the work (BT-72, BT-73/74).
func (e *edit) setSupply(path, value string) error {
	var p feierabend.Period
	switch value {
	case feierabend.ChoiceToday:
		p.From = string(feierabend.DateOf(e.at))
	case feierabend.ChoiceYesterday:
		p.From = string(feierabend.DateOf(e.at.AddDate(0, 0, -1)))
	default:
		var ok bool
		if p, ok = readPeriod(value, e.at); !ok {
			return bad(path, "date", "Daraus konnte ich keinen Tag lesen. Übernommen ist noch nichts. Bitte schreiben Sie zum Beispiel „gestern“, „12.11.“ oder „10. bis 12. November“.")
		}
	}
	if p.To == "" {
		p.To = p.From
	}
	if old := e.d.Supply; old != nil {
		switch path {
		case "supply.from":
			p.To = old.To
		case "supply.to":
			p.From = old.From
		}
	}
	if p.To < p.From {
		return bad(path, "date", "Das Ende liegt vor dem Anfang. Übernommen ist noch nichts. Bitte prüfen Sie die beiden Tage.")
	}
	e.d.Supply = &p
	e.got(path, "supply", "supply.from", "supply.to")
	return nil
}

func (e *edit) setKind(path, value string) error {
	k := feierabend.DraftKind(value)
	for _, known := range kinds {
		if strings.EqualFold(plain(value), plain(known.German())) {
			k = known
		}
	}
	if k.German() == "Vorgang" {
		return bad(path, "kind", "Diese Art von Beleg kenne ich nicht. Übernommen ist noch nichts. Bitte wählen Sie zum Beispiel Rechnung oder Angebot.")
	}
	e.d.Kind = k
	e.got(path)
	return nil
}

// kinds are the kinds that a person may choose.
var kinds = []feierabend.DraftKind{
	feierabend.KindInvoice, feierabend.KindOffer, feierabend.KindWorkReport, feierabend.KindInterimInvoice,
	feierabend.KindFinalInvoice, feierabend.KindOrderConfirmation, feierabend.KindReminder, feierabend.KindNote,
}

// setPrices says whether the prices are net or gross. Numbers that were said stay as they
// are; those of the firm's lists, which are net, are turned into the mode.
func (e *edit) setPrices(path, value string) error {
	mode, ok := map[string]string{"net": "", "netto": "", "gross": "gross", "brutto": "gross"}[plain(value)]
	if !ok {
		return bad(path, "prices", "Bitte wählen Sie netto oder brutto. Übernommen ist noch nichts.")
	}
	if mode != e.d.Prices {
		e.turnLists(mode)
	}
	e.d.Prices = mode
	e.got(path)
	return nil
}

// turnLists turns the prices of the firm's lists from net to gross or back, rounded to
// the cent.
func (e *edit) turnLists(mode string) {
	for i := range e.d.Lines {
		l := &e.d.Lines[i]
		if l.Source != sourceProfile || l.Price == nil {
			continue
		}
		rate := e.profile.VATRate
		if l.VAT != nil {
			rate = *l.VAT
		}
		if e.d.VATScheme != "" {
			rate = 0
		}
		hundred, with := int64(feierabend.Dec(100)), int64(feierabend.Dec(100)+rate)
		if mode == "" {
			hundred, with = with, hundred
		}
		turned := feierabend.Dec4(feierabend.MulDiv(int64(*l.Price), with, hundred)).Cents().Dec4()
		l.Price = &turned
	}
}

// setVAT writes one rate to all lines that have none of their own.
func (e *edit) setVAT(path, value string) error {
	r, ok := readRate(value)
	if !ok {
		return badRate(path)
	}
	for i := range e.d.Lines {
		if l := &e.d.Lines[i]; l.VAT == nil {
			rate := r
			l.VAT = &rate
			e.got(feierabend.PathOfLine(i, "vat"))
		}
	}
	e.got(path)
	return nil
}

func (e *edit) setDays(path, value string) error {
	n, ok := readNumber(value)
	days := int(n / feierabend.One)
	if !ok || n%feierabend.One != 0 || days < 0 || days > 365 {
		return bad(path, "days", "Bitte geben Sie eine Zahl von Tagen an, höchstens 365. Übernommen ist noch nichts.")
	}
	if path == "due_days" {
		e.d.DueDays = &days
	} else {
		e.d.ValidDays = &days
	}
	e.got(path)
	return nil
}

func (e *edit) setPercent(path, value string) error {
	n, ok := readNumber(value)
	if !ok || n <= 0 || n > feierabend.Dec(100) {
		return bad(path, "percent", "Bitte geben Sie eine Prozentzahl zwischen 0 und 100 an, zum Beispiel „3“. Übernommen ist noch nichts.")
	}
	if path == "discount" {
		e.d.Discount = &n
	} else {
		e.d.Share = &n
	}
	e.got(path)
	return nil
}

// setPaid writes what was already paid. paid.invoice is the number of the
// invoice that asked for it, or "none" (§ 14 Abs. 5 UStG).
func (e *edit) setPaid(path, field, value string) error {
	p := copyOf(e.d.Paid)
	if p == nil {
		p = &feierabend.Paid{}
	}
	switch field {
	case "invoice":
		switch v := oneLine(value); {
		case v == feierabend.ChoiceNone, plain(v) == "nein", plain(v) == "keine":
			p.Invoice = feierabend.ChoiceNone
		case v == "" || !strings.ContainsAny(v, "0123456789") || len(v) > 60:
			return bad(path, "invoice", "Daraus konnte ich keine Rechnungsnummer lesen. Übernommen ist noch nichts. Bitte nennen Sie die Nummer der Abschlagsrechnung oder schreiben Sie „Nein“.")
		default:
			p.Invoice = v
		}
	case "amount":
		a, _, ok := readPrice(value)
		if !ok || a <= 0 {
			return bad(path, "amount", "Daraus konnte ich keinen Betrag lesen. Übernommen ist noch nichts. Bitte geben Sie ihn in Euro an, zum Beispiel „500“.")
		}
		c := a.Cents()
		p.Amount, p.All = &c, false
	case "method":
		m, ok := map[string]string{"cash": "cash", "bar": "cash", "card": "card", "karte": "card", "transfer": "transfer", "überweisung": "transfer"}[plain(value)]
		if !ok {
			return bad(path, "method", "Bitte wählen Sie bar, Karte oder Überweisung. Übernommen ist noch nichts.")
		}
		p.Method = m
	default:
		return bad(path, "path", "Diese Angabe lässt sich hier nicht ändern. Der Entwurf ist unverändert.")
	}
	e.d.Paid = p
	e.got(path)
	return nil
}

// setOpenAmount writes what a reminder asks for.
func (e *edit) setOpenAmount(path, value string) error {
	a, _, ok := readPrice(value)
	if !ok || a <= 0 || e.d.Kind != feierabend.KindReminder {
		return bad(path, "amount", "Daraus konnte ich keinen Betrag lesen. Übernommen ist noch nichts. Bitte geben Sie ihn in Euro an, zum Beispiel „227,89“.")
	}
	c := a.Cents()
	e.d.Totals = &feierabend.Totals{Gross: &c}
	e.got(path)
	return nil
}
