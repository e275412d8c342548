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

// closing is the sums block, payment, notes and the last words. It stays together
// where a page has room for all of it, else the notes may run on.
func (l *letter) closing() {
	if l.y+l.height(l.closingBlock) > bottom {
		l.newPage()
	}
	l.closingBlock()
}

// height sets a block on a scratch page and says how far it reaches.
func (l *letter) height(block func()) float64 {
	onPage, y := l.page, l.y
	l.page, l.dry, l.y = &page{}, true, 0
	block()
	h := l.y
	l.page, l.dry, l.y = onPage, false, y
	return h
}

func (l *letter) closingBlock() {
	l.y += 1.5 * mm
	l.sumsBlock()
	l.payment()
	for _, n := range l.notes() {
		l.breakAt(noteLead)
		l.para(regular, 9, right-left, noteLead, ink, n)
		l.y += 1.5 * mm
	}
	l.y += 2 * mm
	l.breakAt(2 * leading)
	l.text(regular, 10, left, l.y, ink, "Mit freundlichen Grüßen")
	l.y += leading
	l.text(regular, 10, left, l.y, ink, l.doc.Seller.Name)
}

// breakAt begins a new page where the next height does not fit.
func (l *letter) breakAt(height float64) {
	if !l.dry && l.y+height > bottom {
		l.newPage()
	}
}

func (l *letter) sumsBlock() {
	for _, r := range l.sums() {
		weight, size := regular, body
		if r.strong {
			weight, size = bold, 11
			l.page.rule(ink, sumsLeft, l.y-3.6*mm, right, l.y-3.6*mm, .7)
			l.y += 1.6 * mm
		}
		room := right - sumsLeft - l.fonts[weight].measure(r.value, size) - 3*mm
		for i, t := range l.fonts[weight].wrap(showable(l.fonts[weight], r.key), size, room) {
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
	width := right - left
	if l.code != nil {
		x := right - qrSize
		if !l.dry {
			l.page.modules(x, top-3*mm, qrSize, l.code.Size, l.code.Black)
		}
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
	if l.code != nil {
		l.y = max(l.y, top+qrSize+3*mm)
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
// range, or a missing IBAN, give none (nil).
func (l *letter) giroCode() *qr.Code {
	d := l.doc
	if d.IBAN == "" || d.Sums.Payable < 1 || d.Sums.Payable > 99_999_999_999 {
		return nil
	}
	lines := []string{"BCD", "002", "1", "SCT", d.BIC, clip(l.accountHolder(), 70), strings.ReplaceAll(d.IBAN, " ", ""), "EUR" + d.Sums.Payable.String(), "", "", clip(d.Number, 140)}
	code, err := qr.Encode(strings.Join(lines, "\n"), qr.M)
	if err != nil || code.Size > 17+4*13 { // version 13
		return nil
	}
	return code
}

// clip keeps the first n runes of one line.
func clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
