package transcription_test

import (
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/transcription"
)

// window makes a window of German speech with a word every 0.4 s.
func window(text string, change ...func(*feierabend.HeardWindow)) feierabend.HeardWindow {
	w := feierabend.HeardWindow{Text: text, P: 0.85, NoSpeech: 0.02, German: 0.99, Compression: 1.1}
	for i, t := range strings.Fields(text) {
		at := time.Duration(i) * 400 * time.Millisecond
		w.Words = append(w.Words, feierabend.HeardWord{Text: t, Start: at, End: at + 400*time.Millisecond, P: 0.9})
	}
	w.End = time.Duration(len(w.Words))*400*time.Millisecond + time.Second
	for _, f := range change {
		f(&w)
	}
	return w
}

func recognition(ws ...feierabend.HeardWindow) feierabend.Recognition {
	return feierabend.Recognition{Engine: "local", Model: "base", Duration: 20 * time.Second, Peak: 0.4, Windows: ws}
}

func noSpeech(p float32) func(*feierabend.HeardWindow) {
	return func(w *feierabend.HeardWindow) { w.NoSpeech = p }
}

func codes(t feierabend.Transcript) string {
	var list []string
	for _, m := range t.Marks {
		list = append(list, m.Code)
	}
	return strings.Join(list, " ")
}

func TestJudge(t *testing.T) {
	english := func(w *feierabend.HeardWindow) { w.German = 0.01 }
	for _, tc := range []struct {
		name   string
		r      feierabend.Recognition
		prompt []string
		text   string
		reason string
		marks  string
	}{
		{name: "a good note", r: recognition(window("Rechnung für Frau Petersen im Lindenweg.")), text: "Rechnung für Frau Petersen im Lindenweg."},
		{name: "two windows", r: recognition(window("Guten Abend."), window("Die Fuge ist neu.")), text: "Guten Abend. Die Fuge ist neu."},
		{name: "too short", r: feierabend.Recognition{Duration: 400 * time.Millisecond, Peak: 0.5, Windows: []feierabend.HeardWindow{window("Ja.")}}, reason: "no_speech"},
		{name: "too quiet", r: feierabend.Recognition{Duration: 9 * time.Second, Peak: 0.001, Windows: []feierabend.HeardWindow{window("Ja.")}}, reason: "no_speech"},
		{name: "nothing heard", r: recognition(), reason: "no_speech"},
		{name: "noise", r: recognition(window("* Musik *", noSpeech(0.85))), reason: "no_speech"},
		{name: "noise in the second window", r: recognition(window("Die Fuge ist neu."), window("Und so weiter.", noSpeech(0.9))), text: "Die Fuge ist neu."},
		{name: "credits over silence", r: recognition(window("Untertitel im Auftrag des ZDF für funk, 2017")), reason: "no_speech", marks: "invented"},
		{name: "credits after speech", r: recognition(window("Die Fuge ist neu. Untertitel der Amara.org-Community")), text: "Die Fuge ist neu.", marks: "invented"},
		{name: "credits as part of a sentence stay", r: recognition(window("Der Kunde schaut Untertitelung des ZDF an.")), text: "Der Kunde schaut Untertitelung des ZDF an."},
		{name: "brackets", r: recognition(window("[Stimmengewirr]")), reason: "no_speech", marks: "invented"},
		{name: "thanks at the end stay", r: recognition(window("Die Fuge ist neu. Vielen Dank.")), text: "Die Fuge ist neu. Vielen Dank."},
		{name: "thanks alone", r: recognition(window("Vielen Dank.")), reason: "no_speech", marks: "invented"},
		{name: "thanks again and again", r: recognition(window("Vielen Dank. Die Fuge ist neu. Vielen Dank.")), text: "Die Fuge ist neu.", marks: "invented invented"},
		{name: "English by the figure", r: recognition(window("Das ist ein sehr guter Tag für uns alle hier.", english)), text: "Das ist ein sehr guter Tag für uns alle hier.", reason: "not_german"},
		{name: "too short to tell a language", r: recognition(window("Okay, passt so.", english)), text: "Okay, passt so."},
		{name: "English without a figure", r: recognition(window("We replaced the kitchen tap and the water filter at his house in Bristol yesterday afternoon", func(w *feierabend.HeardWindow) { w.German = 0 })), text: "We replaced the kitchen tap and the water filter at his house in Bristol yesterday afternoon", reason: "not_german"},
		{name: "telegram style", r: recognition(window("Rechnung Pflegedienst Lindenrast Sankt Laurentius Weg Nürnberg Fahrzeug Bremsbeläge hinten Einsatz Kühlflüssigkeit Hol Bringservice zahlbar")), text: "Rechnung Pflegedienst Lindenrast Sankt Laurentius Weg Nürnberg Fahrzeug Bremsbeläge hinten Einsatz Kühlflüssigkeit Hol Bringservice zahlbar"},
		{name: "a loop", r: recognition(window(strings.Repeat("und dann noch einmal ", 5))), text: strings.TrimSpace(strings.Repeat("und dann noch einmal ", 5)), marks: "loop"},
		{name: "a loop by compression", r: recognition(window("So geht das nicht weiter hier.", func(w *feierabend.HeardWindow) { w.Compression = 3 })), text: "So geht das nicht weiter hier.", marks: "loop"},
		{name: "cut off", r: recognition(window("Die Fuge ist…")), text: "Die Fuge ist…", marks: "cut"},
		{name: "cut at the limit", r: recognition(window("Die Fuge ist neu.", func(w *feierabend.HeardWindow) { w.Truncated = true })), text: "Die Fuge ist neu.", marks: "cut"},
		{name: "unsure window", r: recognition(window("Die Fuge ist neu.", func(w *feierabend.HeardWindow) { w.P = 0.4 })), text: "Die Fuge ist neu.", marks: "doubtful"},
		{name: "too few words", r: recognition(window("Die Fuge.", func(w *feierabend.HeardWindow) { w.End = 25 * time.Second })), text: "Die Fuge.", marks: "rate"},
		{name: "too fast", r: recognition(window("Unverhältnismäßigkeitserklärung Oberflächenbeschichtungsanlage Wärmedämmverbundsystem Gebäudeenergieberatung")), text: "Unverhältnismäßigkeitserklärung Oberflächenbeschichtungsanlage Wärmedämmverbundsystem Gebäudeenergieberatung", marks: "rate"},
		{name: "echo of the prompt", r: recognition(window("Siphon, Eckventil, Anfahrt und Kupferrohr.", noSpeech(0.5))), prompt: []string{"Siphon", "Eckventil", "Anfahrt", "und Kupferrohr"}, reason: "no_speech", marks: "echo"},
		{name: "the same words spoken", r: recognition(window("Siphon, Eckventil, Anfahrt und Kupferrohr.")), prompt: []string{"Siphon", "Eckventil", "Anfahrt", "und Kupferrohr"}, text: "Siphon, Eckventil, Anfahrt und Kupferrohr."},
	} {
		got, reason := transcription.Judge(tc.r, tc.prompt)
		if got.Text != tc.text || reason != tc.reason || codes(got) != tc.marks {
			t.Errorf("%s: %q %q marks %q, want %q %q %q", tc.name, got.Text, reason, codes(got), tc.text, tc.reason, tc.marks)
		}
	}
}

// TestPlaces: every segment, word and mark points at its characters and its time.
func TestPlaces(t *testing.T) {
	a := window("Größe: 12 Meter. Danach z. B. am 14. März geprüft!")
	a.Words[1].P, a.Words[0].P = 0.7, 0.7
	b := window("Fünfzig Euro", func(w *feierabend.HeardWindow) {
		for i := range w.Words {
			w.Words[i].Start += 10 * time.Second
			w.Words[i].End += 10 * time.Second
		}
		w.Words[0].P, w.Words[1].P = 0.75, 0.45
		w.Words[1].End += 8 * time.Second // the pause after it
	})
	got, reason := transcription.Judge(recognition(a, b), nil)
	if reason != "" {
		t.Fatal(reason)
	}
	runes := []rune(got.Text)
	var segments, words, doubts []string
	for _, s := range got.Segments {
		segments = append(segments, string(runes[s.From:s.To]))
	}
	for _, w := range got.Words {
		words = append(words, string(runes[w.From:w.To]))
	}
	for _, m := range got.Marks {
		doubts = append(doubts, m.Code+":"+string(runes[m.From:m.To]))
	}
	if s := strings.Join(segments, "|"); s != "Größe: 12 Meter.|Danach z. B. am 14. März geprüft!|Fünfzig Euro" {
		t.Errorf("segments %s", s)
	}
	if s := strings.Join(words, "|"); s != "Größe:|12|Meter.|Danach|z.|B.|am|14.|März|geprüft!|Fünfzig|Euro" {
		t.Errorf("words %s", s)
	}
	if s := strings.Join(doubts, "|"); s != "doubtful:12|doubtful:Fünfzig|doubtful:Euro" {
		t.Errorf("marks %s", s)
	}
	if got.Segments[2].Start != 10*time.Second || got.Segments[1].Start != 1200*time.Millisecond {
		t.Errorf("times %+v", got.Segments)
	}
	if end := got.Words[11].End; end > 12*time.Second {
		t.Errorf("a word takes the pause after it: ends at %v", end)
	}
	if start, _, ok := got.TimeOf(got.Words[10].From, got.Words[10].To); !ok || start != 10*time.Second {
		t.Errorf("time of a word: %v %v", start, ok)
	}
}

// TestNumbersAreMarked: whatever carries a number is asked for below 0.8.
func TestNumbersAreMarked(t *testing.T) {
	for word, want := range map[string]bool{"12": true, "1.250": true, "zwölf": true, "achtundvierzig": true, "Anderthalb": true, "zweihundertfünfzig": true, "Petersen": false, "Wacht": false, "Einsatz": false, "dreieinhalb,": true} {
		w := window("Es waren "+word+" dort.", func(w *feierabend.HeardWindow) { w.Words[2].P = 0.7 })
		got, _ := transcription.Judge(recognition(w), nil)
		if (codes(got) != "") != want {
			t.Errorf("%s: marked %v, want %v", word, codes(got) != "", want)
		}
	}
}

func FuzzJudge(f *testing.F) {
	f.Add("Rechnung für Frau Petersen. 12 Meter…", "Petersen")
	f.Add("* Musik *", "")
	f.Add("\xff\xfe. . .", "ä")
	f.Fuzz(func(t *testing.T, text, prompt string) {
		got, _ := transcription.Judge(recognition(window(strings.ToValidUTF8(text, "?"))), []string{prompt})
		n := len([]rune(got.Text))
		for _, w := range got.Words {
			if w.From < 0 || w.To > n || w.From > w.To {
				t.Errorf("word at %d–%d of %d", w.From, w.To, n)
			}
		}
		for _, m := range got.Marks {
			if m.From < 0 || m.To > n || m.From > m.To {
				t.Errorf("mark at %d–%d of %d", m.From, m.To, n)
			}
		}
	})
}
