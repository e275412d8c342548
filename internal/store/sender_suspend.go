package store

import (
	"context"
	"sync"
	"time"

	"feierabend"
)

// suspend takes links out of use until their number is proved again: they lose their
// hashes, so that the accept path knows them no more. where names active links by
// hashes, ids or age. The owners are told by mail.
func (s *Store) suspend(ctx context.Context, t tx, where string, args []any, why feierabend.SuspendReason) error {
	type hit struct {
		id     feierabend.SenderID
		tenant string
		user   feierabend.UserID
	}
	hits, err := collect(ctx, t, func(r row) (h hit, err error) { return h, r.Scan(&h.id, &h.tenant, &h.user) },
		`SELECT id, tenant_id, user_id FROM sender_link WHERE standing = '' AND `+where, args...)
	if err != nil {
		return err
	}
	by := feierabend.Actor{Via: feierabend.ViaChat}
	if why == feierabend.SuspendedRestored {
		by.Via = feierabend.ViaCLI
	}
	for _, h := range hits {
		n, err := t.exec(ctx, `UPDATE sender_link SET standing = 'suspended', why = $3, stands_since = $4, phone_hash = NULL, bsuid_hash = NULL
			WHERE tenant_id = $1 AND id = $2 AND standing = ''`, h.tenant, h.id, why, micros(s.now()))
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := t.bind(ctx, h.tenant); err != nil {
			return err
		}
		if err := s.record(ctx, t, h.tenant, by, "sender.suspended."+string(why), string(h.id)); err != nil {
			return err
		}
		if err := s.stopResting(ctx, t, h.user); err != nil {
			return err
		}
		if err := t.enqueue(ctx, []feierabend.Job{{K: feierabend.JobLinkPause, Tenant: h.tenant, Ref: string(h.id)}}); err != nil {
			return err
		}
	}
	if len(hits) > 0 {
		return t.bind(ctx, "")
	}
	return nil
}

// change works off what a provider says about an identity (feierabend.InboundChange).
func (s *Store) change(ctx context.Context, in feierabend.Inbound) error {
	why := feierabend.SuspendReason(in.Text)
	switch why {
	case feierabend.SuspendedIdentity, feierabend.SuspendedNumber, feierabend.SuspendedDevice:
	default:
		return invalid("change")
	}
	phone, bsuid := s.phoneHash(in.From), s.bsuidHash(in.BSUID)
	return s.updateAll(ctx, func(t tx) error {
		return s.suspend(ctx, t, `(phone_hash = $1 OR bsuid_hash = $2)`, []any{orNull(phone), orNull(bsuid)}, why)
	})
}

// receiveChanges is Receive where some of what came is no message.
func (s *Store) receiveChanges(ctx context.Context, in []feierabend.Inbound) ([]feierabend.Outcome, error) {
	out := make([]feierabend.Outcome, len(in))
	var messages []feierabend.Inbound
	var at []int
	for i, m := range in {
		if m.Kind != feierabend.InboundChange {
			messages, at = append(messages, m), append(at, i)
			continue
		}
		if err := s.change(ctx, m); err != nil {
			return nil, err
		}
		out[i].Code = feierabend.Changed
	}
	got, err := s.Receive(ctx, messages)
	for i, o := range got {
		out[at[i]] = o
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// learned is a WhatsApp id that came with the number of a link that knows none yet.
type learned struct {
	tenant feierabend.TenantID
	link   feierabend.SenderID
	bsuid  string
}

// learn notes it, once: a signed webhook has named number and id together (whatsapp.md
// §9.1). An id that another link holds is left where it is.
func (s *Store) learn(ctx context.Context, all []learned) error {
	for _, l := range all {
		sealed, err := s.sealAccount(l.tenant, "bsuid", string(l.link), l.bsuid)
		if err != nil {
			return err
		}
		if err := s.update(ctx, l.tenant, func(t tx) error {
			var held bool
			hash := s.bsuidHash(l.bsuid)
			if err := t.queryRow(ctx, `SELECT EXISTS(SELECT 1 FROM sender_link WHERE bsuid_hash = $1)`, hash).Scan(&held); err != nil || held {
				return err
			}
			_, err := t.exec(ctx, `UPDATE sender_link SET bsuid = $3, bsuid_hash = $4 WHERE tenant_id = $1 AND id = $2 AND standing = '' AND bsuid_hash IS NULL`,
				l.tenant.String(), l.link, sealed, hash)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// ear keeps in memory which links were heard since they were last written down: the
// accept path must not write a time with every message. What a crash forgets is a
// minute of 180 days.
type ear struct {
	mu    sync.Mutex
	heard map[feierabend.SenderID]heardLink
}

type heardLink struct {
	tenant feierabend.TenantID
	at     time.Time
}

const earSize = 100_000 // further links are noted by their next message

func (e *ear) note(tenant feierabend.TenantID, id feierabend.SenderID, at time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.heard == nil {
		e.heard = map[feierabend.SenderID]heardLink{}
	}
	if _, ok := e.heard[id]; ok || len(e.heard) < earSize {
		e.heard[id] = heardLink{tenant, at}
	}
}

func (e *ear) take() map[feierabend.SenderID]heardLink {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := e.heard
	e.heard = nil
	return all
}

// writeHeard writes down who was heard, to the day.
func (s *Store) writeHeard(ctx context.Context, t tx) error {
	for id, h := range s.ear.take() {
		if _, err := t.exec(ctx, `UPDATE sender_link SET heard_at = $3 WHERE tenant_id = $1 AND id = $2 AND heard_at < $4`,
			h.tenant.String(), id, micros(h.at), micros(h.at.Add(-24*time.Hour))); err != nil {
			return err
		}
	}
	return nil
}

// keepSenders is the part of the sweep that looks after numbers: whoever was silent
// for SilenceTerm must prove theirs again, ended links go when no case can be left,
// and challenges after a day; gone says that numbers went.
func (s *Store) keepSenders(ctx context.Context, t tx, now time.Time) (gone bool, err error) {
	if err := s.writeHeard(ctx, t); err != nil {
		return false, err
	}
	if err := s.suspend(ctx, t, `heard_at > 0 AND heard_at < $1`, []any{micros(now.Add(-feierabend.SilenceTerm))}, feierabend.SuspendedSilent); err != nil {
		return false, err
	}
	if _, err := t.exec(ctx, `DELETE FROM sender_link WHERE standing = 'ended' AND stands_since < $1`, micros(now.Add(-endedTerm))); err != nil {
		return false, err
	}
	late := micros(now.Add(-feierabend.LinkLate))
	if _, err := t.exec(ctx, `DELETE FROM customer_link WHERE state = 'open' AND expires_at < $1`, late); err != nil { // nobody's number yet
		return false, err
	}
	n, err := t.exec(ctx, `DELETE FROM link_challenge WHERE created_at < $1`, late)
	return n > 0, err
}

// endedTerm is how long an ended link is kept: nothing that it dictated is older.
const endedTerm = 31 * 24 * time.Hour
