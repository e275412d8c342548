package pricelist

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"feierabend"
)

// merge is the work of NewPlan.
type merge struct {
	reading Reading
	list    []feierabend.PriceItem
	english bool            // prices of this file have a decimal point
	at      map[string]int  // place in the list by folded name
	named   map[string]bool // names that the file has, refused rows too
	width   int             // columns of the heading
	taken   []Change
	plan    Plan
}

var (
	// One, two or at least four digits behind a point, any behind "0.", or "1,234.": no
	// point there parts thousands.
	pointCents = regexp.MustCompile(`(^|[^\d.])\d+\.\d{1,2}\D*$|\d,\d{3}\.|(^|[^\d.,])0\.\d|\.\d{4,}\D*$`)
	threeBack  = regexp.MustCompile(`^\D*[1-9]\d{0,2}[.,]\d{3}\D*$`)
)

// name is the name in a row.
func (m *merge) name(row Row) string { return untame(row.cell(m.reading.place(ColumnName))) }

// english says whether a column of prices has decimal points anywhere: "12.50".
func english(rows []Row, column int) bool {
	return slices.ContainsFunc(rows, func(r Row) bool { return pointCents.MatchString(r.cell(column)) })
}

// doubles finds names that stand twice in the file: the later of two equal rows is not
// needed; of different ones nobody knows which is right, and none is taken.
func (m *merge) doubles(rows []Row) map[int]string {
	first, out := map[string]Row{}, map[int]string{}
	for _, row := range rows {
		name := Fold(m.name(row))
		was, twice := first[name]
		switch {
		case name == "":
		case !twice:
			first[name] = row
		case slices.Equal(was.Cells, row.Cells):
			out[row.Line] = fmt.Sprintf("Doppelt: Die gleiche Zeile steht schon in Zeile %d. Dort wird sie genommen.", was.Line)
		default:
			out[row.Line] = fmt.Sprintf("Diese Bezeichnung steht mit anderen Angaben schon in Zeile %d. Welche gilt, wissen nur Sie; keine wird genommen.", was.Line)
			out[was.Line] = fmt.Sprintf("Diese Bezeichnung steht mit anderen Angaben noch einmal in Zeile %d. Welche gilt, wissen nur Sie; keine wird genommen.", row.Line)
		}
	}
	return out
}

func (m *merge) refuse(row Row, text string) {
	m.plan.Refused = append(m.plan.Refused, Refusal{row.Line, m.name(row), text})
}

// take reads one row into a change, or refuses it.
func (m *merge) take(row Row) {
	cell := func(c Column) string { return untame(row.cell(m.reading.place(c))) }
	if text := m.rowProblem(row, cell); text != "" {
		m.refuse(row, text)
		return
	}
	v, old := Values{}, feierabend.PriceItem{}
	i, known := m.at[Fold(cell(ColumnName))]
	if known {
		old = m.list[i]
		v = Show(old)
	}
	for _, c := range []Column{ColumnName, ColumnPrice, ColumnUnit, ColumnKind, ColumnVAT, ColumnAliases} {
		empties := m.reading.Replace && (c == ColumnVAT || c == ColumnAliases) && m.reading.place(c) >= 0
		if text := cell(c); text != "" || empties || c == ColumnPrice {
			v[string(c)] = text
		}
	}
	if v[FieldUnit] == "" {
		v[FieldUnit] = m.reading.Unit
	}
	if v[FieldKind] == "" {
		v[FieldKind] = string(m.kindFor(v[FieldUnit]))
	}
	it, wrong := Read(v)
	if len(wrong) > 0 {
		if len(wrong) == 1 && wrong[0].Field == FieldUnit && v[FieldUnit] == "" {
			m.plan.Units++
		}
		m.refuse(row, wrong[0].Text)
		return
	}
	m.taken = append(m.taken, Change{row.Line, old, it})
}

// kindFor is the kind of a row that names none: hours are work, what is sold as one price
// is work at a fixed price, the rest is what the person has chosen for the file.
func (m *merge) kindFor(word string) feierabend.LineKind {
	switch unit, _ := UnitOf(word); unit {
	case "HUR", "MIN":
		return feierabend.LineLabour
	case "LS":
		return feierabend.LineLump
	}
	return m.reading.Kind
}

// rowProblem says what is wrong with a row as a row, or "".
func (m *merge) rowProblem(row Row, cell func(Column) string) string {
	price := cell(ColumnPrice)
	for _, c := range row.Cells {
		if c = strings.TrimSpace(c); strings.HasPrefix(c, "=") || strings.HasPrefix(c, "@") {
			return "In der Zeile steht eine Formel („" + clip(oneLine(c)) + "“). Bitte in der Tabelle den Wert selbst eintragen."
		}
	}
	switch {
	case len(row.Cells) > m.width:
		return "Die Zeile hat mehr Spalten als die Überschrift. Steht in einem Text oder Preis das Zeichen, das die Spalten trennt?"
	case strings.HasPrefix(Fold(cell(ColumnName)), "beispiel:"):
		return "Das ist eine Beispielzeile der Vorlage."
	case m.english && threeBack.MatchString(price):
		return "„" + clip(price) + "“ lässt sich auf zwei Arten lesen, denn andere Preise der Datei haben einen Punkt vor den Cent. Bitte mit Komma schreiben, zum Beispiel 1234,00."
	}
	if per := cell(ColumnPer); per != "" {
		if n, ok := Decimal(per); !ok || n != feierabend.One {
			return "Der Preis gilt je " + clip(per) + ". Bitte den Preis für 1 eintragen."
		}
	}
	return ""
}

// finish sorts what was taken, and refuses names that two items would have.
func (m *merge) finish() {
	after := map[int]feierabend.PriceItem{}
	owner := map[string]string{} // spoken name → name of the item that has it
	stays := func(i int) bool { return !m.reading.Replace || m.named[Fold(m.list[i].Name)] }
	for i, it := range m.list {
		for _, name := range spoken(it) {
			if stays(i) {
				owner[name] = Fold(it.Name)
			}
		}
	}
	var added []feierabend.PriceItem
	for _, c := range m.taken {
		own := Fold(c.After.Name)
		if shared := clash(owner, spoken(c.After), own); shared != "" {
			m.plan.Refused = append(m.plan.Refused, Refusal{c.Line, c.After.Name, "„" + clip(shared) + "“ heißt schon ein anderer Posten. Beim Sprechen wäre unklar, welcher gemeint ist."})
			continue
		}
		for _, name := range spoken(c.After) {
			owner[name] = own
		}
		i, known := m.at[own]
		switch {
		case !known:
			m.plan.Added, added = append(m.plan.Added, c), append(added, c.After)
		case reflect.DeepEqual(c.Before, c.After):
			m.plan.Same = append(m.plan.Same, c)
		default:
			m.plan.Changed, after[i] = append(m.plan.Changed, c), c.After
		}
	}
	for i, it := range m.list {
		now, changed := after[i]
		switch {
		case changed:
			m.plan.After = append(m.plan.After, now)
		case stays(i):
			m.plan.After = append(m.plan.After, it)
		default:
			m.plan.Removed = append(m.plan.Removed, it)
		}
	}
	m.plan.After = append(m.plan.After, added...)
}

// clash gives a name that another item has, or "".
func clash(owner map[string]string, names []string, own string) string {
	for _, n := range names {
		if o, taken := owner[n]; taken && o != own {
			return n
		}
	}
	return ""
}

// clip shortens what a sentence quotes.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
