package dictation_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"feierabend"
)

// linesText writes the lines as "text quantity unit price", "-" for what is open.
func linesText(d feierabend.Draft) string {
	var out []string
	for _, l := range d.Lines {
		q, p := "-", "-"
		if l.Quantity != nil {
			q = l.Quantity.String()
		}
		if l.Price != nil {
			p = l.Price.String()
		}
		out = append(out, strings.Join([]string{l.Text, q, l.Unit, p}, " "))
	}
	return strings.Join(out, "; ")
}

// TestReasoned checks numbers taken back with a reason in between: the reason is no line and no quantity.
func TestReasoned(t *testing.T) {
	for said, want := range map[string]string{
		"Sechs Thermostatköpfe, nein, einer war kaputt, fünf.":                                 "Thermostatkopf 5 H87 24.5",
		"Acht Stunden gearbeitet, nee, eine Stunde war Pause, sieben.":                         "gearbeitet 7 HUR 68",
		"Zehn Meter Kupferrohr 18 mm, ach nee, ein Meter blieb übrig, neun.":                   "Kupferrohr 18 mm 9 MTR 11.4",
		"Vier Pressfittings, halt, zwei haben nicht gepasst, zwei.":                            "Pressfitting 2 H87 6.8",
		"Sieben Röhrensiphons nach Liste, quatsch, einen hat sie zurückgegeben, sechs.":        "Röhrensiphon 6 H87 28.5",
		"Vier Eckventile, nee, der Kunde hatte eins da, drei.":                                 "Eckventil 3 H87 14.9",
		"Fünf Stunden Montage, nee, eine haben wir nur gewartet, vier Stunden.":                "Montage 4 HUR 68",
		"Fünf Sitzungen, nee, einmal war ich krank, vier, je 45 Euro.":                         "Sitzungen 4 H87 45",
		"Dreimal Anfahrt, nee, einmal bin ich mitgefahren, zweimal.":                           "Anfahrt 2 LS 39",
		"Zwei Brennerdüsen. Nee, eine lag noch im Auto, eine Brennerdüse. Drei Eckventile.":    "Brennerdüse 1 H87 18.6; Eckventil 3 H87 14.9",
		"Drei Stunden, nee, vier waren es, zwei Eckventile.":                                   "Arbeitszeit 4 HUR 68; Eckventil 2 H87 14.9",
		"Drei Eckventile, nee, das waren vier, zwei Pressfittings.":                            "Eckventil 4 H87 14.9; Pressfitting 2 H87 6.8",
		"Zwei Stunden, Kleinteile 45 Euro, nee, ein Ventil ging zurück, 38 Euro.":              "Arbeitszeit 2 HUR 68; Kleinteile 1 H87 38",
		"Neun Eckventile, nein, eins fehlte im Paket, acht. Zwei Stunden Rohr gesetzt.":        "Eckventil 8 H87 14.9; Rohr gesetzt 2 HUR 68",
		"Zwölf Meter Kupferrohr 18 mm, nee, ein Stück passte nicht, elf Meter. Ein Eckventil.": "Kupferrohr 18 mm 11 MTR 11.4; Eckventil 1 H87 14.9",
	} {
		if got := linesText(draft(t, "shk", "Rechnung an Frau Ott. "+said)); got != want {
			t.Errorf("%s: %s, want %s", said, got, want)
		}
	}
}

// TestTermsTakenBack checks that the last said term of payment stands, and that days are no line.
func TestTermsTakenBack(t *testing.T) {
	for said, want := range map[string]int{
		"Zahlbar sofort, nee, zwölf Tage.":               12,
		"Zahlbar in 14 Tagen, nein, 21 Tage.":            21,
		"Sofort fällig, ach nee, acht Tage.":             8,
		"Zahlungsziel 30 Tage, quatsch, zwei Wochen.":    14,
		"Zahlbar sofort, halt, gib ihr sieben Tage.":     7,
		"Zahlung sofort, nein, in 20 Tagen.":             20,
		"Zahlbar gleich, nee, fünfzehn Tage.":            15,
		"Zahlbar bei Erhalt, nein, 30 Tage.":             30,
		"Zahlbar sofort. Nee, neun Tage.":                9,
		"Zahlbar elf Tage, nee, sofort.":                 0,
		"Zahlungsfrist eine Woche, nein, mach 18 Tage.":  18,
		"Zahlen soll sie gleich, ach nee, drei Wochen.":  21,
		"Zahlbar direkt, Quatsch, die hat zwanzig Tage.": 20,
	} {
		d := draft(t, "shk", "Rechnung an Frau Ott. Zwei Eckventile. "+said)
		got := 0
		if d.DueDays != nil {
			got = *d.DueDays
		}
		if got != want || linesText(d) != "Eckventil 2 H87 14.9" {
			t.Errorf("%s: due %d, want %d; lines %s", said, got, want, linesText(d))
		}
	}
}

// TestReferenceForms checks order numbers as recognisers write them; their digits are no figures.
func TestReferenceForms(t *testing.T) {
	for said, want := range map[string]string{
		", Bestellnr. 204/25.":                  "204/25",
		", Bestell Nummer KT 8815.":             "KT 8815",
		", Auftrags Nr 31-7.":                   "31-7",
		", Auftrags-Nr. 2026-15.":               "2026-15",
		". Projekt Nummer 55/2.":                "55/2",
		". Unsere Kunden Nr. 99812.":            "99812",
		". Vorgangs Nummer AB-120.":             "AB-120",
		". Auftragsnr. 310.":                    "310",
		". Ihre Bestellung Nr. 77/12.":          "77/12",
		". Auftrag Nummer 4 4 7 1.":             "4471",
		". Bestell Nr. 12.":                     "12",
		", Bestellnummer lautet SW 88.":         "SW 88",
		". Die Bestell Nummer ist 7 0 1 2 5.":   "70125",
		". Vergabe Nummer 16-204, bitte drauf.": "16-204",
	} {
		d := draft(t, "shk", "Rechnung an Frau Ott"+said+" Zwei Eckventile.")
		if d.Buyer == nil || d.Buyer.Reference != want || d.Buyer.Name != "Ott" || linesText(d) != "Eckventil 2 H87 14.9" {
			t.Errorf("%s: buyer %+v, want %s; lines %s", said, d.Buyer, want, linesText(d))
		}
	}
}

// TestCrewHours checks the hours of several people in one breath: a line and rate for each.
func TestCrewHours(t *testing.T) {
	for said, want := range map[string]string{
		"Ich drei Stunden, der Azubi auch drei.":                    "Arbeitszeit 3 HUR 68; Azubi 3 HUR 36",
		"Der Meister drei Stunden, der Helfer auch drei.":           "Meister 3 HUR 82; Helfer 3 HUR 52",
		"Ich sechs Stunden, der Lehrling fünf.":                     "Arbeitszeit 6 HUR 68; Azubi 5 HUR 36",
		"Azubi einen halben Tag.":                                   "Azubi 4 HUR 36",
		"Der Helfer war einen ganzen Tag da.":                       "Helfer 8 HUR 52",
		"Ich einen Tag, der Azubi einen halben Tag.":                "Arbeitszeit 8 HUR 68; Azubi 4 HUR 36",
		"Ich fünf Stunden und der Helfer genauso lange.":            "Arbeitszeit 5 HUR 68; Helfer 5 HUR 52",
		"Ich war sieben Stunden da, der Azubi auch.":                "Arbeitszeit 7 HUR 68; Azubi 7 HUR 36",
		"Meister eine Stunde, Geselle auch eine.":                   "Meister 1 HUR 82; Geselle 1 HUR 68",
		"Azubi halber Tag, Geselle ganzer Tag.":                     "Azubi 4 HUR 36; Geselle 8 HUR 68",
		"Ich zwei Stunden, Geselle zwei Stunden, Azubi ebenso.":     "Arbeitszeit 2 HUR 68; Geselle 2 HUR 68; Azubi 2 HUR 36",
		"Meister und Geselle je drei Stunden, Azubi auch.":          "Meister 3 HUR 82; Geselle 3 HUR 68; Azubi 3 HUR 36",
		"Pumpe getauscht hat der Chef. Den ganzen Tag Lärm gehabt.": "Umwälzpumpe getauscht 1 H87 289",
	} {
		if got := linesText(draft(t, "shk", "Rechnung an Frau Ott. "+said)); got != want {
			t.Errorf("%s: %s, want %s", said, got, want)
		}
	}
}

// TestTripForms checks the number of trips and their price, in figures and words.
func TestTripForms(t *testing.T) {
	for said, want := range map[string]string{
		"Anfahrt 2x 41 €":                "2 LS 41",
		"Zweimal Anfahrt je 27":          "2 LS 27",
		"Anfahrt 3 x 28 Euro":            "3 LS 28",
		"Dreimal Anfahrt à 30":           "3 LS 30",
		"Anfahrt zweimal je 33 Euro":     "2 LS 33",
		"2 Anfahrten je 42":              "2 LS 42",
		"2x Anfahrt 36 €":                "2 LS 36",
		"Anfahrten 4 mal 25 Euro":        "4 LS 25",
		"Zwei Mal Anfahrt, jeweils 31":   "2 LS 31",
		"3× Anfahrt zu 33 Euro":          "3 LS 33",
		"Anfahrt 2x37€":                  "2 LS 37",
		"Fünfmal Anfahrt je zwanzig":     "5 LS 20",
		"Anfahrt viermal, je 22,50 Euro": "4 LS 22.5",
		"Anfahrt 2x":                     "2 LS 39",
	} {
		if got := linesText(draft(t, "shk", "Rechnung an Frau Ott. Ein Eckventil. "+said+".")); got != "Eckventil 1 H87 14.9; Anfahrt "+want {
			t.Errorf("%s: %s, want %s", said, got, want)
		}
	}
}

// TestPointedRemarks checks remarks that are taken back by the clause behind them.
func TestPointedRemarks(t *testing.T) {
	for said, want := range map[string]string{
		"Ihr Hund hat mich gebissen, das schreibst du nicht rein.":                      "gebissen",
		"Der Schwager war betrunken, das kommt aber nicht drauf.":                       "betrunken",
		"Die Scheidung läuft noch, lass das weg.":                                       "Scheidung",
		"Ihr Bruder ist im Gefängnis. Das kommt nicht rein.":                            "Gefängnis",
		"Überall Schimmel, das lass mal weg.":                                           "Schimmel",
		"Der Vorgänger hat gepfuscht, das muss da nicht rein.":                          "gepfuscht",
		"Der Azubi hat die Fliese zerbrochen. Das schreibst du aber nicht rein.":        "Fliese",
		"Die Wohnung stinkt nach Katzen, das bleibt draußen.":                           "Katzen",
		"Sie hat geweint wegen der Insolvenz, das lässt du weg.":                        "Insolvenz",
		"Der Keller war voller Gerümpel, nicht reinschreiben.":                          "Gerümpel",
		"Geraucht wird da wie im Schlot. Das kommt aber nicht auf die Rechnung.":        "Schlot",
		"Es gab Krach mit dem Nachbarn, weil er falsch parkt, das brauchst nicht rein.": "Krach",
		"Schnaps gab's auch, hihi, das schreib mal lieber nicht.":                       "Schnaps",
	} {
		d := draft(t, "shk", "Rechnung an Frau Ott. Zwei Eckventile. "+said)
		if !slices.Contains(d.Withhold, want) || linesText(d) != "Eckventil 2 H87 14.9" {
			t.Errorf("%s: withheld %q, lines %s", said, d.Withhold, linesText(d))
		}
	}
	for _, said := range []string{"Zwei Eckventile, das schreib bitte mit rein.", "Zwei Eckventile. Bitte nicht vergessen."} {
		if d := draft(t, "shk", "Rechnung an Frau Ott. "+said); len(d.Withhold) > 0 || len(d.Lines) != 1 {
			t.Errorf("%s: withheld %q, lines %s", said, d.Withhold, linesText(d))
		}
	}
}

// TestFirmsWithOwner checks clubs, and firms with the person behind them.
func TestFirmsWithOwner(t *testing.T) {
	for said, want := range map[string]string{
		"den TSV Blumenau e.V., Sportplatzweg 3, 24105 Kiel":                                   "TSV Blumenau e.V.||",
		"TSV Rotenberg 1898 e.V., Waldweg 3, 24105 Kiel":                                       "TSV Rotenberg 1898 e.V.||",
		"die Sportfreunde Ostheim e. V., Gartenweg 3, 24105 Kiel":                              "Sportfreunde Ostheim e.V.||",
		"Gaststätte Rose, Inhaberin Frau Bergmann, Marktstraße 2, 24105 Kiel":                  "Gaststätte Rose|Frau|Bergmann",
		"die Gaststätte Zum Anker, Inhaber Herr Petersen":                                      "Gaststätte Zum Anker|Herr|Petersen",
		"Friseursalon Haarwerk, Inhaberin Sabine Lohmann":                                      "Friseursalon Haarwerk||Sabine Lohmann",
		"Bäckerei Vogt, Inhaber Karl Vogt, Marktstraße 2, 24105 Kiel":                          "Bäckerei Vogt||Karl Vogt",
		"den FC Union Ostheim e.V., Herrn Meier":                                               "FC Union Ostheim e.V.|Herr|Meier",
		"Pension Seeblick, Geschäftsführerin Frau Doktor Kühn, Am See 4, 23769 Fehmarn":        "Pension Seeblick|Frau|Dr. Kühn",
		"Hotel Adler, z. Hd. Herrn Wolff":                                                      "Hotel Adler|Herr|Wolff",
		"Kiosk Rehm, Inh. Frau Rehm":                                                           "Kiosk Rehm|Frau|Rehm",
		"die Schützengilde Altdorf e.V., Vorsitzender Herr Krull, Waldweg 8, 24534 Neumünster": "Schützengilde Altdorf e.V.|Herr|Krull",
	} {
		d := draft(t, "shk", "Rechnung an "+said+". Zwei Eckventile.")
		got := ""
		if d.Buyer != nil {
			got = d.Buyer.Company + "|" + d.Buyer.Salutation + "|" + d.Buyer.Name
		}
		if got != want || linesText(d) != "Eckventil 2 H87 14.9" {
			t.Errorf("%s: %s, want %s; lines %s", said, strconv.Quote(got), want, linesText(d))
		}
	}
}
