package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"feierabend"
)

// words is one message as text: around the tapped value the sentence is near,
// the rest is far (folded away on the phone).
type words struct {
	ID                             string // message
	Label                          string // "Sprachnachricht, 0:38"
	Far1, Near1, Mark, Near2, Far2 string
	Clip                           *clipLink
	Wave                           string // path of one bar per word, in a box of 1000 × 32
	NowX, NowW                     int    // the tapped passage in that box
	Length                         int64  // of the recording in milliseconds, 0 = unknown
}

// clipLink plays a passage: GET /m/{message}/clip.
type clipLink struct {
	URL, Label, Position string
}

// maxClip is the longest passage that is played at once (day-one decision 12).
const maxClip = 15 * time.Second

// words shows all transcripts of the case, the selected evidence marked.
func (l loaded) words(ev *feierabend.Evidence) []words {
	var out []words
	for _, m := range l.messages {
		t, ok := l.transcripts[m.ID]
		if !ok || t.Text == "" {
			continue
		}
		w := words{ID: string(m.ID), Label: "Textnachricht"}
		if m.Kind == feierabend.InboundAudio {
			w.Label = "Sprachnachricht"
		}
		if m.Customer {
			w.Label = "Vom Kunden: " + w.Label
		}
		if m.Forwarded {
			w.Label = "Weitergeleitet vom Kunden: " + w.Label
		}
		from, to := 0, 0
		if ev != nil && ev.Message == m.ID {
			from, to = ev.From, ev.To
		}
		w.cut([]rune(t.Text), from, to)
		if m.Kind == feierabend.InboundAudio {
			w.sound(m, t, from, to)
		}
		out = append(out, w)
	}
	return out
}

// cut splits the text around the rune range; an empty range shows the beginning.
func (w *words) cut(text []rune, from, to int) {
	if from < 0 || to > len(text) || from >= to {
		end := sentenceEnd(text, min(len(text), 120))
		w.Near1, w.Far2 = string(text[:end]), string(text[end:])
		return
	}
	a, b := sentenceStart(text, from), sentenceEnd(text, to)
	w.Far1, w.Near1, w.Mark = string(text[:a]), string(text[a:from]), string(text[from:to])
	w.Near2, w.Far2 = string(text[to:b]), string(text[b:])
}

// nearby is how far the sentence reaches on both sides at most: a phone's screen.
const nearby = 160

// ends says whether a sentence ends before i: after a point that a blank follows,
// so that "25.541" stays whole.
func ends(text []rune, i int) bool {
	if i <= 0 || i >= len(text) {
		return true
	}
	return text[i-1] == '\n' || strings.ContainsRune(".!?", text[i-1]) && unicode.IsSpace(text[i])
}

func sentenceStart(text []rune, i int) int {
	for n := 0; n < nearby && !ends(text, i); n++ {
		i--
	}
	for !ends(text, i) && !unicode.IsSpace(text[i-1]) {
		i--
	}
	return i
}

func sentenceEnd(text []rune, i int) int {
	for n := 0; n < nearby && !ends(text, i); n++ {
		i++
	}
	for i < len(text) && !ends(text, i) && !unicode.IsSpace(text[i]) {
		i++
	}
	return i
}

// sound adds player and word line where the recording can be played.
func (w *words) sound(m feierabend.Message, t feierabend.Transcript, from, to int) {
	length := t.Duration
	if length == 0 {
		length = m.Audio.Duration
	}
	if m.Audio.Bytes == 0 && length == 0 {
		return
	}
	if length > 0 {
		w.Label += ", " + minuteSecond(length)
	}
	w.Length = length.Milliseconds()
	start, end := passage(t, from, to, length)
	w.Clip = &clipLink{URL: clipURL(m.ID, start, end), Label: minuteSecond(start) + " bis " + minuteSecond(end), Position: minuteSecond(start)}
	if length > 0 {
		w.Clip.Position += " / " + minuteSecond(length)
		w.NowX, w.NowW = int(start*1000/length), max(4, int((end-start)*1000/length))
		if from >= to {
			w.NowX, w.NowW = 0, 0
		}
	}
	w.Wave = wave(t, length)
}

// passage is the time of a rune range with a little air around it; an empty range
// or one without times is the beginning.
func passage(t feierabend.Transcript, from, to int, length time.Duration) (start, end time.Duration) {
	const before, after = 300 * time.Millisecond, 500 * time.Millisecond
	a, b, ok := t.TimeOf(from, to)
	if !ok || from >= to {
		end = maxClip
	} else {
		start, end = max(0, a-before), b+after
	}
	if length > 0 {
		end = min(end, length)
	}
	return start, min(end, start+maxClip)
}

func clipURL(m feierabend.MessageID, from, to time.Duration) string {
	return fmt.Sprintf("/m/%s/clip?von=%d&bis=%d", m, from.Milliseconds(), to.Milliseconds())
}

// wave draws one bar per word at its time, as high as the word is long: where
// something was said, not how loud.
func wave(t feierabend.Transcript, length time.Duration) string {
	if length <= 0 {
		return ""
	}
	var b strings.Builder
	for _, w := range t.Words {
		if w.End == 0 {
			continue
		}
		x := int((w.Start + w.End) / 2 * 1000 / length)
		h := min(28, 3+2*(w.To-w.From))
		b.WriteString("M" + strconv.Itoa(min(998, x)) + " " + strconv.Itoa(16-h/2) + "v" + strconv.Itoa(h))
	}
	return b.String()
}
