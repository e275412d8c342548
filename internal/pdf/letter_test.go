package pdf

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"feierabend"
)

var shared = sync.OnceValues(New)

// pages sets a business case and gives the text of each page, one line a text
// run, as a reader of the PDF would copy it.
func pages(t *testing.T, name string, change func(*feierabend.Document)) []string {
	t.Helper()
	return pagesOf(t, name, change, "")
}

// pagesOf is pages of a letter with a word across it.
func pagesOf(t *testing.T, name string, change func(*feierabend.Document), across string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../test/invoices", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var d feierabend.Document
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&d)
	}
	d.Compute()
	r, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	l := &letter{doc: &d, file: &file{}, fonts: r.fontsFor(&d), across: across}
	l.set()
	var out []string
	for _, p := range l.file.pages {
		out = append(out, readPage(t, l, p))
	}
	return out
}

// readPage reads the text back through the fonts' character maps.
func readPage(t *testing.T, l *letter, p *page) string {
	t.Helper()
	var of [2]map[uint16]rune
	for i, f := range l.fonts {
		of[i] = map[uint16]rune{}
		for r, g := range f.gid {
			of[i][g] = r
		}
	}
	var out strings.Builder
	for line := range strings.SplitSeq(string(p.b), "\n") {
		if !strings.HasPrefix(line, "BT/F") {
			continue
		}
		n := int(line[4] - '0')
		for part := range strings.SplitSeq(line[strings.Index(line, "[<"):], "<") {
			hex, _, ok := strings.Cut(part, ">")
			for ; ok && len(hex) >= 4; hex = hex[4:] {
				g, err := strconv.ParseUint(hex[:4], 16, 16)
				if err != nil || g == 0 {
					t.Fatalf("glyph %q on the page (%v)", hex[:4], err)
				}
				out.WriteRune(of[n][uint16(g)])
			}
		}
		out.WriteByte('\n')
	}
	return out.String()
}

func TestLetterSays(t *testing.T) {
	for name, c := range map[string]struct {
		base      string
		change    func(*feierabend.Document)
		want, not []string
	}{
		"standard": {
			"01-standard", nil,
			[]string{"Rechnung RE-2026-0043", "Frau", "Claasen", "Deichstraße 34", "25541 Brunsbüttel", "Sehr geehrte Frau Claasen,", "464,30 €", "19 % Umsatzsteuer auf 464,30 €", "88,22 €", "Zu zahlen", "552,52 €", "DE02 1203 0000 0000 2020 51", "18/123/45678", "2,5", "pauschal", "GiroCode"},
			[]string{"Erhalten", "Skonto", "Übertrag", "Seite 1"},
		},
		"paid in cash": {"09-bar", nil, []string{"Erhalten, bar", "Noch zu zahlen", "0,00 €", "Zahlung: bar. Der Rechnungsbetrag ist bezahlt; es ist nichts mehr offen."}, []string{"GiroCode", "Fällig am", "überweisen"}},
		"paid in part": {"16-teilzahlung", nil, []string{"Erhalten, überwiesen", "−200,00 €", "Noch zu zahlen", "352,52 €", "GiroCode"}, nil},
		"storno":       {"13-storno", nil, []string{"Stornorechnung RE-2026-0044", "−552,52 €", "RE-2026-0043 vom 10.02.2026"}, []string{"GiroCode", "Zu zahlen"}},
		"§ 19":         {"03-kleinunternehmer", nil, []string{"Steuerfrei nach § 19 UStG (Kleinunternehmer)", "940,00 €"}, []string{"Umsatzsteuer auf", "19 %"}},
		"§ 13b":        {"04-13b", nil, []string{"Steuerschuldnerschaft des Leistungsempfängers", "DE812345673", "Ausführungsort: Neubau Kita Möwennest, Fördestraße 3, Kiel"}, []string{"Umsatzsteuer auf"}},
		"two rates":    {"05-photovoltaik", nil, []string{"0 % Umsatzsteuer auf 14.800,00 €", "0,00 €", "19 % Umsatzsteuer auf 2.150,00 €", "USt."}, nil},
		"skonto":       {"07-nachlass-skonto", nil, []string{"Nachlass 3 %", "−49,70 €", "Mit Skonto bis 20.02.2026", "1.873,85 € (2 % = 38,24 €)"}, nil},
		"rounding":     {"08-brutto-rundung", nil, []string{"Rundung (vereinbarter Bruttopreis)", "−0,01 €"}, nil},
		"greek":        {"12-name-griechisch", nil, []string{"Γεώργιος Παπαδόπουλος"}, []string{"?"}},
		"decomposed":   {"01-standard", func(d *feierabend.Document) { d.Buyer.Name = "Mu\u0308ller-S\u0327ahin" }, []string{"Müller-Şahin"}, nil},
		"no IBAN":      {"01-standard", func(d *feierabend.Document) { d.IBAN = "" }, []string{"Zu zahlen"}, []string{"GiroCode", "IBAN"}},
		"abroad":       {"11-namen-pl-tr", nil, []string{"81-368 Gdynia", "POLEN", "Şebnem Öztürk-Wójcik"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			text := "\n" + strings.Join(pages(t, c.base, c.change), "\n")
			for _, w := range c.want {
				if !strings.Contains(text, w) {
					t.Errorf("letter lacks %q:\n%s", w, text)
				}
			}
			for _, n := range c.not {
				if strings.Contains(text, n) {
					t.Errorf("letter says %q:\n%s", n, text)
				}
			}
		})
	}
}

// The sum carried over is that of all lines before, on both sides of the break.
func TestCarriedSums(t *testing.T) {
	all := pages(t, "02-viele-seiten", nil)
	if len(all) < 3 {
		t.Fatalf("%d pages, want several", len(all))
	}
	for i := range len(all) - 1 {
		_, rest, ok := strings.Cut(all[i], "\nÜbertrag\n")
		sum, _, _ := strings.Cut(rest, "\n")
		if want := "Übertrag von Seite " + strconv.Itoa(i+1) + "\n" + sum + "\n"; !ok && i < len(all)-2 || ok && !strings.Contains(all[i+1], want) {
			t.Errorf("page %d carries %q, page %d does not begin with it:\n%s", i+1, sum, i+2, all[i+1])
		}
		if want := "Seite " + strconv.Itoa(i+1) + " von " + strconv.Itoa(len(all)); !strings.Contains(all[i], want) {
			t.Errorf("page %d lacks %q", i+1, want)
		}
	}
}

func TestGiroCode(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*feierabend.Document)
		want   bool
	}{
		"normal": {func(*feierabend.Document) {}, true},
		"long names": {func(d *feierabend.Document) {
			d.Account, d.Number = strings.Repeat("Ä", 200), strings.Repeat("9", 300)
		}, true},
		"no IBAN":  {func(d *feierabend.Document) { d.IBAN = "" }, false},
		"too much": {func(d *feierabend.Document) { d.Sums.Payable = 100_000_000_000 }, false},
		"nothing":  {func(d *feierabend.Document) { d.Sums.Payable = 0 }, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := feierabend.Document{Number: "1", IBAN: "DE02120300000000202051", Account: "A", Sums: feierabend.Sums{Payable: 1234}}
			c.change(&d)
			if got := (&letter{doc: &d}).giroCode() != nil; got != c.want {
				t.Errorf("code %v, want %v", got, c.want)
			}
		})
	}
}

func TestWrap(t *testing.T) {
	r, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	f := r.latin[0]
	for _, s := range []string{"", " ", "ein Wort", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "a\n\nb", "  führende Leerzeichen", strings.Repeat("Rohr-und-Fitting/", 20), "ä" + strings.Repeat("ö", 300)} {
		for _, width := range []float64{1, 40, 200} {
			lines := f.wrap(s, 10, width)
			strip := strings.NewReplacer(" ", "", "\n", "")
			if got, want := strip.Replace(strings.Join(lines, "")), strip.Replace(s); got != want {
				t.Errorf("wrap %q at %v: text changed to %q", s, width, got)
			}
			for _, l := range lines {
				if len([]rune(l)) > 1 && f.measure(l, 10) > width+.01 {
					t.Errorf("wrap %q at %v: line %q is %v wide", s, width, l, f.measure(l, 10))
				}
			}
		}
	}
}

// Kerning is read: "AV" and "To" stand closer than their advances, digits do not.
func TestKerning(t *testing.T) {
	r, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	f := r.latin[0]
	plain := func(s string) (n int) {
		for _, c := range s {
			n += int(f.width[f.glyph(c)])
		}
		return n
	}
	for s, closer := range map[string]bool{"AV": true, "To": true, "1177": false} {
		if got := f.units(s) < plain(s); got != closer {
			t.Errorf("%q: width %d, advances %d, want closer %v", s, f.units(s), plain(s), closer)
		}
	}
}
