package simulator_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/simulator"
)

// TestHappyPath is whatsapp.md §10.1: note in, read and typing, media in two
// steps, one message with buttons, statuses, a press, a document, its deletion.
func TestHappyPath(t *testing.T) {
	b := newBench(t, nil)
	ctx := t.Context()
	data := note(t)
	wamid, err := b.sim.SendVoice(hauke, "Müller / Grüße 👍", data)
	if err != nil {
		t.Fatal(err)
	}
	in := b.inbound(1)[0]
	if in.ExternalID != wamid || in.From != hauke || in.Kind != feierabend.InboundAudio || !in.Voice || in.MediaType != "audio/ogg; codecs=opus" || in.BSUID == "" {
		t.Fatalf("message %+v", in)
	}
	if err := b.client.Read(ctx, b.tenant, wamid, true); err != nil {
		t.Fatal(err)
	}
	if got := b.sim.Chat(hauke)[0]; got.State != simulator.StateRead || got.Voice.Seconds == 0 {
		t.Errorf("note on the phone: %s, %d s", got.State, got.Voice.Seconds)
	}
	info, err := b.client.Media(ctx, b.tenant, in.MediaID)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	if info.SHA256 != hex.EncodeToString(sum[:]) || info.Size != int64(len(data)) {
		t.Errorf("media %+v", info)
	}
	got, err := b.client.Download(ctx, b.tenant, info, 16<<20)
	if err != nil || string(got) != string(data) {
		t.Fatalf("download: %d bytes, %v", len(got), err)
	}
	ask := feierabend.ChatMessage{
		To: hauke, Text: "*RE-2026-0042* · 227,89 €\nAusstellen?", ReplyTo: wamid, Callback: "o:t:1",
		Buttons: []feierabend.ChatButton{{ID: "issue:x:1", Title: "Ausstellen"}, {ID: "change:x:1", Title: "Ändern"}},
	}
	sent, err := b.client.Send(ctx, b.tenant, ask)
	if err != nil {
		t.Fatal(err)
	}
	st := b.states("o:t:1", 3)
	for i, want := range []feierabend.SendState{feierabend.SendSent, feierabend.SendDelivered, feierabend.SendRead} {
		if st[i].State != want || st[i].ExternalID != sent {
			t.Errorf("status %d = %+v, want %s", i, st[i], want)
		}
	}
	if _, err := b.sim.Press(hauke, "Ausstellen"); err != nil {
		t.Fatal(err)
	}
	if press := b.inbound(2)[1]; press.Kind != feierabend.InboundButton || press.Button != "issue:x:1" {
		t.Errorf("press %+v", press)
	}
	media, err := b.client.Upload(ctx, b.tenant, "RE-2026-0042.pdf", "application/pdf", []byte("%PDF-1.7"))
	if err != nil {
		t.Fatal(err)
	}
	doc := feierabend.ChatMessage{
		To: hauke, Text: "Bitte speichern.", DocumentMedia: media, DocumentName: "RE-2026-0042.pdf",
		Buttons: []feierabend.ChatButton{{ID: "saved:x:0", Title: "Gespeichert"}},
	}
	if _, err := b.client.Send(ctx, b.tenant, doc); err != nil {
		t.Fatal(err)
	}
	if err := b.client.Delete(ctx, b.tenant, media); err != nil {
		t.Fatal(err)
	}
	if _, err := b.client.Media(ctx, b.tenant, media); feierabend.KindOf(err) != feierabend.Gone {
		t.Errorf("deleted media: %v", err)
	}
	chat := b.sim.Chat(hauke)
	if last := chat[len(chat)-1]; last.Document == nil || string(last.Document.Bytes) != "%PDF-1.7" {
		t.Errorf("the phone lost its copy: %+v", last)
	}
	if len(b.sim.Chat(inken)) != 0 {
		t.Error("the other phone got something")
	}
}

// TestLostAnswer is conformance 4: accepted, no answer, and the status with our
// callback still tells what became of it.
func TestLostAnswer(t *testing.T) {
	b := newBench(t, nil)
	b.sim.SendText(hauke, "x")
	b.inbound(1)
	b.sim.SetFaults(simulator.Faults{LostAnswer: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := b.client.Send(ctx, b.tenant, feierabend.ChatMessage{To: hauke, Text: "Entwurf", Callback: "o:t:9"})
	var ce *feierabend.ChatError
	if !errors.As(err, &ce) || !ce.Lost || ce.After < time.Minute {
		t.Fatalf("error %v, want lost", err)
	}
	if st := b.states("o:t:9", 3); st[0].State != feierabend.SendSent || st[0].ExternalID == "" {
		t.Errorf("statuses %+v", st)
	}
}

// TestMediaFaults is conformance 5: 503, then there; 404 once, then there.
func TestMediaFaults(t *testing.T) {
	b := newBench(t, nil)
	ctx := t.Context()
	b.sim.SetFaults(simulator.Faults{MediaBusy: 1, MediaLate: true})
	b.sim.SendVoice(hauke, "", note(t))
	in := b.inbound(1)[0]
	info, err := b.client.Media(ctx, b.tenant, in.MediaID)
	if err != nil {
		t.Fatal(err)
	}
	var ce *feierabend.ChatError
	if _, err := b.client.Download(ctx, b.tenant, info, 1<<20); !errors.As(err, &ce) || !ce.Retry {
		t.Fatalf("503: %v, want retry", err)
	}
	b.sim.SendVoice(hauke, "", note(t))
	in = b.inbound(2)[1]
	if info, err = b.client.Media(ctx, b.tenant, in.MediaID); err != nil {
		t.Fatal(err)
	}
	if got, err := b.client.Download(ctx, b.tenant, info, 1<<20); err != nil || len(got) == 0 {
		t.Errorf("404 once: %v", err)
	}
}

// TestMediaLife: addresses live 5 minutes, ids of notes 7 days.
func TestMediaLife(t *testing.T) {
	b := newBench(t, nil)
	ctx := t.Context()
	b.sim.SendVoice(hauke, "", note(t))
	in := b.inbound(1)[0]
	info, err := b.client.Media(ctx, b.tenant, in.MediaID)
	if err != nil {
		t.Fatal(err)
	}
	b.sim.Skip(5*time.Minute + 2*time.Second)
	old := info
	old.ID = ""
	if _, err := b.client.Download(ctx, b.tenant, old, 1<<20); feierabend.KindOf(err) != feierabend.Gone {
		t.Errorf("after 5 minutes: %v, want gone", err)
	}
	if _, err := b.client.Download(ctx, b.tenant, info, 1<<20); err != nil {
		t.Errorf("resolved again: %v", err)
	}
	b.sim.Skip(7 * 24 * time.Hour)
	if _, err := b.client.Download(ctx, b.tenant, info, 1<<20); feierabend.CodeOf(err) != feierabend.ReasonMediaExpired {
		t.Errorf("after 7 days: %v", err)
	}
}

// TestWindow is conformance 6, by the simulated clock.
func TestWindow(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	b := newBench(t, func(o *simulator.Options) { o.Now = func() time.Time { return now } })
	send := func(cb string) {
		t.Helper()
		if _, err := b.client.Send(t.Context(), b.tenant, feierabend.ChatMessage{To: hauke, Text: "x", Callback: cb}); err != nil {
			t.Fatal(err)
		}
	}
	send("never")
	if st := b.states("never", 1); st[0].State != feierabend.SendFailed || st[0].Code != 131047 {
		t.Errorf("nobody wrote: %+v", st[0])
	}
	b.sim.SendText(hauke, "x")
	b.inbound(1)
	b.sim.Skip(23*time.Hour + 59*time.Minute + 59*time.Second)
	send("inside")
	if st := b.states("inside", 3); st[0].State != feierabend.SendSent {
		t.Errorf("23:59:59: %+v", st[0])
	}
	b.sim.Skip(2 * time.Second)
	send("outside")
	if st := b.states("outside", 1); st[0].State != feierabend.SendFailed || st[0].Code != 131047 {
		t.Errorf("24:00:01: %+v", st[0])
	}
}

// TestPairRate is conformance 7: 45 on credit, the 46th is refused, then one every 6 s.
func TestPairRate(t *testing.T) {
	now := time.Now()
	b := newBench(t, func(o *simulator.Options) { o.Now = func() time.Time { return now } })
	b.sim.SendText(hauke, "x")
	b.inbound(1)
	send := func() error {
		_, err := b.client.Send(t.Context(), b.tenant, feierabend.ChatMessage{To: hauke, Text: "x"})
		return err
	}
	for i := range 45 {
		if err := send(); err != nil {
			t.Fatalf("message %d: %v", i+1, err)
		}
	}
	err := send()
	var ce *feierabend.ChatError
	if chatCode(err) != 131056 || !errors.As(err, &ce) || !ce.Retry || ce.After < 6*time.Second {
		t.Fatalf("46th: %v", err)
	}
	b.sim.Skip(ce.After)
	if err := send(); err != nil {
		t.Errorf("after the pause: %v", err)
	}
	if err := send(); chatCode(err) != 131056 {
		t.Errorf("at once again: %v", err)
	}
}

// TestUsername is conformance 9: no number anywhere, replies go to the BSUID.
func TestUsername(t *testing.T) {
	b := newBench(t, func(o *simulator.Options) {
		o.People = []simulator.Person{{Phone: hauke, Name: "Jana", BSUID: "DE.84720193756201", Username: true}}
	})
	b.sim.SendText(hauke, "x")
	in := b.inbound(1)[0]
	if in.From != "" || in.BSUID != "DE.84720193756201" {
		t.Fatalf("message %+v", in)
	}
	if _, err := b.client.Send(t.Context(), b.tenant, feierabend.ChatMessage{ToBSUID: in.BSUID, Text: "Antwort", Callback: "o:t:1"}); err != nil {
		t.Fatal(err)
	}
	b.states("o:t:1", 3)
	if c := b.sim.Chat(hauke); len(c) != 2 || c[1].Text != "Antwort" {
		t.Errorf("chat %+v", c)
	}
}

// TestUnknownTypes is conformance 12: answered with 200, kept as unsupported.
func TestUnknownTypes(t *testing.T) {
	b := newBench(t, nil)
	b.sim.SendRaw(hauke, "Hologramm", map[string]any{"type": "hologram", "hologram": map[string]any{"z": 1}})
	b.sim.SendRaw(hauke, "Standort", map[string]any{"type": "location", "location": map[string]any{"latitude": 54.1}})
	for _, m := range b.inbound(2) {
		if m.Kind != feierabend.InboundUnsupported {
			t.Errorf("kind %s", m.Kind)
		}
	}
	err := b.sim.Wait(t.Context(), hauke, func(c []simulator.Bubble) bool { return c[1].State == simulator.StateDelivered })
	if err != nil {
		t.Error(err)
	}
}
