package drafting

import (
	"fmt"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/dictation"
)

// edit changes a copy of a draft by paths and values.
type edit struct {
	d        feierabend.Draft
	profile  feierabend.Profile
	book     []feierabend.BookEntry // of which an answer may choose
	lists    *dictation.Lists
	at       time.Time // in the firm's zone: "heute" counts from here
	from     origin
	answered map[string]bool // paths that got a value: their questions are answered
	// heard: the value is a chat message that may mean something else; what the
	// engine does not recognise is not taken.
	heard bool
}

// edit begins a change; at is when the person spoke, tapped or typed.
func (s *Step) edit(d feierabend.Draft, p feierabend.Profile, book []feierabend.BookEntry, at time.Time, from origin) *edit {
	return &edit{d: clone(d), profile: p, book: book, lists: s.lists, at: at.In(s.zone), from: from, answered: map[string]bool{}}
}

// done is the changed draft with questions and sums worked out anew.
func (e *edit) done() feierabend.Draft {
	var left []string
	for _, q := range e.d.Questions {
		if !e.answered[q] {
			left = append(left, q)
		}
	}
	e.d.Questions = left
	return check(e.d, e.profile)
}

// got notes that a path has a value from a person.
func (e *edit) got(paths ...string) {
	for _, p := range paths {
		e.d.Evidence[p] = e.from.evidence()
		e.answered[p] = true
	}
}

// set writes a value. The error is Invalid with a German text, and nothing is changed then.
func (e *edit) set(path, value string) error {
	value = strings.TrimSpace(value)
	if len(value) > 2000 {
		return bad(path, "too_long", "Das ist zu lang für dieses Feld. Übernommen ist noch nichts. Bitte fassen Sie sich kürzer.")
	}
	if i, field, ok := feierabend.LinePath(path); ok {
		return e.setLine(path, i, field, value)
	}
	if field, ok := strings.CutPrefix(path, "buyer."); ok {
		return e.setBuyer(path, field, value)
	}
	if field, ok := strings.CutPrefix(path, "paid."); ok {
		return e.setPaid(path, field, value)
	}
	switch path {
	case "supply", "supply.from", "supply.to":
		return e.setSupply(path, value)
	case "lines":
		return e.addLines(path, value)
	case "site":
		e.d.Site = oneLine(value)
		e.got(path)
	case "kind":
		return e.setKind(path, value)
	case "prices":
		return e.setPrices(path, value)
	case "vat":
		return e.setVAT(path, value)
	case "vat_scheme":
		return e.setScheme(path, value)
	case "due_days", "valid_days":
		return e.setDays(path, value)
	case "discount", "share":
		return e.setPercent(path, value)
	case "totals.gross":
		return e.setOpenAmount(path, value)
	default:
		return bad(path, "path", "Diese Angabe lässt sich hier nicht ändern. Der Entwurf ist unverändert.")
	}
	return nil
}

// bad is the one error of a value that cannot be taken; it names no content.
func bad(path, code, text string) error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: code, Text: text, Err: fmt.Errorf("value for %s", pathKind(path))}
}

// pathKind is a path without index: fit for logs.
func pathKind(path string) string {
	if _, field, ok := feierabend.LinePath(path); ok {
		return "lines." + field
	}
	return path
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
