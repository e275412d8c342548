package pdf

import (
	"strconv"
	"strings"

	"rsc.io/qr"

	"feierabend"
)

// The grid of the letter (DIN 5008 form B), in points from the top left corner.
const (
	left, right   = 25 * mm, 190 * mm
	bottom        = 266 * mm // last base line of the body
	leading       = 4.9 * mm // of body text
	body, small   = 9.5, 8.5
	infoLeft      = 125 * mm
	continuedTop  = 36 * mm
	regular, bold = 0, 1
)

// letter sets one document.
type letter struct {
	doc   *feierabend.Document
	file  *file
	fonts [2]*font
	page  *page
	y     float64  // next base line
	code  *qr.Code // GiroCode, nil = none
	dry   bool     // measuring: no page breaks

	across string // a word under the text of each page, "" = none
}

// set lays out all pages.
func (l *letter) set() {
	if l.across == "" { // nobody pays a sample
		l.code = l.giroCode()
	}
	l.newPage()
	l.letterhead()
	l.addressField()
	l.infoBlock()
	l.foldMarks()
	l.opening()
	l.table()
	l.closing()
	l.footers()
}

func (l *letter) newPage() {
	l.page = &page{b: make([]byte, 0, 12_288)}
	l.file.pages = append(l.file.pages, l.page)
	if l.across != "" {
		l.stampAcross(l.across)
	}
	if len(l.file.pages) == 1 {
		return
	}
	d := l.doc
	l.text(bold, 9, left, 22*mm, ink, d.Seller.Name)
	l.textRight(regular, 9, right, 22*mm, grey, l.title()+" "+d.Number+" vom "+d.IssuedOn.German())
	l.page.rule(faint, left, 25*mm, right, 25*mm, .6)
	l.y = continuedTop
}

// text writes a line with its base line at y; what the fonts lack becomes "?".
func (l *letter) text(weight int, size, x, y float64, c rgb, s string) {
	f := l.fonts[weight]
	l.page.text(weight, f, size, x, y, c, showable(f, s))
}

func (l *letter) textRight(weight int, size, x, y float64, c rgb, s string) {
	f := l.fonts[weight]
	s = showable(f, s)
	l.page.text(weight, f, size, x-f.measure(s, size), y, c, s)
}

// para writes wrapped text from the current base line and moves on.
func (l *letter) para(weight int, size, width, lead float64, c rgb, s string) {
	for _, t := range l.fonts[weight].wrap(showable(l.fonts[weight], s), size, width) {
		l.text(weight, size, left, l.y, c, t)
		l.y += lead
	}
}

// title is the word for BT-3.
func (l *letter) title() string {
	switch l.doc.TypeCode {
	case "326", "875":
		return "Abschlagsrechnung"
	case "876":
		return "Teilschlussrechnung"
	case "877":
		return "Schlussrechnung"
	case "381":
		return "Rechnungskorrektur"
	case "384":
		if l.doc.Sums.Gross < 0 {
			return "Stornorechnung"
		}
		return "Rechnungskorrektur"
	case "389":
		return "Gutschrift"
	}
	return "Rechnung"
}

func (l *letter) letterhead() {
	s := &l.doc.Seller
	size, room := 17.0, right-left-l.logo()
	for size > 10 && l.fonts[bold].measure(s.Name, size) > room {
		size -= .5
	}
	name := l.fonts[bold].wrap(showable(l.fonts[bold], s.Name), size, room) // beside a logo the longest names take two lines
	for i, t := range name {
		l.text(bold, size, left, 24*mm-float64(len(name)-1-i)*4.2*mm, ink, t)
	}
	l.text(regular, 9.5, left, 30*mm, grey, s.Tagline)
}

// addressField is 85 × 45 mm at 20/45 mm: return line, then up to six lines.
func (l *letter) addressField() {
	s, b := &l.doc.Seller, &l.doc.Buyer
	f := l.fonts[regular]
	city := strings.TrimSpace(s.Postcode + " " + s.City)
	size, from := 7.0, []string{joinNonEmpty(" · ", s.Name, s.Street, city)}
	for size > 6 && f.measure(from[0], size) > 80*mm {
		size -= .25
	}
	if f.measure(from[0], size) > 80*mm {
		from = append(f.wrap(s.Name, size, 80*mm), joinNonEmpty(" · ", s.Street, city))
	}
	for i, t := range from {
		l.text(regular, size, left, 60.5*mm-float64(len(from)-1-i)*2.5*mm, grey, t)
	}
	l.page.rule(faint, left, 62*mm, left+80*mm, 62*mm, .4)
	const field = 27.3 * mm // from 62.7 to 90 mm
	var lines []string
	var lead float64
	for size = 10.5; size >= 6; size -= .5 {
		lines, lead = lines[:0], size*1.32
		for _, t := range []string{b.Salutation, b.Name, b.Contact, b.Extra, b.Street, strings.TrimSpace(b.Postcode + " " + b.City), abroad(b.Country)} {
			lines = append(lines, f.wrap(showable(f, t), size, 80*mm)...)
		}
		if float64(len(lines))*lead <= field+1 {
			break
		}
	}
	for i, t := range lines {
		l.text(regular, size, left, 63*mm+lead*.85+float64(i)*lead, ink, t)
	}
}

// abroad is the last address line of letters to other countries.
func abroad(code string) string {
	switch code {
	case "", "DE":
		return ""
	case "AT":
		return "ÖSTERREICH"
	case "CH":
		return "SCHWEIZ"
	case "DK":
		return "DÄNEMARK"
	case "NL":
		return "NIEDERLANDE"
	case "FR":
		return "FRANKREICH"
	case "PL":
		return "POLEN"
	case "LU":
		return "LUXEMBURG"
	case "BE":
		return "BELGIEN"
	case "CZ":
		return "TSCHECHIEN"
	}
	return code
}

func joinNonEmpty(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if strings.TrimSpace(p) != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}

// infoBlock stands at 125/50 mm: facts that the reader looks for.
func (l *letter) infoBlock() {
	d := l.doc
	y := 53.5 * mm
	row := func(key, value string) {
		if value == "" {
			return
		}
		l.text(regular, small, infoLeft, y, grey, key)
		room := right - infoLeft - l.fonts[regular].measure(key, small) - 3*mm
		for _, v := range l.fonts[regular].wrap(showable(l.fonts[regular], value), body, room) {
			l.textRight(regular, body, right, y, ink, v)
			y += 5.1 * mm
		}
	}
	row("Nummer", d.Number)
	row("Datum", d.IssuedOn.German())
	switch {
	case d.SupplyFrom != d.SupplyTo:
		row("Leistung", joinNonEmpty(" – ", d.SupplyFrom.German(), d.SupplyTo.German()))
	default:
		row("Leistung", d.SupplyTo.German())
	}
	if d.Sums.Payable > 0 {
		row("Fällig am", d.DueOn.German())
	}
	row("Auftrag", d.OrderReference)
	row("Projekt", d.ProjectReference)
	if d.Profile == feierabend.ProfileXRechnung {
		row("Leitweg-ID", d.BuyerReference)
	} else {
		row("Ihr Zeichen", d.BuyerReference)
	}
	row("USt-IdNr.", d.Seller.VATID)
	row("Steuernummer", d.Seller.TaxNumber)
	row("Ihre USt-IdNr.", d.Buyer.VATID)
	l.y = y
}

// foldMarks: folds at 105 and 210 mm, punch mark at 148.5 mm.
func (l *letter) foldMarks() {
	for _, m := range []struct{ y, length float64 }{{105, 4}, {148.5, 6}, {210, 4}} {
		l.page.rule(faint, 5*mm, m.y*mm, (5+m.length)*mm, m.y*mm, .4)
	}
}

// footers go on every page when the number of pages is known.
func (l *letter) footers() {
	d, s := l.doc, &l.doc.Seller
	columns := [][]string{
		{s.Name, s.Street, strings.TrimSpace(s.Postcode + " " + s.City)},
		{s.Phone, s.Email, s.LegalInfo, s.LegalID},
		{prefixed("IBAN ", groupedIBAN(d.IBAN)), prefixed("BIC ", d.BIC), prefixed("USt-IdNr. ", s.VATID), prefixed("St.-Nr. ", s.TaxNumber)},
	}
	for i, p := range l.file.pages {
		l.page = p
		p.rule(faint, left, 272*mm, right, 272*mm, .6)
		for k, column := range columns {
			y := 276*mm + 0.5*mm
			for _, t := range column {
				if t == "" {
					continue
				}
				for _, w := range l.fonts[regular].wrap(showable(l.fonts[regular], t), 7.5, 53*mm) {
					l.text(regular, 7.5, left+float64(k)*56*mm, y, grey, w)
					y += 3.4 * mm
				}
			}
		}
		if n := len(l.file.pages); n > 1 {
			l.textRight(regular, 7.5, right, 291.5*mm, grey, "Seite "+strconv.Itoa(i+1)+" von "+strconv.Itoa(n))
		}
	}
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

// groupedIBAN puts a space after every fourth character.
func groupedIBAN(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i += 4 {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s[i:min(i+4, len(s))])
	}
	return b.String()
}
