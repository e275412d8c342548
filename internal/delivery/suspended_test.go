package delivery_test

import (
	"context"
	"testing"

	"feierabend"
)

// TestNothingToANumberInDoubt: what waits for a suspended or unlinked number is given
// up: nobody knows whose number it is now.
func TestNothingToANumberInDoubt(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := context.Background()
		_, first := s.drafted(s.a)
		change := feierabend.Inbound{Channel: "whatsapp", Kind: feierabend.InboundChange, From: s.a.Sender.Phone, Text: string(feierabend.SuspendedDevice)}
		if _, err := s.st.Receive(ctx, []feierabend.Inbound{change}); err != nil {
			s.Fatal(err)
		}
		_, other := s.drafted(s.b)
		if _, err := s.st.UnlinkSenders(ctx, s.b.Tenant.ID, s.b.User.ID, s.b.Owner); err != nil {
			s.Fatal(err)
		}
		if err := s.send(s.a, first); err != nil {
			s.Error(err)
		}
		if err := s.send(s.b, other); err != nil {
			s.Error(err)
		}
		if len(s.ch.sent) != 0 || s.row(s.a, first).State != feierabend.SendFailed || s.row(s.b, other).State != feierabend.SendFailed {
			s.Errorf("sent %d, rows %s and %s", len(s.ch.sent), s.row(s.a, first).State, s.row(s.b, other).State)
		}
	})
}
