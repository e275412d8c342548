package dictation_test

import "testing"

// runLower hears texts without capital letters and marks.
func runLower(t *testing.T, list []heard) {
	t.Helper()
	for _, c := range list {
		text := "rechnung an herrn krüger amselweg 3 30159 hannover gestern " + c.text
		if got := short(said(text)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// TestCentsWithoutCommas reads cents behind euros although the next line follows without a mark.
func TestCentsWithoutCommas(t *testing.T) {
	runHeard(t, []heard{
		{"Kugelhahn 27 Euro 40 Rohrschellen 3 Stück", "1 H87 27.4; 3 H87 2.1"},
		{"Kugelhahn 12 € 50 Druckminderer 1 Stück", "1 H87 12.5; 1 H87 112"},
		{"Zwei Kugelhähne zu 29 Euro 90 Balken 6 Meter nach Liste", "2 H87 29.9; 6 MTR 8.7"},
		{"Druckminderer 118 Euro 95 Estrich 30 Quadratmeter", "1 H87 118.95; 30 MTK 12.5"},
		{"Druckminderer 118 Euro 50 eingebaut Kugelhahn 2 Stück", "1 H87 118.5; 2 H87 31"},
		{"Schraube 7 Euro 40 Dübel 3 Stück 2 Euro 10 Winkel 12 Stück 1 Euro 95", "1 H87 7.4; 3 H87 2.1; 12 H87 1.95"},
		{"Arbeitszeit 3 Stunden 52 Euro 50 Fahrt 18 Euro 90", "3 HUR 52.5; 1 LS 18.9"},
		{"Kugelhahn 28 Euro 23. Juni fertig", "1 H87 28"},
		{"Kugelhahn 28 Euro 17 Juni Parkett 3 Quadratmeter nach Liste", "1 H87 28; 3 MTK 34"},
		{"Kugelhahn 28 Euro 14 Tage Zahlungsziel", "1 H87 28"},
		{"Kugelhahn 33 Euro 3 Stück Druckminderer", "1 H87 33; 3 H87 112"},
		{"Kugelhahn 33 Euro 14 Quadratmeter Parkett nach Liste", "1 H87 33; 14 MTK 34"},
		{"Kugelhahn 33 Euro 12 Sack Spachtelmasse nach Liste", "1 H87 33; 12 XSA 13.8"},
		{"Kugelhahn 33 Euro 24 AW Geselle", "1 H87 33; 2.4 HUR 55"},
		{"Kugelhahn 33 Euro 20 Rohrschellen nach Liste", "1 H87 33; 20 H87 2.1"},
		{"Spachtelmasse 4 Sack 14 Euro 20 der Sack Parkett 12 Quadratmeter nach Liste", "4 XSA 14.2; 12 MTK 34"},
		{"Kugelhahn 29 Euro und 80 Cent Druckminderer 1 Stück", "1 H87 29.8; 1 H87 112"},
		{"Rohrschelle 3 Euro 05 Druckminderer 1 Stück", "1 H87 3.05; 1 H87 112"},
		{"Zwei Kugelhähne 33 Euro 20 Rohrschellen 3 Druckminderer nach Liste", "2 H87 33; 20 H87 2.1; 3 H87 112"},
		{"Kugelhahn 33 Euro, 20 Meter Balken nach Liste.", "1 H87 33; 20 MTR 8.7"},
		{"Dübelleiste 7 Euro 40 Winkelblech 3 Stück 2 Euro 15 Kugelhahn 1 Stück", "1 H87 7.4; 3 H87 2.15; 1 H87 31"},
	})
	runLower(t, []heard{
		{"kugelhahn zwölf euro fünfzig druckminderer zwei stück", "1 H87 12.5; 2 H87 112"},
	})
}

// TestPartedUnits reads units the recogniser has parted as one.
func TestPartedUnits(t *testing.T) {
	runHeard(t, []heard{
		{"Parkett 14 Quadrat Meter nach Liste.", "14 MTK 34"},
		{"Aushub sechs Kubik Meter zu 40 Euro.", "6 MTQ 40"},
		{"Randleisten 9 laufende Meter nach Liste.", "9 LM 5.4"},
		{"Randleisten 11 Lauf Meter nach Liste.", "11 LM 5.4"},
		{"Spachtelpulver 40 Kilo Gramm zu 2 Euro.", "40 KGM 2"},
		{"Parkett 16 Quadrat Meter zu 31 Euro der Quadrat Meter.", "16 MTK 31"},
		{"Parkett 16 Quadrat-Meter nach Liste.", "16 MTK 34"},
		{"Eine Viertel Stunde Geselle.", "0.25 HUR 55"},
		{"Drei Viertel Stunden Geselle.", "0.75 HUR 55"},
		{"Eine halbe Stunde Geselle.", "0.5 HUR 55"},
		{"Drei Arbeits Stunden Geselle.", "3 HUR 55"},
		{"Zwei Stunden und eine Viertel Stunde Geselle.", "2.25 HUR 55"},
		{"Estrich 28,5 Quadrat Meter 13 Euro der Quadrat Meter Kugelhahn 1 Stück", "28.5 MTK 13; 1 H87 31"},
	})
	runLower(t, []heard{
		{"parkett vierzehn quadrat meter estrich dreißig quadrat meter alles nach liste", "14 MTK 34; 30 MTK 12.5"},
	})
}

// TestDaysNotMonths reads the day before a month also in text without marks.
func TestDaysNotMonths(t *testing.T) {
	for _, c := range []heard{
		{"rechnung an herrn krüger amselweg 3 30159 hannover am 23 juni parkett 20 quadratmeter nach liste", "2026-06-23 2026-06-23"},
		{"Rechnung an Herrn Krüger, Amselweg 3, 30159 Hannover 23. Juni Parkett 20 Quadratmeter nach Liste", "2026-06-23 2026-06-23"},
		{"Rechnung an Herrn Krüger Amselweg 3 30159 Hannover 17 August Parkett 20 Quadratmeter nach Liste", "2026-08-17 2026-08-17"},
		{"Rechnung Herr Krüger Amselweg 3 30159 Hannover 4. September zwei Kugelhähne nach Liste", "2026-09-04 2026-09-04"},
		{"rechnung herr krüger amselweg 3 30159 hannover vom 9 bis 11 märz zwei kugelhähne nach liste", "2026-03-09 2026-03-11"},
		{"Rechnung Herr Krüger, Amselweg 3, 30159 Hannover, 9. bis 11. März, zwei Kugelhähne nach Liste.", "2026-03-09 2026-03-11"},
		{"Rechnung Herr Krüger Amselweg 3 30159 Hannover 9. bis 11. März zwei Kugelhähne nach Liste", "2026-03-09 2026-03-11"},
		{"Rechnung Herr Krüger Amselweg 3 30159 Hannover 20. Juli bis 24. Juli zwei Kugelhähne nach Liste", "2026-07-20 2026-07-24"},
		{"rechnung herr krüger amselweg 3 30159 hannover 20 juli bis 24 juli zwei kugelhähne nach liste", "2026-07-20 2026-07-24"},
		{"Rechnung Herr Krüger, Amselweg 3, 30159 Hannover. 28. September bis 2. Oktober. Zwei Kugelhähne nach Liste.", "2026-09-28 2026-10-02"},
		{"Rechnung Herr Krüger Telefon 0511 223344 23. Juni zwei Kugelhähne nach Liste", "2026-06-23 2026-06-23"},
		{"rechnung herr krüger telefon 0171 5566778 14 juni zwei kugelhähne nach liste", "2026-06-14 2026-06-14"},
		{"rechnung herr krüger amselweg 3 hannover am zwölf juni zwei kugelhähne nach liste", "2026-06-12 2026-06-12"},
		{"rechnung herr krüger amselweg 3 hannover vom neun bis elf märz zwei kugelhähne nach liste", "2026-03-09 2026-03-11"},
		{"rechnung herr krüger amselweg 3 hannover 20 und 21 juli zwei kugelhähne nach liste", "2026-07-20 2026-07-21"},
		{"Rechnung Herr Krüger, Amselweg 3, Hannover, 20.-24. Juli, zwei Kugelhähne nach Liste.", "2026-07-20 2026-07-24"},
		{"Rechnung Herr Krüger Amselweg 3 30159 Hannover von 5 bis 7 Mai zwei Kugelhähne nach Liste", "2026-05-05 2026-05-07"},
		{"Rechnung Herr Krüger, Amselweg 3, 30159 Hannover, vom fünften bis siebten Mai, zwei Kugelhähne nach Liste.", "2026-05-05 2026-05-07"},
		{"rechnung herr krüger amselweg 3 30159 hannover am dritten juni zwei kugelhähne nach liste", "2026-06-03 2026-06-03"},
		{"rechnung herr krüger amselweg 3 30159 hannover im juni zwei kugelhähne nach liste", "2026-06-01 2026-06-30"},
		{"Rechnung an Herrn Krüger, Amselweg 3, 30159 Hannover. Arbeiten vom 14. auf den 15. April, zwei Kugelhähne nach Liste.", "2026-04-14 2026-04-15"},
		{"Rechnung für Herrn Krüger Amselweg 3 30159 Hannover zwei Kugelhähne nach Liste ausgeführt 12 bis 14 Oktober", "2026-10-12 2026-10-14"},
	} {
		d := said(c.text)
		got := ""
		if d.Supply != nil {
			got = d.Supply.From + " " + d.Supply.To
		}
		if got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// TestQuantityAsked leaves a quantity open that the speaker did not know.
func TestQuantityAsked(t *testing.T) {
	runHeard(t, []heard{
		{"Spachtelmasse nach Liste, wie viel Sack muss ich nachschauen.", "? XSA 13.8"},
		{"Kugelhähne nach Liste, Menge reiche ich nach.", "? H87 31"},
		{"Kugelhahn 33 Euro, Menge reich ich nach.", "? H87 33"},
		{"Rohrschellen, weiß ich noch nicht wie viele.", "? H87 2.1"},
		{"Kugelhähne nach Liste, weiß noch nicht wie viele das waren.", "? H87 31"},
		{"Parkettkleber nach Liste, wie viele Eimer sag ich dir noch.", "? XBJ 48"},
		{"Rohrschellen nach Liste, die Stückzahl muss ich noch zählen.", "? H87 2.1"},
		{"Druckminderer nach Liste, Anzahl kommt noch.", "? H87 112"},
		{"Kernbohrungen nach Liste, wie viele es waren guck ich noch nach.", "? H87 65"},
		{"Dachfenster gereinigt nach Liste, keine Ahnung wie viele.", "? H87 25"},
		{"Spachtelmasse wie viel Sack muss ich nachschauen Kugelhahn 2 Stück nach Liste", "? XSA 13.8; 2 H87 31"},
		{"Wie viel Sack Spachtelmasse muss ich nachschauen Kugelhahn 2 Stück nach Liste", "? XSA 13.8; 2 H87 31"},
		{"Kugelhahn 2 Stück nach Liste Fliesenkleber 18 Euro der Sack Menge reiche ich nach", "2 H87 31; ? XSA 18"},
		{"Kabel 2 Euro der Meter, wie viel Meter das waren muss ich noch messen.", "? MTR 2"},
		{"Zwei Kugelhähne nach Liste. Spachtelmasse, wie viel Säcke muss ich nachsehen.", "2 H87 31; ? XSA 13.8"},
	})
	runLower(t, []heard{
		{"spachtelmasse nach liste wie viel sack muss ich nachschauen", "? XSA 13.8"},
		{"kernbohrungen nach liste menge trag ich nach zwei kugelhähne nach liste", "? H87 65; 2 H87 31"},
	})
}
