package store

import (
	"context"

	"feierabend"
)

// AddDraft stores the next version of a case's draft: what it was made from is
// finished, what is to be told and done next is stored, all in one transaction.
// Conflict: "draft_version" when another version than n.Base is the newest,
// "message_done" when the message already has its outcome (a repeated job), and
// "already_issued" when the document exists: it never changes.
func (s *Store) AddDraft(ctx context.Context, tenant feierabend.TenantID, n feierabend.NewDraft, next ...feierabend.Job) (version int, err error) {
	if tenant.IsZero() || n.Case == "" || n.State != feierabend.CaseOpen && n.State != feierabend.CaseReady {
		return 0, invalid("draft")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		c, err := s.lockCase(ctx, t, tenant, n.Case)
		if err != nil {
			return err
		}
		if err := mayChange(c, n.Base); err != nil {
			return err
		}
		version = n.Base + 1
		body, err := c.sealJSON(kindDraft, string(c.ID), version, n.Draft)
		if err != nil {
			return err
		}
		at := micros(s.now())
		if _, err := t.exec(ctx, `INSERT INTO draft(tenant_id, case_id, version, by_user, by_role, by_via, engine, at, body) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			tenant.String(), n.Case, version, n.By.User, n.By.Role, n.By.Via, n.Engine, at, body); err != nil {
			return err
		}
		if err := c.setSummary(n.Summary); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE cases SET version = $3, state = $4, changed_at = $5, summary = $6, attention = '' WHERE tenant_id = $1 AND id = $2`,
			tenant.String(), n.Case, version, n.State, at, c.summary); err != nil {
			return err
		}
		if err := s.finishOnce(ctx, t, tenant, n.Message, n.Reason); err != nil {
			return err
		}
		if err := s.addOut(ctx, t, tenant, n.Out); err != nil {
			return err
		}
		return t.enqueue(ctx, next)
	})
	if err != nil {
		return 0, err
	}
	return version, nil
}

func mayChange(c caseRow, base int) error {
	if c.State == feierabend.CaseIssued || c.State == feierabend.CaseDownloaded {
		return conflict("already_issued", "Das Dokument ist schon ausgestellt und wird nicht mehr geändert.")
	}
	if c.Version != base {
		return conflict("draft_version", "Der Entwurf wurde inzwischen geändert. Bitte sehen Sie sich die neue Fassung an.")
	}
	return nil
}

// finishOnce sets the message that a result was made from to done; a repeated job
// gets Conflict "message_done". "" is no message.
func (s *Store) finishOnce(ctx context.Context, t tx, tenant feierabend.TenantID, id feierabend.MessageID, reason string) error {
	if id == "" {
		return nil
	}
	n, err := t.exec(ctx, `UPDATE message SET state = $3, reason = $4 WHERE tenant_id = $1 AND id = $2 AND state <> $3`, tenant.String(), id, feierabend.MessageDone, reason)
	if err != nil || n == 1 {
		return err
	}
	if _, err := s.message(ctx, t, tenant, id); err != nil {
		return err
	}
	return conflict("message_done", "Diese Nachricht ist schon bearbeitet.")
}

// Draft gives the newest version; NotFound where there is none yet.
func (s *Store) Draft(ctx context.Context, tenant feierabend.TenantID, id feierabend.CaseID) (feierabend.DraftVersion, error) {
	return s.DraftAt(ctx, tenant, id, 0)
}

// DraftAt gives one version, counted from 1; 0 is the newest.
func (s *Store) DraftAt(ctx context.Context, tenant feierabend.TenantID, id feierabend.CaseID, version int) (d feierabend.DraftVersion, err error) {
	if tenant.IsZero() {
		return d, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		c, err := s.liveCase(ctx, q, tenant, id)
		if err != nil {
			return err
		}
		if version == 0 {
			version = c.Version
		}
		var at int64
		var body []byte
		err = q.queryRow(ctx, `SELECT version, by_user, by_role, by_via, engine, at, body FROM draft WHERE tenant_id = $1 AND case_id = $2 AND version = $3`,
			tenant.String(), id, version).Scan(&d.Version, &d.By.User, &d.By.Role, &d.By.Via, &d.Engine, &at, &body)
		if err != nil {
			return err
		}
		d.Case, d.At = id, timeOf(at)
		return c.openJSON(kindDraft, string(id), version, body, &d.Draft)
	})
	if err != nil {
		return feierabend.DraftVersion{}, err
	}
	return d, nil
}
