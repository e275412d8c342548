package web_test

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestOverdue: two hours after the last sweep the firm is told on its page what that
// means, not before, and no more once a sweep has worked; a clock that jumped is told
// at once. Without a demo or an operator's word in it (DEL-06).
func TestOverdue(t *testing.T) {
	w := newWorld(t)
	w.spoken(w.a, "wamid.1", dictation)
	ctx := context.Background()
	must(t, w.store.SweepDone(ctx, w.clock.Now()))
	says := func(when, want string) {
		t.Helper()
		page := w.signedIn(w.a).page("/")
		if got := strings.Contains(page, "Löschung verspätet: "+want); got != (want != "") {
			t.Errorf("%s: banner %t, want %q", when, got, want)
		}
	}
	w.clock.Advance(2 * time.Hour)
	says("after two hours", "")
	w.clock.Advance(time.Minute)
	says("after more than two hours", "Was abgelaufen ist")
	must(t, w.store.SweepDone(ctx, w.clock.Now()))
	says("after a sweep", "")
	w.clock.Jump(3 * time.Hour)
	says("with a clock that jumped", "Die Uhr unseres Dienstes")
	w.clock.Jump(-3 * time.Hour)
	says("with the clock right again", "")
}
