package store

import (
	"context"
	"time"

	"feierabend"
)

// AddInvitation stores the offer to join the firm with the job that mails it. An older
// one to the same address is replaced. Whoever is a member already is Conflict "member"; an
// inviter who is no owner, or no longer one at this moment, is Unauthorized "role".
func (s *Store) AddInvitation(ctx context.Context, tenant feierabend.TenantID, n feierabend.Invitation, next ...feierabend.Job) error {
	normal := feierabend.NormalEmail(n.Email)
	if tenant.IsZero() || n.ID == "" || normal == "" || !validRole(n.Role) || n.ExpiresAt.IsZero() {
		return invalid("invitation")
	}
	return s.update(ctx, tenant, func(t tx) error {
		if err := known(ctx, t, tenant); err != nil {
			return err
		}
		if role, err := s.lockMember(ctx, t, tenant, n.By); feierabend.KindOf(err) == feierabend.NotFound || err == nil && role != feierabend.RoleOwner {
			return &feierabend.Error{Kind: feierabend.Unauthorized, Code: "role", Text: "Einladen darf nur, wer Inhaberin oder Inhaber ist. Es ist keine Mail verschickt worden. Bitte fragen Sie dort."}
		} else if err != nil {
			return err
		}
		var member bool
		if err := t.queryRow(ctx, `SELECT EXISTS(SELECT 1 FROM membership m JOIN person p ON p.id = m.user_id WHERE m.tenant_id = $1 AND p.email_normal = $2)`,
			tenant.String(), normal).Scan(&member); err != nil {
			return err
		}
		if member {
			return conflict("member", "Diese Adresse gehört schon zu Ihrem Team. Es ist keine Mail verschickt worden.")
		}
		if _, err := t.exec(ctx, `DELETE FROM invitation WHERE tenant_id = $1 AND email_normal = $2`, tenant.String(), normal); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO invitation(id, tenant_id, email, email_normal, role, token_hash, made_user, by_user, created_at, expires_at)
				VALUES($1, $2, $3, $4, $5, NULL, '', $6, $7, $8)`, n.ID, tenant.String(), n.Email, normal, n.Role, n.By, micros(n.CreatedAt), micros(n.ExpiresAt)); err != nil {
			return err
		}
		if err := s.record(ctx, t, tenant.String(), feierabend.Actor{User: n.By, Via: feierabend.ViaSession}, "invited."+string(n.Role), n.ID); err != nil {
			return err
		}
		return t.enqueue(ctx, next)
	})
}

const invitationColumns = `id, tenant_id, email, role, by_user, created_at, expires_at`

func scanInvitation(r row) (n feierabend.Invitation, err error) {
	var tenant string
	var created, expires int64
	if err = r.Scan(&n.ID, &tenant, &n.Email, &n.Role, &n.By, &created, &expires); err != nil {
		return n, err
	}
	n.CreatedAt, n.ExpiresAt = timeOf(created), timeOf(expires)
	n.Tenant, err = feierabend.ParseTenantID(tenant)
	return n, err
}

// Invitations gives the firm's invitations that wait, newest first.
func (s *Store) Invitations(ctx context.Context, tenant feierabend.TenantID, now time.Time) (out []feierabend.Invitation, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out, err = collect(ctx, q, scanInvitation, `SELECT `+invitationColumns+` FROM invitation WHERE tenant_id = $1 AND expires_at > $2 ORDER BY created_at DESC, id`, tenant.String(), micros(now))
		return err
	})
	return out, err
}

// Invitation gives one of the firm's invitations.
func (s *Store) Invitation(ctx context.Context, tenant feierabend.TenantID, id string) (n feierabend.Invitation, err error) {
	if tenant.IsZero() {
		return n, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		n, err = scanInvitation(q.queryRow(ctx, `SELECT `+invitationColumns+` FROM invitation WHERE tenant_id = $1 AND id = $2`, tenant.String(), id))
		return err
	})
	return n, err
}

// SetInvitationToken stores the hash of the token that is mailed; an older one is void.
func (s *Store) SetInvitationToken(ctx context.Context, tenant feierabend.TenantID, id string, tokenHash []byte) error {
	if tenant.IsZero() || len(tokenHash) == 0 {
		return invalid("invitation")
	}
	return s.update(ctx, tenant, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE invitation SET token_hash = $3 WHERE tenant_id = $1 AND id = $2`, tenant.String(), id, tokenHash)
		if err == nil && n == 0 {
			err = notFound("invitation")
		}
		return err
	})
}

// WithdrawInvitation deletes an invitation; the link in its mail is dead at once, and
// a person who came for nothing else is deleted.
func (s *Store) WithdrawInvitation(ctx context.Context, tenant feierabend.TenantID, id string, by feierabend.Actor) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error {
		ids, err := s.endInvitations(ctx, t, `DELETE FROM invitation WHERE tenant_id = $1 AND id = $2 RETURNING id, email_normal`, tenant.String(), id)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return notFound("invitation")
		}
		return s.record(ctx, t, tenant.String(), by, "invitation.withdrawn", id)
	})
}

// InvitationByToken gives the invitation whose mail holds the token. One that has
// ended, was withdrawn or never was is NotFound.
func (s *Store) InvitationByToken(ctx context.Context, tokenHash []byte, now time.Time) (n feierabend.Invitation, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		n, err = byToken(ctx, q, tokenHash, now)
		return err
	})
	return n, err
}

func byToken(ctx context.Context, q querier, tokenHash []byte, now time.Time) (feierabend.Invitation, error) {
	var tenant, id string
	if err := q.queryRow(ctx, `SELECT tenant_id, id FROM invitation WHERE token_hash = $1 AND expires_at > $2`, tokenHash, micros(now)).Scan(&tenant, &id); err != nil {
		return feierabend.Invitation{}, err
	}
	return scanInvitation(q.queryRow(ctx, `SELECT `+invitationColumns+` FROM invitation WHERE tenant_id = $1 AND id = $2`, tenant, id))
}

// AnswerInvitation makes the invited person, who can then sign in with the invited
// address; where the address is known nothing changes. It gives the address.
func (s *Store) AnswerInvitation(ctx context.Context, tokenHash []byte, stranger feierabend.UserID, now time.Time) (email string, err error) {
	if stranger == "" {
		return "", invalid("user")
	}
	err = s.updateAll(ctx, func(t tx) error {
		n, err := byToken(ctx, t, tokenHash, now)
		if err != nil {
			return err
		}
		email = n.Email
		// The row is held until the end of the transaction: whoever deletes it then sees
		// the person. By made_user nobody is found any more: the address says who came for it.
		held, err := t.exec(ctx, `UPDATE invitation SET made_user = '' WHERE tenant_id = $1 AND id = $2`, n.Tenant.String(), n.ID)
		if err != nil {
			return err
		}
		if held == 0 {
			return notFound("row")
		}
		made, err := t.exec(ctx, `INSERT INTO person(id, email, email_normal, name) VALUES($1, $2, $3, '') ON CONFLICT DO NOTHING`, stranger, n.Email, feierabend.NormalEmail(n.Email))
		if err != nil || made == 0 {
			return err
		}
		return s.record(ctx, t, "", feierabend.Actor{}, "user.added", string(stranger))
	})
	return email, err
}

// InvitationsOf gives the invitations that wait for the address of a person, oldest first.
func (s *Store) InvitationsOf(ctx context.Context, user feierabend.UserID, now time.Time) (out []feierabend.Invitation, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanInvitation, `SELECT i.id, i.tenant_id, i.email, i.role, i.by_user, i.created_at, i.expires_at FROM invitation i
			JOIN person p ON p.email_normal = i.email_normal WHERE p.id = $1 AND i.expires_at > $2 ORDER BY i.created_at, i.id`, user, micros(now))
		return err
	})
	return out, err
}

// AcceptInvitation makes a person a member of the firm, by an invitation to their own
// address, once. A name is stored where the person has none yet. One that is not theirs,
// or has ended, is NotFound. A member already keeps their role.
func (s *Store) AcceptInvitation(ctx context.Context, tenant feierabend.TenantID, id string, user feierabend.UserID, name string, now time.Time) (m feierabend.Membership, err error) {
	if tenant.IsZero() || user == "" {
		return m, invalid("invitation")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		m = feierabend.Membership{User: user, Tenant: tenant}
		var inviter feierabend.UserID
		err := t.queryRow(ctx, `DELETE FROM invitation WHERE tenant_id = $1 AND id = $2 AND expires_at > $3
			AND email_normal = (SELECT email_normal FROM person WHERE id = $4) RETURNING role, by_user`, tenant.String(), id, micros(now), user).Scan(&m.Role, &inviter)
		if absent(err) {
			return notFound("invitation")
		}
		if err != nil {
			return err
		}
		if name != "" {
			if _, err := t.exec(ctx, `UPDATE person SET name = $2 WHERE id = $1 AND name = ''`, user, name); err != nil {
				return err
			}
		}
		joined, err := t.exec(ctx, `INSERT INTO membership(user_id, tenant_id, role) VALUES($1, $2, $3) ON CONFLICT DO NOTHING`, user, tenant.String(), m.Role)
		if err != nil {
			return err
		}
		by := feierabend.Actor{User: user, Role: m.Role, Via: feierabend.ViaSession}
		if joined > 0 {
			// Owners are told who let the person in, not that the person came.
			if err := s.tellRole(ctx, t, tenant, feierabend.Actor{User: inviter}, user, "", m.Role); err != nil {
				return err
			}
		}
		return s.record(ctx, t, tenant.String(), by, "member."+string(m.Role), string(user))
	})
	return m, err
}
