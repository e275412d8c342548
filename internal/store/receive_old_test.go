package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestReceiveReplayAfterTheHashIsGone: the keyed id of a message is kept for eight
// days. Signed bytes that come again after that must not make a second draft
// (HOOK-02): by its own time the message is older than any provider re-delivers.
func TestReceiveReplayAfterTheHashIsGone(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		in := a.Inbound("wamid.captured", "geheimer Text")
		in.At = clock.Now()
		receive(t, st, a, in)

		clock.Advance(7*24*time.Hour + 23*time.Hour) // late, but a provider may still do that
		late := a.Inbound("wamid.late", "Moin")
		late.At = in.At
		if m := receive(t, st, a, late); m.Case == "" {
			t.Error("a message that was re-delivered for almost eight days made no case")
		}

		clock.Advance(2 * time.Hour)
		must(t, st.SweepDone(ctx, clock.Now()))
		cases, queued := count(t, st, "cases"), len(jobs(t, st))
		for i, want := range []feierabend.OutcomeCode{feierabend.TooOld, feierabend.Duplicate} {
			out, err := st.Receive(ctx, []feierabend.Inbound{in})
			must(t, err)
			if out[0].Code != want {
				t.Errorf("delivery %d: %s, want %s", i, out[0].Code, want)
			}
			if i > 0 {
				continue
			}
			m, err := st.Message(ctx, a.Tenant.ID, out[0].Message)
			must(t, err)
			if m.State != feierabend.MessageFailed || m.Reason != string(feierabend.TooOld) || m.Text != "" || m.Case != "" {
				t.Errorf("quarantined message %+v", m)
			}
		}
		if got := count(t, st, "cases"); got != cases || len(jobs(t, st)) != queued {
			t.Errorf("%s cases and %d jobs, want %s and %d", got, len(jobs(t, st)), cases, queued)
		}
	})
}

// TestReceiveWithoutAgreementIsTold: nothing of the content is kept, but the person
// learns it, once a day.
func TestReceiveWithoutAgreementIsTold(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		do(t, st, `DELETE FROM agreement`)
		out, err := st.Receive(ctx, []feierabend.Inbound{a.Inbound("wamid.1", "geheim"), a.Inbound("wamid.2", "geheim")})
		must(t, err)
		if diff := cmp.Diff([]string{"send"}, jobs(t, st)); diff != "" {
			t.Error(diff)
		}
		if got := count(t, st, "outbox"); out[0].Code != feierabend.NoAgreement || got != "1" {
			t.Errorf("%s, %s messages told, want 1", out[0].Code, got)
		}
		clock.Advance(25 * time.Hour)
		_, err = st.Receive(ctx, []feierabend.Inbound{a.Inbound("wamid.3", "geheim")})
		must(t, err)
		if got := count(t, st, "outbox"); got != "2" {
			t.Errorf("%s messages told on the second day, want 2", got)
		}
	})
}
