package signin_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/signin"
)

// from asks for a mail as one browser somewhere; the mail's link and code are "" where none went out.
func (w *world) from(email string, from feierabend.Asking) (token, code string) {
	w.t.Helper()
	jobs, mails := len(w.jobs), len(w.mails.sent)
	if err := w.step.Request(context.Background(), email, from); err != nil {
		w.t.Fatal(err)
	}
	if len(w.jobs) == jobs {
		return "", ""
	}
	w.work()
	if len(w.mails.sent) == mails {
		return "", ""
	}
	return parts(w.t, w.mails.sent[len(w.mails.sent)-1])
}

func at(network, browser string) feierabend.Asking {
	return feierabend.Asking{BindHash: signin.Hash(browser), Browser: "Firefox", Network: network}
}

// TestNobodyIsLockedOut (AUTH-07, ASVS 6.1.1): mails that strangers ask for use up
// neither those of another network nor those of a browser that the person has used, nor
// those of the step-up; for one address there is an end all the same.
func TestNobodyIsLockedOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		for i := range 5 {
			token, _ := w.from(w.a.User.Email, at("198.51.100.1/32", fmt.Sprint("stranger", i)))
			if (token != "") != (i < 3) {
				t.Errorf("mail %d of one network: sent %v", i, token != "")
			}
		}
		if token, _ := w.from(w.a.User.Email, at("203.0.113.7/32", "own")); token == "" {
			t.Error("a stranger elsewhere used up the mails of the person")
		}
		sent := 4
		for net := range 4 {
			for i := range 3 {
				if token, _ := w.from(w.a.User.Email, at(fmt.Sprintf("198.51.100.%d/32", 10+net), fmt.Sprint(i))); token != "" {
					sent++
				}
			}
		}
		if sent != 9 {
			t.Errorf("%d mails to one address in a quarter of an hour, want 9", sent)
		}
		own := at("203.0.113.7/32", "own")
		own.Known = w.step.Remember(w.b.User.ID)
		if token, _ := w.from(w.a.User.Email, own); token != "" {
			t.Error("the cookie of somebody else gives mails")
		}
		own.Known = w.step.Remember(w.a.User.ID)
		for i := range 4 {
			if token, _ := w.from(w.a.User.Email, own); (token != "") != (i < 3) {
				t.Errorf("mail %d of a known browser: sent %v", i, token != "")
			}
		}
		session := feierabend.Session{User: w.a.User.ID, TokenHash: []byte("session")}
		for i := range 4 {
			err := w.step.ProofMail(ctx, session, own)
			if (err == nil) != (i < 3) || err != nil && feierabend.CodeOf(err) != "mail_limit" {
				t.Errorf("mail %d of the step-up: %v", i, err)
			}
		}
		if token, _ := w.from(w.b.User.Email, at("198.51.100.1/32", "stranger")); token == "" {
			t.Error("the mails of one person are the limit of another")
		}
		if ok, err := w.step.Allow(ctx, "registration", feierabend.NormalEmail(w.a.User.Email), "203.0.113.7/32"); err != nil || !ok {
			t.Errorf("registrations have a budget of their own: %v %v", ok, err)
		}
	})
}

// TestForgedKnownBrowser: only what Remember made for this very person counts.
func TestForgedKnownBrowser(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		good := w.step.Remember(w.a.User.ID)
		for range 3 {
			w.from(w.a.User.Email, at("198.51.100.1/32", "x"))
		}
		for _, cookie := range []string{"", ".", good[:len(good)-1], "A" + good[1:], good + "A", good[:43], w.step.Remember("")} {
			from := at("198.51.100.1/32", "x")
			if from.Known = cookie; cookie == good {
				continue
			}
			if token, _ := w.from(w.a.User.Email, from); token != "" {
				t.Errorf("%q counts as known", cookie)
			}
		}
	})
}

// TestLinksOfOtherBrowsers: a newer mail voids the older one of its own browser only; at
// most three wait, and those of one network push out each other first.
func TestLinksOfOtherBrowsers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		mine, own := at("203.0.113.7/32", "own"), func(token string) bool {
			_, _, err := w.step.Redeem(ctx, token, signin.Hash("own"), false, "")
			return err == nil
		}
		old, _ := w.from(w.a.User.Email, mine)
		first, _ := w.from(w.a.User.Email, mine)
		w.clock.Advance(time.Second)
		for i := range 3 { // all that one network has
			w.from(w.a.User.Email, at("198.51.100.1/32", fmt.Sprint(i)))
			w.clock.Advance(time.Second)
		}
		if own(old) {
			t.Error("the older link of the same browser opens")
		}
		if !own(first) {
			t.Error("a stranger's mails voided the link of the first browser")
		}
		w.clock.Advance(16 * time.Minute)
		mine.Known = w.step.Remember(w.a.User.ID)
		known, _ := w.from(w.a.User.Email, mine)
		for i := range 9 {
			w.clock.Advance(time.Second)
			w.from(w.a.User.Email, at(fmt.Sprintf("198.51.100.%d/32", i), fmt.Sprint(i)))
		}
		if !own(known) {
			t.Error("strangers' mails voided the link of a known browser")
		}
		other := at("203.0.113.8/32", "office")
		other.Known = w.step.Remember(w.b.User.ID)
		foreign, _ := w.from(w.b.User.Email, other)
		if _, s, err := w.step.Redeem(ctx, foreign, signin.Hash("office"), false, ""); err != nil || s.User != w.b.User.ID {
			t.Errorf("the other firm's link: %v", err)
		}
	})
}
