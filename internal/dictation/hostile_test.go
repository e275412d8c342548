package dictation_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"feierabend/internal/dictation"
)

// TestSplices drafts texts cut together from others: whatever comes out keeps the law.
func TestSplices(t *testing.T) {
	p := profiles(t)
	list := append(cases(t, "cases-dev.jsonl"), cases(t, "cases-own.jsonl")...)
	r := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		a, b := []rune(list[r.IntN(len(list))].Text), []rune(list[r.IntN(len(list))].Text)
		for range 4 {
			i, j := r.IntN(len(a)), r.IntN(len(b))
			cut := b[j:min(j+r.IntN(30), len(b))]
			a = append(append(append([]rune{}, a[:i]...), cut...), a[min(i+r.IntN(20), len(a)):]...)
			if len(a) == 0 {
				a = []rune("x")
			}
		}
		in := dictation.Input{Text: string(a), At: list[r.IntN(len(list))].At, Profile: p[list[r.IntN(len(list))].Profile]}
		checkLaw(t, dictation.Draft(in), in.Text)
	}
}

// TestHostileLength checks that long texts without sentences stay linear: with work that
// grows by the square this test would take minutes.
func TestHostileLength(t *testing.T) {
	p := profiles(t)["shk"]
	at := cases(t, "cases-dev.jsonl")[0].At
	for _, word := range []string{"zwei ", "halb vier, ", "Rechnung an Herrn Müller 12 Meter ", "a", "null ", "prozent 5 ", "nee 3 ", "Siphon "} {
		text := strings.Repeat(word, 15_000/len(word))
		checkLaw(t, dictation.Draft(dictation.Input{Text: text, At: at, Profile: p}), text)
	}
}
