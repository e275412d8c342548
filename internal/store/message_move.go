package store

import (
	"context"

	"feierabend"
)

// MoveMessage joins a message to another case: its content is sealed anew under
// the target's key, the earlier expiry holds for both, and the source case goes
// with its key when nothing is left in it. Content does not live longer by moving.
func (s *Store) MoveMessage(ctx context.Context, tenant feierabend.TenantID, id feierabend.MessageID, to feierabend.CaseID) error {
	return s.onMessage(ctx, tenant, id, func(t tx, m messageRow) error {
		if m.Case == to {
			return nil
		}
		if m.Case == "" {
			return invalid("message_without_case")
		}
		target, err := s.lockCase(ctx, t, tenant, to)
		if err != nil {
			return err
		}
		if err := reseal(ctx, t, m, target.vault); err != nil {
			return err
		}
		expires := target.ExpiresAt
		if m.caseRow.ExpiresAt.Before(expires) {
			expires = m.caseRow.ExpiresAt
		}
		if _, err := t.exec(ctx, `UPDATE cases SET expires_at = $3, changed_at = $4, created_at = CASE WHEN created_at > $5 THEN $5 ELSE created_at END
			WHERE tenant_id = $1 AND id = $2`, tenant.String(), to, micros(expires), micros(s.now()), micros(m.caseRow.CreatedAt)); err != nil {
			return err
		}
		_, err = s.dropEmpty(ctx, t, *m.caseRow, target.vault)
		return err
	})
}

// reseal moves body, audio and transcript of a message under another key.
func reseal(ctx context.Context, t tx, m messageRow, to vault) error {
	from, tenant := m.caseRow.vault, m.Tenant.String()
	body, err := to.sealJSON(kindMessage, string(m.ID), 0, m.body)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE message SET case_id = $3, body = $4 WHERE tenant_id = $1 AND id = $2`, tenant, m.ID, to.caseName, body); err != nil {
		return err
	}
	seqs, err := collect(ctx, t, func(r row) (n int, err error) { return n, r.Scan(&n) },
		`SELECT seq FROM audio_chunk WHERE tenant_id = $1 AND message_id = $2 ORDER BY seq`, tenant, m.ID)
	if err != nil {
		return err
	}
	for _, n := range seqs {
		var chunk []byte
		if err := t.queryRow(ctx, `SELECT body FROM audio_chunk WHERE tenant_id = $1 AND message_id = $2 AND seq = $3`, tenant, m.ID, n).Scan(&chunk); err != nil {
			return err
		}
		plain, err := from.open(kindAudio, string(m.ID), n, chunk)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE audio_chunk SET body = $4 WHERE tenant_id = $1 AND message_id = $2 AND seq = $3`,
			tenant, m.ID, n, to.seal(kindAudio, string(m.ID), n, plain)); err != nil {
			return err
		}
	}
	var words []byte
	err = t.queryRow(ctx, `SELECT body FROM transcript WHERE tenant_id = $1 AND message_id = $2`, tenant, m.ID).Scan(&words)
	if absent(err) {
		return nil
	}
	if err != nil {
		return err
	}
	plain, err := from.open(kindTranscript, string(m.ID), 0, words)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE transcript SET body = $3 WHERE tenant_id = $1 AND message_id = $2`, tenant, m.ID, to.seal(kindTranscript, string(m.ID), 0, plain))
	return err
}

// dropEmpty deletes a case that no message, draft or document belongs to any more,
// with its key; what it has in the outbox goes over to the vault into. No receipt:
// nothing was erased, it moved or was never content.
func (s *Store) dropEmpty(ctx context.Context, t tx, c caseRow, into vault) (bool, error) {
	var left int
	if err := t.queryRow(ctx, `SELECT (SELECT count(*) FROM message WHERE tenant_id = $1 AND case_id = $2) + (SELECT count(*) FROM draft WHERE tenant_id = $1 AND case_id = $2)
		+ (SELECT count(*) FROM document WHERE tenant_id = $1 AND case_id = $2)`, c.vault.tenant, c.caseName).Scan(&left); err != nil || left > 0 {
		return false, err
	}
	if _, err := s.rehome(ctx, t, c, into, false); err != nil {
		return false, err
	}
	if _, err := dropCase(ctx, t, c); err != nil {
		return false, err
	}
	return true, s.planScrub(ctx, t, false)
}
