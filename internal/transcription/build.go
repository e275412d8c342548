package transcription

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"feierabend"
)

// sentence is a piece of a window's text with the words in it.
type sentence struct {
	text  string
	words []feierabend.HeardWord
	// at holds the byte offset of each word in text.
	at []int
}

// sentences cuts a window at sentence ends and gives each its words. A stop after
// a digit ("14. März", "1.250") ends nothing.
func sentences(w feierabend.HeardWindow) []sentence {
	text := strings.TrimSpace(w.Text)
	words, at := locate(text, w.Words)
	var list []sentence
	from, next := 0, 0
	for _, to := range ends(text) {
		s := sentence{text: strings.TrimSpace(text[from:to])}
		shift := from + len(text[from:to]) - len(strings.TrimLeftFunc(text[from:to], unicode.IsSpace))
		for next < len(words) && at[next] < to {
			s.words = append(s.words, words[next])
			s.at = append(s.at, at[next]-shift)
			next++
		}
		if s.text != "" {
			list = append(list, s)
		}
		from = to
	}
	return list
}

// ends gives the byte offsets after each sentence of text; the last is its length.
func ends(text string) []int {
	var list []int
	runes := []rune(text)
	off := 0
	for i, r := range runes {
		off += utf8.RuneLen(r)
		if !strings.ContainsRune(".!?…", r) || i+1 >= len(runes) || runes[i+1] != ' ' {
			continue
		}
		if r == '.' && i > 0 && (unicode.IsDigit(runes[i-1]) || abbreviated(runes[:i])) {
			continue
		}
		list = append(list, off)
	}
	return append(list, len(text))
}

// abbreviated says that the word before a stop is short enough to be one:
// "z. B.", "Nr.", "Str.".
func abbreviated(before []rune) bool {
	n := 0
	for i := len(before) - 1; i >= 0 && unicode.IsLetter(before[i]); i-- {
		n++
	}
	return n <= 1
}

// locate finds the words of a recogniser in its text, in order. Words that are not
// found are left out rather than guessed.
func locate(text string, words []feierabend.HeardWord) ([]feierabend.HeardWord, []int) {
	var found []feierabend.HeardWord
	var at []int
	cursor := 0
	for _, w := range words {
		t := strings.TrimSpace(w.Text)
		i := strings.Index(text[cursor:], t)
		if t == "" || i < 0 || i > 40 {
			continue
		}
		w.Text = t
		found, at = append(found, w), append(at, cursor+i)
		cursor += i + len(t)
	}
	return found, at
}

// builder joins windows to a transcript and keeps the rune offsets.
type builder struct {
	t     feierabend.Transcript
	runes int
}

// window adds what is to be kept of a window.
func (b *builder) window(w feierabend.HeardWindow, prompt []string, dropThanks bool) {
	start := -1
	var last feierabend.Segment
	list := sentences(w)
	for i, s := range list {
		switch {
		case invented(s.text), dropThanks && isThanks(s.text):
			b.mark(markInvented, b.runes, b.runes)
			continue
		case echoes(s.text, prompt, w.NoSpeech):
			b.mark(markEcho, b.runes, b.runes)
			continue
		}
		last = b.sentence(s, w, len(list) == 1)
		if start < 0 {
			start = last.From
		}
		if i == len(list)-1 && endsCut(w) {
			b.mark(markCut, last.From, last.To)
		}
	}
	if start < 0 {
		return
	}
	if suspicious(w) {
		b.mark(markLoop, start, b.runes)
	}
	if oddRate(w) {
		b.mark(markRate, start, b.runes)
	}
	if w.P > 0 && w.P < doubtfulWindow {
		b.mark(markDoubtful, start, b.runes)
	}
}

// sentence adds one sentence with its words and gives its segment.
func (b *builder) sentence(s sentence, w feierabend.HeardWindow, only bool) feierabend.Segment {
	if b.runes > 0 {
		b.t.Text += " "
		b.runes++
	}
	from := b.runes
	b.t.Text += s.text
	b.runes += utf8.RuneCountInString(s.text)
	seg := feierabend.Segment{From: from, To: b.runes, Start: w.Start, End: w.End, P: w.P, NoSpeech: w.NoSpeech}
	for i, h := range s.words {
		at := from + utf8.RuneCountInString(s.text[:s.at[i]])
		word := feierabend.Word{From: at, To: at + utf8.RuneCountInString(h.Text), Start: h.Start, End: clipped(h), P: h.P}
		b.t.Words = append(b.t.Words, word)
		if h.P > 0 && (h.P < doubtfulWord || h.P < doubtfulNumber && carriesNumber(h.Text)) {
			b.mark(markDoubtful, word.From, word.To)
		}
	}
	if n := len(s.words); n > 0 && s.words[n-1].End > 0 {
		seg.Start, seg.End = s.words[0].Start, clipped(s.words[n-1])
	}
	if !only {
		seg.P = mean(s.words, w.P)
	}
	b.t.Segments = append(b.t.Segments, seg)
	return seg
}

func (b *builder) mark(code string, from, to int) {
	b.t.Marks = append(b.t.Marks, feierabend.Mark{Code: code, From: from, To: to})
}

// clipped ends a word before the pause that the alignment gives to it: at most
// 0.15 s a letter, half a second a digit, since digits are spoken as words
// (speech.md §7, start values).
func clipped(w feierabend.HeardWord) time.Duration {
	if w.End == 0 {
		return 0
	}
	most := 150 * time.Millisecond
	for _, r := range w.Text {
		switch {
		case unicode.IsDigit(r):
			most += 500 * time.Millisecond
		case unicode.IsLetter(r):
			most += 150 * time.Millisecond
		case strings.ContainsRune("€%²³", r):
			most += 600 * time.Millisecond
		}
	}
	return min(w.End, w.Start+most)
}
