package feierabend_test

import (
	"testing"
	"time"
	_ "time/tzdata" // Europe/Berlin wherever this runs

	"feierabend"
)

// TestDigestEvening: half past five to eight by the clock on the wall, Monday to Friday,
// also around the Sundays on which the clocks change.
func TestDigestEvening(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, utc string
		day       int // 0 = no evening
		until     string
	}{
		{"Tuesday, a minute early", "2026-11-24T16:29:59Z", 0, ""},
		{"Tuesday", "2026-11-24T16:30:00Z", 20261124, "2026-11-24T19:00:00Z"},
		{"down till seven", "2026-11-24T18:00:00Z", 20261124, "2026-11-24T19:00:00Z"},
		{"a moment before eight", "2026-11-24T18:59:59Z", 20261124, "2026-11-24T19:00:00Z"},
		{"eight: let go", "2026-11-24T19:00:00Z", 0, ""},
		{"Friday before summer time", "2026-03-27T16:30:00Z", 20260327, "2026-03-27T19:00:00Z"},
		{"Saturday", "2026-03-28T16:30:00Z", 0, ""},
		{"Sunday of the change", "2026-03-29T15:30:00Z", 0, ""},
		{"Monday after it, winter's hour", "2026-03-30T16:30:00Z", 20260330, "2026-03-30T18:00:00Z"},
		{"Monday after it", "2026-03-30T15:30:00Z", 20260330, "2026-03-30T18:00:00Z"},
		{"Monday after it, early", "2026-03-30T15:29:59Z", 0, ""},
		{"Monday after it, eight", "2026-03-30T18:00:00Z", 0, ""},
		{"Friday before winter time", "2026-10-23T15:30:00Z", 20261023, "2026-10-23T18:00:00Z"},
		{"Sunday of the other change", "2026-10-25T16:30:00Z", 0, ""},
		{"Monday after that, summer's hour", "2026-10-26T15:30:00Z", 0, ""},
		{"Monday after that", "2026-10-26T16:30:00Z", 20261026, "2026-10-26T19:00:00Z"},
		{"Monday by UTC's evening, Tuesday here", "2026-11-23T23:30:00Z", 0, ""},
	} {
		at, err := time.Parse(time.RFC3339, c.utc)
		if err != nil {
			t.Fatal(err)
		}
		plan, ok := feierabend.DigestEvening(at, berlin)
		if ok != (c.day != 0) || plan.Day != c.day || ok && (plan.Until.UTC().Format(time.RFC3339) != c.until || !plan.Whole) {
			t.Errorf("%s: %+v, %v", c.name, plan, ok)
		}
	}
	night := time.Date(2026, 11, 28, 23, 30, 0, 0, time.UTC) // a Sunday already, here
	if plan := feierabend.DigestNow(night, berlin); plan.Day != 20261129 || plan.Whole || plan.Until.Sub(night) != feierabend.DigestTerm {
		t.Errorf("by hand: %+v", plan)
	}
}

// TestWaiting counts what the page "Was wartet" shows as the person's turn.
func TestWaiting(t *testing.T) {
	now := time.Date(2026, 11, 24, 16, 30, 0, 0, time.UTC)
	soon, late := now.Add(feierabend.EndsSoon), now.Add(20*24*time.Hour)
	draft := func(state feierabend.CaseState, questions int, end time.Time) feierabend.Case {
		return feierabend.Case{State: state, Version: 1, Sender: "s", ExpiresAt: end, Summary: feierabend.CaseSummary{Questions: questions}}
	}
	var w feierabend.Waiting
	if !w.None() {
		t.Error("nothing waits, and yet")
	}
	failed := []feierabend.Message{{State: feierabend.MessageFailed}}
	for _, c := range []struct {
		c  feierabend.Case
		ms []feierabend.Message
	}{
		{draft(feierabend.CaseOpen, 2, late), nil},
		{draft(feierabend.CaseOpen, 0, late), nil},
		{draft(feierabend.CaseReady, 0, soon), nil},
		{draft(feierabend.CaseIssued, 0, soon), nil},
		{draft(feierabend.CaseDownloaded, 0, late), nil}, // held
		{feierabend.Case{State: feierabend.CaseDownloaded, Version: 1, EraseAt: now.Add(time.Hour), ExpiresAt: late}, nil}, // counts down by itself
		{feierabend.Case{State: feierabend.CaseOpen, Sender: "s", ExpiresAt: late}, failed},
		{feierabend.Case{State: feierabend.CaseOpen, Sender: "s", ExpiresAt: soon}, []feierabend.Message{{State: feierabend.MessageReceived}}}, // runs
		{feierabend.Case{State: feierabend.CaseOpen, ExpiresAt: soon}, nil},                                                                    // a Kundenlink that nobody used
	} {
		w.Add(c.c, c.ms, now)
	}
	if want := (feierabend.Waiting{Drafts: 3, Questions: 3, Documents: 2, Messages: 1, Ending: 2}); w != want {
		t.Errorf("%+v, want %+v", w, want)
	}
}
