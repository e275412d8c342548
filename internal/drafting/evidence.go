package drafting

import (
	"maps"
	"slices"
	"strings"

	"feierabend"
)

// The sources of a value (design §4.3).
const (
	sourceSaid     = "said"
	sourceProfile  = "profile"
	sourceRule     = "rule"
	sourceAnswered = "answered"
)

// origin is where a new value comes from: a message and the words in it, or a page.
type origin struct {
	message feierabend.MessageID
	to      int // length of the text in runes
}

func (o origin) evidence() feierabend.Evidence {
	return feierabend.Evidence{Source: sourceAnswered, Message: o.message, To: o.to}
}

// said is the whole text of a note as origin.
func said(n note) origin { return origin{message: n.ID, to: len([]rune(n.text))} }

// under says whether a path is base or lies below it: "lines[1].price" is under "lines[1]".
func under(path, base string) bool {
	rest, ok := strings.CutPrefix(path, base)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// moveEvidence copies the evidence under a path of another draft to a path of d.
func moveEvidence(d *feierabend.Draft, from feierabend.Draft, old, path string) {
	for p, e := range from.Evidence {
		if under(p, old) {
			if d.Evidence == nil {
				d.Evidence = map[string]feierabend.Evidence{}
			}
			d.Evidence[path+strings.TrimPrefix(p, old)] = e
		}
	}
}

// dropLine takes a line out: evidence and questions of the lines after it move up.
func dropLine(d *feierabend.Draft, i int) {
	d.Lines = slices.Delete(d.Lines, i, i+1)
	moved := map[string]feierabend.Evidence{}
	for p, e := range d.Evidence {
		if q, ok := withoutLine(p, i); ok {
			moved[q] = e
		}
	}
	d.Evidence = moved
	var questions []string
	for _, p := range d.Questions {
		if q, ok := withoutLine(p, i); ok {
			questions = append(questions, q)
		}
	}
	d.Questions = questions
}

// withoutLine renames a path for a draft without line i; ok is false for paths of that line.
func withoutLine(path string, i int) (string, bool) {
	n, field, ok := feierabend.LinePath(path)
	switch {
	case !ok || n < i:
		return path, true
	case n == i:
		return "", false
	}
	return feierabend.PathOfLine(n-1, field), true
}

// clone copies a draft so far that changing lines, tasks, evidence or pointers
// of the copy leaves the original alone.
func clone(d feierabend.Draft) feierabend.Draft {
	d.Lines, d.People, d.Tasks = slices.Clone(d.Lines), slices.Clone(d.People), slices.Clone(d.Tasks)
	d.Withhold, d.Questions, d.Entries, d.Evidence = slices.Clone(d.Withhold), slices.Clone(d.Questions), slices.Clone(d.Entries), maps.Clone(d.Evidence)
	d.Buyer, d.Supply, d.Paid = copyOf(d.Buyer), copyOf(d.Supply), copyOf(d.Paid)
	d.CashDiscount, d.Totals = copyOf(d.CashDiscount), copyOf(d.Totals)
	if d.Evidence == nil {
		d.Evidence = map[string]feierabend.Evidence{}
	}
	return d
}

func copyOf[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
