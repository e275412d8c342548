package whisper

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// encode turns text into tokens with the byte-pair merges of GPT-2: the text is
// split into words, then in each word the neighbours whose join has the lowest
// rank are merged first. The rank of a join is its id.
func (v *vocabulary) encode(text string) []int {
	var ids []int
	for len(text) > 0 {
		n := wordLength(text)
		ids = v.encodeWord(ids, text[:n])
		text = text[n:]
	}
	return ids
}

// encodeWord appends the tokens of one word. Bytes that the vocabulary lacks are left out.
func (v *vocabulary) encodeWord(ids []int, word string) []int {
	if id, ok := v.ids[word]; ok {
		return append(ids, id)
	}
	ends := make([]int, 0, len(word)) // parts of word, by their ends
	for i := range len(word) {
		ends = append(ends, i+1)
	}
	for {
		at, best := -1, len(v.pieces)
		start := 0
		for i := 0; i+1 < len(ends); i++ {
			if id, ok := v.ids[word[start:ends[i+1]]]; ok && id < best {
				at, best = i, id
			}
			start = ends[i]
		}
		if at < 0 {
			break
		}
		ends = append(ends[:at], ends[at+1:]...)
	}
	start := 0
	for _, end := range ends {
		if id, ok := v.ids[word[start:end]]; ok {
			ids = append(ids, id)
		}
		start = end
	}
	return ids
}

// maxWord bounds a word for the quadratic merging; longer runs are cut.
const maxWord = 256

// wordLength is the length of the first match of GPT-2's splitting pattern
// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
func wordLength(text string) int {
	for _, s := range []string{"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"} {
		if strings.HasPrefix(text, s) {
			return len(s)
		}
	}
	lead := 0
	if text[0] == ' ' {
		lead = 1
	}
	if r, _ := utf8.DecodeRuneInString(text[lead:]); lead < len(text) && !unicode.IsSpace(r) {
		kind := runeKind(r)
		return lead + runLength(text[lead:], func(r rune) bool { return runeKind(r) == kind })
	}
	n := runLength(text, unicode.IsSpace)
	if n == len(text) || n == 1 {
		return n
	}
	_, last := utf8.DecodeLastRuneInString(text[:n])
	if n == last {
		return n
	}
	return n - last // the last blank belongs to the next word
}

func runeKind(r rune) int {
	switch {
	case unicode.IsLetter(r):
		return 1
	case unicode.IsNumber(r):
		return 2
	case unicode.IsSpace(r):
		return 3
	}
	return 4
}

// runLength is the number of bytes of the leading runes that belong.
func runLength(text string, belongs func(rune) bool) int {
	n := 0
	for n < len(text) && n < maxWord {
		r, size := utf8.DecodeRuneInString(text[n:])
		if !belongs(r) {
			break
		}
		n += size
	}
	return n
}
