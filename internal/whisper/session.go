package whisper

// session is the working memory of one Transcribe call. Its buffers are reused
// from window to window; nothing of it is shared.
type session struct {
	m   *Model
	c   *compute
	mel []float32

	// Encoder, [positions][width] but for wide ([positions][4*width]).
	x, y, q, k, v, o, wide []float32

	cross crossAttention

	dec decoder
	ali aligner
}

func (m *Model) newSession(threads int) *session {
	if threads <= 0 {
		threads = m.threads
	}
	s := &session{m: m, c: newCompute(m.kern, threads)}
	s.cross = newCrossAttention(m.shape)
	s.dec = newDecoder(s)
	return s
}
