package store

import (
	"context"
	"time"

	"feierabend"
)

// hearContact takes the number that a sender without a visible one has shared because the
// chat asked for it (whatsapp.md §9.2): of the sender who has sent the code, in the time of
// its question. The entered number proves the challenge's, any other ends it; neither is
// kept. Without a challenge that waits for it, a shared number means nothing.
func (s *Store) hearContact(ctx context.Context, t tx, m strange) (bool, error) {
	c, found, err := s.findChallenge(ctx, t, `SELECT tenant_id, id FROM link_challenge WHERE state IN ('asked', 'confirm') AND NOT numbered AND bsuid_hash = $1
		ORDER BY asked_at DESC, id LIMIT 1`, orNull(m.bsuid))
	if err != nil || !found {
		return false, err
	}
	now := s.now()
	if c.State != feierabend.LinkAsked && c.State != feierabend.LinkConfirm || c.Numbered || !m.sent(now).Before(c.AskedAt.Add(feierabend.LinkTerm)) || now.Sub(c.CreatedAt) >= feierabend.LinkLate {
		return false, nil
	}
	if m.Contact != c.Phone || m.From != "" && m.From != c.Phone {
		return true, s.otherNumber(ctx, t, c)
	}
	said := c.State == feierabend.LinkConfirm // Ja came before the number
	if err := s.proved(ctx, t, &c, now); err != nil {
		return false, err
	}
	if said {
		return true, s.linkByChat(ctx, t, c, now)
	}
	return true, s.tellLink(ctx, t, c)
}

// proved notes that the sender's number is the entered one; Ja and Nein have their time
// from now on.
func (s *Store) proved(ctx context.Context, t tx, c *feierabend.LinkChallenge, now time.Time) error {
	c.Numbered, c.AskedAt = true, now
	if _, err := t.exec(ctx, `UPDATE link_challenge SET numbered = $3, asked_at = $4 WHERE tenant_id = $1 AND id = $2`, c.Tenant.String(), c.ID, true, micros(now)); err != nil {
		return err
	}
	return s.record(ctx, t, c.Tenant.String(), feierabend.Actor{Via: feierabend.ViaChat}, "link.number", c.ID)
}

// otherNumber ends a challenge whose sender turned out to have another number than the
// entered one, and has them told, once.
func (s *Store) otherNumber(ctx context.Context, t tx, c feierabend.LinkChallenge) error {
	if err := s.setChallenge(ctx, t, c, feierabend.LinkOther, ""); err != nil {
		return err
	}
	if err := s.record(ctx, t, c.Tenant.String(), feierabend.Actor{Via: feierabend.ViaChat}, "link.other", c.ID); err != nil {
		return err
	}
	return s.tellLink(ctx, t, c)
}

// linkByChat links after Ja in the chat, and has the sender told where that came to nothing.
func (s *Store) linkByChat(ctx context.Context, t tx, c feierabend.LinkChallenge, now time.Time) error {
	link, err := s.link(ctx, t, c, feierabend.Actor{User: c.User, Via: feierabend.ViaChat}, now)
	if err == nil && link == "" {
		err = s.tellLink(ctx, t, c)
	}
	return err
}
