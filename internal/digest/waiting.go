package digest

import (
	"context"
	"time"

	"feierabend"
)

type reader interface {
	Cases(ctx context.Context, t feierabend.TenantID) ([]feierabend.Case, error)
	WaitingMessages(ctx context.Context, t feierabend.TenantID) ([]feierabend.Message, error)
	SenderLinks(ctx context.Context, t feierabend.TenantID) ([]feierabend.SenderLink, error)
	SenderLink(ctx context.Context, t feierabend.TenantID, id feierabend.SenderID) (feierabend.SenderLink, error)
}

// work is what lies at a firm.
type work struct {
	cases    []feierabend.Case
	messages map[feierabend.CaseID][]feierabend.Message
	spoke    map[feierabend.SenderID]feierabend.UserID
}

func load(ctx context.Context, s reader, t feierabend.TenantID) (w work, err error) {
	if w.cases, err = s.Cases(ctx, t); err != nil || len(w.cases) == 0 {
		return w, err
	}
	waiting, err := s.WaitingMessages(ctx, t)
	if err != nil {
		return w, err
	}
	w.messages = map[feierabend.CaseID][]feierabend.Message{}
	for _, m := range waiting {
		w.messages[m.Case] = append(w.messages[m.Case], m)
	}
	links, err := s.SenderLinks(ctx, t)
	if err != nil {
		return w, err
	}
	w.spoke = map[feierabend.SenderID]feierabend.UserID{}
	for _, l := range links {
		w.spoke[l.ID] = l.User
	}
	for _, c := range w.cases { // a number unlinked since takes nobody's open cases away, as on the page
		if _, known := w.spoke[c.Sender]; known || c.Sender == "" {
			continue
		}
		l, err := s.SenderLink(ctx, t, c.Sender)
		if err != nil && feierabend.KindOf(err) != feierabend.NotFound {
			return w, err
		}
		w.spoke[c.Sender] = l.User
	}
	return w, nil
}

// of counts what waits for a person, as their own page shows it: all of the firm, for
// staff what they spoke themselves (J-15).
func (w work) of(user feierabend.UserID, role feierabend.Role, now time.Time) (n feierabend.Waiting) {
	for _, c := range w.cases {
		if !role.MayIssue() && w.spoke[c.Sender] != user {
			continue
		}
		var ms []feierabend.Message
		if c.Version == 0 {
			ms = w.messages[c.ID]
		}
		n.Add(c, ms, now)
	}
	return n
}
