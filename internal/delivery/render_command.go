package delivery

import (
	"context"
	"fmt"
	"strings"
	"time"

	"feierabend"
)

// The commands, as drafting writes them into Ref. The last two are answers to
// buttons: „Ändern“, and a choice that needs words.
const (
	commandHelp         = "hilfe"
	commandStatus       = "status"
	commandErase        = "loeschen"
	commandHuman        = "mensch"
	commandStop         = "stopp"
	commandRemain       = "bleibt"   // answer to „Nein, bleiben“
	commandTaken        = "vergeben" // a link code came from a number that is linked already
	commandChange       = "aendern"
	commandCustomerCode = "kundencode" // a member sent the code of a Kundenlink
	commandCustomer     = "kunde"      // a customer has spoken in a case of the firm's
	commandAskFree      = "frage:"     // followed by the path of the question
)

// command renders the answer to one of the five words (J-04) or to a button.
func (s *Step) command(ctx context.Context, ob feierabend.Outbox, to feierabend.SenderLink) (outgoing, error) {
	w := s.words
	if path, ok := strings.CutPrefix(ob.Ref, commandAskFree); ok {
		v, err := s.store.Draft(ctx, ob.Tenant, ob.Case)
		if err != nil {
			return outgoing{}, fmt.Errorf("load draft: %w", err)
		}
		return outgoing{msg: w.askFree(v.Draft.Question(path))}, nil
	}
	if m, ok := w.forwarded(ob.Ref, ob); ok {
		return outgoing{msg: m}, nil
	}
	if id, ok := strings.CutPrefix(ob.Ref, feierabend.RecoveryRef); ok {
		return outgoing{msg: w.recovery(id)}, nil
	}
	switch ob.Ref {
	case commandStatus, commandErase:
		cases, err := s.store.OpenCases(ctx, ob.Tenant, ob.Sender)
		if err != nil {
			return outgoing{}, fmt.Errorf("list cases: %w", err)
		}
		cases = told(cases)
		hide, err := s.hidesPrices(ctx, to)
		if err != nil {
			return outgoing{}, err
		}
		for i := range cases {
			if hide {
				cases[i].Summary = cases[i].Summary.WithoutPrices()
			}
		}
		if ob.Ref == commandErase {
			return outgoing{msg: w.erase(cases, ob.Case, s.now)}, nil
		}
		return outgoing{msg: w.status(cases, s.now)}, nil
	case commandHuman:
		return outgoing{msg: w.human()}, nil
	case commandStop:
		return outgoing{msg: w.stop(ob.Sender)}, nil
	case commandRemain:
		return outgoing{msg: feierabend.ChatMessage{Text: "In Ordnung, alles bleibt, wie es ist."}}, nil
	case commandTaken:
		return outgoing{msg: w.taken()}, nil
	case commandCustomerCode:
		return outgoing{msg: feierabend.ChatMessage{Text: "Das ist ein Kundenlink. Er ist für Ihren Kunden gedacht und gilt weiter, von hier habe ich ihn nicht angenommen. Geändert hat sich nichts. Bitte geben Sie den Link an Ihren Kunden."}}, nil
	case feierabend.CommandCustomerNew:
		return outgoing{msg: feierabend.ChatMessage{Text: paragraphs("Über Ihren Kundenlink ist etwas gekommen. Es wird eine Notiz daraus, mehr geschieht von selbst nicht.", w.caseLink(ob.Case))}}, nil
	case commandCustomer:
		return s.customerSpoke(ctx, ob)
	case feierabend.ProofDone:
		return outgoing{msg: feierabend.ChatMessage{Text: "Bestätigt. Gehen Sie zurück zu der Seite, sie geht von selbst weiter. Sie haben dort gar keinen Code geholt? Dann melden Sie unter „Geräte“ alle anderen Geräte ab."}}, nil
	case feierabend.ProofWrong:
		return outgoing{msg: feierabend.ChatMessage{Text: "Dieser Code gilt nicht oder nicht mehr, es hat sich nichts geändert. Ein Code gilt zehn Minuten, einmal und nur von Ihrer eigenen Nummer. Auf der Seite gibt es einen neuen."}}, nil
	case feierabend.RecoveryHeard:
		return outgoing{msg: feierabend.ChatMessage{Text: "Ihr Code ist da. Auf der Seite geben Sie jetzt Ihre neue E-Mail-Adresse an. Sie haben dort gar keinen Code geholt? Dann antworten Sie niemandem darauf: Nach drei Tagen Wartezeit mit Nachrichten hierher lässt es sich noch anhalten."}}, nil
	case feierabend.RecoveryRefused:
		return outgoing{msg: feierabend.ChatMessage{Text: "So stellen nur Inhaber ihren Zugang wieder her, die zu einer einzigen Firma gehören. Es hat sich nichts geändert. Wer in Ihrer Firma Inhaber ist, kann Sie im Team herausnehmen und Ihre neue Adresse einladen. Sonst hilft der Betreiber: Schreiben Sie *Mensch*."}}, nil
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

// erase asks about the case that was picked, else which one is meant.
func (w words) erase(cases []feierabend.Case, picked feierabend.CaseID, now func() time.Time) feierabend.ChatMessage {
	for _, c := range cases {
		if c.ID == picked {
			return w.eraseThis(c)
		}
	}
	return w.eraseWhich(cases, now)
}

func (w words) help() feierabend.ChatMessage {
	return feierabend.ChatMessage{Text: paragraphs(
		bold("So geht es"),
		"Sprechen oder tippen Sie, was war: „Rechnung für Frau Muster, Lindenweg 12 in Itzehoe, gestern zwei Stunden Arbeit, ein Siphon, Anfahrt“. Ich mache daraus einen Entwurf und frage nach, was fehlt.",
		"Ändern: einfach sagen, zum Beispiel „es waren drei Stunden, nicht zwei“.\nFertig: „Passt so“, dann „Ausstellen“.\nGespeichert: Danach lösche ich alles.",
		"*Status* zeigt, was offen ist. *Löschen* wirft einen Vorgang weg. *Mensch* nennt Ihnen eine Ansprechperson. *Stopp* trennt diese Nummer.",
	)}
}

// recovery tells the chat of the person whose address is about to change (J-42).
func (w words) recovery(id string) feierabend.ChatMessage {
	stop := ""
	if w.stopURL != nil {
		stop = "Anhalten: " + w.stopURL(id)
	}
	return feierabend.ChatMessage{Text: paragraphs(
		"*Ihr Zugang soll umgestellt werden.* Jemand hat angegeben, nicht mehr an Ihr Postfach zu kommen. Der Zugang bekommt drei Tage nach der Anfrage eine andere E-Mail-Adresse. Bis dahin ändert sich nichts.",
		"Das waren nicht Sie? Dann halten Sie es an, oder melden Sie sich mit Ihrer alten Adresse an.",
		stop,
	)}
}

func (w words) human() feierabend.ChatMessage {
	text := "Hier antwortet ein Programm. Einen Menschen erreichen Sie über die Kontaktangaben im Impressum der Webseite. Ihre Vorgänge bleiben, wie sie sind."
	if w.contact != "" {
		text = "Hier antwortet ein Programm. Einen Menschen erreichen Sie so: " + w.contact + "\nIhre Vorgänge bleiben, wie sie sind. Bitte nennen Sie keine Kundendaten, der Betreiber sieht Ihre Inhalte nicht."
	}
	return feierabend.ChatMessage{Text: text}
}

// stop asks before it unlinks, and says what stays.
func (w words) stop(own feierabend.SenderID) feierabend.ChatMessage {
	return feierabend.ChatMessage{
		Text: paragraphs(
			"Soll ich diese Nummer trennen? Dann nehme ich von hier nichts mehr an und schreibe nicht mehr.",
			"Was noch offen ist, bleibt in Ihrem Betrieb bis zu seinem Löschtag liegen. Ausgestellte Nummern und Löschquittungen bleiben auch. Mit *Löschen* werfen Sie Offenes vorher weg.",
		),
		Buttons: []feierabend.ChatButton{
			{ID: feierabend.Button{Act: feierabend.ActUnlink, Case: feierabend.CaseID(own)}.String(), Title: "Ja, trennen"},
			{ID: feierabend.Button{Act: feierabend.ActRemain, Case: feierabend.CaseID(own)}.String(), Title: "Nein, bleiben"},
		},
	}
}

// taken answers a link code from a number that is linked: only its holder, here, can
// release it (whatsapp.md §9.2).
func (w words) taken() feierabend.ChatMessage {
	return feierabend.ChatMessage{Text: paragraphs(
		"Diese Nummer ist schon verbunden, deshalb habe ich den Code nicht angenommen. Geändert hat sich nichts.",
		"Soll sie zu einem anderen Konto? Dann schreiben Sie zuerst *Stopp*, bestätigen das Trennen und senden den Code noch einmal.",
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
