package pricelist

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Limits of a table. A quotation mark that is never closed swallows the lines behind it:
// a cell that is longer than any name shows it.
const (
	maxColumns = 40
	maxCell    = 1_000 // bytes
)

// Row is one row of a table: its line in the file, counted from 1, and its cells.
type Row struct {
	Line  int
	Cells []string
}

// cell is the text of column n on one line; "" where the row has none.
func (r Row) cell(n int) string {
	if n < 0 || n >= len(r.Cells) {
		return ""
	}
	return oneLine(r.Cells[n])
}

// Table is the rows of a file, without empty ones, and how many columns the widest has.
type Table struct {
	Rows  []Row
	Width int
	marks map[int]int // how many rows have that many cells, empty ones at their end included
}

// ReadTable parts text into rows. The mark between columns is the one of ; , and tab that
// gives most rows the same number of columns, at least two. The error is Invalid with a
// German text.
func ReadTable(text string) (Table, error) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	first, rest, _ := strings.Cut(text, "\n")
	if mark, said := strings.CutPrefix(strings.ToLower(strings.TrimSpace(first)), "sep="); said && len(mark) == 1 && strings.Contains(";,\t|", mark) { // Excel's own line
		t, err := parse("\n"+rest, rune(mark[0]))
		return whole(t, err)
	}
	var best Table
	most := 0
	for _, mark := range []rune{';', '\t', ','} {
		t, err := parse(text, mark)
		if err != nil && strings.ContainsRune(first, mark) {
			return Table{}, err
		}
		if mark == ',' && err == nil && most == 0 && t.partsPrices() {
			return Table{}, bad("comma", "In dieser Datei trennt das Komma die Spalten und steht auch in den Preisen: Was wohin gehört, lässt sich nicht sicher sagen. Bitte mit Semikolon zwischen den Spalten speichern (in Excel: „CSV UTF-8“).")
		}
		if n := t.agreeing(); err == nil && n > most && !(mark == ',' && t.partsPrices()) {
			best, most = t, n
		}
	}
	return whole(best, nil)
}

// partsPrices says that the mark between columns also stands inside prices: in half of the
// rows a cell that ends with a digit stands before one of two digits, "24" and "90".
func (t Table) partsPrices() bool {
	n := 0
	for _, r := range t.Rows {
		for i := range r.Cells[1:] {
			before, cents := r.cell(i), strings.TrimRight(r.cell(i+1), " €EUR")
			if before != "" && unicode.IsDigit(rune(before[len(before)-1])) && len(cents) == 2 && strings.Trim(cents, "0123456789") == "" {
				n++
				break
			}
		}
	}
	return n > 0 && 2*n >= len(t.Rows)-1
}

// whole checks a table as such.
func whole(t Table, err error) (Table, error) {
	switch {
	case err != nil:
		return Table{}, err
	case t.Width < 2:
		return Table{}, bad("one_column", "In der Datei ist nur eine Spalte zu finden. Gebraucht werden mindestens Bezeichnung und Preis, mit Semikolon, Komma oder Tabulator getrennt.")
	case t.Width > maxColumns:
		return Table{}, bad("columns", fmt.Sprintf("Die Datei hat %d Spalten, höchstens %d gehen. Bitte speichern Sie nur die, die Sie brauchen.", t.Width, maxColumns))
	case len(t.Rows) > MaxItems+1: // one of them may be the heading
		return Table{}, tooMany()
	}
	return t, nil
}

func tooMany() error {
	return bad("too_many", "Die Datei hat mehr als 5.000 Posten. So viele lassen sich nicht mehr sicher auseinanderhalten, wenn Sie sprechen. Bitte nehmen Sie nur, was Sie wirklich verkaufen.")
}

// agreeing counts the rows that have the commonest number of columns, 0 for one column.
func (t Table) agreeing() int {
	most := 0
	for width, n := range t.marks {
		if width > 1 {
			most = max(most, n)
		}
	}
	return most
}

// parse reads text with one mark. A quotation mark inside a cell is an inch: `Kugelhahn 1/2"`.
func parse(text string, mark rune) (Table, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = mark, true, -1, false
	t := Table{marks: map[int]int{}}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return Table{}, bad("csv", "Die Datei lässt sich nicht als Liste lesen. Bitte speichern Sie sie noch einmal als „CSV UTF-8“.")
		}
		line, _ := r.FieldPos(0)
		empty := true
		for _, c := range cells {
			if len(c) > maxCell || strings.Count(c, "\n") > 5 {
				return Table{}, bad("quote", fmt.Sprintf("In Zeile %d beginnt ein Text mit Anführungszeichen, der nicht endet, oder er ist viel zu lang. Bitte sehen Sie dort nach.", line))
			}
			empty = empty && strings.TrimSpace(c) == ""
		}
		if empty {
			continue
		}
		t.marks[len(cells)]++
		for strings.TrimSpace(cells[len(cells)-1]) == "" {
			cells = cells[:len(cells)-1] // marks at the end of a line are no columns
		}
		if t.Rows = append(t.Rows, Row{line, cells}); len(t.Rows) > MaxItems+1 {
			return t, nil // counted enough
		}
		t.Width = max(t.Width, len(cells))
	}
}
