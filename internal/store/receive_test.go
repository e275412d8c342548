package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestReceiveParallelDuplicates delivers one message 50 times at once: one gets in.
func TestReceiveParallelDuplicates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		var wg sync.WaitGroup
		var accepted, duplicate atomic.Int32
		for range 50 {
			wg.Go(func() {
				out, err := st.Receive(context.Background(), []feierabend.Inbound{a.Inbound("wamid.same", "Moin")})
				if err != nil {
					t.Error(err)
					return
				}
				switch out[0].Code {
				case feierabend.Accepted:
					accepted.Add(1)
				case feierabend.Duplicate:
					duplicate.Add(1)
				}
			})
		}
		wg.Wait()
		if accepted.Load() != 1 || duplicate.Load() != 49 || count(t, st, "message") != "1" || count(t, st, "cases") != "1" || count(t, st, "content_key") != "1" {
			t.Errorf("%d accepted, %d duplicates, %s messages", accepted.Load(), duplicate.Load(), count(t, st, "message"))
		}
		if diff := cmp.Diff([]string{"draft"}, jobs(t, st)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestReceiveKinds: what each kind of message leaves, and its first job.
func TestReceiveKinds(t *testing.T) {
	button := feierabend.Button{Act: feierabend.ActIssue, Case: feierabend.CaseID(feierabend.NewID()), Version: 1}.String()
	for _, tc := range []struct {
		name   string
		change func(*feierabend.Inbound)
		job    string
		cases  string
		text   string
		button string
	}{
		{"text", func(*feierabend.Inbound) {}, "draft", "1", "Moin", ""},
		{"forwarded text", func(i *feierabend.Inbound) { i.Forwarded = true }, "fetch", "1", "Moin", ""},
		{"audio", func(i *feierabend.Inbound) { i.Kind, i.Text = feierabend.InboundAudio, "" }, "fetch", "1", "", ""},
		{"picture", func(i *feierabend.Inbound) { i.Kind, i.Text = feierabend.InboundUnsupported, "" }, "fetch", "1", "", ""},
		{"button", func(i *feierabend.Inbound) { i.Kind, i.Text, i.Button = feierabend.InboundButton, "", button }, "issue", "0", "", button},
		{"foreign button", func(i *feierabend.Inbound) { i.Kind, i.Text, i.Button = feierabend.InboundButton, "", "Frau Petersen" }, "answer", "0", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
				a, _ := storetest.Seed(t, st)
				in := a.Inbound("wamid.1", "Moin")
				tc.change(&in)
				m := receive(t, st, a, in)
				if m.Text != tc.text || m.Button != tc.button || m.ExternalID != "wamid.1" || m.Kind != in.Kind || m.State != feierabend.MessageReceived {
					t.Errorf("message %+v", m)
				}
				if got := count(t, st, "cases"); got != tc.cases {
					t.Errorf("%s cases, want %s", got, tc.cases)
				}
				if diff := cmp.Diff([]string{tc.job}, jobs(t, st)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// TestReceiveStrangers: of an unknown sender nothing stays but a keyed counter; a
// firm without agreement keeps an outcome and the media id, no content.
func TestReceiveStrangers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		in := a.Inbound("wamid.x", "geheimer Text")
		in.From = "+4915100000000"
		out, err := st.Receive(ctx, []feierabend.Inbound{in, in})
		must(t, err)
		if out[0].Code != feierabend.UnknownSender || out[1].Code != feierabend.UnknownSender || !out[0].Tenant.IsZero() {
			t.Errorf("%+v", out)
		}
		for table, want := range map[string]string{"message": "0", "seen_message": "0", "counter": "1", "cases": "0", "river_job": "0"} {
			if got := count(t, st, table); got != want {
				t.Errorf("%s rows in %s, want %s", got, table, want)
			}
		}
		do(t, st, `DELETE FROM agreement`)
		in = a.Inbound("wamid.y", "geheimer Text")
		in.Kind, in.MediaID = feierabend.InboundAudio, "media-1"
		out, err = st.Receive(ctx, []feierabend.Inbound{in})
		must(t, err)
		m, err := st.Message(ctx, a.Tenant.ID, out[0].Message)
		must(t, err)
		if out[0].Code != feierabend.NoAgreement || m.State != feierabend.MessageFailed || m.Reason != "no_agreement" || m.Text != "" || m.MediaID != "media-1" || m.Case != "" {
			t.Errorf("%+v %+v", out, m)
		}
		if count(t, st, "cases") != "0" || !slices.Equal(jobs(t, st), []string{"send"}) { // a fixed sentence
			t.Error("content without agreement")
		}
	})
}

// TestReceiveRecycledNumber: a number that now belongs to another WhatsApp account is unknown.
func TestReceiveRecycledNumber(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		must(t, st.AddSenderLink(ctx, a.Tenant.ID, feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), User: a.User.ID, Phone: "+4917100000001", BSUID: "DE.1"}))
		for _, tc := range []struct {
			phone, bsuid string
			want         feierabend.OutcomeCode
		}{
			{"+4917100000001", "DE.1", feierabend.Accepted},
			{"", "DE.1", feierabend.Accepted},
			{"+4917100000001", "", feierabend.Accepted},
			{"+4917100000001", "DE.2", feierabend.UnknownSender},
			{a.Sender.Phone, "DE.3", feierabend.Accepted}, // link made before the id was known
		} {
			in := a.Inbound("wamid."+tc.phone+tc.bsuid, "Moin")
			in.From, in.BSUID = tc.phone, tc.bsuid
			out, err := st.Receive(ctx, []feierabend.Inbound{in})
			must(t, err)
			if out[0].Code != tc.want {
				t.Errorf("%q %q: %s, want %s", tc.phone, tc.bsuid, out[0].Code, tc.want)
			}
		}
	})
}

// TestReceiveMany: a batch of two firms with duplicates inside keeps order and tenants.
func TestReceiveMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		var in []feierabend.Inbound
		for i := range 300 { // more than one delivery
			f := a
			if i%3 == 0 {
				f = b
			}
			in = append(in, f.Inbound(fmt.Sprint("wamid.", i%280), "Moin"))
		}
		out, err := st.Receive(ctx, in)
		must(t, err)
		fresh := 0
		for i, o := range out {
			want := a.Tenant.ID
			if i%3 == 0 {
				want = b.Tenant.ID
			}
			if o.Tenant != want {
				t.Fatalf("message %d went to another firm", i)
			}
			if o.Code == feierabend.Accepted {
				fresh++
			}
		}
		if fresh != 280 || len(jobs(t, st)) != 280 {
			t.Errorf("%d accepted, %d jobs", fresh, len(jobs(t, st)))
		}
		cases, err := st.OpenCases(ctx, a.Tenant.ID, a.Sender.ID)
		must(t, err)
		for i := 1; i < len(cases); i++ {
			if cases[i].ChangedAt.After(cases[i-1].ChangedAt) {
				t.Fatal("not newest first")
			}
		}
	})
}

// TestReceiveCanceled: a caller that goes away gets no error for what was stored.
func TestReceiveCanceled(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := st.Receive(ctx, []feierabend.Inbound{a.Inbound("wamid.1", "Moin")})
		wantCode(t, err, feierabend.Unavailable, "canceled")
		if count(t, st, "message") != "0" {
			t.Error("stored for a caller that was told it was not")
		}
	})
}

// TestReceiveClosed: after Close nothing is accepted and nobody waits for ever.
func TestReceiveClosed(t *testing.T) {
	clock := storetest.NewClock()
	st, err := store.Open(context.Background(), storetest.Options(t, storetest.SQLite(t), clock))
	must(t, err)
	a, _ := storetest.Seed(t, st)
	var wg sync.WaitGroup
	var lost, kept atomic.Int32
	for i := range 20 {
		wg.Go(func() {
			if _, err := st.Receive(context.Background(), []feierabend.Inbound{a.Inbound(fmt.Sprint("wamid.", i), "Moin")}); err != nil {
				lost.Add(1)
			} else {
				kept.Add(1)
			}
		})
	}
	must(t, st.Close())
	wg.Wait()
	if lost.Load()+kept.Load() != 20 {
		t.Errorf("%d + %d of 20 answered", lost.Load(), kept.Load())
	}
	_, err = st.Receive(context.Background(), []feierabend.Inbound{a.Inbound("wamid.z", "Moin")})
	wantCode(t, err, feierabend.Unavailable, "closing")
}

// TestReceiveOneBadRow: a message that the database refuses does not sink the
// others of its batch.
func TestReceiveOneBadRow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		if st.SQL() != nil {
			do(t, st, `CREATE TRIGGER refuse BEFORE INSERT ON message WHEN NEW.channel = 'bad' BEGIN SELECT RAISE(ABORT, 'refused'); END`)
		} else {
			do(t, st, `ALTER TABLE content.message ADD CHECK (channel <> 'bad')`)
		}
		var wg sync.WaitGroup
		var failed atomic.Int32
		for i := range 30 {
			in := a.Inbound(fmt.Sprint("wamid.", i), "Moin")
			if i%10 == 7 {
				in.Channel = "bad"
			}
			wg.Go(func() {
				if _, err := st.Receive(context.Background(), []feierabend.Inbound{in}); err != nil {
					failed.Add(1)
				}
			})
		}
		wg.Wait()
		if failed.Load() != 3 || count(t, st, "message") != "27" || count(t, st, "seen_message") != "27" {
			t.Errorf("%d failed, %s stored", failed.Load(), count(t, st, "message"))
		}
	})
}

// TestExpiry: reads refuse a case the moment its time is over, however late the sweep is.
func TestExpiry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		m := typed(t, st, a, "wamid.1", "Moin")
		drafted(t, st, a, m)
		clock.Advance(30*24*time.Hour - time.Hour - time.Microsecond)
		if _, err := st.Case(ctx, a.Tenant.ID, m.Case); err != nil {
			t.Errorf("a microsecond before: %v", err)
		}
		if due, err := st.Due(ctx, clock.Now(), feierabend.DueCase{}, 10); err != nil || len(due) != 0 {
			t.Errorf("due %v %v", due, err)
		}
		clock.Advance(time.Microsecond)
		for name, err := range map[string]error{
			"case":    second(st.Case(ctx, a.Tenant.ID, m.Case)),
			"message": second(st.Message(ctx, a.Tenant.ID, m.ID)),
			"draft":   second(st.Draft(ctx, a.Tenant.ID, m.Case)),
			"finish":  st.FinishMessage(ctx, a.Tenant.ID, m.ID, feierabend.MessageFailed, "nothing"),
		} {
			if feierabend.KindOf(err) != feierabend.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if all, err := st.Cases(ctx, a.Tenant.ID); err != nil || len(all) != 0 {
			t.Errorf("cases %v %v", all, err)
		}
		due, err := st.Due(ctx, clock.Now(), feierabend.DueCase{}, 10)
		must(t, err)
		want := []feierabend.DueCase{{Tenant: a.Tenant.ID, Case: m.Case, Reason: feierabend.EraseExpired, Sender: a.Sender.ID}}
		if diff := cmp.Diff(want, due, cmp.Comparer(func(x, y feierabend.TenantID) bool { return x == y })); diff != "" {
			t.Error(diff)
		}
		if _, err := st.Erase(ctx, a.Tenant.ID, m.Case, due[0].Reason, feierabend.Actor{Via: feierabend.ViaSweep}); err != nil {
			t.Errorf("the sweep cannot erase an expired case: %v", err)
		}
	})
}

func second[T any](_ T, err error) error { return err }
