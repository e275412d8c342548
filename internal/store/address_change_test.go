package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestAddressChange: the code works once, in the browser that asked and at most five
// tries; an address that somebody got meanwhile is refused; the way back restores the
// old one, ends all sessions and takes later changes with it.
func TestAddressChange(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		ask1 := func(id, to string) {
			t.Helper()
			u, err := st.User(ctx, a.User.ID)
			must(t, err)
			c := feierabend.AddressChange{ID: id, User: u.ID, Old: u.Email, New: to, BindHash: []byte("bind"), Browser: "Firefox", At: st.Now()}
			must(t, st.AddAddressChange(ctx, c, feierabend.Job{K: feierabend.JobAddress, Ref: id}))
			must(t, st.SetAddressSecret(ctx, id, []byte("code"), st.Now().Add(10*time.Minute)))
		}
		confirm := func(bind, code string) error {
			return st.ConfirmAddress(ctx, a.User.ID, []byte(bind), []byte(code), []byte("mine"), st.Now(), func(id string) feierabend.Job {
				return feierabend.Job{K: feierabend.JobAddress, Ref: id}
			})
		}
		email := func(want string) {
			t.Helper()
			if u, err := st.User(ctx, a.User.ID); err != nil || u.Email != want {
				t.Errorf("address %q, want %q (%v)", u.Email, want, err)
			}
		}
		for _, token := range []string{"mine", "other"} {
			must(t, st.AddSession(ctx, feierabend.Session{TokenHash: []byte(token), User: a.User.ID, Tenant: a.Tenant.ID, CreatedAt: st.Now(), SeenAt: st.Now(), ExpiresAt: st.Now().Add(time.Hour)}))
		}
		ask1("c1", "Neu@deichgruen.example")
		for _, row := range ask(t, st, `SELECT * FROM address_change`) {
			if strings.Contains(strings.ToLower(strings.Join(row, " ")), "deichgruen") {
				t.Error("the addresses lie open")
			}
		}
		wantCode(t, confirm("elsewhere", "code"), feierabend.Unauthorized, "code_wrong")
		wantCode(t, confirm("bind", "wrong"), feierabend.Unauthorized, "code_wrong")
		must(t, confirm("bind", "code"))
		email("Neu@deichgruen.example")
		wantCode(t, confirm("bind", "code"), feierabend.Unauthorized, "code_wrong")
		if _, err := st.Session(ctx, []byte("mine"), st.Now()); err != nil {
			t.Errorf("the own session: %v", err)
		}
		if _, err := st.Session(ctx, []byte("other"), st.Now()); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Errorf("the other session: %v", err)
		}
		must(t, st.SetAddressSecret(ctx, "c1", []byte("undo"), st.Now()))
		clock.Advance(time.Minute)
		ask1("c2", b.User.Email)
		wantCode(t, confirm("bind", "code"), feierabend.Conflict, "email_taken")
		ask1("c3", "dritte@deichgruen.example")
		for range 5 {
			wantCode(t, confirm("bind", "wrong"), feierabend.Unauthorized, "code_wrong")
		}
		wantCode(t, confirm("bind", "code"), feierabend.Unauthorized, "code_wrong")
		ask1("c4", "vierte@deichgruen.example")
		must(t, confirm("bind", "code"))
		wantCode(t, st.UndoAddress(ctx, []byte("code"), st.Now()), feierabend.Unauthorized, "link_invalid")
		must(t, st.UndoAddress(ctx, []byte("undo"), st.Now()))
		email(a.User.Email)
		if n := count(t, st, "address_change"); n != "0" {
			t.Errorf("%s changes left", n)
		}
		if _, err := st.Session(ctx, []byte("mine"), st.Now()); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Errorf("a session after the way back: %v", err)
		}
		ask1("c5", "fuenfte@deichgruen.example")
		must(t, confirm("bind", "code"))
		must(t, st.SetAddressSecret(ctx, "c5", []byte("late"), st.Now()))
		clock.Advance(feierabend.AddressUndoTerm)
		wantCode(t, st.UndoAddress(ctx, []byte("late"), st.Now()), feierabend.Unauthorized, "link_invalid")
		clock.Advance(time.Second)
		must(t, st.SweepDone(ctx, st.Now()))
		if n := count(t, st, "address_change"); n != "0" {
			t.Errorf("%s changes after the sweep", n)
		}
	})
}
