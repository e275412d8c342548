package main

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"

	"feierabend"
	"feierabend/internal/dictation"
)

// permuteCase changes one case in text and draft.
func permuteCase(c *testCase, books *books, r *rand.Rand) report {
	var rep report
	p := books.profiles[c.Profile]
	buyer, _ := c.Want["buyer"].(map[string]any)
	book := bookEntry(p, buyer)
	s := newSwaps()
	if own := books.of(c.Profile); own != nil {
		for k, v := range own.word {
			s.word[k], s.used[v] = v, true
		}
	}
	rep.places += permutePlace(c, buyer, book, s, r)
	rep.streets += permuteStreets(c, buyer, book, s, r)
	rep.names += permuteNames(c, buyer, p, book, s, r)
	c.Text = s.apply(c.Text)
	swapStrings(c.Want, s)
	permuteContact(c, buyer, s, r)
	rep.figures += permuteFigures(c, r)
	retotal(c, p)
	return rep
}

// bookEntry finds the address book entry a case uses.
func bookEntry(p feierabend.Profile, buyer map[string]any) *feierabend.AddressEntry {
	for i, e := range p.AddressBook {
		if buyer["street"] == e.Street && buyer["postcode"] == e.Postcode {
			return &p.AddressBook[i]
		}
	}
	return nil
}

// permutePlace changes postcode and town to another real pair.
func permutePlace(c *testCase, buyer map[string]any, book *feierabend.AddressEntry, s *swaps, r *rand.Rand) int {
	plz, town, _ := strings.Cut(towns[r.IntN(len(towns))], ":")
	if book != nil {
		if v := s.word["\x00"+book.Postcode+book.Street]; v != "" {
			buyer["postcode"], buyer["city"] = v, s.word["\x00"+book.City+book.Street]
		}
		return 1
	}
	n := 0
	if old, ok := buyer["postcode"].(string); ok {
		if changed, ok := replaceDigits(c.Text, old, plz); ok {
			c.Text, buyer["postcode"] = changed, plz
			n++
		}
	}
	if old, ok := buyer["city"].(string); ok && !strings.Contains(old, " ") && (n > 0 || buyer["postcode"] == nil) {
		s.word[old], s.used[town] = town, true
		n++
	}
	if site, ok := c.Want["site"].(string); ok {
		if m := regexp.MustCompile(`\b\d{5}\b`).FindString(site); m != "" {
			if changed, ok := replaceDigits(c.Text, m, plz); ok {
				c.Text, c.Want["site"] = changed, strings.Replace(site, m, plz, 1)
			}
		}
	}
	return n
}

// replaceDigits changes a number dictated digit by digit, in pairs or as figures.
func replaceDigits(text, old, fresh string) (string, bool) {
	if strings.Contains(text, old) {
		return strings.Replace(text, old, fresh, 1), true
	}
	words := figureWords.FindAllStringIndex(text, -1)
	for i := range words {
		got, j := "", i
		for j < len(words) && len(got) < len(old) {
			w := text[words[j][0]:words[j][1]]
			if j > i && text[words[j-1][1]:words[j][0]] != " " {
				break
			}
			v, ok := dictation.ReadNumber(w)
			if !ok || v%feierabend.One != 0 {
				break
			}
			got += strconv.Itoa(int(v / feierabend.One))
			j++
		}
		if got == old && j > i+1 {
			return text[:words[i][0]] + digitsSpoken(fresh) + text[words[j-1][1]:], true
		}
	}
	return text, false
}

var roadEnd = regexp.MustCompile(`(?i)(straße|str\.|weg|gasse|platz|allee|ring|damm|ufer)$`)

// permuteStreets changes street and house number of the buyer and of a place of work.
func permuteStreets(c *testCase, buyer map[string]any, book *feierabend.AddressEntry, s *swaps, r *rand.Rand) int {
	n := 0
	if book != nil {
		if v := s.word["\x00"+book.Street]; v != "" {
			buyer["street"] = v
			n++
		}
	} else if old, ok := buyer["street"].(string); ok {
		if fresh, ok := c.street(old, r); ok {
			buyer["street"] = fresh
			n++
		}
	}
	if site, ok := c.Want["site"].(string); ok {
		if m := regexp.MustCompile(`[\p{L}]+(?:straße|weg|gasse|platz|allee) \d+`).FindString(site); m != "" {
			if fresh, ok := c.street(m, r); ok {
				c.Want["site"] = strings.Replace(site, m, fresh, 1)
				n++
			}
		}
	}
	return n
}

// street replaces one street with its number in the text.
func (c *testCase) street(old string, r *rand.Rand) (string, bool) {
	cut := strings.LastIndex(old, " ")
	if cut < 0 {
		return "", false
	}
	name, number := old[:cut], old[cut+1:]
	want, err := strconv.Atoi(number)
	if err != nil {
		return "", false
	}
	short := roadEnd.ReplaceAllString(name, "str.")
	for _, form := range []string{name, short} {
		at := strings.Index(strings.ToLower(c.Text), strings.ToLower(form))
		if at < 0 || len(strings.ToLower(c.Text)) != len(c.Text) {
			continue
		}
		end := at + len(form)
		for _, x := range expressions(c.Text[end:]) {
			if x.from > 1 || x.value != feierabend.Dec(want) && !strings.HasPrefix(c.Text[end:], " "+number) {
				break
			}
			road, fresh := roads[r.IntN(len(roads))], 2+r.IntN(80)
			spelled := respell(x.text, feierabend.Dec(fresh))
			if spelled == "" {
				break
			}
			written := road
			if strings.ToLower(c.Text) == c.Text {
				written = strings.ToLower(road)
			}
			c.Text = c.Text[:at] + written + c.Text[end:end+x.from] + spelled + c.Text[end+x.to:]
			return fmt.Sprintf("%s %d", road, fresh), true
		}
	}
	return "", false
}

var saluted = regexp.MustCompile(`(?i)\b(?:herrn?|frau|familie|mieter)\s+(?:(?:dr\.|doktor|prof\.|professor)\s+)*([\p{Lu}][\p{L}-]+)`)

// permuteNames changes persons and firms, also those who only stand in tasks.
func permuteNames(c *testCase, buyer map[string]any, p feierabend.Profile, book *feierabend.AddressEntry, s *swaps, r *rand.Rand) int {
	n := 0
	if len(p.AddressBook) == 0 || book == nil && s.word != nil {
		if name, ok := buyer["name"].(string); ok && !inBook(p, name) {
			n += nameWords(s, name, r)
		}
		if firm, ok := buyer["company"].(string); ok {
			n += firmWords(s, firm, r)
		}
	}
	if list, ok := c.Want["people"].([]any); ok {
		for _, x := range list {
			name, _ := x.(map[string]any)["name"].(string)
			if name != "Ich" && !regexp.MustCompile(`(?i)lehrling|azubi|geselle|helfer`).MatchString(name) {
				pool := firstNamesM
				if s.put(name, pool, r) {
					n++
				}
			}
		}
	}
	for _, m := range saluted.FindAllStringSubmatch(c.Text, -1) {
		if s.word[m[1]] == "" && !inBook(p, m[1]) && s.put(m[1], familyNames, r) {
			n++
		}
	}
	return n
}

func inBook(p feierabend.Profile, name string) bool {
	for _, e := range p.AddressBook {
		if e.Name == name {
			return true
		}
	}
	return false
}

// swapStrings applies the swaps to every text of the draft, except an address out of the book.
func swapStrings(v any, s *swaps) {
	switch x := v.(type) {
	case map[string]any:
		for k, y := range x {
			if t, ok := y.(string); ok {
				if k == "street" || k == "postcode" || k == "email" || k == "kind" || k == "unit" {
					continue
				}
				x[k] = s.apply(t)
				continue
			}
			swapStrings(y, s)
		}
	case []any:
		for i, y := range x {
			if t, ok := y.(string); ok {
				x[i] = s.apply(t)
				continue
			}
			swapStrings(y, s)
		}
	}
}

var mailPattern = regexp.MustCompile(`[a-z0-9._-]+@[a-z0-9.-]+`)

// letter spells a name: "Maier" → "M A I E R".
func letter(name string) string {
	return strings.Join(strings.Split(strings.ToUpper(name), ""), " ")
}

// plainMail is a name as it stands in an address.
func plainMail(name string) string {
	return strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "ı", "i", "ć", "c").Replace(strings.ToLower(name))
}

// permuteContact changes the phone number, and the name within an e-mail address.
func permuteContact(c *testCase, buyer map[string]any, s *swaps, r *rand.Rand) {
	for old, fresh := range s.word {
		if strings.HasPrefix(old, "\x00") {
			continue
		}
		c.Text = strings.ReplaceAll(c.Text, letter(old), letter(fresh)) // "S Z Y M A N S K I"
		a, b := plainMail(old), plainMail(fresh)
		inside := func(mail string) string { return strings.ReplaceAll(mail, a, b) }
		if mail, ok := buyer["email"].(string); ok {
			buyer["email"] = inside(mail)
		}
		c.Text = mailPattern.ReplaceAllStringFunc(c.Text, inside)
		c.Text = strings.ReplaceAll(c.Text, a+" ät ", b+" ät ")
	}
	if phone, ok := buyer["phone"].(string); ok {
		old := "0" + strings.TrimPrefix(phone, "+49")
		fresh := fmt.Sprintf("0171%07d", 3920000+r.IntN(999))
		for _, form := range []string{old, old[:4] + " " + old[4:]} {
			if strings.Contains(c.Text, form) {
				c.Text, buyer["phone"] = strings.Replace(c.Text, form, fresh[:4]+" "+fresh[4:], 1), "+49"+fresh[1:]
				return
			}
		}
		if t, ok := replaceDigits(c.Text, old, fresh); ok {
			c.Text, buyer["phone"] = t, "+49"+fresh[1:]
		}
	}
}
