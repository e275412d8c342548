package dictation

import (
	"strings"
	"unicode"

	"feierabend"
)

// Below these probabilities of the recogniser a heard word is asked instead of taken: an
// e-mail address goes to a stranger, a name or a street is printed.
const (
	doubtfulName  = 0.30
	doubtfulEmail = 0.50
	doubtfulText  = 0.25
)

// doubtBuyer drops name, street and e-mail address that were hardly understood. What
// comes from the address book stands; a place stands where its postcode confirms it.
func (e *engine) doubtBuyer(d *feierabend.Draft) {
	if d.Buyer == nil || len(e.in.Words) == 0 {
		return
	}
	b := *d.Buyer
	for path, f := range map[string]struct {
		value *string
		p     float32
	}{
		"buyer.name": {&b.Name, doubtfulName}, "buyer.company": {&b.Company, doubtfulName}, "buyer.street": {&b.Street, doubtfulName}, "buyer.email": {&b.Email, doubtfulEmail},
	} {
		if *f.value != "" && e.misheard(d.Evidence[path], f.p, *f.value) {
			*f.value = ""
			delete(d.Evidence, path)
		}
	}
	if b.City != "" && e.misheard(d.Evidence["buyer.city"], doubtfulName, b.City) && (b.Postcode == "" || placeAt(tokenise(b.City), 0, b.Postcode) == 0) {
		b.City = ""
		delete(d.Evidence, "buyer.city")
	}
	d.Buyer = &b
	if b == (feierabend.Buyer{}) {
		d.Buyer = nil
	}
}

// misheard says whether a word of the value has a probability below p in its evidence.
func (e *engine) misheard(ev feierabend.Evidence, p float32, value string) bool {
	if ev.Source != "said" {
		return false
	}
	value = strings.ToLower(value)
	for _, w := range e.in.Words {
		if w.P <= 0 || w.P >= p || w.From >= ev.To || w.To <= ev.From {
			continue
		}
		s := strings.ToLower(e.heard(w))
		if letters(s) > 1 && !stopWords[s] && salutations[s] == "" && titles[s] == "" && strings.Contains(value, s) {
			return true
		}
	}
	return false
}

// heard is the word without the marks around it.
func (e *engine) heard(w feierabend.Word) string {
	from, to := min(max(w.From, 0), len(e.src)), min(max(w.To, 0), len(e.src))
	if from >= to {
		return ""
	}
	return strings.TrimFunc(string(e.src[from:to]), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

// doubtText takes hardly understood words out of the texts of lines that are no list
// items, as long as something is left.
func (e *engine) doubtText(d *feierabend.Draft) {
	for _, w := range e.in.Words {
		s := e.heard(w)
		if w.P <= 0 || w.P >= doubtfulText || letters(s) < 3 || e.heardElsewhere(s) {
			continue
		}
		for i := range d.Lines {
			l := &d.Lines[i]
			if d.Evidence[linePath(i, "text")].Source != "said" || e.listed(l.Text) {
				continue
			}
			if words := strings.Fields(l.Text); len(words) > 1 {
				var kept []string
				for _, x := range words {
					if !strings.EqualFold(x, s) {
						kept = append(kept, x)
					}
				}
				if len(kept) > 0 {
					l.Text = strings.Join(kept, " ")
				}
			}
		}
	}
}

// heardElsewhere says whether the word was well understood at another place.
func (e *engine) heardElsewhere(s string) bool {
	for _, w := range e.in.Words {
		if (w.P <= 0 || w.P >= doubtfulText) && strings.EqualFold(e.heard(w), s) {
			return true
		}
	}
	return false
}

// listed says whether the text is the name of an item of the price list.
func (e *engine) listed(text string) bool {
	for _, it := range e.catalog.items {
		if strings.HasPrefix(text, it.Name) {
			return true
		}
	}
	return false
}
