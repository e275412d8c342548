package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// join makes a member of a firm.
func join(t testing.TB, st *store.Store, f storetest.Firm, id feierabend.UserID, role feierabend.Role) feierabend.User {
	t.Helper()
	u := feierabend.User{ID: id, Email: string(id) + "@firma.example", Name: "Frau " + string(id)}
	must(t, st.AddUser(context.Background(), u))
	must(t, st.AddMembership(context.Background(), feierabend.Membership{User: id, Tenant: f.Tenant.ID, Role: role}))
	return u
}

// planted is a number that one person wants to link for another, with a code of its own.
type planted struct {
	feierabend.LinkChallenge
	bsuid, code string
}

// plant begins the challenge of the n-th number; session is the hash of the session's token.
func plant(st *store.Store, f storetest.Firm, n int, user, by feierabend.UserID, session string) (planted, error) {
	p := planted{challenge(st.Now(), f, fmt.Sprintf("+49171392040%02d", n)), fmt.Sprintf("DE.70%d", n), fmt.Sprintf("K7QF2M9XATE%02d", n)}
	p.User, p.By, p.Session = user, by, []byte(session)
	return p, st.AddLinkChallenge(context.Background(), f.Tenant.ID, p.LinkChallenge, p.code)
}

// says delivers a text or a button of the number.
func (p planted) says(t testing.TB, st *store.Store, id string, in feierabend.Inbound) {
	t.Helper()
	in.ExternalID, in.From, in.BSUID = "wamid."+p.ID+id, p.Phone, p.bsuid
	heard(t, st, in)
}

func (p planted) sendsCode(t testing.TB, st *store.Store) {
	t.Helper()
	p.says(t, st, "code", stranger(st, "", "Code: "+feierabend.ShowLinkCode(p.code)))
}

// saysYes gives the state in which the challenge is then.
func (p planted) saysYes(t testing.TB, st *store.Store) feierabend.LinkState {
	t.Helper()
	p.says(t, st, "yes", answer(st, "", feierabend.ActLink, p.LinkChallenge))
	return stateOf(t, st, p.LinkChallenge).State
}

// TestChallengeEndsWithItsOwner: what somebody began who is owner no longer, or whose
// session has ended, links nothing, however far it had come; others' goes on.
func TestChallengeEndsWithItsOwner(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		session := func(u feierabend.UserID, token string, later time.Duration) feierabend.Session {
			at := st.Now().Add(later)
			return feierabend.Session{TokenHash: []byte(token), User: u, Tenant: a.Tenant.ID, CreatedAt: at, SeenAt: at, ExpiresAt: at.Add(time.Hour)}
		}
		for n, tc := range []struct {
			name string
			want feierabend.LinkState
			end  func(ex feierabend.UserID) error
		}{
			{"removed", feierabend.LinkVoid, func(ex feierabend.UserID) error { return st.RemoveMember(ctx, a.Tenant.ID, ex, asOwner) }},
			{"demoted", feierabend.LinkVoid, func(ex feierabend.UserID) error {
				return st.SetRole(ctx, a.Tenant.ID, ex, feierabend.RoleOffice, asOwner)
			}},
			{"blocked", feierabend.LinkVoid, func(ex feierabend.UserID) error { return st.BlockUser(ctx, ex, st.Now(), asOwner) }},
			{"signed out", feierabend.LinkVoid, func(ex feierabend.UserID) error { return st.EndSession(ctx, []byte(ex)) }},
			{"the device ended", feierabend.LinkVoid, func(ex feierabend.UserID) error {
				return st.EndDevice(ctx, ex, session(ex, string(ex), 0).Device(), st.Now())
			}},
			{"the other devices ended", feierabend.LinkVoid, func(ex feierabend.UserID) error { return second(st.EndSessions(ctx, ex, []byte("another"))) }},
			{"a sixth device", feierabend.LinkVoid, func(ex feierabend.UserID) error {
				for i := range 5 {
					if err := st.AddSession(ctx, session(ex, string(ex)+fmt.Sprint(i), time.Duration(i+1)*time.Second)); err != nil {
						return err
					}
				}
				return nil
			}},
			{"renewed, then signed out", feierabend.LinkVoid, func(ex feierabend.UserID) error {
				if err := st.RenewSession(ctx, []byte(ex), session(ex, string(ex)+"new", 0)); err != nil {
					return err
				}
				return st.EndSession(ctx, []byte(ex+"new"))
			}},
			{"renewed", feierabend.LinkDone, func(ex feierabend.UserID) error {
				return st.RenewSession(ctx, []byte(ex), session(ex, string(ex)+"new", 0))
			}},
			{"this device spared", feierabend.LinkDone, func(ex feierabend.UserID) error { return second(st.EndSessions(ctx, ex, []byte(ex))) }},
			{"a colleague removed", feierabend.LinkDone, func(feierabend.UserID) error {
				return st.RemoveMember(ctx, a.Tenant.ID, join(t, st, a, "staff", feierabend.RoleStaff).ID, asOwner)
			}},
		} {
			ex := join(t, st, a, feierabend.UserID(fmt.Sprint("ex", n)), feierabend.RoleOwner).ID
			must(t, st.AddSession(ctx, session(ex, string(ex), 0)))
			c, err := plant(st, a, n, a.User.ID, ex, string(ex))
			must(t, err)
			c.sendsCode(t, st)
			if got := stateOf(t, st, c.LinkChallenge).State; got != feierabend.LinkAsked {
				t.Fatalf("%s: %s after the code", tc.name, got)
			}
			must(t, tc.end(ex))
			if got := c.saysYes(t, st); got != tc.want {
				t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
			}
		}
		other, err := plant(st, b, 60, b.User.ID, b.User.ID, "nordlicht")
		must(t, err)
		must(t, st.RemoveMember(ctx, a.Tenant.ID, "ex2", asOwner))
		other.sendsCode(t, st)
		if got := other.saysYes(t, st); got != feierabend.LinkDone {
			t.Errorf("the other firm's: %s", got)
		}
	})
}

// TestRenewedCode: the code was worked out of the old token, so the page can show it no
// longer; what has come further goes on under the new one.
func TestRenewedCode(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		for n, want := range []feierabend.LinkState{feierabend.LinkVoid, feierabend.LinkAsked} {
			token := fmt.Sprint("token", n)
			s := feierabend.Session{TokenHash: []byte(token), User: a.User.ID, Tenant: a.Tenant.ID, CreatedAt: st.Now(), SeenAt: st.Now(), ExpiresAt: st.Now().Add(time.Hour)}
			must(t, st.AddSession(ctx, s))
			c, err := plant(st, a, n, a.User.ID, a.User.ID, token)
			must(t, err)
			if want == feierabend.LinkAsked {
				c.sendsCode(t, st)
			}
			s.TokenHash = []byte(token + "new")
			must(t, st.RenewSession(ctx, []byte(token), s))
			latest, err := st.LatestLink(ctx, a.Tenant.ID, s.TokenHash)
			if err != nil || latest.ID != c.ID || latest.State != want {
				t.Errorf("%s %s, want %s (%v)", latest.ID, latest.State, want, err)
			}
			_, err = st.LatestLink(ctx, a.Tenant.ID, []byte(token))
			wantCode(t, err, feierabend.NotFound, "link_challenge")
		}
	})
}

// TestOnlyOwnersLinkOthers: whoever is no owner begins and ends a challenge for
// themselves alone, whatever their session said, in the chat and on the page.
func TestOnlyOwnersLinkOthers(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		join(t, st, a, "staff", feierabend.RoleStaff)
		for n, by := range []feierabend.UserID{"staff", b.User.ID, ""} {
			_, err := plant(st, a, n, a.User.ID, by, "s")
			wantCode(t, err, feierabend.Unauthorized, "role")
		}
		if n := count(t, st, "link_challenge"); n != "0" {
			t.Errorf("%s challenges", n)
		}
		own, err := plant(st, a, 5, "staff", "staff", "s")
		must(t, err)
		own.sendsCode(t, st)
		if got := own.saysYes(t, st); got != feierabend.LinkDone {
			t.Errorf("the own number: %s", got)
		}
		// Between the challenge and its last word the one who asked lost the role; the void
		// of SetRole is left out, as in the instant before it.
		join(t, st, a, "late", feierabend.RoleOwner)
		for n, state := range []string{"asked", "confirm"} {
			c, err := plant(st, a, 10+n, a.User.ID, "late", "s")
			must(t, err)
			c.sendsCode(t, st)
			do(t, st, `UPDATE link_challenge SET state = $1 WHERE state = 'asked'`, state)
			do(t, st, `UPDATE membership SET role = 'office' WHERE user_id = 'late'`)
			if state == "confirm" {
				_, err := st.ConfirmLink(ctx, a.Tenant.ID, c.ID, a.Owner)
				wantCode(t, err, feierabend.Conflict, "link_over")
			} else if got := c.saysYes(t, st); got != feierabend.LinkVoid {
				t.Errorf("the late one: %s", got)
			}
			do(t, st, `UPDATE membership SET role = 'owner' WHERE user_id = 'late'`)
		}
	})
}

// TestUndoTakesFootholds: whoever had the person's access and mailbox leaves nothing
// behind when the address goes back: no challenge, no invitation, no number linked since,
// be it for somebody else. What was there before, and the other firm's, stays.
func TestUndoTakesFootholds(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		join(t, st, a, "colleague", feierabend.RoleOwner)
		must(t, st.AddMembership(ctx, feierabend.Membership{User: a.User.ID, Tenant: b.Tenant.ID, Role: feierabend.RoleOwner}))
		linked := func(n int, f storetest.Firm, user, by feierabend.UserID) feierabend.SenderID {
			t.Helper()
			c, err := plant(st, f, n, user, by, "mine")
			must(t, err)
			c.sendsCode(t, st)
			if got := c.saysYes(t, st); got != feierabend.LinkDone {
				t.Fatalf("number %d: %s", n, got)
			}
			return stateOf(t, st, c.LinkChallenge).Link
		}
		before := linked(1, a, "colleague", a.User.ID)
		clock.Advance(time.Minute)
		change := feierabend.AddressChange{ID: "c", User: a.User.ID, Old: a.User.Email, New: "dieb@anderswo.example", BindHash: []byte("bind"), Browser: "Firefox", At: st.Now()}
		must(t, st.AddAddressChange(ctx, change))
		must(t, st.SetAddressSecret(ctx, "c", []byte("code"), st.Now().Add(time.Hour)))
		must(t, st.ConfirmAddress(ctx, a.User.ID, []byte("bind"), []byte("code"), []byte("mine"), st.Now(), func(string) feierabend.Job { return feierabend.Job{K: feierabend.JobAddress, Ref: "c"} }))
		must(t, st.SetAddressSecret(ctx, "c", []byte("undo"), st.Now()))
		clock.Advance(time.Minute)
		own, others := linked(2, a, a.User.ID, a.User.ID), linked(3, a, "colleague", a.User.ID)
		foreign, elsewhere := linked(4, a, "colleague", "colleague"), linked(5, b, b.User.ID, b.User.ID)
		waits, err := plant(st, a, 6, "colleague", a.User.ID, "mine")
		must(t, err)
		waits.sendsCode(t, st)
		for id, by := range map[string]storetest.Firm{"i-a": a, "i-b": b} {
			must(t, st.AddInvitation(ctx, by.Tenant.ID, feierabend.Invitation{ID: id, Email: "helfer@anderswo.example", Role: feierabend.RoleOwner, By: a.User.ID, CreatedAt: st.Now(), ExpiresAt: st.Now().Add(time.Hour)}))
		}
		must(t, st.AddInvitation(ctx, b.Tenant.ID, feierabend.Invitation{ID: "i-other", Email: "malerin@nordlicht.example", Role: feierabend.RoleStaff, By: b.User.ID, CreatedAt: st.Now(), ExpiresAt: st.Now().Add(time.Hour)}))
		notices(t, st)
		must(t, st.UndoAddress(ctx, []byte("undo"), st.Now()))

		if got := waits.saysYes(t, st); got != feierabend.LinkVoid {
			t.Errorf("the challenge that waited: %s", got)
		}
		for _, tc := range []struct {
			name string
			f    storetest.Firm
			id   feierabend.SenderID
			want feierabend.Standing
		}{
			{"linked before", a, before, feierabend.SenderActive},
			{"the person's first", a, a.Sender.ID, feierabend.SenderActive},
			{"the person's since", a, own, feierabend.SenderSuspended},
			{"a colleague's since, by the person", a, others, feierabend.SenderSuspended},
			{"a colleague's own", a, foreign, feierabend.SenderActive},
			{"the other firm's", b, elsewhere, feierabend.SenderActive},
		} {
			l, err := st.SenderLink(ctx, tc.f.Tenant.ID, tc.id)
			if must(t, err); l.Standing != tc.want || (l.Why == feierabend.SuspendedAccess) != (tc.want == feierabend.SenderSuspended) {
				t.Errorf("%s: %q %q, want %q", tc.name, l.Standing, l.Why, tc.want)
			}
		}
		if got := ask(t, st, `SELECT id FROM invitation`); len(got) != 1 || got[0][0] != "i-other" {
			t.Errorf("invitations left: %q", got)
		}
		told := map[string]int{}
		for _, n := range notices(t, st) {
			told[n]++
		}
		for _, to := range []string{a.User.Email, "colleague@firma.example", b.User.Email} {
			if told["address_back "+to+" "] == 0 {
				t.Errorf("%s is not told: %v", to, told)
			}
		}
		storetest.Whole(t, st)
	})
}
