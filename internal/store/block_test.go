package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestBlockedFirm: what a blocked firm is sent has an outcome and no content, is told
// once a day, and is not worked; its clock goes on. Let in again, its voice notes of the
// last seven days are fetched. The other firm notices nothing.
func TestBlockedFirm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		old := typed(t, st, a, "wamid.old", "Moin")
		do(t, st, `DELETE FROM river_job`)
		must(t, st.BlockTenant(ctx, a.Tenant.ID, clock.Now(), feierabend.Actor{Via: feierabend.ViaCLI}))
		send := func(f storetest.Firm, id string, kind feierabend.InboundKind) feierabend.Outcome {
			in := f.Inbound(id, "geheimer Text")
			in.Kind, in.At = kind, clock.Now()
			if kind == feierabend.InboundAudio {
				in.MediaID = "media-" + id
			}
			out, err := st.Receive(ctx, []feierabend.Inbound{in})
			must(t, err)
			return out[0]
		}
		text, voice := send(a, "wamid.1", feierabend.InboundText), send(a, "wamid.2", feierabend.InboundAudio)
		for _, o := range []feierabend.Outcome{text, voice} {
			m, err := st.Message(ctx, a.Tenant.ID, o.Message)
			must(t, err)
			if o.Code != feierabend.FirmBlocked || m.State != feierabend.MessageFailed || m.Reason != "firm_blocked" || m.Text != "" || m.Case != "" {
				t.Errorf("%+v %+v", o, m)
			}
		}
		if got := jobs(t, st); !slices.Equal(got, []string{"send"}) { // one honest sentence
			t.Errorf("jobs %v", got)
		}
		if o := send(b, "wamid.b", feierabend.InboundText); o.Code != feierabend.Accepted {
			t.Errorf("the other firm: %s", o.Code)
		}
		c, err := st.Case(ctx, a.Tenant.ID, old.Case)
		must(t, err)
		if due, err := st.Due(ctx, c.ExpiresAt.Add(time.Second), feierabend.DueCase{}, 10); err != nil || !slices.ContainsFunc(due, func(d feierabend.DueCase) bool { return d.Case == old.Case }) {
			t.Errorf("the clock stands still: %v %v", due, err)
		}
		v, all, blocked, err := st.FirmViews(ctx, 0, 10)
		if err != nil || all != 2 || blocked != 1 || len(v) != 2 {
			t.Errorf("%d of %d, %d blocked: %v", len(v), all, blocked, err)
		}
		one, err := st.FirmView(ctx, a.Tenant.ID)
		if err != nil || one.BlockedAt.IsZero() || one.Cases[feierabend.CaseOpen] != 1 || one.Failed != 2 || one.People != 1 || one.Numbers != 1 {
			t.Errorf("%+v %v", one, err)
		}
		do(t, st, `DELETE FROM river_job`)
		must(t, st.BlockTenant(ctx, a.Tenant.ID, time.Time{}, feierabend.Actor{Via: feierabend.ViaCLI}))
		m, err := st.Message(ctx, a.Tenant.ID, voice.Message)
		must(t, err)
		if m.State != feierabend.MessageReceived || m.Case == "" || m.MediaID != "media-wamid.2" {
			t.Errorf("let in again: %+v", m)
		}
		if got := jobs(t, st); !slices.Equal(got, []string{"fetch", "send"}) { // and texts are asked for again
			t.Errorf("jobs after letting in %v", got)
		}
	})
}
