package signin_test

import (
	"context"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/signin"
)

// invited makes an operator with an invitation, and gives its token.
func (w *world) invited(email string) (feierabend.UserID, string) {
	w.t.Helper()
	token := signin.NewToken()
	u, err := w.store.InviteOperator(context.Background(), email, feierabend.UserID(feierabend.NewID()), signin.Hash(token), w.clock.Now().Add(24*time.Hour), feierabend.Actor{Via: feierabend.ViaCLI})
	if err != nil {
		w.t.Fatal(err)
	}
	return u, token
}

// byMail signs the person in with a mail that this browser asked for.
func (w *world) byMail(s *signin.Step, email string, browser []byte) (string, feierabend.Session) {
	w.t.Helper()
	w.clock.Advance(time.Hour) // past the limit of mails
	if err := s.Request(context.Background(), email, feierabend.Asking{BindHash: browser}); err != nil {
		w.t.Fatal(err)
	}
	return w.redeem(s, browser)
}

func (w *world) redeem(s *signin.Step, browser []byte) (string, feierabend.Session) {
	w.t.Helper()
	if err := s.Mail(context.Background(), feierabend.Job{K: feierabend.JobMail, Ref: w.jobs[len(w.jobs)-1]}); err != nil {
		w.t.Fatal(err)
	}
	_, code := parts(w.t, w.mails.sent[len(w.mails.sent)-1])
	cookie, n, err := s.RedeemCode(context.Background(), code, browser, true, agent)
	if err != nil {
		w.t.Fatal(err)
	}
	return cookie, n
}

// enter asks for the operator's passkey and enters.
func enter(t *testing.T, s *signin.Step, cookie string, n feierabend.Session, d *device) (string, feierabend.Session, error) {
	t.Helper()
	options, err := s.AskProof(context.Background(), n)
	if err != nil {
		return "", feierabend.Session{}, err
	}
	return s.EnterOperator(context.Background(), cookie, d.get(options))
}

// TestOperatorNeedsPasskey (AUTH-12): a mail alone lets no operator in. The invitation
// leads to the first passkey, in the browser that answered it and once; then only that
// passkey opens, for 15 minutes without use and eight hours in all (SES-02).
func TestOperatorNeedsPasskey(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, s := context.Background(), w.keyed(false)
		_, token := w.invited("olga@betrieb.example")
		cookie, n := w.byMail(s, "olga@betrieb.example", bind) // without the invitation
		if n.Duty != "" || !n.Tenant.IsZero() {
			t.Fatalf("a mail alone: %+v", n)
		}
		for _, answer := range [][]byte{nil, []byte(`{}`)} {
			if _, _, err := s.EnterOperator(ctx, cookie, answer); feierabend.KindOf(err) != feierabend.Unauthorized {
				t.Fatalf("entered without a passkey: %v", err)
			}
		}
		ordinary := w.holds(s, n) // whoever has the mailbox may make one, but it opens nothing
		if _, _, err := enter(t, s, cookie, n, ordinary); feierabend.CodeOf(err) != "passkey" {
			t.Fatalf("an ordinary passkey opens: %v", err)
		}

		w.clock.Advance(time.Hour)
		if err := s.AnswerOperator(ctx, signin.NewToken(), feierabend.Asking{BindHash: bind}); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("an unknown invitation: %v", err)
		}
		if err := s.AnswerOperator(ctx, token, feierabend.Asking{BindHash: bind}); err != nil {
			t.Fatal(err)
		}
		cookie, n = w.redeem(s, bind)
		if n.Duty != feierabend.DutyInvited || n.Stay || !n.ExpiresAt.Equal(w.clock.Now().Add(signin.OperatorTerm)) {
			t.Fatalf("by the invitation: %+v", n)
		}
		d := w.holds(s, n)
		options, err := s.AskPasskey(ctx, n)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.MakePasskey(ctx, n, "noch einer", newDevice(t).create(options)); feierabend.CodeOf(err) != "passkey" {
			t.Errorf("the invitation counts twice: %v", err)
		}
		if cookie, n, err = enter(t, s, cookie, n, d); err != nil || n.Duty != feierabend.DutyOperator {
			t.Fatalf("%+v %v", n, err)
		}
		if err := s.RemovePasskey(ctx, n, (feierabend.Passkey{ID: d.id}).Handle()); feierabend.CodeOf(err) != "last_passkey" {
			t.Errorf("the last passkey: %v", err)
		}
		w.clock.Advance(signin.OperatorIdle - time.Second)
		if _, err := s.Session(ctx, cookie); err != nil {
			t.Errorf("ended early: %v", err)
		}
		w.clock.Advance(signin.OperatorIdle)
		if _, err := s.Session(ctx, cookie); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Errorf("15 minutes without use: %v", err)
		}

		// By passkey alone, and at most eight hours.
		if options, err = s.AskSignIn(ctx, bind); err != nil {
			t.Fatal(err)
		}
		if cookie, n, err = s.RedeemPasskey(ctx, d.get(options), bind, true, agent); err != nil || n.Duty != feierabend.DutyOperator || n.Stay {
			t.Fatalf("%+v %v", n, err)
		}
		for range 8*6 - 1 {
			w.clock.Advance(10 * time.Minute)
			if _, err := s.Session(ctx, cookie); err != nil {
				t.Fatalf("in use: %v", err)
			}
		}
		w.clock.Advance(10 * time.Minute)
		if _, err := s.Session(ctx, cookie); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Errorf("after eight hours: %v", err)
		}

		if cookie, n, err = signedByKey(s, d); err != nil {
			t.Fatal(err)
		}
		if err := w.store.RemoveOperator(ctx, n.User, feierabend.Actor{Via: feierabend.ViaCLI}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Session(ctx, cookie); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Errorf("removed: %v", err)
		}
		if _, _, err := signedByKey(s, d); feierabend.CodeOf(err) != "passkey" {
			t.Errorf("a removed operator signs in: %v", err)
		}
	})
}

func signedByKey(s *signin.Step, d *device) (string, feierabend.Session, error) {
	options, err := s.AskSignIn(context.Background(), bind)
	if err != nil {
		return "", feierabend.Session{}, err
	}
	return s.RedeemPasskey(context.Background(), d.get(options), bind, false, agent)
}

// TestOperatorAndMember: whoever is both is one of them at a time, and nobody else enters;
// a demonstration lets an operator in without a passkey.
func TestOperatorAndMember(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, s := context.Background(), w.keyed(true)
		w.invited(w.a.User.Email)
		cookie, n := w.session(w.a.User.ID, w.a.Tenant.ID, "")
		cookie, n, err := s.EnterOperator(ctx, cookie, nil)
		if err != nil || !n.Tenant.IsZero() || n.Role != "" || n.Duty != feierabend.DutyOperator {
			t.Fatalf("%+v %v", n, err)
		}
		if _, n, err = s.Choose(ctx, cookie, w.a.Tenant.ID); err != nil || n.Duty != "" || n.Tenant != w.a.Tenant.ID {
			t.Errorf("back to the firm: %+v %v", n, err)
		}
		stranger, _ := w.session(w.b.User.ID, w.b.Tenant.ID, "")
		if _, _, err := s.EnterOperator(ctx, stranger, nil); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("an owner enters: %v", err)
		}
		bad := n
		bad.TokenHash, bad.Duty = signin.Hash("x"), feierabend.DutyOperator
		if err := w.store.AddSession(ctx, bad); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("a session with duty and firm is stored: %v", err)
		}
	})
}
