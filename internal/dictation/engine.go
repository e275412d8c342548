package dictation

import (
	"strconv"
	"strings"
	"time"

	"feierabend"
)

// Input is a text with what is needed to understand it.
type Input struct {
	Text    string
	At      time.Time // when it was said, in the zone of the firm (Europe/Berlin, set by the caller)
	Profile feierabend.Profile
	// Book are the ids of Profile.AddressBook, in its order; without them a draft does not
	// say between which entries it cannot choose.
	Book  []feierabend.AddressID
	Lists *Lists            // price lists made ready before; nil = made ready anew
	Words []feierabend.Word // optional: the recogniser's words; numbers below doubtful are asked
}

const (
	free     claim = iota
	withheld       // must appear nowhere
	dropped        // said not to be billed, or only told
	task
	buyer
	date
	terms
	people
	price // list, lump and unknown-price words
)

// engine is the state of one text.
type engine struct {
	in      Input
	src     []rune
	t       []token
	claims  []claim
	cased   bool // nouns have capital letters
	pointed bool // the text has commas and full stops
	catalog catalog
	hits    map[int]hit // price-list hits by first token
	d       feierabend.Draft
	streets []street
	askVAT  bool
	net     bool            // „netto“ was said
	habit   bool            // prices are gross by the firm's habit
	crew    int             // largest number of people said, once counted
	parts   []int           // places where a part of a line was said not to be billed
	asked   map[string]bool // paths whose value was said to be unknown
}

// Draft reads a text into a draft with evidence, open questions and totals.
func Draft(in Input) feierabend.Draft {
	e := newEngine(in)
	if len(e.t) == 0 {
		return feierabend.Draft{Kind: feierabend.KindNote}
	}
	e.read("")
	if e.d.Kind == "" && e.onlyTasks() {
		e = newEngine(in)
		e.read(feierabend.KindNote)
	}
	if e.habitual() { // once more, so that list prices come gross too
		e = newEngine(in)
		e.habit = true
		e.read("")
	}
	return e.finish()
}

// onlyTasks says whether a text without a kind names things to do and nobody to bill.
func (e *engine) onlyTasks() bool {
	if len(e.d.Tasks) == 0 || e.d.Buyer != nil && e.d.Buyer.Street != "" {
		return false
	}
	for _, l := range e.d.Lines {
		if l.Kind == feierabend.LineLabour || l.Kind == feierabend.LineTravel || l.Kind == feierabend.LineLump || l.Price != nil && l.Source == "" && e.d.Buyer != nil {
			return false
		}
	}
	return e.d.Paid == nil && (e.d.Supply == nil || len(e.d.Lines) == 0)
}

// read runs all readers; a kind that is already known is not looked for.
func (e *engine) read(kind feierabend.DraftKind) {
	e.withhold()
	e.d.Kind = kind
	if kind == "" {
		e.d.Kind = e.kind()
	}
	e.findHits()
	e.reference()
	e.tasks()
	e.streets = e.findStreets()
	e.contact()
	e.party()
	e.vat()
	e.terms()
	e.payment()
	e.takeMeans()
	e.supply()
	e.exclude()
	if e.d.Kind == feierabend.KindWorkReport {
		e.people()
	}
	if e.d.Kind != feierabend.KindReminder && e.d.Kind != feierabend.KindNote {
		e.lines()
	}
}

func newEngine(in Input) *engine {
	e := &engine{in: in, src: []rune(in.Text), asked: map[string]bool{}, hits: map[int]hit{}}
	all := joinUnits(splitGlued(joinPostcodes(joinMarks(tokenise(in.Text)))))
	e.cased = cased(all)
	e.pointed = e.cased || pointed(all)
	e.catalog = in.Lists.of(in.Profile.PriceList)
	e.t = e.joinCompounds(spell(repair(all)))
	e.claims = make([]claim, len(e.t))
	e.d.Evidence = map[string]feierabend.Evidence{}
	return e
}

// finish settles the kind, guards against leaks, checks and sums.
func (e *engine) finish() feierabend.Draft {
	if e.d.Kind == "" {
		e.d.Kind = feierabend.KindInvoice
		if len(e.d.Lines) == 0 && e.d.Paid == nil && (len(e.d.Tasks) > 0 || e.d.Buyer == nil) {
			e.d.Kind = feierabend.KindNote
		}
	}
	d := &e.d
	switch d.Kind {
	case feierabend.KindNote:
		*d = feierabend.Draft{Kind: d.Kind, Tasks: d.Tasks, Withhold: d.Withhold, Evidence: d.Evidence}
	case feierabend.KindReminder:
		d.Lines, d.Supply, d.VATScheme, d.Prices, d.Paid = nil, nil, "", "", nil
	case feierabend.KindWorkReport:
		d.VATScheme, d.Prices = "", ""
	}
	e.guard()
	if e.askVAT {
		d.Questions = append(d.Questions, "vat")
	}
	if e.d.Kind.Priced() && d.VATScheme == "" && e.in.Profile.VATScheme == "small_business" {
		d.VATScheme = "small_business"
		e.rule("vat_scheme")
	}
	out := Check(*d, e.in.Text)
	e.doubt(&out)
	e.doubtBuyer(&out)
	e.doubtText(&out)
	out.Questions = Questions(out, e.in.Profile)
	if out.Kind != feierabend.KindReminder {
		out.Totals = Totals(out, e.in.Profile)
	}
	return prune(out)
}

// doubtful is the probability below which a recognised number is asked.
const doubtful = 0.35

// doubt drops said prices and quantities whose words the recogniser was unsure of.
func (e *engine) doubt(d *feierabend.Draft) {
	unsure := func(path string) bool {
		ev, ok := d.Evidence[path]
		if !ok || ev.Source != "said" {
			return false
		}
		for _, w := range e.in.Words {
			if w.From < ev.To && w.To > ev.From && w.P > 0 && w.P < doubtful && strings.ContainsAny(string(e.src[max(w.From, 0):min(w.To, len(e.src))]), "0123456789") {
				return true
			}
		}
		return false
	}
	for i := range d.Lines {
		if p := linePath(i, "quantity"); unsure(p) {
			d.Lines[i].Quantity = nil
			delete(d.Evidence, p)
		}
		if p := linePath(i, "price"); unsure(p) {
			d.Lines[i].Price = nil
			delete(d.Evidence, p)
		}
	}
}

// prune drops evidence of paths that no longer hold a value.
func prune(d feierabend.Draft) feierabend.Draft {
	if d.Kind == feierabend.KindNote {
		for k := range d.Evidence {
			if !strings.HasPrefix(k, "tasks") && !strings.HasPrefix(k, "withhold") {
				delete(d.Evidence, k)
			}
		}
	}
	if len(d.Evidence) == 0 {
		d.Evidence = nil
	}
	return d
}

func linePath(i int, field string) string { return "lines[" + strconv.Itoa(i) + "]." + field }
