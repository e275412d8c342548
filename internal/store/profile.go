package store

import (
	"context"
	"encoding/json"
	"strings"

	"feierabend"
)

// Profile gives what the firm told about itself, without the address book.
func (s *Store) Profile(ctx context.Context, tenant feierabend.TenantID) (p feierabend.Profile, err error) {
	p, _, err = s.ProfileVersion(ctx, tenant)
	return p, err
}

// ProfileVersion gives the profile with its version, which each change counts up.
func (s *Store) ProfileVersion(ctx context.Context, tenant feierabend.TenantID) (p feierabend.Profile, version int64, err error) {
	if tenant.IsZero() {
		return p, 0, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		p, version, err = profileVersion(ctx, q, tenant)
		return err
	})
	return p, version, err
}

func profile(ctx context.Context, q querier, tenant feierabend.TenantID) (feierabend.Profile, error) {
	p, _, err := profileVersion(ctx, q, tenant)
	return p, err
}

func profileVersion(ctx context.Context, q querier, tenant feierabend.TenantID) (p feierabend.Profile, version int64, err error) {
	var body string
	var months int
	if err = q.queryRow(ctx, `SELECT p.body, p.version, n.book_months FROM profile p JOIN tenant n ON n.id = p.tenant_id WHERE p.tenant_id = $1`, tenant.String()).
		Scan(&body, &version, &months); err != nil {
		return p, 0, err
	}
	err = json.Unmarshal([]byte(body), &p)
	p.AddressBookOn = months > 0
	return p, version, err
}

// SetProfile replaces the profile, whatever its version. An address book in it is left
// out: it would be content, not account.
func (s *Store) SetProfile(ctx context.Context, tenant feierabend.TenantID, p feierabend.Profile) error {
	return s.setProfile(ctx, tenant, feierabend.Actor{}, -1, "profile.set", p)
}

// ChangeProfile replaces the profile that base was read from; where another change came
// first it is a Conflict (code profile_version) and nothing is changed. The name of the
// letterhead is the firm's name on the pages too. act is what the audit record says, a
// code: "profile.changed", "profile.prices".
func (s *Store) ChangeProfile(ctx context.Context, tenant feierabend.TenantID, by feierabend.Actor, base int64, act string, p feierabend.Profile) error {
	if base < 0 || act == "" {
		return invalid("profile_version")
	}
	return s.setProfile(ctx, tenant, by, base, act, p)
}

func (s *Store) setProfile(ctx context.Context, tenant feierabend.TenantID, by feierabend.Actor, base int64, act string, p feierabend.Profile) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	body, err := profileJSON(p)
	if err != nil {
		return err
	}
	return s.update(ctx, tenant, func(t tx) error {
		before, err := profile(ctx, t, tenant)
		if err != nil && !absent(err) {
			return err
		}
		n, err := t.exec(ctx, `UPDATE profile SET body = $2, changed_at = $3, version = version + 1 WHERE tenant_id = $1 AND ($4 < 0 OR version = $4)`,
			tenant.String(), body, micros(s.now()), base)
		if err == nil && n == 0 {
			if _, err = profile(ctx, t, tenant); absent(err) {
				return notFound("tenant")
			}
			if err == nil {
				err = conflict("profile_version", "Ihre Stammdaten haben sich inzwischen geändert. Ihre Eingabe ist noch nicht übernommen. Bitte sehen Sie sich den neuen Stand an.")
			}
		}
		if err != nil {
			return err
		}
		if p.Seller.Name != "" {
			if _, err := t.exec(ctx, `UPDATE tenant SET name = $2 WHERE id = $1 AND name <> $2`, tenant.String(), p.Seller.Name); err != nil {
				return err
			}
		}
		if was, is := digits(before.Seller.IBAN), digits(p.Seller.IBAN); was != is {
			if err := s.tellOwners(ctx, t, tenant, by, "", feierabend.Notice{Kind: feierabend.NoticeBank, Detail: is[max(0, len(is)-4):]}); err != nil {
				return err
			}
		}
		return s.record(ctx, t, tenant.String(), by, act, tenant.String())
	})
}

// digits is an IBAN without blanks.
func digits(iban string) string { return strings.Join(strings.Fields(iban), "") }

func profileJSON(p feierabend.Profile) (string, error) {
	p.AddressBook = nil
	b, err := json.Marshal(p)
	return string(b), err
}
