package intake_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/intake"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// channel answers as a provider does; the simulator's own tests play the wire.
type channel struct {
	data  []byte
	info  feierabend.MediaInfo
	err   error
	reads chan string
	calls int
}

func (c *channel) Media(context.Context, feierabend.TenantID, string) (feierabend.MediaInfo, error) {
	c.calls++
	return c.info, c.err
}

func (c *channel) Download(_ context.Context, _ feierabend.TenantID, _ feierabend.MediaInfo, limit int64) ([]byte, error) {
	if int64(len(c.data)) > limit {
		return nil, &feierabend.ChatError{Media: true, Err: &feierabend.Error{Kind: feierabend.Invalid, Code: feierabend.ReasonTooLarge}}
	}
	return c.data, nil
}

func (c *channel) Read(_ context.Context, _ feierabend.TenantID, id string, _ bool) error {
	if c.reads != nil {
		c.reads <- id
	}
	return nil
}

// wav is d of silence as 8 kHz mono PCM.
func wav(d time.Duration) []byte {
	n := int(d/time.Millisecond) * 8 * 2
	b := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(36+n))...)
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	for _, v := range []uint16{1, 1} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	b = binary.LittleEndian.AppendUint32(b, 8000)
	b = binary.LittleEndian.AppendUint32(b, 16000)
	for _, v := range []uint16{2, 16} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	b = binary.LittleEndian.AppendUint32(append(b, "data"...), uint32(n))
	return append(b, make([]byte, n)...)
}

func voice(f storetest.Firm, change func(*feierabend.Inbound)) feierabend.Inbound {
	in := f.Inbound("wamid."+feierabend.NewID(), "")
	in.Kind, in.MediaID, in.MediaType, in.Voice = feierabend.InboundAudio, "1290456712340987", "audio/ogg; codecs=opus", true
	if change != nil {
		change(&in)
	}
	return in
}

func receive(t *testing.T, st *store.Store, in feierabend.Inbound) (feierabend.Outcome, feierabend.Job) {
	t.Helper()
	out, err := st.Receive(t.Context(), []feierabend.Inbound{in})
	if err != nil || len(out) != 1 || out[0].Code != feierabend.Accepted {
		t.Fatalf("receive: %+v, %v", out, err)
	}
	return out[0], feierabend.Job{K: feierabend.JobFetch, Tenant: out[0].Tenant.String(), Ref: string(out[0].Message)}
}

func TestFetchEndsInOneOutcome(t *testing.T) {
	note := wav(2 * time.Second)
	sum := sha256.Sum256(note)
	other := sha256.Sum256([]byte("other"))
	media := func(code int, reason string) error {
		return &feierabend.ChatError{Code: code, Media: true, Err: &feierabend.Error{Kind: feierabend.Gone, Code: reason}}
	}
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, b := storetest.Seed(t, st)
		for _, c := range []struct {
			name    string
			in      func(*feierabend.Inbound)
			ch      channel
			reason  string // "" = fetched
			refused bool   // the provider must not even be asked
		}{
			{name: "voice note", ch: channel{data: note}},
			{name: "checksum in base64", in: func(i *feierabend.Inbound) { i.SHA256 = base64.StdEncoding.EncodeToString(sum[:]) }, ch: channel{data: note}},
			{name: "checksum in hex", in: func(i *feierabend.Inbound) { i.SHA256 = hex.EncodeToString(sum[:]) }, ch: channel{data: note, info: feierabend.MediaInfo{SHA256: hex.EncodeToString(sum[:])}}},
			{name: "checksum in a form we do not know", in: func(i *feierabend.Inbound) { i.SHA256 = "???" }, ch: channel{data: note}},
			{name: "wrong announced type", in: func(i *feierabend.Inbound) { i.MediaType = "application/pdf" }, ch: channel{data: note}},
			{name: "other checksum", in: func(i *feierabend.Inbound) { i.SHA256 = hex.EncodeToString(other[:]) }, ch: channel{data: note}, reason: feierabend.ReasonMediaWrong},
			{name: "announced too large", in: func(i *feierabend.Inbound) { i.MediaSize = intake.MaxBytes + 1 }, ch: channel{data: note}, reason: feierabend.ReasonTooLarge, refused: true},
			{name: "resolved too large", ch: channel{data: note, info: feierabend.MediaInfo{Size: intake.MaxBytes + 1}}, reason: feierabend.ReasonTooLarge},
			{name: "larger than it said", ch: channel{data: make([]byte, intake.MaxBytes+1)}, reason: feierabend.ReasonTooLarge},
			{name: "empty", ch: channel{data: nil}, reason: feierabend.ReasonEmpty},
			{name: "one byte", ch: channel{data: []byte{0}}, reason: feierabend.ReasonEmpty},
			{name: "not audio", ch: channel{data: []byte("<html><body>not found</body></html>")}, reason: feierabend.ReasonNotAudio},
			{name: "mp4 that cannot be read", ch: channel{data: append([]byte{0, 0, 0, 24}, "ftypM4A isom and so on"...)}, reason: feierabend.ReasonNotAudio},
			{name: "too long", ch: channel{data: wav(intake.MaxDuration + time.Second)}, reason: feierabend.ReasonTooLong},
			{name: "media id expired", ch: channel{err: media(100, feierabend.ReasonMediaExpired)}, reason: feierabend.ReasonMediaExpired},
			{name: "provider could not fetch it", in: func(i *feierabend.Inbound) { i.MediaID = "" }, reason: feierabend.ReasonMediaExpired, refused: true},
			{name: "forwarded", in: func(i *feierabend.Inbound) { i.Forwarded = true }, ch: channel{data: note}, reason: feierabend.ReasonForwarded, refused: true},
			{name: "picture", in: func(i *feierabend.Inbound) { i.Kind = feierabend.InboundUnsupported }, reason: feierabend.ReasonUnsupported, refused: true},
		} {
			t.Run(c.name, func(t *testing.T) {
				o, j := receive(t, st, voice(a, c.in))
				step := intake.New(intake.Options{Store: st, Channel: &c.ch})
				for range 2 { // a job may run twice
					if err := step.Fetch(t.Context(), j); err != nil {
						t.Fatalf("fetch: %v", err)
					}
				}
				m, err := st.Message(t.Context(), a.Tenant.ID, o.Message)
				if err != nil {
					t.Fatal(err)
				}
				if c.refused && c.ch.calls > 0 {
					t.Error("the provider was asked for a file that is refused anyway")
				}
				if c.reason != "" {
					if m.State != feierabend.MessageFailed || m.Reason != c.reason {
						t.Fatalf("got %s %s, want failed %s", m.State, m.Reason, c.reason)
					}
					return
				}
				if m.State != feierabend.MessageFetched || m.Audio.Type != "audio/wav" || m.Audio.Bytes != int64(len(note)) || m.Audio.Duration != 2*time.Second {
					t.Fatalf("got %s with %+v", m.State, m.Audio)
				}
				sameAudio(t, st, a, o.Message, note)
				if _, err := st.Audio(t.Context(), b.Tenant.ID, o.Message); feierabend.KindOf(err) != feierabend.NotFound {
					t.Errorf("the other firm's read: %v, want not found", err)
				}
			})
		}
	})
}

func sameAudio(t *testing.T, st *store.Store, f storetest.Firm, m feierabend.MessageID, want []byte) {
	t.Helper()
	a, err := st.Audio(t.Context(), f.Tenant.ID, m)
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err != nil || string(got) != string(want) {
		t.Errorf("stored %d bytes, %v, want the %d that came", len(got), err, len(want))
	}
}

// A fault that may pass never closes the message: nothing is lost (whatsapp.md §8).
func TestFetchKeepsWhatMayComeLater(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) { keepsWhatMayComeLater(t, st) })
}

func keepsWhatMayComeLater(t *testing.T, st *store.Store) {
	a, _ := storetest.Seed(t, st)
	for name, fault := range map[string]error{
		"503":           &feierabend.ChatError{Code: 131016, Retry: true, Err: &feierabend.Error{Kind: feierabend.Unavailable}},
		"token expired": &feierabend.ChatError{Code: 190, Park: true, Err: &feierabend.Error{Kind: feierabend.Unavailable}},
		"no network":    errors.New("dial: no route"),
	} {
		o, j := receive(t, st, voice(a, nil))
		ch := &channel{data: wav(time.Second), err: fault}
		step := intake.New(intake.Options{Store: st, Channel: ch})
		if err := step.Fetch(t.Context(), j); err == nil || feierabend.IsPermanent(err) {
			t.Errorf("%s: got %v, want an error that is tried again", name, err)
		}
		if m, err := st.Message(t.Context(), a.Tenant.ID, o.Message); err != nil || m.State != feierabend.MessageReceived {
			t.Errorf("%s: message is %s, %v", name, m.State, err)
		}
		ch.err = nil
		if err := step.Fetch(t.Context(), j); err != nil {
			t.Errorf("%s, then fine: %v", name, err)
		}
		if m, err := st.Message(t.Context(), a.Tenant.ID, o.Message); err != nil || m.State != feierabend.MessageFetched {
			t.Errorf("%s, then fine: message is %s, %v", name, m.State, err)
		}
	}
}

func TestFetchOfAnErasedCaseIsSuccess(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		o, j := receive(t, st, voice(a, nil))
		m, err := st.Message(t.Context(), a.Tenant.ID, o.Message)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.Erase(t.Context(), a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner); err != nil {
			t.Fatal(err)
		}
		if err := intake.New(intake.Options{Store: st, Channel: &channel{data: wav(time.Second)}}).Fetch(t.Context(), j); err != nil {
			t.Errorf("got %v", err)
		}
	})
}

func TestSeenMarksAcceptedMessagesOnly(t *testing.T) {
	st, _ := storetest.New(t)
	a, _ := storetest.Seed(t, st)
	ch := &channel{reads: make(chan string, 16)}
	step := intake.New(intake.Options{Store: st, Channel: ch, Refresh: 10 * time.Millisecond})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	step.Start(ctx)

	in := voice(a, nil)
	o, _ := receive(t, st, in)
	step.Seen(voice(a, nil), feierabend.Outcome{Code: feierabend.UnknownSender})
	step.Seen(in, feierabend.Outcome{Message: o.Message, Tenant: o.Tenant, Code: feierabend.Duplicate})
	step.Seen(in, o)
	for range 3 { // at once, then refreshed while pending
		if got := <-ch.reads; got != in.ExternalID {
			t.Fatalf("marked %q, want the accepted message", got)
		}
	}
	if err := st.FinishMessage(t.Context(), a.Tenant.ID, o.Message, feierabend.MessageDone, feierabend.ReasonDrafted); err != nil {
		t.Fatal(err)
	}
	quiet := time.NewTimer(200 * time.Millisecond)
	for {
		select {
		case <-ch.reads:
			quiet.Reset(200 * time.Millisecond)
		case <-quiet.C:
			return // no more marks once it is done
		case <-t.Context().Done():
			t.Fatal("still marking a finished message")
		}
	}
}

// A full queue must never hold the webhook up.
func TestSeenNeverBlocks(t *testing.T) {
	st, _ := storetest.New(t)
	a, _ := storetest.Seed(t, st)
	step := intake.New(intake.Options{Store: st, Channel: &channel{}}) // not started
	in := voice(a, nil)
	for range 1000 {
		step.Seen(in, feierabend.Outcome{Message: "m", Tenant: a.Tenant.ID, Code: feierabend.Accepted})
	}
}
