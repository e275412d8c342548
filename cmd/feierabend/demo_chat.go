package main

import (
	"context"
	"fmt"
	"strings"

	"feierabend/internal/simulator"
)

// send speaks the shipped note (or types the given text) from the first phone
// and waits for the blue ticks.
func (s *story) send(ctx context.Context) error {
	var id string
	var err error
	if s.text != "" {
		id, err = s.demo.sim.SendText(demoOwner, s.text)
	} else {
		id, err = s.demo.sim.SendNote(demoOwner, demoFirstNote)
	}
	if err != nil {
		return err
	}
	return s.demo.sim.Wait(ctx, demoOwner, func(bs []simulator.Bubble) bool {
		for _, b := range bs {
			if b.Wamid == id && b.State == simulator.StateRead {
				return true
			}
		}
		return false
	})
}

// awaitDraft waits for the reply and finds the case that it speaks of.
func (s *story) awaitDraft(ctx context.Context) error {
	if _, err := s.reply(ctx, 0); err != nil {
		return err
	}
	ts, err := s.store.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, t := range ts {
		cs, err := s.store.Cases(ctx, t.ID)
		if err != nil {
			return err
		}
		for _, c := range cs {
			if c.Version == 0 {
				return failure("no_draft", nil, "Aus der Nachricht wurde kein Entwurf (%s).", c.Attention)
			}
			s.tenant, s.kase = t.ID, c.ID
		}
	}
	if s.kase == "" {
		return failure("no_draft", nil, "Aus der Nachricht wurde kein Entwurf.")
	}
	return nil
}

// reply waits until the bot has written more than n messages and gives the newest.
func (s *story) reply(ctx context.Context, n int) (simulator.Bubble, error) {
	var last simulator.Bubble
	err := s.demo.sim.Wait(ctx, demoOwner, func(bs []simulator.Bubble) bool {
		count := 0
		for _, b := range bs {
			if b.From == "bot" {
				count++
				last = b
			}
		}
		return count > n
	})
	return last, err
}

func (s *story) botCount() int {
	n := 0
	for _, b := range s.demo.sim.Chat(demoOwner) {
		if b.From == "bot" {
			n++
		}
	}
	return n
}

// demoAnswers are what the boss says when he is asked, by the question's path.
func demoAnswer(path string) string {
	switch {
	case path == "buyer.name":
		return "Petersen"
	case path == "supply":
		return "heute"
	case strings.HasPrefix(path, "buyer"):
		return "Am Hafen 3, 25541 Brunsbüttel"
	case strings.HasSuffix(path, ".price"):
		return "39 Euro"
	case strings.HasSuffix(path, ".quantity"):
		return "2"
	case strings.HasPrefix(path, "vat"):
		return "19 Prozent"
	}
	return ""
}

// answer types an answer to each open question, as the chat asks them.
func (s *story) answer(ctx context.Context) error {
	for range 12 {
		v, err := s.store.Draft(ctx, s.tenant, s.kase)
		if err != nil {
			return err
		}
		if len(v.Draft.Questions) == 0 {
			return nil
		}
		text := demoAnswer(v.Draft.Questions[0])
		if text == "" {
			return failure("question", nil, "Auf die Frage %s weiß die Vorführung keine Antwort.", v.Draft.Questions[0])
		}
		n := s.botCount()
		if _, err := s.demo.sim.SendText(demoOwner, text); err != nil {
			return err
		}
		if _, err := s.reply(ctx, n); err != nil {
			return err
		}
	}
	return failure("questions", nil, "Es bleiben Fragen offen.")
}

// issue finishes in the chat: Passt so, Ausstellen; the PDF arrives.
func (s *story) issue(ctx context.Context) error {
	for _, title := range []string{"Passt so", "Ausstellen"} {
		n := s.botCount()
		if _, err := s.demo.sim.Press(demoOwner, title); err != nil {
			return fmt.Errorf("press %q: %w", title, err)
		}
		b, err := s.reply(ctx, n)
		if err != nil {
			return err
		}
		if title == "Ausstellen" && b.Document == nil {
			return failure("not_issued", nil, "Die Rechnung wurde nicht ausgestellt: %s", b.Text)
		}
	}
	var err error
	if s.doc, err = s.store.CaseDocument(ctx, s.tenant, s.kase); err != nil {
		return err
	}
	return s.delivered(ctx)
}

// delivered waits until the phone has the document.
func (s *story) delivered(ctx context.Context) error {
	return s.demo.sim.Wait(ctx, demoOwner, func(bs []simulator.Bubble) bool {
		for _, b := range bs {
			if b.Document != nil && (b.State == simulator.StateDelivered || b.State == simulator.StateRead) {
				return true
			}
		}
		return false
	})
}
