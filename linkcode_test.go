package feierabend_test

import (
	"slices"
	"strings"
	"testing"

	"feierabend"
)

// TestFindLinkCodes: a code is found however it was typed, and ordinary words are none.
func TestFindLinkCodes(t *testing.T) {
	const code = "K7QF2M9XATE4R"
	for in, want := range map[string][]string{
		"Ich verbinde … Code: K7QF-2M9X-ATE4R": {code},
		"k7qf-2m9x-ate4r":                      {code},
		"„K7QF-2M9X-ATE4R“.":                   {code},
		"K7QF 2M9X ATE4R":                      {code},
		"K7QF2M9XATE4R":                        {code},
		"K7QF–2M9X–ATE4R":                      {code}, // dashes that a phone makes of hyphens
		"K7QF-2M9X-ATEAR":                      {"K7QF2M9XATEAR"},
		"O1IL-2M9X-ATE4R":                      {"01112M9XATE4R"},
		"K7QF-2M9X-ATE4":                       nil,
		"K7QF-2M9X-ATE4RR":                     nil,
		"K7QF-2M9X-UTE4R":                      nil,
		"Arbeitszeiten":                        nil, // 13 letters, no digit
		"dass auch jetzt":                      nil,
		"Rechnung für Frau Petersen":           nil,
		"":                                     nil,
		strings.Repeat("K7QF-2M9X-ATE4R ", 90): nil, // no message of ours is that long
	} {
		if got := feierabend.FindLinkCodes(in); !slices.Equal(got, want) {
			t.Errorf("%.40q: %q, want %q", in, got, want)
		}
	}
	if got := feierabend.FindLinkCodes(strings.Repeat("K7QF-2M9X-ATE4R ", 9)); len(got) != feierabend.MaxLinkCodes {
		t.Errorf("%d candidates", len(got))
	}
}

// TestLinkCode: 65 bits in, the same out; every bit counts.
func TestLinkCode(t *testing.T) {
	secret := []byte{0, 1, 2, 3, 4, 5, 6, 7, 8}
	code := feierabend.LinkCode(secret)
	shown := feierabend.ShowLinkCode(code)
	if len(code) != feierabend.LinkCodeLen || len(shown) != 15 || !slices.Equal(feierabend.FindLinkCodes("Code: "+shown), []string{code}) {
		t.Errorf("%q %q", code, shown)
	}
	seen := map[string]bool{code: true}
	for bit := range 65 {
		other := slices.Clone(secret)
		other[bit/8] ^= 1 << (7 - bit%8)
		seen[feierabend.LinkCode(other)] = true
	}
	if len(seen) != 66 {
		t.Errorf("%d codes of 66 secrets", len(seen))
	}
}

func FuzzFindLinkCodes(f *testing.F) {
	f.Add("Code: K7QF-2M9X-ATE4R")
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range feierabend.FindLinkCodes(text) {
			if len(c) != feierabend.LinkCodeLen || strings.Trim(c, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
				t.Errorf("%q", c)
			}
		}
	})
}

func TestMaskPhone(t *testing.T) {
	for in, want := range map[string]string{"+4917139200155": "+49 171 ••• 55", "+48123456789": "+48123 ••• 89", "+49171": "•••", "": "•••"} {
		if got := feierabend.MaskPhone(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
