package whisper

// Model is a loaded Whisper model: weights, vocabulary and mel filters. It is
// read-only after Load and safe for any number of concurrent sessions.
type Model struct {
	shape   header
	bytes   int64
	threads int
	kern    isa
	ids     special
	vocab   vocabulary
	front   frontEnd

	conv1, conv2 linear
	audioPos     []float32 // [audio context][width]
	encoder      []block
	encoderNorm  norm

	embedding   linear    // also the output weights
	textPos     []float32 // [text context][width]
	decoder     []block
	decoderNorm norm
}

// block is a layer of the encoder or, with cross attention, of the decoder.
type block struct {
	selfNorm, crossNorm, mlpNorm norm
	self, cross                  attention
	mlpIn, mlpOut                linear
}

// attention holds the four projections of a multi-head attention; keys have no bias.
type attention struct{ query, key, value, out linear }

// Info tells what a model file holds.
type Info struct {
	Name   string // guessed from the sizes: "tiny", "base", "small", "medium", "large", "turbo" or "unknown"
	Vocab  int    // number of tokens: 51865, or 51866 for large-v3
	Width  int    // of a layer
	Layers int    // of the encoder
	Bytes  int64  // of the file
}

// Info tells what the model file holds.
func (m *Model) Info() Info {
	h := m.shape
	return Info{Name: h.name(), Vocab: h.vocab, Width: h.width, Layers: h.audioLayers, Bytes: m.bytes}
}

func (h header) name() string {
	switch [3]int{h.width, h.audioLayers, h.textLayers} {
	case [3]int{384, 4, 4}:
		return "tiny"
	case [3]int{512, 6, 6}:
		return "base"
	case [3]int{768, 12, 12}:
		return "small"
	case [3]int{1024, 24, 24}:
		return "medium"
	case [3]int{1280, 32, 32}:
		return "large"
	case [3]int{1280, 32, 4}:
		return "turbo"
	}
	return "unknown"
}

// special holds the ids of the tokens that are not text (speech.md §9.2). With
// 100 languages (large-v3) all ids from translate on are one higher.
type special struct {
	end, start   int // <|endoftext|> = number of text tokens, <|startoftranscript|>
	language     int // first of the languages
	german       int
	translate    int // first id after the languages
	transcribe   int
	previous     int // <|startofprev|>, before a prompt
	noSpeech     int
	noTimestamps int
}

func newSpecial(textTokens, languages int) special {
	const german = 2 // en, zh, de, …
	translate := textTokens + 2 + languages
	return special{
		end:          textTokens,
		start:        textTokens + 1,
		language:     textTokens + 2,
		german:       textTokens + 2 + german,
		translate:    translate,
		transcribe:   translate + 1,
		previous:     translate + 3,
		noSpeech:     translate + 4,
		noTimestamps: translate + 5,
	}
}
