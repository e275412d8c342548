package web_test

import (
	"fmt"
	"testing"
)

// BenchmarkStart is the dashboard of a firm with 30 open cases, from the session
// cookie to the last byte.
func BenchmarkStart(b *testing.B) {
	w := newWorld(b)
	for i := range 30 {
		w.dictated(w.a, fmt.Sprintf("wamid.%d", i), complete)
	}
	me := w.signedIn(w.a)
	for b.Loop() {
		me.page("/")
	}
}

// BenchmarkStartOfMany is the first page of a firm with 1,000 cases, half of which have
// no draft yet.
func BenchmarkStartOfMany(b *testing.B) {
	w := newWorld(b)
	for i := range 500 {
		w.dictated(w.a, fmt.Sprintf("wamid.%d", i), complete)
	}
	w.received(w.a, 500)
	me := w.signedIn(w.a)
	for b.Loop() {
		me.page("/")
	}
}

// BenchmarkDraft is a draft page with transcript and evidence.
func BenchmarkDraft(b *testing.B) {
	w := newWorld(b)
	c, _ := w.spoken(w.a, "wamid.1", dictation)
	me := w.signedIn(w.a)
	for b.Loop() {
		me.page("/v/" + string(c))
	}
}
