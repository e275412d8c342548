package store

import (
	"context"
	"time"

	"feierabend"
	"feierabend/internal/seal"
)

// kindApplication is the kind of the sealed form; part of what is authenticated.
const kindApplication = "application"

// AddRegistration stores an application with the job that mails for it. It makes
// no firm and no person.
func (s *Store) AddRegistration(ctx context.Context, r feierabend.Registration, next ...feierabend.Job) error {
	if r.ID == "" || r.User == "" || r.Email == "" || len(r.BindHash) == 0 || r.Form == nil || r.At.IsZero() {
		return invalid("registration")
	}
	v, err := s.account("")
	if err != nil {
		return err
	}
	body, err := v.sealJSON(kindApplication, r.ID, 0, r.Form)
	if err != nil {
		return err
	}
	return s.updateAll(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `INSERT INTO registration(id, user_id, email_hash, bind_hash, browser, at, body) VALUES($1, $2, $3, $4, $5, $6, $7)`,
			r.ID, r.User, s.emailHash(r.Email), r.BindHash, r.Browser, micros(r.At), body); err != nil {
			return err
		}
		return t.enqueue(ctx, next)
	})
}

func (s *Store) emailHash(normal string) []byte {
	return s.root.MAC(seal.PurposeLookup, "registration", normal)
}

const registrationColumns = `SELECT id, user_id, bind_hash, browser, at, body FROM registration `

// Registration gives an application that still waits, or NotFound. Email is not
// given: it is stored as a keyed hash, and stands in the form.
func (s *Store) Registration(ctx context.Context, id string, now time.Time) (feierabend.Registration, error) {
	return s.registration(ctx, registrationColumns+`WHERE id = $1 AND at > $2`, id, micros(now.Add(-feierabend.RegistrationTerm)))
}

// RegistrationOf gives the application whose owner will be user.
func (s *Store) RegistrationOf(ctx context.Context, user feierabend.UserID, now time.Time) (feierabend.Registration, error) {
	return s.registration(ctx, registrationColumns+`WHERE user_id = $1 AND at > $2`, user, micros(now.Add(-feierabend.RegistrationTerm)))
}

// RegistrationFrom gives the newest application of a browser.
func (s *Store) RegistrationFrom(ctx context.Context, bindHash []byte, now time.Time) (feierabend.Registration, error) {
	return s.registration(ctx, registrationColumns+`WHERE bind_hash = $1 AND at > $2 ORDER BY at DESC, id LIMIT 1`, bindHash, micros(now.Add(-feierabend.RegistrationTerm)))
}

func (s *Store) registration(ctx context.Context, text string, args ...any) (r feierabend.Registration, err error) {
	var body []byte
	err = s.viewAll(ctx, func(q querier) error {
		var at int64
		err := q.queryRow(ctx, text, args...).Scan(&r.ID, &r.User, &r.BindHash, &r.Browser, &at, &body)
		r.At = timeOf(at)
		return err
	})
	if err != nil {
		return r, err
	}
	v, err := s.account("")
	if err != nil {
		return r, err
	}
	r.Form = new(feierabend.Application)
	return r, v.openJSON(kindApplication, r.ID, 0, body, r.Form)
}

// CompleteRegistration makes firm, owner and membership of an application, all or
// nothing, and drops it together with the other applications of the address. Where
// the address got a person meanwhile, by another application that was quicker, that
// person is given and no second firm comes of it.
func (s *Store) CompleteRegistration(ctx context.Context, id string, n feierabend.Tenant, p feierabend.Profile, owner feierabend.User) (user feierabend.UserID, err error) {
	if n.ID.IsZero() || n.Name == "" || n.RetentionDays < 1 || n.RetentionDays > feierabend.MaxRetentionDays || !feierabend.ValidCountdown(n.Countdown) {
		return "", invalid("tenant")
	}
	if id == "" || owner.ID == "" || feierabend.NormalEmail(owner.Email) == "" {
		return "", invalid("user")
	}
	body, err := profileJSON(p)
	if err != nil {
		return "", err
	}
	by := feierabend.Actor{User: owner.ID, Role: feierabend.RoleOwner, Via: feierabend.ViaSession}
	err = s.update(ctx, n.ID, func(t tx) error {
		user = owner.ID
		if _, err := t.exec(ctx, `DELETE FROM registration WHERE id = $1 OR email_hash = $2`, id, s.emailHash(feierabend.NormalEmail(owner.Email))); err != nil {
			return err
		}
		err := s.addUser(ctx, t, owner)
		if feierabend.CodeOf(err) == "email_taken" {
			return t.queryRow(ctx, `SELECT id FROM person WHERE email_normal = $1`, feierabend.NormalEmail(owner.Email)).Scan(&user)
		}
		if err != nil {
			return err
		}
		if err := s.createTenant(ctx, t, n, body); err != nil {
			return err
		}
		if err := s.addMembership(ctx, t, feierabend.Membership{User: owner.ID, Tenant: n.ID, Role: feierabend.RoleOwner}); err != nil {
			return err
		}
		return s.record(ctx, t, n.ID.String(), by, "tenant.registered", n.ID.String())
	})
	if err != nil {
		return "", err
	}
	return user, nil
}
