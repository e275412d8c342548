package pdf

import (
	"strings"

	"rsc.io/qr"

	"feierabend"
)

const (
	sumsLeft = 104 * mm
	sumLead  = 5.4 * mm
	qrSize   = 25 * mm
	noteLead = 4.1 * mm
)

// sum is one row of the sums block.
type sum struct {
	key, value string
	strong     bool
}

// sums are the rows from the lines' sum to what is to be paid.
func (l *letter) sums() (out []sum) {
	d, s := l.doc, &l.doc.Sums
	add := func(key string, c feierabend.Cents) { out = append(out, sum{key: key, value: c.German() + " €"}) }
	if len(d.Allowances) > 0 {
		add("Summe der Positionen", s.Lines)
	}
	for _, a := range d.Allowances {
		if a.Charge {
			add(a.Reason, a.Amount)
		} else {
			add(a.Reason, -a.Amount)
		}
	}
	if taxed := s.VAT != 0 || len(s.Taxes) != 1; taxed {
		add("Netto", s.Net)
	}
	for _, t := range s.Taxes {
		if t.Category == "S" || t.Category == "Z" {
			add(t.Rate.German(0)+" % Umsatzsteuer auf "+t.Basis.German()+" €", t.Amount)
		}
	}
	total := "Zu zahlen"
	switch {
	case d.Prepaid != 0 || d.Rounding != 0 && s.Payable <= 0:
		total = "Rechnungsbetrag"
	case s.Gross <= 0:
		total = l.title() + ", Summe"
	}
	if d.Rounding != 0 {
		add("Summe", s.Gross)
		add("Rundung (vereinbarter Bruttopreis)", d.Rounding)
	}
	out = append(out, sum{total, (s.Gross + d.Rounding).German() + " €", true})
	if d.Prepaid != 0 {
		add("Erhalten"+method(d.PaidMethod), -d.Prepaid)
		out = append(out, sum{"Noch zu zahlen", s.Payable.German() + " €", s.Payable != 0})
	}
	return out
}

// method is ", bar" and the like.
func method(m string) string {
	switch m {
	case "cash":
		return ", bar"
	case "card":
		return ", mit Karte"
	case "transfer":
		return ", überwiesen"
	}
	return ""
}

// closing is the sums block, payment and notes; it stays together where a page has room for it.
func (l *letter) closing() {
	rows := l.sums()
	notes := l.notes()
	need := float64(len(rows))*sumLead + 8*mm + l.paymentHeight()
	lines := 0
	for _, n := range notes {
		lines += len(l.fonts[regular].wrap(n, 9, right-left))
	}
	noteHeight := float64(lines)*noteLead + float64(len(notes))*1.5*mm + 14*mm
	if l.y+need+min(noteHeight, 60*mm) > bottom {
		l.newPage()
	}
	l.y += 1.5 * mm
	for _, r := range rows {
		weight, size := regular, body
		if r.strong {
			weight, size = bold, 11
			l.page.rule(ink, sumsLeft, l.y-3.6*mm, right, l.y-3.6*mm, .7)
			l.y += 1.6 * mm
		}
		room := right - sumsLeft - l.fonts[weight].measure(r.value, size) - 3*mm
		wrapped := l.fonts[weight].wrap(showable(l.fonts[weight], r.key), size, room)
		for i, t := range wrapped {
			if i > 0 {
				l.y += 4.4 * mm
			}
			l.text(weight, size, sumsLeft, l.y, ink, t)
		}
		l.textRight(weight, size, right, l.y, ink, r.value)
		l.y += sumLead
		if r.strong {
			l.y += 1.4 * mm
		}
	}
	l.y += 2 * mm
	l.payment()
	for _, n := range notes {
		if l.y+noteLead > bottom {
			l.newPage()
		}
		l.para(regular, 9, right-left, noteLead, ink, n)
		l.y += 1.5 * mm
	}
	l.y += 3 * mm
	if l.y+leading > bottom {
		l.newPage()
	}
	l.text(regular, 10, left, l.y, ink, "Mit freundlichen Grüßen")
	l.text(regular, 10, left, l.y+leading, ink, l.doc.Seller.Name)
}

// notes are the reasons of exemption, the document's notes and the register entry.
func (l *letter) notes() (out []string) {
	for _, t := range l.doc.Sums.Taxes {
		if t.Reason != "" {
			out = append(out, t.Reason)
		}
	}
	for _, n := range l.doc.Notes {
		if strings.TrimSpace(n) != "" {
			out = append(out, n)
		}
	}
	if l.doc.RegisterNote != "" {
		out = append(out, l.doc.RegisterNote)
	}
	return out
}

func (l *letter) paymentHeight() float64 {
	if l.doc.Sums.Payable > 0 && l.doc.IBAN != "" {
		return 36 * mm
	}
	return 8 * mm
}

// payment says how to pay, with the GiroCode on the right; or that nothing is open.
func (l *letter) payment() {
	d, s := l.doc, &l.doc.Sums
	if s.Payable <= 0 {
		text := d.PaymentTerms
		if text == "" && d.Prepaid > 0 && s.Payable == 0 {
			text = "Der Rechnungsbetrag ist bezahlt; es ist nichts mehr offen."
		}
		if text != "" {
			l.para(regular, 10, right-left, leading, ink, text)
			l.y += 2 * mm
		}
		return
	}
	top := l.y
	code, hasCode := l.giroCode()
	width := right - left
	if hasCode {
		x := right - qrSize
		l.page.modules(x, top-3*mm, qrSize, code.Size, code.Black)
		caption := "GiroCode: mit der Banking-App scannen"
		l.textRight(regular, 6.5, right, top-3*mm+qrSize+3*mm, grey, caption)
		width -= qrSize + 12*mm
	}
	text := d.PaymentTerms
	if text == "" {
		text = "Bitte überweisen Sie den Betrag"
		if g := d.DueOn.German(); g != "" {
			text += " bis zum " + g
		}
		text += "."
	}
	l.para(regular, 10, width, leading, ink, text)
	l.y += 1.4 * mm
	rows, keys := l.paymentRows(), 0.0
	for _, r := range rows {
		keys = max(keys, l.fonts[regular].measure(r[0], 9)+5*mm)
	}
	for _, r := range rows {
		l.text(regular, 9, left, l.y, grey, r[0])
		for _, t := range l.fonts[regular].wrap(showable(l.fonts[regular], r[1]), 9, width-keys) {
			l.text(regular, 9, left+keys, l.y, ink, t)
			l.y += 4.5 * mm
		}
	}
	if hasCode {
		l.y = max(l.y, top+qrSize+5*mm)
	}
	l.y += 3 * mm
}

func (l *letter) paymentRows() (rows [][2]string) {
	d, s := l.doc, &l.doc.Sums
	if d.IBAN != "" {
		rows = append(rows, [2]string{"Empfänger", l.accountHolder()}, [2]string{"IBAN", groupedIBAN(d.IBAN)})
	}
	rows = append(rows, [2]string{"Verwendungszweck", d.Number})
	if c := d.CashDiscount; c != nil && c.Days > 0 {
		off := feierabend.Percent(s.Payable, c.Percent)
		key := "Mit Skonto"
		if t, ok := d.IssuedOn.Time(); ok {
			key += " bis " + feierabend.DateOf(t.AddDate(0, 0, c.Days)).German()
		}
		rows = append(rows, [2]string{key, (s.Payable - off).German() + " € (" + c.Percent.German(0) + " % = " + off.German() + " €)"})
	}
	return rows
}

func (l *letter) accountHolder() string {
	if l.doc.Account != "" {
		return l.doc.Account
	}
	return l.doc.Seller.Name
}

// giroCode is the EPC069-12 code for a transfer, level M. Amounts outside its
// range, or a missing IBAN, give none.
func (l *letter) giroCode() (*qr.Code, bool) {
	d := l.doc
	if d.IBAN == "" || d.Sums.Payable < 1 || d.Sums.Payable > 99_999_999_999 {
		return nil, false
	}
	lines := []string{"BCD", "002", "1", "SCT", d.BIC, clip(l.accountHolder(), 70), strings.ReplaceAll(d.IBAN, " ", ""), "EUR" + d.Sums.Payable.String(), "", "", clip(d.Number, 140)}
	code, err := qr.Encode(strings.Join(lines, "\n"), qr.M)
	return code, err == nil && code.Size <= 17+4*13 // version 13
}

// clip keeps the first n runes of one line.
func clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
