package feierabend

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// WithEntries is the draft with the entries of the address book between which it cannot
// choose (J-33): those of Draft.Entries that are still there become the choices of the
// question for the address. The draft itself names them by id only: what somebody else's
// entry says is no content of this case.
func (d Draft) WithEntries(book []BookEntry) Draft {
	d.Namesakes = nil
	if len(d.Entries) == 0 {
		return d
	}
	var found []BookEntry
	for _, id := range d.Entries {
		for _, e := range book {
			if e.ID == id {
				found = append(found, e)
			}
		}
	}
	titles := shortTitles(found)
	for i, e := range found {
		place := e.Street + ", " + strings.TrimSpace(e.Postcode+" "+e.City)
		d.Namesakes = append(d.Namesakes, Choice{Code: string(e.ID), Title: titles[i], Full: e.Label(), Place: place})
	}
	return d
}

// shortTitles are what tells the entries apart in the fewest words, each fit for a
// button: the streets, else the places, else the names, else the streets with a number.
func shortTitles(all []BookEntry) []string {
	for _, part := range []func(BookEntry) string{
		func(e BookEntry) string { return e.Street },
		func(e BookEntry) string { return e.City },
		func(e BookEntry) string { return e.Label() },
	} {
		seen, titles := map[string]bool{}, make([]string, len(all))
		for i, e := range all {
			titles[i] = clipped(part(e))
			seen[strings.ToLower(titles[i])] = true
		}
		if len(seen) == len(all) && !seen[""] {
			return titles
		}
	}
	titles := make([]string, len(all))
	for i, e := range all {
		titles[i] = clipped(strconv.Itoa(i+1) + ". " + e.Street)
	}
	return titles
}

// clipped shortens in the middle of a street, so that its number stays.
func clipped(s string) string {
	if utf8.RuneCountInString(s) <= ChatTitleMax {
		return s
	}
	r, tail := []rune(s), ""
	if cut := strings.LastIndex(s, " "); cut > 0 && utf8.RuneCountInString(s[cut:]) <= 6 {
		tail = s[cut:]
	}
	return strings.TrimRight(string(r[:ChatTitleMax-1-utf8.RuneCountInString(tail)]), " -.") + "…" + tail
}

// whichEntry asks which of several entries of the address book is meant.
func (d Draft) whichEntry(q Question) Question {
	q.Choices = d.Namesakes
	switch n := len(d.Namesakes); n {
	case 1:
		q.Text = "Ist dieser Eintrag aus dem Adressbuch gemeint?"
	case 2:
		q.Text = "„" + d.Buyer.Label() + "“ steht zweimal im Adressbuch. Wer ist gemeint?"
	default:
		q.Text = "„" + d.Buyer.Label() + "“ steht " + strconv.Itoa(n) + "-mal im Adressbuch. Wer ist gemeint?"
	}
	var lines []string
	for _, c := range d.Namesakes {
		lines = append(lines, "• "+c.Full+", "+c.Place)
	}
	q.Hint = strings.Join(lines, "\n")
	if len(q.Choices) < ChatButtonsMax {
		q.Choices = append(slices.Clone(q.Choices), Choice{Code: ChoiceOther, Title: "Andere Anschrift"})
	}
	return q
}
