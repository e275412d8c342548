package web

import (
	"fmt"
	"slices"
	"time"

	"feierabend"
)

func (s *server) startSample(list []entry, erased int) page {
	p := startPage{Day: format{sampleZone}.longDay(sampleNow), Number: phone(s.Number), PhoneURL: s.PhoneURL, Kept: len(list), ErasedToday: erased}
	s.fill(&p, sampleNow, list, 1)
	return page{
		View: "start", Title: "Was wartet", Nav: "start", Firm: "Deichgrün Haustechnik", Live: &live{URL: "/stand", Stand: "1", Seconds: 2, Refresh: 6},
		Demo: &demoLinks{Phone: s.PhoneURL, Mail: "http://127.0.0.1:8081/mails"}, Content: p,
	}
}

// startPageSample is one page of a list of 1,000 cases, with the longest words in
// every row.
func (s *server) startPageSample(number int) page {
	var list []entry
	for i, e := range slices.Concat(slices.Repeat(s.entries(), 91))[:1000] {
		e.ID = feierabend.CaseID(fmt.Sprintf("case%022d", i))
		list = append(list, e)
	}
	p := startPage{Day: format{sampleZone}.longDay(sampleNow), Number: phone(s.Number), PhoneURL: s.PhoneURL, Kept: len(list)}
	s.fill(&p, sampleNow, list, number)
	return page{View: "start", Title: "Was wartet", Nav: "start", Firm: "Deichgrün Haustechnik", Live: &live{URL: "/stand", Stand: "1", Seconds: 2, Refresh: 6}, Content: p}
}

// lateSample is the start page while erasing is late.
func (s *server) lateSample(list []entry, why string) page {
	p := s.startSample(list, 0)
	c := p.Content.(startPage)
	c.Overdue = why
	p.Content = c
	return p
}

// entries are cases in every stage.
func (s *server) entries() []entry {
	mk := func(n byte, age, left time.Duration, state feierabend.CaseState, version int, sum feierabend.CaseSummary, ms ...feierabend.Message) entry {
		c := feierabend.Case{ID: feierabend.CaseID(id(n)), State: state, Version: version, Summary: sum, CreatedAt: sampleNow.Add(-age), ChangedAt: sampleNow.Add(-age), ExpiresAt: sampleNow.Add(left)}
		e := entry{Case: c, messages: ms, sender: "Malte"}
		e.stage = feierabend.StageOf(c, ms)
		return e
	}
	day := 24 * time.Hour
	out := []entry{
		mk(1, 27*day, 2*day+time.Hour, feierabend.CaseOpen, 1, feierabend.CaseSummary{Kind: feierabend.KindWorkReport, Title: "Thomhagen Bau", Place: "Kita Zwergenkoje, Heide", Questions: 1}),
		mk(2, 20*time.Minute, 29*day+time.Hour, feierabend.CaseOpen, 1, feierabend.CaseSummary{Kind: feierabend.KindInvoice, Title: "Frau Claasen", Place: "Brunsbüttel", Questions: 2, Gross: cents(32761), Partial: true}),
		mk(3, day, 28*day+time.Hour, feierabend.CaseReady, 2, feierabend.CaseSummary{Kind: feierabend.KindInvoice, Title: "Jens Brodersen", Place: "Heide", Gross: cents(89667)}),
		mk(4, 9*day, 20*day+time.Hour, feierabend.CaseIssued, 2, feierabend.CaseSummary{Kind: feierabend.KindOffer, Title: longOne + evil, Place: evil, Gross: cents(37663500), Number: "AN-2026-0007"}),
		mk(5, time.Minute, 29*day, feierabend.CaseOpen, 0, feierabend.CaseSummary{Seconds: 48}, feierabend.Message{State: feierabend.MessageFetched, Kind: feierabend.InboundAudio}),
		mk(6, 3*time.Hour, 29*day, feierabend.CaseOpen, 0, feierabend.CaseSummary{}, feierabend.Message{State: feierabend.MessageFetched, Reason: feierabend.ReasonWaitsModel, Kind: feierabend.InboundAudio}),
		mk(7, 3*time.Hour, 29*day, feierabend.CaseOpen, 0, feierabend.CaseSummary{}, feierabend.Message{State: feierabend.MessageFailed, Reason: feierabend.ReasonNoSpeech, Kind: feierabend.InboundAudio}),
		mk(8, 5*time.Hour, 29*day, feierabend.CaseReady, 1, feierabend.CaseSummary{Kind: feierabend.KindNote, Title: "Rückruf Herr Özdemir"}),
		mk(9, 23*day, 6*day, feierabend.CaseDownloaded, 1, feierabend.CaseSummary{Kind: feierabend.KindInvoice, Title: "Petersen", Gross: cents(18000), Number: "RE-2026-0041"}),
		mk(10, 23*day, 6*day, feierabend.CaseDownloaded, 1, feierabend.CaseSummary{Kind: feierabend.KindInvoice, Title: "Rathjen", Gross: cents(18000), Number: "RE-2026-0040"}),
		mk(11, 30*day, -time.Minute, feierabend.CaseOpen, 1, feierabend.CaseSummary{Kind: feierabend.KindInvoice}),
	}
	out[8].EraseAt = sampleNow.Add(21*time.Hour + time.Minute)
	out[8].stage = feierabend.StageOf(out[8].Case, nil)
	return out
}

func (s *server) waitSamples() (out []sample) {
	for name, m := range map[string]feierabend.Message{
		"warten-empfangen":        {State: feierabend.MessageReceived, Kind: feierabend.InboundAudio},
		"warten-geholt":           {State: feierabend.MessageFetched, Kind: feierabend.InboundAudio, Audio: feierabend.AudioInfo{Duration: 38 * time.Second}},
		"warten-text":             {State: feierabend.MessageReceived, Kind: feierabend.InboundText, Text: evil},
		"warten-modell":           {State: feierabend.MessageFetched, Kind: feierabend.InboundAudio, Reason: feierabend.ReasonWaitsModel},
		"warten-fehler":           {State: feierabend.MessageFailed, Kind: feierabend.InboundAudio, Reason: feierabend.ReasonNoSpeech},
		"warten-fehler-unbekannt": {State: feierabend.MessageFailed, Kind: feierabend.InboundUnsupported, Reason: "neu"},
	} {
		l := sampleCase(feierabend.CaseOpen, nil)
		l.messages, l.transcripts = []feierabend.Message{m}, nil
		if m.Text != "" {
			l.transcripts = map[feierabend.MessageID]feierabend.Transcript{m.ID: {Text: m.Text, Engine: "text"}}
		}
		l.stage = feierabend.StageOf(l.Case, l.messages)
		out = append(out, sample{name, page{View: "wait", Title: "Nachricht", Nav: "start", Detail: true, Live: &live{URL: "/v/x/stand", Seconds: 2, Refresh: 5}, Content: s.waitPage(l, true)}})
		if name == "warten-fehler" {
			p := s.waitPage(l, true)
			p.CustomerLink = true
			out = append(out, sample{"warten-kundenlink", page{View: "wait", Title: "Nachricht", Nav: "start", Detail: true, Content: p}})
		}
	}
	return out
}

func (s *server) documentSamples() (out []sample) {
	files := []feierabend.File{{Name: "RE-2026-0043.pdf", Type: "application/pdf"}, {Name: "RE-2026-0043.xml", Type: "application/xml"}}
	d := sampleDraft()
	for _, c := range []struct {
		name  string
		state feierabend.CaseState
		erase time.Duration
		may   bool
	}{
		{"rechnung", feierabend.CaseIssued, 0, true},
		{"rechnung-geladen", feierabend.CaseDownloaded, 23*time.Hour + 41*time.Minute, true},
		{"rechnung-gleich", feierabend.CaseDownloaded, 30 * time.Second, true},
		{"rechnung-angehalten", feierabend.CaseDownloaded, 0, true},
		{"rechnung-mitarbeiter", feierabend.CaseIssued, 0, false},
	} {
		l := sampleCase(c.state, &d)
		if c.erase > 0 {
			l.EraseAt = sampleNow.Add(c.erase)
		}
		l.stage = feierabend.StageOf(l.Case, nil)
		dp := s.documentPage(l, sampleDocument(), files)
		dp.MayErase, dp.CustomerLink = c.may, c.name == "rechnung-angehalten"
		out = append(out, sample{c.name, page{View: "document", Title: "Rechnung RE-2026-0043", Nav: "start", Detail: true, Live: &live{URL: "/v/x/stand", Seconds: 2, Refresh: 15}, Content: dp}})
	}
	wild := sampleDocument()
	wild.Buyer.Name, wild.Lines[0].Name, wild.Seller.Name, wild.Notes = evil, longOne+evil, evil, []string{evil}
	l := sampleCase(feierabend.CaseIssued, &d)
	dp := s.documentPage(l, wild, files)
	dp.MayErase = true
	return append(out, sample{"rechnung-wild", page{View: "document", Title: "Rechnung", Nav: "start", Detail: true, Content: dp}})
}
