package store

import (
	"context"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/seal"
)

// linkTries is how many wrong codes an hour a sender may try (whatsapp.md §9.2).
const linkTries = 5

// hearStrangers looks, after the accept path, at the messages of senders that no link
// knows: a code, an answer to its question, or a number that now belongs to somebody
// else. Nothing of such a message is stored beyond what the challenge says; it is
// durable when this returns. Most strangers are neither and cost no writing.
func (s *Store) hearStrangers(ctx context.Context, in []feierabend.Inbound, out []feierabend.Outcome) error {
	for i, o := range out {
		if o.Code != feierabend.UnknownSender {
			continue
		}
		m := strange{Inbound: in[i], phone: s.phoneHash(in[i].From), bsuid: s.bsuidHash(in[i].BSUID)}
		m.read(s)
		concerns, err := s.concerns(ctx, m)
		if err != nil {
			return err
		}
		if !concerns {
			continue
		}
		var heard *feierabend.Outcome
		if err := s.updateAll(ctx, func(t tx) (err error) {
			heard, err = s.hear(ctx, t, m)
			return err
		}); err != nil {
			return err
		}
		if heard != nil {
			out[i] = *heard
		}
	}
	return nil
}

// strange is a message of an unknown sender with what it may mean.
type strange struct {
	feierabend.Inbound
	phone, bsuid []byte
	codes        []any             // keyed hashes of what could be codes, see codesIn
	button       feierabend.Button // an answer to the question, tapped
	typed        feierabend.ButtonAct

	customerCodes []any // of the same words, as codes of Kundenlinks
	customerAct   feierabend.ButtonAct
}

// read finds codes and answers. What was forwarded is nobody's word (whatsapp.md §9.2).
func (m *strange) read(s *Store) {
	switch {
	case m.Forwarded:
		m.Contact = ""
	case m.Kind == feierabend.InboundButton:
		b, ok := feierabend.ParseButton(m.Button)
		switch {
		case ok && (b.Act == feierabend.ActLink || b.Act == feierabend.ActNotMe):
			m.button = b
		case ok && (b.Act == feierabend.ActAgree || b.Act == feierabend.ActRefuse):
			m.button, m.customerAct = b, b.Act
		}
	case m.Kind == feierabend.InboundText:
		m.codes, m.customerCodes = s.codesIn(m.Text), s.customerCodes(m.Text)
		switch strings.ToLower(strings.Trim(m.Text, " \t\n.,!„“\"*")) {
		case "ja", "ja, verbinden", "ja verbinden":
			m.typed = feierabend.ActLink
		case "nein", "nein, war ich nicht", "nein war ich nicht":
			m.typed = feierabend.ActNotMe
		case "einverstanden":
			m.customerAct = feierabend.ActAgree
		case "nicht auswerten", "stopp", "stop":
			m.customerAct = feierabend.ActRefuse
		}
	}
}

// codesIn gives the keyed hashes of what could be codes in a text: none, or four, so
// that one statement serves.
func (s *Store) codesIn(text string) (codes []any) {
	for _, c := range feierabend.FindLinkCodes(text) {
		codes = append(codes, s.linkHash(c))
	}
	for len(codes) > 0 && len(codes) < feierabend.MaxLinkCodes {
		codes = append(codes, codes[0])
	}
	return codes
}

// concerns says whether there is anything to write: a code, an answer or a number while a
// question waits, a link of this number under another WhatsApp id, or words of theirs.
func (s *Store) concerns(ctx context.Context, m strange) (yes bool, err error) {
	if len(m.codes) > 0 || m.button.Act != "" {
		return true, nil
	}
	text := `SELECT EXISTS(SELECT 1 FROM sender_link WHERE phone_hash = $1 AND bsuid_hash <> $2) OR EXISTS(SELECT 1 FROM customer_link WHERE phone_hash = $1 OR bsuid_hash = $2)`
	if m.typed != "" || m.Contact != "" {
		text += ` OR EXISTS(SELECT 1 FROM link_challenge WHERE state IN ('asked', 'confirm') AND (numbered AND phone_hash = $1 OR bsuid_hash = $2))`
	}
	if m.customerAct == feierabend.ActRefuse {
		text += ` OR EXISTS(SELECT 1 FROM customer_link WHERE past_phone_hash = $1 OR past_bsuid_hash = $2)`
	}
	err = s.viewAll(ctx, func(q querier) error {
		return q.queryRow(ctx, text, orNull(m.phone), orNull(m.bsuid)).Scan(&yes)
	})
	return yes, err
}

// hear works the message off; nil where it turned out to mean nothing.
func (s *Store) hear(ctx context.Context, t tx, m strange) (heard *feierabend.Outcome, err error) {
	if len(m.phone) > 0 && len(m.bsuid) > 0 {
		if err := s.suspend(ctx, t, `phone_hash = $1 AND bsuid_hash <> $2`, []any{m.phone, m.bsuid}, feierabend.SuspendedIdentity); err != nil {
			return nil, err
		}
	}
	// A delivery that comes again means nothing new.
	seen := s.root.MAC(seal.PurposeSeen, m.Channel, m.ExternalID)
	n, err := t.exec(ctx, `INSERT INTO seen_message(hash, at) VALUES($1, $2) ON CONFLICT DO NOTHING`, seen, micros(s.now()))
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return wasHeard(), nil
	}
	if heard, err = s.meaning(ctx, t, m); err != nil || heard != nil {
		return heard, err
	}
	_, err = t.exec(ctx, `DELETE FROM seen_message WHERE hash = $1`, seen) // a stranger leaves a counter, nothing else
	return nil, err
}

// meaning takes a code, then an answer to the question of one, then what a number has
// to say that a Kundenlink has verified.
func (s *Store) meaning(ctx context.Context, t tx, m strange) (heard *feierabend.Outcome, err error) {
	said := false
	switch {
	case len(m.codes) > 0:
		ok, err := s.mayTry(ctx, t, m)
		if err != nil {
			return nil, err
		}
		if ok {
			if said, err = s.hearCode(ctx, t, m); err == nil && !said {
				heard, err = s.hearCustomerCode(ctx, t, m)
			}
		}
		if err != nil || heard != nil {
			return heard, err
		}
	case m.Contact != "":
		if said, err = s.hearContact(ctx, t, m); err != nil {
			return nil, err
		}
	case m.customerAct == "" && (m.button.Act != "" || m.typed != ""):
		if said, err = s.hearAnswer(ctx, t, m); err != nil {
			return nil, err
		}
	}
	if said {
		return wasHeard(), nil
	}
	return s.hearCustomer(ctx, t, m)
}

// mayTry counts codes: right ones of one who has tried too often count no more either.
func (s *Store) mayTry(ctx context.Context, t tx, m strange) (bool, error) {
	who := m.phone
	if len(who) == 0 {
		who = m.bsuid
	}
	tries, err := s.count(ctx, t, "link-code/"+string(who), time.Hour, s.now())
	return tries <= linkTries, err
}

// hearCode takes a right code: of any number of senders at once one gets the question.
// Wrong, expired, another's and too many all look the same from outside.
func (s *Store) hearCode(ctx context.Context, t tx, m strange) (bool, error) {
	c, found, err := s.findChallenge(ctx, t, `SELECT tenant_id, id FROM link_challenge WHERE code_hash IN ($1, $2, $3, $4) AND state = 'open'`, m.codes...)
	if err != nil || !found {
		return false, err
	}
	now := s.now()
	if c.State != feierabend.LinkOpen || !m.sent(now).Before(c.ExpiresAt) || now.Sub(c.CreatedAt) >= feierabend.LinkLate || m.From != "" && m.From != c.Phone {
		return false, nil
	}
	sealed, err := s.sealAccount(c.Tenant, "link_bsuid", c.ID, m.BSUID)
	if err != nil {
		return false, err
	}
	if _, err := t.exec(ctx, `UPDATE link_challenge SET state = 'asked', asked_at = $3, bsuid = $4, bsuid_hash = $5, numbered = $6 WHERE tenant_id = $1 AND id = $2`,
		c.Tenant.String(), c.ID, micros(now), sealed, orNull(m.bsuid), m.From != ""); err != nil {
		return false, err
	}
	if err := s.record(ctx, t, c.Tenant.String(), feierabend.Actor{Via: feierabend.ViaChat}, "link.code", c.ID); err != nil {
		return false, err
	}
	return true, s.tellLink(ctx, t, c)
}

// hearAnswer takes Ja or Nein from the sender who has sent the code.
func (s *Store) hearAnswer(ctx context.Context, t tx, m strange) (bool, error) {
	act := m.button.Act
	text, args := `SELECT tenant_id, id FROM link_challenge WHERE state = 'asked' AND (numbered AND phone_hash = $1 OR bsuid_hash = $2)`, []any{orNull(m.phone), orNull(m.bsuid)}
	if act == "" {
		act = m.typed
		text += ` ORDER BY asked_at DESC, id LIMIT 1`
	} else {
		text, args = text+` AND id = $3`, append(args, string(m.button.Case))
	}
	c, found, err := s.findChallenge(ctx, t, text, args...)
	if err != nil || !found {
		return false, err
	}
	now := s.now()
	if c.State != feierabend.LinkAsked || !m.sent(now).Before(c.AskedAt.Add(feierabend.LinkTerm)) || now.Sub(c.CreatedAt) >= feierabend.LinkLate {
		return false, nil
	}
	switch {
	case act == feierabend.ActNotMe:
		if err := s.setChallenge(ctx, t, c, feierabend.LinkRefused, ""); err != nil {
			return false, err
		}
		if err := s.record(ctx, t, c.Tenant.String(), feierabend.Actor{Via: feierabend.ViaChat}, "link.refused", c.ID); err != nil {
			return false, err
		}
		if err := t.enqueue(ctx, []feierabend.Job{{K: feierabend.JobLinkMail, Tenant: c.Tenant.String(), Ref: c.ID}}); err != nil {
			return false, err
		}
		return true, s.tellLink(ctx, t, c)
	case !c.Numbered && m.From != "" && m.From != c.Phone: // to be seen after all
		return true, s.otherNumber(ctx, t, c)
	case !c.Numbered && m.From != "":
		if err := s.proved(ctx, t, &c, now); err != nil {
			return false, err
		}
	case !c.Numbered:
		if _, err := t.exec(ctx, `UPDATE link_challenge SET state = 'confirm', asked_at = $3 WHERE tenant_id = $1 AND id = $2`, c.Tenant.String(), c.ID, micros(now)); err != nil {
			return false, err
		}
		return true, s.tellLink(ctx, t, c)
	}
	return true, s.linkByChat(ctx, t, c, now)
}

// findChallenge finds a challenge of any firm, names the firm and locks the row: what
// the statement has seen must be looked at again.
func (s *Store) findChallenge(ctx context.Context, t tx, text string, args ...any) (c feierabend.LinkChallenge, found bool, err error) {
	var tenant, id string
	err = t.queryRow(ctx, text, args...).Scan(&tenant, &id)
	if absent(err) {
		return c, false, nil
	}
	if err == nil {
		err = t.bind(ctx, tenant)
	}
	if err == nil {
		c.Tenant, err = feierabend.ParseTenantID(tenant)
	}
	if err == nil {
		c, err = s.lockChallenge(ctx, t, c.Tenant, id)
	}
	return c, err == nil, err
}

// tellLink has the sender told in the chat where the challenge stands by then.
func (s *Store) tellLink(ctx context.Context, t tx, c feierabend.LinkChallenge) error {
	return t.enqueue(ctx, []feierabend.Job{{K: feierabend.JobLinkAsk, Tenant: c.Tenant.String(), Ref: c.ID}})
}

// sent is when the message was sent, by the provider's clock where it says so.
func (m strange) sent(now time.Time) time.Time {
	if m.Dated && m.At.Before(now) {
		return m.At
	}
	return now
}

// LinkCodeWaits says whether a text carries the code of a challenge that waits or of a
// Kundenlink, of any firm: a linked sender's text that is no dictation. What the firm is
// stays unsaid.
func (s *Store) LinkCodeWaits(ctx context.Context, text string) (of feierabend.WaitingCode, err error) {
	codes := s.codesIn(text)
	if len(codes) == 0 {
		return "", nil
	}
	err = s.viewAll(ctx, func(q querier) error {
		var number, customer bool
		err := q.queryRow(ctx, `SELECT EXISTS(SELECT 1 FROM link_challenge WHERE code_hash IN ($1, $2, $3, $4)), EXISTS(SELECT 1 FROM customer_link WHERE code_hash IN ($5, $6, $7, $8))`,
			append(codes, s.customerCodes(text)...)...).Scan(&number, &customer)
		switch {
		case number:
			of = feierabend.CodeOfNumber
		case customer:
			of = feierabend.CodeOfCustomer
		}
		return err
	})
	return of, err
}
