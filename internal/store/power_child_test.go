package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"feierabend"
	"feierabend/internal/storetest"
)

// TestPowerChild is the process that the recorder watches (TestPowerLoss): cases live
// from the note to the proved erasure, and everything that was acknowledged is
// printed, one write to stdout each, so that the trace has it in its order.
func TestPowerChild(t *testing.T) {
	dir := os.Getenv("FEIERABEND_POWER_DIR")
	if dir == "" {
		return
	}
	ack := func(words ...any) { os.Stdout.WriteString("ack " + fmt.Sprintln(words...)) }
	ctx := context.Background()
	st := storetest.Open(t, "sqlite:"+dir+"/feierabend.db", storetest.NewClock())
	a, _ := storetest.Seed(t, st)
	ack("firm", a.Tenant.ID)
	crowd(t, a, func(i feierabend.Inbound) {
		out, err := st.Receive(ctx, []feierabend.Inbound{i})
		must(t, err)
		ack("message", out[0].Message, "")
	})
	for n := range 9 {
		size := 100_000 // two chunks; three cases share a log that is then zeroed as a whole
		if n > 6 {
			size = 800_000 // the log grows until it is checkpointed
		}
		m := note(t, st, a, fmt.Sprint("wamid.", n))
		ack("message", m.ID, m.Case)
		keys, _, err := st.Fingerprints(ctx, a.Tenant.ID, m.Case)
		must(t, err)
		ack("key", m.Case, fmt.Sprintf("%x", keys))
		job := func(k feierabend.JobKind) feierabend.Job {
			return feierabend.Job{K: k, Tenant: a.Tenant.ID.String(), Ref: string(m.ID)}
		}
		must(t, st.AddAudio(ctx, a.Tenant.ID, m.ID, feierabend.AudioInfo{Type: "audio/ogg"}, bytes.Repeat([]byte("Ton"), size), job(feierabend.JobTranscribe)))
		ack("audio", m.ID)
		must(t, st.AddTranscript(ctx, a.Tenant.ID, m.ID, feierabend.Transcript{Text: "Rechnung"}, job(feierabend.JobDraft)))
		ack("transcript", m.ID)
		_, err = st.AddDraft(ctx, a.Tenant.ID, feierabend.NewDraft{
			Case: m.Case, State: feierabend.CaseReady, Message: m.ID, Reason: feierabend.ReasonDrafted,
			Out: []feierabend.Outgoing{{Sender: a.Sender.ID, Case: m.Case, Kind: feierabend.OutDraft, Ref: "1"}},
		})
		must(t, err)
		ack("draft", m.Case, m.ID)
		d := issued(t, st, a, m.Case)
		ack("document", m.Case, d.Number)
		if n%3 == 2 || n > 6 {
			continue // this one lives on
		}
		rec, err := st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseConfirmed, a.Owner)
		must(t, err)
		ack("erased", m.Case)
		if n%3 == 1 {
			_, err = st.ScrubAndVerify(ctx)
			must(t, err)
			ack("proved", rec.Case)
		}
	}
	ack("end")
}

// crowd speaks at once, so that several messages share a commit.
func crowd(t *testing.T, f storetest.Firm, receive func(feierabend.Inbound)) {
	t.Helper()
	var all sync.WaitGroup
	for n := range 12 {
		all.Go(func() { receive(f.Inbound(fmt.Sprint("wamid.crowd.", n), "Moin")) })
	}
	all.Wait()
}
