package dictation_test

import (
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/dictation"
)

func dec(s string) feierabend.Dec4 {
	v, err := feierabend.ParseDec4(s)
	if err != nil {
		panic(err)
	}
	return v
}

// carpenter is a firm whose words and prices stand in no corpus.
func carpenter() feierabend.Profile {
	day := dec("8")
	item := func(kind feierabend.LineKind, unit, price, name string, alias ...string) feierabend.PriceItem {
		return feierabend.PriceItem{Name: name, Kind: kind, Unit: unit, Price: dec(price), Aliases: alias}
	}
	return feierabend.Profile{
		VATScheme: "standard", VATRate: dec("19"), DueDays: 14, DefaultRole: "geselle", DayHours: &day,
		Rates:    map[string]feierabend.Dec4{"meister": dec("70"), "geselle": dec("55"), "helfer": dec("41"), "azubi": dec("27")},
		TimeUnit: &feierabend.TimeUnit{Name: "AW", Minutes: dec("6")},
		Travel:   &feierabend.Travel{Mode: "flat", Price: dec("28"), Unit: "LS", Label: "Anfahrt"},
		PriceList: []feierabend.PriceItem{
			item("labour", "MTK", "34", "Parkett verlegen", "Parkett", "Parkett verlegt"),
			item("labour", "MTK", "12.50", "Estrich schleifen", "Estrich", "Estrich geschliffen"),
			item("labour", "LM", "5.40", "Randleiste setzen", "Randleiste", "Randleisten"),
			item("material", "XBJ", "48", "Parkettkleber"),
			item("material", "H87", "2.10", "Rohrschelle", "Rohrschellen"),
			item("material", "H87", "31", "Kugelhahn", "Kugelhähne"),
			item("material", "H87", "112", "Druckminderer"),
			item("material", "MTR", "8.70", "Konstruktionsholz", "Balken"),
			item("material", "H87", "640", "Dachfenster"),
			item("labour", "H87", "25", "Dachfensterreinigung", "Dachfenster gereinigt"),
			item("labour", "H87", "65", "Kernbohrung", "Kernbohrungen"),
			item("material", "MTK", "9.60", "Schalldämmmatte", "Dämmmatte"),
			item("lump", "LS", "150", "Baustelleneinrichtung"),
			item("equipment", "DAY", "45", "Rollgerüst"),
			item("equipment", "HUR", "18", "Bohrhammer"),
			item("material", "XSA", "13.80", "Spachtelmasse", "Spachtel"),
		},
	}
}

// said drafts a text of the carpenter, said on Tuesday 24 November 2026.
func said(text string) feierabend.Draft {
	at := time.Date(2026, 11, 24, 17, 0, 0, 0, time.FixedZone("CET", 3600))
	return dictation.Draft(dictation.Input{Text: text, At: at, Profile: carpenter()})
}

// short writes lines as "quantity unit price", a question mark where the value is asked.
func short(d feierabend.Draft) string {
	var out []string
	for _, l := range d.Lines {
		q, p := "?", "?"
		if l.Quantity != nil {
			q = l.Quantity.String()
		}
		if l.Price != nil {
			p = l.Price.String()
		}
		out = append(out, strings.Join([]string{q, l.Unit, p}, " "))
	}
	return strings.Join(out, "; ")
}

type heard struct{ text, want string }

const head = "Rechnung an Herrn Krüger, Amselweg 3, 30159 Hannover. Gestern. "

func runHeard(t *testing.T, list []heard) {
	t.Helper()
	for _, c := range list {
		if got := short(said(head + c.text)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestBareNumbers(t *testing.T) {
	runHeard(t, []heard{
		{"Parkett 14 Quadratmeter, Estrich 37, beides aus der Liste.", "14 MTK 34; 37 MTK 12.5"},
		{"Parkett verlegt zwölf Komma vier Quadratmeter, Estrich sechsundzwanzig, Randleiste acht Meter, alles Liste.", "12.4 MTK 34; 26 MTK 12.5; 8 LM 5.4"},
		{"Kugelhahn vorn und hinten, also zwei, nach Liste.", "2 H87 31"},
		{"Druckminderer links und rechts, also zwei.", "2 H87 112"},
		{"Kernbohrungen auch drei, nach Liste.", "3 H87 65"},
		{"Dämmmatte 22 Quadratmeter, Parkett, auch zweiundzwanzig, nach Liste.", "22 MTK 9.6; 22 MTK 34"},
		{"Rohrschellen vierzig, Kugelhähne sechs, alles nach Liste.", "40 H87 2.1; 6 H87 31"},
		{"Kernbohrungen insgesamt fünf.", "5 H87 65"},
		{"Estrich geschliffen, zusammen 48, Listenpreis.", "48 MTK 12.5"},
		{"Kugelhahn zu achtundzwanzig.", "1 H87 28"},
		{"Zwei Kugelhähne je 29.", "2 H87 29"},
		{"Kugelhahn kostet 33 Euro.", "1 H87 33"},
		{"Druckminderer hundertneunzehn.", "1 H87 119"},
		{"Baustelleneinrichtung hundertachtzig.", "1 LS 180"},
		{"Parkett vierzehn Quadratmeter zu sechsunddreißig.", "14 MTK 36"},
		{"Druckminderer 1500 Euro.", "1 H87 ?"},
		{"Drei Kugelhähne zu 3 Euro.", "3 H87 ?"},
		{"Balken 16 Meter, Randleisten 12, alles Liste.", "16 MTR 8.7; 12 LM 5.4"},
		{"Sechs Kugelhähne, Druckminderer zwei, alles nach Liste.", "6 H87 31; 2 H87 112"},
	})
}

func TestSpokenHours(t *testing.T) {
	runHeard(t, []heard{
		{"Zwei Stunden und eine Viertelstunde Fehlersuche.", "2.25 HUR 55"},
		{"Drei Stunden und eine halbe gearbeitet.", "3.5 HUR 55"},
		{"Eine Stunde und eine Dreiviertelstunde Meister.", "1.75 HUR 70"},
		{"Fehlersuche vier Stunden und zwanzig Minuten.", "4.3333 HUR 55"},
		{"Bohrhammer sechs Stunden, da hab ich 22 ausgemacht die Stunde.", "6 HUR 22"},
		{"Rollgerüst vier Tage, da haben wir 50 gesagt der Tag.", "4 DAY 50"},
		{"Der Lehrbua war drei Stunden dabei.", "3 HUR 27"},
		{"Das Lehrmadl hat zwei Stunden mitgearbeitet.", "2 HUR 27"},
		{"A-Zubi vier Stunden.", "4 HUR 27"},
		{"Der Werkstudent war vier Stunden dabei.", "4 HUR ?"},
		{"Der Praktikant drei Stunden.", "3 HUR ?"},
		{"An Stunden rechnen wir fünf vom Meister und neun vom Gesellen.", "5 HUR 70; 9 HUR 55"},
		{"Stunden waren es zwölf.", "12 HUR 55"},
		{"Arbeitsstunden waren's acht von mir und sechs vom Azubi.", "8 HUR 55; 6 HUR 27"},
		{"Dreimal je zwei Stunden Fehlersuche.", "6 HUR 55"},
		{"Zwei Termine je fünf Stunden Wartung.", "10 HUR 55"},
		{"Zweimal Parkett verlegt je 15 Quadratmeter.", "30 MTK 34"},
		{"125 Stunden Geselle.", "? HUR 55"},
		{"Heute 80 Stunden Fehlersuche.", "? HUR 55"},
		{"2,57 Stunden Arbeit.", "? HUR 55"},
		{"3,25 Stunden Arbeit.", "3.25 HUR 55"},
		{"Zwei Mann je neun Stunden, also achtzehn.", "18 HUR 55"},
		{"Der Meister und ich haben den Boden gerichtet, jeder fünf Stunden.", "5 HUR 70; 5 HUR 55"},
		{"Der Azubi war eine Stunde dabei, der Geselle auch eine.", "1 HUR 27; 1 HUR 55"},
		{"Ich und der Helfer haben jeder vier Stunden geräumt.", "4 HUR 41; 4 HUR 55"},
	})
}

func TestNotBilled(t *testing.T) {
	runHeard(t, []heard{
		{"Ein Kugelhahn nach Liste, den Druckminderer schau ich mir erst nächstes Mal an.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste, den Druckminderer mach ich nächste Woche.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Das Dachfenster kommt erst im Frühjahr dran.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste, der Druckminderer geht aufs Haus.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste, die Kernbohrung mach ich umsonst.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste, die Rohrschelle gibt's gratis dazu.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste, eine Rohrschelle spendier ich.", "1 H87 31"},
		{"Kugelhahn 33 Euro, die Anfahrt ist da schon drin.", "1 H87 33"},
		{"Kugelhahn 33 Euro, Anfahrt inbegriffen.", "1 H87 33"},
		{"Kugelhahn 33 Euro, Anfahrt schon dabei.", "1 H87 33"},
		{"Kugelhahn 33 Euro, da ist die Anfahrt mit drin.", "1 H87 33"},
		{"Kugelhahn 33 Euro, Anfahrt ist im Preis enthalten.", "1 H87 33"},
		{"Ein Kugelhahn getauscht nach Liste und den Druckminderer machen wir beim nächsten Mal.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Den Druckminderer heben wir uns für später auf.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Die Kernbohrung auf Kulanz.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Die Kernbohrung läuft auf Garantie.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Zahlen soll er in acht Tagen.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Wir halten uns zwanzig Tage dran gebunden.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Überweisen binnen zehn Tagen.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Der Betrag ist in drei Wochen fällig.", "1 H87 31"},
		{"Rollgerüst zwei Tage.", "2 DAY 45"},
		{"Der Geselle zwei Tage.", "? HUR 55"},
		{"Trennscheibe, zwei Tage.", "2 DAY ?"},
		{"Einen Tag Estrich gerichtet.", "8 HUR 55"},
	})
}

func TestRepairChains(t *testing.T) {
	runHeard(t, []heard{
		{"Zwölf AW, nee, Schmarrn, achtzehn.", "1.8 HUR 55"},
		{"Parkett zwanzig Quadratmeter, nein, Unsinn, vierundzwanzig, nach Liste.", "24 MTK 34"},
		{"Drei Stunden, äh, Mist, vier Stunden Fehlersuche.", "4 HUR 55"},
		{"Drei Stunden, halt, stopp, vier Stunden Fehlersuche.", "4 HUR 55"},
		{"Fünf Kugelhähne, ach Käse, sechs Kugelhähne nach Liste.", "6 H87 31"},
		{"Fünf Stunden, oder warte, nee, sechs Stunden Geselle.", "6 HUR 55"},
		{"Fünf Stunden, Moment, falsch, sieben Stunden Geselle.", "7 HUR 55"},
		{"Acht Stunden, Verzeihung, neun Stunden Geselle.", "9 HUR 55"},
		{"Acht Stunden, ich hab mich vertan, neun Stunden Geselle.", "9 HUR 55"},
		{"Kugelhahn 30 Euro, nee, Blödsinn, 34 Euro.", "1 H87 34"},
		{"Randleisten elf Meter, Kappes, zwölf, nach Liste.", "12 LM 5.4"},
		{"Zwei Stunden, sorry, drei Stunden Meister.", "3 HUR 70"},
		{"Zwei Stunden, ach was, ähm, drei Stunden Meister.", "3 HUR 70"},
		{"Dämmmatte neun Quadratmeter, Schmarrn, zehn, nach Liste.", "10 MTK 9.6"},
		{"Sieben AW, quatsch, nein, acht.", "0.8 HUR 55"},
	})
}

func TestNothingLost(t *testing.T) {
	runHeard(t, []heard{
		{"Ein Kugelhahn nach Liste, die Sanftanlaufdrossel auch nach Liste.", "1 H87 31; ?  ?"},
		{"Ein Kugelhahn, Absperrklappe, alles nach Liste.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste, Mittag war um zwölf.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Der Sohn hat drei Kinder.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Sie haben zwei Hunde und acht Katzen.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Draußen hatte es 34 Grad.", "1 H87 31"},
		{"Ein Kugelhahn nach Liste. Das Haus ist von 1987.", "1 H87 31"},
		{"Sieben hat der Helfer gemacht.", "? HUR 41"},
		{"Konstruktionshölzer geliefert, siebzehn, nach Liste.", "17 MTR 8.7"},
	})
}
