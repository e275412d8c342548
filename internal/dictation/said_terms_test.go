package dictation_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/dictation"
)

// TestPhoneDigits checks that digits after a word for telephone become nothing else.
func TestPhoneDigits(t *testing.T) {
	for said, want := range map[string]string{
		"Telefon 0160, 581 2277.":                                   "+491605812277",
		"Telefon 0160, 581, 2277, dann":                             "+491605812277",
		"Ihre Nummer ist 0160 581, 2277.":                           "+491605812277",
		"Handy 0160 5.812.277.":                                     "+491605812277",
		"Handy 0160-581.2277.":                                      "+491605812277",
		"Mobil 01 60 58 12 27 7.":                                   "+491605812277",
		"Die Handynummer lautet 0160, 58, 12, 2, 7, 7.":             "+491605812277",
		"Telefon null eins sechs null, fünf acht eins, zwo zwo 77.": "+491605812277",
		"Erreichbar unter 04331, 6.600, 15.":                        "+494331660015",
		"Telefonnummer 392 0044.":                                   "",
		"Telefonnummer 39, 20, 0, 4, 4.":                            "",
		"Durchwahl 1234.":                                           "",
		"Telefon war kaputt.":                                       "",
		"Telefonisch 0160/5812277.":                                 "+491605812277",
		"Tel. 0160 581 22 77.":                                      "+491605812277",
	} {
		d := draft(t, "shk", "Rechnung an Frau Ott. "+said+" Zwei Eckventile nach Liste.")
		got := ""
		if d.Buyer != nil {
			got = d.Buyer.Phone
		}
		if got != want {
			t.Errorf("%s: phone %q, want %q", said, got, want)
		}
		if len(d.Lines) != 1 || d.Lines[0].Quantity == nil || d.Lines[0].Quantity.String() != "2" {
			t.Errorf("%s: lines %+v", said, d.Lines)
		}
	}
}

// TestTermDays checks payment terms and validity by their shape; they are never hours.
func TestTermDays(t *testing.T) {
	for said, want := range map[string]string{
		"Zahlen soll sie in neun Tagen.":                 "due 9",
		"Sie soll in neun Tagen zahlen.":                 "due 9",
		"Sie hat zwölf Tage Zeit zum Zahlen.":            "due 12",
		"Das Geld will ich binnen 12 Tagen haben.":       "due 12",
		"Überweisung innerhalb von 21 Tagen.":            "due 21",
		"Überweist sie in 9 Tagen.":                      "due 9",
		"In zwei Wochen muss sie überweisen.":            "due 14",
		"Begleichen bitte binnen zehn Tagen.":            "due 10",
		"Zahlbar in 18 Tagen.":                           "due 18",
		"Wir halten uns 25 Tage dran gebunden.":          "valid 25",
		"Das Angebot hält vier Wochen.":                  "valid 28",
		"Der Preis hält sechs Wochen.":                   "valid 42",
		"Die Preise bleiben 30 Tage stehen.":             "valid 30",
		"Angebot öltig 4 Wochen.":                        "valid 28",
		"Gültig ist das Angebot zwei Wochen.":            "valid 14",
		"Daran sind wir 20 Tage gebunden.":               "valid 20",
		"Vor fünf Tagen hat sie den Rest überwiesen.":    "",
		"Bis in vier Wochen kann sie es sich überlegen.": "",
	} {
		kind := "Rechnung"
		if len(want) > 5 && want[:5] == "valid" {
			kind = "Angebot"
		}
		d := draft(t, "shk", kind+" an Frau Ott. Eine Stunde Arbeit. "+said)
		got := ""
		if d.DueDays != nil {
			got = "due " + strconv.Itoa(*d.DueDays)
		}
		if d.ValidDays != nil {
			got += "valid " + strconv.Itoa(*d.ValidDays)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", said, got, want)
		}
		if len(d.Lines) != 1 || d.Lines[0].Quantity == nil || *d.Lines[0].Quantity != feierabend.One {
			t.Errorf("%s: lines %+v", said, d.Lines)
		}
	}
}

// TestShare checks shares of interim invoices without a word for them.
func TestShare(t *testing.T) {
	const text = "Abschlagsrechnung an Frau Ott. Bad saniert pauschal 8.000 Euro. "
	for said, want := range map[string]string{
		"Sechzig Prozent jetzt, der Rest am Schluss.":           "60",
		"Vierzig Prozent jetzt.":                                "40",
		"Jetzt mal 35 %.":                                       "35",
		"Ein Viertel ist noch nicht fertig, 75 Prozent sofort.": "75",
		"Die Hälfte jetzt.":                                     "50",
		"Die Hälfte sofort, den Rest bei Abnahme.":              "50",
		"Davon 30 Prozent.":                                     "30",
		"30 Prozent Abschlag.":                                  "30",
		"Erstmal zwanzig Prozent.":                              "20",
		"Fünf Prozent Nachlass.":                                "",
		"Zwei Prozent Skonto bei 10 Tagen.":                     "",
		"Plus 19 Prozent Mehrwertsteuer.":                       "",
		"Die Hälfte ist fertig.":                                "",
		"Fünf Prozent Rabatt, 50 Prozent jetzt.":                "50",
		"10 Prozent Nachlass und davon 40 Prozent jetzt.":       "40",
	} {
		d := draft(t, "shk", text+said)
		got := ""
		if d.Share != nil {
			got = d.Share.String()
		}
		if got != want {
			t.Errorf("%s: share %q, want %q", said, got, want)
		}
	}
}

// TestSupplySpans checks first and last days said apart, and dates whose year is doubtful.
func TestSupplySpans(t *testing.T) {
	at := time.Date(2026, 3, 12, 17, 0, 0, 0, time.FixedZone("CET", 3600)) // a Thursday
	for said, want := range map[string]string{
		"Am Montag angefangen und heute fertig geworden.":         "2026-03-09/2026-03-12",
		"Am Dienstag angefangen, gestern fertig.":                 "2026-03-10/2026-03-11",
		"Montag angefangen und am Mittwoch fertig.":               "2026-03-09/2026-03-11",
		"Freitag begonnen, am Mittwoch abgeschlossen.":            "2026-03-06/2026-03-11",
		"Los ging's am 2. März, heute war Schluss.":               "2026-03-02/2026-03-12",
		"Am 26. Februar gestartet und am 5. März beendet.":        "2026-02-26/2026-03-05",
		"Wir haben am Montag losgelegt, gestern war's geschafft.": "2026-03-09/2026-03-11",
		"Seit Montag dran, heute fertig.":                         "2026-03-09/2026-03-12",
		"Vom 3. bis 6. März.":                                     "2026-03-03/2026-03-06",
		"Gemacht heute.":                                          "2026-03-12/2026-03-12",
		"Gemacht eben, kurz vor zwei.":                            "2026-03-12/2026-03-12",
		"Am 28. Februar.":                                         "2026-02-28/2026-02-28",
		"Am zweiten April.":                                       "",
		"Am 15. Mai.":                                             "",
		"Am 20. Dezember.":                                        "2025-12-20/2025-12-20",
		"Am 15.5.2025.":                                           "2025-05-15/2025-05-15",
		"Am 5.3.20026.":                                           "2026-03-05/2026-03-05",
		"8.2 bis 10.02.20026.":                                    "2026-02-08/2026-02-10",
		"Fertig am 6. März, angefangen haben wir am 2. März.":     "2026-03-02/2026-03-06",
		"Am 15. Mai 2025.":                                        "2025-05-15/2025-05-15",
	} {
		d := dictation.Draft(dictation.Input{Text: "Rechnung an Frau Ott. Zwei Eckventile nach Liste. " + said, At: at, Profile: profiles(t)["shk"]})
		got := ""
		if d.Supply != nil {
			got = d.Supply.From + "/" + d.Supply.To
		}
		if got != want {
			t.Errorf("%s: supply %q, want %q", said, got, want)
		}
	}
}

// TestPlannedDays checks the days of offers and order confirmations.
func TestPlannedDays(t *testing.T) {
	for said, want := range map[string]string{
		"Angebot|Eingebaut wird am 4. Dezember.":                                 "2026-12-04/2026-12-04",
		"Angebot|Montiert wird am 9. und 10. Dezember.":                          "2026-12-09/2026-12-10",
		"Angebot|Wir kommen am 14. Januar.":                                      "2027-01-14/2027-01-14",
		"Angebot|Montage KW 51.":                                                 "2026-12-14/2026-12-20",
		"Angebot|Gültig bis 20. Dezember.":                                       "",
		"Angebot|Am 5. Dezember ruf ich sie an.":                                 "",
		"Angebot|Besichtigt hab ich es am 20. November.":                         "",
		"Angebot|Sie hatte am 3. November gefragt.":                              "",
		"Auftragsbestätigung|Eingebaut wird am achten und neunten Dezember.":     "2026-12-08/2026-12-09",
		"Auftragsbestätigung|Die Lieferung ist am 21. Dezember.":                 "2026-12-21/2026-12-21",
		"Auftragsbestätigung|Am dritten und vierten Dezember.":                   "2026-12-03/2026-12-04",
		"Auftragsbestätigung|Montage nächsten Donnerstag.":                       "2026-11-26/2026-11-26",
		"Auftragsbestätigung|Zahlbar bis 20. Januar.":                            "",
		"Auftragsbestätigung|Die Anfrage war vom 3. November.":                   "",
		"Auftragsbestätigung|Ihre Bestellung vom 12. November hab ich bekommen.": "",
	} {
		kind, rest, _ := strings.Cut(said, "|")
		d := draft(t, "shk", kind+" an Frau Ott. Zwei Eckventile nach Liste. "+rest)
		got := ""
		if d.Supply != nil {
			got = d.Supply.From + "/" + d.Supply.To
		}
		if got != want {
			t.Errorf("%s: supply %q, want %q", said, got, want)
		}
	}
}
