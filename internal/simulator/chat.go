package simulator

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"feierabend/internal/audio"
)

func itoa(n int) string { return strconv.Itoa(n) }

// ErrNoPhone is the answer to a number that no phone here has.
var ErrNoPhone = errors.New("no such phone")

// SendVoice speaks: the person sends a voice note. ogg may also be WebM/Opus,
// which is remuxed as Meta delivers it. title is shown on the page only.
func (s *Simulator) SendVoice(phone, title string, ogg []byte) (wamid string, err error) {
	return s.speak(phone, title, ogg, false)
}

// SendText writes: the person sends a text.
func (s *Simulator) SendText(phone, text string) (wamid string, err error) {
	return s.write(phone, text, false)
}

// ForwardText forwards a text that somebody else has written to the person.
func (s *Simulator) ForwardText(phone, text string) (wamid string, err error) {
	return s.write(phone, text, true)
}

// as is what the webhook says of a message, with the context of one that is forwarded:
// nothing of whose it was (whatsapp.md §2.1).
func as(forwarded bool, fields map[string]any) map[string]any {
	if forwarded {
		fields["context"] = map[string]any{"forwarded": true}
	}
	return fields
}

func (s *Simulator) speak(phone, title string, ogg []byte, forwarded bool) (wamid string, err error) {
	p := s.phone(phone)
	if p == nil {
		return "", ErrNoPhone
	}
	if audio.Sniff(ogg) == audio.TypeWebM {
		if ogg, err = audio.RemuxWebMToOgg(ogg); err != nil {
			return "", fmt.Errorf("remux recording: %w", err)
		}
	}
	v := &Voice{Title: title, Bytes: ogg, Type: "audio/ogg; codecs=opus"}
	if info, err := audio.Probe(ogg); err == nil {
		v.Length, v.Seconds = info.Duration, int(info.Duration.Round(time.Second)/time.Second)
		if info.Type != audio.TypeOgg {
			v.Type = info.Type
		}
	}
	s.mu.Lock()
	m := s.keep(ogg, v.Type, true)
	sum := sha256.Sum256(ogg)
	b := &Bubble{From: "me", Voice: v, Forwarded: forwarded}
	fields := map[string]any{"id": m.id, "mime_type": v.Type, "sha256": base64.StdEncoding.EncodeToString(sum[:]), "voice": true}
	if s.o.BaseURL != "" { // optional in real webhooks, too
		fields["url"] = s.link(m, s.o.BaseURL)
	}
	id := s.say(p, b, as(forwarded, map[string]any{"type": "audio", "audio": fields}))
	s.mu.Unlock()
	go s.draw(p, v)
	return id, nil
}

// waveBars is how many bars the page draws.
const waveBars = 36

// draw works the waveform out beside the delivery.
func (s *Simulator) draw(p *phone, v *Voice) {
	pcm, err := audio.Decode(context.Background(), v.Bytes, 15*time.Minute)
	if err != nil {
		return
	}
	wave := audio.Waveform(pcm, waveBars)
	s.mu.Lock()
	defer s.mu.Unlock()
	v.Wave = wave
	p.version++
	s.signal()
}

func (s *Simulator) write(phone, text string, forwarded bool) (wamid string, err error) {
	p := s.phone(phone)
	if p == nil {
		return "", ErrNoPhone
	}
	if text == "" {
		return "", errors.New("no text")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.say(p, &Bubble{From: "me", Text: text, Forwarded: forwarded}, as(forwarded, map[string]any{"type": "text", "text": map[string]any{"body": text}})), nil
}

// SendRaw sends a message of any type: fields are those of the webhook's message
// ("type" and its object), shown is what the page shows for it.
func (s *Simulator) SendRaw(phone, shown string, fields map[string]any) (wamid string, err error) {
	p := s.phone(phone)
	if p == nil {
		return "", ErrNoPhone
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.say(p, &Bubble{From: "me", Text: shown}, fields), nil
}

// Press taps a button, named by id or title: the newest message that shows it.
func (s *Simulator) Press(phone, button string) (wamid string, err error) {
	p := s.phone(phone)
	if p == nil {
		return "", ErrNoPhone
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(p.bubbles) - 1; i >= 0; i-- {
		b := p.bubbles[i]
		for _, k := range b.Buttons {
			if b.From == "bot" && (k.ID == button || k.Title == button) {
				return s.say(p, &Bubble{From: "me", Text: k.Title, Pressed: k.ID, ReplyTo: b.Wamid}, map[string]any{
					"type": "interactive", "context": map[string]any{"from": s.digits(), "id": b.Wamid},
					"interactive": map[string]any{"type": "button_reply", "button_reply": map[string]any{"id": k.ID, "title": k.Title}},
				}), nil
			}
		}
	}
	return "", errors.New("no message shows this button")
}

// say puts the person's message into the chat and its webhook into the queue; s.mu is held.
func (s *Simulator) say(p *phone, b *Bubble, fields map[string]any) string {
	b.Wamid, b.At, b.State = p.wamid(true), s.o.Now(), StateWaiting
	p.add(b)
	p.lastSent = s.now()
	s.enqueue(delivery{
		what: "Nachricht", change: s.messageHook(p, b, fields),
		accepted: func() {
			if b.State == StateWaiting {
				b.State = StateDelivered
				p.version++
			}
		},
	})
	s.signal()
	return b.Wamid
}

// Chat gives the messages of a phone in order; bytes of files are left out.
func (s *Simulator) Chat(phone string) []Bubble {
	p := s.phone(phone)
	if p == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return p.copy()
}

// copy gives values that nobody changes any more; s.mu is held.
func (p *phone) copy() []Bubble {
	out := make([]Bubble, len(p.bubbles))
	for i, b := range p.bubbles {
		out[i] = *b
		if b.Voice != nil {
			v := *b.Voice
			out[i].Voice = &v
		}
	}
	return out
}

// Wait returns when done is satisfied with the chat of a phone, or with the
// context's error. It is woken by changes, so it never sleeps.
func (s *Simulator) Wait(ctx context.Context, phone string, done func([]Bubble) bool) error {
	p := s.phone(phone)
	if p == nil {
		return ErrNoPhone
	}
	for {
		s.mu.Lock()
		now, next := p.copy(), s.changed
		s.mu.Unlock()
		if done(now) {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *Simulator) digits() string { return s.o.Number[1:] }
