package feierabend

import "time"

// RecognitionOptions are the settings of one speech recognition.
type RecognitionOptions struct {
	Beam int // width of the search; 0 and 1 = greedy
	// Prompt holds names and terms of the tenant, rarest last, without digits
	// (speech.md §6.4). It is content: memory only.
	Prompt []string
	// Longest recording; a longer one is refused with too_long. 0 = 10 minutes.
	Longest time.Duration
	// Progress, if not nil, is called after each window with the text so far.
	Progress func(done, total time.Duration, text string)
}

// Recognition is what a speech engine heard, before the guards of transcription.
// Figures that an engine does not give stay zero; nothing is invented.
type Recognition struct {
	Engine   string // "local"
	Model    string
	Kernels  string        // instruction set of the local engine
	Type     string        // MIME type of the recording, sniffed
	Duration time.Duration // of the recording
	Peak     float32       // highest level, 0…1
	CPU      time.Duration // processor time it took
	Windows  []HeardWindow
}

// LogValue hides the content.
func (r Recognition) LogValue() string { return "recognition" }

// HeardWindow is one stretch of at most 30 seconds, recognised for itself.
type HeardWindow struct {
	Start       time.Duration
	End         time.Duration
	Text        string
	Words       []HeardWord
	P           float32 // geometric mean of the token probabilities
	NoSpeech    float32 // probability that nothing was said
	German      float32 // probability of German among the languages
	Truncated   bool    // ended at the token limit: the rest is missing
	Compression float64 // length of the text by its compressed length; loops are high
}

// LogValue hides the content.
func (w HeardWindow) LogValue() string { return "window" }

// HeardWord is one word with its time in the recording.
type HeardWord struct {
	Text  string
	Start time.Duration
	End   time.Duration
	P     float32 // least of its tokens' probabilities
}
