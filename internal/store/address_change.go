package store

import (
	"context"
	"time"

	"feierabend"
)

const kindAddress = "address_change"

// addresses is the sealed part of a change.
type addresses struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// AddAddressChange stores a change that is asked for, with its mail job; one that
// was asked for before and not confirmed ends.
func (s *Store) AddAddressChange(ctx context.Context, c feierabend.AddressChange, next ...feierabend.Job) error {
	if c.ID == "" || c.User == "" || c.Old == "" || c.New == "" || len(c.BindHash) == 0 || c.At.IsZero() {
		return invalid("address_change")
	}
	v, err := s.account("")
	if err != nil {
		return err
	}
	body, err := v.sealJSON(kindAddress, c.ID, 0, addresses{c.Old, c.New})
	if err != nil {
		return err
	}
	return s.updateAll(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `DELETE FROM address_change WHERE user_id = $1 AND changed_at = 0`, c.User); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO address_change(id, user_id, bind_hash, tries, browser, at, expires_at, changed_at, keep_until, body)
			VALUES($1, $2, $3, 0, $4, $5, 0, 0, $6, $7)`, c.ID, c.User, c.BindHash, c.Browser, micros(c.At), micros(c.At.Add(feierabend.AddressUndoTerm)), body); err != nil {
			return err
		}
		return t.enqueue(ctx, next)
	})
}

const addressColumns = `SELECT id, user_id, bind_hash, browser, at, changed_at, body FROM address_change `

// AddressChange gives a change, or NotFound.
func (s *Store) AddressChange(ctx context.Context, id string) (c feierabend.AddressChange, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		c, err = s.scanAddress(q.queryRow(ctx, addressColumns+`WHERE id = $1`, id))
		return err
	})
	return c, err
}

func (s *Store) scanAddress(r row) (c feierabend.AddressChange, err error) {
	var at, changed int64
	var body []byte
	if err = r.Scan(&c.ID, &c.User, &c.BindHash, &c.Browser, &at, &changed, &body); err != nil {
		return c, err
	}
	c.At, c.ChangedAt = timeOf(at), timeOf(changed)
	v, err := s.account("")
	if err != nil {
		return c, err
	}
	var a addresses
	err = v.openJSON(kindAddress, c.ID, 0, body, &a)
	c.Old, c.New = a.Old, a.New
	return c, err
}

// SetAddressSecret stores the hash that the mail of a change carries: of the code to
// the new address until expires, or, once it is changed, of the way back.
func (s *Store) SetAddressSecret(ctx context.Context, id string, hash []byte, expires time.Time) error {
	if len(hash) == 0 {
		return invalid("address_change")
	}
	return s.updateAll(ctx, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE address_change SET code_hash = CASE WHEN changed_at = 0 THEN $2 ELSE code_hash END,
			undo_hash = CASE WHEN changed_at = 0 THEN undo_hash ELSE $2 END, expires_at = $3 WHERE id = $1`, id, hash, micros(expires))
		if err == nil && n == 0 {
			err = notFound("address_change")
		}
		return err
	})
}

// ConfirmAddress changes the address by the code that went to the new one, in the
// browser that asked, at most five tries; all sessions of the person end but the one
// with the hash keep. The error is Unauthorized "code_wrong" for a wrong code and
// Conflict "email_taken" where the address belongs to somebody meanwhile.
func (s *Store) ConfirmAddress(ctx context.Context, user feierabend.UserID, bindHash, codeHash, keep []byte, now time.Time, next func(id string) feierabend.Job) error {
	wrong := false
	err := s.updateAll(ctx, func(t tx) error {
		c, err := s.scanAddress(t.queryRow(ctx, addressColumns+`WHERE user_id = $1 AND bind_hash = $2 AND code_hash = $3 AND changed_at = 0 AND expires_at > $4 AND tries < $5`,
			user, bindHash, codeHash, micros(now), maxMisses))
		if absent(err) {
			wrong = true
			_, err := t.exec(ctx, `UPDATE address_change SET tries = tries + 1 WHERE user_id = $1 AND changed_at = 0`, user)
			return err
		}
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE address_change SET changed_at = $2, code_hash = NULL, keep_until = $3 WHERE id = $1 AND changed_at = 0`, c.ID, micros(now), micros(now.Add(feierabend.AddressUndoTerm)))
		if err != nil || n == 0 {
			wrong = err == nil
			return err
		}
		if err := s.setEmail(ctx, t, user, c.New); err != nil {
			return err
		}
		if _, err := s.endSessions(ctx, t, user, keep); err != nil {
			return err
		}
		if err := s.tellTeams(ctx, t, user); err != nil {
			return err
		}
		if err := s.record(ctx, t, "", feierabend.Actor{User: user, Via: feierabend.ViaSession}, "user.address_changed", string(user)); err != nil {
			return err
		}
		return t.enqueue(ctx, []feierabend.Job{next(c.ID)})
	})
	if err == nil && wrong {
		return &feierabend.Error{Kind: feierabend.Unauthorized, Code: "code_wrong", Text: "Dieser Code passt nicht. An Ihrer Adresse hat sich nichts geändert."}
	}
	return err
}

// tellTeams tells the other owners of the person's firms that their address is another one.
func (s *Store) tellTeams(ctx context.Context, t tx, user feierabend.UserID) error {
	name, err := nameOf(ctx, t, user)
	if err != nil {
		return err
	}
	type mail struct{ to, firm string }
	others, err := collect(ctx, t, func(r row) (m mail, err error) { return m, r.Scan(&m.to, &m.firm) },
		`SELECT p.email, t.name FROM membership o JOIN membership m ON m.tenant_id = o.tenant_id AND m.user_id = $1
			JOIN person p ON p.id = o.user_id JOIN tenant t ON t.id = o.tenant_id WHERE o.role = 'owner' AND o.user_id <> $1 ORDER BY t.id, p.id`, user)
	if err != nil {
		return err
	}
	for _, m := range others {
		n := feierabend.Notice{Kind: feierabend.NoticeAddress, Firm: m.firm, About: name, By: name}
		if err := s.addNotices(ctx, t, n, m.to); err != nil {
			return err
		}
	}
	return nil
}

// UndoAddress takes a change back by the token that went to the old address, with all
// sessions of the person and what was left in their firms since it was asked for: waiting
// links, invitations, and numbers, which are suspended. The owners are told. Unauthorized "link_invalid" where there is none.
func (s *Store) UndoAddress(ctx context.Context, undoHash []byte, now time.Time) error {
	return s.updateAll(ctx, func(t tx) error {
		c, err := s.scanAddress(t.queryRow(ctx, addressColumns+`WHERE undo_hash = $1 AND keep_until > $2`, undoHash, micros(now)))
		if absent(err) {
			return &feierabend.Error{Kind: feierabend.Unauthorized, Code: "link_invalid", Text: "Dieser Link gilt nicht mehr. An Ihrem Zugang hat sich nichts geändert. Bitte wenden Sie sich an den Betreiber, wenn Sie nicht mehr hineinkommen."}
		}
		if err != nil {
			return err
		}
		if err := s.setEmail(ctx, t, c.User, c.Old); err != nil {
			return err
		}
		if _, err := s.endSessions(ctx, t, c.User, nil); err != nil {
			return err
		}
		if err := dropPasskeys(ctx, t, c.User); err != nil { // whoever had the session may have made one
			return err
		}
		if err := s.dropFootholds(ctx, t, c.User, c.At); err != nil {
			return err
		}
		// Later changes go too: whoever had the session made them.
		if _, err := t.exec(ctx, `DELETE FROM address_change WHERE user_id = $1 AND (id = $2 OR at >= $3)`, c.User, c.ID, micros(c.At)); err != nil {
			return err
		}
		if err := s.record(ctx, t, "", feierabend.Actor{User: c.User}, "user.address_restored", string(c.User)); err != nil {
			return err
		}
		return s.dropPerson(ctx, t, c.User) // of no firm any more, and kept only for an invitation to the other address
	})
}

func (s *Store) setEmail(ctx context.Context, t tx, user feierabend.UserID, email string) error {
	n, err := t.exec(ctx, `UPDATE person SET email = $2, email_normal = $3 WHERE id = $1
		AND NOT EXISTS (SELECT 1 FROM person o WHERE o.email_normal = $3 AND o.id <> $1)`, user, email, feierabend.NormalEmail(email))
	if err == nil && n == 0 {
		err = conflict("email_taken", "Diese E-Mail-Adresse gehört schon zu einem anderen Zugang. An Ihrer Adresse hat sich nichts geändert.")
	}
	return err
}
