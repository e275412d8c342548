package linking

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"net/url"
	"strings"
	"time"

	"feierabend"
)

// Begin makes a challenge for a number: for the own one, and of the owner for anybody's
// of the firm. Invalid errors name the field "nummer" or "person".
func (s *Step) Begin(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, w feierabend.LinkWish) (feierabend.LinkChallenge, error) {
	if w.User == "" {
		w.User = by.User
	}
	phone, ok := s.o.ReadPhone(w.Phone)
	switch {
	case strings.TrimSpace(w.Phone) == "":
		return feierabend.LinkChallenge{}, wrong("nummer", "Bitte geben Sie die Handynummer ein, mit der Sie WhatsApp benutzen.")
	case !ok:
		return feierabend.LinkChallenge{}, wrong("nummer", "Diese Nummer ist nicht vollständig. Bitte mit Vorwahl eingeben, zum Beispiel 0171 3920015.")
	case phone == s.o.Number:
		return feierabend.LinkChallenge{}, wrong("nummer", "Das ist die Nummer von Feierabend. Bitte geben Sie Ihre eigene ein.")
	case w.User != by.User && by.Role != feierabend.RoleOwner:
		return feierabend.LinkChallenge{}, wrong("person", "Nummern anderer verbindet nur, wer Inhaberin oder Inhaber ist.")
	}
	if err := s.free(ctx, t, w.User, phone); err != nil {
		return feierabend.LinkChallenge{}, err
	}
	now := s.o.Now()
	allowed, err := s.o.Store.Allow(ctx, "link:"+t.String(), feierabend.LinksAnHour, time.Hour, now)
	if err != nil {
		return feierabend.LinkChallenge{}, err
	}
	if !allowed {
		return feierabend.LinkChallenge{}, TooMany()
	}
	c := feierabend.LinkChallenge{
		ID: s.o.NewID(), Tenant: t, User: w.User, By: by.User, Session: w.Session, Phone: phone, State: feierabend.LinkOpen,
		CreatedAt: now, ExpiresAt: now.Add(feierabend.LinkTerm),
	}
	err = s.o.Store.AddLinkChallenge(ctx, t, c, code(w.Cookie, c.ID))
	if feierabend.CodeOf(err) == "member" {
		return feierabend.LinkChallenge{}, wrong("person", "Diese Person gehört nicht zu Ihrer Firma.")
	}
	return c, err
}

// free says whether the firm itself already uses the number. Whether another firm does
// is not told here: the answer in the chat is the holder's alone.
func (s *Step) free(ctx context.Context, t feierabend.TenantID, user feierabend.UserID, phone string) error {
	links, err := s.o.Store.SenderLinks(ctx, t)
	if err != nil {
		return fmt.Errorf("list numbers: %w", err)
	}
	for _, l := range links {
		if l.Phone == phone && l.Standing == feierabend.SenderActive {
			return wrong("nummer", "Diese Nummer ist in Ihrer Firma schon verbunden.")
		}
		if l.Phone == phone && l.Standing == feierabend.SenderSuspended && l.User != user { // it would get another person's rights
			return wrong("nummer", "Diese Nummer ist ausgesetzt und steht bei jemand anderem in Ihrer Firma. Bitte dort in der Liste „Neu verbinden“ wählen, oder sie zuerst trennen.")
		}
	}
	return nil
}

// TooMany is the answer to more than five challenges an hour.
func TooMany() error {
	return &feierabend.Error{
		Kind: feierabend.Invalid, Code: "link_limit",
		Text: "Fünf Codes in einer Stunde sind genug. Es ist nichts verbunden worden, bestehende Verbindungen bleiben. Bitte versuchen Sie es in einer Stunde noch einmal.",
	}
}

func wrong(field, text string) error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: "link_" + field, Fields: []feierabend.FieldError{{Field: field, Text: text}}}
}

// code is that of a challenge for the browser that holds the session's token.
func code(cookie, id string) string {
	h := hmac.New(sha256.New, []byte(cookie))
	h.Write([]byte("link code\x00" + id))
	return feierabend.LinkCode(h.Sum(nil))
}

// Latest gives the newest challenge of the session, or NotFound: none, or it was
// withdrawn, or the session's token is another one by now.
func (s *Step) Latest(ctx context.Context, t feierabend.TenantID, cookie string, session []byte) (feierabend.LinkPending, error) {
	c, err := s.o.Store.LatestLink(ctx, t, session)
	if err != nil {
		return feierabend.LinkPending{}, err
	}
	p := feierabend.LinkPending{LinkChallenge: c}
	if s.o.Number != "" {
		p.URL = "https://wa.me/" + strings.TrimPrefix(s.o.Number, "+")
	}
	switch c.State {
	case feierabend.LinkOpen:
		firm, err := s.o.Store.Tenant(ctx, t)
		if err != nil {
			return p, fmt.Errorf("load firm: %w", err)
		}
		p.Code = feierabend.ShowLinkCode(code(cookie, c.ID))
		p.Text = "Ich verbinde meine Nummer mit dem Konto „" + clip(firm.Name, 80) + "“ bei Feierabend. Code: " + p.Code
		if p.URL != "" {
			p.URL += "?text=" + strings.ReplaceAll(url.QueryEscape(p.Text), "+", "%20")
		}
	case feierabend.LinkDone:
		if p.Made, err = s.o.Store.SenderLink(ctx, t, c.Link); err != nil && !gone(err) {
			return p, fmt.Errorf("load link: %w", err)
		}
	}
	return p, nil
}

// Cancel withdraws a challenge of the session.
func (s *Step) Cancel(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, session []byte) error {
	c, err := s.o.Store.LatestLink(ctx, t, session)
	if err != nil {
		return err
	}
	return s.o.Store.CancelLink(ctx, t, c.ID, by)
}

// Confirm is the page's last word where the number was not to be seen (J-03).
func (s *Step) Confirm(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, session []byte) error {
	c, err := s.o.Store.LatestLink(ctx, t, session)
	if err != nil {
		return err
	}
	_, err = s.o.Store.ConfirmLink(ctx, t, c.ID, by)
	return err
}

// Unlink ends a link: the own one, and of the owner anybody's of the firm.
func (s *Step) Unlink(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.SenderID) error {
	l, err := s.o.Store.SenderLink(ctx, t, id)
	if err != nil {
		return err
	}
	if l.User != by.User && by.Role != feierabend.RoleOwner {
		return &feierabend.Error{
			Kind: feierabend.Unauthorized, Code: "role",
			Text: "Nummern anderer trennt nur, wer Inhaberin oder Inhaber ist. Es ist nichts geändert worden. Bitte fragen Sie dort.",
		}
	}
	return s.o.Store.UnlinkSender(ctx, t, id, by)
}

// clip shortens a name.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
