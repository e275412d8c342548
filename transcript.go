package feierabend

import "time"

// Transcript is what was said, as a recogniser wrote it.
type Transcript struct {
	Text     string        `json:"text"`
	Segments []Segment     `json:"segments,omitempty"`
	Words    []Word        `json:"words,omitempty"`
	Engine   string        `json:"engine,omitempty"` // "local", "openai", "text" for typed messages
	Model    string        `json:"model,omitempty"`
	Duration time.Duration `json:"duration,omitempty"` // of the audio
	Marks    []Mark        `json:"marks,omitempty"`    // what the guards found
}

// LogValue hides the content.
func (t Transcript) LogValue() string { return "transcript" }

// Segment is a window or sentence: rune range in Text and its time.
type Segment struct {
	From     int           `json:"from"` // rune offset in Text
	To       int           `json:"to"`   // exclusive
	Start    time.Duration `json:"start"`
	End      time.Duration `json:"end"`
	P        float32       `json:"p"`         // geometric mean of the token probabilities, 0…1, 0 = not given
	NoSpeech float32       `json:"no_speech"` // probability that nothing was said
}

// Word is one word: rune range in Text, time and probability. Engines that give
// no times leave Start and End zero; nothing is invented.
type Word struct {
	From  int           `json:"from"`
	To    int           `json:"to"`
	Start time.Duration `json:"start"`
	End   time.Duration `json:"end"`
	P     float32       `json:"p"` // least of its tokens' probabilities, 0 = not given
}

// Mark is a guard's finding about a part of the transcript (speech.md §6.3).
type Mark struct {
	Code string `json:"code"` // "loop", "rate", "doubtful", "cut", "echo", "invented"
	From int    `json:"from"`
	To   int    `json:"to"`
}

// TimeOf gives the time of the words that overlap the rune range [from,to), and
// false where the transcript has no times there.
func (t Transcript) TimeOf(from, to int) (start, end time.Duration, ok bool) {
	for _, w := range t.Words {
		if w.To <= from || w.From >= to || w.End == 0 {
			continue
		}
		if !ok || w.Start < start {
			start = w.Start
		}
		if w.End > end {
			end = w.End
		}
		ok = true
	}
	return start, end, ok
}
