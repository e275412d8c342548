package store

import (
	"context"

	"feierabend"
)

// AddTranscript stores what was said, sets the message to transcribed and enqueues
// what follows. Where an earlier try got through, nothing changes: its jobs are there.
func (s *Store) AddTranscript(ctx context.Context, tenant feierabend.TenantID, id feierabend.MessageID, tr feierabend.Transcript, next ...feierabend.Job) error {
	return s.onMessage(ctx, tenant, id, func(t tx, m messageRow) error {
		if m.Case == "" {
			return invalid("message_without_case")
		}
		if finished(m.State) || m.State == feierabend.MessageTranscribed {
			return nil
		}
		body, err := m.caseRow.sealJSON(kindTranscript, string(id), 0, tr)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO transcript(tenant_id, message_id, body) VALUES($1, $2, $3)
			ON CONFLICT(tenant_id, message_id) DO UPDATE SET body = EXCLUDED.body`, tenant.String(), id, body); err != nil {
			return err
		}
		if err := setState(ctx, t, m, feierabend.MessageTranscribed, ""); err != nil {
			return err
		}
		return t.enqueue(ctx, next)
	})
}

// Transcript gives what was said in a message.
func (s *Store) Transcript(ctx context.Context, tenant feierabend.TenantID, id feierabend.MessageID) (tr feierabend.Transcript, err error) {
	if tenant.IsZero() {
		return tr, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		m, err := s.message(ctx, q, tenant, id)
		if err != nil {
			return err
		}
		if m.caseRow == nil {
			return notFound("transcript")
		}
		var sealed []byte
		if err := q.queryRow(ctx, `SELECT body FROM transcript WHERE tenant_id = $1 AND message_id = $2`, tenant.String(), id).Scan(&sealed); err != nil {
			return err
		}
		return m.caseRow.openJSON(kindTranscript, string(id), 0, sealed, &tr)
	})
	return tr, err
}
