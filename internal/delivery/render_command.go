package delivery

import (
	"context"
	"fmt"
	"strings"

	"feierabend"
)

// The commands, as drafting writes them into Ref. The last two are answers to
// buttons: „Ändern“, and a choice that needs words.
const (
	commandHelp    = "hilfe"
	commandStatus  = "status"
	commandErase   = "loeschen"
	commandHuman   = "mensch"
	commandStop    = "stopp"
	commandChange  = "aendern"
	commandAskFree = "frage:" // followed by the path of the question
)

// command renders the answer to one of the five words (J-04) or to a button.
func (s *Step) command(ctx context.Context, ob feierabend.Outbox) (outgoing, error) {
	w := s.words
	if path, ok := strings.CutPrefix(ob.Ref, commandAskFree); ok {
		v, err := s.store.Draft(ctx, ob.Tenant, ob.Case)
		if err != nil {
			return outgoing{}, fmt.Errorf("load draft: %w", err)
		}
		return outgoing{msg: w.askFree(v.Draft.Question(path))}, nil
	}
	switch ob.Ref {
	case commandStatus, commandErase:
		cases, err := s.store.OpenCases(ctx, ob.Tenant, ob.Sender)
		if err != nil {
			return outgoing{}, fmt.Errorf("list cases: %w", err)
		}
		cases = told(cases)
		hide, err := s.hidesPrices(ctx, ob)
		if err != nil {
			return outgoing{}, err
		}
		for i := range cases {
			if hide {
				cases[i].Summary = cases[i].Summary.WithoutPrices()
			}
		}
		if ob.Ref == commandErase {
			return outgoing{msg: w.eraseWhich(cases)}, nil
		}
		return outgoing{msg: w.status(cases, s.now)}, nil
	case commandHuman:
		return outgoing{msg: w.human()}, nil
	case commandStop:
		return outgoing{msg: w.stop()}, nil
	case commandChange:
		return outgoing{msg: w.change(ob.Case)}, nil
	}
	return outgoing{msg: w.help()}, nil
}

// told leaves cases without anything to name out: a message that is still being
// worked on, or the command itself.
func told(cases []feierabend.Case) []feierabend.Case {
	var out []feierabend.Case
	for _, c := range cases {
		if c.Version > 0 {
			out = append(out, c)
		}
	}
	return out
}

func (w words) help() feierabend.ChatMessage {
	return feierabend.ChatMessage{Text: paragraphs(
		bold("So geht es"),
		"Sprechen oder tippen Sie, was war: „Rechnung für Frau Muster, Lindenweg 12 in Itzehoe, gestern zwei Stunden Arbeit, ein Siphon, Anfahrt“. Ich mache daraus einen Entwurf und frage nach, was fehlt.",
		"Ändern: einfach sagen, zum Beispiel „es waren drei Stunden, nicht zwei“.\nFertig: „Passt so“, dann „Ausstellen“.\nGespeichert: Danach lösche ich alles.",
		"*Status* zeigt, was offen ist. *Löschen* wirft einen Vorgang weg. *Mensch* nennt Ihnen eine Ansprechperson. *Stopp* sagt, wie Sie aufhören.",
	)}
}

func (w words) human() feierabend.ChatMessage {
	text := "Hier antwortet ein Programm. Einen Menschen erreichen Sie über die Kontaktangaben im Impressum der Webseite. Ihre Vorgänge bleiben, wie sie sind."
	if w.contact != "" {
		text = "Hier antwortet ein Programm. Einen Menschen erreichen Sie so: " + w.contact + "\nIhre Vorgänge bleiben, wie sie sind. Bitte nennen Sie keine Kundendaten, der Betreiber sieht Ihre Inhalte nicht."
	}
	return feierabend.ChatMessage{Text: text}
}

func (w words) stop() feierabend.ChatMessage {
	return feierabend.ChatMessage{Text: paragraphs(
		"Verstanden. Von allein schreibe ich Ihnen nicht, ich antworte nur auf Ihre Nachrichten. Wenn Sie nichts mehr senden, hören Sie nichts mehr von mir.",
		"Was noch offen ist, bleibt bis zu seinem Löschtag liegen. Mit *Löschen* werfen Sie es gleich weg. Ihre Nummer trennt das Büro auf der Seite „WhatsApp“.",
	)}
}

func (w words) change(c feierabend.CaseID) feierabend.ChatMessage {
	return feierabend.ChatMessage{Text: paragraphs(
		"Was soll anders sein? Sagen oder tippen Sie es einfach, zum Beispiel: „die Arbeitszeit waren 6 Stunden, nicht 4“ oder „Anfahrt weglassen“.",
		w.caseLink(c),
	)}
}

func (w words) askFree(q feierabend.Question) feierabend.ChatMessage {
	return feierabend.ChatMessage{Text: q.Text + " Bitte sagen oder tippen Sie es. " + q.Hint}
}

// welcome is the first message (J-04, Art. 50 AI Act).
func (w words) welcome(t feierabend.Tenant) feierabend.ChatMessage {
	days := t.RetentionDays
	if days < 1 || days > feierabend.MaxRetentionDays {
		days = feierabend.MaxRetentionDays
	}
	return feierabend.ChatMessage{Text: paragraphs(
		"Verbunden mit "+bold(clip(t.Name, 80))+". Ich bin ein Programm, kein Mensch.",
		"Sprechen Sie einfach: „Rechnung für Frau Muster …“. Ich erfinde nichts und frage nach, was fehlt.",
		fmt.Sprintf("Sobald Sie gespeichert haben, spätestens nach %d Tagen, ist alles gelöscht.", days),
		"*Hilfe* · *Status* · *Löschen* · *Mensch* · *Stopp*",
	)}
}
