package delivery

import (
	"fmt"
	"strings"
	"time"

	"feierabend"
)

// warning tells before the end of a case what will be erased when, and what to do
// (J-30).
func (w words) warning(c feierabend.Case, now time.Time) feierabend.ChatMessage {
	name := title(c.Summary.Kind, c.Summary.Title)
	if c.Summary.Number != "" {
		name = strings.TrimRight(c.Summary.Number+" · "+clip(c.Summary.Title, 60), " ·")
	}
	if c.Version == 0 {
		name = "Ihre Nachricht vom " + w.day(c.CreatedAt)
	}
	m := feierabend.ChatMessage{Text: paragraphs(
		bold(name),
		"Wird "+soon(c.ExpiresAt, now)+" gelöscht, am "+w.moment(c.ExpiresAt)+". Danach ist alles davon weg, auch bei uns. "+warningAdvice(c),
		w.caseLink(c.ID),
	)}
	if c.State == feierabend.CaseIssued || c.State == feierabend.CaseDownloaded {
		m.Buttons = []feierabend.ChatButton{button(feierabend.ActSaved, c.ID, c.Version, "Gespeichert")}
	}
	return m
}

// soon is „in 9 Tagen“, to the nearest day: the warning goes out some seconds after
// its moment. The last hours are told in hours.
func soon(end, now time.Time) string {
	left := end.Sub(now)
	if left < 20*time.Hour {
		return strings.TrimPrefix(endsIn(end, now), "löscht ")
	}
	days := int((left + 12*time.Hour) / (24 * time.Hour))
	if days == 1 {
		return "in 1" + nbsp + "Tag"
	}
	return fmt.Sprintf("in %d%sTagen", days, nbsp)
}

// warningAdvice says what to do before the end, by what there is to lose.
func warningAdvice(c feierabend.Case) string {
	switch {
	case c.State == feierabend.CaseIssued || c.State == feierabend.CaseDownloaded:
		return "Bitte speichern Sie den Beleg vorher. Liegt er schon bei Ihnen, tippen Sie „Gespeichert“, dann lösche ich sofort."
	case c.Version > 0 && c.Summary.Kind.Issuable() && c.Summary.Questions > 0:
		return "Wenn daraus noch ein Beleg werden soll: bitte vorher die offenen Fragen beantworten, ausstellen und speichern. Sonst müssen Sie nichts tun."
	case c.Version > 0 && c.Summary.Kind.Issuable():
		return "Wenn daraus noch ein Beleg werden soll: bitte vorher ausstellen und speichern. Sonst müssen Sie nichts tun."
	}
	return "Was Sie davon noch brauchen, schreiben Sie sich bitte vorher heraus. Sonst müssen Sie nichts tun."
}
