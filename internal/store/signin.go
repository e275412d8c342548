package store

import (
	"context"
	"slices"
	"time"

	"feierabend"
)

// maxMisses is how often a link may be tried from a wrong browser, or a code be
// mistyped (AUTH-04, AUTH-05).
const maxMisses = 5

// AddSignInRequest stores a "send me a link" with the job that works it off. User
// may be "" (unknown address): the work is the same (AUTH-06).
func (s *Store) AddSignInRequest(ctx context.Context, r feierabend.SignInRequest, next ...feierabend.Job) error {
	if r.ID == "" || len(r.BindHash) == 0 {
		return invalid("sign_in_request")
	}
	return s.updateAll(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `INSERT INTO sign_in_request(id, user_id, bind_hash, browser, at, origin, known) VALUES($1, $2, $3, $4, $5, $6, $7)`,
			r.ID, r.User, r.BindHash, r.Browser, micros(r.At), orNull(r.Origin), r.Known); err != nil {
			return err
		}
		return t.enqueue(ctx, next)
	})
}

// SignInRequest gives a request.
func (s *Store) SignInRequest(ctx context.Context, id string) (r feierabend.SignInRequest, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		var at int64
		err := q.queryRow(ctx, `SELECT id, user_id, bind_hash, browser, at, origin, known FROM sign_in_request WHERE id = $1`, id).Scan(&r.ID, &r.User, &r.BindHash, &r.Browser, &at, &r.Origin, &r.Known)
		r.At = timeOf(at)
		return err
	})
	return r, err
}

// openLinks is how many links of a person may wait at once, each in its own browser.
const openLinks = 3

// AddSignInLink stores the hashes of a mailed link and voids the older one of the same
// browser (AUTH-02; decision 0047 says why not those of others). Where three wait, one
// goes: the oldest that the same device or network asked for, else the oldest of a
// network, else the oldest.
func (s *Store) AddSignInLink(ctx context.Context, l feierabend.SignInLink) error {
	if l.User == "" || len(l.TokenHash) == 0 || len(l.CodeHash) == 0 || len(l.BindHash) == 0 {
		return invalid("sign_in_link")
	}
	return s.updateAll(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `UPDATE person SET blocked_at = blocked_at WHERE id = $1`, l.User); err != nil { // one after the other
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM sign_in_link WHERE user_id = $1 AND (bind_hash = $2 OR used_at > 0 OR expires_at <= $3)`, l.User, l.BindHash, micros(s.now())); err != nil {
			return err
		}
		if err := makeRoom(ctx, t, l); err != nil {
			return err
		}
		_, err := t.exec(ctx, `INSERT INTO sign_in_link(token_hash, user_id, code_hash, bind_hash, expires_at, used_at, misses, tries, origin, known)
			VALUES($1, $2, $3, $4, $5, 0, 0, 0, $6, $7)`, l.TokenHash, l.User, l.CodeHash, l.BindHash, micros(l.ExpiresAt), orNull(l.Origin), l.Known)
		return err
	})
}

// makeRoom ends what of the person's links is too much for one more.
func makeRoom(ctx context.Context, t tx, l feierabend.SignInLink) error {
	open, err := collect(ctx, t, func(r row) (o feierabend.SignInLink, err error) { return o, r.Scan(&o.TokenHash, &o.Origin, &o.Known) },
		`SELECT token_hash, origin, known FROM sign_in_link WHERE user_id = $1 ORDER BY expires_at, token_hash`, l.User)
	if err != nil {
		return err
	}
	for len(open) >= openLinks {
		i := slices.IndexFunc(open, func(o feierabend.SignInLink) bool { return slices.Equal(o.Origin, l.Origin) })
		if i < 0 {
			i = slices.IndexFunc(open, func(o feierabend.SignInLink) bool { return !o.Known })
		}
		i = max(i, 0)
		if _, err := t.exec(ctx, `DELETE FROM sign_in_link WHERE token_hash = $1`, open[i].TokenHash); err != nil {
			return err
		}
		open = slices.Delete(open, i, i+1)
	}
	return nil
}

// ConsumeSignInToken uses a link up in one atomic statement: of any number of
// parallel calls one gets the user. Another browser's binding does not use it up,
// at most five times (AUTH-04). Errors are Unauthorized: "other_browser" where the
// link is good but was asked for elsewhere, else "link_invalid".
func (s *Store) ConsumeSignInToken(ctx context.Context, tokenHash, bindHash []byte, now time.Time) (user feierabend.UserID, err error) {
	code := "link_invalid"
	err = s.updateAll(ctx, func(t tx) error {
		err := t.queryRow(ctx, `UPDATE sign_in_link SET used_at = $3 WHERE token_hash = $1 AND bind_hash = $2 AND used_at = 0 AND expires_at > $3
			AND misses < $4 RETURNING user_id`, tokenHash, bindHash, micros(now), maxMisses).Scan(&user)
		if err == nil {
			return confirmMailbox(ctx, t, user, now)
		}
		if !absent(err) {
			return err
		}
		n, err := t.exec(ctx, `UPDATE sign_in_link SET misses = misses + 1 WHERE token_hash = $1 AND bind_hash <> $2 AND used_at = 0 AND expires_at > $3 AND misses < $4`,
			tokenHash, bindHash, micros(now), maxMisses)
		if n == 1 {
			code = "other_browser"
		}
		return err
	})
	return signedIn(user, err, code)
}

// ConsumeSignInCode uses the link up that the asking browser waits for, by its
// typed code; at most five tries (AUTH-05). Errors are Unauthorized "code_wrong",
// or "code_void" when no link waits or its tries are used up.
func (s *Store) ConsumeSignInCode(ctx context.Context, bindHash, codeHash []byte, now time.Time) (user feierabend.UserID, err error) {
	code := "code_void"
	err = s.updateAll(ctx, func(t tx) error {
		err := t.queryRow(ctx, `UPDATE sign_in_link SET used_at = $3 WHERE bind_hash = $1 AND code_hash = $2 AND used_at = 0 AND expires_at > $3
			AND tries < $4 RETURNING user_id`, bindHash, codeHash, micros(now), maxMisses).Scan(&user)
		if err == nil {
			return confirmMailbox(ctx, t, user, now)
		}
		if !absent(err) {
			return err
		}
		n, err := t.exec(ctx, `UPDATE sign_in_link SET tries = tries + 1 WHERE bind_hash = $1 AND used_at = 0 AND expires_at > $2 AND tries < $3`,
			bindHash, micros(now), maxMisses)
		if n > 0 {
			code = "code_wrong"
		}
		return err
	})
	return signedIn(user, err, code)
}

// confirmMailbox notes that the person reads the mails to their address.
func confirmMailbox(ctx context.Context, t tx, user feierabend.UserID, now time.Time) error {
	_, err := t.exec(ctx, `UPDATE person SET confirmed_at = $2 WHERE id = $1`, user, micros(now))
	return err
}

func signedIn(user feierabend.UserID, err error, code string) (feierabend.UserID, error) {
	if err != nil {
		return "", err
	}
	if user != "" {
		return user, nil
	}
	text := map[string]string{
		"link_invalid":  "Dieser Link gilt nicht mehr. Bitte fordern Sie einen neuen an.",
		"other_browser": "Dieser Link wurde in einem anderen Browser angefordert. Bitte öffnen Sie ihn dort, oder tippen Sie dort den Code aus der Mail ein.",
		"code_wrong":    "Dieser Code stimmt nicht. Bitte vergleichen Sie ihn mit der Mail.",
		"code_void":     "Dieser Code gilt nicht mehr. Bitte fordern Sie einen neuen an.",
	}[code]
	return "", &feierabend.Error{Kind: feierabend.Unauthorized, Code: code, Text: text}
}
