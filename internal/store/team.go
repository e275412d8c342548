package store

import (
	"context"

	"feierabend"
)

// SetRole changes what a member may do and ends all sessions of the person: the next
// one has the new role (SES-03), and the invitations that the person made in the old
// one are void. Taking the role from the last owner is Conflict
// "last_owner"; whoever is no member is NotFound. The same role again changes nothing.
func (s *Store) SetRole(ctx context.Context, tenant feierabend.TenantID, user feierabend.UserID, role feierabend.Role, by feierabend.Actor) error {
	if tenant.IsZero() || !validRole(role) {
		return invalid("role")
	}
	return s.update(ctx, tenant, func(t tx) error {
		had, err := s.lockMember(ctx, t, tenant, user)
		if err != nil || had == role {
			return err
		}
		if err := anotherOwner(ctx, t, tenant, had); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE membership SET role = $3 WHERE tenant_id = $1 AND user_id = $2`, tenant.String(), user, role); err != nil {
			return err
		}
		if err := s.voidInvitationsBy(ctx, t, tenant, user, by); err != nil {
			return err
		}
		if had == feierabend.RoleOwner {
			if err := s.stopResting(ctx, t, user); err != nil {
				return err
			}
		}
		if _, err := s.endSessions(ctx, t, user, nil); err != nil {
			return err
		}
		if err := s.tellRole(ctx, t, tenant, by, user, had, role); err != nil {
			return err
		}
		return s.record(ctx, t, tenant.String(), by, "member."+string(role), string(user))
	})
}

// RemoveMember takes a person out of a firm: their sessions end, their numbers are
// unlinked, their invitations are void, their cases stay with the firm. A person of no
// other firm is deleted; where another firm's invitation waits, once that has ended.
// The last owner stays: Conflict "last_owner". Whoever is no member is NotFound.
func (s *Store) RemoveMember(ctx context.Context, tenant feierabend.TenantID, user feierabend.UserID, by feierabend.Actor) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error {
		had, err := s.lockMember(ctx, t, tenant, user)
		if err != nil {
			return err
		}
		if err := anotherOwner(ctx, t, tenant, had); err != nil {
			return err
		}
		if err := s.voidInvitationsBy(ctx, t, tenant, user, by); err != nil {
			return err
		}
		if _, err := s.endSessions(ctx, t, user, nil); err != nil {
			return err
		}
		if err := s.tellRole(ctx, t, tenant, by, user, had, ""); err != nil {
			return err
		}
		for _, text := range []string{`DELETE FROM membership WHERE tenant_id = $1 AND user_id = $2`, `DELETE FROM digest WHERE tenant_id = $1 AND user_id = $2`} {
			if _, err := t.exec(ctx, text, tenant.String(), user); err != nil {
				return err
			}
		}
		if _, err := s.unlinkSenders(ctx, t, tenant, user, by); err != nil {
			return err
		}
		if err := s.dropPerson(ctx, t, user); err != nil {
			return err
		}
		return s.record(ctx, t, tenant.String(), by, "member.removed", string(user))
	})
}

// tellRole tells the owners, and the person, that somebody became owner or is none any more.
func (s *Store) tellRole(ctx context.Context, t tx, tenant feierabend.TenantID, by feierabend.Actor, user feierabend.UserID, had, has feierabend.Role) error {
	n := feierabend.Notice{Kind: feierabend.NoticeOwnerAdded}
	switch {
	case (had == feierabend.RoleOwner) == (has == feierabend.RoleOwner):
		return nil
	case had == feierabend.RoleOwner:
		n.Kind = feierabend.NoticeOwnerRemoved
	}
	var own string
	if err := t.queryRow(ctx, `SELECT email FROM person WHERE id = $1`, user).Scan(&own); err != nil {
		return err
	}
	return s.tellOwners(ctx, t, tenant, by, user, n, own)
}

// lockMember keeps other changes of the firm's team out until the end of the
// transaction, and gives the role that the person has.
func (s *Store) lockMember(ctx context.Context, t tx, tenant feierabend.TenantID, user feierabend.UserID) (role feierabend.Role, err error) {
	if _, err = t.exec(ctx, `UPDATE tenant SET blocked_at = blocked_at WHERE id = $1`, tenant.String()); err != nil {
		return "", err
	}
	err = t.queryRow(ctx, `SELECT role FROM membership WHERE tenant_id = $1 AND user_id = $2`, tenant.String(), user).Scan(&role)
	if absent(err) {
		return "", notFound("member")
	}
	return role, err
}

// anotherOwner refuses where the member that had this role is the firm's only owner.
func anotherOwner(ctx context.Context, t tx, tenant feierabend.TenantID, had feierabend.Role) error {
	if had != feierabend.RoleOwner {
		return nil
	}
	var n int
	if err := t.queryRow(ctx, `SELECT count(*) FROM membership WHERE tenant_id = $1 AND role = 'owner'`, tenant.String()).Scan(&n); err != nil {
		return err
	}
	if n < 2 {
		return conflict("last_owner", "Eine Firma braucht mindestens eine Inhaberin oder einen Inhaber. Es ist nichts geändert worden. Bitte zuerst jemand anderem diese Rolle geben.")
	}
	return nil
}

func validRole(r feierabend.Role) bool {
	return r == feierabend.RoleOwner || r == feierabend.RoleOffice || r == feierabend.RoleStaff
}

// SetStaffPrices stores the firm's instruction whether its staff see prices (J-15).
func (s *Store) SetStaffPrices(ctx context.Context, tenant feierabend.TenantID, see bool, by feierabend.Actor) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	value, act := 0, "staff_prices.hidden"
	if see {
		value, act = 1, "staff_prices.shown"
	}
	return s.update(ctx, tenant, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE tenant SET staff_prices = $2 WHERE id = $1`, tenant.String(), value)
		if err != nil {
			return err
		}
		if n == 0 {
			return notFound("tenant")
		}
		return s.record(ctx, t, tenant.String(), by, act, tenant.String())
	})
}

// RenameUser stores the name of a person.
func (s *Store) RenameUser(ctx context.Context, user feierabend.UserID, name string) error {
	if name == "" {
		return invalid("name")
	}
	return s.updateAll(ctx, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE person SET name = $2 WHERE id = $1`, user, name)
		if err != nil {
			return err
		}
		if n == 0 {
			return notFound("user")
		}
		return s.record(ctx, t, "", feierabend.Actor{User: user, Via: feierabend.ViaSession}, "user.renamed", string(user))
	})
}
