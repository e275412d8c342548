package store

import (
	"context"
	"fmt"

	"feierabend"
)

// ending is what becomes of a Kundenlink that ends: the number is forgotten and speaks no
// more. Of one whose customer has agreed a keyed hash of it stays with the case, so that
// they can still take back what they said (Art. 7(3) GDPR).
const ending = `past_phone_hash = CASE WHEN state = 'agreed' THEN phone_hash ELSE past_phone_hash END,
	past_bsuid_hash = CASE WHEN state = 'agreed' THEN bsuid_hash ELSE past_bsuid_hash END, phone_hash = NULL, bsuid_hash = NULL, who = NULL`

// ofNumber are the links that a number speaks or spoke by; one that WhatsApp gives to
// another id now is not the customer's.
const ofNumber = `(bsuid_hash = $2 OR phone_hash = $1 AND (bsuid_hash IS NULL OR $2 IS NULL) OR past_bsuid_hash = $2 OR past_phone_hash = $1 AND (past_bsuid_hash IS NULL OR $2 IS NULL))`

// refuseCustomer takes back what a number said by a link: the button's, typed by the link
// it speaks by, else by the newest that has ended. Whether the firm still has the links
// switched on, or is blocked, changes nothing. nil = there is none.
func (s *Store) refuseCustomer(ctx context.Context, t tx, m strange) (*feierabend.Outcome, error) {
	c, in, err := s.findCustomer(ctx, t, `SELECT tenant_id, id FROM customer_link WHERE `+ofNumber+` AND ($3 = '' OR id = $3)
		ORDER BY state = 'ended', asked_at DESC, id LIMIT 1`, orNull(m.phone), orNull(m.bsuid), string(m.button.Case))
	if err != nil || c == nil || in == nil {
		return nil, err
	}
	if err := s.dropCustomer(ctx, t, *c, *in); err != nil {
		return nil, err
	}
	var left bool
	err = t.queryRow(ctx, `SELECT EXISTS(SELECT 1 FROM customer_link WHERE `+ofNumber+`)`, orNull(m.phone), orNull(m.bsuid)).Scan(&left)
	out := &feierabend.Outcome{Code: feierabend.CustomerGone}
	if left {
		out.Code = feierabend.CustomerPartGone
	}
	return out, err
}

// dropCustomer takes away what came of a customer: the case where the link has opened
// it, with its receipt; else their messages out of the firm's case. The number goes with it.
func (s *Store) dropCustomer(ctx context.Context, t tx, c feierabend.CustomerLink, in caseRow) error {
	by := feierabend.Actor{Via: feierabend.ViaChat}
	if err := s.record(ctx, t, c.Tenant.String(), by, "customer.refused", c.ID); err != nil {
		return err
	}
	// Another link may have joined a case that only customers spoke in: what was drafted
	// there is their words, whoever opened it.
	var firms int
	if err := t.queryRow(ctx, `SELECT count(*) FROM message WHERE tenant_id = $1 AND case_id = $2 AND NOT customer`, c.Tenant.String(), c.Case).Scan(&firms); err != nil {
		return err
	}
	if (c.Own || firms == 0) && in.State != feierabend.CaseIssued && in.State != feierabend.CaseDownloaded {
		_, err := s.erase(ctx, t, in, feierabend.EraseDiscarded, by, nil)
		return err
	}
	if err := s.dropWords(ctx, t, c, in); err != nil {
		return err
	}
	for _, text := range []string{
		`DELETE FROM audio_chunk WHERE tenant_id = $1 AND message_id IN (SELECT id FROM message WHERE tenant_id = $1 AND sender_id = $2 AND customer)`,
		`DELETE FROM transcript WHERE tenant_id = $1 AND message_id IN (SELECT id FROM message WHERE tenant_id = $1 AND sender_id = $2 AND customer)`,
		`DELETE FROM message WHERE tenant_id = $1 AND sender_id = $2 AND customer`,
		`DELETE FROM outbox WHERE tenant_id = $1 AND sender_id = $2`,
		`DELETE FROM customer_link WHERE tenant_id = $1 AND id = $2`,
	} {
		if _, err := t.exec(ctx, text, c.Tenant.String(), c.ID); err != nil {
			return err
		}
	}
	if _, err := t.exec(ctx, `UPDATE cases SET attention = '' WHERE tenant_id = $1 AND id = $2 AND attention = $3`, c.Tenant.String(), c.Case, feierabend.ReasonCustomer); err != nil {
		return err
	}
	return s.planScrub(ctx, t, false)
}

// dropWords takes a customer's words out of the drafts of a case that stays, all versions of
// them; the document stays as it was issued.
func (s *Store) dropWords(ctx context.Context, t tx, c feierabend.CustomerLink, in caseRow) error {
	tenant := c.Tenant.String()
	ids, err := collect(ctx, t, func(r row) (id feierabend.MessageID, err error) { return id, r.Scan(&id) },
		`SELECT id FROM message WHERE tenant_id = $1 AND sender_id = $2 AND customer`, tenant, c.ID)
	if err != nil || len(ids) == 0 {
		return err
	}
	theirs := map[feierabend.MessageID]bool{}
	for _, id := range ids {
		theirs[id] = true
	}
	versions, err := collect(ctx, t, func(r row) (v sealedDraft, err error) { return v, r.Scan(&v.version, &v.body) },
		`SELECT version, body FROM draft WHERE tenant_id = $1 AND case_id = $2 ORDER BY version`, tenant, c.Case)
	if err != nil {
		return err
	}
	for _, v := range versions {
		var d feierabend.Draft
		if err := in.openJSON(kindDraft, string(c.Case), v.version, v.body, &d); err != nil {
			return err
		}
		words := d.Without(theirs)
		if len(words) == 0 {
			continue
		}
		if err := rewriteDraft(ctx, t, &in, v.version, d, words); err != nil {
			return fmt.Errorf("draft version %d: %w", v.version, err)
		}
	}
	return nil
}

// sealedDraft is a version as it is stored.
type sealedDraft struct {
	version int
	body    []byte
}

// rewriteDraft stores a version anew, and the case's line in lists where it was one of
// the words.
func rewriteDraft(ctx context.Context, t tx, in *caseRow, version int, d feierabend.Draft, words []string) error {
	body, err := in.sealJSON(kindDraft, string(in.ID), version, d)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE draft SET body = $4 WHERE tenant_id = $1 AND case_id = $2 AND version = $3`, in.vault.tenant, in.ID, version, body); err != nil {
		return err
	}
	for _, w := range words {
		if in.Summary.Title == w {
			in.Summary.Title = ""
		}
	}
	if err := in.setSummary(in.Summary); err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE cases SET summary = $3 WHERE tenant_id = $1 AND id = $2`, in.vault.tenant, in.ID, in.summary)
	return err
}
