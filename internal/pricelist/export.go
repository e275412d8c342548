package pricelist

import (
	"bytes"
	"encoding/csv"
	"strings"

	"feierabend"
)

// Write gives a list as a CSV file: UTF-8 with mark, semicolons, German numbers, as German
// spreadsheets open it at once. A text that a spreadsheet would run as a formula gets an
// apostrophe, which NewPlan takes off again.
func Write(list []feierabend.PriceItem) []byte {
	rows := make([][]string, 0, len(list))
	for _, it := range list {
		v := Show(it)
		vat := ""
		if it.VAT != nil {
			vat = v[FieldVAT] + " %"
		}
		rows = append(rows, []string{v[FieldName], UnitLabel(it.Unit), v[FieldPrice], KindLabel(it.Kind), vat, v[FieldAliases]})
	}
	return file(rows)
}

// Template is a file to be filled in. Its two rows are examples, and NewPlan knows them.
func Template() []byte {
	return file([][]string{
		{"Beispiel: Röhrensiphon", "Stück", "28,50", "Material", "", "Siphon, Geruchsverschluss"},
		{"Beispiel: Wand streichen", "Quadratmeter", "9,80", "Arbeit", "", "Wände streichen"},
	})
}

func file(rows [][]string) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	w.Write([]string{"Bezeichnung", "Einheit", "Preis netto", "Art", "Umsatzsteuer", "Andere Namen"}) // a buffer takes everything
	for _, r := range rows {
		for i := range r {
			r[i] = tame(r[i])
		}
		w.Write(r)
	}
	w.Flush()
	return b.Bytes()
}

// tame keeps a spreadsheet from reading a text as a formula.
func tame(s string) string {
	if s != "" && strings.ContainsRune(formula, rune(s[0])) {
		return "'" + s
	}
	return s
}

// formula are the characters with which a text could begin a formula, and the apostrophe itself.
const formula = "=+-@\t\r|%'"

// untame takes off the apostrophe of tame.
func untame(s string) string {
	if base, cut := strings.CutPrefix(s, "'"); cut && base != "" && strings.ContainsRune(formula, rune(base[0])) {
		return base
	}
	return s
}
