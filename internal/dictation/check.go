package dictation

import (
	"maps"
	"slices"
	"strings"

	"feierabend"
)

// Check is the validator every draft passes, whatever engine drafted it (design §4.3): each
// said number is read again in its evidence and each said name must stand there; what does
// not match, or has no evidence, is dropped and so becomes a question. Values from profile,
// rules and answers stand.
func Check(d feierabend.Draft, text string) feierabend.Draft {
	c := &checker{text: []rune(text), ev: d.Evidence}
	d.Lines = slices.Clone(d.Lines)
	d.People = slices.Clone(d.People)
	d.Evidence = maps.Clone(d.Evidence)
	for i := range d.Lines {
		l := &d.Lines[i]
		if l.Quantity != nil && !c.number(linePath(i, "quantity"), *l.Quantity) {
			l.Quantity = nil
			delete(d.Evidence, linePath(i, "quantity"))
		}
		if l.Price != nil && !c.number(linePath(i, "price"), *l.Price) {
			l.Price, l.Source = nil, ""
			delete(d.Evidence, linePath(i, "price"))
		}
	}
	d.Buyer = c.buyer(d.Buyer, d.Evidence)
	c.terms(&d)
	people := d.People[:0]
	for i, p := range d.People {
		if ev, ok := c.ev["people["+itoa(i)+"].name"]; ok && (p.Name == "Ich" || c.words(ev, p.Name)) {
			people = append(people, p)
		}
	}
	d.People = people
	if len(people) == 0 {
		d.People = nil
	}
	if len(d.Lines) == 0 {
		d.Lines = nil
	}
	return d
}

type checker struct {
	text []rune
	ev   map[string]feierabend.Evidence
}

func (c *checker) slice(ev feierabend.Evidence) (string, bool) {
	if ev.From < 0 || ev.To > len(c.text) || ev.From >= ev.To {
		return "", false
	}
	return string(c.text[ev.From:ev.To]), true
}

// number says whether the value may stand.
func (c *checker) number(path string, v feierabend.Dec4) bool {
	ev, ok := c.ev[path]
	if !ok {
		return false
	}
	switch ev.Source {
	case "profile", "answered":
		return true
	case "rule":
		if ev.To == 0 {
			return true
		}
		s, ok := c.slice(ev)
		return ok && len(readings(s)) > 0
	}
	s, ok := c.slice(ev)
	if !ok {
		return false
	}
	return slices.Contains(readings(s), v)
}

// readings lists every number that can be read in s.
func readings(s string) []feierabend.Dec4 {
	t := joinUnits(tokenise(s))
	var out []feierabend.Dec4
	for i := range t {
		if n, ok := euroAt(t, i); ok {
			out = append(out, n.v)
		}
		if n, ok := pairAt(t, i); ok {
			out = append(out, n.v)
		}
		if q, ok := quantityAt(t, i); ok {
			out = append(out, q.v)
		}
		if n, ok := numberAt(t, i); ok {
			out = append(out, n.v)
		}
		if v, ok := timesWord(t[i].low); ok {
			out = append(out, v)
		}
		if n, _, ok := ordinalAt(t, i); ok {
			out = append(out, feierabend.Dec(n))
		}
	}
	return out
}

// words says whether each word of a said name stands in its evidence.
func (c *checker) words(ev feierabend.Evidence, name string) bool {
	if ev.Source != "said" {
		return true
	}
	s, ok := c.slice(ev)
	if !ok {
		return false
	}
	heard := strings.ToLower(s)
	glued := strings.NewReplacer(" ", "", "-", "", ".", "").Replace(heard)
	for _, w := range strings.Fields(strings.ToLower(name)) {
		w = strings.Trim(w, ".,&")
		if w == "" || w == "dr" || w == "prof" || w == "co" {
			continue
		}
		if !strings.Contains(heard, w) && !strings.Contains(glued, strings.NewReplacer("-", "", ".", "").Replace(w)) && !strings.ContainsAny(w, "0123456789") && !strings.HasSuffix(w, "straße") {
			return false
		}
	}
	return true
}

// buyer drops names and places that were not said, and postcodes whose digits were not.
func (c *checker) buyer(b *feierabend.Buyer, ev map[string]feierabend.Evidence) *feierabend.Buyer {
	if b == nil {
		return nil
	}
	out := *b
	for path, field := range map[string]*string{"buyer.name": &out.Name, "buyer.company": &out.Company, "buyer.city": &out.City, "buyer.street": &out.Street} {
		if e, ok := c.ev[path]; *field != "" && (!ok || !c.words(e, *field)) {
			*field = ""
			delete(ev, path)
		}
	}
	if e, ok := c.ev["buyer.postcode"]; out.Postcode != "" && (!ok || e.Source == "said" && !c.digits(e, out.Postcode)) {
		out.Postcode = ""
		delete(ev, "buyer.postcode")
	}
	if e, ok := c.ev["buyer.phone"]; out.Phone != "" && (!ok || e.Source == "said" && !c.digits(e, strings.TrimPrefix(strings.TrimPrefix(out.Phone, "+49"), "+"))) {
		out.Phone = ""
		delete(ev, "buyer.phone")
	}
	if out == (feierabend.Buyer{}) {
		return nil
	}
	return &out
}

func (c *checker) digits(ev feierabend.Evidence, want string) bool {
	s, ok := c.slice(ev)
	if !ok {
		return false
	}
	all := onlyDigits(s)
	if strings.Contains(all, want) {
		return true // written with marks: "25.541"
	}
	all = ""
	t := tokenise(s)
	for i := 0; i < len(t); {
		d, j := digitRun(t, i)
		all += d
		i = max(j, i+1)
	}
	return strings.Contains(all, want)
}

// terms drops conditions whose figures are not in their words.
func (c *checker) terms(d *feierabend.Draft) {
	bad := func(path string, v feierabend.Dec4) bool {
		if c.number(path, v) {
			return false
		}
		delete(d.Evidence, path)
		return true
	}
	if d.Discount != nil && bad("discount", *d.Discount) {
		d.Discount = nil
	}
	if d.DiscountAmount != nil && bad("discount_amount", d.DiscountAmount.Dec4()) {
		d.DiscountAmount = nil
	}
	if d.Share != nil && bad("share", *d.Share) {
		d.Share = nil
	}
	if d.Paid != nil && d.Paid.Amount != nil && bad("paid.amount", d.Paid.Amount.Dec4()) {
		d.Paid = nil
	}
	if s := d.CashDiscount; s != nil && (bad("cash_discount.percent", s.Percent) || c.days("cash_discount.days", s.Days)) {
		d.CashDiscount = nil
	}
	if d.DueDays != nil && c.days("due_days", *d.DueDays) {
		d.DueDays = nil
	}
	if d.ValidDays != nil && c.days("valid_days", *d.ValidDays) {
		d.ValidDays = nil
	}
}

// days says whether a number of days is not in its words; weeks count sevenfold.
func (c *checker) days(path string, n int) bool {
	v := feierabend.Dec(n)
	return !c.number(path, v) && !(n%7 == 0 && c.number(path, v/7))
}

func onlyDigits(s string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
}
