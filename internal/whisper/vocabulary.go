package whisper

import "strings"

// vocabulary holds the byte strings of the text tokens; a piece may end inside a
// UTF-8 character.
type vocabulary struct {
	pieces []string
	ids    map[string]int // of pieces; the rank of a merge is its id
	blank  int            // id of " ", or -1
}

// readVocabulary reads the count and the text tokens of a model file.
func readVocabulary(s *source, want int) (vocabulary, error) {
	n := s.int()
	if s.err == nil && n != want {
		return vocabulary{}, damaged("%d text tokens, want %d", n, want)
	}
	if s.err == nil && int64(n)*4 > s.left {
		return vocabulary{}, damaged("file is too short")
	}
	if s.err != nil {
		return vocabulary{}, s.err
	}
	v := vocabulary{pieces: make([]string, n), ids: make(map[string]int, n), blank: -1}
	for i := range v.pieces {
		size := s.int()
		if s.err == nil && (size < 0 || size > maxPiece) {
			s.err = damaged("text token of %d bytes", size)
		}
		piece := string(s.bytes(size))
		if s.err != nil {
			return vocabulary{}, s.err
		}
		v.pieces[i] = piece
		if _, twice := v.ids[piece]; !twice && piece != "" {
			v.ids[piece] = i
		}
	}
	if id, ok := v.ids[" "]; ok {
		v.blank = id
	}
	return v, nil
}

// piece is the byte string of a token, "" for tokens that are not text.
func (v *vocabulary) piece(id int) string {
	if id < 0 || id >= len(v.pieces) {
		return ""
	}
	return v.pieces[id]
}

// text joins the bytes of tokens first and makes valid UTF-8 of them then.
func (v *vocabulary) text(ids []int) string {
	var b strings.Builder
	for _, id := range ids {
		b.WriteString(v.piece(id))
	}
	return validText(b.String())
}

// validText replaces what is no UTF-8 and trims blanks.
func validText(s string) string {
	return strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
}
