package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"feierabend"
)

// weekBuyers are names by firm: what one firm's people say must never be seen by another's.
var weekBuyers = [3][]string{
	{"Ahrensmann", "Ahrensen", "Ahrenskamp", "Ahrenshof", "Ahrensberg", "Ahrensfeld", "Ahrenshorst", "Ahrensbek"},
	{"Brandtmann", "Brandtsen", "Brandtkamp", "Brandthof", "Brandtberg", "Brandtfeld", "Brandthorst", "Brandtbek"},
	{"Carstmann", "Carstsen", "Carstkamp", "Carsthof", "Carstberg", "Carstfeld", "Carsthorst", "Carstbek"},
}

// weekStranger is a number that belongs to no firm.
const weekStranger = "+4915900000077"

func weekProfile(t *testing.T, n int) (p feierabend.Profile) {
	b, err := demoFiles.ReadFile([]string{"demo/deichgruen.json", "demo/nordlicht.json", "demo/nordlicht.json"}[n])
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.Seller.Email = fmt.Sprintf("buero%d@week.example", n)
	return p
}

// live is the week: seven days of people, with a look at the promises after each,
// and then rest.
func (w *week) live() {
	for day := range 7 {
		for n := range 4 { // sections of six hours
			w.section()
			end := time.Duration(day)*24*time.Hour + time.Duration(n+1)*6*time.Hour
			for range w.random.IntN(7) {
				pause := time.Duration(w.random.IntN(int(time.Hour/time.Second))) * time.Second
				if w.quarter() { // while the last one is still being worked
					pause = time.Duration(w.random.IntN(30)) * time.Second
				}
				if w.up+pause >= end {
					break
				}
				w.advance(w.up + pause)
				w.act()
			}
			w.advance(end)
		}
		w.model.day()
	}
	w.calm()
	w.rest()
	w.model.end()
}

// rest waits until nothing is on its way any more, at most two days.
func (w *week) rest() {
	var why string
	for range 96 {
		if why = w.model.busy(); why == "" {
			return
		}
		w.advance(w.up + 30*time.Minute)
	}
	w.broken("no rest after two quiet days: %s", why)
}

// act is one thing that somebody does.
func (w *week) act() {
	f := w.firms[w.random.IntN(len(w.firms))]
	switch n := w.random.IntN(100); {
	case n < 22:
		w.say(f.phone, text(w.dictation(f)))
	case n < 28:
		w.speak(f)
	case n < 36:
		w.say(f.phone, text(w.pick("Nein, es waren fünf Stunden.", "Noch eine Stunde dazu.", "Die Anfahrt weglassen.", "Zahlbar in zehn Tagen.")))
	case n < 64:
		w.press(f)
	case n < 70:
		w.say(f.phone, text(w.pick("Passt so", "Ausstellen", "Gespeichert", "Noch nicht", "Ja, löschen", "Ändern")))
	case n < 75:
		w.say(f.phone, text(w.pick("Hilfe", "Status", "Löschen", "Danke", "Mensch")))
	case n < 78:
		w.say(weekStranger, text("Guten Tag, hier ist "+f.buyers[0]))
	case n < 80:
		w.say(f.phone, map[string]any{"type": "image", "image": map[string]any{"id": "1"}})
	case n < 86 && !f.agreed:
		w.agree(f)
	default:
		w.browse(f)
	}
}

func text(body string) map[string]any {
	return map[string]any{"type": "text", "text": map[string]any{"body": body}}
}

func (w *week) pick(all ...string) string { return all[w.random.IntN(len(all))] }

// dictation is a note with a buyer of this firm, whole or with something missing.
func (w *week) dictation(f *weekFirm) string {
	who := w.pick(f.buyers...)
	where := fmt.Sprintf("Lindenweg %d, 25524 Itzehoe", 1+w.random.IntN(90))
	hours := 1 + w.random.IntN(8)
	whole := fmt.Sprintf("Rechnung für Frau %s, %s. Heute %d Stunden gearbeitet und Anfahrt.", who, where, hours)
	return w.pick(
		whole, whole,
		fmt.Sprintf("Rechnung für Herrn %s, %s. Heute %d Stunden gearbeitet.", who, where, hours),
		fmt.Sprintf("Rechnung für Herrn %s. %d Stunden gearbeitet und Anfahrt.", who, hours),
		fmt.Sprintf("Notiz: Frau %s ruft morgen an.", who),
	)
}

// speak is a voice note whose words the script knows.
func (w *week) speak(f *weekFirm) {
	words := w.dictation(f)
	b := recording(words)
	sum := sha256.Sum256(b)
	w.chat.said[hex.EncodeToString(sum[:])] = words
	id := w.chat.next("77")
	w.chat.media[id] = b
	w.say(f.phone, map[string]any{"type": "audio", "audio": map[string]any{"id": id, "mime_type": "audio/ogg; codecs=opus", "voice": true}})
}

// recording is three seconds of PCM, the first of which hold the words, so that no
// two are alike.
func recording(words string) []byte {
	const n = 3 * 8000 * 2
	b := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, 36+n)...)
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint32(b, 1|1<<16)
	b = binary.LittleEndian.AppendUint32(b, 8000)
	b = binary.LittleEndian.AppendUint32(b, 16000)
	b = binary.LittleEndian.AppendUint32(b, 2|16<<16)
	b = binary.LittleEndian.AppendUint32(append(b, "data"...), n)
	sound := make([]byte, n)
	copy(sound, words)
	return append(b, sound...)
}

// heardAs is what a good recogniser makes of words.
func heardAs(words string) feierabend.Recognition {
	win := feierabend.HeardWindow{Text: words, P: 0.96, NoSpeech: 0.01, German: 0.99, Compression: 1.3, End: 3 * time.Second}
	all := strings.Fields(words)
	each := 3 * time.Second / time.Duration(len(all))
	for i, s := range all {
		win.Words = append(win.Words, feierabend.HeardWord{Text: s, Start: time.Duration(i) * each, End: time.Duration(i+1) * each, P: 0.95})
	}
	return feierabend.Recognition{Engine: "local", Model: "script", Type: "audio/wav", Duration: 3 * time.Second, Peak: 0.5, Windows: []feierabend.HeardWindow{win}}
}

// press taps a button: mostly of one of the newest messages, sometimes of an old one,
// sometimes the same again.
func (w *week) press(f *weekFirm) {
	all := w.chat.phones[f.phone]
	var with []weekBubble
	for _, b := range all {
		if len(b.buttons) > 0 {
			with = append(with, b)
		}
	}
	if len(with) == 0 {
		return
	}
	if len(with) > 4 && w.random.IntN(4) > 0 {
		with = with[len(with)-4:]
	}
	b := with[w.random.IntN(len(with))]
	id := b.buttons[0]
	if w.random.IntN(3) == 0 {
		id = w.pick(b.buttons...)
	}
	w.note("press %s", id)
	w.say(f.phone, map[string]any{
		"type": "interactive", "context": map[string]any{"id": b.wamid},
		"interactive": map[string]any{"type": "button_reply", "button_reply": map[string]any{"id": id, "title": "x"}},
	})
}
