package drafting

import (
	"time"

	"feierabend"
)

// Free drafts a text that belongs to no case: for people who try the product
// without an account (J-01). Nothing is read from or written to the store.
//
// The answers are applied in order, as Answer does. The first one that cannot be
// taken ends with its Invalid error; the draft is then as the answers before it
// left it. at is when the person spoke.
func (s *Step) Free(id feierabend.MessageID, t feierabend.Transcript, p feierabend.Profile, at time.Time, answers []feierabend.Answer) (feierabend.Draft, error) {
	n := note{Message: feierabend.Message{ID: id, At: at}, text: t.Text, words: t.Words, duration: t.Duration, profile: p}
	d := s.dictate(n)
	for _, a := range answers {
		ed := s.edit(d, p, nil, at, origin{})
		if err := ed.set(a.Path, a.Value); err != nil {
			return d, err
		}
		d = ed.done()
	}
	return d, nil
}
