package drafting

import (
	"reflect"

	"feierabend"
)

// The judgements of this file are on the safe side: two customers must never mix
// on one invoice, and a note that is told twice is better than one that is lost.

// chance says that what looks like a correction is none: a dictation of its own
// that happens to name a date or a number, or a date in a long sentence.
func chance(text string, prev, next, fresh feierabend.Draft) bool {
	if cued(text) {
		return false
	}
	own := len(fresh.Lines) > 1 || len(fresh.Lines) == 1 && (fresh.Buyer.Label() != "" || fresh.Site != "")
	if own || len(fresh.Lines) > 0 && reflect.DeepEqual(prev.Lines, next.Lines) {
		return true
	}
	next.Supply, next.Evidence, next.Questions, next.Totals = prev.Supply, prev.Evidence, prev.Questions, prev.Totals
	return reflect.DeepEqual(clone(prev), clone(next)) && !asks(prev, "supply") && len(plainWords(text)) > 8
}

// unchanged says that two drafts say the same, wherever they have it from.
func unchanged(a, b feierabend.Draft) bool {
	b.Evidence = a.Evidence
	return reflect.DeepEqual(clone(a), clone(b))
}

// refines says that the words only tell who the buyer is, or more about the same
// one: „Frau Hansen“.
func refines(prev, fresh feierabend.Draft) bool {
	if len(fresh.Lines) > 0 || len(fresh.People) > 0 || fresh.Buyer.Label() == "" {
		return false
	}
	return prev.Buyer.Label() == "" && asks(prev, "buyer.name") || prev.Buyer.Label() != "" && sameBuyer(fresh.Buyer, prev.Buyer)
}

// refine takes over what was said about the buyer.
func refine(prev, fresh feierabend.Draft) feierabend.Draft {
	d := clone(prev)
	if d.Buyer == nil {
		d.Buyer = &feierabend.Buyer{}
	}
	b, f := d.Buyer, fresh.Buyer
	for path, x := range map[string][2]*string{
		"buyer.salutation": {&b.Salutation, &f.Salutation}, "buyer.name": {&b.Name, &f.Name}, "buyer.company": {&b.Company, &f.Company},
		"buyer.street": {&b.Street, &f.Street}, "buyer.postcode": {&b.Postcode, &f.Postcode}, "buyer.city": {&b.City, &f.City},
		"buyer.email": {&b.Email, &f.Email}, "buyer.phone": {&b.Phone, &f.Phone}, "buyer.reference": {&b.Reference, &f.Reference},
	} {
		if *x[1] != "" {
			*x[0] = *x[1]
			moveEvidence(&d, fresh, path, path)
		}
	}
	d.Entries = fresh.Entries
	return d
}

// brief says that a text is short, or begins as an afterthought does: a long one
// without a name is rather the next job, and two customers must never mix.
func brief(text string) bool {
	words := plainWords(text)
	if len(words) <= 10 {
		return true
	}
	for i, w := range words {
		if i < 4 && (w == "noch" || w == "dazu" || w == "außerdem" || w == "zusätzlich" || w == "vergessen") {
			return true
		}
	}
	return false
}

// elsewhere says that a text begins with a person or place: „Bei Müller Heizung entlüftet“.
func elsewhere(text string) bool {
	for i, w := range plainWords(text) {
		if i < 3 && (w == "bei" || w == "beim" || w == "für") {
			return true
		}
	}
	return false
}

// cues are the words by which people change what they said before.
var cues = map[string]bool{
	"nicht": true, "statt": true, "sondern": true, "doch": true, "noch": true, "dazu": true, "außerdem": true, "zusätzlich": true, "streichen": true, "streich": true,
	"weg": true, "raus": true, "weglassen": true, "ohne": true, "vergessen": true, "fehlt": true, "fehlen": true, "ändern": true, "falsch": true, "korrektur": true, "auch": true,
}

// cued says whether such a word begins the text or stands near its begin.
func cued(text string) bool {
	for i, w := range plainWords(text) {
		if cues[w] {
			return true
		}
		if i > 12 {
			break
		}
	}
	return false
}

// namesAnother says that the words are another job: another buyer with work of
// its own, or another kind of document. A bare name may still be a correction.
func namesAnother(prev, fresh feierabend.Draft) bool {
	work := len(fresh.Lines) > 0 || len(fresh.People) > 0
	switch {
	case spokenKind(fresh) && fresh.Kind != prev.Kind && work:
		return true
	case fresh.Buyer.Label() == "":
		return false
	case prev.Buyer.Label() == "":
		return work // „beim Petersen, zwei Stunden“ starts anew; a bare name answers
	}
	return !sameBuyer(prev.Buyer, fresh.Buyer) && (work || spokenKind(fresh))
}

// spokenKind says that the kind was said and not concluded.
func spokenKind(d feierabend.Draft) bool { return d.Evidence["kind"].Source == sourceSaid }

// sameBuyer compares names as people say them: „Petersen“ is „Frau Petersen“.
func sameBuyer(a, b *feierabend.Buyer) bool {
	names := func(x *feierabend.Buyer) map[string]bool {
		m := map[string]bool{}
		for _, s := range []string{x.Name, x.Company} {
			for _, w := range plainWords(s) {
				m[w] = true
			}
		}
		return m
	}
	for w := range names(b) {
		if !names(a)[w] {
			return false
		}
	}
	return true
}

// extends says that the words are more lines for the same job: no name, no kind
// of their own, prices in the same mode.
func extends(prev, fresh feierabend.Draft) bool {
	return len(fresh.Lines) > 0 && fresh.Buyer == nil && fresh.Site == "" && !spokenKind(fresh) && prev.Kind != feierabend.KindNote &&
		(fresh.Prices == prev.Prices || prev.Prices == "gross" && !saidPrice(fresh))
}

// saidPrice says that some line's price was spoken: its mode must not be guessed.
func saidPrice(d feierabend.Draft) bool {
	for _, l := range d.Lines {
		if l.Price != nil && l.Source != sourceProfile {
			return true
		}
	}
	return false
}
