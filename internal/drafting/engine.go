package drafting

import (
	"feierabend"
	"feierabend/internal/dictation"
)

// Who made a version.
const (
	engineLocal  = "local"  // the German engine, internal/dictation
	enginePerson = "person" // an answer by button, text or page
)

// input is a note as the engine takes it.
func (s *Step) input(n note) dictation.Input {
	return dictation.Input{Text: n.text, At: n.At.In(s.zone), Profile: n.profile, Book: ids(n.book), Lists: s.lists, Words: n.words}
}

// dictate reads a note as a draft of its own.
func (s *Step) dictate(n note) feierabend.Draft {
	d := dictation.Draft(s.input(n))
	d = check(dictation.Check(d, n.text), n.profile)
	for p, e := range d.Evidence {
		if e.Source == sourceSaid || e.To > e.From {
			e.Message = n.ID
			d.Evidence[p] = e
		}
	}
	if from, to, ok := kindWord(n.text, d.Kind); ok {
		if d.Evidence == nil {
			d.Evidence = map[string]feierabend.Evidence{}
		}
		d.Evidence["kind"] = feierabend.Evidence{Source: sourceSaid, Message: n.ID, From: from, To: to}
	}
	return d
}

// corrected reads a note as a change of a draft; ok is false where it is none.
func (s *Step) corrected(n note, prev feierabend.Draft) (feierabend.Draft, bool) {
	next, ok := dictation.Correct(clone(prev), s.input(n))
	if !ok {
		return prev, false
	}
	for p, e := range next.Evidence {
		if e != prev.Evidence[p] && e.Message == "" {
			e.Message = n.ID
			next.Evidence[p] = e
		}
	}
	if next.Buyer.Label() != prev.Buyer.Label() {
		next.Entries = nil // they were found by another name
	}
	return check(next, n.profile), true
}

func totals(d feierabend.Draft, p feierabend.Profile) *feierabend.Totals {
	return dictation.Totals(d, p)
}

// readBuyer reads a name as people say it; what the address book knows comes with it.
func (e *edit) readBuyer(value string) feierabend.Draft {
	return dictation.Draft(dictation.Input{Text: "Rechnung für " + value + ".", At: e.at, Profile: e.profile, Book: ids(e.book), Lists: e.lists})
}

// readLines reads the positions of an invoice out of a text.
func (e *edit) readLines(value string) feierabend.Draft {
	const start = "Rechnung. "
	d := dictation.Draft(dictation.Input{Text: start + value, At: e.at, Profile: e.profile, Lists: e.lists})
	for path, v := range d.Evidence {
		if v.To > 0 {
			v.From, v.To = max(v.From-len(start), 0), max(v.To-len(start), 0)
			d.Evidence[path] = v
		}
	}
	return d
}

// readMeasure reads a quantity with its unit as people say it, e.g. „zweieinhalb Stunden“.
func (e *edit) readMeasure(value string) (q feierabend.Dec4, unit string, ok bool) {
	d := dictation.Draft(dictation.Input{Text: value, At: e.at, Profile: e.profile, Lists: e.lists})
	if len(d.Lines) != 1 || d.Lines[0].Quantity == nil || saidPrice(d) {
		return 0, "", false
	}
	return *d.Lines[0].Quantity, d.Lines[0].Unit, true
}
