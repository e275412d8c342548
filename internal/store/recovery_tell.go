package store

import (
	"context"
	"time"

	"feierabend"
)

// TellRecovery writes the notices of a recovery that waits, at most one round a day: to
// the old address, to all other members of the person's firms and into the person's
// chats; next is the job that looks at it again. told is false where the last round is
// younger than a day. The three days begin with the first round: where the workers stood
// still, they are not over before anybody was told.
func (s *Store) TellRecovery(ctx context.Context, id, token string, now time.Time, next feierabend.Job) (told bool, err error) {
	err = s.updateAll(ctx, func(t tx) error {
		whole := now.Add(feierabend.RecoveryWait)
		n, err := t.exec(ctx, `UPDATE recovery SET told_at = $2, due_at = CASE WHEN told_at = 0 AND due_at < $4 THEN $5 ELSE due_at END
			WHERE id = $1 AND state = 'waiting' AND told_at <= $3`, id, micros(now), micros(now.Add(-feierabend.RecoveryEvery)), micros(whole.Add(-time.Hour)), micros(whole))
		if told = n > 0; err != nil || n == 0 {
			return err
		}
		r, err := s.scanRecovery(t.queryRow(ctx, recoveryColumns+`WHERE id = $1`, id))
		if err != nil {
			return err
		}
		if err := t.enqueue(ctx, []feierabend.Job{next}); err != nil {
			return err
		}
		if err := s.tellOfRecovery(ctx, t, r, feierabend.Notice{Kind: feierabend.NoticeRecovery, Token: token, Until: r.Due}, r.Old); err != nil {
			return err
		}
		return s.tellChats(ctx, t, r.User, feierabend.RecoveryRef+r.ID)
	})
	return told && err == nil, err
}

// tellOfRecovery writes a notice to the other members of the person's firms, and to the
// addresses in also.
func (s *Store) tellOfRecovery(ctx context.Context, t tx, r feierabend.Recovery, n feierabend.Notice, also ...string) error {
	var err error
	if n.About, err = nameOf(ctx, t, r.User); err != nil {
		return err
	}
	to, err := collect(ctx, t, func(r row) (email string, err error) { return email, r.Scan(&email) },
		`SELECT p.email FROM membership o JOIN membership m ON m.tenant_id = o.tenant_id AND m.user_id = $1 JOIN person p ON p.id = o.user_id WHERE o.user_id <> $1`, r.User)
	if err != nil {
		return err
	}
	return s.addNotices(ctx, t, n, append(to, also...)...)
}

// tellChats sends a message to each active number of the person, in all their firms.
func (s *Store) tellChats(ctx context.Context, t tx, user feierabend.UserID, ref string) error {
	type link struct {
		tenant string
		id     feierabend.SenderID
	}
	links, err := collect(ctx, t, func(r row) (l link, err error) { return l, r.Scan(&l.tenant, &l.id) },
		`SELECT tenant_id, id FROM sender_link WHERE user_id = $1 AND standing = '' ORDER BY tenant_id, id`, user)
	if err != nil {
		return err
	}
	for _, l := range links {
		tenant, err := feierabend.ParseTenantID(l.tenant)
		if err != nil {
			return err
		}
		if err := t.bind(ctx, l.tenant); err != nil {
			return err
		}
		if err := s.addOut(ctx, t, tenant, []feierabend.Outgoing{{Sender: l.id, Kind: feierabend.OutCommand, Ref: ref}}); err != nil {
			return err
		}
	}
	return t.bind(ctx, "")
}

// StopRecovery ends a recovery that waits, by the link of a notice; NotFound where none
// waits under the id.
func (s *Store) StopRecovery(ctx context.Context, id string) error {
	return s.updateAll(ctx, func(t tx) error {
		stopped, err := s.stopRecoveries(ctx, t, `WHERE id = $1 AND state = 'waiting'`, id)
		if err == nil && stopped == 0 {
			err = notFound("recovery")
		}
		return err
	})
}

// StopRecoveries ends those of a person who has just signed in with the old address.
func (s *Store) StopRecoveries(ctx context.Context, user feierabend.UserID) error {
	return s.updateAll(ctx, func(t tx) error {
		_, err := s.stopRecoveries(ctx, t, `WHERE user_id = $1 AND state = 'waiting'`, string(user))
		return err
	})
}

func (s *Store) stopRecoveries(ctx context.Context, t tx, where, arg string) (int, error) {
	all, err := collect(ctx, t, s.scanRecovery, recoveryColumns+where, arg)
	if err != nil {
		return 0, err
	}
	for _, r := range all {
		if err := s.endRecovery(ctx, t, r); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

// endRecovery takes a recovery back; where it waits, everybody concerned is told.
func (s *Store) endRecovery(ctx context.Context, t tx, r feierabend.Recovery) error {
	if _, err := t.exec(ctx, `DELETE FROM recovery WHERE id = $1`, r.ID); err != nil {
		return err
	}
	if r.State == feierabend.RecoveryWaiting {
		if err := s.tellOfRecovery(ctx, t, r, feierabend.Notice{Kind: feierabend.NoticeRecoveryStopped}, r.Old, r.New); err != nil {
			return err
		}
	}
	return s.record(ctx, t, "", feierabend.Actor{User: r.User}, "recovery.stopped", string(r.User))
}

// stopResting ends what a person has proved by a number, in a role, that they have no
// longer. A recovery that the operator began rests on neither.
func (s *Store) stopResting(ctx context.Context, t tx, user feierabend.UserID) error {
	all, err := collect(ctx, t, s.scanRecovery, recoveryColumns+`WHERE user_id = $1`, user)
	if err != nil {
		return err
	}
	for _, r := range all {
		if string(r.BindHash) == r.ID { // StartRecovery: no browser
			continue
		}
		if err := s.endRecovery(ctx, t, r); err != nil {
			return err
		}
	}
	return nil
}

// restartRecoveries enqueues the job of each recovery that waits and has none that lives:
// one whose tries are used up must not leave it waiting for ever.
func restartRecoveries(ctx context.Context, t tx) error {
	ids, err := collect(ctx, t, func(r row) (id string, err error) { return id, r.Scan(&id) },
		`SELECT r.id FROM recovery r WHERE r.state = 'waiting' AND NOT EXISTS(SELECT 1 FROM river_job j WHERE j.kind = 'recover' AND j.args->>'r' = r.id
			AND j.state IN ('available', 'pending', 'retryable', 'running', 'scheduled')) ORDER BY r.id`)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := t.enqueue(ctx, []feierabend.Job{{K: feierabend.JobRecover, Ref: id}}); err != nil {
			return err
		}
	}
	return nil
}

// FinishRecovery changes the address of a recovery whose three days are over and ends
// all sessions of the person. Conflict "not_yet" before, and where nobody was told yet;
// NotFound where it was stopped.
// Where the new address belongs to somebody meanwhile, it is stopped instead.
func (s *Store) FinishRecovery(ctx context.Context, id string, now time.Time) error {
	return s.updateAll(ctx, func(t tx) error {
		r, err := s.scanRecovery(t.queryRow(ctx, recoveryColumns+`WHERE id = $1 AND state = 'waiting'`, id))
		if err != nil {
			return err
		}
		if now.Before(r.Due) || r.Told.IsZero() {
			return conflict("not_yet", "Die Wartezeit läuft noch. Es hat sich nichts geändert.")
		}
		n, err := t.exec(ctx, `DELETE FROM recovery WHERE id = $1 AND state = 'waiting' AND due_at <= $2 AND told_at > 0`, id, micros(now))
		if err != nil || n == 0 {
			return err
		}
		done := feierabend.NoticeRecoveryDone
		switch err := s.setEmail(ctx, t, r.User, r.New); {
		case feierabend.CodeOf(err) == "email_taken":
			done = feierabend.NoticeRecoveryStopped
		case err != nil:
			return err
		}
		if done == feierabend.NoticeRecoveryDone {
			if _, err := s.endSessions(ctx, t, r.User, nil); err != nil {
				return err
			}
			if err := dropPasskeys(ctx, t, r.User); err != nil {
				return err
			}
			if _, err := t.exec(ctx, `UPDATE person SET confirmed_at = 0 WHERE id = $1`, r.User); err != nil { // an operator may have named it: the next sign-in shows who reads it
				return err
			}
			if _, err := t.exec(ctx, `DELETE FROM address_change WHERE user_id = $1`, r.User); err != nil { // no way back from a mailbox that is lost
				return err
			}
		}
		if err := s.tellOfRecovery(ctx, t, r, feierabend.Notice{Kind: done}, r.Old, r.New); err != nil {
			return err
		}
		return s.record(ctx, t, "", feierabend.Actor{User: r.User}, "user."+string(done), string(r.User))
	})
}
