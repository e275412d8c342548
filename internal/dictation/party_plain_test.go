package dictation_test

import (
	"slices"
	"strings"
	"testing"
)

// TestWholeNames checks that names are not cut off and that no noun of the work joins them.
func TestWholeNames(t *testing.T) {
	const tail = " Tulpenweg 3, 38100 Braunschweig. Zwei Stunden Arbeit."
	for text, want := range map[string]string{
		"Rechnung an Frau Hedwiga Sonnleitner. Zwei Stunden Arbeit.":                       "Hedwiga Sonnleitner",
		"Rechnung an Frau Prof. Dr. Annegret Lohse-Brück," + tail:                          "Prof. Dr. Annegret Lohse-Brück",
		"Rechnung an Frau Dr. Roswitha Egli, offen sind noch Fragen. Zwei Stunden Arbeit.": "Dr. Roswitha Egli",
		"Rechnung an Herrn Tran Minh Duc," + tail:                                          "Tran Minh Duc",
		"Rechnung für Herrn Fabrizio Di Lorenzo. Zwei Stunden Arbeit.":                     "Fabrizio Di Lorenzo",
		"Rechnung für Herrn Cornelis van der Velde," + tail:                                "Cornelis van der Velde",
		"Rechnung für Frau Xenia von Hagen," + tail:                                        "Xenia von Hagen",
		"Rechnung für Familie El Mansouri. Zwei Stunden Arbeit.":                           "El Mansouri",
		"Rechnung für Frau Oyelaran Adeyemi: Zwei Stunden Arbeit.":                         "Oyelaran Adeyemi",
		"Rechnung für Herrn Wojtek Zielinski" + tail:                                       "Wojtek Zielinski",
		"War heute bei Frau Hedwiga Sonnleitner, da hab ich zwei Stunden gearbeitet.":      "Hedwiga Sonnleitner",
		"Mahnung an Frau Hedwiga Sonnleitner, offen sind 300 Euro.":                        "Hedwiga Sonnleitner",
		"Rechnung an Herrn Becker Rohrbruch im Keller beseitigt zwei Stunden.":             "Becker",
		"Rechnung an Herrn Becker Waschtisch montiert zwei Stunden.":                       "Becker",
		"Rechnung an Herrn Becker Terrasse, 20 Quadratmeter, gereinigt.":                   "Becker",
		"Rechnung an Herrn Becker Küche, zwei Stunden Arbeit.":                             "Becker",
		"Rechnung an Frau Ott Badewanne, zwei Stunden Arbeit.":                             "Ott",
		"Rechnung an Frau Ott Baustelle Mühlenweg, zwei Stunden Arbeit.":                   "Ott",
		"Rechnung an Frau Ott Telefon 0171 2233445, zwei Stunden Arbeit.":                  "Ott",
		"Rechnung Frau Sommer. Heute zwei Stunden Arbeit.":                                 "Sommer",
		"Rechnung an Herrn Sauer vom Rathaus, zwei Stunden Arbeit.":                        "Sauer",
		"Rechnung an Frau Behr von der Hausverwaltung, zwei Stunden Arbeit.":               "Behr",
	} {
		d := draft(t, "shk", text)
		if d.Buyer == nil || d.Buyer.Name != want {
			t.Errorf("%s: buyer %+v, want %q", text, d.Buyer, want)
		}
	}
}

// TestPlainBuyers checks buyers named without salutation, and that their names stand in no line.
func TestPlainBuyers(t *testing.T) {
	for text, want := range map[string]string{
		"Rechnung an die Praxis für Ergotherapie Lindner, Tulpenweg 3, 38100 Braunschweig. Zwei Stunden.": "Praxis für Ergotherapie Lindner",
		"Rechnung an das Büro für Statik Kornfeld, Tulpenweg 3, 38100 Braunschweig. Zwei Stunden.":        "Büro für Statik Kornfeld",
		"Rechnung an die Stiftung Waldfrieden, Tulpenweg 3, 38100 Braunschweig. Zwei Stunden.":            "Stiftung Waldfrieden",
		"Auftraggeberin ist die Gemeinde Hohenfels, zwei Stunden Arbeit.":                                 "Gemeinde Hohenfels",
		"Auftraggeber Nordheide Eulenried. Zwei Stunden Arbeit.":                                          "Nordheide Eulenried",
		"Auftraggeber Krusenbusch, zwei Stunden Arbeit.":                                                  "Krusenbusch",
		"Bauherr ist Herr Mirko Tadic. Zwei Stunden Arbeit.":                                              "Mirko Tadic",
		"Bei Krüger gestern im Bad den Hahn getauscht, eine Stunde. Krüger will die alte Mischbatterie.":  "Krüger",
		"Bei Kowalczyk war die Heizung aus, zwei Stunden Arbeit.":                                         "Kowalczyk",
		"Beim Yildirim heute zwei Stunden Arbeit.":                                                        "Yildirim",
		"Gestern bei Asmussen zwei Stunden Arbeit.":                                                       "Asmussen",
		"Das Auto von der Schreinerei Kaltenbach ist fertig. Zwei Stunden Arbeit.":                        "Schreinerei Kaltenbach",
		"Schreib dem Hotel Seeblick eine Rechnung, zwei Stunden Arbeit.":                                  "Hotel Seeblick",
		"Der Kindergarten Regenbogen kriegt eine Rechnung, zwei Stunden Arbeit.":                          "Kindergarten Regenbogen",
		"Für die Stadt Emden zwei Stunden Arbeit.":                                                        "Stadt Emden",
		"Heute bei Sandra Pohlmann in der Allee am Stadtwald 4 in Kassel. Zwei Stunden Arbeit.":           "Sandra Pohlmann",
		"bei hinrichs am markt 9 in 25813 husum rohr gespült festpreis 140 euro brutto bar bezahlt":       "Hinrichs",
		"Bei Hinrichs am Markt 9 in 25.813 Husum Rohr gespült Festpreis 140 Euro Brutto bar bezahlt.":     "Hinrichs",
		"Bei Regen heute zwei Stunden Arbeit.":                                                            "",
		"Bei OBI noch Kleber geholt. Heute zwei Stunden Arbeit.":                                          "",
		"Beim Händler nachgefragt, heute zwei Stunden Arbeit.":                                            "",
		"Beim Öffnen heute Kratzer gemacht, zwei Stunden Arbeit.":                                         "",
		"Bei Minusgraden heute zwei Stunden Arbeit.":                                                      "",
		"Bei Sturm heute zwei Stunden Arbeit.":                                                            "",
	} {
		d := draft(t, "shk", text)
		got := ""
		if d.Buyer != nil {
			got = d.Buyer.Name + d.Buyer.Company
		}
		if got != want {
			t.Errorf("%s: buyer %q, want %q", text, got, want)
		}
		for _, l := range d.Lines {
			for _, w := range strings.Fields(want) {
				if strings.Contains(strings.ToLower(l.Text), strings.ToLower(w)) {
					t.Errorf("%s: line text %q holds the name", text, l.Text)
				}
			}
		}
	}
}

// TestHeardNote is what the recogniser makes of a whole note without pauses.
func TestHeardNote(t *testing.T) {
	d := draft(t, "shk", "Mut dienst heute vor Mittag bei Petersen am Hafen 3 in 25.541 Brunsbüttel Rohr Verstopfung Küche beseitigt Festpreis 180 Euro Brutto alles drin hat gleich mit Eckkarte bezahlt.")
	b := d.Buyer
	if b == nil || b.Name != "Petersen" || b.Street != "Am Hafen 3" || b.Postcode != "25541" || b.City != "Brunsbüttel" {
		t.Errorf("buyer %+v", b)
	}
	if len(d.Lines) != 1 || !strings.Contains(d.Lines[0].Text, "Verstopfung beseitigt") || d.Lines[0].Price == nil || d.Lines[0].Price.String() != "180" || d.Prices != "gross" {
		t.Errorf("lines %+v, prices %q", d.Lines, d.Prices)
	}
	if d.Paid == nil || !d.Paid.All || d.Paid.Method != "card" {
		t.Errorf("paid %+v", d.Paid)
	}
	if slices.Contains(d.Questions, "buyer.address") {
		t.Errorf("questions %v", d.Questions)
	}
}

// TestPaid checks denied, part and full payments.
func TestPaid(t *testing.T) {
	for text, want := range map[string]string{
		"Angezahlt hat er 150 Eurobar.":                 "150.00 cash",
		"Er hat 30 Eurobar gezahlt.":                    "30.00 cash",
		"Er hat siebzig angezahlt.":                     "70.00 ",
		"Bezahlt hat sie noch nich, sie überweist.":     "none",
		"Gezahlt hot er no net.":                        "none",
		"Bezahlt hat er noch nix.":                      "none",
		"Bezahlt ist noch nichts.":                      "none",
		"Sie hat nicht bezahlt.":                        "none",
		"Einen Teil hat er schon überwiesen.":           "none",
		"Die Hälfte hat sie mir schon bar gegeben.":     "none",
		"Das überweist sie nächste Woche.":              "none",
		"Hat nicht bar, sondern mit Karte bezahlt.":     "all card",
		"Hat sie gleich mit Girokarde bezahlt.":         "all card",
		"Hat er mit Eckkarte bezahlt.":                  "all card",
		"Hat er alles bar bezahlt.":                     "all cash",
		"Hat alles schon überwiesen.":                   "all transfer",
		"Tür geöffnet für 80 Euro, hat er bar bezahlt.": "all cash",
		"Tür geöffnet 80 Euro bar bezahlt.":             "all cash",
	} {
		d := draft(t, "shk", "Rechnung an Frau Ott. Eine Stunde Arbeit. "+text)
		got := "none"
		if p := d.Paid; p != nil && p.All {
			got = "all " + p.Method
		} else if p != nil {
			got = p.Amount.String() + " " + p.Method
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
		if slices.ContainsFunc(d.Questions, func(q string) bool { return strings.HasPrefix(q, "lines") }) {
			t.Errorf("%s: asked %v", text, d.Questions)
		}
	}
}
