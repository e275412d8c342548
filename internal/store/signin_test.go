package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

func link(t testing.TB, st *store.Store, f storetest.Firm, clock *storetest.Clock, token string) {
	t.Helper()
	must(t, st.AddSignInLink(context.Background(), feierabend.SignInLink{
		User: f.User.ID, TokenHash: []byte(token), CodeHash: []byte("code"),
		BindHash: []byte("bind"), ExpiresAt: clock.Now().Add(10 * time.Minute),
	}))
}

// TestSignInParallel: 50 parallel uses of a link give one sign-in (AUTH-02).
func TestSignInParallel(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		link(t, st, a, clock, "token")
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				u, err := st.ConsumeSignInToken(context.Background(), []byte("token"), []byte("bind"), clock.Now())
				if err == nil && u == a.User.ID {
					won.Add(1)
				} else if feierabend.KindOf(err) != feierabend.Unauthorized {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d sign-ins", won.Load())
		}
	})
}

// TestSignInRules: binding, expiry, voiding and the five tries.
func TestSignInRules(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		token := func(name, bind string) error {
			return second(st.ConsumeSignInToken(ctx, []byte(name), []byte(bind), clock.Now()))
		}
		code := func(bind, code string) error {
			return second(st.ConsumeSignInCode(ctx, []byte(bind), []byte(code), clock.Now()))
		}
		link(t, st, a, clock, "t1")
		link(t, st, a, clock, "t2")
		wantCode(t, token("t1", "bind"), feierabend.Unauthorized, "link_invalid") // voided by the newer one
		for range 4 {
			wantCode(t, token("t2", "other"), feierabend.Unauthorized, "other_browser")
		}
		must(t, token("t2", "bind")) // four misses did not use it up
		wantCode(t, token("t2", "bind"), feierabend.Unauthorized, "link_invalid")
		wantCode(t, code("bind", "code"), feierabend.Unauthorized, "code_void") // the link is used

		link(t, st, a, clock, "t3")
		for range 5 {
			wantCode(t, token("t3", "other"), feierabend.Unauthorized, "other_browser")
		}
		wantCode(t, token("t3", "bind"), feierabend.Unauthorized, "link_invalid")

		link(t, st, a, clock, "t4")
		wantCode(t, code("elsewhere", "code"), feierabend.Unauthorized, "code_void")
		for range 4 {
			wantCode(t, code("bind", "wrong"), feierabend.Unauthorized, "code_wrong")
		}
		must(t, code("bind", "code"))

		link(t, st, a, clock, "t5")
		for range 5 {
			wantCode(t, code("bind", "wrong"), feierabend.Unauthorized, "code_wrong")
		}
		wantCode(t, code("bind", "code"), feierabend.Unauthorized, "code_void")

		link(t, st, a, clock, "t6")
		clock.Advance(10 * time.Minute)
		wantCode(t, token("t6", "bind"), feierabend.Unauthorized, "link_invalid")
	})
}

// TestSession: expiry, sign-out, role of the moment, lost membership.
func TestSession(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		add := func(token string, tenant feierabend.TenantID) {
			must(t, st.AddSession(ctx, feierabend.Session{
				TokenHash: []byte(token), User: a.User.ID, Tenant: tenant, Stay: true,
				CreatedAt: clock.Now(), SeenAt: clock.Now(), ExpiresAt: clock.Now().Add(time.Hour),
			}))
		}
		add("s1", a.Tenant.ID)
		add("s2", feierabend.TenantID{})
		s, err := st.Session(ctx, []byte("s1"), clock.Now())
		must(t, err)
		if s.Tenant != a.Tenant.ID || s.Role != feierabend.RoleOwner || !s.Stay || s.User != a.User.ID {
			t.Errorf("%+v", s)
		}
		must(t, st.AddMembership(ctx, feierabend.Membership{User: a.User.ID, Tenant: a.Tenant.ID, Role: feierabend.RoleStaff}))
		if s, _ = st.Session(ctx, []byte("s1"), clock.Now()); s.Role != feierabend.RoleStaff {
			t.Errorf("role %s after the change", s.Role)
		}
		if s, err = st.Session(ctx, []byte("s2"), clock.Now()); err != nil || !s.Tenant.IsZero() {
			t.Errorf("%+v %v", s, err)
		}
		must(t, st.TouchSession(ctx, []byte("s1"), clock.Now().Add(time.Minute)))
		if s, _ = st.Session(ctx, []byte("s1"), clock.Now()); !s.SeenAt.Equal(clock.Now().Add(time.Minute)) {
			t.Errorf("seen %s", s.SeenAt)
		}
		must(t, st.EndSession(ctx, []byte("s1")))
		must(t, st.TouchSession(ctx, []byte("s1"), clock.Now().Add(2*time.Minute)))
		wantCode(t, second(st.Session(ctx, []byte("s1"), clock.Now())), feierabend.Unauthorized, "session")
		wantCode(t, second(st.Session(ctx, []byte("s2"), clock.Now().Add(time.Hour))), feierabend.Unauthorized, "session")
		add("s3", a.Tenant.ID)
		do(t, st, `DELETE FROM membership`)
		wantCode(t, second(st.Session(ctx, []byte("s3"), clock.Now())), feierabend.Unauthorized, "session")
	})
}

// TestAllow: limit per window, window from the first try, counted exactly in parallel.
func TestAllow(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		try := func(key string) bool {
			ok, err := st.Allow(ctx, key, 3, time.Minute, clock.Now())
			must(t, err)
			return ok
		}
		for i := range 5 {
			if got := try("mail/a@b"); got != (i < 3) {
				t.Errorf("try %d: %v", i+1, got)
			}
		}
		if !try("mail/c@d") {
			t.Error("keys share a counter")
		}
		found, err := st.Search(ctx, [][]byte{[]byte("mail/a@b"), []byte("counter")})
		must(t, err)
		if found.Hits[0] != 0 || found.Hits[1] == 0 {
			t.Errorf("%d hits of what is counted, which is keyed; %d of the table's name", found.Hits[0], found.Hits[1])
		}
		clock.Advance(time.Minute)
		if !try("mail/a@b") {
			t.Error("the next window is closed")
		}
		var wg sync.WaitGroup
		var allowed atomic.Int32
		for range 20 {
			wg.Go(func() {
				if ok, err := st.Allow(ctx, "parallel", 7, time.Minute, clock.Now()); err == nil && ok {
					allowed.Add(1)
				}
			})
		}
		wg.Wait()
		if allowed.Load() != 7 {
			t.Errorf("%d of 7 allowed", allowed.Load())
		}
	})
}

// TestLease: one holder at a time, until released or over.
func TestLease(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		lease := func(holder string) bool {
			ok, err := st.Lease(ctx, a.Tenant.ID, a.Sender.ID, holder, time.Minute)
			must(t, err)
			return ok
		}
		if !lease("x") || lease("y") || !lease("x") {
			t.Error("not one holder at a time")
		}
		must(t, st.Release(ctx, a.Tenant.ID, a.Sender.ID, "y"))
		if lease("y") {
			t.Error("released by another")
		}
		clock.Advance(time.Minute)
		if !lease("y") {
			t.Error("an ended lease holds")
		}
		must(t, st.Release(ctx, a.Tenant.ID, a.Sender.ID, "y"))
		if !lease("x") {
			t.Error("a released lease holds")
		}
	})
}
