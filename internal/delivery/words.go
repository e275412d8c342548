package delivery

import (
	"strings"
	"time"
	"unicode/utf8"

	"feierabend"
)

// words holds what rendering needs besides the data.
type words struct {
	zone       *time.Location
	caseURL    func(feierabend.CaseID) string
	receiptURL func(feierabend.ReceiptID) string
	contact    string
	stopURL    func(recovery string) string
}

// nbsp keeps number and unit on one line.
const nbsp = "\u00a0"

func euro(c feierabend.Cents) string { return c.German() + nbsp + "€" }

// day is "25.11.2026" in the zone of the people.
func (w words) day(t time.Time) string { return t.In(w.zone).Format("02.01.2006") }

// moment is "25.11.2026, 18:07 Uhr".
func (w words) moment(t time.Time) string {
	return t.In(w.zone).Format("02.01.2006, 15:04") + nbsp + "Uhr"
}

// caseLink is the line that leads to the case's page, or "".
func (w words) caseLink(c feierabend.CaseID) string {
	if w.caseURL == nil || c == "" {
		return ""
	}
	return w.caseURL(c)
}

// paragraphs joins the non-empty ones with an empty line between them.
func paragraphs(p ...string) string {
	var keep []string
	for _, s := range p {
		if s != "" {
			keep = append(keep, s)
		}
	}
	return strings.Join(keep, "\n\n")
}

// clip shortens a text to n characters, at a word where one is near.
func clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)[:n-1]
	if i := strings.LastIndexByte(string(r), ' '); i > len(string(r))*2/3 {
		r = []rune(string(r)[:i])
	}
	return strings.TrimRight(string(r), " ,;:") + "…"
}

// bold marks a title as WhatsApp does; marks of its own would break it.
func bold(s string) string { return "*" + strings.ReplaceAll(s, "*", "") + "*" }

// title names a case in one line: „Rechnung für Frau Petersen“.
func title(kind feierabend.DraftKind, who string) string {
	switch {
	case who == "":
		return kind.German()
	case kind == feierabend.KindNote || kind == "":
		return kind.German() + ": " + clip(who, 60)
	}
	if name, ok := strings.CutPrefix(who, "Herr "); ok {
		who = "Herrn " + name
	}
	return kind.German() + " für " + clip(who, 60)
}

// button makes a reply button for a case.
func button(act feierabend.ButtonAct, c feierabend.CaseID, version int, label string) feierabend.ChatButton {
	return feierabend.ChatButton{ID: feierabend.Button{Act: act, Case: c, Version: version}.String(), Title: label}
}
