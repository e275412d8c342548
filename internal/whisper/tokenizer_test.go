package whisper

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWordLength(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{" Guten Tag", []string{" Guten", " Tag"}},
		{"12 Meter, 3m²!", []string{"12", " Meter", ",", " 3", "m", "²", "!"}}, // ² is a number
		{"it's we'll 's", []string{"it", "'s", " we", "'ll", " '", "s"}},
		{"a  b", []string{"a", " ", " b"}},
		{"a \n", []string{"a", " \n"}},
		{"  ", []string{"  "}},
		{" Öl-Fläche", []string{" Öl", "-", "Fläche"}},
		{"\t\tx", []string{"\t", "\t", "x"}},
		{" ?!…x", []string{" ?!…", "x"}},
		{"\xff\xfea", []string{"\xff\xfe", "a"}},
	}
	for _, tt := range tests {
		var got []string
		for rest := tt.text; rest != ""; {
			n := wordLength(rest)
			got, rest = append(got, rest[:n]), rest[n:]
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%q: %s", tt.text, d)
		}
	}
}

func TestEncodeMergesByRank(t *testing.T) {
	m := mustLoad(t, newTiny(typeF16).file())
	piece := func(ids []int) []string {
		var out []string
		for _, id := range ids {
			out = append(out, m.vocab.piece(id))
		}
		return out
	}
	tests := []struct {
		text string
		want []string
	}{
		{" der", []string{" der"}},
		{" den", []string{" d", "en"}},
		// "lo" (rank 269) is merged before "ow" (271) and then to "low" (270): the
		// longest match from the left would give the same, a greedy one not below.
		{"lows", []string{"low", "s"}},
		// "en" (256) comes before "ei" (260): e i e n, not ei + en by position.
		{"eien", []string{"ei", "en"}},
		{"chr", []string{"ch", "r"}}, // "ch" (259) before "hr" (268)
		{"x hr", []string{"x", " ", "hr"}},
		{"ü", []string{"\xc3", "\xbc"}},
		{"", nil},
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.want, piece(m.vocab.encode(tt.text))); d != "" {
			t.Errorf("%q: %s", tt.text, d)
		}
	}
}

func TestEncodeLosesNothing(t *testing.T) {
	m := mustLoad(t, newTiny(typeF16).file())
	for _, text := range []string{" Glossar: Kupferrohr, Öltank und der Rest.", "ünüchterich  und\n\tund", string(make([]byte, 3000))} {
		got := ""
		for _, id := range m.vocab.encode(text) {
			got += m.vocab.piece(id)
		}
		if got != text {
			t.Errorf("pieces join to %q, want %q", got, text)
		}
	}
}

func TestPromptTokens(t *testing.T) {
	m := mustLoad(t, newTiny(typeF16).file())
	if got := m.promptTokens("  \n"); got != nil {
		t.Errorf("empty prompt gives %v", got)
	}
	got := m.promptTokens("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz")
	if len(got) != m.shape.textCtx/2 || got[0] != m.ids.previous || got[len(got)-1] != int('z') {
		t.Errorf("long prompt gives %d tokens from %d to %d", len(got), got[0], got[len(got)-1])
	}
}

func TestTextJoinsBytesFirst(t *testing.T) {
	m := mustLoad(t, newTiny(typeF16).file())
	if got := m.vocab.text([]int{' ', 'T', 0xc3, 0xbc, 'r', 300, 999999, -1}); got != "Tür" {
		t.Errorf("text = %q, want %q", got, "Tür")
	}
	if got := m.vocab.text([]int{'T', 0xc3}); got != "T\uFFFD" {
		t.Errorf("text = %q", got)
	}
}
