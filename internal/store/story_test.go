package store_test

import (
	"context"
	"crypto/sha256"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestStory walks a voice note through all its stages to a signed receipt.
func TestStory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		tenant := a.Tenant.ID
		in := a.Inbound("wamid.1", "")
		in.Kind, in.MediaID, in.MediaType, in.MediaSize, in.Voice = feierabend.InboundAudio, "media-1", "audio/ogg; codecs=opus", 700_000, true
		outcomes, err := st.Receive(ctx, []feierabend.Inbound{in})
		must(t, err)
		if len(outcomes) != 1 || outcomes[0].Code != feierabend.Accepted || outcomes[0].Tenant != tenant {
			t.Fatalf("outcome %+v", outcomes)
		}
		id := outcomes[0].Message
		m, err := st.Message(ctx, tenant, id)
		must(t, err)
		if m.State != feierabend.MessageReceived || m.ExternalID != "wamid.1" || m.MediaID != "media-1" || m.Sender.Phone != a.Sender.Phone || !m.Voice {
			t.Errorf("message %+v", m)
		}

		audio := make([]byte, 700_000)
		for i := range audio {
			audio[i] = byte(i * i >> 3)
		}
		info := feierabend.AudioInfo{Type: "audio/ogg", Duration: 21 * time.Second}
		next := feierabend.Job{K: feierabend.JobTranscribe, Tenant: tenant.String(), Ref: string(id)}
		must(t, st.AddAudio(ctx, tenant, id, info, audio, next))
		got, err := st.Audio(ctx, tenant, id)
		must(t, err)
		r, err := got.Open(ctx)
		must(t, err)
		back, err := io.ReadAll(r)
		must(t, err)
		if sha256.Sum256(back) != sha256.Sum256(audio) || got.Info.Bytes != 700_000 || got.Info.Duration != 21*time.Second {
			t.Errorf("audio of %d bytes, info %+v", len(back), got.Info)
		}

		tr := feierabend.Transcript{Text: "Rechnung für Frau Petersen", Engine: "local", Words: []feierabend.Word{{From: 0, To: 8, End: time.Second, P: .9}}}
		must(t, st.AddTranscript(ctx, tenant, id, tr, feierabend.Job{K: feierabend.JobDraft, Tenant: tenant.String(), Ref: string(id)}))
		heard, err := st.Transcript(ctx, tenant, id)
		must(t, err)
		if diff := cmp.Diff(tr, heard); diff != "" {
			t.Error(diff)
		}

		draft := feierabend.Draft{Kind: feierabend.KindInvoice, Buyer: &feierabend.Buyer{Salutation: "Frau", Name: "Petersen"}}
		n := feierabend.NewDraft{
			Case: m.Case, Draft: draft, By: feierabend.Actor{Via: feierabend.ViaChat}, Engine: "local", State: feierabend.CaseReady,
			Summary: feierabend.CaseSummary{Title: "Frau Petersen"}, Message: id, Reason: feierabend.ReasonDrafted,
			Out: []feierabend.Outgoing{{Sender: a.Sender.ID, Case: m.Case, Kind: feierabend.OutDraft, Ref: "1", ReplyTo: id}},
		}
		v, err := st.AddDraft(ctx, tenant, n)
		must(t, err)
		if v != 1 {
			t.Errorf("version %d", v)
		}
		if _, err := st.AddDraft(ctx, tenant, n); feierabend.CodeOf(err) != "draft_version" {
			t.Errorf("second draft on base 0: %v", err)
		}
		n.Base = 1
		if _, err := st.AddDraft(ctx, tenant, n); feierabend.CodeOf(err) != "message_done" {
			t.Errorf("repeated job: %v", err)
		}
		d, err := st.Draft(ctx, tenant, m.Case)
		must(t, err)
		if diff := cmp.Diff(draft, d.Draft); diff != "" || d.Version != 1 {
			t.Error(d.Version, diff)
		}

		receipt := issueAndErase(t, st, clock, a, m.Case)
		if receipt.Verification != feierabend.VerifyPending {
			t.Errorf("verification %s before the scrub", receipt.Verification)
		}
		want := map[string]int{"messages": 1, "audio": 1, "transcripts": 1, "drafts": 1, "documents": 1, "files": 2, "outbox": 1, "keys": 1}
		if diff := cmp.Diff(want, receipt.Erased); diff != "" {
			t.Error(diff)
		}
		again, err := st.Erase(ctx, tenant, m.Case, feierabend.EraseDiscarded, a.Owner)
		must(t, err)
		if again.ID != receipt.ID || again.Reason != feierabend.EraseConfirmed {
			t.Errorf("second erase gave another receipt: %+v", again)
		}
		if _, err := st.Message(ctx, tenant, id); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("message after erase: %v", err)
		}
		verified, err := st.ScrubAndVerify(ctx)
		must(t, err)
		final, err := st.Receipt(ctx, tenant, receipt.ID)
		must(t, err)
		if verified != 1 || final.Verification != feierabend.VerifyVerified || final.Hits != 0 || final.SearchedBytes == 0 {
			t.Errorf("verified %d, receipt %+v", verified, final)
		}
		must(t, seal.VerifyReceipt(final))
		final.Reason = feierabend.EraseExpired
		if seal.VerifyReceipt(final) == nil {
			t.Error("a changed receipt passes")
		}
	})
}

// issueAndErase reserves a number, issues, downloads and erases.
func issueAndErase(t *testing.T, st *store.Store, clock *storetest.Clock, a storetest.Firm, id feierabend.CaseID) feierabend.ErasureReceipt {
	t.Helper()
	ctx, tenant := context.Background(), a.Tenant.ID
	number, doc, err := st.ReserveNumber(ctx, tenant, id, "RE-2026")
	must(t, err)
	if number != "RE-2026-0042" {
		t.Errorf("number %s", number)
	}
	if n2, d2, err := st.ReserveNumber(ctx, tenant, id, "RE-2026"); err != nil || n2 != number || d2 != doc {
		t.Errorf("second reservation %s %s %v", n2, d2, err)
	}
	if peek, err := st.PeekNumber(ctx, tenant, "RE-2026"); err != nil || peek != "RE-2026-0043" {
		t.Errorf("peek %s %v", peek, err)
	}
	files := []feierabend.File{{Name: number + ".pdf", Type: "application/pdf", Bytes: []byte("%PDF-1.7")}, {Name: number + ".xml", Type: "text/xml", Bytes: []byte("<x/>")}}
	must(t, st.AddDocument(ctx, tenant, feierabend.NewDocument{
		Document: feierabend.Document{ID: doc, Case: id, Kind: feierabend.KindInvoice, Number: number},
		Version:  1, Files: files, By: a.Owner, Summary: feierabend.CaseSummary{Number: number},
	}))
	if c, err := st.Case(ctx, tenant, id); err != nil || c.State != feierabend.CaseIssued || c.Summary.Number != number {
		t.Errorf("case %+v %v", c, err)
	}
	f, err := st.File(ctx, tenant, doc, number+".pdf")
	must(t, err)
	if string(f.Bytes) != "%PDF-1.7" || f.SHA256 != sha256.Sum256(f.Bytes) {
		t.Errorf("file %+v", f)
	}
	must(t, st.MarkDownloaded(ctx, tenant, doc, a.Owner, clock.Now().Add(24*time.Hour)))
	if c, err := st.Case(ctx, tenant, id); err != nil || c.State != feierabend.CaseDownloaded || c.EraseAt.IsZero() {
		t.Errorf("case %+v %v", c, err)
	}
	receipt, err := st.Erase(ctx, tenant, id, feierabend.EraseConfirmed, a.Owner, feierabend.Outgoing{Sender: a.Sender.ID, Case: id, Kind: feierabend.OutErased})
	must(t, err)
	return receipt
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
