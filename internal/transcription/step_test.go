package transcription_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
	"feierabend/internal/transcription"
)

// spy is the real store; it remembers what is to be told and what comes next.
type spy struct {
	*store.Store
	told []string
	next []feierabend.Job
}

func (s *spy) SetReason(ctx context.Context, t feierabend.TenantID, id feierabend.MessageID, reason string, out ...feierabend.Outgoing) error {
	s.tell(out)
	return s.Store.SetReason(ctx, t, id, reason, out...)
}

func (s *spy) FinishMessage(ctx context.Context, t feierabend.TenantID, id feierabend.MessageID, state feierabend.MessageState, reason string, out ...feierabend.Outgoing) error {
	s.tell(out)
	return s.Store.FinishMessage(ctx, t, id, state, reason, out...)
}

func (s *spy) AddTranscript(ctx context.Context, t feierabend.TenantID, id feierabend.MessageID, tr feierabend.Transcript, next ...feierabend.Job) error {
	s.next = append(s.next, next...)
	return s.Store.AddTranscript(ctx, t, id, tr, next...)
}

func (s *spy) tell(out []feierabend.Outgoing) {
	for _, o := range out {
		s.told = append(s.told, string(o.Kind)+" "+o.Ref)
	}
}

type policy struct{ err error }

func (p policy) Providers(context.Context, feierabend.TenantID, feierabend.Purpose) ([]feierabend.ProviderID, error) {
	return []feierabend.ProviderID{"local"}, p.err
}

// engine answers in turn; the last answer repeats.
type engine struct {
	answers []answer
	asked   []feierabend.RecognitionOptions
}

type answer struct {
	r   feierabend.Recognition
	err error
}

func (e *engine) Transcribe(_ context.Context, b []byte, o feierabend.RecognitionOptions) (feierabend.Recognition, error) {
	e.asked = append(e.asked, o)
	a := e.answers[min(len(e.asked), len(e.answers))-1]
	return a.r, a.err
}

func says(text string) answer { return answer{r: recognition(window(text))} }

func fails(kind feierabend.Kind, code string) answer {
	return answer{err: &feierabend.Error{Kind: kind, Code: code, Text: "x", Err: errors.New(code)}}
}

// fetched puts a voice note into the store, as intake leaves it.
func fetched(t *testing.T, st *store.Store, f storetest.Firm, info feierabend.AudioInfo) feierabend.Job {
	t.Helper()
	in := f.Inbound("wamid."+feierabend.NewID(), "")
	in.Kind, in.MediaID, in.MediaType = feierabend.InboundAudio, "media-1", "audio/ogg"
	out, err := st.Receive(t.Context(), []feierabend.Inbound{in})
	if err != nil || out[0].Code != feierabend.Accepted {
		t.Fatalf("receive: %+v, %v", out, err)
	}
	if err := st.AddAudio(t.Context(), f.Tenant.ID, out[0].Message, info, []byte("OggS")); err != nil {
		t.Fatal(err)
	}
	return feierabend.Job{K: feierabend.JobTranscribe, Tenant: f.Tenant.ID.String(), Ref: string(out[0].Message)}
}

func TestRun(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		f, _ := storetest.Seed(t, st)
		info := feierabend.AudioInfo{Type: "audio/ogg", Bytes: 4, Duration: 20 * time.Second}
		for _, tc := range []struct {
			name    string
			info    feierabend.AudioInfo
			answers []answer
			state   feierabend.MessageState
			reason  string
			told    int
			asked   int
		}{
			{"a good note", info, []answer{says("Rechnung für Frau Petersen.")}, "transcribed", "", 0, 1},
			{"silence", info, []answer{{r: recognition()}}, "failed", "no_speech", 1, 1},
			{"English", info, []answer{{r: recognition(window("Das ist ein sehr guter Tag für uns.", func(w *feierabend.HeardWindow) { w.German = 0.01 }))}}, "failed", "not_german", 1, 1},
			{"over 16 MB", info, []answer{fails(feierabend.Invalid, "too_large")}, "failed", "too_large", 1, 1},
			{"over 10 minutes", feierabend.AudioInfo{Bytes: 4, Duration: 11 * time.Minute}, nil, "failed", "too_long", 1, 0},
			{"longer than its header says", info, []answer{fails(feierabend.Invalid, "too_long")}, "failed", "too_long", 1, 1},
			{"no audio", info, []answer{fails(feierabend.Invalid, "not_audio")}, "failed", "not_audio", 1, 1},
			{"another format", info, []answer{fails(feierabend.Invalid, "unsupported_audio")}, "failed", "not_audio", 1, 1},
			{"damaged", info, []answer{fails(feierabend.Invalid, "damaged")}, "failed", "damaged", 1, 1},
			{"empty", info, []answer{fails(feierabend.Invalid, "empty")}, "failed", "empty", 1, 1},
			{"a crash, then well", info, []answer{fails(feierabend.Internal, "speech_crashed"), says("Die Fuge ist neu.")}, "transcribed", "", 0, 2},
			{"two crashes", info, []answer{fails(feierabend.Internal, "speech_crashed")}, "failed", "speech_failed", 1, 2},
			{"no model", info, []answer{fails(feierabend.Unavailable, "model_missing")}, "fetched", "waits_model", 1, 1},
			{"damaged model", info, []answer{fails(feierabend.Unavailable, "model_damaged")}, "fetched", "waits_model", 1, 1},
			{"engine ill", info, []answer{fails(feierabend.Unavailable, "speech_ill")}, "fetched", "", 0, 1},
		} {
			t.Run(tc.name, func(t *testing.T) {
				j := fetched(t, st, f, tc.info)
				s, e := &spy{Store: st}, &engine{answers: tc.answers}
				err := transcription.New(transcription.Options{Store: s, Policy: policy{}, Engine: e}).Run(t.Context(), j)
				var snooze *feierabend.SnoozeError
				if waits := tc.state == "fetched"; errors.As(err, &snooze) != waits || !waits && err != nil {
					t.Fatalf("run: %v", err)
				}
				m, err := st.Message(t.Context(), f.Tenant.ID, feierabend.MessageID(j.Ref))
				if err != nil {
					t.Fatal(err)
				}
				if m.State != tc.state || m.Reason != tc.reason || len(s.told) != tc.told || len(e.asked) != tc.asked {
					t.Errorf("state %s reason %q told %q asked %d", m.State, m.Reason, s.told, len(e.asked))
				}
				if tc.state == "transcribed" && (len(s.next) != 1 || s.next[0].K != feierabend.JobDraft || s.next[0].Ref != j.Ref) {
					t.Errorf("next %+v", s.next)
				}
			})
		}
	})
}

// TestWaitsAndGoesOn: told once while there is no model, then transcribed; a second
// run of the same job changes nothing.
func TestWaitsAndGoesOn(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		f, other := storetest.Seed(t, st)
		j := fetched(t, st, f, feierabend.AudioInfo{Type: "audio/ogg", Bytes: 4, Duration: 20 * time.Second})
		s := &spy{Store: st}
		e := &engine{answers: []answer{fails(feierabend.Unavailable, "model_missing"), fails(feierabend.Unavailable, "model_missing"), says("Die Fuge ist neu.")}}
		step := transcription.New(transcription.Options{Store: s, Policy: policy{}, Engine: e})
		var snooze *feierabend.SnoozeError
		for range 2 {
			if err := step.Run(t.Context(), j); !errors.As(err, &snooze) {
				t.Fatalf("got %v", err)
			}
		}
		if len(s.told) != 1 {
			t.Errorf("told %q", s.told)
		}
		for range 2 {
			if err := step.Run(t.Context(), j); err != nil {
				t.Fatal(err)
			}
		}
		if len(e.asked) != 3 {
			t.Errorf("asked %d times", len(e.asked))
		}
		tr, err := st.Transcript(t.Context(), f.Tenant.ID, feierabend.MessageID(j.Ref))
		if err != nil || tr.Text != "Die Fuge ist neu." || len(tr.Words) != 4 || tr.Engine != "local" {
			t.Errorf("transcript %+v, %v", tr, err)
		}
		// Another firm's job for this message finds nothing.
		j.Tenant = other.Tenant.ID.String()
		if err := step.Run(t.Context(), j); err != nil || len(e.asked) != 3 {
			t.Errorf("foreign job: %v, asked %d", err, len(e.asked))
		}
		j.Ref = feierabend.NewID()
		if err := step.Run(t.Context(), j); err != nil {
			t.Errorf("a message that is gone: %v", err)
		}
		if err := step.Run(t.Context(), feierabend.Job{Ref: j.Ref}); !feierabend.IsPermanent(err) {
			t.Errorf("a job without a tenant: %v", err)
		}
	})
}

func TestGates(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		f, _ := storetest.Seed(t, st)
		j := fetched(t, st, f, feierabend.AudioInfo{Type: "audio/ogg", Bytes: 4, Duration: time.Second})
		e := &engine{answers: []answer{says("x")}}
		step := transcription.New(transcription.Options{Store: st, Policy: policy{errors.New("agreement_missing")}, Engine: e})
		var snooze *feierabend.SnoozeError
		if err := step.Run(t.Context(), j); !errors.As(err, &snooze) || len(e.asked) != 0 {
			t.Errorf("without an agreement: %v, asked %d", err, len(e.asked))
		}
		ctx, stop := context.WithCancel(t.Context())
		e.answers = []answer{{err: context.Canceled}}
		stopping := &stopper{e, stop}
		if err := transcription.New(transcription.Options{Store: st, Policy: policy{}, Engine: stopping}).Run(ctx, j); !errors.Is(err, context.Canceled) {
			t.Errorf("stopping in mid-note: %v", err)
		}
		if m, err := st.Message(t.Context(), f.Tenant.ID, feierabend.MessageID(j.Ref)); err != nil || m.State != feierabend.MessageFetched {
			t.Errorf("a stopped service lost the note: %s, %v", m.State, err)
		}
	})
}

type stopper struct {
	*engine
	stop func()
}

func (s *stopper) Transcribe(ctx context.Context, b []byte, o feierabend.RecognitionOptions) (feierabend.Recognition, error) {
	s.stop()
	return s.engine.Transcribe(ctx, b, o)
}

// TestLoopIsDecodedAgain: once, the other way; the better window is taken.
func TestLoopIsDecodedAgain(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		f, _ := storetest.Seed(t, st)
		if err := st.SetProfile(t.Context(), f.Tenant.ID, feierabend.Profile{PriceList: []feierabend.PriceItem{{Name: "Siphon"}, {Name: "Kupferrohr 15 mm"}, {Name: "Anfahrt"}}}); err != nil {
			t.Fatal(err)
		}
		j := fetched(t, st, f, feierabend.AudioInfo{Type: "audio/ogg", Bytes: 4, Duration: 20 * time.Second})
		loop := window("und dann noch mal und dann noch mal und dann noch mal und dann noch mal")
		e := &engine{answers: []answer{{r: recognition(window("Guten Tag."), loop)}, {r: recognition(window("Anders."), window("Und dann noch mal."))}}}
		if err := transcription.New(transcription.Options{Store: st, Policy: policy{}, Engine: e}).Run(t.Context(), j); err != nil {
			t.Fatal(err)
		}
		if len(e.asked) != 2 || e.asked[0].Beam != 5 || e.asked[1].Beam != 1 {
			t.Errorf("asked %+v", e.asked)
		}
		if p := e.asked[0].Prompt; len(p) != 0 {
			t.Errorf("prompt %q, want none (decision 8)", p)
		}
		tr, err := st.Transcript(t.Context(), f.Tenant.ID, feierabend.MessageID(j.Ref))
		if err != nil || tr.Text != "Guten Tag. Und dann noch mal." || codes(tr) != "" {
			t.Errorf("transcript %q %q, %v", tr.Text, codes(tr), err)
		}
	})
}
