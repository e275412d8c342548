// Package tryout lets a stranger try the product without an account (J-01): own
// voice or own words, a sample firm, a draft with its questions, a sample letter.
//
// Nothing is kept. A recording lives in the memory of one request, the words and
// answers travel in the stranger's own page, and no case, key or file exists. So
// there is nothing that could be erased, on any number of processes. The only
// traces are the counters of the limits, which hold keyed hashes and end by
// themselves.
package tryout

import (
	"context"
	"errors"
	"time"

	"feierabend"
	"feierabend/internal/audio"
)

// Limits of a try (issue "People", J-01).
const (
	MaxLength   = time.Minute
	MaxBytes    = 8 << 20
	MaxText     = 4000 // bytes, as long as a chat message
	MaxAnswers  = 60
	perNetwork  = 10  // recordings a day from one network address
	perDay      = 300 // recordings a day in all
	waitForTurn = 40 * time.Second
	day         = 24 * time.Hour
	beam        = 5
)

// messageID stands in the evidence of a draft that belongs to no message.
const messageID feierabend.MessageID = "probe"

type counter interface {
	Allow(ctx context.Context, key string, limit int, per time.Duration, now time.Time) (bool, error)
}

type recogniser interface {
	Transcribe(ctx context.Context, audio []byte, o feierabend.RecognitionOptions) (feierabend.Recognition, error)
}

type drafter interface {
	Free(id feierabend.MessageID, t feierabend.Transcript, p feierabend.Profile, at time.Time, answers []feierabend.Answer) (feierabend.Draft, error)
}

// Options are what the step works with.
type Options struct {
	Counters counter
	// Speech is local speech only: no provider hears a stranger.
	Speech recogniser
	// Judge keeps what was heard and says why it cannot be used (transcription.Judge).
	Judge func(r feierabend.Recognition, prompt []string) (feierabend.Transcript, string)
	Draft drafter
	// Sample sets the sample letter of a draft without questions.
	Sample func(d feierabend.Draft, p feierabend.Profile, at time.Time) ([]byte, error)
	Firm   feierabend.Profile // the sample firm
	Now    func() time.Time
}

// Step is the try-out.
type Step struct {
	o    Options
	turn chan struct{} // one recording at a time in this process
}

// New makes the step.
func New(o Options) (*Step, error) {
	if o.Counters == nil || o.Speech == nil || o.Judge == nil || o.Draft == nil || o.Sample == nil || o.Now == nil {
		return nil, errors.New("tryout: an option is missing")
	}
	s := &Step{o: o, turn: make(chan struct{}, 1)}
	s.turn <- struct{}{}
	return s, nil
}

// Firm is the sample firm for which drafts are made.
func (s *Step) Firm() feierabend.Profile { return s.o.Firm }

// Listen recognises a recording of at most a minute. network is the caller's
// network address, only its keyed hash is counted. Errors are for people: Invalid
// where the recording cannot be used, Unavailable where it is not our turn.
func (s *Step) Listen(ctx context.Context, network string, b []byte) (feierabend.Transcript, error) {
	var none feierabend.Transcript
	if len(b) == 0 {
		return none, invalid("try_empty", "Es ist keine Aufnahme angekommen. Bitte nehmen Sie noch einmal auf, oder tippen Sie, was Sie sagen würden.")
	}
	info, err := audio.Probe(b)
	if err != nil {
		return none, err
	}
	if len(b) > MaxBytes || info.Duration > MaxLength {
		return none, invalid("try_too_long", "Zum Ausprobieren geht es bis zu einer Minute, Ihre Aufnahme ist länger. Sie ist verworfen. Bitte sprechen Sie eine kürzere; mit eigenem Zugang sind es zehn Minuten.")
	}
	if err := s.allowed(ctx, network); err != nil {
		return none, err
	}
	if err := s.wait(ctx); err != nil {
		return none, err
	}
	defer func() { s.turn <- struct{}{} }()
	r, err := s.o.Speech.Transcribe(ctx, b, feierabend.RecognitionOptions{Beam: beam, Longest: MaxLength})
	if err != nil {
		return none, unheard(err)
	}
	t, reason := s.o.Judge(r, nil)
	if reason != "" {
		return none, invalid(reason, feierabend.ReasonText(reason))
	}
	return t, nil
}

// unheard words an error of the engine for somebody whose recording is not kept.
func unheard(err error) error {
	if feierabend.KindOf(err) == feierabend.Invalid || errors.Is(err, context.Canceled) {
		return err
	}
	return &feierabend.Error{
		Kind: feierabend.Unavailable, Code: "try_speech", Err: err,
		Text: "Die Spracherkennung ist gerade nicht bereit. Ihre Aufnahme ist verworfen. Bitte tippen Sie, was Sie sagen würden; der Rest geht genauso.",
	}
}

// allowed counts a recording.
func (s *Step) allowed(ctx context.Context, network string) error {
	for _, l := range []struct {
		key   string
		limit int
	}{{"try:" + network, perNetwork}, {"try", perDay}} {
		ok, err := s.o.Counters.Allow(ctx, l.key, l.limit, day, s.o.Now())
		if err != nil {
			return err
		}
		if !ok {
			return unavailable("try_limit", "Für heute ist oft genug ausprobiert worden. Ihre Aufnahme ist verworfen. Tippen geht weiter, und mit eigenem Zugang sprechen Sie, so viel Sie wollen.")
		}
	}
	return nil
}

// wait takes the turn, or gives up while the caller still listens.
func (s *Step) wait(ctx context.Context) error {
	late := time.NewTimer(waitForTurn)
	defer late.Stop()
	select {
	case <-s.turn:
		return nil
	case <-late.C:
		return unavailable("try_busy", "Gerade probieren andere. Ihre Aufnahme ist verworfen. Bitte versuchen Sie es in einer Minute noch einmal, oder tippen Sie.")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Draft drafts words for the sample firm and applies the answers in order. An
// answer that cannot be taken is an Invalid error beside the draft without it.
func (s *Step) Draft(t feierabend.Transcript, answers []feierabend.Answer) (feierabend.Draft, error) {
	if err := fits(t.Text, answers); err != nil {
		return feierabend.Draft{}, err
	}
	return s.o.Draft.Free(messageID, t, s.o.Firm, s.o.Now(), answers)
}

// Sample sets the letter that the draft would become, with "MUSTER" across it.
// Open questions are an Invalid error: nothing is invented for a sample either.
func (s *Step) Sample(t feierabend.Transcript, answers []feierabend.Answer) ([]byte, error) {
	d, err := s.Draft(t, answers)
	if err != nil {
		return nil, err
	}
	if len(d.Questions) > 0 {
		return nil, invalid("try_questions", "Es sind noch Fragen offen. Danach gibt es das Musterblatt.")
	}
	return s.o.Sample(d, s.o.Firm, s.o.Now())
}

func fits(text string, answers []feierabend.Answer) error {
	if len(text) > MaxText || len(answers) > MaxAnswers {
		return invalid("try_too_much", "Das ist zu viel auf einmal. Bitte beschreiben Sie eine Arbeit in ein paar Sätzen.")
	}
	return nil
}

func invalid(code, text string) error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: code, Text: text}
}

func unavailable(code, text string) error {
	return &feierabend.Error{Kind: feierabend.Unavailable, Code: code, Text: text}
}
