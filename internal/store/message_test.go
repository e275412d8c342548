package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestMove joins a voice note to an older case: content opens under the new key,
// the earlier expiry stays, the emptied case goes with its key.
func TestMove(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		tenant := a.Tenant.ID
		first := typed(t, st, a, "wamid.1", "Rechnung Petersen")
		clock.Advance(time.Hour)
		voice := note(t, st, a, "wamid.2")
		data := bytes.Repeat([]byte("0123456789abcdef"), 40_000) // three chunks
		must(t, st.AddAudio(ctx, tenant, voice.ID, feierabend.AudioInfo{Type: "audio/ogg"}, data))
		must(t, st.AddTranscript(ctx, tenant, voice.ID, feierabend.Transcript{Text: "noch ein Siphon"}))
		must(t, st.AddOut(ctx, tenant, feierabend.Outgoing{Sender: a.Sender.ID, Case: voice.Case, Kind: feierabend.OutFailed, Ref: "x"}))
		out := feierabend.OutboxID(ask(t, st, `SELECT id FROM outbox`)[0][0])
		must(t, second(st.BeginSend(ctx, tenant, out)))
		must(t, st.SentAs(ctx, tenant, out, "wamid.out", "media-out"))

		must(t, st.MoveMessage(ctx, tenant, voice.ID, first.Case))
		must(t, st.MoveMessage(ctx, tenant, voice.ID, first.Case)) // again is no error
		moved, err := st.Message(ctx, tenant, voice.ID)
		must(t, err)
		if moved.Case != first.Case || moved.ExternalID != "wamid.2" {
			t.Errorf("moved %+v", moved)
		}
		audio, err := st.Audio(ctx, tenant, voice.ID)
		must(t, err)
		r, err := audio.Open(ctx)
		must(t, err)
		back, err := io.ReadAll(r)
		must(t, err)
		if !bytes.Equal(back, data) {
			t.Error("audio changed by moving")
		}
		if tr, err := st.Transcript(ctx, tenant, voice.ID); err != nil || tr.Text != "noch ein Siphon" {
			t.Errorf("transcript %v", err)
		}
		if o, err := st.Outbox(ctx, tenant, out); err != nil || o.Case != first.Case || o.ExternalID != "wamid.out" || o.MediaID != "media-out" {
			t.Errorf("outbox %+v %v", o, err)
		}
		if _, err := st.Case(ctx, tenant, voice.Case); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("source case: %v", err)
		}
		if count(t, st, "content_key") != "1" || count(t, st, "receipt") != "0" {
			t.Error("the source key is still there, or a receipt was made")
		}
		c, err := st.Case(ctx, tenant, first.Case)
		must(t, err)
		if want := feierabend.ExpiresAt(storetest.NewClock().Now(), 30); !c.ExpiresAt.Equal(want) {
			t.Errorf("expires %s, want %s", c.ExpiresAt, want)
		}
		all, err := st.Messages(ctx, tenant, first.Case)
		must(t, err)
		if len(all) != 2 || all[0].ID != first.ID || all[1].ID != voice.ID {
			t.Errorf("%d messages", len(all))
		}
	})
}

// TestMoveEarliestExpiry: moving older content into a newer case shortens its life.
func TestMoveEarliestExpiry(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		old := typed(t, st, a, "wamid.1", "alt")
		clock.Advance(48 * time.Hour)
		young := typed(t, st, a, "wamid.2", "neu")
		drafted(t, st, a, old) // so the older case stays
		must(t, st.MoveMessage(ctx, a.Tenant.ID, old.ID, young.Case))
		c, err := st.Case(ctx, a.Tenant.ID, young.Case)
		must(t, err)
		if want := feierabend.ExpiresAt(storetest.NewClock().Now(), 30); !c.ExpiresAt.Equal(want) {
			t.Errorf("expires %s, want %s", c.ExpiresAt, want)
		}
		if _, err := st.Draft(ctx, a.Tenant.ID, old.Case); err != nil {
			t.Errorf("a case with a draft went: %v", err)
		}
	})
}

// TestDismissAndPress: what is no content leaves no content, but its outcome.
func TestDismissAndPress(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		tenant := a.Tenant.ID
		help := typed(t, st, a, "wamid.1", "Hilfe")
		for range 2 {
			must(t, st.Dismiss(ctx, tenant, help.ID, feierabend.ReasonCommand, feierabend.Outgoing{Sender: a.Sender.ID, Case: help.Case, Kind: feierabend.OutCommand, Ref: "hilfe", ReplyTo: help.ID}))
		}
		m, err := st.Message(ctx, tenant, help.ID)
		must(t, err)
		if m.State != feierabend.MessageDone || m.Reason != feierabend.ReasonCommand || m.Text != "" || m.Case != "" || m.ExternalID != "wamid.1" {
			t.Errorf("dismissed %+v", m)
		}
		if count(t, st, "cases") != "0" || count(t, st, "content_key") != "0" || count(t, st, "outbox") != "1" {
			t.Error("content of a command stayed")
		}

		payload := feierabend.Button{Act: feierabend.ActIssue, Case: feierabend.CaseID(feierabend.NewID()), Version: 3}.String()
		word := typed(t, st, a, "wamid.2", "Ausstellen")
		for range 2 {
			must(t, st.PressFor(ctx, tenant, word.ID, payload))
		}
		m, err = st.Message(ctx, tenant, word.ID)
		must(t, err)
		if m.Kind != feierabend.InboundButton || m.Button != payload || m.State != feierabend.MessageReceived || m.Text != "" || m.Case != "" {
			t.Errorf("pressed %+v", m)
		}
		if diff := cmp.Diff([]string{"draft", "scrub", "send", "draft", "issue"}, planned(t, st)); diff != "" {
			t.Error(diff)
		}
		wantCode(t, st.PressFor(ctx, tenant, word.ID, "Frau Petersen"), feierabend.Invalid, "button")
	})
}

// TestFinish: one outcome, told once; a failure marks the case.
func TestFinish(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		tenant := a.Tenant.ID
		m := note(t, st, a, "wamid.1")
		out := feierabend.Outgoing{Sender: a.Sender.ID, Case: m.Case, Kind: feierabend.OutFailed, Ref: feierabend.ReasonNoSpeech, ReplyTo: m.ID}
		waits := feierabend.Outgoing{Sender: a.Sender.ID, Case: m.Case, Kind: feierabend.OutFailed, Ref: feierabend.ReasonWaitsModel}
		for range 3 {
			must(t, st.SetReason(ctx, tenant, m.ID, feierabend.ReasonWaitsModel, waits))
		}
		for range 3 {
			must(t, st.FinishMessage(ctx, tenant, m.ID, feierabend.MessageFailed, feierabend.ReasonNoSpeech, out))
		}
		c, err := st.Case(ctx, tenant, m.Case)
		must(t, err)
		if c.Attention != feierabend.ReasonNoSpeech || count(t, st, "outbox") != "2" {
			t.Errorf("attention %q, %s outbox rows", c.Attention, count(t, st, "outbox"))
		}
		wantCode(t, st.FinishMessage(ctx, tenant, m.ID, feierabend.MessageReceived, "x"), feierabend.Invalid, "")
		wantCode(t, st.AddAudio(ctx, tenant, m.ID, feierabend.AudioInfo{}, nil), feierabend.Invalid, "audio_size")
	})
}

// TestAudioRetry: what an interrupted try left is invisible and is overwritten.
func TestAudioRetry(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		m := note(t, st, a, "wamid.1")
		for seq := range 5 {
			do(t, st, `INSERT INTO audio_chunk(tenant_id, message_id, seq, body) VALUES($1, $2, $3, $4)`, a.Tenant.ID.String(), string(m.ID), seq, []byte("torn"))
		}
		if _, err := st.Audio(ctx, a.Tenant.ID, m.ID); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("incomplete audio: %v", err)
		}
		data := bytes.Repeat([]byte("x"), 600_000)
		next := feierabend.Job{K: feierabend.JobTranscribe, Tenant: a.Tenant.ID.String(), Ref: string(m.ID)}
		for range 2 { // the second is a job that runs again
			must(t, st.AddAudio(ctx, a.Tenant.ID, m.ID, feierabend.AudioInfo{Type: "audio/ogg"}, data, next))
		}
		if count(t, st, "audio_chunk") != "3" {
			t.Errorf("%s chunks", count(t, st, "audio_chunk"))
		}
		if diff := cmp.Diff([]string{"fetch", "transcribe"}, jobs(t, st)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestJobArgs: rows of the queue hold ids only.
func TestJobArgs(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		m := typed(t, st, a, "wamid.1", "Rechnung Petersen")
		must(t, st.Enqueue(context.Background(), feierabend.Job{K: feierabend.JobSweep, At: clock.Now().Add(time.Hour)}))
		text := `SELECT kind, json(args) FROM river_job ORDER BY id`
		if st.SQL() == nil {
			text = `SELECT kind, args::text FROM river_job ORDER BY id`
		}
		got := ask(t, st, text)
		for n, want := range []map[string]string{{"k": "draft", "t": a.Tenant.ID.String(), "r": string(m.ID)}, {"k": "sweep"}} {
			args := map[string]string{}
			must(t, json.Unmarshal([]byte(got[n][1]), &args))
			if diff := cmp.Diff(want, args); diff != "" || got[n][0] != want["k"] {
				t.Errorf("%s: %s", got[n][0], diff)
			}
		}
		if len(got) != 2 {
			t.Errorf("%d jobs", len(got))
		}
	})
}
