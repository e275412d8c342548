package store_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestAgreementResume: what a firm without agreement was sent within the last seven
// days is taken up when it concludes one: voice notes are fetched, senders of texts
// are asked once. What came earlier stays refused, and another firm sees nothing.
func TestAgreementResume(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		do(t, st, `DELETE FROM agreement`)
		refused := func(f storetest.Firm, id string, kind feierabend.InboundKind) feierabend.MessageID {
			in := f.Inbound(id, "")
			in.Kind, in.At = kind, clock.Now()
			switch kind {
			case feierabend.InboundAudio:
				in.MediaID, in.MediaType, in.SHA256, in.MediaSize, in.Voice = "media-"+id, "audio/ogg", "c2Vj", 4, true
			case feierabend.InboundText:
				in.Text = "geheimer Text"
			}
			out, err := st.Receive(ctx, []feierabend.Inbound{in})
			must(t, err)
			if out[0].Code != feierabend.NoAgreement {
				t.Fatalf("outcome %s", out[0].Code)
			}
			return out[0].Message
		}
		late := refused(a, "wamid.late", feierabend.InboundAudio)
		clock.Advance(time.Microsecond)
		first := refused(a, "wamid.first", feierabend.InboundAudio)
		clock.Advance(7*day - 2*time.Microsecond)
		text := refused(a, "wamid.text1", feierabend.InboundText)
		clock.Advance(time.Microsecond)
		second := refused(a, "wamid.text2", feierabend.InboundText)
		foreign := refused(b, "wamid.b", feierabend.InboundAudio)
		do(t, st, `DELETE FROM outbox`)
		do(t, st, `DELETE FROM river_job`)

		agreement := feierabend.ProcessingAgreement{Tenant: a.Tenant.ID, Version: "1", Hash: make([]byte, 32), ConcludedAt: clock.Now(), By: a.Owner}
		must(t, st.ConcludeAgreement(ctx, agreement))
		m, err := st.Message(ctx, a.Tenant.ID, first)
		must(t, err)
		if m.State != feierabend.MessageReceived || m.Reason != "" || m.MediaID != "media-wamid.first" || m.SHA256 != "" || m.Case == "" {
			t.Errorf("the voice note: %+v", m)
		}
		c, err := st.Case(ctx, a.Tenant.ID, m.Case)
		must(t, err)
		if !c.CreatedAt.Equal(clock.Now()) || !c.ExpiresAt.Equal(feierabend.ExpiresAt(clock.Now(), 30)) || c.Sender != a.Sender.ID {
			t.Errorf("its case: %+v", c)
		}
		for name, id := range map[string]feierabend.MessageID{"older than seven days": late, "a text": text, "another text": second} {
			if m, err := st.Message(ctx, a.Tenant.ID, id); err != nil || m.State != feierabend.MessageFailed || m.Case != "" || m.Text != "" {
				t.Errorf("%s: %+v, %v", name, m, err)
			}
		}
		if m, err := st.Message(ctx, b.Tenant.ID, foreign); err != nil || m.State != feierabend.MessageFailed {
			t.Errorf("the other firm's: %+v, %v", m, err)
		}
		if got := jobs(t, st); !slices.Equal(got, []string{"fetch", "send"}) {
			t.Errorf("jobs %v", got)
		}
		told := ask(t, st, `SELECT kind, ref, reply_to FROM outbox`)
		if len(told) != 1 || strings.Join(told[0], " ") != "failed resend "+string(second) {
			t.Errorf("told %v", told)
		}
		must(t, st.AddAudio(ctx, a.Tenant.ID, first, feierabend.AudioInfo{Type: "audio/ogg"}, []byte("OggS")))
		agreement.Version = "2"
		must(t, st.ConcludeAgreement(ctx, agreement))
		if got := jobs(t, st); len(got) != 2 {
			t.Errorf("a second version takes up again: %v", got)
		}
	})
}

// TestAgreementRace: a message that is refused while the agreement is being
// concluded is either taken up by it or refused to the provider, never left.
func TestAgreementRace(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		for round := range 10 {
			do(t, st, `DELETE FROM agreement`)
			done := make(chan error, 1)
			go func() {
				done <- st.ConcludeAgreement(ctx, feierabend.ProcessingAgreement{Tenant: a.Tenant.ID, Version: "1", ConcludedAt: clock.Now(), By: a.Owner})
			}()
			in := a.Inbound("wamid."+feierabend.NewID(), "")
			in.Kind, in.MediaID = feierabend.InboundAudio, "m"
			out, err := st.Receive(ctx, []feierabend.Inbound{in})
			must(t, <-done)
			if err != nil {
				if feierabend.KindOf(err) != feierabend.Unavailable {
					t.Fatal(err)
				}
				continue // the provider sends it again
			}
			m, err := st.Message(ctx, a.Tenant.ID, out[0].Message)
			must(t, err)
			if m.State != feierabend.MessageReceived || m.Case == "" {
				t.Fatalf("round %d: left as %s %s after %s", round, m.State, m.Reason, out[0].Code)
			}
		}
	})
}
