package store

import (
	"context"
	"slices"

	"feierabend"
)

// endInvitations deletes the invitations that text names (it gives id and address of
// each), and then the strangers who came for them.
func (s *Store) endInvitations(ctx context.Context, t tx, text string, args ...any) (ids []string, err error) {
	ended, err := collect(ctx, t, func(r row) (n [2]string, err error) { return n, r.Scan(&n[0], &n[1]) }, text, args...)
	if err != nil {
		return nil, err
	}
	var emails []string
	for _, n := range ended {
		ids, emails = append(ids, n[0]), append(emails, n[1])
	}
	slices.Sort(emails) // one order of locks
	for _, email := range slices.Compact(emails) {
		if err := s.dropStranger(ctx, t, email); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// voidInvitationsBy deletes what a member offered in the firm who is owner no longer.
func (s *Store) voidInvitationsBy(ctx context.Context, t tx, tenant feierabend.TenantID, user feierabend.UserID, by feierabend.Actor) error {
	ids, err := s.endInvitations(ctx, t, `DELETE FROM invitation WHERE tenant_id = $1 AND by_user = $2 RETURNING id, email_normal`, tenant.String(), user)
	if err != nil {
		return err
	}
	slices.Sort(ids)
	for _, id := range ids {
		if err := s.record(ctx, t, tenant.String(), by, "invitation.withdrawn", id); err != nil {
			return err
		}
	}
	return nil
}

// dropStranger deletes the person with the address, unless they belong to a firm or
// an invitation to the address is left. The person is locked before the question is
// asked: of two firms that end theirs at the same moment, the later one sees that none is left.
func (s *Store) dropStranger(ctx context.Context, t tx, email string) error {
	var user feierabend.UserID
	err := t.queryRow(ctx, `UPDATE person SET blocked_at = blocked_at WHERE email_normal = $1 RETURNING id`, email).Scan(&user)
	if absent(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.dropPerson(ctx, t, user)
}

// dropPerson deletes a person who belongs to no firm, is invited by none and runs nothing, with
// everything that begins a sign-in or goes on from one.
func (s *Store) dropPerson(ctx context.Context, t tx, user feierabend.UserID) error {
	n, err := t.exec(ctx, `DELETE FROM person WHERE id = $1 AND NOT EXISTS(SELECT 1 FROM membership m WHERE m.user_id = person.id)
		AND NOT EXISTS(SELECT 1 FROM invitation i WHERE i.email_normal = person.email_normal)
		AND NOT EXISTS(SELECT 1 FROM service_operator o WHERE o.user_id = person.id)`, user)
	if err != nil || n == 0 {
		return err
	}
	for _, text := range []string{
		`DELETE FROM session WHERE user_id = $1`,
		`DELETE FROM sign_in_link WHERE user_id = $1`,
		`DELETE FROM sign_in_request WHERE user_id = $1`,
		`DELETE FROM address_change WHERE user_id = $1`,
		`DELETE FROM number_code WHERE user_id = $1`,
		`DELETE FROM step_up WHERE user_id = $1`,
		`DELETE FROM recovery WHERE user_id = $1`,
		`DELETE FROM passkey WHERE user_id = $1`,
		`DELETE FROM passkey_ask WHERE user_id = $1`,
	} {
		if _, err := t.exec(ctx, text, user); err != nil {
			return err
		}
	}
	return nil
}
