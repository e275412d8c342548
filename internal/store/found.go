package store

import (
	"context"

	"feierabend"
)

// Found makes a firm ready for its first note, all or nothing: the firm with its
// profile, its owner, the concluded agreement and, unless link is nil, the owner's
// number. A person whose address is known already becomes owner of this firm too
// (day-one decision 15); link and agreement then name that person. Conflict
// "number_taken" leaves nothing behind.
func (s *Store) Found(ctx context.Context, n feierabend.Tenant, p feierabend.Profile, owner feierabend.User, a feierabend.ProcessingAgreement, link *feierabend.SenderLink) error {
	if n.ID.IsZero() || n.Name == "" || n.RetentionDays < 1 || n.RetentionDays > feierabend.MaxRetentionDays || !feierabend.ValidCountdown(n.Countdown) {
		return invalid("tenant")
	}
	if owner.ID == "" || feierabend.NormalEmail(owner.Email) == "" {
		return invalid("user")
	}
	if a.Tenant != n.ID || a.Version == "" || a.ConcludedAt.IsZero() {
		return invalid("agreement")
	}
	if link != nil && (link.ID == "" || link.Phone == "" && link.BSUID == "") {
		return invalid("sender_link")
	}
	body, err := profileJSON(p)
	if err != nil {
		return err
	}
	return s.update(ctx, n.ID, func(t tx) error {
		if err := s.createTenant(ctx, t, n, body); err != nil {
			return err
		}
		var known feierabend.UserID
		err := t.queryRow(ctx, `SELECT id FROM person WHERE email_normal = $1`, feierabend.NormalEmail(owner.Email)).Scan(&known)
		switch {
		case absent(err):
			err = s.addUser(ctx, t, owner)
		case err == nil:
			owner.ID = known
		}
		if err != nil {
			return err
		}
		if err := s.addMembership(ctx, t, feierabend.Membership{User: owner.ID, Tenant: n.ID, Role: feierabend.RoleOwner}); err != nil {
			return err
		}
		a.By.User = owner.ID
		if err := s.conclude(ctx, t, a); err != nil || link == nil {
			return err
		}
		l := *link
		l.Tenant, l.User = n.ID, owner.ID
		return s.addSenderLink(ctx, t, n.ID, l)
	})
}
