package dictation_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/dictation"
)

func profiles(t testing.TB) map[string]feierabend.Profile {
	t.Helper()
	b, err := os.ReadFile("../../test/eval/profiles.json")
	if err != nil {
		t.Fatal(err)
	}
	var p map[string]feierabend.Profile
	if err := json.Unmarshal(b, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

type evalCase struct {
	ID, Profile, Text string
	At                time.Time
	Want              feierabend.Draft
}

func cases(t testing.TB, file string) []evalCase {
	t.Helper()
	b, err := os.ReadFile("../../test/eval/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out []evalCase
	for line := range strings.Lines(string(b)) {
		var c evalCase
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

func draft(t testing.TB, profile, text string) feierabend.Draft {
	t.Helper()
	at := time.Date(2026, 11, 24, 17, 0, 0, 0, time.FixedZone("CET", 3600))
	return dictation.Draft(dictation.Input{Text: text, At: at, Profile: profiles(t)[profile]})
}

// TestCorpusSums checks that our integer sums are those of the corpus, to the cent.
func TestCorpusSums(t *testing.T) {
	p := profiles(t)
	n := 0
	for _, file := range []string{"cases-dev.jsonl", "cases-own.jsonl"} {
		for _, c := range cases(t, file) {
			if c.Want.Totals == nil || c.Want.Kind == feierabend.KindReminder {
				continue
			}
			n++
			if diff := cmp.Diff(c.Want.Totals, dictation.Totals(c.Want, p[c.Profile])); diff != "" {
				t.Errorf("%s: sums (-want +got)\n%s", c.ID, diff)
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d cases with sums", n)
	}
}

// TestLaw checks on every text of the corpus that evidence lies in the text and that no
// said number stands in the draft that is not in its evidence.
func TestLaw(t *testing.T) {
	p := profiles(t)
	for _, file := range []string{"cases-dev.jsonl", "cases-own.jsonl"} {
		for _, c := range cases(t, file) {
			for _, text := range []string{c.Text, strings.ToLower(c.Text), strings.NewReplacer(",", "", ".", "").Replace(c.Text)} {
				d := dictation.Draft(dictation.Input{Text: text, At: c.At, Profile: p[c.Profile]})
				checkLaw(t, d, text)
			}
		}
	}
}

func checkLaw(t testing.TB, d feierabend.Draft, text string) {
	t.Helper()
	length := len([]rune(text))
	for path, e := range d.Evidence {
		if e.From < 0 || e.To > length || e.From > e.To || e.Source == "said" && e.From == e.To {
			t.Errorf("evidence of %s is %d…%d in a text of %d runes", path, e.From, e.To, length)
		}
	}
	for i, l := range d.Lines {
		if l.Quantity != nil && d.Evidence[feierabend.PathOfLine(i, "quantity")].Source == "" {
			t.Errorf("line %d has a quantity without evidence", i)
		}
		if l.Price != nil && d.Evidence[feierabend.PathOfLine(i, "price")].Source == "" {
			t.Errorf("line %d has a price without evidence", i)
		}
	}
	if again := dictation.Check(d, text); len(again.Lines) != len(d.Lines) || !slices.EqualFunc(again.Lines, d.Lines, sameFigures) {
		t.Errorf("a second reading of the evidence drops figures of %q", text)
	}
}

func sameFigures(a, b feierabend.Line) bool {
	return (a.Quantity == nil) == (b.Quantity == nil) && (a.Price == nil) == (b.Price == nil)
}

// TestWithhold checks the ways people say what must not be written.
func TestWithhold(t *testing.T) {
	for text, words := range map[string][]string{
		"Rechnung an Frau Ahrens. Heute Siphon getauscht, Liste. Und schreib nicht rein, dass der Hund gebissen hat.":          {"Hund", "gebissen"},
		"Rechnung an Frau Ahrens. Heute Siphon getauscht. Bitte nicht erwähnen, dass sie geweint hat.":                         {"geweint"},
		"Rechnung an Frau Ahrens. Heute Siphon getauscht. Das mit der Scheidung schreibst du aber nicht rein.":                 {"Scheidung"},
		"Rechnung an Frau Ahrens. Heute Siphon getauscht. Ihr Mann ist arbeitslos, das bleibt unter uns.":                      {"arbeitslos"},
		"Rechnung an Frau Ahrens. Heute Siphon getauscht. Kein Wort über den Wasserschaden beim Nachbarn.":                     {"Wasserschaden"},
		"Rechnung an Frau Ahrens. Heute Siphon getauscht. Sie trinkt, das muss nicht rein.":                                    {"trinkt"},
		"Rechnung an Frau Ahrens. Heute Siphon getauscht. Bitte nix reinschreiben von dem kaputten Fenster.":                   {"Fenster"},
		"Rechnung an Frau Ahrens. Heute Siphon getauscht. Die Tochter war krank, aber das lass weg.":                           {"krank"},
		"rechnung frau ahrens heute siphon getauscht nach liste anfahrt und schreib nicht rein dass der hund gebissen hat":     {"hund", "gebissen"},
		"Rechnung an Frau Ahrens. Heute Siphon getauscht. Erwähne nicht, dass Herr Ahrens im Gefängnis sitzt. Anfahrt einmal.": {"Gefängnis"},
	} {
		d := draft(t, "shk", text)
		out, err := json.Marshal(feierabend.Draft{Kind: d.Kind, Buyer: d.Buyer, Site: d.Site, Lines: d.Lines, Tasks: d.Tasks, People: d.People})
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if !slices.ContainsFunc(d.Withhold, func(x string) bool { return strings.EqualFold(x, w) }) {
				t.Errorf("%q: %q is not withheld: %q", text, w, d.Withhold)
			}
			if strings.Contains(strings.ToLower(string(out)), strings.ToLower(w)) {
				t.Errorf("%q: %q leaks: %s", text, w, out)
			}
		}
	}
}

// TestNeverInvented holds texts in which a guess would be easy and wrong.
func TestNeverInvented(t *testing.T) {
	for name, c := range map[string]struct {
		profile, text string
		check         func(feierabend.Draft) bool
	}{
		"nothing said": {"shk", "Ähm, hallo, hört man mich? Moment.", func(d feierabend.Draft) bool {
			return d.Kind == feierabend.KindNote && d.Buyer == nil && d.Lines == nil
		}},
		"no name":                 {"shk", "Heute zwei Stunden gearbeitet, Anfahrt.", func(d feierabend.Draft) bool { return slices.Contains(d.Questions, "buyer.name") && d.Buyer == nil }},
		"unknown price":           {"shk", "Rechnung an Herrn Voss. Heute eine Wanne eingebaut, den Preis weiß ich noch nicht.", func(d feierabend.Draft) bool { return len(d.Lines) == 1 && d.Lines[0].Price == nil && d.Totals == nil }},
		"how many is open":        {"shk", "Rechnung an Herrn Voss. Heute Eckventile getauscht.", func(d feierabend.Draft) bool { return len(d.Lines) == 1 && d.Lines[0].Quantity == nil }},
		"area is never one":       {"maler", "Rechnung an Herrn Voss. Heute Wände gestrichen nach Liste.", func(d feierabend.Draft) bool { return len(d.Lines) == 1 && d.Lines[0].Quantity == nil }},
		"postcode is no quantity": {"shk", "Rechnung an Herrn Voss, 25524 Itzehoe. Heute Siphon getauscht.", func(d feierabend.Draft) bool { return len(d.Lines) == 1 && *d.Lines[0].Quantity == feierabend.One }},
		"car model is no price":   {"kfz", "Rechnung an Herrn Voss. Golf sieben. Heute Ölfilter zwölf achtzig.", func(d feierabend.Draft) bool { return len(d.Lines) == 1 }},
		"measure is no quantity":  {"fliesen", "Rechnung an Herrn Voss. Heute Fliesen dreißig mal sechzig, acht Quadratmeter Wandfliesen nach Liste.", func(d feierabend.Draft) bool { return len(d.Lines) == 1 && *d.Lines[0].Quantity == feierabend.Dec(8) }},
		"no travel unless said":   {"shk", "Rechnung an Herrn Voss. Heute zwei Stunden Rohr verlegt.", func(d feierabend.Draft) bool { return len(d.Lines) == 1 && d.Lines[0].Kind == feierabend.LineLabour }},
		"not billed":              {"shk", "Rechnung an Herrn Voss. Heute zwei Stunden, Anfahrt berechnen wir nicht.", func(d feierabend.Draft) bool { return len(d.Lines) == 1 }},
		"doubtful tax": {"shk", "Rechnung an Herrn Voss. Heute zwei Stunden. Ob das nach 13b geht, weiß ich nicht.", func(d feierabend.Draft) bool {
			return slices.Contains(d.Questions, "vat") && d.Totals == nil && d.VATScheme == ""
		}},
		"tax claim against profile": {"shk", "Rechnung an Herrn Voss. Heute zwei Stunden. Ohne Mehrwertsteuer.", func(d feierabend.Draft) bool { return slices.Contains(d.Questions, "vat") && d.VATScheme == "" }},
		"two entries of one name":   {"maler", "Rechnung Lindemann. Heute Decke gestrichen, zehn Quadratmeter.", func(d feierabend.Draft) bool { return d.Buyer.Name == "Lindemann" && d.Buyer.Street == "" }},
		"name spelled otherwise":    {"galabau", "Rechnung Frau Burkhart. Heute Hecke, zehn Meter.", func(d feierabend.Draft) bool { return d.Buyer.Name == "Burkhart" && d.Buyer.Street == "" }},
		"beside the invoice date": {"shk", "Zahlungserinnerung an Herrn Voss, Rechnung vom 3. August über 200 Euro.", func(d feierabend.Draft) bool {
			return d.Supply == nil && d.Totals.Gross.String() == "200.00" && d.Lines == nil
		}},
	} {
		if d := draft(t, c.profile, c.text); !c.check(d) {
			d.Evidence = nil
			b, _ := json.Marshal(d)
			t.Errorf("%s: %s", name, b)
		}
	}
}

// TestDoubtfulWords checks that a figure the recogniser was unsure of is asked.
func TestDoubtfulWords(t *testing.T) {
	text := "Rechnung an Herrn Voss. Heute 2 Stunden, Anfahrt 39 Euro."
	at := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	i := strings.Index(text, "39")
	in := dictation.Input{Text: text, At: at, Profile: profiles(t)["shk"], Words: []feierabend.Word{{From: i, To: i + 2, P: 0.2}}}
	d := dictation.Draft(in)
	if len(d.Lines) != 2 || d.Lines[1].Price != nil || !slices.Contains(d.Questions, "lines[1].price") {
		t.Errorf("lines %v, questions %v", d.Lines, d.Questions)
	}
}

func BenchmarkDraft(b *testing.B) {
	p := profiles(b)
	list := cases(b, "cases-dev.jsonl")
	for b.Loop() {
		for _, c := range list {
			dictation.Draft(dictation.Input{Text: c.Text, At: c.At, Profile: p[c.Profile]})
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(list)), "µs/draft")
}

func FuzzDraft(f *testing.F) {
	p := profiles(f)
	for _, c := range cases(f, "cases-dev.jsonl") {
		f.Add(c.Text, c.Profile)
	}
	f.Add("streich das, nee, §13b 5 % Skonto 3 Tage – 12.05. bis KW 99 um halb", "kfz")
	at := time.Date(2026, 2, 28, 23, 59, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text, profile string) {
		in := dictation.Input{Text: text, At: at, Profile: p[profile]}
		d := dictation.Draft(in)
		checkLaw(t, d, text)
		if next, ok := dictation.Correct(d, in); ok {
			_ = dictation.Questions(next, in.Profile)
		}
		dictation.ReadNumber(text)
		dictation.ReadMoney(text)
		dictation.ReadDate(text, at)
		dictation.ReadAddress(text)
	})
}
