package whisper

import "context"

// start is what the model says before the first token of text.
type start struct {
	noSpeech float32 // probability of <|nospeech|>
	german   float32 // probability of German among the languages
	past     []int32
	row      int // of the logits that predict the first token
}

// begin feeds prompt and start tokens; the logits of the last row then predict
// the first token. German, transcribe, no timestamps.
func (s *Session) begin(ctx context.Context, prompt []int) (start, error) {
	ids := s.m.ids
	d := &s.dec
	d.reset()
	past, err := d.feed(ctx, prompt, nil, nil)
	if err != nil {
		return start{}, err
	}
	past, err = d.feed(ctx, s.m.startTokens(), past, nil)
	if err != nil {
		return start{}, err
	}
	d.predict(len(s.m.startTokens()))
	st := start{past: past, row: len(s.m.startTokens()) - 1}
	logits, kern := d.logitsOf(0), s.c.kern
	st.noSpeech = probability(kern, logits, ids.noSpeech)
	st.german = probability(kern, logits[ids.language:ids.translate], ids.german-ids.language)
	return st, nil
}

func (m *Model) startTokens() []int {
	return []int{m.ids.start, m.ids.german, m.ids.transcribe, m.ids.noTimestamps}
}

// promptTokens encodes a prompt: <|startofprev|> and the last tokens of the text,
// half the text context in all (speech.md §6.4).
func (m *Model) promptTokens(prompt string) []int {
	prompt = validText(prompt)
	if prompt == "" {
		return nil
	}
	ids := m.vocab.encode(" " + prompt)
	most := m.shape.textCtx/2 - 1
	return append([]int{m.ids.previous}, ids[max(0, len(ids)-most):]...)
}
