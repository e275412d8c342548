package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// forwarded delivers a forwarded message of a firm's member.
func forwarded(t *testing.T, st *store.Store, f storetest.Firm, change func(*feierabend.Inbound)) feierabend.Message {
	t.Helper()
	in := f.Inbound("wamid."+feierabend.NewID(), "Moin, der Hahn tropft.")
	in.Forwarded = true
	if change != nil {
		change(&in)
	}
	out, err := st.Receive(context.Background(), []feierabend.Inbound{in})
	must(t, err)
	m, err := st.Message(context.Background(), f.Tenant.ID, out[0].Message)
	must(t, err)
	return m
}

func jobsFor(t *testing.T, st *store.Store, kind feierabend.JobKind, ref string) int {
	t.Helper()
	n := 0
	for _, r := range ask(t, st, `SELECT CAST(args AS TEXT) FROM river_job WHERE kind = $1`, string(kind)) {
		if strings.Contains(r[0], ref) {
			n++
		}
	}
	return n
}

// TestForwardedChoice: one question however many messages wait, one answer for all of
// them, remembered for the person and nobody else, until the instruction ends.
func TestForwardedChoice(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		must(t, st.SetCustomers(ctx, a.Tenant.ID, feierabend.CustomerVoices{Forwarded: true}, a.Owner))
		if f, err := st.Tenant(ctx, b.Tenant.ID); err != nil || f.Customers.Forwarded {
			t.Errorf("the other firm: %+v, %v", f.Customers, err)
		}
		must(t, st.SetCustomers(ctx, b.Tenant.ID, feierabend.CustomerVoices{Forwarded: true}, b.Owner))
		ones := []feierabend.Message{forwarded(t, st, a, nil), forwarded(t, st, a, nil)}
		foreign := forwarded(t, st, b, nil)
		for range 2 {
			for _, m := range ones {
				out := feierabend.Outgoing{Sender: a.Sender.ID, Case: m.Case, Kind: feierabend.OutCommand, Ref: "weitergeleitet"}
				if choice, err := st.HoldForwarded(ctx, a.Tenant.ID, m.ID, out); err != nil || choice != "" {
					t.Fatalf("hold: %q, %v", choice, err)
				}
			}
		}
		if _, err := st.HoldForwarded(ctx, b.Tenant.ID, foreign.ID); err != nil {
			t.Fatal(err)
		}
		if n := len(ask(t, st, `SELECT id FROM outbox`)); n != 1 {
			t.Errorf("%d questions, want 1", n)
		}
		press := func(f storetest.Firm, act feierabend.ButtonAct) feierabend.Message {
			clock.Advance(time.Second)
			in := f.Inbound("wamid."+feierabend.NewID(), "")
			in.Kind, in.Button = feierabend.InboundButton, feierabend.Button{Act: act, Case: ones[0].Case}.String()
			out, err := st.Receive(ctx, []feierabend.Inbound{in})
			must(t, err)
			m, err := st.Message(ctx, f.Tenant.ID, out[0].Message)
			must(t, err)
			return m
		}
		tap := press(a, feierabend.ActTake)
		if jobsFor(t, st, feierabend.JobForwarded, string(tap.ID)) != 1 {
			t.Error("the tap has no job of its own")
		}
		told := feierabend.Outgoing{Sender: a.Sender.ID, Kind: feierabend.OutCommand, Ref: "auswerten"}
		for range 2 {
			must(t, st.DecideForwarded(ctx, a.Tenant.ID, tap.ID, feierabend.ForwardTake, a.Owner, told))
		}
		for _, m := range ones {
			if got, err := st.Message(ctx, a.Tenant.ID, m.ID); err != nil || got.State != feierabend.MessageReceived || got.Reason != "" || jobsFor(t, st, feierabend.JobFetch, string(m.ID)) != 2 {
				t.Errorf("after take: %+v, %v", got, err)
			}
		}
		if got, err := st.Message(ctx, b.Tenant.ID, foreign.ID); err != nil || got.Reason != feierabend.ReasonForwardAsk || got.Sender.Forwarded != "" {
			t.Errorf("the other firm's message: %+v, %v", got, err)
		}
		if n := len(ask(t, st, `SELECT id FROM outbox`)); n != 1 {
			t.Errorf("%d told, want the question alone: the note itself tells", n)
		}
		if choice, err := st.HoldForwarded(ctx, a.Tenant.ID, forwarded(t, st, a, nil).ID); err != nil || choice != feierabend.ForwardTake {
			t.Errorf("remembered: %q, %v", choice, err)
		}
		must(t, st.DecideForwarded(ctx, b.Tenant.ID, press(b, feierabend.ActDrop).ID, feierabend.ForwardDrop, b.Owner, feierabend.Outgoing{Sender: b.Sender.ID, Kind: feierabend.OutCommand, Ref: "verwerfen"}))
		if got, err := st.Message(ctx, b.Tenant.ID, foreign.ID); err != nil || got.State != feierabend.MessageDone || got.Reason != feierabend.ReasonForwardDrop || got.Text != "" || got.Case != "" {
			t.Errorf("after drop: %+v, %v", got, err)
		}
		if _, err := st.Case(ctx, b.Tenant.ID, foreign.Case); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("the dropped message's case: %v", err)
		}
		must(t, st.SetCustomers(ctx, a.Tenant.ID, feierabend.CustomerVoices{}, a.Owner))
		if l, err := st.SenderLink(ctx, a.Tenant.ID, a.Sender.ID); err != nil || l.Forwarded != "" {
			t.Errorf("after switching off: %+v, %v", l, err)
		}
		if l, err := st.SenderLink(ctx, b.Tenant.ID, b.Sender.ID); err != nil || l.Forwarded != feierabend.ForwardDrop {
			t.Errorf("the other firm's person: %+v, %v", l, err)
		}
		// A forwarded tap is nobody's word: it goes to intake, which tells.
		m := forwarded(t, st, a, func(in *feierabend.Inbound) {
			in.Kind, in.Text, in.Button = feierabend.InboundButton, "", feierabend.Button{Act: feierabend.ActDiscard, Case: ones[0].Case}.String()
		})
		if jobsFor(t, st, feierabend.JobConfirm, string(m.ID)) != 0 || jobsFor(t, st, feierabend.JobFetch, string(m.ID)) != 1 {
			t.Error("a forwarded button was worked off")
		}
	})
}
