package dictation_test

import (
	"testing"
	"time"

	"feierabend/internal/dictation"
)

func TestReadNumber(t *testing.T) {
	for said, want := range map[string]string{
		"null": "0", "eins": "1", "zwo": "2", "zwei": "2", "zwoa": "2", "zwee": "2", "zwoi": "2", "drei": "3", "viere": "4", "fümf": "5", "sechs": "6", "siebn": "7", "acht": "8", "neune": "9", "zehne": "10",
		"elf": "11", "zwölf": "12", "fuffzehn": "15", "sechzehn": "16", "siebzehn": "17", "neunzehn": "19", "zwanzig": "20", "einundzwanzig": "21", "zwoundzwanzig": "22", "sechsundreißig": "36", "achtundreißig": "38", "achtunddreißig": "38", "zweiundreißig": "32",
		"vierzich": "40", "fuffzich": "50", "fuffzig": "50", "fuchzig": "50", "achtzich": "80", "dreissig": "30", "neunundneunzig": "99", "zwoarazwanzg": "22",
		"hundert": "100", "einhundert": "100", "hundertdreiundzwanzig": "123", "hundertachtzig": "180", "hundertundeins": "101", "zweihundertfünfundachtzig": "285", "neunhundertneunundneunzig": "999",
		"tausend": "1000", "eintausendneunhundertachtzig": "1980", "zwölfhundert": "1200", "achtzehnhundertfuffzig": "1850", "zwoatausendeinhundertfuffzig": "2150", "zwölftausendsechshundert": "12600", "dreitausendvierhundertfünfzig": "3450", "vierzehntausendachthundert": "14800",
		"zwei hundert fünfzig": "250", "drei tausend vierhundert": "3400", "zwei und zwanzig": "22",
		"anderthalb": "1.5", "eineinhalb": "1.5", "zweieinhalb": "2.5", "zwoeinhalb": "2.5", "zwoaranhalb": "2.5", "vierzehneinhalb": "14.5", "drei einhalb": "3.5", "zwei und eine halbe": "2.5", "dreiviertel": "0.75", "eindreiviertel": "1.75", "zweieinviertel": "2.25", "halb": "0.5",
		"acht Komma vier": "8.4", "zwölf Komma sechs": "12.6", "drei Komma zwo fünf": "3.25", "neun komma acht": "9.8", "null Komma fünf": "0.5", "eins Komma zwölf": "1.12",
		"1": "1", "12": "12", "8,5": "8.5", "8.5": "8.5", "2,57": "2.57", "1.250": "1250", "1.250,5": "1250.5", "1240": "1240", "0,75": "0.75", "½": "0.5", "2 ½": "2.5", "12.600": "12600",
		"2,5 Stunden": "2.5", "14 Stück": "14", "zwei Sack": "2", "'ne Dreiviertelstunde": "0.75", "eine halbe Stunde": "0.5", "a Viertelstund": "0.25", "drei Meter zwanzig": "3.2", "zwei Stunden fünfzehn Minuten": "2.25", "das waren zwölf": "12", "so etwa vierzig": "40", "zweimal": "2", "19 Prozent": "19", "neunzehn Prozent": "19",
		"zwei, ach Quatsch, zweieinhalb": "2.5", "vier, nee, fünf": "5",
	} {
		got, ok := dictation.ReadNumber(said)
		if !ok || got.String() != want {
			t.Errorf("ReadNumber(%q) = %s, %v; want %s", said, got, ok, want)
		}
	}
	for _, s := range []string{"", "viele", "ein paar", "Rechnung", "zwei oder drei", "Hauptstraße 4", "gestern", "acht neunzig und fünf", "1.29.0", "zwanzigtausendmillionen"} {
		if got, ok := dictation.ReadNumber(s); ok {
			t.Errorf("ReadNumber(%q) = %s; want none", s, got)
		}
	}
}

func TestReadMoney(t *testing.T) {
	for said, want := range map[string]string{
		"acht neunzig": "8.9", "zwölf fuffzig": "12.5", "elf fuffzig": "11.5", "sechs fuffzich": "6.5", "neunundachtzig neunzig": "89.9", "vierundfünfzig neunzig": "54.9", "sechs neunundneunzig": "6.99", "drei zwanzig": "3.2", "sechzehn vierzig": "16.4", "hundertneunzehn neunzig": "119.9",
		"58 Euro 90": "58.9", "58 Euro und 90 Cent": "58.9", "12,50 €": "12.5", "€ 12,50": "12.5", "1.250 Euro": "1250", "1.487,50 €": "1487.5", "289 €": "289", "289,- €": "289", "14.80": "14.8", "50 Cent": "0.5", "180 Euro brutto": "180",
		"achtzehnhundertfuffzig": "1850", "zwölfhundert": "1200", "dreitausendneunhundert": "3900", "zweieinhalb tausend": "2500", "fünf Euro": "5", "zehn Euro": "10", "hundertfünfundachtzig Euro": "185",
		"einen Fuffi": "50", "'n Hunni": "100", "das kostet neununddreißig": "39", "achtundvierzig Euro fuffzig": "48.5", "zweihundert": "200", "17,90": "17.9",
	} {
		got, ok := dictation.ReadMoney(said)
		if !ok || got.String() != want {
			t.Errorf("ReadMoney(%q) = %s, %v; want %s", said, got, ok, want)
		}
	}
	for _, s := range []string{"", "weiß ich nicht", "drei Stunden Euro", "viel", "Euro"} {
		if got, ok := dictation.ReadMoney(s); ok {
			t.Errorf("ReadMoney(%q) = %s; want none", s, got)
		}
	}
}

func TestReadDate(t *testing.T) {
	at := time.Date(2026, 11, 24, 17, 0, 0, 0, time.FixedZone("CET", 3600)) // a Tuesday
	for said, want := range map[string]string{
		"heute": "2026-11-24 2026-11-24", "heut": "2026-11-24 2026-11-24", "gestern": "2026-11-23 2026-11-23", "vorgestern": "2026-11-22 2026-11-22", "heute Nacht": "2026-11-24 2026-11-24", "heute Vormittag": "2026-11-24 2026-11-24",
		"am Freitag": "2026-11-20 2026-11-20", "letzten Dienstag": "2026-11-17 2026-11-17", "Montag": "2026-11-23 2026-11-23", "am Sonnabend": "2026-11-21 2026-11-21", "Samstach": "2026-11-21 2026-11-21", "Freitagabend": "2026-11-20 2026-11-20",
		"12. November": "2026-11-12 2026-11-12", "am zwölften November": "2026-11-12 2026-11-12", "zwölfter elfter": "2026-11-12 2026-11-12", "12.11.": "2026-11-12 2026-11-12", "12.11.2026": "2026-11-12 2026-11-12", "12.11.26": "2026-11-12 2026-11-12", "am 5.": "2026-11-05 2026-11-05", "am einunddreißigsten Oktober": "2026-10-31 2026-10-31", "24. Dezember": "2025-12-24 2025-12-24", "3. März 2026": "2026-03-03 2026-03-03", "dritten März": "2026-03-03 2026-03-03",
		"Montag bis Mittwoch": "2026-11-16 2026-11-18", "von Montag bis heute": "2026-11-23 2026-11-24", "von Dienstag bis gestern": "2026-11-17 2026-11-23", "gestern und heute": "2026-11-23 2026-11-24", "gestern und vorgestern": "2026-11-22 2026-11-23",
		"12. bis 14. November": "2026-11-12 2026-11-14", "vom siebzehnten bis zum zwanzigsten November": "2026-11-17 2026-11-20", "16.11. bis 18.11.2026": "2026-11-16 2026-11-18", "28. und 29. September": "2026-09-28 2026-09-29",
		"KW 42": "2026-10-12 2026-10-18", "KW 42 Montag bis Mittwoch": "2026-10-12 2026-10-14", "KW dreiundvierzig": "2026-10-19 2026-10-25", "letzte Woche": "2026-11-16 2026-11-22", "letzte Woche, Montag bis Freitag": "2026-11-16 2026-11-20", "diese Woche": "2026-11-23 2026-11-29",
		"im Oktober": "2026-10-01 2026-10-31", "Oktober": "2026-10-01 2026-10-31", "der ganze Oktober": "2026-10-01 2026-10-31", "Februar": "2026-02-01 2026-02-28", "letzten Monat": "2026-10-01 2026-10-31", "Dezember": "2025-12-01 2025-12-31",
		"das war gestern": "2026-11-23 2026-11-23", "Montag, dreiundzwanzigster November": "2026-11-23 2026-11-23",
	} {
		p, ok := dictation.ReadDate(said, at)
		if got := p.From + " " + p.To; !ok || got != want {
			t.Errorf("ReadDate(%q) = %s, %v; want %s", said, got, ok, want)
		}
	}
	for _, s := range []string{"", "irgendwann", "nächste Woche", "weiß nicht", "32.11.", "31.02.2026", "KW 60"} {
		if p, ok := dictation.ReadDate(s, at); ok {
			t.Errorf("ReadDate(%q) = %v; want none", s, p)
		}
	}
}

func TestReadAddress(t *testing.T) {
	for said, want := range map[string][3]string{
		"Lindenweg 12, 25524 Itzehoe":                                       {"Lindenweg 12", "25524", "Itzehoe"},
		"Lindenweg zwölf in Itzehoe, zwo fünf fünf zwo vier":                {"Lindenweg 12", "25524", "Itzehoe"},
		"Hauptstr. 18 a 84028 Landshut":                                     {"Hauptstraße 18a", "84028", "Landshut"},
		"lindenweg 12 25524 itzehoe":                                        {"Lindenweg 12", "25524", "Itzehoe"},
		"Am Hafen 3, 25541 Brunsbüttel":                                     {"Am Hafen 3", "25541", "Brunsbüttel"},
		"Lange Straße 15, 99089 Erfurt":                                     {"Lange Straße 15", "99089", "Erfurt"},
		"Seeblick 3, 88045 Friedrichshafen":                                 {"Seeblick 3", "88045", "Friedrichshafen"},
		"Kirchgasse elf, fünfundachtzig dreihundertvierundfünfzig Freising": {"Kirchgasse 11", "85354", "Freising"},
		"Alt-Moabit 90, 10559 Berlin":                                       {"Alt-Moabit 90", "10559", "Berlin"},
		"Rheinallee 42":                                                     {"Rheinallee 42", "", ""},
		"25524 Itzehoe":                                                     {"", "25524", "Itzehoe"},
		"Industriepark 8, 45478 Mülheim an der Ruhr":                        {"Industriepark 8", "45478", "Mülheim an der Ruhr"},
		"Gartenweg sieben bis elf, 24534 Neumünster":                        {"Gartenweg 7-11", "24534", "Neumünster"},
	} {
		s, p, c, ok := dictation.ReadAddress(said)
		if got := [3]string{s, p, c}; !ok || got != want {
			t.Errorf("ReadAddress(%q) = %q, %v; want %q", said, got, ok, want)
		}
	}
	for _, s := range []string{"", "weiß ich nicht", "kommt später"} {
		if a, b, c, ok := dictation.ReadAddress(s); ok {
			t.Errorf("ReadAddress(%q) = %q %q %q; want none", s, a, b, c)
		}
	}
}
