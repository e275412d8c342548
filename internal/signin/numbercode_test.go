package signin_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/signin"
)

// sender keeps the last code that was sent to a number.
type sender struct{ last string }

func (s *sender) SendCode(_ context.Context, _ feierabend.TenantID, _, code string) error {
	s.last = code
	return nil
}

const number = "+4917139200155"

// TestTriesAcrossTwentyCodes (OTP-03): a new code sets no counter back. Of 20 codes
// with five wrong tries each, ten tries a day are looked at; a hundred wrong ones in a
// row lock, even for the right code; a right one sets that counter back.
func TestTriesAcrossTwentyCodes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		out := &sender{}
		step := w.with(func(o *signin.Options) { o.Numbers = out })
		send := func() {
			t.Helper()
			if err := step.SendNumberCode(ctx, w.a.Tenant.ID, w.a.User.ID, number); err != nil {
				t.Fatal(err)
			}
			if !regexp.MustCompile(`^[0-9]{6}$`).MatchString(out.last) {
				t.Fatalf("code %q", out.last)
			}
		}
		wrong := func() string {
			n := 0
			fmt.Sscan(out.last, &n)
			return feierabend.CodeOf(step.CheckNumberCode(ctx, w.a.User.ID, number, fmt.Sprintf("%06d", (n+1)%1_000_000)))
		}
		seen := map[string]int{}
		for range 5 { // first the codes of one day: five were sent, two can be tried
			send()
			for range 4 {
				seen[wrong()]++
			}
		}
		if seen["code_wrong"] != 10 || seen["code_limit"] != 10 {
			t.Fatalf("on the first day: %v", seen)
		}
		if code := feierabend.CodeOf(step.CheckNumberCode(ctx, w.a.User.ID, number, out.last)); code != "code_limit" {
			t.Errorf("the right code after ten tries: %q", code)
		}
		for range 15 { // 20 codes in all, one a day from here
			w.clock.Advance(24 * time.Hour)
			send()
			for range 5 {
				seen[wrong()]++
			}
		}
		if seen["code_wrong"] != 85 || seen["code_limit"] != 10 {
			t.Fatalf("after 20 codes: %v", seen)
		}
		if err := step.CheckNumberCode(ctx, w.a.User.ID, number, out.last); feierabend.CodeOf(err) != "code_wrong" {
			t.Errorf("the right code at the sixth try: %v", err)
		}
		w.clock.Advance(24 * time.Hour)
		for n := 86; n < 100; n++ {
			if n%5 == 1 {
				w.clock.Advance(24 * time.Hour)
				send()
			}
			if got := wrong(); got != "code_wrong" {
				t.Fatalf("miss %d: %q", n+1, got)
			}
		}
		w.clock.Advance(24 * time.Hour)
		send()
		if err := step.CheckNumberCode(ctx, w.a.User.ID, number, out.last); feierabend.CodeOf(err) != "code_locked" {
			t.Errorf("after a hundred wrong ones in a row: %v", err)
		}
		// Another person is not locked, and a right code sets the counter back.
		const theirs = "+4917139200166"
		for range 3 {
			w.clock.Advance(24 * time.Hour)
			if err := step.SendNumberCode(ctx, w.b.Tenant.ID, w.b.User.ID, theirs); err != nil {
				t.Fatal(err)
			}
			right := out.last
			if err := step.CheckNumberCode(ctx, w.a.User.ID, theirs, right); err == nil {
				t.Error("somebody else's code is taken")
			}
			if err := step.CheckNumberCode(ctx, w.b.User.ID, theirs, right[:3]+" "+right[3:]); err != nil {
				t.Errorf("the right code: %v", err)
			}
			if err := step.CheckNumberCode(ctx, w.b.User.ID, theirs, right); feierabend.CodeOf(err) != "code_wrong" {
				t.Errorf("a second time: %v", err)
			}
		}
	})
}

// TestNumberCodeTerms: ten minutes, the newest only, no letters, ten sent a day, and no
// way without a sender.
func TestNumberCodeTerms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		if err := w.step.SendNumberCode(ctx, w.a.Tenant.ID, w.a.User.ID, number); feierabend.CodeOf(err) != "number_codes" {
			t.Errorf("without a sender: %v", err)
		}
		out := &sender{}
		step := w.with(func(o *signin.Options) { o.Numbers = out })
		send := func() error { return step.SendNumberCode(ctx, w.a.Tenant.ID, w.a.User.ID, number) }
		check := func(code string) string {
			return feierabend.CodeOf(step.CheckNumberCode(ctx, w.a.User.ID, number, code))
		}
		if err := send(); err != nil {
			t.Fatal(err)
		}
		first := out.last
		for out.last == first {
			if err := send(); err != nil {
				t.Fatal(err)
			}
		}
		if got := check(first); got != "code_wrong" {
			t.Errorf("an older code: %q", got)
		}
		for _, typed := range []string{"", "12345", "1234567", "12345a", "１２３４５６"} {
			if got := check(typed); got != "code_form" {
				t.Errorf("%q: %q", typed, got)
			}
		}
		w.clock.Advance(signin.NumberCodeTerm)
		if got := check(out.last); got != "code_wrong" {
			t.Errorf("after ten minutes: %q", got)
		}
		sent := 0
		for range 12 {
			if send() == nil {
				sent++
			}
		}
		if sent > 8 {
			t.Errorf("%d more codes on one day, want at most ten in all", sent)
		}
	})
}
