package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"feierabend"
)

// tryer is the try-out without an account (J-01). It keeps nothing.
type tryer interface {
	Firm() feierabend.Profile
	Listen(ctx context.Context, network string, b []byte) (feierabend.Transcript, error)
	Draft(t feierabend.Transcript, answers []feierabend.Answer) (feierabend.Draft, error)
	Sample(t feierabend.Transcript, answers []feierabend.Answer) ([]byte, error)
}

// tryPage is the form, or the draft that words became.
type tryPage struct {
	Text, Error string     // of the form: what was typed, and why it could not be used
	Result      *draftPage // nil = form
	Carry       []hidden   // words and answers so far
	Complete    bool       // no open question: the sample letter can be set
}

// tryForm is GET /ausprobieren.
func (s *server) tryForm(w http.ResponseWriter, _ *http.Request, v *visit) error {
	return s.tryShow(w, v, http.StatusOK, tryPage{})
}

func (s *server) tryShow(w http.ResponseWriter, v *visit, status int, p tryPage) error {
	out := page{View: "try", Title: "Ausprobieren", Content: p}
	if p.Result == nil {
		out.Scripts = []string{"recorder.js"}
	}
	return s.show(w, v, status, out)
}

// tryListen is POST /ausprobieren: a recording or typed words. What cannot be used
// is said above the form, and what was typed stays in it.
func (s *server) tryListen(w http.ResponseWriter, r *http.Request, v *visit) error {
	network, _ := networkOf(r)
	if !s.tries.allow(network, triesPerMinute, s.Now()) {
		return errTooMany()
	}
	select { // before anything of the body is read: strangers must not fill the memory
	case s.trying <- struct{}{}:
		defer func() { <-s.trying }()
	default:
		return errTooMany()
	}
	sound, text, err := readTry(r)
	if err != nil {
		return err
	}
	t := feierabend.Transcript{Text: strings.TrimSpace(text), Engine: "text"}
	if t.Text == "" {
		// A minute of speech takes about half a minute; the listener's own limits stay.
		http.NewResponseController(w).SetWriteDeadline(s.Now().Add(3 * time.Minute))
		t, err = s.Try.Listen(r.Context(), network, sound)
	}
	if err == nil {
		_, err = s.Try.Draft(t, nil)
	}
	if text := feierabend.TextOf(err); text != "" {
		status, _, _ := wording(feierabend.KindOf(err))
		v.class = classRecorder
		s.setHeaders(w, v)
		return s.tryShow(w, v, status, tryPage{Text: t.Text, Error: text})
	}
	if err != nil {
		return err
	}
	return s.tryResult(w, v, http.StatusOK, t, nil, problem{})
}

// Bounds of what strangers may ask at once: recordings are read into memory.
const (
	triesAtOnce    = 4
	triesPerMinute = 60
)

func errTooMany() error {
	return &feierabend.Error{
		Kind: feierabend.Unavailable, Code: "try_busy",
		Text: "Gerade probieren zu viele. Von Ihrer Eingabe ist nichts gespeichert. Bitte versuchen Sie es in einer Minute noch einmal.",
	}
}

// readTry reads the form without ever writing a recording to a temporary file.
func readTry(r *http.Request) (sound []byte, text string, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		if err := parseForm(r); err != nil {
			return nil, "", err
		}
		return nil, r.PostForm.Get("text"), nil
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return sound, text, nil
		}
		if err != nil {
			return nil, "", formError(err)
		}
		b, err := io.ReadAll(part)
		if err != nil {
			return nil, "", formError(err)
		}
		switch part.FormName() {
		case "aufnahme":
			sound = b
		case "text":
			text = string(b)
		}
	}
}

func formError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return &feierabend.Error{Kind: feierabend.Invalid, Code: "form"}
}

// tryWords reads what the stranger's own page carries.
func tryWords(r *http.Request) (t feierabend.Transcript, answers []feierabend.Answer, err error) {
	if err := parseForm(r); err != nil {
		return t, nil, err
	}
	if json.Unmarshal([]byte(r.PostForm.Get("worte")), &t) != nil || t.Text == "" {
		return t, nil, &feierabend.Error{Kind: feierabend.Invalid, Code: "try_words"}
	}
	for _, a := range r.PostForm["antwort"] {
		path, value, _ := strings.Cut(a, "=")
		answers = append(answers, feierabend.Answer{Path: path, Value: value})
	}
	return t, answers, nil
}

// tryAnswer is POST /ausprobieren/antwort: one more answer.
func (s *server) tryAnswer(w http.ResponseWriter, r *http.Request, v *visit) error {
	if network, _ := networkOf(r); !s.tries.allow(network, triesPerMinute, s.Now()) {
		return errTooMany()
	}
	t, answers, err := tryWords(r)
	if err != nil {
		return err
	}
	asked := r.PostForm.Get("path")
	path, value := answerOf(asked, r.PostForm.Get)
	if value == "" {
		err = &feierabend.Error{Kind: feierabend.Invalid, Code: "answer_empty", Text: "Hier steht noch nichts. Bitte füllen Sie das Feld aus."}
	} else {
		_, err = s.Try.Draft(t, append(answers, feierabend.Answer{Path: path, Value: value}))
	}
	switch {
	case err == nil:
		return s.tryResult(w, v, http.StatusOK, t, append(answers, feierabend.Answer{Path: path, Value: value}), problem{})
	case feierabend.KindOf(err) == feierabend.Invalid:
		return s.tryResult(w, v, http.StatusUnprocessableEntity, t, answers, refusedAnswer(r, asked, err))
	}
	return err
}

// trySample is POST /ausprobieren/muster.
func (s *server) trySample(w http.ResponseWriter, r *http.Request, _ *visit) error {
	if network, _ := networkOf(r); !s.tries.allow(network, triesPerMinute, s.Now()) {
		return errTooMany()
	}
	t, answers, err := tryWords(r)
	if err != nil {
		return err
	}
	b, err := s.Try.Sample(t, answers)
	if err != nil {
		return err
	}
	attach(w, "Muster.pdf", "application/pdf")
	_, err = w.Write(b)
	return err
}

// tryResult shows the draft as the page of a case would, with forms that carry
// everything themselves.
func (s *server) tryResult(w http.ResponseWriter, v *visit, status int, t feierabend.Transcript, answers []feierabend.Answer, pr problem) error {
	d, err := s.Try.Draft(t, answers)
	if err != nil {
		return err
	}
	p, err := s.tryPage(t, answers, d, s.Try.Firm(), pr)
	if err != nil {
		return err
	}
	return s.tryShow(w, v, status, p)
}

// tryPage makes the page of a draft that belongs to no case.
func (s *server) tryPage(t feierabend.Transcript, answers []feierabend.Answer, d feierabend.Draft, firm feierabend.Profile, pr problem) (tryPage, error) {
	const message = feierabend.MessageID("probe")
	l := loaded{
		entry:       entry{Case: feierabend.Case{State: feierabend.CaseOpen}, messages: []feierabend.Message{{ID: message, Kind: feierabend.InboundText}}},
		transcripts: map[feierabend.MessageID]feierabend.Transcript{message: {Text: t.Text, Engine: t.Engine}},
		draft:       feierabend.DraftVersion{Version: 1, Draft: d},
	}
	p := s.draftBase(l, nil, feierabend.RoleOwner, pr)
	p.finish(d, firm, "")
	words, err := json.Marshal(t)
	if err != nil {
		return tryPage{}, err
	}
	carry := []hidden{{"worte", string(words)}}
	for _, a := range answers {
		carry = append(carry, hidden{"antwort", a.Path + "=" + a.Value})
	}
	for i := range p.Questions {
		p.Questions[i].Action, p.Questions[i].Carry = "/ausprobieren/antwort", carry
	}
	for i := range p.Words {
		p.Words[i].Label = "Das haben wir verstanden"
	}
	p.rebase("/v/", "#worte")
	return tryPage{Result: p, Carry: carry, Complete: len(d.Questions) == 0 && issuable(d.Kind)}, nil
}

// rebase leads every value to the words on the page itself.
func (p *draftPage) rebase(prefix, to string) {
	for _, list := range [][]value{p.Facts, p.People} {
		for i := range list {
			list[i].rebase(prefix, to)
		}
	}
	for i := range p.Lines {
		for k := range p.Lines[i].Values {
			p.Lines[i].Values[k].rebase(prefix, to)
		}
	}
	for i := range p.Questions {
		p.Questions[i].Words.rebase(prefix, to)
	}
}

func (v *value) rebase(prefix, to string) {
	if strings.HasPrefix(v.URL, prefix) {
		v.URL = to
	}
}
