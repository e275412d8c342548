package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"unicode"

	"feierabend"
)

// swaps are whole words and what takes their place.
type swaps struct {
	word map[string]string
	used map[string]bool
}

func newSwaps() *swaps { return &swaps{word: map[string]string{}, used: map[string]bool{}} }

// put chooses a replacement for a word, once.
func (s *swaps) put(word string, pool []string, r *rand.Rand) bool {
	if word == "" || s.word[word] != "" || !unicode.IsUpper([]rune(word)[0]) {
		return false
	}
	for range 100 {
		w := pool[r.IntN(len(pool))]
		if !s.used[w] && w != word {
			s.word[word], s.used[w] = w, true
			return true
		}
	}
	return false
}

var anyWord = regexp.MustCompile(`[\p{L}]+(?:-[\p{L}]+)*`)

// apply replaces words in a text, also where it is written in small letters.
func (s *swaps) apply(text string) string {
	small := map[string]string{}
	for k, v := range s.word {
		small[strings.ToLower(k)] = strings.ToLower(v)
	}
	return anyWord.ReplaceAllStringFunc(text, func(w string) string {
		if v, ok := s.word[w]; ok {
			return v
		}
		if v, ok := small[w]; ok && !strings.Contains(text, strings.ToUpper(w[:1])+w[1:]) {
			return v
		}
		return w
	})
}

// books permutes address books, so that profile and text change alike.
type books struct {
	profiles map[string]feierabend.Profile
	swaps    map[string]*swaps
}

// of gives the swaps of a profile's address book; nil words stay as they are.
func (b *books) of(profile string) *swaps { return b.swaps[profile] }

// permute changes the address books in the raw profiles and gives them back.
func (b *books) permute(raw []byte, r *rand.Rand) ([]byte, error) {
	var all map[string]map[string]json.RawMessage // the order of other keys stays
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("read profiles: %w", err)
	}
	for _, name := range sortedKeys(b.profiles) {
		p := b.profiles[name]
		if len(p.AddressBook) == 0 {
			continue
		}
		s := newSwaps()
		for _, e := range p.AddressBook {
			nameWords(s, e.Name, r)
			firmWords(s, e.Company, r)
		}
		b.swaps[name] = s
		var entries []map[string]any
		if err := json.Unmarshal(all[name]["address_book"], &entries); err != nil {
			return nil, fmt.Errorf("read address book of %s: %w", name, err)
		}
		for i, entry := range entries {
			for _, k := range []string{"name", "company"} {
				if v, ok := entry[k].(string); ok {
					entry[k] = s.apply(v)
				}
			}
			aliases := entry["aliases"].([]any)
			for n, a := range aliases {
				aliases[n] = s.apply(a.(string))
			}
			plz, town, _ := strings.Cut(towns[r.IntN(len(towns))], ":")
			old := b.profiles[name].AddressBook[i]
			s.word["\x00"+old.Street] = fmt.Sprintf("%s %d", roads[r.IntN(len(roads))], 1+r.IntN(90))
			s.word["\x00"+old.Postcode+old.Street], s.word["\x00"+old.City+old.Street] = plz, town
			entry["street"], entry["postcode"], entry["city"] = s.word["\x00"+old.Street], plz, town
		}
		changed, err := encode(entries)
		if err != nil {
			return nil, fmt.Errorf("write address book of %s: %w", name, err)
		}
		all[name]["address_book"] = changed
	}
	return json.MarshalIndent(all, "", " ")
}

func nameWords(s *swaps, name string, r *rand.Rand) int {
	n := 0
	words := strings.Fields(name)
	for i, w := range words {
		if strings.HasSuffix(w, ".") {
			continue
		}
		pool := familyNames
		if i < len(words)-1 {
			pool = firstNamesM
			if strings.HasSuffix(w, "a") || strings.HasSuffix(w, "e") {
				pool = firstNamesF
			}
		}
		if s.put(w, pool, r) {
			n++
		}
	}
	return n
}

func firmWords(s *swaps, firm string, r *rand.Rand) int {
	n := 0
	words := strings.Fields(firm)
	street := strings.HasPrefix(firm, "WEG ")
	for _, w := range words {
		if firmVocabulary[strings.ToLower(w)] || strings.ContainsAny(w, "0123456789&") || street {
			continue
		}
		if s.put(w, firmCores, r) {
			n++
		}
	}
	return n
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	// insertion order does not matter, a fixed one does
	for i := range keys {
		for j := i + 1; j < len(keys); j++ {
			if keys[j] < keys[i] {
				keys[i], keys[j] = keys[j], keys[i]
			}
		}
	}
	return keys
}
