package pdf

import (
	"strconv"

	"feierabend"
)

// columns are the right or left edges of the table; rate is 0 where all lines
// have one VAT rate.
type columns struct{ name, nameEnd, quantity, unit, price, rate, amount float64 }

func (l *letter) columns() columns {
	c := columns{name: left + 9*mm, nameEnd: 108 * mm, quantity: 123 * mm, unit: 124.5 * mm, price: 166 * mm, amount: right}
	if len(l.doc.Sums.Taxes) > 1 {
		c.nameEnd, c.quantity, c.unit, c.price, c.rate = 100*mm, 114*mm, 115.5*mm, 155*mm, 167*mm
	}
	return c
}

func (l *letter) tableHead(c columns) {
	l.text(regular, 8, left, l.y, grey, "Pos.")
	l.text(regular, 8, c.name, l.y, grey, "Leistung")
	l.textRight(regular, 8, c.quantity, l.y, grey, "Menge")
	l.textRight(regular, 8, c.price, l.y, grey, "Einzelpreis €")
	if c.rate != 0 {
		l.textRight(regular, 8, c.rate, l.y, grey, "USt.")
	}
	l.textRight(regular, 8, c.amount, l.y, grey, "Betrag €")
	l.page.rule(ink, left, l.y+1.8*mm, right, l.y+1.8*mm, .7)
	l.y += 6.6 * mm
}

// rowLine is one printed line of a table row.
type rowLine struct {
	text  string
	size  float64
	color rgb
	lead  float64
}

func (l *letter) rowLines(x *feierabend.DocumentLine, c columns) (out []rowLine) {
	f := l.fonts[regular]
	for _, t := range f.wrap(showable(f, x.Name), body, c.nameEnd-c.name) {
		out = append(out, rowLine{t, body, ink, 4.4 * mm})
	}
	text := x.Text
	if x.Per > 0 && x.Per != feierabend.One {
		text = joinNonEmpty("\n", text, "Preis je "+x.Per.German(0)+" "+feierabend.UnitLabel(x.Unit, x.Per))
	}
	if x.Adjust != 0 {
		text = joinNonEmpty("\n", text, "Nachlass oder Zuschlag: "+x.Adjust.German()+" €")
	}
	if text != "" {
		for _, t := range f.wrap(showable(f, text), small, c.nameEnd-c.name) {
			out = append(out, rowLine{t, small, grey, 3.9 * mm})
		}
	}
	return out
}

// table sets the lines with carried sums (Übertrag) at page breaks. A row stays
// together unless it is longer than a page.
func (l *letter) table() {
	c := l.columns()
	closing := l.height(l.closingBlock)
	l.tableHead(c)
	var carry feierabend.Cents
	const gap, carryRoom = 2.6 * mm, 8 * mm
	for i := range l.doc.Lines {
		x := &l.doc.Lines[i]
		rows := l.rowLines(x, c)
		height := 0.0
		for _, r := range rows {
			height += r.lead
		}
		page := bottom - carryRoom - continuedTop - 14*mm
		full := l.y+min(height, page)-4.4*mm > bottom-carryRoom
		// The last row goes with the sums: no page begins with them alone.
		alone := i > 0 && i == len(l.doc.Lines)-1 && l.y+height+gap+closing > bottom && height+gap+closing < page
		if full || alone {
			l.carry(c, carry)
		}
		l.rowFigures(c, i+1, x)
		for _, r := range rows {
			if l.y > bottom-carryRoom {
				l.carry(c, carry)
			}
			l.text(regular, r.size, c.name, l.y, r.color, r.text)
			l.y += r.lead
		}
		l.page.rule(faint, left, l.y-4.4*mm+2.3*mm, right, l.y-4.4*mm+2.3*mm, .4)
		l.y += gap
		carry += x.Net
	}
}

// carry ends a page with the sum so far and begins the next with it.
func (l *letter) carry(c columns, sum feierabend.Cents) {
	l.text(regular, small, c.name, l.y+1*mm, grey, "Übertrag")
	l.textRight(regular, small, c.amount, l.y+1*mm, grey, sum.German())
	l.newPage()
	l.tableHead(c)
	l.text(regular, small, c.name, l.y, grey, "Übertrag von Seite "+strconv.Itoa(len(l.file.pages)-1))
	l.textRight(regular, small, c.amount, l.y, grey, sum.German())
	l.page.rule(faint, left, l.y+2.3*mm, right, l.y+2.3*mm, .4)
	l.y += 4.4*mm + 2.6*mm
}

func (l *letter) rowFigures(c columns, n int, x *feierabend.DocumentLine) {
	l.text(regular, body, left, l.y, grey, strconv.Itoa(n))
	unit := feierabend.UnitLabel(x.Unit, x.Quantity)
	if x.Unit == "LS" && x.Quantity == feierabend.One {
		l.text(regular, body, c.unit-l.fonts[regular].measure(unit, body)/2, l.y, ink, unit)
	} else {
		if x.Unit == "LS" { // two call-outs: "2 ×"
			unit = "×"
		}
		l.textRight(regular, body, c.quantity, l.y, ink, x.Quantity.German(0))
		l.text(regular, body, c.unit, l.y, ink, unit)
	}
	l.textRight(regular, body, c.price, l.y, ink, x.Price.German(2))
	if c.rate != 0 {
		l.textRight(regular, body, c.rate, l.y, ink, x.Rate.German(0)+" %")
	}
	l.textRight(regular, body, c.amount, l.y, ink, x.Net.German())
}
