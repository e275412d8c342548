package store

import (
	"context"

	"feierabend"
)

// AddUser inserts a person. One e-mail address, one user (day-one decision 15):
// a second one is Conflict "email_taken".
func (s *Store) AddUser(ctx context.Context, u feierabend.User) error {
	if u.ID == "" || feierabend.NormalEmail(u.Email) == "" {
		return invalid("user")
	}
	return s.updateAll(ctx, func(t tx) error { return s.addUser(ctx, t, u) })
}

func (s *Store) addUser(ctx context.Context, t tx, u feierabend.User) error {
	n, err := t.exec(ctx, `INSERT INTO person(id, email, email_normal, name, phone) VALUES($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		u.ID, u.Email, feierabend.NormalEmail(u.Email), u.Name, u.Phone)
	if err != nil {
		return err
	}
	if n == 0 {
		return conflict("email_taken", "Diese E-Mail-Adresse gehört schon zu einem Zugang.")
	}
	return s.record(ctx, t, "", feierabend.Actor{}, "user.added", string(u.ID))
}

// UserByEmail finds a person by the normal form of the address.
func (s *Store) UserByEmail(ctx context.Context, email string) (u feierabend.User, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		return q.queryRow(ctx, `SELECT id, email, name, phone FROM person WHERE email_normal = $1`, feierabend.NormalEmail(email)).Scan(&u.ID, &u.Email, &u.Name, &u.Phone)
	})
	return u, err
}

// User gives a person.
func (s *Store) User(ctx context.Context, id feierabend.UserID) (u feierabend.User, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		return q.queryRow(ctx, `SELECT id, email, name, phone FROM person WHERE id = $1`, id).Scan(&u.ID, &u.Email, &u.Name, &u.Phone)
	})
	return u, err
}

// AddMembership ties a user to a tenant, or changes the role there.
func (s *Store) AddMembership(ctx context.Context, m feierabend.Membership) error {
	if !validRole(m.Role) {
		return invalid("role")
	}
	if m.Tenant.IsZero() || m.User == "" {
		return invalid("membership")
	}
	return s.update(ctx, m.Tenant, func(t tx) error { return s.addMembership(ctx, t, m) })
}

func (s *Store) addMembership(ctx context.Context, t tx, m feierabend.Membership) error {
	if err := known(ctx, t, m.Tenant); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `INSERT INTO membership(user_id, tenant_id, role) VALUES($1, $2, $3)
			ON CONFLICT(user_id, tenant_id) DO UPDATE SET role = EXCLUDED.role`, m.User, m.Tenant.String(), m.Role); err != nil {
		return err
	}
	return s.record(ctx, t, m.Tenant.String(), feierabend.Actor{}, "member."+string(m.Role), string(m.User))
}

// Memberships gives the firms of a user.
func (s *Store) Memberships(ctx context.Context, user feierabend.UserID) (out []feierabend.Membership, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanMembership, `SELECT user_id, tenant_id, role FROM membership WHERE user_id = $1 ORDER BY tenant_id`, user)
		return err
	})
	return out, err
}

// Member gives a user's membership in a tenant, or NotFound.
func (s *Store) Member(ctx context.Context, tenant feierabend.TenantID, user feierabend.UserID) (m feierabend.Membership, err error) {
	if tenant.IsZero() {
		return m, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		m, err = scanMembership(q.queryRow(ctx, `SELECT user_id, tenant_id, role FROM membership WHERE tenant_id = $1 AND user_id = $2`, tenant.String(), user))
		return err
	})
	return m, err
}

func scanMembership(r row) (m feierabend.Membership, err error) {
	var tenant string
	if err = r.Scan(&m.User, &tenant, &m.Role); err != nil {
		return m, err
	}
	m.Tenant, err = feierabend.ParseTenantID(tenant)
	return m, err
}
