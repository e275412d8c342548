package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"feierabend"
	"feierabend/internal/pricelist"
)

// planPage is the preview of an import, or the question what the columns hold.
type planPage struct {
	Text    string // the file, which goes with the page and comes back
	Windows bool   // it was read as Windows-1252
	Asked   bool   // the columns are asked first: no preview yet
	Problem string
	Form    form // how the file is read
	Digest  string

	Read                                  int    // rows
	Take                                  int    // items that would be added or changed
	Does                                  string // the word on the button
	Added, Changed, Same, Removed, Refuse []planRow
	NoUnit                                int  // rows refused for want of a unit
	Replace                               bool // what is not in the file goes

	table   pricelist.Table
	reading pricelist.Reading
}

// planRow is one row of the file, and what becomes of it.
type planRow struct {
	Line       int // 0 = not in the file
	Name, Text string
}

// newPlanPage makes the page with its form, without a plan.
func newPlanPage(text string, windows bool, t pricelist.Table, r pricelist.Reading) planPage {
	p := planPage{Text: text, Windows: windows, table: t, reading: r, Replace: r.Replace, Read: len(t.Rows)}
	if r.Heading {
		p.Read--
	}
	var fields []field
	for i, c := range r.Columns {
		fields = append(fields, field{
			Name: "spalte" + strconv.Itoa(i), Label: "Spalte " + strconv.Itoa(i+1), Kind: "select", Value: columnValue(c),
			Options: columnOptions(), Hint: columnHint(t, i),
		})
	}
	mode := modeField()
	if r.Replace {
		mode.Value = modeReplace
	}
	heading := field{Name: "kopf", Label: "Die erste Zeile ist eine Überschrift", Kind: "checkbox", Optional: true}
	if r.Heading {
		heading.Value = "1"
	}
	fields = append(fields, heading,
		field{Name: "einheit", Label: "Zeilen ohne Einheit", Kind: "select", Value: orDash(r.Unit), Options: choices(option{"-", "nicht übernehmen"}, pricelist.Units()), Hint: "Nur für Posten, die noch nicht in Ihrer Liste stehen."},
		field{Name: "art", Label: "Zeilen ohne Art sind", Kind: "select", Value: string(r.Kind), Options: choices(option{}, pricelist.Kinds())[1:], Hint: "Stunden sind immer Arbeit, Pauschalen Arbeit zum Festpreis."},
		mode)
	p.Form = newForm(fields...)
	return p
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func columnValue(c pricelist.Column) string { return orDash(string(c)) }

func columnOptions() (out []option) {
	for _, c := range pricelist.Columns() {
		out = append(out, option{orDash(c.Code), c.Label})
	}
	return out
}

// columnHint shows what stands in a column: its first three texts.
func columnHint(t pricelist.Table, n int) string {
	var out []string
	for _, r := range t.Rows {
		if n < len(r.Cells) && strings.TrimSpace(r.Cells[n]) != "" && len(out) < 3 {
			out = append(out, firstRunes(strings.Join(strings.Fields(r.Cells[n]), " "), 40))
		}
	}
	if len(out) == 0 {
		return "leer"
	}
	return strings.Join(out, " · ")
}

// readReading reads how the file is to be read; what is no choice of ours counts as none.
func readReading(typed url.Values, t pricelist.Table) pricelist.Reading {
	r := pricelist.Reading{Replace: typed.Get("weise") == modeReplace, Kind: feierabend.LineMaterial}
	r.Heading = typed.Get("kopf") != ""
	r.Columns = make([]pricelist.Column, t.Width)
	for i := range r.Columns {
		for _, c := range pricelist.Columns() {
			if c.Code != "" && c.Code == typed.Get("spalte"+strconv.Itoa(i)) {
				r.Columns[i] = pricelist.Column(c.Code)
			}
		}
	}
	for _, u := range pricelist.Units() {
		if u.Code == typed.Get("einheit") {
			r.Unit = u.Code
		}
	}
	for _, k := range pricelist.Kinds() {
		if k.Code == typed.Get("art") {
			r.Kind = feierabend.LineKind(k.Code)
		}
	}
	return r
}

// fill shows a plan.
func (p *planPage) fill(plan pricelist.Plan) {
	p.Digest, p.NoUnit = plan.Digest, plan.Units
	for _, c := range plan.Added {
		p.Added = append(p.Added, planRow{c.Line, c.After.Name, price(c.After.Price) + " " + itemText(c.After)})
	}
	for _, c := range plan.Changed {
		p.Changed = append(p.Changed, planRow{c.Line, c.After.Name, changeText(c.Before, c.After)})
	}
	for _, c := range plan.Same {
		p.Same = append(p.Same, planRow{c.Line, c.After.Name, price(c.After.Price) + " " + per(c.After.Unit)})
	}
	for _, it := range plan.Removed {
		p.Removed = append(p.Removed, planRow{0, it.Name, price(it.Price) + " " + per(it.Unit)})
	}
	for _, r := range plan.Refused {
		p.Refuse = append(p.Refuse, planRow{r.Line, r.Name, r.Text})
	}
	p.Take = len(p.Added) + len(p.Changed)
	switch {
	case p.Take == 0 && len(p.Removed) == 0:
	case len(p.Removed) == 0:
		p.Does = postings(p.Take) + " übernehmen"
	case p.Take == 0:
		p.Does = postings(len(p.Removed)) + " entfernen"
	default:
		p.Does = postings(p.Take) + " übernehmen, " + thousands(len(p.Removed)) + " entfernen"
	}
}

// changeText says what becomes of an item, field by field.
func changeText(before, after feierabend.PriceItem) string {
	var out []string
	add := func(is bool, text string) {
		if is {
			out = append(out, text)
		}
	}
	add(before.Name != after.Name, "bisher „"+before.Name+"“")
	add(before.Price != after.Price, price(before.Price)+" → "+price(after.Price))
	add(before.Unit != after.Unit, per(before.Unit)+" → "+per(after.Unit))
	add(before.Kind != after.Kind, pricelist.KindLabel(before.Kind)+" → "+pricelist.KindLabel(after.Kind))
	a, b := vatText(before), vatText(after)
	add(a != b, "Umsatzsteuer "+a+" → "+b)
	is, was := strings.Join(after.Aliases, ", "), strings.Join(before.Aliases, ", ")
	if is == "" {
		is = "nichts"
	}
	add(strings.Join(after.Aliases, ", ") != was, "andere Namen jetzt: "+is)
	return strings.Join(out, " · ")
}

func vatText(it feierabend.PriceItem) string {
	if it.VAT == nil {
		return "wie sonst"
	}
	return it.VAT.German(0) + nbsp + "%"
}

func (s *server) planPage(w http.ResponseWriter, v *visit, status int, p planPage) error {
	return s.show(w, v, status, page{View: "priceplan", Title: "Vorschau", Nav: "einstellungen", Detail: true, Content: p})
}
