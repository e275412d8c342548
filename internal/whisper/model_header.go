package whisper

// header is what the head of a ggml file says about the sizes.
type header struct {
	vocab, audioCtx, width, heads, audioLayers int
	textCtx, textLayers, mels, fileType        int
}

// family holds the sizes that all Whisper models share. Tests load tiny models
// through a family of their own.
type family struct {
	textTokens, audioCtx, textCtx int
}

// whisperFamily is OpenAI's: 50257 text tokens, 30 s of audio, 448 tokens of text.
func whisperFamily() family { return family{textTokens: 50257, audioCtx: 1500, textCtx: 448} }

const (
	maxWidth   = 1280 // large
	maxLayers  = 32   // large
	maxName    = 64   // bytes of a tensor's name
	maxRank    = 4
	maxPiece   = 256 // bytes of one vocabulary entry
	ggmlMagic  = 0x67676d6c
	timestamps = 1501 // tokens <|0.00|> … <|30.00|>
	afterLangs = 6    // translate, transcribe, startoflm, startofprev, nospeech, notimestamps
)

// languages is the number of language tokens, or 0 for a vocabulary that is not multilingual Whisper's.
func (f family) languages(vocab int) int {
	n := vocab - f.textTokens - 2 - afterLangs - timestamps
	if n != 99 && n != 100 {
		return 0
	}
	return n
}

// readHeader reads and bounds the header; nothing has been allocated before it is known to be sound.
func readHeader(s *source, f family) (header, error) {
	if magic := s.int(); s.err != nil || magic != ggmlMagic {
		return header{}, notModel("no ggml magic")
	}
	var h header
	h.vocab, h.audioCtx, h.width, h.heads, h.audioLayers = s.int(), s.int(), s.int(), s.int(), s.int()
	textCtx, textWidth, textHeads := s.int(), s.int(), s.int()
	h.textCtx, h.textLayers, h.mels, h.fileType = textCtx, s.int(), s.int(), s.int()
	if s.err != nil {
		return h, s.err
	}
	switch {
	case f.languages(h.vocab) == 0:
		return h, unsupported("vocabulary of %d tokens is not multilingual", h.vocab)
	case h.audioCtx != f.audioCtx || h.textCtx != f.textCtx:
		return h, unsupported("contexts of %d and %d", h.audioCtx, h.textCtx)
	case h.width < headWidth || h.width > maxWidth || h.width%headWidth != 0:
		return h, unsupported("width %d", h.width)
	case h.heads != h.width/headWidth || textWidth != h.width || textHeads != h.heads:
		return h, unsupported("head width is not %d", headWidth)
	case h.audioLayers < 1 || h.audioLayers > maxLayers || h.textLayers < 1 || h.textLayers > maxLayers:
		return h, unsupported("%d and %d layers", h.audioLayers, h.textLayers)
	case h.mels != 80 && h.mels != 128:
		return h, unsupported("%d mel bands", h.mels)
	}
	return h, nil
}
