package web

import (
	"net/url"
	"strings"

	"feierabend"
)

// value is a value of the draft with where it came from; a tap shows its words
// and plays that second.
type value struct {
	Text, Source string
	URL          string // "" = nothing to show
	Current      bool   // the tapped one
	Message      string // for the script: whose words
	From, To     int    // rune range
	Start, End   int64  // milliseconds, 0 0 = no time known
}

// value makes the tap target of a path of the draft.
func (p *draftPage) value(l loaded, path, text string) value {
	v := value{Text: text}
	if n := p.questionNumber(path); n > 0 {
		v.URL, v.Source = "#frage-"+inDigits(n), "Frage "+inDigits(n)
		return v
	}
	key, ev, ok := findEvidence(l.draft.Draft, path)
	if !ok {
		return v
	}
	v.Source = sourceWord(ev, path, "")
	t, has := l.transcripts[ev.Message]
	if !has || ev.To <= ev.From || ev.From < 0 {
		return v
	}
	v.Message, v.From, v.To = string(ev.Message), ev.From, ev.To
	v.URL = "/v/" + string(l.ID) + "?w=" + url.QueryEscape(key) + "#worte"
	v.Current = p.selected == key
	if start, _, timed := t.TimeOf(ev.From, ev.To); timed {
		a, b := passage(t, ev.From, ev.To, t.Duration)
		v.Start, v.End = a.Milliseconds(), b.Milliseconds()
		v.Source = sourceWord(ev, path, minuteSecond(start))
	} else if t.Engine == "text" && ev.Source == "said" {
		v.Source = "geschrieben"
	}
	return v
}

// findEvidence looks a path up, then what stands for it: "supply" by its first
// day, an address by its street, a period by its end.
func findEvidence(d feierabend.Draft, path string) (string, feierabend.Evidence, bool) {
	for _, p := range append([]string{path}, alsoUnder[path]...) {
		if ev, ok := d.Evidence[p]; ok {
			return p, ev, true
		}
	}
	return "", feierabend.Evidence{}, false
}

var alsoUnder = map[string][]string{
	"supply":        {"supply.from", "supply.to"},
	"buyer.address": {"buyer.street", "buyer.postcode", "buyer.city"},
	"buyer.name":    {"buyer.company", "buyer"},
	"discount":      {"discount_amount"},
	"cash_discount": {"cash_discount.percent", "cash_discount.days"},
	"paid":          {"paid.amount", "paid.all", "paid.method"},
}

// sourceWord says where a value came from, in words.
func sourceWord(ev feierabend.Evidence, path, at string) string {
	switch ev.Source {
	case "said":
		if at != "" {
			return "gesagt, " + at
		}
		return "gesagt"
	case "profile":
		switch {
		case strings.HasSuffix(path, ".price"):
			return "Ihre Preise"
		case strings.HasPrefix(path, "buyer"):
			return "Adressbuch"
		}
		return "Stammdaten"
	case "answered":
		return "Ihre Antwort"
	case "rule":
		return "errechnet"
	}
	return ""
}
