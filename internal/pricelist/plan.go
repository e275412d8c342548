package pricelist

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"feierabend"
)

// Reading is how a person wants a file to be taken over.
type Reading struct {
	Layout
	Replace bool   // items that are not in the file go
	Unit    string // code for rows without a unit, "" = they are refused
	Kind    feierabend.LineKind
}

// Change is a row that becomes an item, or what the item was before.
type Change struct {
	Line          int
	Before, After feierabend.PriceItem
}

// Refusal is a row that is not taken over.
type Refusal struct {
	Line int
	Name string // as far as the row has one
	Text string // German, why
}

// Plan is what taking over a file would do. Nothing has happened yet.
type Plan struct {
	Added, Changed, Same []Change
	Removed              []feierabend.PriceItem
	Refused              []Refusal
	Units                int                    // refused for want of a unit
	After                []feierabend.PriceItem // the list as it would be
	Digest               string                 // of the list before and after: what a person has agreed to
}

// NewPlan compares the rows of a table with the list. Rows and items belong together by
// name, whatever its case. Columns that the file has not leave an item as it is; empty
// cells do so too, except where the file replaces the list: there they empty what may be
// empty. An item that a refused row names stays. The error is Invalid with a German text.
func NewPlan(list []feierabend.PriceItem, t Table, r Reading) (Plan, error) {
	if problem := r.Problem(); problem != "" {
		return Plan{}, bad("columns", problem)
	}
	rows := t.Rows
	if r.Heading && len(rows) > 0 {
		rows = rows[1:]
	}
	switch {
	case len(rows) == 0:
		return Plan{}, bad("no_rows", "In der Datei steht nur eine Überschrift, kein einziger Posten.")
	case len(rows) > MaxItems:
		return Plan{}, tooMany()
	}
	m := &merge{reading: r, list: list, english: english(rows, r.place(ColumnPrice)), at: map[string]int{}, named: map[string]bool{}, width: t.Width}
	if r.Heading {
		m.width = len(t.Rows[0].Cells)
	}
	for i, it := range list {
		m.at[Fold(it.Name)] = i
	}
	doubles := m.doubles(rows)
	for _, row := range rows {
		name := Fold(m.name(row))
		m.named[name] = true
		if text := doubles[row.Line]; text != "" {
			m.refuse(row, text)
			continue
		}
		m.take(row)
	}
	m.finish()
	if len(m.plan.After) > MaxItems {
		return Plan{}, bad("full", "Zusammen mit Ihrer jetzigen Liste wären es mehr als 5.000 Posten, so viele gehen nicht. Bitte nehmen Sie Posten heraus, oder ersetzen Sie die Liste.")
	}
	slices.SortStableFunc(m.plan.Refused, func(a, b Refusal) int { return a.Line - b.Line })
	m.plan.Digest = digest(list, m.plan.After)
	return m.plan, nil
}

// Stand is the digest of a list: what a page showed.
func Stand(list []feierabend.PriceItem) string { return digest(list) }

func digest(lists ...[]feierabend.PriceItem) string {
	h := sha256.New()
	for _, l := range lists {
		b, _ := json.Marshal(l) // texts and numbers only
		h.Write(b)
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
