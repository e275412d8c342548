package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"feierabend"
	"feierabend/internal/dictation"
)

var (
	ones = strings.Fields("null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn")
	tens = strings.Fields("x x zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
)

// spoken spells a whole number below a million.
func spoken(n int, last bool) string {
	switch {
	case n == 1 && last:
		return "eins"
	case n < 20:
		return ones[n]
	case n < 100 && n%10 == 0:
		return tens[n/10]
	case n < 100:
		return ones[n%10] + "und" + tens[n/10]
	case n < 1000:
		s := "hundert"
		if n >= 200 {
			s = ones[n/100] + s
		}
		if n%100 > 0 {
			s += spoken(n%100, true)
		}
		return s
	}
	s := spoken(n/1000, false) + "tausend"
	if n%1000 > 0 {
		s += spoken(n%1000, true)
	}
	return s
}

func digitsSpoken(s string) string {
	var out []string
	for _, c := range s {
		out = append(out, strings.TrimSuffix(spoken(int(c-'0'), true), ""))
	}
	return strings.Join(out, " ")
}

var figureWords = regexp.MustCompile(`\d+(?:[.,]\d+)*|[\p{L}]+`)

// expression is a number as it stands in the text.
type expression struct {
	from, to int // bytes
	text     string
	value    feierabend.Dec4
}

// expressions finds all numbers of a text, the longest reading at each place.
func expressions(text string) []expression {
	words := figureWords.FindAllStringIndex(text, -1)
	var out []expression
	for i := 0; i < len(words); {
		n := 0
		var v feierabend.Dec4
		for k := 1; k <= 3 && i+k <= len(words); k++ {
			if k > 1 && text[words[i+k-2][1]:words[i+k-1][0]] != " " {
				break
			}
			part := text[words[i][0]:words[i+k-1][1]]
			if !numberOnly(part) {
				continue
			}
			if x, ok := dictation.ReadMoney(part); ok {
				n, v = k, x
			} else if x, ok := dictation.ReadNumber(part); ok {
				n, v = k, x
			}
		}
		if n == 0 {
			i++
			continue
		}
		out = append(out, expression{words[i][0], words[i+n-1][1], text[words[i][0]:words[i+n-1][1]], v})
		i += n
	}
	return out
}

// numberOnly keeps units, articles and fillers out of a number's own words.
func numberOnly(part string) bool {
	for _, w := range strings.Fields(strings.ToLower(part)) {
		if w == "komma" || w[0] >= '0' && w[0] <= '9' {
			continue
		}
		if _, ok := dictation.ReadNumber(w); !ok || strings.HasSuffix(w, "mal") {
			return false
		}
		switch w {
		case "ein", "eine", "einen", "einer", "einem", "n", "halb", "mal", "einmal", "zweimal", "dreimal", "a":
			return false
		}
	}
	return true
}

// respell writes a new value the way the old one was said, or "" where we do not know how.
func respell(old string, v feierabend.Dec4) string {
	whole, frac := int(v/feierabend.One), int(v%feierabend.One)
	low := strings.ToLower(old)
	if old[0] >= '0' && old[0] <= '9' {
		return respellDigits(old, whole, frac)
	}
	words := strings.Fields(low)
	var out string
	switch {
	case len(words) == 2 && frac%100 == 0 && frac > 0:
		out = spoken(whole, true) + " " + spoken(frac/100, true)
	case len(words) == 3 && words[1] == "komma" && frac > 0:
		out = spoken(whole, true) + " Komma " + digitsSpoken(strings.TrimRight(fmt.Sprintf("%04d", frac), "0"))
	case len(words) == 1 && frac == 5000 && whole > 1:
		out = spoken(whole, false) + "einhalb"
	case len(words) == 1 && frac == 7500 && whole > 0:
		out = spoken(whole, false) + "dreiviertel"
	case len(words) == 1 && frac == 0:
		out = spoken(whole, true)
	default:
		return ""
	}
	if strings.Contains(low, "fuff") {
		out = strings.ReplaceAll(strings.ReplaceAll(out, "fünfzig", "fuffzig"), "fünfzehn", "fuffzehn")
	}
	if strings.ToUpper(old[:1]) == old[:1] {
		r := []rune(out)
		out = strings.ToUpper(string(r[0])) + string(r[1:])
	}
	return out
}

func respellDigits(old string, whole, frac int) string {
	w := strconv.Itoa(whole)
	if strings.Contains(old, ".") && whole >= 1000 {
		w = w[:len(w)-3] + "." + w[len(w)-3:]
	}
	_, decimals, has := strings.Cut(old, ",")
	if !has {
		if frac != 0 {
			return ""
		}
		return w
	}
	f := fmt.Sprintf("%04d", frac)
	if strings.Trim(f[min(len(decimals), 4):], "0") != "" {
		return ""
	}
	return w + "," + f[:min(len(decimals), 4)]
}
