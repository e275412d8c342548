package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

func addSession(t *testing.T, st *store.Store, clock *storetest.Clock, f storetest.Firm, token string) feierabend.Session {
	t.Helper()
	n := feierabend.Session{
		TokenHash: []byte(token), User: f.User.ID, Tenant: f.Tenant.ID, CreatedAt: clock.Now(), SeenAt: clock.Now(),
		ExpiresAt: clock.Now().Add(24 * time.Hour), ProvedAt: clock.Now(), Browser: "Firefox", System: "Android",
	}
	must(t, st.AddSession(context.Background(), n))
	return n
}

// TestFiveSessions (SES-04): the sixth ends the oldest, of this person only.
func TestFiveSessions(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		addSession(t, st, clock, b, "b")
		for i := range 7 {
			clock.Advance(time.Minute)
			addSession(t, st, clock, a, fmt.Sprint("a", i))
		}
		for i := range 7 {
			_, err := st.Session(ctx, []byte(fmt.Sprint("a", i)), clock.Now())
			if (err == nil) != (i >= 2) {
				t.Errorf("session %d: %v", i, err)
			}
		}
		if _, err := st.Session(ctx, []byte("b"), clock.Now()); err != nil {
			t.Errorf("the other person's: %v", err)
		}
		list, err := st.Sessions(ctx, a.User.ID, clock.Now())
		must(t, err)
		if len(list) != 5 || string(list[0].TokenHash) != "a6" || list[0].Browser != "Firefox" || list[0].System != "Android" || list[0].Tenant != a.Tenant.ID {
			t.Errorf("%d sessions, first %+v", len(list), list[0])
		}
		var wg sync.WaitGroup
		for i := range 8 { // in parallel too
			wg.Go(func() {
				if err := st.AddSession(ctx, feierabend.Session{TokenHash: []byte(fmt.Sprint("p", i)), User: a.User.ID, CreatedAt: clock.Now(), ExpiresAt: clock.Now().Add(time.Hour)}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if list, err = st.Sessions(ctx, a.User.ID, clock.Now()); err != nil || len(list) != 5 {
			t.Errorf("after eight at once: %d %v", len(list), err)
		}
	})
}

// TestRenewSession (SES-03): the old token is dead at once, of 20 parallel calls one
// wins, and an ended session is not renewed.
func TestRenewSession(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		n := addSession(t, st, clock, a, "old")
		addSession(t, st, clock, b, "foreign")
		var won atomic.Int32
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				m := n
				m.TokenHash = []byte(fmt.Sprint("new", i))
				switch err := st.RenewSession(ctx, []byte("old"), m); {
				case err == nil:
					won.Add(1)
				case feierabend.CodeOf(err) != "session":
					t.Error(err)
				}
			})
		}
		wg.Wait()
		list, err := st.Sessions(ctx, a.User.ID, clock.Now())
		must(t, err)
		if won.Load() != 1 || len(list) != 1 {
			t.Fatalf("%d calls won, %d sessions", won.Load(), len(list))
		}
		wantCode(t, second(st.Session(ctx, []byte("old"), clock.Now())), feierabend.Unauthorized, "session")
		n.TokenHash = []byte("stolen")
		wantCode(t, st.RenewSession(ctx, []byte("foreign"), n), feierabend.Unauthorized, "session")
		if _, err := st.Session(ctx, []byte("foreign"), clock.Now()); err != nil {
			t.Errorf("the other person's session: %v", err)
		}
	})
}

// TestEndSessions (SES-04): all but the spared one, links too; devices by name.
func TestEndSessions(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		one, two := addSession(t, st, clock, a, "one"), addSession(t, st, clock, a, "two")
		addSession(t, st, clock, b, "b")
		wantCode(t, st.EndDevice(ctx, b.User.ID, one.Device(), clock.Now()), feierabend.NotFound, "device")
		must(t, st.EndDevice(ctx, a.User.ID, one.Device(), clock.Now()))
		wantCode(t, second(st.Session(ctx, one.TokenHash, clock.Now())), feierabend.Unauthorized, "session")
		addSession(t, st, clock, a, "three")
		must(t, st.AddSignInLink(ctx, feierabend.SignInLink{User: a.User.ID, TokenHash: []byte("t"), CodeHash: []byte("c"), BindHash: []byte("b"), ExpiresAt: clock.Now().Add(time.Minute)}))
		if n, err := st.EndSessions(ctx, a.User.ID, two.TokenHash); err != nil || n != 1 {
			t.Errorf("%d ended, %v", n, err)
		}
		if _, err := st.Session(ctx, two.TokenHash, clock.Now()); err != nil {
			t.Errorf("the spared one: %v", err)
		}
		wantCode(t, second(st.ConsumeSignInToken(ctx, []byte("t"), []byte("b"), clock.Now())), feierabend.Unauthorized, "link_invalid")
		if n, err := st.EndSessions(ctx, a.User.ID, nil); err != nil || n != 1 {
			t.Errorf("%d ended, %v", n, err)
		}
		if _, err := st.Session(ctx, []byte("b"), clock.Now()); err != nil {
			t.Errorf("the other person's: %v", err)
		}
	})
}

// TestBlocked: a blocked person has no session and gets none; a blocked firm's
// sessions say so; both come back.
func TestBlocked(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx, by := context.Background(), feierabend.Actor{Via: feierabend.ViaCLI}
		a, b := storetest.Seed(t, st)
		n := addSession(t, st, clock, a, "a")
		addSession(t, st, clock, b, "b")
		must(t, st.BlockUser(ctx, a.User.ID, clock.Now(), by))
		wantCode(t, second(st.Session(ctx, n.TokenHash, clock.Now())), feierabend.Unauthorized, "session")
		wantCode(t, st.AddSession(ctx, n), feierabend.Unauthorized, "blocked")
		wantCode(t, st.RenewSession(ctx, []byte("a"), n), feierabend.Unauthorized, "blocked")
		must(t, st.BlockUser(ctx, a.User.ID, time.Time{}, by))
		must(t, st.AddSession(ctx, n))
		must(t, st.BlockTenant(ctx, a.Tenant.ID, clock.Now(), by))
		wantCode(t, second(st.Session(ctx, n.TokenHash, clock.Now())), feierabend.Unauthorized, "blocked")
		n.TokenHash = []byte("again")
		wantCode(t, st.AddSession(ctx, n), feierabend.Unauthorized, "blocked")
		if _, err := st.Session(ctx, []byte("b"), clock.Now()); err != nil {
			t.Errorf("the other firm: %v", err)
		}
		must(t, st.BlockTenant(ctx, a.Tenant.ID, time.Time{}, by))
		if _, err := st.Session(ctx, []byte("a"), clock.Now()); err != nil {
			t.Errorf("after the block: %v", err)
		}
		wantCode(t, st.BlockUser(ctx, "nobody", clock.Now(), by), feierabend.NotFound, "user")
	})
}
