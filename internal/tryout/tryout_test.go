package tryout_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"feierabend"
	"feierabend/internal/audio"
	"feierabend/internal/drafting"
	"feierabend/internal/tryout"
)

// ear hears what it is told to.
type ear struct {
	text  string
	err   error
	begun chan struct{} // closed at the first call, nil = not told
	wait  chan struct{} // the call ends when this is closed, nil = at once
}

func (e *ear) Transcribe(ctx context.Context, _ []byte, _ feierabend.RecognitionOptions) (feierabend.Recognition, error) {
	if e.begun != nil {
		close(e.begun)
		e.begun = nil
	}
	if e.wait != nil {
		select {
		case <-e.wait:
		case <-ctx.Done():
			return feierabend.Recognition{}, ctx.Err()
		}
	}
	return feierabend.Recognition{}, e.err
}

// counters count like the database.
type counters map[string]int

func (c counters) Allow(_ context.Context, key string, limit int, _ time.Duration, _ time.Time) (bool, error) {
	c[key]++
	return c[key] <= limit, nil
}

func newStep(t *testing.T, e *ear, c counters) *tryout.Step {
	t.Helper()
	firm, err := tryout.SampleFirm()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 2, 10, 17, 0, 0, 0, time.UTC)
	s, err := tryout.New(tryout.Options{
		Counters: c, Speech: e, Firm: firm, Now: func() time.Time { return at },
		Judge: func(feierabend.Recognition, []string) (feierabend.Transcript, string) {
			if e.text == "" {
				return feierabend.Transcript{}, feierabend.ReasonNothing
			}
			return feierabend.Transcript{Text: e.text, Engine: "local"}, ""
		},
		Draft: drafting.New(drafting.Options{Zone: time.UTC}),
		Sample: func(d feierabend.Draft, p feierabend.Profile, _ time.Time) ([]byte, error) {
			return []byte(p.Seller.Name + " an " + d.Buyer.Label()), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sound(t *testing.T, length time.Duration) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := audio.WriteWAV(&b, make([]float32, int(length.Seconds()*audio.Rate))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const words = "Rechnung für Frau Petersen, Lindenweg zwölf, fünfundzwanzig fünf zwo vier Itzehoe. Gestern einen Siphon eingebaut, anderthalb Stunden, Anfahrt."

func TestListen(t *testing.T) {
	for _, c := range []struct {
		name  string
		ear   ear
		bytes []byte
		code  string
	}{
		{"a minute is heard", ear{text: words}, sound(t, time.Minute), ""},
		{"longer is refused", ear{text: words}, sound(t, 61*time.Second), "try_too_long"},
		{"nothing came", ear{text: words}, nil, "try_empty"},
		{"no sound", ear{text: words}, []byte("%PDF-1.7 kein Ton, nur ein Blatt Papier, lang genug"), "not_audio"},
		{"nothing was said", ear{}, sound(t, time.Second), feierabend.ReasonNothing},
		{"no model", ear{err: &feierabend.Error{Kind: feierabend.Unavailable, Code: "model_missing", Text: "mit Befehl"}}, sound(t, time.Second), "try_speech"},
		{"a crash", ear{err: errors.New("signal: killed")}, sound(t, time.Second), "try_speech"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := newStep(t, &c.ear, counters{}).Listen(t.Context(), "192.0.2.1/32", c.bytes)
			if feierabend.CodeOf(err) != c.code {
				t.Fatalf("code %q, want %q (%v)", feierabend.CodeOf(err), c.code, err)
			}
			if c.code == "" && got.Text != words {
				t.Errorf("heard %q", got.Text)
			}
			if err != nil && (feierabend.TextOf(err) == "" || strings.Contains(feierabend.TextOf(err), "Befehl")) {
				t.Errorf("a stranger reads %q", feierabend.TextOf(err))
			}
		})
	}
}

// TestDailyLimit: ten recordings a day from one network; a refused one costs nothing
// of another network's.
func TestDailyLimit(t *testing.T) {
	c := counters{}
	s := newStep(t, &ear{text: words}, c)
	b := sound(t, time.Second)
	for i := range 11 {
		_, err := s.Listen(t.Context(), "192.0.2.1/32", b)
		if want := i == 10; (feierabend.CodeOf(err) == "try_limit") != want {
			t.Errorf("recording %d: %v", i+1, err)
		}
	}
	if _, err := s.Listen(t.Context(), "192.0.2.2/32", b); err != nil {
		t.Errorf("another network: %v", err)
	}
	c["try"] = 300
	if _, err := s.Listen(t.Context(), "192.0.2.3/32", b); feierabend.CodeOf(err) != "try_limit" {
		t.Errorf("over the limit of all: %v", err)
	}
}

// TestOneAtATime: the second stranger waits 40 s, then is told; when the first is
// done, the next one is heard.
func TestOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &ear{text: words, begun: make(chan struct{}), wait: make(chan struct{})}
		begun := e.begun
		s := newStep(t, e, counters{})
		b := sound(t, time.Second)
		first := make(chan error, 1)
		go func() { _, err := s.Listen(t.Context(), "a", b); first <- err }()
		<-begun
		from := time.Now()
		_, err := s.Listen(t.Context(), "b", b)
		if feierabend.CodeOf(err) != "try_busy" || time.Since(from) != 40*time.Second {
			t.Errorf("second after %v: %v", time.Since(from), err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Listen(gone, "c", b); !errors.Is(err, context.Canceled) {
			t.Errorf("who has left: %v", err)
		}
		close(e.wait)
		if err := <-first; err != nil {
			t.Errorf("first: %v", err)
		}
		if _, err := s.Listen(t.Context(), "d", b); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

// TestAnswers: answers are applied in order, one that cannot be taken leaves the
// draft as it was, and only a draft without questions becomes a sample.
func TestAnswers(t *testing.T) {
	s := newStep(t, &ear{}, counters{})
	text := feierabend.Transcript{Text: strings.Replace(words, "Gestern e", "E", 1), Engine: "text"}
	d, err := s.Draft(text, nil)
	if err != nil || len(d.Questions) != 1 || d.Questions[0] != "supply" {
		t.Fatalf("%v, questions %v", err, d.Questions)
	}
	if _, err := s.Sample(text, nil); feierabend.CodeOf(err) != "try_questions" {
		t.Errorf("sample with a question: %v", err)
	}
	if d, err = s.Draft(text, []feierabend.Answer{{Path: "supply", Value: "am Sankt-Nimmerleins-Tag"}}); feierabend.KindOf(err) != feierabend.Invalid || len(d.Questions) != 1 {
		t.Errorf("bad answer: %v, questions %v", err, d.Questions)
	}
	good := []feierabend.Answer{{Path: "supply", Value: "09.02.2026"}}
	if d, err = s.Draft(text, good); err != nil || len(d.Questions) != 0 || d.Supply.From != "2026-02-09" {
		t.Errorf("good answer: %v, %v", err, d.Questions)
	}
	b, err := s.Sample(text, good)
	if err != nil || string(b) != "Muster Haustechnik an Frau Petersen" {
		t.Errorf("sample %q: %v", b, err)
	}
	if _, err := s.Draft(feierabend.Transcript{Text: strings.Repeat("Siphon ", 600)}, nil); feierabend.CodeOf(err) != "try_too_much" {
		t.Errorf("too much text: %v", err)
	}
	if _, err := s.Draft(text, make([]feierabend.Answer, 61)); feierabend.CodeOf(err) != "try_too_much" {
		t.Errorf("too many answers: %v", err)
	}
}
