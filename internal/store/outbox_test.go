package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestOutbox: waiting → sending → accepted, a lost answer waits 90 s, statuses move forward only.
func TestOutbox(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		tenant := a.Tenant.ID
		m := typed(t, st, a, "wamid.1", "Moin")
		must(t, st.AddOut(ctx, tenant, feierabend.Outgoing{Sender: a.Sender.ID, Case: m.Case, Kind: feierabend.OutDraft, Ref: "1", ReplyTo: m.ID}))
		id := feierabend.OutboxID(ask(t, st, `SELECT id FROM outbox`)[0][0])
		o, err := st.BeginSend(ctx, tenant, id)
		must(t, err)
		if o.State != feierabend.SendSending || o.Tries != 1 || o.Kind != feierabend.OutDraft || o.ReplyTo != m.ID {
			t.Errorf("%+v", o)
		}
		clock.Advance(89 * time.Second)
		var snooze *feierabend.SnoozeError
		if _, err := st.BeginSend(ctx, tenant, id); !errors.As(err, &snooze) || snooze.After != time.Second {
			t.Errorf("after 89 s: %v", err)
		}
		clock.Advance(time.Second)
		if o, err = st.BeginSend(ctx, tenant, id); err != nil || o.Tries != 2 {
			t.Errorf("after 90 s: %+v %v", o, err)
		}
		must(t, st.FailSend(ctx, tenant, id, 131047, false))
		if o, err = st.BeginSend(ctx, tenant, id); err != nil || o.Tries != 3 {
			t.Errorf("after a refusal: %+v %v", o, err)
		}
		status := func(state feierabend.SendState) {
			must(t, st.ReceiveStatuses(ctx, []feierabend.DeliveryStatus{{Callback: o.Callback(), State: state, ExternalID: "wamid.lost"}}))
		}
		for _, step := range []struct{ report, want feierabend.SendState }{
			{feierabend.SendSent, feierabend.SendSent}, // before the answer to our sending
			{feierabend.SendDelivered, feierabend.SendDelivered},
			{feierabend.SendSent, feierabend.SendDelivered},
			{feierabend.SendFailed, feierabend.SendDelivered},
			{feierabend.SendRead, feierabend.SendRead},
			{feierabend.SendRead, feierabend.SendRead},
		} {
			status(step.report)
			o, err = st.Outbox(ctx, tenant, id)
			must(t, err)
			if o.State != step.want || o.ExternalID != "wamid.lost" {
				t.Errorf("after %s: %s, want %s (%s)", step.report, o.State, step.want, o.ExternalID)
			}
		}
		must(t, st.SentAs(ctx, tenant, id, "wamid.out", ""))
		if o, err = st.Outbox(ctx, tenant, id); err != nil || o.State != feierabend.SendRead || o.ExternalID != "wamid.out" {
			t.Errorf("%+v %v", o, err)
		}
		wantCode(t, second(st.BeginSend(ctx, tenant, id)), feierabend.Conflict, "sent")
		must(t, st.ReceiveStatuses(ctx, []feierabend.DeliveryStatus{{Callback: "o:foreign", State: feierabend.SendRead}, {Callback: "", State: feierabend.SendRead}}))
		must(t, st.FailSend(ctx, tenant, id, 1, true))
		if o, _ = st.Outbox(ctx, tenant, id); o.State != feierabend.SendRead {
			t.Error("a read message failed")
		}
	})
}

// TestForget: a file at the provider outlives the case in the outbox until it is deleted there.
func TestForget(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		tenant := a.Tenant.ID
		m := typed(t, st, a, "wamid.1", "Moin")
		drafted(t, st, a, m)
		d := issued(t, st, a, m.Case)
		must(t, st.AddOut(ctx, tenant, feierabend.Outgoing{Sender: a.Sender.ID, Case: m.Case, Kind: feierabend.OutDocument, Ref: string(d.ID)}))
		id := feierabend.OutboxID(ask(t, st, `SELECT id FROM outbox`)[0][0])
		must(t, second(st.BeginSend(ctx, tenant, id)))
		must(t, st.SentAs(ctx, tenant, id, "", "media-77"))
		r, err := st.Erase(ctx, tenant, m.Case, feierabend.EraseConfirmed, a.Owner)
		must(t, err)
		if r.Erased["outbox"] != 1 {
			t.Errorf("erased %v", r.Erased)
		}
		o, err := st.Outbox(ctx, tenant, id)
		must(t, err)
		if o.MediaID != "media-77" || o.ExternalID != "" || o.Case != "" {
			t.Errorf("%+v", o)
		}
		all := planned(t, st)
		if all[len(all)-2] != "forget" || all[len(all)-1] != "scrub" {
			t.Errorf("jobs %v", all)
		}
		must(t, st.Forgotten(ctx, tenant, id))
		if count(t, st, "outbox") != "0" {
			t.Error("the row stays after the file is gone")
		}
	})
}
