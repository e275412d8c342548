package main

import (
	"fmt"
	"time"

	"feierabend"
	"feierabend/internal/invoicing"
	"feierabend/internal/pdf"
	"feierabend/internal/transcription"
	"feierabend/internal/tryout"
)

// joinTryout builds the page for strangers; they are heard by local speech only.
func (s *service) joinTryout(renderer *pdf.Renderer) (err error) {
	switch s.cfg.Tryout {
	case "off":
		return nil
	case "on":
	default:
		return failure("tryout", nil, "FEIERABEND_TRYOUT muss on oder off sein.")
	}
	firm, err := tryout.SampleFirm()
	if err != nil {
		return err
	}
	s.tryout, err = tryout.New(tryout.Options{
		Counters: s.store, Speech: s.speech, Judge: transcription.Judge, Draft: s.drafting, Firm: firm, Now: s.store.Now,
		Sample: func(d feierabend.Draft, p feierabend.Profile, at time.Time) ([]byte, error) {
			doc, err := invoicing.FromDraft(d, p, "MUSTER", at.In(s.zone))
			if err != nil {
				return nil, fmt.Errorf("make sample: %w", err)
			}
			return renderer.Sample(doc)
		},
	})
	return err
}
