package whisper

// session is the working memory of one Transcribe call. Its buffers are reused
// from window to window; nothing of it is shared.
type session struct {
	m   *Model
	c   *compute
	mel []float32

	// Encoder, [positions][width] but for wide ([positions][4*width]).
	x, y, q, k, v, o, wide []float32

	// Cross attention of the window, per decoder layer [positions][width].
	positions   int
	crossKeys   [][]float32
	crossValues [][]float32

	dec decoder
	ali aligner
}

func (m *Model) newSession(threads int) *session {
	if threads <= 0 {
		threads = m.threads
	}
	s := &session{m: m, c: newCompute(m.kern, threads)}
	s.crossKeys = make([][]float32, len(m.decoder))
	s.crossValues = make([][]float32, len(m.decoder))
	s.dec = newDecoder(s)
	return s
}
