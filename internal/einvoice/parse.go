package einvoice

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"feierabend"
)

// Namespaces of the root elements.
const (
	spaceCII        = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
	spaceUBL        = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
	spaceCreditNote = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
)

// Parse reads a CII or UBL invoice of anybody into a Document, sums as stated,
// not computed. What the model has no place for is left out; currencies other
// than EUR are an error (code currency). Errors are Invalid and hold no content.
func Parse(b []byte) (feierabend.Document, error) {
	root, space, err := readTree(b)
	if err != nil {
		return feierabend.Document{}, err
	}
	p := &parser{}
	switch {
	case root.name == "CrossIndustryInvoice" && space == spaceCII:
		p.cii(root)
	case root.name == "Invoice" && space == spaceUBL, root.name == "CreditNote" && space == spaceCreditNote:
		p.ubl(root)
	default:
		return feierabend.Document{}, invalidXML("not_an_invoice", errors.New("unknown root element"))
	}
	if p.err != nil {
		return feierabend.Document{}, p.err
	}
	if len(p.doc.Lines) > maxLines {
		return feierabend.Document{}, invalidXML("xml_too_large", errors.New("too many lines"))
	}
	return p.doc, nil
}

// parser keeps the first error and goes on with zero values.
type parser struct {
	doc feierabend.Document
	err error
}

func (p *parser) fail(code string) {
	if p.err == nil {
		p.err = invalidXML(code, errors.New("value out of form"))
	}
}

// cents reads an amount: at most two decimals (BR-DEC).
func (p *parser) cents(n *node, path string) feierabend.Cents {
	v, exact := p.number(n.str(path), 2)
	if !exact {
		p.fail("decimals")
	}
	return feierabend.Cents(v)
}

// dec reads a quantity, price or percentage; more than four decimals are rounded.
func (p *parser) dec(n *node, path string) feierabend.Dec4 {
	v, _ := p.number(n.str(path), 4)
	return feierabend.Dec4(v)
}

// number reads an xs:decimal as integer with the given decimals, rounded half
// away from zero; exact is false where digits were lost.
func (p *parser) number(s string, decimals int) (v int64, exact bool) {
	if s == "" {
		return 0, true
	}
	t := strings.TrimPrefix(strings.TrimPrefix(s, "+"), "-")
	whole, frac, _ := strings.Cut(t, ".")
	whole, frac = strings.TrimLeft(whole, "0"), strings.TrimRight(frac, "0")
	if len(whole) > 12 || len(t) > 64 || strings.Trim(whole+frac, "0123456789") != "" || strings.Trim(t, ".") == "" {
		p.fail("number")
		return 0, true
	}
	exact = len(frac) <= decimals
	up := !exact && frac[decimals] >= '5'
	if !exact {
		frac = frac[:decimals]
	}
	v, err := strconv.ParseInt("0"+whole+frac+strings.Repeat("0", decimals-len(frac)), 10, 64)
	if err != nil || v == math.MaxInt64 {
		p.fail("number")
		return 0, true
	}
	if up {
		v++
	}
	if strings.HasPrefix(s, "-") {
		v = -v
	}
	return v, exact
}

// date reads "20260210" (format 102) or "2026-02-10", the latter with an optional zone.
func (p *parser) date(s string) feierabend.Date {
	if s == "" {
		return ""
	}
	if len(s) == 8 && !strings.Contains(s, "-") {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	d := feierabend.Date(s[:min(10, len(s))])
	if _, ok := d.Time(); !ok {
		p.fail("date")
	}
	return d
}

func profileOf(guide string) feierabend.DocumentProfile {
	if strings.Contains(guide, "xrechnung") {
		return feierabend.ProfileXRechnung
	}
	return feierabend.ProfileEN16931
}

// currency refuses what the model has no place for.
func (p *parser) currency(code string) {
	if code != "EUR" && code != "" {
		p.fail("currency")
	}
}

// terms splits BT-20 into words and the first Skonto line. A line that is none in
// the form of BR-DE-18 stays among the words, where Check finds it.
func (p *parser) terms(raw string) {
	var words []string
	for line := range strings.SplitSeq(raw, "\n") {
		t := strings.TrimSpace(line)
		c, ok := skonto(t)
		switch {
		case ok && p.doc.CashDiscount == nil:
			p.doc.CashDiscount = &c
		case !ok && t != "":
			words = append(words, t)
		}
	}
	p.doc.PaymentTerms = strings.Join(words, "\n")
}

// skonto reads "#SKONTO#TAGE=7#PROZENT=2.00#", with an optional BASISBETRAG (BR-DE-18).
func skonto(line string) (c feierabend.CashDiscount, ok bool) {
	rest, ok := strings.CutPrefix(line, "#SKONTO#TAGE=")
	if !ok {
		return c, false
	}
	days, rest, ok := strings.Cut(rest, "#PROZENT=")
	percent, rest, okPercent := strings.Cut(rest, "#")
	whole, frac, _ := strings.Cut(percent, ".")
	n, err := strconv.Atoi(days)
	v, errPercent := feierabend.ParseDec4(percent)
	basis, isBasis := strings.CutPrefix(rest, "BASISBETRAG=")
	if !ok || !okPercent || err != nil || errPercent != nil || len(frac) != 2 || whole == "" || n < 1 ||
		rest != "" && (!isBasis || !strings.HasSuffix(basis, "#")) {
		return c, false
	}
	return feierabend.CashDiscount{Percent: v, Days: n}, true
}

// paid turns BT-81 back into the way of payment where something was paid.
func (p *parser) paid(code string) {
	if p.doc.Prepaid == 0 {
		return
	}
	switch code {
	case "10":
		p.doc.PaidMethod = "cash"
	case "48", "54", "55":
		p.doc.PaidMethod = "card"
	}
}

// exempt remembers BT-120 and BT-121 per category.
func (p *parser) exempt(t feierabend.Tax) {
	p.doc.Sums.Taxes = append(p.doc.Sums.Taxes, t)
	if t.Reason == "" && t.Code == "" {
		return
	}
	if p.doc.Exemptions == nil {
		p.doc.Exemptions = map[string]feierabend.Exemption{}
	}
	p.doc.Exemptions[t.Category] = feierabend.Exemption{Reason: t.Reason, Code: t.Code}
}

func kindOf(typeCode string) feierabend.DraftKind {
	switch typeCode {
	case "326", "875":
		return feierabend.KindInterimInvoice
	case "877", "876":
		return feierabend.KindFinalInvoice
	}
	return feierabend.KindInvoice
}
