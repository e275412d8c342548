package whisper

// Session is the working memory of transcribing, about 100 MB for base. Its buffers
// are reused from window to window and from note to note, so a worker that hears
// one note after the other keeps one. It must not be used by two goroutines at
// the same time; nothing of it is shared with other sessions.
type Session struct {
	m   *Model
	c   *compute
	mel []float32

	// Encoder, [positions][width] but for wide ([positions][4*width]).
	x, y, q, k, v, o, wide []float32

	cross crossAttention

	dec decoder
	ali aligner
}

// NewSession makes a session; its memory is taken when the first note comes.
func (m *Model) NewSession() *Session { return m.newSession(m.threads) }

// Info tells what the session's model file holds.
func (s *Session) Info() Info { return s.m.Info() }

func (m *Model) newSession(threads int) *Session {
	s := &Session{m: m, c: newCompute(m.kern, threads)}
	s.cross = newCrossAttention(m.shape)
	s.dec = newDecoder(s)
	return s
}
