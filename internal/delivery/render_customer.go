package delivery

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"feierabend"
)

// toCustomer renders what a customer may be told, and nothing else (J-21): fixed texts
// of two kinds of rows. A row of any other kind never reaches a customer, nor does a
// file or anything that looks like an amount.
func (s *Step) toCustomer(ctx context.Context, ob feierabend.Outbox) (outgoing, error) {
	c, err := s.store.CustomerLink(ctx, ob.Tenant, string(ob.Sender))
	if err != nil {
		return outgoing{}, fmt.Errorf("load customer: %w", err)
	}
	m := feierabend.ChatMessage{}
	switch ob.Kind {
	case feierabend.OutCustomer:
		if m, err = s.customerText(ctx, ob, c); err != nil {
			return outgoing{}, err
		}
	case feierabend.OutFailed:
		m.Text = customerFailed(ob.Ref)
	default:
		return outgoing{}, notForCustomers(ob)
	}
	m.To, m.ToBSUID, m.Callback = c.Phone, c.BSUID, ob.Callback()
	if m.DocumentMedia != "" || amount.MatchString(m.Text) || m.To == "" && m.ToBSUID == "" {
		return outgoing{}, notForCustomers(ob)
	}
	return outgoing{msg: m}, nil
}

// amount is what looks like money: no text for a customer has it.
var amount = regexp.MustCompile(`(?i)\d[\d.]*,\d{2}\b|\d\s*eur(?:o|)\b|€`)

func notForCustomers(ob feierabend.Outbox) error {
	return &feierabend.Error{Kind: feierabend.NotFound, Code: "customer_kind", Err: errors.New("outbox row of kind " + string(ob.Kind) + " is not for customers")}
}

// customerText gives one of the fixed texts.
func (s *Step) customerText(ctx context.Context, ob feierabend.Outbox, c feierabend.CustomerLink) (m feierabend.ChatMessage, err error) {
	t, err := s.store.Tenant(ctx, ob.Tenant)
	if err != nil {
		return m, fmt.Errorf("load firm: %w", err)
	}
	// A name must not bring its own amounts or marks along.
	firm := bold(clip(amount.ReplaceAllString(t.Name, ""), 80))
	switch ob.Ref {
	case feierabend.CustomerNotice:
		p, err := s.store.Profile(ctx, ob.Tenant)
		if err != nil {
			return m, fmt.Errorf("load profile: %w", err)
		}
		in, err := s.store.Case(ctx, ob.Tenant, c.Case)
		if err != nil {
			return m, fmt.Errorf("load case: %w", err)
		}
		m = s.words.customerNotice(firm, reach(p.Seller), in)
		m.Buttons = []feierabend.ChatButton{
			{ID: feierabend.Button{Act: feierabend.ActAgree, Case: feierabend.CaseID(c.ID)}.String(), Title: "Einverstanden"},
			{ID: feierabend.Button{Act: feierabend.ActRefuse, Case: feierabend.CaseID(c.ID)}.String(), Title: "Nicht auswerten"},
		}
	case feierabend.CustomerWelcome:
		m.Text = "Danke. Sprechen oder schreiben Sie jetzt, worum es geht, gern in mehreren Nachrichten. Zwei blaue Haken heißen: bei " + firm + " angekommen. Antworten bekommen Sie von dort, nicht hier. " +
			"Wenn Sie es sich anders überlegen, schreiben Sie *Nicht auswerten*, dann lösche ich, was über diesen Link kam. Das geht, solange es bei " + firm + " liegt, auch wenn der Link nicht mehr gilt."
	case feierabend.CustomerUnsupported:
		m.Text = "Bilder und andere Dateien kann ich noch nicht annehmen, davon ist nichts gespeichert. Bitte sprechen oder schreiben Sie es, oder schicken Sie es direkt an " + firm + "."
	case feierabend.CustomerForwarded:
		m.Text = "Weitergeleitete Nachrichten nehme ich nicht an, davon ist nichts gespeichert. Bitte sagen Sie es mit eigenen Worten."
	default:
		return m, notForCustomers(ob)
	}
	return m, nil
}

// customerNotice is what Art. 13 GDPR asks to be said before anything is taken: who,
// what for, that a program reads it, until when, and how to say no.
func (w words) customerNotice(firm, reach string, c feierabend.Case) feierabend.ChatMessage {
	who := "Verantwortlich ist " + firm
	if reach != "" {
		who += " (" + reach + ")"
	}
	return feierabend.ChatMessage{Text: paragraphs(
		"Hier können Sie "+firm+" eine Nachricht zu Ihrem Auftrag schicken: sprechen oder schreiben.",
		"Hier liest ein Programm mit KI, kein Mensch. Es schreibt Gesprochenes ab und macht daraus eine Notiz für den Betrieb, damit er Ihren Auftrag bearbeiten kann. Mehr geschieht damit nicht.",
		"Gespeichert werden Ihre Nummer und was Sie schicken, verschlüsselt, gelöscht spätestens am "+w.day(c.ExpiresAt)+".",
		who+". Dort bekommen Sie Auskunft. Beschweren können Sie sich bei der Datenschutzaufsicht. Grundlage ist Ihre Einwilligung; *Nicht auswerten* nimmt sie jederzeit zurück.",
		"Vor Ihrer Antwort nehme ich nichts an.",
	)}
}

// reach is how a customer reaches the firm.
func reach(s feierabend.Seller) string {
	for _, way := range []string{s.Email, s.Phone} {
		if way = strings.TrimSpace(way); way != "" {
			return clip(way, 80)
		}
	}
	return ""
}

// customerFailed tells a customer what became of a message, without what concerns the
// firm only.
func customerFailed(reason string) string {
	switch reason {
	case feierabend.ReasonTooLarge, feierabend.ReasonTooLong:
		return "Die Aufnahme ist zu lang, ich habe nichts daraus übernommen. Bitte teilen Sie sie in kürzere Nachrichten."
	case feierabend.ReasonNotGerman:
		return "Ich verstehe bisher nur Deutsch und habe nichts daraus übernommen. Bitte sprechen oder schreiben Sie es auf Deutsch."
	case feierabend.ReasonWaitsModel:
		return "Ihre Aufnahme ist angekommen und wird noch abgeschrieben. Sie müssen nichts tun."
	}
	return "Diese Nachricht konnte ich nicht lesen, ich habe nichts daraus übernommen. Bitte sprechen Sie sie noch einmal oder schreiben Sie es."
}

// customerSpoke tells the person of the firm whose case it is, without the words.
func (s *Step) customerSpoke(ctx context.Context, ob feierabend.Outbox) (outgoing, error) {
	c, err := s.store.Case(ctx, ob.Tenant, ob.Case)
	if err != nil {
		return outgoing{}, fmt.Errorf("load case: %w", err)
	}
	return outgoing{msg: feierabend.ChatMessage{Text: paragraphs(
		"Ihr Kunde hat etwas geschickt: "+bold(title(c.Summary.Kind, c.Summary.Title))+". Der Entwurf ist unverändert.", s.words.caseLink(c.ID),
	)}}, nil
}
