package pricelist_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"feierabend"
	"feierabend/internal/pricelist"
)

// read takes a file the whole way; the error is the first that stops it.
func read(file []byte, list []feierabend.PriceItem, change func(*pricelist.Reading)) (plan pricelist.Plan, sure bool, err error) {
	text, _, err := pricelist.Decode(file)
	if err != nil {
		return plan, false, err
	}
	table, err := pricelist.ReadTable(text)
	if err != nil {
		return plan, false, err
	}
	layout, sure := pricelist.Recognise(table)
	r := pricelist.Reading{Layout: layout, Kind: feierabend.LineMaterial}
	if change != nil {
		change(&r)
	}
	plan, err = pricelist.NewPlan(list, table, r)
	return plan, sure, err
}

func utf16le(s string) []byte {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// TestWrongFiles: each gets a German answer that says what to do, and that nothing changed.
func TestWrongFiles(t *testing.T) {
	rows := func(n int, head string) []byte {
		var b strings.Builder
		b.WriteString(head)
		for i := range n {
			fmt.Fprintf(&b, "Posten %d;Stk;%d,50\n", i, i+1)
		}
		return []byte(b.String())
	}
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"nothing":                 {nil, "leer"},
		"blanks":                  {[]byte(" \n\t\r\n "), "leer"},
		"only a mark":             {[]byte("\ufeff"), "leer"},
		"PDF":                     {[]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3"), "PDF"},
		"XLSX":                    {[]byte("PK\x03\x04\x14\x00\x06\x00"), "Excel- oder Calc-Datei"},
		"empty zip":               {[]byte("PK\x05\x06\x00\x00"), "Excel- oder Calc-Datei"},
		"XLS":                     {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "Excel- oder Calc-Datei"},
		"PNG":                     {[]byte("\x89PNG\r\n\x1a\n"), "Bild"},
		"JPEG":                    {[]byte("\xff\xd8\xff\xe0"), "Bild"},
		"GIF":                     {[]byte("GIF89a"), "Bild"},
		"RTF":                     {[]byte(`{\rtf1 Siphon;28,50}`), "RTF"},
		"UTF-16":                  {utf16le("Bezeichnung;Preis\nSiphon;28,50\n"), "UTF-16"},
		"UTF-16, other order":     {[]byte("\xfe\xff\x00B"), "UTF-16"},
		"UTF-16 without mark":     {utf16le("Bezeichnung;Preis\nSiphon;28,50\n")[2:], "keine Textdatei"},
		"NUL bytes":               {[]byte("Bezeichnung;Preis\nSi\x00phon;28,50"), "keine Textdatei"},
		"noise":                   {bytes.Repeat([]byte{0x01, 0xfe, 0x80, 0x7f}, 100), "keine Textdatei"},
		"a page":                  {[]byte("<!DOCTYPE html><table><tr><td>Siphon"), "Internetseite"},
		"a page in capitals":      {[]byte("  <HTML><body>;"), "Internetseite"},
		"XML":                     {[]byte("<?xml version=\"1.0\"?><liste/>"), "XML"},
		"JSON":                    {[]byte("{\"Bezeichnung\": 1}"), "nur eine Spalte"},
		"prose":                   {[]byte("Sehr geehrte Damen und Herren\nanbei unsere Preise\n"), "nur eine Spalte"},
		"one column":              {[]byte("Bezeichnung\nSiphon\nEckventil\n"), "nur eine Spalte"},
		"blanks for columns":      {[]byte("Bezeichnung Preis\nSiphon 28\n"), "nur eine Spalte"},
		"price in the text":       {[]byte("Siphon 24,90\nEckventil 12,50\n"), "Komma"},
		"comma in the price":      {[]byte("Bezeichnung,Einheit,Preis\nSiphon,Stk,24,90\nVentil,Stk,12,50\n"), "Komma"},
		"DOS umlauts":             {[]byte("Bezeichnung;Preis\nR\x94hre;28,50\n"), "Umlaute"},
		"old Mac umlauts":         {[]byte("Bezeichnung;Preis\nW\x8arme;28,50\n"), "Umlaute"},
		"no such character":       {[]byte("Bezeichnung;Preis\nR\x81hre;28,50\n"), "Umlaute"},
		"only a heading":          {[]byte("Bezeichnung;Einheit;Preis\n"), "nur eine Überschrift"},
		"5,001 items":             {rows(5001, "Bezeichnung;Einheit;Preis\n"), "mehr als 5.000"},
		"5,001 without heading":   {rows(5001, ""), "mehr als 5.000"},
		"6,000 items":             {rows(6000, "Bezeichnung;Einheit;Preis\n"), "mehr als 5.000"},
		"over 1 MB":               {bytes.Repeat([]byte("Siphon;28,50\n"), 90_000), "größer als 1 MB"},
		"10 MB":                   {make([]byte, 10<<20), "größer als 1 MB"},
		"a mark never closed":     {[]byte("Bezeichnung;Preis\n\"Siphon;28,50\nA;1\nB;2\nC;3\nD;4\nE;5\nF;6\n"), "Anführungszeichen"},
		"a very long cell":        {[]byte("Bezeichnung;Preis\n" + strings.Repeat("x", 2000) + ";28,50\n"), "viel zu lang"},
		"41 columns":              {[]byte(strings.Repeat("a;", 40) + "b\n"), "41 Spalten"},
		"sep= of another program": {[]byte("sep=;\n"), "nur eine Spalte"},
	} {
		_, _, err := read(c.file, nil, nil)
		text := feierabend.TextOf(err)
		if feierabend.KindOf(err) != feierabend.Invalid || !strings.Contains(text, c.says) {
			t.Errorf("%s: %v says %q, want %q", name, err, text, c.says)
		}
		if !strings.HasSuffix(text, "An Ihrer Preisliste hat sich nichts geändert.") {
			t.Errorf("%s does not say that nothing changed: %q", name, text)
		}
	}
}

// TestGoodFiles: what programs write for the same two items.
func TestGoodFiles(t *testing.T) {
	for name, file := range map[string]string{
		"semicolon":            "Bezeichnung;Einheit;Preis\nRöhre;Stk;1.028,50\nVentil;m;14,9\n",
		"with mark and CRLF":   "\ufeffBezeichnung;Einheit;Preis\r\nRöhre;Stk;1.028,50\r\nVentil;m;14,9\r\n",
		"old line ends":        "Bezeichnung;Einheit;Preis\rRöhre;Stk;1.028,50\rVentil;m;14,9\r",
		"comma, quoted":        "Artikel,ME,\"VK netto\"\nRöhre,Stück,\"1.028,50 €\"\nVentil,Meter,\"14,90 €\"\n",
		"comma, points":        "Name,Einheit,Nettopreis\nRöhre,Stk,1028.50\nVentil,m,14.90\n",
		"tab":                  "Kurztext\tEH\tEP\nRöhre\tStk.\t1028,50\nVentil\tm\t14,90\n",
		"Windows-1252":         "Bezeichnung;Einheit;Preis (\x80)\nR\xf6hre;St\xfcck;1.028,50\nVentil;m;14,90\n",
		"sep=":                 "sep=;\r\nBezeichnung;Einheit;Preis\r\nRöhre;Stk;1.028,50\r\nVentil;m;14,9\r\n",
		"no heading":           "Röhre;Stk;1.028,50\nVentil;m;14,90\n",
		"no heading, turned":   "1.028,50;Röhre;Stk\n14,90;Ventil;m\n",
		"empty columns, lines": ";;;;\nBezeichnung;;Einheit;Preis;;\n\nRöhre;;Stk;1.028,50;;\n;;;\nVentil;;m;14,90;;\n",
		"more columns":         "Art.-Nr.;Bezeichnung;EK;Einheit;Preis in €;Lager\n100;Röhre;7;Stk;1.028,50;3\n101;Ventil;2;m;14,90;0\n",
		"price for one":        "Bezeichnung;PE;Einheit;Preis\nRöhre;1;Stk;1.028,50\nVentil;1,00;m;14,90\n",
		"an inch":              "Bezeichnung;Einheit;Preis\nRöhre;Stk;1.028,50\n\"Ventil\";m;14,90\n",
	} {
		plan, sure, err := read([]byte(file), nil, nil)
		if err != nil || !sure {
			t.Errorf("%s: sure %v, %v %s", name, sure, err, feierabend.TextOf(err))
			continue
		}
		got := ""
		for _, it := range plan.After {
			got += fmt.Sprintf("%s/%s/%s ", it.Name, it.Price, it.Unit)
		}
		if got != "Röhre/1028.5/H87 Ventil/14.9/MTR " || len(plan.Refused) > 0 {
			t.Errorf("%s: %s, refused %v", name, got, plan.Refused)
		}
	}
	if _, windows, _ := pricelist.Decode([]byte("R\xf6hre;1")); !windows {
		t.Error("an old file is not said to be one")
	}
	plan, _, err := read([]byte("Bezeichnung;Einheit;Preis\nKugelhahn 1/2\" Messing;Stk;9,80\nRohr 3/4\";m;4,20\n"), nil, nil)
	if err != nil || len(plan.After) != 2 || plan.After[0].Name != `Kugelhahn 1/2" Messing` || plan.After[1].Name != `Rohr 3/4"` {
		t.Errorf("inches: %+v, %v", plan.After, err)
	}
}

// TestUnsure: where a column could be two things, or the price is none of ours, a person is asked.
func TestUnsure(t *testing.T) {
	for name, file := range map[string]string{
		"gross prices":      "Bezeichnung;Einheit;Bruttopreis\nRöhre;Stk;28,50\n",
		"purchase prices":   "Bezeichnung;Einheit;EK\nRöhre;Stk;28,50\n",
		"two prices":        "Bezeichnung;Preis;VK\nRöhre;28,50;31,00\n",
		"two names":         "Artikel;Bezeichnung;Preis\nR1;Röhre;28,50\n",
		"unknown words":     "Ding;Kosten\nRöhre;28,50\n",
		"two number column": "100;Röhre;28,50\n101;Ventil;14,90\n",
		"two text columns":  "Röhre;lang;28,50\nVentil;kurz;14,90\n",
	} {
		text, _, err := pricelist.Decode([]byte(file))
		if err != nil {
			t.Fatal(err)
		}
		table, err := pricelist.ReadTable(text)
		if err != nil {
			t.Fatal(err)
		}
		if l, sure := pricelist.Recognise(table); sure {
			t.Errorf("%s: taken for %v", name, l)
		}
	}
}

// TestExportIsTame: no cell begins as a formula, whatever stands in the list.
func TestExportIsTame(t *testing.T) {
	var list []feierabend.PriceItem
	for _, n := range []string{"=1+1", "+Aufpreis", "-Nachlass", "@SUM(A1)", "\tTab", "|Rohr", "%Satz", "'Knie", "Gut;mit \"Zeichen\"\nund Zeile"} {
		list = append(list, feierabend.PriceItem{Name: n, Kind: feierabend.LineMaterial, Unit: "H87", Price: feierabend.One, Aliases: []string{n + " auch"}})
	}
	table, err := pricelist.ReadTable(strings.TrimPrefix(string(pricelist.Write(list)), "\ufeff"))
	if err != nil || len(table.Rows) != len(list)+1 {
		t.Fatalf("%d rows, %v", len(table.Rows), err)
	}
	for _, r := range table.Rows {
		for _, c := range r.Cells {
			if c != "" && strings.ContainsRune("=+-@\t\r|%", rune(c[0])) {
				t.Errorf("a cell begins with %q", c)
			}
		}
	}
}

// FuzzImport: whatever file is taken, the list that comes of it can be written and read
// again, and nothing has changed then.
func FuzzImport(f *testing.F) {
	f.Add([]byte("Bezeichnung;Einheit;Preis\nRöhre 1/2\";Stk;1.028,50\n+Ventil, groß;m;14,9\n"), false)
	f.Add([]byte("\ufeffName,Art,Alias,MwSt,Netto\n'Knie,Arbeit,\"Bogen 3,5, Winkel\",7 %,\"12,50\"\n"), true)
	f.Add([]byte("sep=\t\nRohr\tpsch\t89,-\nR\xf6hre\th\t0.125\n"), true)
	f.Add(pricelist.Template(), false)
	list := []feierabend.PriceItem{{Name: "Röhre", Kind: feierabend.LineLabour, Unit: "HUR", Price: feierabend.Dec(3), Aliases: []string{"Knie"}}}
	f.Fuzz(func(t *testing.T, file []byte, replace bool) {
		if n, ok := pricelist.Decimal(string(file)); ok {
			if again, ok := pricelist.Decimal(n.German(2)); !ok || again != n {
				t.Errorf("%q read as %s, whose German form reads as %s", file, n, again)
			}
		}
		plan, _, err := read(file, list, func(r *pricelist.Reading) { r.Replace = replace })
		if err != nil {
			if feierabend.TextOf(err) == "" {
				t.Errorf("an error without words: %v", err)
			}
			return
		}
		again, sure, err := read(pricelist.Write(plan.After), plan.After, func(r *pricelist.Reading) { r.Replace = true })
		if len(plan.After) == 0 {
			return
		}
		if err != nil || !sure || len(again.Same) != len(plan.After) || len(again.Added)+len(again.Changed)+len(again.Removed)+len(again.Refused) > 0 {
			t.Errorf("written and read again: %v, sure %v, %+v", err, sure, again)
		}
	})
}

// TestDecodeAgain: the text of a preview may have grown, and is checked all the same.
func TestDecodeAgain(t *testing.T) {
	for name, c := range map[string]struct{ text, code string }{
		"as it was":        {"Röhre;28,50\r\n", ""},
		"grown":            {strings.Repeat("€", pricelist.MaxFile), ""},
		"too large":        {strings.Repeat("€", pricelist.MaxFile) + "x", "list_too_large"},
		"empty":            {" \r\n", "list_empty"},
		"control":          {"a;b\x00", "list_binary"},
		"markup":           {"<html>;1", "list_markup"},
		"old encoding":     {"R\xf6hre;28,50", "list_encoding"},
		"old, and control": {"R\xf6hre;\x01", "list_binary"},
	} {
		got, err := pricelist.DecodeAgain([]byte(c.text))
		if feierabend.CodeOf(err) != c.code || err == nil && got != c.text {
			t.Errorf("%s: %v", name, err)
		}
	}
}
