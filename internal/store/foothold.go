package store

import (
	"context"
	"time"

	"feierabend"
)

// A challenge that waits would let somebody link a number after they were put out: it
// belongs to the session that asked (whatsapp.md §9.2) and to a person who may.

// mayLink says that a challenge may still be answered: the person is a member, and who
// asked is that person, or owner of the firm at this moment. Else NotFound "member" or
// Unauthorized "role".
func mayLink(ctx context.Context, q querier, c feierabend.LinkChallenge) error {
	if err := memberOf(ctx, q, c.Tenant, c.User); err != nil || c.By == c.User {
		return err
	}
	var owner bool
	if err := q.queryRow(ctx, `SELECT EXISTS(SELECT 1 FROM membership WHERE tenant_id = $1 AND user_id = $2 AND role = 'owner')`, c.Tenant.String(), c.By).Scan(&owner); err != nil {
		return err
	}
	if !owner {
		return &feierabend.Error{
			Kind: feierabend.Unauthorized, Code: "role",
			Text: "Nummern anderer verbindet nur, wer Inhaberin oder Inhaber ist. Es ist nichts verbunden. Bitte fragen Sie dort.",
		}
	}
	return nil
}

// voidWithoutSession voids what the person asked for in sessions that have ended.
func voidWithoutSession(ctx context.Context, t tx, user feierabend.UserID) error {
	_, err := t.exec(ctx, `UPDATE link_challenge SET state = 'void' WHERE by_user = $1 AND state IN ('open', 'asked', 'confirm')
		AND NOT EXISTS (SELECT 1 FROM session n WHERE n.token_hash = link_challenge.session_hash)`, user)
	return err
}

// moveLinks gives the challenges of a session to its new token. A code that waits was
// worked out of the old token, the page can show it no longer: it is void.
func moveLinks(ctx context.Context, t tx, from, to []byte) error {
	_, err := t.exec(ctx, `UPDATE link_challenge SET session_hash = $2, state = CASE state WHEN 'open' THEN 'void' ELSE state END WHERE session_hash = $1`, from, to)
	return err
}

// dropFootholds takes from a person's firms what somebody in their place may have left
// since: challenges, invitations, and numbers, which are suspended until they are proved
// again. Afterwards no firm is bound.
func (s *Store) dropFootholds(ctx context.Context, t tx, user feierabend.UserID, since time.Time) error {
	if _, err := t.exec(ctx, `UPDATE link_challenge SET state = 'void' WHERE (by_user = $1 OR user_id = $1) AND state IN ('open', 'asked', 'confirm')`, user); err != nil {
		return err
	}
	firms, err := collect(ctx, t, func(r row) (id string, err error) { return id, r.Scan(&id) }, `SELECT tenant_id FROM membership WHERE user_id = $1 ORDER BY tenant_id`, user)
	if err != nil {
		return err
	}
	var own string
	if err := t.queryRow(ctx, `SELECT email FROM person WHERE id = $1`, user).Scan(&own); err != nil {
		return err
	}
	by := feierabend.Actor{User: user}
	for _, id := range firms {
		tenant, err := feierabend.ParseTenantID(id)
		if err != nil {
			return err
		}
		if err := t.bind(ctx, id); err != nil {
			return err
		}
		if err := s.voidInvitationsBy(ctx, t, tenant, user, by); err != nil {
			return err
		}
		if err := s.tellOwners(ctx, t, tenant, by, user, feierabend.Notice{Kind: feierabend.NoticeAddressBack}, own); err != nil {
			return err
		}
	}
	if err := t.bind(ctx, ""); err != nil {
		return err
	}
	return s.suspend(ctx, t, `(user_id = $1 AND linked_at >= $2 OR id IN (SELECT link_id FROM link_challenge WHERE by_user = $1 AND state = 'done' AND created_at >= $2))`,
		[]any{user, micros(since)}, feierabend.SuspendedAccess)
}
