package pricelist

import (
	"strings"
	"unicode"
)

// Column says what a column of a file holds.
type Column string

// The columns; the words stand in forms.
const (
	ColumnNone    Column = ""
	ColumnName    Column = FieldName
	ColumnUnit    Column = FieldUnit
	ColumnPrice   Column = FieldPrice
	ColumnKind    Column = FieldKind
	ColumnVAT     Column = FieldVAT
	ColumnAliases Column = FieldAliases
	ColumnPer     Column = "je" // the quantity that the price is for: 1, 100
)

// Columns are what a person can choose for a column of the file.
func Columns() []Choice {
	return []Choice{
		{"", "nicht übernehmen"},
		{string(ColumnName), "Bezeichnung"},
		{string(ColumnPrice), "Preis netto"},
		{string(ColumnUnit), "Einheit"},
		{string(ColumnKind), "Art"},
		{string(ColumnVAT), "Umsatzsteuer"},
		{string(ColumnAliases), "Andere Namen"},
		{string(ColumnPer), "Preis gilt je (Menge)"},
	}
}

// headings are the words of headings by column, folded by headWord. Purchase prices and
// gross prices are nowhere among them: the list is net and what the customer pays.
func headings() map[Column]string {
	return map[Column]string{
		ColumnName:    "bezeichnung artikelbezeichnung artikel name artikelname beschreibung kurztext leistung leistungsbezeichnung text produkt produktname titel langtext bezeichnung1 artikeltext",
		ColumnUnit:    "einheit einh me mengeneinheit eh verkaufseinheit",
		ColumnPrice:   "preis nettopreis preisnetto preis€ preisnetto€ preiseur preisineur preisin€ preisnettoeur preisnettoineur vk vknetto vkpreis vkpreisnetto nettovk verkaufspreis verkaufspreisnetto nettoverkaufspreis einzelpreis einzelpreisnetto ep epnetto einheitspreis netto stückpreis",
		ColumnKind:    "art typ kategorie positionsart artikelart",
		ColumnVAT:     "umsatzsteuer umsatzsteuer% ust ust% mwst mwst% mehrwertsteuer steuer steuersatz ustsatz mwstsatz steuer%",
		ColumnAliases: "anderenamen auch aliase alias aliasnamen synonyme synonym suchbegriffe suchbegriff gesprochen spitzname spitznamen",
		ColumnPer:     "pe preiseinheit preisje preisgiltje pro peh",
	}
}

// headWord is a heading without what it is written with: "Preis (netto) in €" → "preisnettoin€".
func headWord(s string) string {
	return strings.NewReplacer(" ", "", ".", "", "-", "", "_", "", "(", "", ")", "", "[", "", "]", "", ":", "", "\u00a0", "").Replace(strings.ToLower(s))
}

// Layout is how a table is read: whether its first row is a heading, and its columns.
type Layout struct {
	Heading bool
	Columns []Column
}

// place is the column of the file that holds c, -1 = none.
func (l Layout) place(c Column) int {
	for i, is := range l.Columns {
		if is == c {
			return i
		}
	}
	return -1
}

// Problem says why the layout cannot be read, or "".
func (l Layout) Problem() string {
	count := map[Column]int{}
	for _, c := range l.Columns {
		count[c]++
	}
	for _, c := range Columns()[1:] {
		if count[Column(c.Code)] > 1 {
			return "„" + c.Label + "“ ist für zwei Spalten gewählt. Bitte nur für eine."
		}
	}
	switch {
	case count[ColumnName] == 0:
		return "Bitte wählen Sie, in welcher Spalte die Bezeichnung steht."
	case count[ColumnPrice] == 0:
		return "Bitte wählen Sie, in welcher Spalte der Nettopreis steht."
	}
	return ""
}

// Recognise finds the layout of a table: by its heading, else by what the columns hold.
// sure is false where a person must look; the layout is then a proposal.
func Recognise(t Table) (l Layout, sure bool) {
	l.Columns = make([]Column, t.Width)
	if len(t.Rows) == 0 {
		return l, false
	}
	words := headings()
	hits, double := 0, false
	for i := range t.Rows[0].Cells {
		for c, list := range words {
			if hasWord(list, headWord(t.Rows[0].cell(i))) {
				double = double || l.place(c) >= 0
				l.Columns[i] = c
				hits++
			}
		}
	}
	if hits >= 2 && l.place(ColumnName) >= 0 {
		l.Heading = true
		return l, !double && l.Problem() == ""
	}
	return byContent(t)
}

// byContent proposes a layout for a table without a known heading. It is sure where
// exactly one column can be the price and exactly one the name.
func byContent(t Table) (l Layout, sure bool) {
	l.Columns = make([]Column, t.Width)
	l.Heading = true
	for i := range t.Rows[0].Cells {
		if _, problem := Price(t.Rows[0].cell(i)); problem == "" {
			l.Heading = false
		}
	}
	rows := t.Rows
	if l.Heading {
		rows = rows[1:]
	}
	share := func(n int, is func(string) bool) bool { // nearly all
		yes := 0
		for _, r := range rows {
			if is(r.cell(n)) {
				yes++
			}
		}
		return len(rows) > 0 && yes*10 >= len(rows)*9
	}
	isPrice := func(s string) bool { _, problem := Price(s); return problem == "" }
	isUnit := func(s string) bool { _, ok := UnitOf(s); return ok }
	isText := func(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) && !isUnit(s) }
	found := map[Column]int{}
	for i := range t.Width {
		for _, c := range []struct {
			column Column
			is     func(string) bool
		}{{ColumnPrice, isPrice}, {ColumnUnit, isUnit}, {ColumnName, isText}} {
			if share(i, c.is) {
				if found[c.column]++; found[c.column] == 1 {
					l.Columns[i] = c.column
				}
				break
			}
		}
	}
	return l, !l.Heading && found[ColumnName] == 1 && found[ColumnPrice] == 1 && found[ColumnUnit] <= 1
}
