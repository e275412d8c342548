package digest

import (
	"fmt"
	"strings"

	"feierabend"
)

// OffPath is the page that the link of each mail opens; the token stands behind it.
const OffPath = "/mails/abbestellen?t="

// Compose finds the words: counts, and nothing of what is counted. publicURL has no slash
// at its end.
func Compose(publicURL string, d feierabend.Digest, n feierabend.Waiting) feierabend.Letter {
	l := feierabend.Letter{
		To: d.To, Subject: subject(n), Lines: lines(n), Button: "Vorgänge ansehen", URL: publicURL + "/", Off: publicURL + OffPath + d.Token, Ref: d.ID,
		Small: []string{"Diese Mail kommt montags bis freitags um 17:30 Uhr, und nur, wenn etwas auf Sie wartet. Was es ist, steht nur auf der Seite."},
	}
	if d.Firm != "" {
		l.Lines = append([]string{d.Firm + ":"}, l.Lines...)
		l.Small = append(l.Small, "Sie gehören zu mehreren Betrieben. Zeigt die Seite den anderen, wechseln Sie unter „Einstellungen“.")
	}
	return l
}

// subject is "3 Entwürfe, 2 Fragen".
func subject(n feierabend.Waiting) string {
	var parts []string
	for _, p := range []struct {
		n         int
		one, many string
	}{
		{n.Drafts, "Entwurf", "Entwürfe"}, {n.Questions, "Frage", "Fragen"}, {n.Documents, "Beleg zum Speichern", "Belege zum Speichern"}, {n.Messages, "Nachricht zum Ansehen", "Nachrichten zum Ansehen"},
	} {
		if p.n > 0 {
			parts = append(parts, count(p.n, p.one, p.many))
		}
	}
	return strings.Join(parts, ", ")
}

// lines say the same in sentences.
func lines(n feierabend.Waiting) (out []string) {
	if n.Drafts > 0 {
		with := "."
		if n.Questions > 0 {
			with = ", mit " + count(n.Questions, "offenen Frage", "offenen Fragen") + "."
			if n.Questions == 1 {
				with = ", mit einer offenen Frage."
			}
		}
		out = append(out, count(n.Drafts, "Entwurf wartet", "Entwürfe warten")+" auf Sie"+with)
	}
	if n.Documents > 0 {
		out = append(out, count(n.Documents, "Beleg ist ausgestellt, aber noch nicht gespeichert.", "Belege sind ausgestellt, aber noch nicht gespeichert."))
	}
	if n.Messages > 0 {
		out = append(out, count(n.Messages, "Nachricht braucht", "Nachrichten brauchen")+" einen Blick von Ihnen.")
	}
	all := n.Drafts + n.Documents + n.Messages
	switch {
	case n.Ending == 0:
	case all == 1:
		out = append(out, "Das wird in den nächsten drei Tagen gelöscht.")
	case n.Ending == all:
		out = append(out, "Alles davon wird in den nächsten drei Tagen gelöscht.")
	default:
		out = append(out, count(n.Ending, "davon wird", "davon werden")+" in den nächsten drei Tagen gelöscht.")
	}
	return out
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
