package delivery

import (
	"fmt"
	"strings"
	"time"

	"feierabend"
)

// status lists what is open, newest first, up to five.
func (w words) status(cases []feierabend.Case, now func() time.Time) feierabend.ChatMessage {
	if len(cases) == 0 {
		return feierabend.ChatMessage{Text: "Bei mir ist nichts offen. Wenn etwas anliegt, sprechen Sie einfach los."}
	}
	head := "1 Vorgang offen"
	if len(cases) > 1 {
		head = fmt.Sprintf("%d Vorgänge offen", len(cases))
	}
	var lines []string
	for i, c := range cases {
		if i == chatLines {
			lines = append(lines, fmt.Sprintf("und %d weitere", len(cases)-i))
			break
		}
		lines = append(lines, statusLine(c, now()))
	}
	return feierabend.ChatMessage{Text: paragraphs(bold(head), strings.Join(lines, "\n"), w.caseLink(cases[0].ID))}
}

func statusLine(c feierabend.Case, now time.Time) string {
	s := c.Summary
	parts := []string{title(s.Kind, s.Title)}
	if s.Number != "" {
		parts[0] = s.Number + " · " + clip(s.Title, 60)
	}
	if s.Gross != nil {
		sum := euro(*s.Gross)
		if s.Partial {
			sum = "bisher " + sum
		}
		parts = append(parts, sum)
	}
	switch c.State {
	case feierabend.CaseOpen:
		if s.Questions == 1 {
			parts = append(parts, "1 Frage")
		} else if s.Questions > 1 {
			parts = append(parts, fmt.Sprintf("%d Fragen", s.Questions))
		}
	case feierabend.CaseReady:
		if s.Kind.Issuable() {
			parts = append(parts, "bereit zum Ausstellen")
		}
	case feierabend.CaseIssued:
		parts = append(parts, "ausgestellt, noch nicht gespeichert")
	case feierabend.CaseDownloaded:
		parts = append(parts, "heruntergeladen")
	}
	return "• " + strings.Join(append(parts, endsIn(c.EndsAt(), now)), ", ")
}

// endsIn is „löscht in 29 Tagen“; the last day is told in hours.
func endsIn(end, now time.Time) string {
	switch days := feierabend.DaysLeft(now, end); days {
	case 0:
		h := int(end.Sub(now) / time.Hour)
		if h < 1 {
			return "löscht in weniger als einer Stunde"
		}
		if h == 1 {
			return "löscht in 1" + nbsp + "Stunde"
		}
		return fmt.Sprintf("löscht in %d%sStunden", h, nbsp)
	case 1:
		return "löscht in 1" + nbsp + "Tag"
	default:
		return fmt.Sprintf("löscht in %d%sTagen", days, nbsp)
	}
}

// eraseWhich asks which case to throw away: the last three have a button each, others
// are on their pages. Where there is one, it is asked about at once.
func (w words) eraseWhich(cases []feierabend.Case, now func() time.Time) feierabend.ChatMessage {
	switch len(cases) {
	case 0:
		return feierabend.ChatMessage{Text: "Bei mir ist nichts von Ihnen offen, es gibt nichts zu löschen."}
	case 1:
		return w.eraseThis(cases[0])
	}
	m := feierabend.ChatMessage{}
	var lines []string
	for i, c := range cases[:min(len(cases), feierabend.ChatButtonsMax)] {
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, strings.TrimPrefix(statusLine(c, now()), "• ")))
		m.Buttons = append(m.Buttons, button(feierabend.ActErase, c.ID, c.Version, fmt.Sprintf("%d löschen", i+1)))
	}
	more := ""
	if len(cases) > len(lines) {
		more = "Ältere Vorgänge löschen Sie auf ihrer Seite."
	}
	m.Text = paragraphs(bold("Welchen Vorgang löschen?"), strings.Join(lines, "\n"), "Ich frage dann noch einmal nach.", more)
	return m
}

// eraseThis asks about one case; only this button erases.
func (w words) eraseThis(c feierabend.Case) feierabend.ChatMessage {
	name := title(c.Summary.Kind, c.Summary.Title)
	if c.Summary.Number != "" {
		name = c.Summary.Number + " · " + clip(c.Summary.Title, 60)
	}
	return feierabend.ChatMessage{
		Text:    paragraphs(bold(name), "Jetzt löschen? Danach ist alles davon weg, auch für uns. Wenn nicht, tun Sie einfach nichts.", w.caseLink(c.ID)),
		Buttons: []feierabend.ChatButton{button(feierabend.ActDiscard, c.ID, c.Version, "Ja, löschen")},
	}
}
