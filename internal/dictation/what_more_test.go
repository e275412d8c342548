package dictation_test

import (
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/dictation"
)

func crewOf(d feierabend.Draft) string {
	var out []string
	for _, p := range d.People {
		out = append(out, p.Name+" "+p.Hours.String())
	}
	return strings.Join(out, "; ")
}

func TestShortCrew(t *testing.T) {
	for _, c := range []heard{
		{"Arif acht Stunden, Kai sieben, ich selber acht.", "Arif 8; Kai 7; Ich 8"},
		{"Zoran neun Stunden, Piet auch neun, ich siebeneinhalb.", "Zoran 9; Piet 9; Ich 7.5"},
		{"Kai sieben Stunden, Arif acht Stunden.", "Kai 7; Arif 8"},
		{"Dragomir hat 6,5 Stunden, ich 7.", "Dragomir 6.5; Ich 7"},
		{"Ich zehn Stunden, Bogdan acht und Nils acht.", "Ich 10; Bogdan 8; Nils 8"},
		{"Wojtek 8 Stunden. Ich 8 Stunden.", "Wojtek 8; Ich 8"},
		{"Bohrhammer zwei Stunden, ich acht Stunden.", "Ich 8"},
		{"Fehlersuche zwei Stunden, ich acht Stunden.", "Ich 8"},
		{"Ich acht Stunden. Kugelhähne sieben, Rohrschellen zwölf.", "Ich 8"},
		{"Schlagbohrmaschine drei Stunden, Emre fünf Stunden.", "Emre 5"},
		{"Ramona fünf Stunden, Chiara vier.", "Ramona 5; Chiara 4"},
	} {
		if got := crewOf(said("Stundenzettel von heute, Baustelle Rathaus. " + c.text)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestKindsHeard(t *testing.T) {
	for _, c := range []heard{
		{"Regie Bericht für Herrn Krüger. Ich acht Stunden.", "work_report"},
		{"Stunden Zettel, Baustelle Rathaus. Ich acht Stunden.", "work_report"},
		{"Schluss Rechnung an Herrn Krüger, ein Kugelhahn nach Liste.", "final_invoice"},
		{"Abschlags Rechnung an Herrn Krüger, Parkett pauschal 900 Euro.", "interim_invoice"},
		{"Kosten Voranschlag für Herrn Krüger, ein Kugelhahn nach Liste.", "offer"},
		{"Auftrags Bestätigung an Herrn Krüger, ein Kugelhahn nach Liste.", "order_confirmation"},
		{"Zahlungs Erinnerung an Herrn Krüger, offen sind 300 Euro.", "reminder"},
		{"Bestätige der Frau Nolte den Auftrag: Parkett 20 Quadratmeter nach Liste.", "order_confirmation"},
		{"Bestätigen wir dem Herrn Nolte bitte die Bestellung, zwei Kugelhähne nach Liste.", "order_confirmation"},
		{"Nix zum Abrechnen. Morgen den Herrn Nolte anrufen.", "note"},
		{"Bloß a Notiz: Freitag Kugelhähne bestellen.", "note"},
		{"Nur ne kurze Notiz, Kugelhähne bestellen bis Freitag.", "note"},
		{"Nichts zum Verrechnen, nur dass du Frau Nolte zurückrufst.", "note"},
		{"Rechnung an Herrn Krüger, ein Kugelhahn nach Liste.", "invoice"},
		{"Arbeits Bericht Baustelle Rathaus, ich sieben Stunden.", "work_report"},
	} {
		if got := string(said(c.text).Kind); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestPartedCompounds(t *testing.T) {
	runHeard(t, []heard{
		{"Zwei Kugel Hähne nach Liste.", "2 H87 31"},
		{"Vier Rohr Schellen nach Liste.", "4 H87 2.1"},
		{"Dach Fenster gereinigt, drei Stück, nach Liste.", "3 H87 25"},
		{"Drei Dachfenster haben wir gereinigt, nach Liste.", "3 H87 25"},
		{"Zwei Dachfenster eingebaut, nach Liste.", "2 H87 640"},
		{"Dachfenster nach Liste gereinigt.", "1 H87 25"},
		{"Dämm Matte wie immer, Schalldämm Matte 12 Quadratmeter nach Liste.", "12 MTK 9.6"},
		{"Rand Leisten 8 Meter nach Liste, Druck Minderer nach Liste.", "8 LM 5.4; 1 H87 112"},
		{"Kern Bohrung nach Liste, Bau Stellen Einrichtung nach Liste.", "1 H87 65; 1 LS 150"},
		{"Ein Eimer Parkett Kleber nach Liste.", "1 XBJ 48"},
	})
}

func TestItemFirst(t *testing.T) {
	runHeard(t, []heard{
		{"Parkett verlegt 18,5 Quadratmeter Parkettkleber 3 Eimer Kugelhahn 4 Stück Dämmmatte 18,5 Quadratmeter alles Liste", "18.5 MTK 34; 3 XBJ 48; 4 H87 31; 18.5 MTK 9.6"},
		{"Estrich geschliffen 30 Quadratmeter Spachtelmasse 6 Sack Randleisten 22 Meter alles nach Liste", "30 MTK 12.5; 6 XSA 13.8; 22 LM 5.4"},
		{"Balken 14 Meter Rohrschellen 20 Stück Kugelhähne 2 Stück nach Liste", "14 MTR 8.7; 20 H87 2.1; 2 H87 31"},
		{"14 Meter Balken 20 Rohrschellen 2 Kugelhähne nach Liste", "14 MTR 8.7; 20 H87 2.1; 2 H87 31"},
		{"18 Quadratmeter Parkett 3 Eimer Parkettkleber 4 Kugelhähne nach Liste", "18 MTK 34; 3 XBJ 48; 4 H87 31"},
		{"Dämmmatte 9 Quadratmeter Spachtelmasse 2 Sack Kernbohrungen 3 Stück Anfahrt 2 mal", "9 MTK 9.6; 2 XSA 13.8; 3 H87 65; 2 LS 28"},
	})
}

func TestUnreadFigures(t *testing.T) {
	runHeard(t, []heard{
		{"Kugelhahn eingebaut, 1.29.0 Euro.", "1 H87 ?"},
		{"Treppe gerichtet pauschal 1.29.0 Euro.", "1 LS ?"},
		{"Treppe gerichtet pauschal 3,450.", "1 LS ?"},
		{"Treppe gerichtet pauschal 3.450.", "1 LS 3450"},
		{"Treppe gerichtet pauschal 3,50 Euro.", "1 LS ?"},
		{"Kugelhahn zu 29,500 Euro.", "1 H87 ?"},
		{"Parkett verlegt 6,54 Meter, nach Liste.", "? MTK 34"},
		{"Randleisten 9 Quadratmeter, nach Liste.", "? LM 5.4"},
		{"Spachtelmasse 40 Kilo.", "40 KGM ?"},
		{"Kilometer waren es 38 hin und zurück, ein Kugelhahn nach Liste.", "1 H87 31"},
		{"Parkett elf Quadratmeter, Randleiste fünf Meter, Estrich dreißig Quadratmeter, alles Liste.", "11 MTK 34; 5 LM 5.4; 30 MTK 12.5"},
	})
}

func TestFurtherSpeech(t *testing.T) {
	runHeard(t, []heard{
		{"Ein Kugelhahn nach Liste, drei Tassen Kaffee hab ich getrunken.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Zwei Brötchen haben wir gegessen.", "1 H87 31"},
		{"Anderthalb Stunden ich und der Azubi.", "1.5 HUR 27; 1.5 HUR 55"},
		{"Der Meister und ich drei Stunden.", "3 HUR 70; 3 HUR 55"},
		{"Kugelhähne sechs, Balken 20 Meter, nach Liste.", "6 H87 31; 20 MTR 8.7"},
		{"Kugelhahn zwölf, Balken 20 Meter, nach Liste.", "12 H87 31; 20 MTR 8.7"},
		{"Druckminderer gewartet, nach Liste.", "1 H87 ?"},
		{"Zwei Kugelhähne repariert.", "2 H87 ?"},
		{"Viermal Halle gekehrt, jedes Mal drei Stunden.", "12 HUR 55"},
		{"Parkett im Wohnzimmer 24 und im Schlafzimmer 16 Quadratmeter, alles nach Liste.", "40 MTK 34"},
		{"Estrich im Keller 30 Quadratmeter, im Flur acht Quadratmeter, nach Liste.", "38 MTK 12.5"},
		{"Parkett 22 Quadratmeter verlegt, nach Liste.", "22 MTK 34"},
	})
}

func TestEnumerations(t *testing.T) {
	runHeard(t, []heard{
		{"Kugelhähne sechs, Druckminderer zwei, Rohrschellen 40, Balken zehn Meter zu 9.", "6 H87 31; 2 H87 112; 40 H87 2.1; 10 MTR 9"},
		{"Vier Kugelhähne, 16 Übergangsstücke, nach Liste.", "4 H87 31; 16 H87 ?"},
		{"Vier Kugelhähne 16 Übergangsstücke 20 Meter Balken alles nach Liste.", "4 H87 31; 20 MTR 8.7; 16 H87 ?"},
		{"Vier Kugelhähne nach Liste, die Leute haben drei Hunde.", "4 H87 31"},
		{"Vier Kugelhähne nach Liste, drei Hunde haben gebellt.", "4 H87 31"},
		{"Vier Kugelhähne nach Liste. Zwei Kinder haben geholfen.", "4 H87 31"},
	})
	for _, c := range []heard{
		{"Emil von 7 bis 16 Uhr mit halber Stunde Pause, Tarek auch, ich sechs Stunden.", "Emil 8.5; Tarek 8.5; Ich 6"},
		{"Luca 9 Stunden, Sven 9 Stunden, Azubi 8.", "Luca 9; Sven 9; Azubi 8"},
		{"Ich sieben Stunden, Radek genauso.", "Ich 7; Radek 7"},
	} {
		if got := crewOf(said("Stundenzettel von heute, Baustelle Rathaus. " + c.text)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestSilentLosses(t *testing.T) {
	runHeard(t, []heard{
		{"Ne Stunde extra.", "1 HUR 55"},
		{"Zwei Dachfenster eingebaut nach Liste, Eindeckrahmen je 140 Euro.", "2 H87 640; ? H87 140"},
		{"A Stund hob i braucht, der Azubi a Stund.", "1 HUR 55; 1 HUR 27"},
		{"Ich mein, das waren 45 Quadratmeter Parkett, nach Liste.", "45 MTK 34"},
		{"Parkett 45 Quadratmeter, Rest nach Liste.", "45 MTK 34"},
		{"Spachtelmasse drei Kanister, nach Liste.", "3 XSA 13.8"},
		{"Neue Wanne eingebaut, die Wanne kostet 480 Euro, Mischbatterie dazu 210, Ablauf 45 Euro.", "1 H87 480; 1 H87 45; ? H87 ?"},
		{"Von acht bis halb zwölf gearbeitet.", "3.5 HUR 55"},
		{"Von acht bis elf haben wir geschafft, zu zweit.", "6 HUR 55"},
		{"Er ist von acht bis elf erreichbar, ein Kugelhahn nach Liste.", "1 H87 31"},
	})
}

func TestWithoutCommas(t *testing.T) {
	runHeard(t, []heard{
		{"Parkett 22 Quadratmeter nee 24 nach Liste.", "24 MTK 34"},
		{"Neun Stunden nein zehn Stunden Geselle.", "10 HUR 55"},
		{"Drei Stunden Arbeit davon eine Stunde nur gepumpt.", "3 HUR 55"},
		{"Drei Stunden hab ich gebraucht der Lehrling war zwei Stunden dabei.", "3 HUR 55; 2 HUR 27"},
		{"Baustelleneinrichtung 160 Kernbohrung 70.", "1 LS 160; 1 H87 70"},
		{"Parkett 16 Quadratmeter Estrich 41 beides aus der Liste.", "16 MTK 34; 41 MTK 12.5"},
		{"Kugelhähne 4 Rohrschellen 20 Druckminderer 2 alles nach Liste.", "4 H87 31; 20 H87 2.1; 2 H87 112"},
		{"4 Kugelhähne 20 Rohrschellen 2 Druckminderer alles nach Liste.", "4 H87 31; 20 H87 2.1; 2 H87 112"},
		{"Druckminderer 4 Kugelhähne 20 Rohrschellen alles nach Liste.", "1 H87 112; 4 H87 31; 20 H87 2.1"},
		{"Neun Stunden Geselle Kleinteile pauschal 60 Euro.", "9 HUR 55; 1 LS 60"},
		{"Ich war fünf Stunden da der Helfer vier.", "5 HUR 55; 4 HUR 41"},
		{"24 AW Kugelhahn 33 Euro.", "2.4 HUR 55; 1 H87 33"},
		{"Parkett 22 Quadratmeter zu 30 Druckminderer 120 ein Kugelhahn.", "22 MTK 30; 1 H87 120; 1 H87 31"},
		{"Neun Stunden Geselle zu 5 Euro.", "9 HUR ?"},
		{"Eine Stunde zwanzig ach was schreib eineinhalb Stunden.", "1.5 HUR 55"},
	})
}

func TestPartsAndBacks(t *testing.T) {
	runHeard(t, []heard{
		{"Zwei Kugelhähne, einer davon auf Garantie, Anfahrt.", "? H87 31; 1 LS 28"},
		{"Parkett 20 Quadratmeter nach Liste. Zwölf Stunden hab ich gebraucht, die sind da schon drin.", "20 MTK 34"},
		{"Vier Kugelhähne nach Liste, einen Druckminderer, den schenk ich ihr.", "4 H87 31"},
		{"Vier Kugelhähne getauscht nach Liste, die anderen mach ich nächste Woche.", "4 H87 31"},
		{"Parkett 6,8 und Estrich 24 Quadratmeter, beides nach Liste.", "6.8 MTK 34; 24 MTK 12.5"},
		{"Dämmmatte 6,8, Anfahrt.", "? MTK 9.6; 1 LS 28"},
		{"Estrich 24 Quadratmeter, geschliffen nach Liste.", "24 MTK 12.5"},
		{"Drei Stunden Arbeit, davon eine Stunde nur Schutt geräumt.", "3 HUR 55"},
	})
}

func TestStories(t *testing.T) {
	runHeard(t, []heard{
		{"Ein Kugelhahn nach Liste. Beim letzten Mal waren es zwölf Rohrschellen.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Für das Parkett schick ich ihr ein Angebot, das werden so 30 Quadratmeter.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Sie will vielleicht noch 40 Quadratmeter Parkett.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Der Nachbar möchte noch ein Dachfenster.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste, TÜV hat er bis März 27.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Reifen haben noch vier Millimeter, hat 180000 drauf.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Türcode ist 4711, das Haus hat zwölf Wohnungen.", "1 H87 31"},
	})
}

// TestUnheardWords leaves words that the recogniser was unsure of out of a line's text.
func TestUnheardWords(t *testing.T) {
	text := head + "Rechmung Treppe gerichtet zwei Stunden, Drosselschieber 40 Euro."
	at := strings.Index(text, "Rechmung")
	from := len([]rune(text[:at]))
	for _, c := range []struct {
		p    float32
		want bool
	}{{0.1, false}, {0.24, false}, {0.5, true}, {0, true}} {
		d := dictation.Draft(dictation.Input{
			Text: text, At: time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC), Profile: carpenter(),
			Words: []feierabend.Word{{From: from, To: from + 8, P: c.p}},
		})
		if len(d.Lines) != 2 {
			t.Fatalf("%d lines", len(d.Lines))
		}
		if got := strings.Contains(d.Lines[0].Text, "Rechmung"); got != c.want {
			t.Errorf("probability %v: text %q", c.p, d.Lines[0].Text)
		}
	}
}

// TestHostileLines keeps the work on long texts without marks bounded.
func TestHostileLines(t *testing.T) {
	for _, part := range []string{"Kilometer waren ", "Kugelhahn 3 ", "3 Kugelhahn ", "Stunden sind vier und ", "ne vier ", "Arif auch ", "Parkett 6 und ", "später Estrich mach ", "Kugel Hahn ", "davon einer gratis, "} {
		start := time.Now()
		said(head + strings.Repeat(part, 300))
		said("Stundenzettel. " + strings.Repeat(part, 300))
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%q: %v", part, d)
		}
	}
}
