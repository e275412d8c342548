package store

import (
	"context"
	"time"

	"feierabend"
)

// hearCustomerCode takes the code of a Kundenlink: it verifies the number that sends it
// for this firm and its case, or a new one, and the sender is shown what is about to
// happen (Art. 13 GDPR). Wrong, used, expired, taken back and switched off all look the
// same from outside. A number speaks to one firm and case at a time: its newest code.
func (s *Store) hearCustomerCode(ctx context.Context, t tx, m strange) (*feierabend.Outcome, error) {
	c, in, err := s.findCustomer(ctx, t, `SELECT tenant_id, id FROM customer_link WHERE code_hash IN ($1, $2, $3, $4) AND state = 'open'`, m.customerCodes...)
	if err != nil || c == nil {
		return nil, err
	}
	now := s.now()
	if c.State != feierabend.CustomerOpen || !m.sent(now).Before(c.ExpiresAt) || now.Sub(c.ExpiresAt) >= feierabend.LinkLate {
		return nil, nil
	}
	firm, err := customersOf(ctx, t, c.Tenant)
	if err != nil || !firm.Customers.Links || !firm.BlockedAt.IsZero() {
		return nil, err
	}
	var agreements int
	if err := t.queryRow(ctx, `SELECT count(*) FROM agreement WHERE tenant_id = $1`, c.Tenant.String()).Scan(&agreements); err != nil || agreements == 0 {
		return nil, err
	}
	if _, err := t.exec(ctx, `UPDATE customer_link SET state = 'ended', `+ending+` WHERE phone_hash = $1 OR bsuid_hash = $2`, orNull(m.phone), orNull(m.bsuid)); err != nil {
		return nil, err
	}
	v, own := vault{}, in == nil
	if own {
		if c.Case, v, err = s.beginCase(ctx, t, c.Tenant, "", firm.RetentionDays); err != nil {
			return nil, err
		}
	} else {
		v = in.vault
	}
	who, err := v.sealJSON(kindCustomer, c.ID, 0, customerWho{m.From, m.BSUID})
	if err != nil {
		return nil, err
	}
	if _, err := t.exec(ctx, `UPDATE customer_link SET state = 'asked', asked_at = $3, case_id = $4, own = $5, phone_hash = $6, bsuid_hash = $7, who = $8 WHERE tenant_id = $1 AND id = $2`,
		c.Tenant.String(), c.ID, micros(now), c.Case, own, orNull(m.phone), orNull(m.bsuid), who); err != nil {
		return nil, err
	}
	if err := s.record(ctx, t, c.Tenant.String(), feierabend.Actor{Via: feierabend.ViaChat}, "customer.code", c.ID); err != nil {
		return nil, err
	}
	return wasHeard(), s.tellCustomer(ctx, t, *c, feierabend.CustomerNotice)
}

func wasHeard() *feierabend.Outcome { return &feierabend.Outcome{Code: feierabend.LinkHeard} }

// findCustomer finds a link of any firm, names the firm and locks the case, then the
// link; nil = there is none, or its case has ended. in is nil where it has no case yet.
func (s *Store) findCustomer(ctx context.Context, t tx, text string, args ...any) (c *feierabend.CustomerLink, in *caseRow, err error) {
	var tenant, id string
	err = t.queryRow(ctx, text, args...).Scan(&tenant, &id)
	if absent(err) {
		return nil, nil, nil
	}
	if err == nil {
		err = t.bind(ctx, tenant)
	}
	if err != nil {
		return nil, nil, err
	}
	firm, err := feierabend.ParseTenantID(tenant)
	if err != nil {
		return nil, nil, err
	}
	var of feierabend.CaseID
	if err := t.queryRow(ctx, `SELECT case_id FROM customer_link WHERE tenant_id = $1 AND id = $2`, tenant, id).Scan(&of); err != nil {
		return nil, nil, orNone(err)
	}
	if of != "" {
		held, err := s.lockCase(ctx, t, firm, of)
		if err != nil {
			return nil, nil, orNone(err)
		}
		in = &held
	}
	if n, err := t.exec(ctx, `UPDATE customer_link SET state = state WHERE tenant_id = $1 AND id = $2 AND case_id = $3`, tenant, id, of); err != nil || n == 0 {
		return nil, nil, err
	}
	found, err := s.customer(ctx, t, firm, id)
	return &found, in, err
}

// orNone turns „not there“ into no error.
func orNone(err error) error {
	if absent(err) || feierabend.KindOf(err) == feierabend.NotFound {
		return nil
	}
	return err
}

// hearCustomer takes what comes from a number that a Kundenlink has verified. Before
// Einverstanden nothing is kept and nothing fetched; „Nicht auswerten“ takes away what
// came, at any time.
func (s *Store) hearCustomer(ctx context.Context, t tx, m strange) (*feierabend.Outcome, error) {
	if m.customerAct == feierabend.ActRefuse {
		if gone, err := s.refuseCustomer(ctx, t, m); err != nil || gone != nil {
			return gone, err
		}
	}
	c, in, err := s.findCustomer(ctx, t, `SELECT tenant_id, id FROM customer_link WHERE bsuid_hash = $2 OR phone_hash = $1 AND (bsuid_hash IS NULL OR $2 IS NULL) ORDER BY asked_at DESC, id LIMIT 1`, orNull(m.phone), orNull(m.bsuid))
	if err != nil || c == nil || in == nil {
		return nil, err
	}
	firm, err := customersOf(ctx, t, c.Tenant)
	if err != nil || !firm.Customers.Links {
		return nil, err
	}
	act := m.customerAct
	if !firm.BlockedAt.IsZero() {
		return nil, nil // nothing of a blocked firm's is read meanwhile; who takes everything back is heard (decision 0045)
	}
	if m.button.Act != "" && (string(m.button.Case) != c.ID || act == "") {
		return wasHeard(), nil // a button of something that is over
	}
	switch {
	case c.State == feierabend.CustomerAsked && act == feierabend.ActAgree:
		return s.agreeCustomer(ctx, t, *c)
	case c.State == feierabend.CustomerAsked:
		n, err := s.count(ctx, t, "customer-notice/"+c.ID, 24*time.Hour, s.now())
		if err != nil || n > feierabend.CustomerNotices {
			return wasHeard(), err
		}
		return wasHeard(), s.tellCustomer(ctx, t, *c, feierabend.CustomerNotice)
	case act == feierabend.ActAgree:
		return wasHeard(), nil
	}
	if !m.At.IsZero() && s.now().Sub(m.At) > seenTerm {
		return wasHeard(), nil // its keyed id may have been forgotten: a replay must not add the words again (HOOK-02)
	}
	n, err := s.count(ctx, t, "customer/"+c.ID, 24*time.Hour, s.now())
	if err != nil || n > feierabend.CustomerMessages {
		return wasHeard(), err
	}
	if m.Forwarded || m.Kind != feierabend.InboundText && m.Kind != feierabend.InboundAudio {
		ref := feierabend.CustomerUnsupported
		if m.Forwarded {
			ref = feierabend.CustomerForwarded
		}
		return wasHeard(), s.tellCustomer(ctx, t, *c, ref)
	}
	return s.addCustomers(ctx, t, *c, *in, m)
}

func (s *Store) agreeCustomer(ctx context.Context, t tx, c feierabend.CustomerLink) (*feierabend.Outcome, error) {
	if _, err := t.exec(ctx, `UPDATE customer_link SET state = 'agreed', agreed_at = $3 WHERE tenant_id = $1 AND id = $2`, c.Tenant.String(), c.ID, micros(s.now())); err != nil {
		return nil, err
	}
	if err := s.record(ctx, t, c.Tenant.String(), feierabend.Actor{Via: feierabend.ViaChat}, "customer.agreed", c.ID); err != nil {
		return nil, err
	}
	return wasHeard(), s.tellCustomer(ctx, t, c, feierabend.CustomerWelcome)
}

// addCustomers stores a customer's message in the case, and what comes next.
func (s *Store) addCustomers(ctx context.Context, t tx, c feierabend.CustomerLink, in caseRow, m strange) (*feierabend.Outcome, error) {
	id, now := feierabend.MessageID(s.newID()), micros(s.now())
	body, err := in.sealJSON(kindMessage, string(id), 0, messageBody{ExternalID: m.ExternalID, MediaID: m.MediaID, MediaType: m.MediaType, SHA256: m.SHA256, Text: m.Text, Raw: m.Raw})
	if err != nil {
		return nil, err
	}
	if _, err := t.exec(ctx, `INSERT INTO message(tenant_id, id, case_id, sender_id, channel, kind, state, reason, button, media_size, voice, forwarded,
		audio_type, audio_bytes, audio_length, audio_complete, at, received_at, body, customer) VALUES($1, $2, $3, $4, $5, $6, $7, '', '', $8, $9, $10, '', 0, 0, $10, $11, $12, $13, $14)`,
		c.Tenant.String(), id, c.Case, c.ID, m.Channel, m.Kind, feierabend.MessageReceived, m.MediaSize, m.Voice, false, micros(m.At), now, body, true); err != nil {
		return nil, err
	}
	job := feierabend.Job{K: feierabend.JobDraft, Tenant: c.Tenant.String(), Ref: string(id)}
	if m.Kind == feierabend.InboundAudio {
		job.K = feierabend.JobFetch
	}
	if err := s.tellMaker(ctx, t, c, in); err != nil {
		return nil, err
	}
	return &feierabend.Outcome{Tenant: c.Tenant, Message: id, Code: feierabend.CustomerHeard}, t.enqueue(ctx, []feierabend.Job{job})
}

// tellMaker has whoever made the link told that something came, once a day and case and
// without its words, where nobody of the firm has begun the case (who has is told after
// the words are read) and the maker's number is linked.
func (s *Store) tellMaker(ctx context.Context, t tx, c feierabend.CustomerLink, in caseRow) error {
	if in.Sender != "" {
		return nil
	}
	var told int
	if err := t.queryRow(ctx, `SELECT count(*) FROM outbox WHERE tenant_id = $1 AND case_id = $2 AND kind = $3 AND ref = $4 AND created_at > $5`,
		c.Tenant.String(), c.Case, feierabend.OutCommand, feierabend.CommandCustomerNew, micros(s.now().Add(-24*time.Hour))).Scan(&told); err != nil || told > 0 {
		return err
	}
	var maker feierabend.SenderID
	err := t.queryRow(ctx, `SELECT id FROM sender_link WHERE tenant_id = $1 AND user_id = $2 AND standing = '' ORDER BY heard_at DESC, id LIMIT 1`, c.Tenant.String(), c.By).Scan(&maker)
	if absent(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.addOut(ctx, t, c.Tenant, []feierabend.Outgoing{{Sender: maker, Case: c.Case, Kind: feierabend.OutCommand, Ref: feierabend.CommandCustomerNew}})
}

// tellCustomer has the customer told one of the fixed texts.
func (s *Store) tellCustomer(ctx context.Context, t tx, c feierabend.CustomerLink, ref string) error {
	return s.addOut(ctx, t, c.Tenant, []feierabend.Outgoing{{Sender: feierabend.SenderID(c.ID), Case: c.Case, Kind: feierabend.OutCustomer, Ref: ref}})
}
