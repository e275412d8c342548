package store_test

import (
	"context"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestArrived: the countdown starts when the chat has delivered the document (J-31),
// by the firm's instruction, once, and only where that means that the firm has it.
func TestArrived(t *testing.T) {
	never := time.Duration(-1)
	for name, tc := range map[string]struct {
		countdown time.Duration
		profile   feierabend.DocumentProfile
		role      feierabend.Role
		kind      feierabend.OutKind
		states    []feierabend.SendState
		want      time.Duration // from the first report on; -1 = none runs
		state     feierabend.CaseState
	}{
		"delivered":               {0, "", feierabend.RoleOwner, feierabend.OutDocument, []feierabend.SendState{feierabend.SendSent, feierabend.SendDelivered}, day, feierabend.CaseDownloaded},
		"read before delivered":   {24 * time.Hour, "", feierabend.RoleOffice, feierabend.OutDocument, []feierabend.SendState{feierabend.SendRead, feierabend.SendDelivered}, day, feierabend.CaseDownloaded},
		"delivered, then read":    {time.Hour, "", feierabend.RoleOwner, feierabend.OutDocument, []feierabend.SendState{feierabend.SendDelivered, feierabend.SendRead}, time.Hour, feierabend.CaseDownloaded},
		"a quarter of an hour":    {15 * time.Minute, "", feierabend.RoleOwner, feierabend.OutDocument, []feierabend.SendState{feierabend.SendDelivered}, 15 * time.Minute, feierabend.CaseDownloaded},
		"day 30 only":             {feierabend.CountdownOff, "", feierabend.RoleOwner, feierabend.OutDocument, []feierabend.SendState{feierabend.SendDelivered}, never, feierabend.CaseDownloaded},
		"sent only":               {0, "", feierabend.RoleOwner, feierabend.OutDocument, []feierabend.SendState{feierabend.SendSent}, never, feierabend.CaseIssued},
		"failed":                  {0, "", feierabend.RoleOwner, feierabend.OutDocument, []feierabend.SendState{feierabend.SendFailed}, never, feierabend.CaseIssued},
		"to staff":                {0, "", feierabend.RoleStaff, feierabend.OutDocument, []feierabend.SendState{feierabend.SendDelivered}, never, feierabend.CaseIssued},
		"the PDF of an XRechnung": {0, feierabend.ProfileXRechnung, feierabend.RoleOwner, feierabend.OutDocument, []feierabend.SendState{feierabend.SendDelivered}, never, feierabend.CaseIssued},
		"another message":         {0, "", feierabend.RoleOwner, feierabend.OutHeld, []feierabend.SendState{feierabend.SendDelivered}, never, feierabend.CaseIssued},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
				ctx := context.Background()
				a, b := storetest.Seed(t, st)
				if _, err := st.Instruct(ctx, a.Tenant.ID, feierabend.Instruction{RetentionDays: 30, Countdown: tc.countdown}, a.Owner); err != nil {
					t.Fatal(err)
				}
				do(t, st, `UPDATE membership SET role = $1`, string(tc.role))
				m := typed(t, st, a, "wamid.1", "Moin")
				drafted(t, st, a, m)
				number, id, err := st.ReserveNumber(ctx, a.Tenant.ID, m.Case, "RE-2026")
				must(t, err)
				must(t, st.AddDocument(ctx, a.Tenant.ID, feierabend.NewDocument{
					Document: feierabend.Document{ID: id, Case: m.Case, Kind: feierabend.KindInvoice, Number: number, Profile: tc.profile}, Version: 1, By: a.Owner,
					Files: []feierabend.File{{Name: number + ".pdf", Bytes: []byte("%PDF")}, {Name: number + ".xml", Bytes: []byte("<x/>")}},
					Out:   []feierabend.Outgoing{{Sender: a.Sender.ID, Case: m.Case, Kind: tc.kind, Ref: string(id)}},
				}))
				out := feierabend.OutboxID(ask(t, st, `SELECT id FROM outbox`)[0][0])
				row := feierabend.Outbox{ID: out, Tenant: a.Tenant.ID}
				var begun time.Time
				for _, s := range tc.states {
					if begun.IsZero() && (s == feierabend.SendDelivered || s == feierabend.SendRead) {
						begun = clock.Now()
					}
					// The other firm's callback with this id is nobody's.
					must(t, st.ReceiveStatuses(ctx, []feierabend.DeliveryStatus{
						{Callback: feierabend.Outbox{ID: out, Tenant: b.Tenant.ID}.Callback(), State: s}, {Callback: row.Callback(), ExternalID: "w", State: s},
					}))
					clock.Advance(5 * time.Minute)
				}
				c, err := st.Case(ctx, a.Tenant.ID, m.Case)
				must(t, err)
				if c.State != tc.state {
					t.Errorf("case is %s, want %s", c.State, tc.state)
				}
				if got := c.EraseAt.Sub(begun); tc.want != never && got != tc.want || (tc.want == never) != c.EraseAt.IsZero() {
					t.Errorf("counts down to %s, want %s after", c.EraseAt, tc.want)
				}
				if o, err := st.Outbox(ctx, a.Tenant.ID, out); err != nil || o.ExternalID != "w" {
					t.Errorf("row %+v, %v", o, err)
				}
				if tc.want == never {
					return
				}
				// „Noch nicht“ stops it for good, also for a late second report.
				must(t, st.StopCountdown(ctx, a.Tenant.ID, m.Case, a.Owner))
				must(t, st.ReceiveStatuses(ctx, []feierabend.DeliveryStatus{{Callback: row.Callback(), State: feierabend.SendRead}}))
				if c, err := st.Case(ctx, a.Tenant.ID, m.Case); err != nil || !c.EraseAt.IsZero() {
					t.Errorf("after „Noch nicht“: %s, %v", c.EraseAt, err)
				}
			})
		})
	}
}

// TestSweepIsPlanned: a case that becomes due before the next periodic sweep gets a
// sweep of its own, one at a time.
func TestSweepIsPlanned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		planned := func() (at []string) {
			for _, r := range ask(t, st, `SELECT id FROM river_job WHERE kind = 'sweep'`) {
				at = append(at, r[0])
			}
			return at
		}
		m := typed(t, st, a, "wamid.1", "Moin")
		drafted(t, st, a, m)
		d := issued(t, st, a, m.Case)
		must(t, st.SweepDone(ctx, clock.Now()))
		if n := len(planned()); n != 0 {
			t.Fatalf("%d sweeps planned with nothing due", n)
		}
		must(t, st.MarkDownloaded(ctx, a.Tenant.ID, d.ID, a.Owner, clock.Now().Add(15*time.Minute)))
		clock.Advance(14*time.Minute + 30*time.Second)
		for range 3 {
			must(t, st.SweepDone(ctx, clock.Now()))
			clock.Advance(time.Second)
		}
		if n := len(planned()); n != 1 {
			t.Fatalf("%d sweeps planned, want 1", n)
		}
		// The planned one was lost: the next periodic sweep plans again.
		clock.Advance(time.Minute)
		must(t, st.SweepDone(ctx, clock.Now()))
		if n := len(planned()); n != 2 {
			t.Fatalf("%d sweeps planned after one was lost, want 2", n)
		}
	})
}
