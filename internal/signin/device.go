package signin

import (
	"context"
	"strings"

	"feierabend"
)

// systemName reads the system from a User-Agent header, without a version; "" where
// it names none that we know.
func systemName(userAgent string) string {
	for _, f := range []struct{ mark, name string }{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Android", "Android"},
		{"Windows", "Windows"},
		{"CrOS", "ChromeOS"},
		{"Macintosh", "Mac"},
		{"Linux", "Linux"},
		{"X11", "Linux"},
	} {
		if strings.Contains(userAgent, f.mark) {
			return f.name
		}
	}
	return ""
}

// Devices gives the live sessions of a person, the one last seen first (SES-04).
func (s *Step) Devices(ctx context.Context, user feierabend.UserID) ([]feierabend.Session, error) {
	now := s.o.Now()
	all, err := s.o.Sessions.Sessions(ctx, user, now)
	if err != nil {
		return nil, err
	}
	live := all[:0]
	for _, n := range all {
		if !over(n, now) {
			live = append(live, n)
		}
	}
	return live, nil
}

// EndDevice ends the session of a person that device names (feierabend.Session.Device).
func (s *Step) EndDevice(ctx context.Context, user feierabend.UserID, device string) error {
	return s.o.Sessions.EndDevice(ctx, user, device, s.o.Now())
}

// EndOthers ends all sessions of a person but the one with this token hash.
func (s *Step) EndOthers(ctx context.Context, user feierabend.UserID, tokenHash []byte) error {
	_, err := s.o.Sessions.EndSessions(ctx, user, tokenHash)
	return err
}
