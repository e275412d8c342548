package store

import (
	"context"
	"slices"

	"feierabend"
)

const kindNotice = "notice"

// tellOwners writes a notice to each owner of the firm and to the addresses in also, in
// the transaction of what it tells of: name of the firm, of the person about and of who
// did it are taken as they are now. The firm is bound.
func (s *Store) tellOwners(ctx context.Context, t tx, tenant feierabend.TenantID, by feierabend.Actor, about feierabend.UserID, n feierabend.Notice, also ...string) error {
	to, err := collect(ctx, t, func(r row) (email string, err error) { return email, r.Scan(&email) },
		`SELECT p.email FROM membership m JOIN person p ON p.id = m.user_id WHERE m.tenant_id = $1 AND m.role = 'owner' ORDER BY p.email`, tenant.String())
	if err != nil {
		return err
	}
	if err := t.queryRow(ctx, `SELECT name FROM tenant WHERE id = $1`, tenant.String()).Scan(&n.Firm); err != nil {
		return err
	}
	if n.About, err = nameOf(ctx, t, about); err != nil {
		return err
	}
	if n.By, err = nameOf(ctx, t, by.User); err != nil {
		return err
	}
	return s.addNotices(ctx, t, n, append(to, also...)...)
}

// nameOf gives the name of a person, "" where there is none.
func nameOf(ctx context.Context, q querier, user feierabend.UserID) (name string, err error) {
	if user == "" {
		return "", nil
	}
	err = q.queryRow(ctx, `SELECT name FROM person WHERE id = $1`, user).Scan(&name)
	if absent(err) {
		err = nil
	}
	return name, err
}

// addNotices stores a notice for each address, sealed, with the job that mails it: job
// rows hold its id alone.
func (s *Store) addNotices(ctx context.Context, t tx, n feierabend.Notice, to ...string) error {
	v, err := s.account("")
	if err != nil {
		return err
	}
	n.At = s.now()
	slices.Sort(to)
	for _, n.To = range slices.Compact(to) {
		n.ID = s.newID()
		body, err := v.sealJSON(kindNotice, n.ID, 0, n)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO notice(id, at, body) VALUES($1, $2, $3)`, n.ID, micros(n.At), body); err != nil {
			return err
		}
		if err := t.enqueue(ctx, []feierabend.Job{{K: feierabend.JobNotice, Ref: n.ID}}); err != nil {
			return err
		}
	}
	return nil
}

// Notice gives a notice that waits to be mailed, or NotFound.
func (s *Store) Notice(ctx context.Context, id string) (n feierabend.Notice, err error) {
	v, err := s.account("")
	if err != nil {
		return n, err
	}
	err = s.viewAll(ctx, func(q querier) error {
		var body []byte
		err := q.queryRow(ctx, `SELECT body FROM notice WHERE id = $1`, id).Scan(&body)
		if absent(err) {
			return notFound("notice")
		}
		if err != nil {
			return err
		}
		return v.openJSON(kindNotice, id, 0, body, &n)
	})
	return n, err
}

// DropNotice deletes a notice that was mailed.
func (s *Store) DropNotice(ctx context.Context, id string) error {
	return s.updateAll(ctx, func(t tx) error {
		_, err := t.exec(ctx, `DELETE FROM notice WHERE id = $1`, id)
		return err
	})
}
