package linking

import (
	"context"
	"fmt"
	"strings"

	"feierabend"
)

// Ask tells the sender of a code in the chat where the challenge stands (JobLinkAsk):
// the question once the code has come, and one sentence after an answer that did not
// link. Whoever is linked is welcomed by delivery instead.
func (s *Step) Ask(ctx context.Context, j feierabend.Job) error {
	t, err := feierabend.ParseTenantID(j.Tenant)
	if err != nil {
		return feierabend.Permanent(err)
	}
	c, err := s.o.Store.LinkChallenge(ctx, t, j.Ref)
	if gone(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load challenge %s: %w", j.Ref, err)
	}
	m := feierabend.ChatMessage{ToBSUID: c.BSUID}
	if c.Numbered {
		m.To = c.Phone
	}
	switch c.State {
	case feierabend.LinkAsked:
		if !c.Waits(s.o.Now()) {
			return nil // too late to answer: a question would only puzzle
		}
		if m, err = s.question(ctx, c, m); err != nil {
			return err
		}
	case feierabend.LinkConfirm:
		m.Text = "Fast fertig. WhatsApp zeigt mir Ihre Nummer nicht. Bitte bestätigen Sie die Verbindung jetzt noch auf der Seite, auf der Sie den Code bekommen haben."
	case feierabend.LinkOther:
		m.Text = "Das ist eine andere Nummer als die, die auf der Seite eingegeben wurde. Es ist nichts verbunden, und Ihre Nummer habe ich nicht behalten. Auf der Seite bekommen Sie einen neuen Code."
	case feierabend.LinkRefused:
		m.Text = "In Ordnung, es ist nichts verbunden. Von Ihren Nachrichten habe ich nichts behalten."
	case feierabend.LinkVoid:
		m.Text = "Der Code gilt nicht mehr, es ist nichts verbunden. Von Ihren Nachrichten habe ich nichts behalten. Auf der Seite gibt es einen neuen."
	case feierabend.LinkTaken:
		m.Text = "Diese Nummer ließ sich nicht verbinden, sie gehört schon zu einem Konto. Es hat sich nichts geändert."
	default:
		return nil
	}
	if _, err := s.o.Channel.Send(ctx, t, m); err != nil {
		return fmt.Errorf("answer challenge %s: %w", j.Ref, err)
	}
	return nil
}

// question names the firm and the owner's masked address: whoever was sent somebody
// else's link sees whose account it is (whatsapp.md §9.4).
func (s *Step) question(ctx context.Context, c feierabend.LinkChallenge, m feierabend.ChatMessage) (feierabend.ChatMessage, error) {
	firm, err := s.o.Store.Tenant(ctx, c.Tenant)
	if err != nil {
		return m, fmt.Errorf("load firm: %w", err)
	}
	owner := ""
	all, err := s.o.Store.Colleagues(ctx, c.Tenant)
	if err != nil {
		return m, fmt.Errorf("list members: %w", err)
	}
	for _, p := range all {
		if p.Role == feierabend.RoleOwner {
			owner = " (Inhaber: " + MaskMail(p.User.Email) + ")"
			break
		}
	}
	what := "Diese Nummer soll mit dem Konto *" + strings.ReplaceAll(clip(firm.Name, 80), "*", "") + "*" + owner + " verbunden werden. " +
		"Was Sie hier sprechen und schreiben, bekommt dann dieser Betrieb.\n\nHaben Sie den Code selbst angefordert?"
	if !c.Numbered { // WhatsApp does not show it: it is shared, or the page has the last word (J-03)
		m.AskContact = true
		m.Text = what + " Dann teilen Sie mit dem Knopf hier unten Ihre Nummer, WhatsApp zeigt sie mir sonst nicht. Ich behalte nur die Nummer.\n\n" +
			"Sie möchten sie nicht teilen? Dann schreiben Sie *Ja* und bestätigen danach auf der Seite. Sie waren das nicht? Dann schreiben Sie *Nein*."
		return m, nil
	}
	m.Text = what
	m.Buttons = []feierabend.ChatButton{
		{ID: feierabend.Button{Act: feierabend.ActLink, Case: feierabend.CaseID(c.ID)}.String(), Title: "Ja, verbinden"},
		{ID: feierabend.Button{Act: feierabend.ActNotMe, Case: feierabend.CaseID(c.ID)}.String(), Title: "Nein, war ich nicht"},
	}
	return m, nil
}

// MaskMail shows of an address the first letters of its parts: "h•••@d•••.example".
func MaskMail(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 1 {
		return "•••"
	}
	local, domain := []rune(address[:at]), address[at+1:]
	top := ""
	if dot := strings.LastIndexByte(domain, '.'); dot > 0 {
		domain, top = domain[:dot], domain[dot:]
	}
	first := ""
	if r := []rune(domain); len(r) > 0 {
		first = string(r[0])
	}
	return string(local[0]) + "•••@" + first + "•••" + top
}

// Press works off the buttons about the link itself, pressed by a linked sender
// (JobLinkPress): „Ja, trennen“ ends it; a second tap on „Ja, verbinden“ changes nothing.
func (s *Step) Press(ctx context.Context, j feierabend.Job) error {
	t, err := feierabend.ParseTenantID(j.Tenant)
	if err != nil {
		return feierabend.Permanent(err)
	}
	m, err := s.o.Store.Message(ctx, t, feierabend.MessageID(j.Ref))
	switch {
	case gone(err):
		return nil
	case err != nil:
		return fmt.Errorf("load message %s: %w", j.Ref, err)
	case m.State == feierabend.MessageDone || m.State == feierabend.MessageFailed:
		return nil
	}
	b, ok := feierabend.ParseButton(m.Button)
	own := ok && feierabend.SenderID(b.Case) == m.Sender.ID
	if ok && b.Act == feierabend.ActUnlink && own {
		return s.unlinkByChat(ctx, m)
	}
	var out []feierabend.Outgoing
	if ok && b.Act == feierabend.ActRemain && own {
		out = append(out, feierabend.Outgoing{Sender: m.Sender.ID, Kind: feierabend.OutCommand, Ref: "bleibt", ReplyTo: m.ID})
	}
	return s.finish(ctx, m, out...)
}

func (s *Step) unlinkByChat(ctx context.Context, m feierabend.Message) error {
	by := feierabend.Actor{User: m.Sender.User, Via: feierabend.ViaChat}
	member, err := s.o.Store.Member(ctx, m.Tenant, m.Sender.User)
	if err != nil && !gone(err) {
		return fmt.Errorf("look up member: %w", err)
	}
	by.Role = member.Role
	if err := s.o.Store.UnlinkSender(ctx, m.Tenant, m.Sender.ID, by); err != nil && !gone(err) {
		return fmt.Errorf("unlink %s: %w", m.Sender.ID, err)
	}
	if err := s.finish(ctx, m); err != nil {
		return err
	}
	// The outbox sends to linked numbers only, so this last word is best effort.
	last := feierabend.ChatMessage{To: m.Sender.Phone, ToBSUID: m.Sender.BSUID, Text: "Getrennt. Von dieser Nummer nehme ich nichts mehr an und schreibe ihr nicht mehr. Neu verbinden geht auf " + s.o.PublicURL + "/nummern"}
	if last.To == "" && last.ToBSUID == "" {
		return nil // a second run: it was said
	}
	if _, err := s.o.Channel.Send(ctx, m.Tenant, last); err != nil {
		s.o.Log.Warn("last word not sent", "message", string(m.ID), "code", feierabend.CodeOf(err))
	}
	return nil
}

func (s *Step) finish(ctx context.Context, m feierabend.Message, out ...feierabend.Outgoing) error {
	err := s.o.Store.FinishMessage(ctx, m.Tenant, m.ID, feierabend.MessageDone, feierabend.ReasonCommand, out...)
	if err != nil && !gone(err) {
		return fmt.Errorf("finish message %s: %w", m.ID, err)
	}
	return nil
}
