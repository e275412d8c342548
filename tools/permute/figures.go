package main

import (
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"

	"feierabend"
	"feierabend/internal/dictation"
)

// permuteFigures changes amounts and quantities of lines that are said as often as they stand
// in the draft.
func permuteFigures(c *testCase, r *rand.Rand) int {
	var slots []slot
	lines, _ := c.Want["lines"].([]any)
	for _, x := range lines {
		l := x.(map[string]any)
		if l["source"] != "profile" {
			slots = append(slots, slot{l, "price"})
		}
		if l["unit"] != "LS" {
			slots = append(slots, slot{l, "quantity"})
		}
	}
	if t, ok := c.Want["totals"].(map[string]any); ok && c.Want["kind"] == "reminder" {
		slots = append(slots, slot{t, "gross"})
	}
	n := 0
	for i, s := range slots {
		same := []slot{s}
		for _, o := range slots[i+1:] {
			if o.in[o.key] == s.in[s.key] {
				same = append(same, o)
			}
		}
		n += c.figure(same, r)
	}
	if n == 0 {
		n += c.days("due_days", r)
	}
	return n
}

// slot is a place of a figure in the draft.
type slot struct {
	in  map[string]any
	key string
}

// days changes a number of days that is said once.
func (c *testCase) days(key string, r *rand.Rand) int {
	old, ok := c.Want[key].(float64)
	if !ok {
		return 0
	}
	l := map[string]any{"x": strconv.Itoa(int(old))}
	if c.figure([]slot{{l, "x"}}, r) == 0 {
		return 0
	}
	fresh, err := strconv.Atoi(l["x"].(string))
	if err != nil {
		return 0
	}
	c.Want[key] = fresh
	return 1
}

// figure changes one value at all its places, in text and draft.
func (c *testCase) figure(places []slot, r *rand.Rand) int {
	s, ok := places[0].in[places[0].key].(string)
	if !ok {
		return 0
	}
	v, err := feierabend.ParseDec4(s)
	if err != nil || v <= feierabend.One || c.uses(v) != len(places) {
		return 0
	}
	var hits []expression
	for _, x := range expressions(c.Text) {
		if x.value == v {
			if strings.Contains(strings.ToLower(c.Text), " "+strings.ToLower(x.text)+" mal") || c.repaired(x.from) {
				return 0
			}
			hits = append(hits, x)
		}
	}
	if len(hits) != len(places) {
		return 0
	}
	add := feierabend.Dec(1 + r.IntN(3))
	if v > feierabend.Dec(100) {
		add = feierabend.Dec(5 * (1 + r.IntN(6)))
	}
	fresh := v + add
	if c.uses(fresh) > 0 {
		return 0
	}
	text := c.Text
	for i := len(hits) - 1; i >= 0; i-- {
		spelled := respell(hits[i].text, fresh)
		if spelled == "" || strings.Contains(c.Text, spelled) {
			return 0
		}
		text = text[:hits[i].from] + spelled + text[hits[i].to:]
	}
	c.Text = text
	for _, p := range places {
		p.in[p.key] = fresh.String()
		if _, f, ok := strings.Cut(s, "."); ok && len(f) == 2 {
			p.in[p.key] = fresh.Cents().String()
		}
	}
	return len(places)
}

var workedOut = regexp.MustCompile(`(?i)(,|\s)(also|zusammen|nee|ach ne|noi|quatsch|statt|termine|insgesamt|aufgemessen)\b|prozent auf`)

// repaired says whether the speaker corrects or works out figures in the sentence: then none
// of it is changed alone.
func (c *testCase) repaired(at int) bool {
	from := strings.LastIndexAny(c.Text[:at], ".!?") + 1
	to := len(c.Text)
	if i := strings.Index(c.Text[at:], ". "); i >= 0 {
		to = at + i
	}
	return workedOut.MatchString(c.Text[from:to])
}

// uses counts how often a value stands in the draft.
func (c *testCase) uses(v feierabend.Dec4) int {
	n := 0
	var walk func(any)
	walk = func(x any) {
		switch y := x.(type) {
		case map[string]any:
			for k, z := range y {
				if k != "totals" || c.Want["kind"] == "reminder" {
					walk(z)
				}
			}
		case []any:
			for _, z := range y {
				walk(z)
			}
		case string:
			if d, err := feierabend.ParseDec4(y); err == nil && d == v {
				n++
			}
		case float64:
			if feierabend.Dec(int(y)) == v {
				n++
			}
		}
	}
	walk(c.Want)
	return n
}

// retotal works the sums out again in whole cents.
func retotal(c *testCase, p feierabend.Profile) {
	t, ok := c.Want["totals"].(map[string]any)
	if !ok || c.Want["kind"] == "reminder" {
		return
	}
	raw, err := json.Marshal(c.Want)
	if err != nil {
		return
	}
	var d feierabend.Draft
	if json.Unmarshal(raw, &d) != nil {
		return
	}
	if sums := dictation.Totals(d, p); sums != nil {
		t["net"], t["vat"], t["gross"] = sums.Net.String(), sums.VAT.String(), sums.Gross.String()
	}
}
