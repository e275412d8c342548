package transcription

import (
	"strings"
	"time"
	"unicode"

	"feierabend"
)

// Thresholds of the guards (speech.md §6.2, §6.3, §6.5). Only the no-speech gate
// is measured; the others are start values.
const (
	leastLength = 500 * time.Millisecond
	leastPeak   = 0.00316 // −50 dBFS

	noSpeechGate = 0.6 // measured: silence and noise 0.79–0.94, speech under 0.28
	echoNoSpeech = 0.3 // an echo of the prompt is dropped above it
	echoRun      = 4   // words

	loopGram        = 4   // words
	loopRepeats     = 3   // more often than this
	longestWord     = 60  // letters; "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung" has 67 and is never said
	loopCompression = 2.4 // of the text by zlib

	fastLetters  = 25.0 // per second of speech
	fastWords    = 6.0
	slowWords    = 0.5
	slowLength   = 5 * time.Second
	slowNoSpeech = 0.3

	doubtfulWindow = 0.6 // geometric mean of the token probabilities
	doubtfulWord   = 0.5
	doubtfulNumber = 0.8

	// Probability of German, weighted by length. Measured: people 0.92 and more,
	// robotic synthetic German 0.63 and more, five other languages 0.03 and less.
	leastGerman   = 0.3
	sureGerman    = 0.5 // below it the text must have German function words too
	judgeableFrom = 5   // words; a shorter answer is too short to tell a language
	functionFrom  = 13  // words, from which function words are counted
	leastFunction = 0.12
)

// The codes of marks.
const (
	markLoop     = "loop"
	markRate     = "rate"
	markDoubtful = "doubtful"
	markCut      = "cut"
	markEcho     = "echo"
	markInvented = "invented"
)

// Judge turns what an engine heard into a transcript, or into the reason why there
// is none: ReasonNoSpeech, ReasonNotGerman, or "" for a good one. The transcript
// is filled as far as it goes in either case. prompt holds the terms that the
// engine was given.
func Judge(r feierabend.Recognition, prompt []string) (feierabend.Transcript, string) {
	b := builder{t: feierabend.Transcript{Engine: r.Engine, Model: r.Model, Duration: r.Duration}}
	if r.Duration < leastLength || r.Peak < leastPeak {
		return b.t, feierabend.ReasonNoSpeech
	}
	var heard []feierabend.HeardWindow
	for _, w := range r.Windows {
		if strings.TrimSpace(w.Text) != "" && w.NoSpeech <= noSpeechGate {
			heard = append(heard, w)
		}
	}
	alone := 0 // sentences that are nothing but thanks
	total := 0
	for _, w := range heard {
		for _, s := range sentences(w) {
			total++
			if isThanks(s.text) {
				alone++
			}
		}
	}
	for _, w := range heard {
		b.window(w, prompt, alone > 1 || alone == total)
	}
	switch {
	case b.t.Text == "":
		return b.t, feierabend.ReasonNoSpeech
	case !german(heard, b.t.Text):
		return b.t, feierabend.ReasonNotGerman
	}
	return b.t, ""
}

// suspicious says that a window loops and is worth a second decoding.
func suspicious(w feierabend.HeardWindow) bool {
	if w.NoSpeech > noSpeechGate {
		return false
	}
	return w.Compression > loopCompression || loops(w.Text)
}

// loops finds the same four words in a row more than three times, or a word that
// no language has.
func loops(text string) bool {
	words := plain(text)
	for _, w := range words {
		if len([]rune(w)) > longestWord {
			return true
		}
	}
	seen := map[string]int{}
	for i := 0; i+loopGram <= len(words); i++ {
		gram := strings.Join(words[i:i+loopGram], " ")
		if seen[gram]++; seen[gram] > loopRepeats {
			return true
		}
	}
	return false
}

// oddRate says that text and time do not go together.
func oddRate(w feierabend.HeardWindow) bool {
	words := strings.Fields(w.Text)
	span := spoken(w).Seconds()
	if span <= 0 {
		return false
	}
	letters := float64(len([]rune(w.Text)))
	// Below a second the times of words are too coarse to judge by.
	if span >= 1 && (letters/span > fastLetters || float64(len(words))/span > fastWords) {
		return true
	}
	window := (w.End - w.Start)
	return window > slowLength && float64(len(words))/window.Seconds() < slowWords && w.NoSpeech < slowNoSpeech
}

// spoken is the time from the first word to the last, or the window's where the
// engine gives no times.
func spoken(w feierabend.HeardWindow) time.Duration {
	if n := len(w.Words); n > 0 && w.Words[n-1].End > 0 {
		return w.Words[n-1].End - w.Words[0].Start
	}
	return w.End - w.Start
}

// endsCut says that the second half may be missing.
func endsCut(w feierabend.HeardWindow) bool {
	text := strings.TrimSpace(w.Text)
	return w.Truncated || strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...")
}

// echoes says that a sentence repeats the prompt: one of its terms as a whole, or
// four words of it in a row.
func echoes(sentence string, prompt []string, noSpeech float32) bool {
	if noSpeech <= echoNoSpeech || len(prompt) == 0 {
		return false
	}
	words := plain(sentence)
	if len(words) == 0 {
		return false
	}
	joined := strings.Join(words, " ")
	for _, p := range prompt {
		if strings.Join(plain(p), " ") == joined {
			return true
		}
	}
	all := " " + strings.Join(plain(strings.Join(prompt, " ")), " ") + " "
	for i := 0; i+echoRun <= len(words); i++ {
		if strings.Contains(all, " "+strings.Join(words[i:i+echoRun], " ")+" ") {
			return true
		}
	}
	return false
}

// plain gives the words of a text in lower case without punctuation.
func plain(text string) []string {
	return strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r):
			return unicode.ToLower(r)
		case unicode.IsSpace(r), strings.ContainsRune("-–—/", r):
			return ' '
		}
		return -1
	}, text))
}
