package intake_test

import (
	"context"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/intake"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestForwarded (J-20): nothing is fetched before the sender has said so, the answer is
// remembered, „Verwerfen“ keeps nothing, and every message has its outcome.
func TestForwarded(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		for _, f := range []storetest.Firm{a, b} {
			if err := st.SetCustomers(ctx, f.Tenant.ID, feierabend.CustomerVoices{Forwarded: true}, f.Owner); err != nil {
				t.Fatal(err)
			}
		}
		ch := &channel{data: wav(2 * time.Second)}
		step := intake.New(intake.Options{Store: st, Channel: ch})
		fetch := func(j feierabend.Job) {
			t.Helper()
			for range 2 {
				if err := step.Fetch(ctx, j); err != nil {
					t.Fatal(err)
				}
			}
		}
		message := func(f storetest.Firm, id feierabend.MessageID) feierabend.Message {
			m, err := st.Message(ctx, f.Tenant.ID, id)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		forward := func(f storetest.Firm) feierabend.MessageID {
			o, j := receive(t, st, voice(f, func(in *feierabend.Inbound) { in.Forwarded = true }))
			fetch(j)
			return o.Message
		}
		press := func(f storetest.Firm, act feierabend.ButtonAct, c feierabend.CaseID) feierabend.MessageID {
			o, j := receive(t, st, voice(f, func(in *feierabend.Inbound) {
				in.Kind, in.Button = feierabend.InboundButton, feierabend.Button{Act: act, Case: c}.String()
			}))
			j.K = feierabend.JobForwarded
			for range 2 {
				if err := step.Press(ctx, j); err != nil {
					t.Fatal(err)
				}
			}
			return o.Message
		}

		first, other := forward(a), forward(b)
		for f, id := range map[*storetest.Firm]feierabend.MessageID{&a: first, &b: other} {
			if m := message(*f, id); m.State != feierabend.MessageReceived || m.Reason != feierabend.ReasonForwardAsk {
				t.Errorf("before the answer: %+v", m)
			}
		}
		if ch.calls != 0 {
			t.Fatalf("the provider was asked %d times before the answer", ch.calls)
		}
		press(a, feierabend.ActTake, message(a, first).Case)
		fetch(feierabend.Job{K: feierabend.JobFetch, Tenant: a.Tenant.ID.String(), Ref: string(first)})
		if m := message(a, first); m.State != feierabend.MessageFetched || ch.calls != 1 {
			t.Errorf("after „Auswerten“: %+v, %d calls", m, ch.calls)
		}
		if m := message(b, other); m.Reason != feierabend.ReasonForwardAsk {
			t.Errorf("one firm answered for the other: %+v", m)
		}
		if m := message(a, forward(a)); m.State != feierabend.MessageFetched {
			t.Errorf("remembered „Auswerten“: %+v", m)
		}
		tap := press(b, feierabend.ActDrop, message(b, other).Case)
		calls := ch.calls
		for _, id := range []feierabend.MessageID{other, forward(b)} {
			if m := message(b, id); m.State != feierabend.MessageDone || m.Reason != feierabend.ReasonForwardDrop || m.Case != "" {
				t.Errorf("dropped: %+v", m)
			}
		}
		if m := message(b, tap); m.State != feierabend.MessageDone || ch.calls != calls {
			t.Errorf("the tap: %+v, %d calls", m, ch.calls-calls)
		}
		if all, err := st.Cases(ctx, b.Tenant.ID); err != nil || len(all) != 0 {
			t.Errorf("cases left: %v, %v", all, err)
		}
		// Switched off again, an old button opens nothing.
		if err := st.SetCustomers(ctx, b.Tenant.ID, feierabend.CustomerVoices{}, b.Owner); err != nil {
			t.Fatal(err)
		}
		late := press(b, feierabend.ActTake, feierabend.CaseID(b.Sender.ID))
		if m := message(b, late); m.State != feierabend.MessageFailed || m.Reason != feierabend.ReasonForwarded || m.Sender.Forwarded != "" {
			t.Errorf("switched off: %+v", m)
		}
		if m := message(b, forward(b)); m.Reason != feierabend.ReasonForwarded || ch.calls != calls {
			t.Errorf("switched off: %+v", m)
		}
	})
}
