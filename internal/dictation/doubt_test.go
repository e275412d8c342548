package dictation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/dictation"
)

// TestDoubtfulNames checks that hardly understood names, streets and addresses are asked.
func TestDoubtfulNames(t *testing.T) {
	const text = "Rechnung an Frau Twiehaus, Ullandstraße 17, 72072 Tübingen, twiehaus@exempl.de. Gestern Sockelfeuer Tür gerichtet, zwei Stunden."
	for doubtful, want := range map[string]string{
		"":                    "Twiehaus|Ullandstraße 17|Tübingen|twiehaus@exempl.de|",
		"Twiehaus,":           "|Ullandstraße 17|Tübingen|twiehaus@exempl.de|buyer.name",
		"Ullandstraße":        "Twiehaus||Tübingen|twiehaus@exempl.de|buyer.address",
		"17,":                 "Twiehaus|Ullandstraße 17|Tübingen|twiehaus@exempl.de|",
		"Tübingen,":           "Twiehaus|Ullandstraße 17|Tübingen|twiehaus@exempl.de|",
		"twiehaus@exempl.de.": "Twiehaus|Ullandstraße 17|Tübingen||",
		"Frau":                "Twiehaus|Ullandstraße 17|Tübingen|twiehaus@exempl.de|",
		"Sockelfeuer":         "Twiehaus|Ullandstraße 17|Tübingen|twiehaus@exempl.de|",
	} {
		var words []feierabend.Word
		at := 0
		for _, w := range strings.Fields(text) {
			i := strings.Index(text[at:], w) + at
			from := len([]rune(text[:i]))
			p := float32(0.9)
			if w == doubtful {
				p = 0.2
			}
			words = append(words, feierabend.Word{From: from, To: from + len([]rune(w)), P: p})
			at = i + len(w)
		}
		d := dictation.Draft(dictation.Input{Text: text, At: time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC), Profile: profiles(t)["shk"], Words: words})
		asked := ""
		for _, q := range []string{"buyer.name", "buyer.address"} {
			if slices.Contains(d.Questions, q) {
				asked += q
			}
		}
		if d.Buyer == nil {
			t.Errorf("%s: no buyer", doubtful)
			continue
		}
		if got := strings.Join([]string{d.Buyer.Name, d.Buyer.Street, d.Buyer.City, d.Buyer.Email, asked}, "|"); got != want {
			t.Errorf("%q doubtful:\n got %s\nwant %s", doubtful, got, want)
		}
		if got := len(d.Lines) == 1 && strings.Contains(d.Lines[0].Text, "Sockelfeuer"); got != (doubtful != "Sockelfeuer") {
			t.Errorf("%q doubtful: lines %+v", doubtful, d.Lines)
		}
	}
}

// TestRemarksAtTheEnd checks remarks whose withholding ends the sentence, and that common
// words are not withheld.
func TestRemarksAtTheEnd(t *testing.T) {
	for said, want := range map[string]string{
		"Dass der Schwager dauernd dazwischengeredet hat, lass weg.":                                 "Schwager dazwischengeredet",
		"Dass ihr Neffe im Knast sitzt, muss keiner wissen.":                                         "Neffe Knast",
		"Daß sie pleite ist, lässt du weg.":                                                          "pleite",
		"Dass er betrunken war, tut nichts zur Sache.":                                               "betrunken",
		"Dass die Scheidung läuft, braucht niemand zu wissen.":                                       "Scheidung",
		"Das mit dem Streit lass bitte raus.":                                                        "Streit",
		"Die Geschichte mit dem Gerichtsvollzieher lassen wir außen vor.":                            "Gerichtsvollzieher",
		"Wie verdreckt die Bude war, lass mal weg.":                                                  "verdreckt Bude",
		"Der Hund hat gebissen, das bleibt aber unter uns.":                                          "Hund gebissen",
		"Der Neffe hat übrigens die Prüfung vergeigt, aber das gehört nicht auf die Rechnung.":       "Neffe Prüfung vergeigt",
		"Von der Insolvenz schreibst du nix.":                                                        "Insolvenz",
		"Schreib nicht rein, dass der Schwager getobt hat.":                                          "Schwager getobt",
		"Das Ausdehnungsgefäß schau ich mir nächstes Mal an, das kommt noch nicht auf die Rechnung.": "",
		"Den Nachtzuschlag lass ich weg.":                                                            "",
		"Anfahrt lass weg.":                                                                          "",
		"Den Schlüssel lass ich im Büro.":                                                            "",
	} {
		d := draft(t, "shk", "Rechnung an Frau Ott. Eine Stunde Arbeit. "+said)
		if got := strings.Join(d.Withhold, " "); got != want {
			t.Errorf("%s: withheld %q, want %q", said, got, want)
		}
		if len(d.Lines) != 1 {
			t.Errorf("%s: lines %+v", said, d.Lines)
		}
	}
}
