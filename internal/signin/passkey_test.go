package signin_test

import (
	"context"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/signin"
	"feierabend/internal/storetest"
)

const agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"

// keyed gives the step with passkeys; demo lets operators in without one.
func (w *world) keyed(demo bool) *signin.Step {
	w.t.Helper()
	return w.with(func(o *signin.Options) { o.Keys, o.OperatorByMail = w.store, demo })
}

// session stores a session of a person and gives its cookie.
func (w *world) session(u feierabend.UserID, t feierabend.TenantID, duty feierabend.Duty) (string, feierabend.Session) {
	w.t.Helper()
	cookie, now := signin.NewToken(), w.clock.Now()
	n := feierabend.Session{TokenHash: signin.Hash(cookie), User: u, Tenant: t, Duty: duty, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(8 * time.Hour), ProvedAt: now}
	if err := w.store.AddSession(context.Background(), n); err != nil {
		w.t.Fatal(err)
	}
	return cookie, n
}

// holds gives a device with a passkey of the session's person.
func (w *world) holds(s *signin.Step, n feierabend.Session) *device {
	w.t.Helper()
	d := newDevice(w.t)
	options, err := s.AskPasskey(context.Background(), n)
	if err == nil {
		err = s.MakePasskey(context.Background(), n, "Telefon", d.create(options))
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// TestPasskey (AUTH-12): made in a session, it signs in without an address and proves the
// person; each use counts, the token is a new one.
func TestPasskey(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, s := context.Background(), w.keyed(false)
		_, mine := w.session(w.a.User.ID, w.a.Tenant.ID, "")
		d := w.holds(s, mine)
		options, err := s.AskPasskey(ctx, mine)
		if a := read(t, options); err != nil || a.PublicKey.Selection.UserVerification != "required" || a.PublicKey.Selection.ResidentKey != "required" {
			t.Errorf("asked for %+v: %v", a, err)
		}
		if options, err = s.AskSignIn(ctx, bind); err != nil {
			t.Fatal(err)
		}
		if a := read(t, options); a.PublicKey.UserVerification != "required" || a.PublicKey.RPID != "app.example" || len(a.PublicKey.Allow) != 0 {
			t.Errorf("the question of a sign-in names somebody, or asks for too little: %+v", a)
		}
		cookie, n, err := s.RedeemPasskey(ctx, d.get(options), bind, true, agent)
		if err != nil || n.User != w.a.User.ID || n.Tenant != w.a.Tenant.ID || n.Role != feierabend.RoleOwner || !n.Stay || n.Duty != "" || n.Browser != "Firefox" {
			t.Fatalf("%+v %v", n, err)
		}
		w.clock.Advance(time.Hour)
		if options, err = s.AskProof(ctx, n); err != nil {
			t.Fatal(err)
		}
		next, m, err := s.ConfirmPasskey(ctx, cookie, d.get(options))
		if err != nil || next == cookie || !m.ProvedAt.Equal(w.clock.Now()) || !m.ExpiresAt.Equal(n.ExpiresAt) {
			t.Fatalf("%+v %v", m, err)
		}
		all, err := s.Passkeys(ctx, w.a.User.ID)
		if err != nil || len(all) != 1 || all[0].Count != 2 || !all[0].UsedAt.Equal(w.clock.Now()) || all[0].Duty != "" || all[0].Name != "Telefon" {
			t.Errorf("%+v %v", all, err)
		}
		if err := s.RemovePasskey(ctx, m, all[0].Handle()); err != nil {
			t.Error(err)
		}
		if options, err = s.AskSignIn(ctx, bind); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.RedeemPasskey(ctx, d.get(options), bind, false, agent); feierabend.CodeOf(err) != "passkey" {
			t.Errorf("a removed one lets in: %v", err)
		}
	})
}

// lie is an answer that must not count.
type lie struct {
	name string
	tell func(w *world, d *device) (bind []byte) // changes the device, gives another browser or nil
	code string
}

func lies() []lie {
	return []lie{
		{"another challenge", func(_ *world, d *device) []byte { d.challenge = b64(make([]byte, 32)); return nil }, "passkey"},
		{"another origin", func(_ *world, d *device) []byte { d.origin = "https://app.example.evil.example"; return nil }, "passkey"},
		{"plain http", func(_ *world, d *device) []byte { d.origin = "http://app.example"; return nil }, "passkey"},
		{"another host", func(_ *world, d *device) []byte { d.rpID = "evil.example"; return nil }, "passkey"},
		{"nobody verified", func(_ *world, d *device) []byte { d.flags = present; return nil }, "passkey"},
		{"nobody present", func(_ *world, d *device) []byte { d.flags = verified; return nil }, "passkey"},
		{"five minutes late", func(w *world, _ *device) []byte { w.clock.Advance(signin.PasskeyTerm); return nil }, "passkey"},
		{"another browser", func(*world, *device) []byte { return other }, "passkey"},
	}
}

// TestPasskeyLies: what was tampered with signs nobody in, proves nobody and makes no
// passkey, and uses its challenge up.
func TestPasskeyLies(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, s := context.Background(), w.keyed(false)
		_, mine := w.session(w.a.User.ID, w.a.Tenant.ID, "")
		good := w.holds(s, mine)
		sign := append(lies(),
			lie{"another key", func(_ *world, d *device) []byte { d.key = newDevice(d.t).key; return nil }, "passkey"},
			lie{"somebody else's name", func(w *world, d *device) []byte { d.handle = string(w.b.User.ID); return nil }, "passkey"},
			lie{"an unknown name", func(_ *world, d *device) []byte { d.handle = feierabend.NewID(); return nil }, "passkey"},
			lie{"an unknown key", func(_ *world, d *device) []byte { d.id = make([]byte, 16); return nil }, "passkey"},
			lie{"a count again", func(_ *world, d *device) []byte { d.count = 0; return nil }, "passkey_count"},
		)
		good.count = 1
		for _, l := range sign {
			d := *good
			d.count = 40
			options, err := s.AskSignIn(ctx, bind)
			if err != nil {
				t.Fatal(err)
			}
			browser := bind
			if b := l.tell(w, &d); b != nil {
				browser = b
			}
			if l.name == "a count again" { // the stored one is 40 by then
				if err := w.store.UsePasskey(ctx, d.id, w.a.User.ID, 40, w.clock.Now()); err != nil {
					t.Fatal(err)
				}
			}
			answer := d.get(options)
			if _, _, err := s.RedeemPasskey(ctx, answer, browser, false, agent); feierabend.KindOf(err) != feierabend.Unauthorized || feierabend.CodeOf(err) != l.code {
				t.Errorf("sign in, %s: %v", l.name, err)
			}
			if l.name == "another challenge" { // the one that was asked is still there
				continue
			}
			if _, _, err := s.RedeemPasskey(ctx, good.get(options), bind, false, agent); feierabend.CodeOf(err) != "passkey" {
				t.Errorf("sign in, %s: the challenge counts a second time: %v", l.name, err)
			}
		}
		for _, l := range lies() {
			_, mine := w.session(w.a.User.ID, w.a.Tenant.ID, "")
			d := newDevice(t)
			options, err := s.AskPasskey(ctx, mine)
			if err != nil {
				t.Fatal(err)
			}
			if l.tell(w, d) != nil {
				_, mine = w.session(w.b.User.ID, w.b.Tenant.ID, "")
			}
			if err := s.MakePasskey(ctx, mine, "Telefon", d.create(options)); feierabend.CodeOf(err) != "passkey" {
				t.Errorf("make, %s: %v", l.name, err)
			}
		}
		for _, f := range []storetest.Firm{w.a, w.b} {
			all, err := s.Passkeys(ctx, f.User.ID)
			if err != nil || len(all) > 1 {
				t.Errorf("%d passkeys: %v", len(all), err)
			}
		}
	})
}

// TestPasskeyOnce: an answer counts once, whoever plays it again; a question for one
// person is not answered by another; a copy of a key is noticed.
func TestPasskeyOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, s := context.Background(), w.keyed(false)
		cookieA, a := w.session(w.a.User.ID, w.a.Tenant.ID, "")
		_, b := w.session(w.b.User.ID, w.b.Tenant.ID, "")
		d, theirs := w.holds(s, a), w.holds(s, b)
		options, err := s.AskSignIn(ctx, bind)
		if err != nil {
			t.Fatal(err)
		}
		copied := *d
		answer := d.get(options)
		if _, _, err := s.RedeemPasskey(ctx, answer, bind, false, agent); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.RedeemPasskey(ctx, answer, bind, false, agent); feierabend.CodeOf(err) != "passkey" {
			t.Errorf("the same answer again: %v", err)
		}
		if options, err = s.AskSignIn(ctx, bind); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.RedeemPasskey(ctx, copied.get(options), bind, false, agent); feierabend.CodeOf(err) != "passkey_count" {
			t.Errorf("a copy of the key: %v", err)
		}
		if options, err = s.AskProof(ctx, a); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.ConfirmPasskey(ctx, cookieA, theirs.get(options)); feierabend.CodeOf(err) != "passkey" {
			t.Errorf("another person's passkey proves this one: %v", err)
		}
		handle := theirsOf(t, s, w.b.User.ID)
		if err := s.RemovePasskey(ctx, a, handle); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("another person's passkey is removed: %v", err)
		}
	})
}

func theirsOf(t *testing.T, s *signin.Step, u feierabend.UserID) string {
	t.Helper()
	all, err := s.Passkeys(context.Background(), u)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d passkeys: %v", len(all), err)
	}
	return all[0].Handle()
}
