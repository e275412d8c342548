package store

import (
	"context"

	"feierabend"
)

// AddDraft stores the next version of a case's draft: what it was made from is
// finished, what is to be told and done next is stored, all in one transaction; with it
// the lease ends that the message held. Conflict: "draft_version" when another version
// than n.Base is the newest, "message_done" when the message already has its outcome (a
// repeated job), and "already_issued" when the document exists: it never changes. An
// entry of the address book that the draft takes over counts as used with it; NotFound
// "address" where that entry is there no more. Locks: firm, entry, case.
func (s *Store) AddDraft(ctx context.Context, tenant feierabend.TenantID, n feierabend.NewDraft, next ...feierabend.Job) (version int, err error) {
	if tenant.IsZero() || n.Case == "" || n.State != feierabend.CaseOpen && n.State != feierabend.CaseReady {
		return 0, invalid("draft")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		if n.Entry != "" {
			if err := s.useEntry(ctx, t, tenant, n.Entry); err != nil {
				return err
			}
		}
		// Two round trips: what is asked and may refuse, and what is written.
		finished, known := n.Message == "", make([]bool, len(n.Out))
		c, err := s.lockCase(ctx, t, tenant, n.Case, append(recipients(tenant, n.Out, known), finishing(tenant, n.Message, n.Reason, &finished)...)...)
		if err != nil {
			return err
		}
		if err := mayChange(c, n.Base); err != nil {
			return err
		}
		if !finished {
			return s.notFinished(ctx, t, tenant, n.Message)
		}
		version = n.Base + 1
		told, jobs, err := s.outgoing(ctx, t, tenant, n.Out, known, n.Case)
		if err != nil {
			return err
		}
		steps, err := c.drafted(n, version, micros(s.now()))
		if err != nil {
			return err
		}
		return t.conclude(ctx, append(steps, told...), append(jobs, next...))
	})
	if err != nil {
		return 0, err
	}
	return version, nil
}

// drafted gives the steps that store a version and end the lease of its message.
func (c *caseRow) drafted(n feierabend.NewDraft, version int, at int64) ([]step, error) {
	tenant := c.vault.tenant
	body, err := c.sealJSON(kindDraft, string(c.ID), version, n.Draft)
	if err != nil {
		return nil, err
	}
	if err := c.setSummary(n.Summary); err != nil {
		return nil, err
	}
	steps := []step{
		{
			text: `INSERT INTO draft(tenant_id, case_id, version, by_user, by_role, by_via, engine, at, body) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			args: []any{tenant, n.Case, version, n.By.User, n.By.Role, n.By.Via, n.Engine, at, body},
		},
		{
			text: `UPDATE cases SET version = $3, state = $4, changed_at = $5, summary = $6, attention = '' WHERE tenant_id = $1 AND id = $2`,
			args: []any{tenant, n.Case, version, n.State, at, c.summary},
		},
	}
	if n.Message != "" {
		steps = append(steps, releasing(tenant, c.Sender, string(n.Message)))
	}
	return steps, nil
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
	finished := false
	if err := t.run(ctx, finishing(tenant, id, reason, &finished)); err != nil || finished {
		return err
	}
	return s.notFinished(ctx, t, tenant, id)
}

// finishing is the step of finishOnce; finished says that it was not done before.
func finishing(tenant feierabend.TenantID, id feierabend.MessageID, reason string, finished *bool) []step {
	if id == "" {
		return nil
	}
	return []step{{
		text: `UPDATE message SET state = $3, reason = $4 WHERE tenant_id = $1 AND id = $2 AND state <> $3 RETURNING id`, args: []any{tenant.String(), id, feierabend.MessageDone, reason},
		scan: func(r row) error {
			*finished = true
			return r.Scan(&id)
		},
	}}
}

// notFinished says why: the message is not there, or has its outcome.
func (s *Store) notFinished(ctx context.Context, t tx, tenant feierabend.TenantID, id feierabend.MessageID) error {
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
		var x sealedCase
		var at int64
		var body []byte
		err := q.queryRow(ctx, `SELECT `+caseColumns+`, d.version, d.by_user, d.by_role, d.by_via, d.engine, d.at, d.body FROM cases c JOIN content_key k ON k.id = c.key_id
			JOIN draft d ON d.tenant_id = c.tenant_id AND d.case_id = c.id AND d.version = CASE WHEN $3 = 0 THEN c.version ELSE $3 END WHERE c.tenant_id = $1 AND c.id = $2`,
			tenant.String(), id, version).Scan(append(x.columns(), &d.Version, &d.By.User, &d.By.Role, &d.By.Via, &d.Engine, &at, &body)...)
		if absent(err) { // of the draft, or of the case
			if _, err := s.liveCase(ctx, q, tenant, id); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		c, err := s.openLive(&x, tenant)
		if err != nil {
			return err
		}
		d.Case, d.At = id, timeOf(at)
		return c.openJSON(kindDraft, string(id), d.Version, body, &d.Draft)
	})
	if err != nil {
		return feierabend.DraftVersion{}, err
	}
	return d, nil
}
