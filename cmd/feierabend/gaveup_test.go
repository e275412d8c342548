package main

import (
	"context"
	"log/slog"
	"testing"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestGivenUpJobsHaveAnOutcome: whatever job of a message is given up, the message
// ends failed with a reason, and the person is told exactly once.
func TestGivenUpJobsHaveAnOutcome(t *testing.T) {
	st, _ := storetest.New(t)
	a, _ := storetest.Seed(t, st)
	s := &service{store: st, log: slog.New(slog.DiscardHandler)}
	ctx := context.Background()
	for _, k := range []feierabend.JobKind{
		feierabend.JobFetch, feierabend.JobTranscribe, feierabend.JobDraft,
		feierabend.JobAnswer, feierabend.JobIssue, feierabend.JobConfirm, feierabend.JobHold,
	} {
		t.Run(string(k), func(t *testing.T) {
			in := a.Inbound("wamid."+string(k), "Moin")
			switch k {
			case feierabend.JobAnswer, feierabend.JobIssue, feierabend.JobConfirm, feierabend.JobHold:
				in.Kind, in.Text = feierabend.InboundButton, ""
				in.Button = feierabend.Button{Act: feierabend.ActIssue, Case: feierabend.CaseID(feierabend.NewID()), Version: 1}.String()
			}
			out, err := st.Receive(ctx, []feierabend.Inbound{in})
			if err != nil {
				t.Fatal(err)
			}
			before := sendJobs(t, st)
			for range 2 {
				s.gaveUp(ctx, feierabend.Job{K: k, Tenant: a.Tenant.ID.String(), Ref: string(out[0].Message)}, "internal")
			}
			m, err := st.Message(ctx, a.Tenant.ID, out[0].Message)
			if err != nil {
				t.Fatal(err)
			}
			if m.State != feierabend.MessageFailed || m.Reason == "" || feierabend.ReasonText(m.Reason) == feierabend.ReasonText("unknown") {
				t.Errorf("message is %s, reason %q", m.State, m.Reason)
			}
			if told := sendJobs(t, st) - before; told != 1 {
				t.Errorf("told %d times, want once", told)
			}
		})
	}
	for _, k := range []feierabend.JobKind{feierabend.JobSend, feierabend.JobMail, feierabend.JobForget, feierabend.JobScrub, feierabend.JobSweep} {
		before := sendJobs(t, st)
		s.gaveUp(ctx, feierabend.Job{K: k, Tenant: a.Tenant.ID.String(), Ref: feierabend.NewID()}, "internal")
		if sendJobs(t, st) != before {
			t.Errorf("%s tells somebody", k)
		}
	}
}

func sendJobs(t *testing.T, st *store.Store) (n int) {
	t.Helper()
	if err := st.SQL().QueryRow(`SELECT count(*) FROM river_job WHERE kind = 'send'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
