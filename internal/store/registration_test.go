package store_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

func applicationOf(email string) *feierabend.Application {
	return &feierabend.Application{
		Firm: "Zimmerei Rotkehlchen", LegalForm: "gmbh", Street: "Am Markt 3", Postcode: "25524", City: "Itzehoe",
		FirstName: "Wiebke", LastName: "Rotkehlchen", Email: email, Phone: "+4917139200177", Trade: "Zimmerer",
	}
}

func register(t *testing.T, st *store.Store, email, bind string) feierabend.Registration {
	t.Helper()
	r := feierabend.Registration{
		ID: feierabend.NewID(), User: feierabend.UserID(feierabend.NewID()), Email: feierabend.NormalEmail(email), BindHash: []byte(bind), Browser: "Firefox", At: st.Now(), Form: applicationOf(email),
	}
	must(t, st.AddRegistration(context.Background(), r, feierabend.Job{K: feierabend.JobRegister, Ref: r.ID}))
	return r
}

func complete(st *store.Store, r feierabend.Registration) (feierabend.UserID, error) {
	id, err := feierabend.ParseTenantID(feierabend.NewID())
	if err != nil {
		return "", err
	}
	n := feierabend.Tenant{ID: id, Name: r.Form.Firm, RetentionDays: 30}
	p := feierabend.Profile{Trade: r.Form.Trade, Seller: feierabend.Seller{Name: r.Form.Firm}}
	return st.CompleteRegistration(context.Background(), r.ID, n, p, feierabend.User{ID: r.User, Email: r.Form.Email, Name: "Wiebke Rotkehlchen", Phone: r.Form.Phone})
}

// TestRegistrationWaits: an application makes no firm and no person, is sealed, is
// found by id, owner and browser, and ends after 24 hours with the sweep.
func TestRegistrationWaits(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		storetest.Seed(t, st)
		firms, people := count(t, st, "tenant"), count(t, st, "person")
		r := register(t, st, "Wiebke@Rotkehlchen.example", "browser one")
		clock.Advance(time.Minute)
		newer := register(t, st, "wiebke@rotkehlchen.example", "browser one")
		if count(t, st, "tenant") != firms || count(t, st, "person") != people {
			t.Error("an application made a firm or a person")
		}
		got, err := st.Registration(ctx, r.ID, st.Now())
		must(t, err)
		if *got.Form != *r.Form || got.User != r.User || got.Browser != "Firefox" {
			t.Errorf("got %+v %+v", got, got.Form)
		}
		got, err = st.RegistrationOf(ctx, r.User, st.Now())
		if err != nil || got.ID != r.ID {
			t.Errorf("of its owner: %v %v", got.ID, err)
		}
		got, err = st.RegistrationFrom(ctx, []byte("browser one"), st.Now())
		if err != nil || got.ID != newer.ID {
			t.Errorf("newest of the browser: %v %v", got.ID, err)
		}
		for _, row := range ask(t, st, `SELECT * FROM registration`) {
			if strings.Contains(strings.ToLower(strings.Join(row, " ")), "rotkehlchen") {
				t.Error("the form lies open")
			}
		}
		clock.Advance(feierabend.RegistrationTerm + time.Minute)
		if _, err := st.Registration(ctx, r.ID, st.Now()); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("after 24 hours: %v", err)
		}
		must(t, st.SweepDone(ctx, st.Now()))
		if n := count(t, st, "registration"); n != "0" {
			t.Errorf("%s applications after the sweep", n)
		}
	})
}

// TestRegistrationCompletes: firm, owner, membership and profile come at once; what
// waits for the address goes, also under another spelling.
func TestRegistrationCompletes(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		r, other := register(t, st, "Wiebke@rotkehlchen.example", "one"), register(t, st, "wiebke@rotkehlchen.example", "two")
		stays := register(t, st, "andere@example.de", "three")
		user, err := complete(st, r)
		must(t, err)
		if user != r.User {
			t.Errorf("owner %s, want %s", user, r.User)
		}
		members, err := st.Memberships(ctx, user)
		must(t, err)
		if len(members) != 1 || members[0].Role != feierabend.RoleOwner {
			t.Fatalf("memberships %+v", members)
		}
		n, err := st.Tenant(ctx, members[0].Tenant)
		must(t, err)
		p, err := st.Profile(ctx, members[0].Tenant)
		must(t, err)
		u, err := st.User(ctx, user)
		must(t, err)
		if n.Name != "Zimmerei Rotkehlchen" || p.Trade != "Zimmerer" || u.Phone != "+4917139200177" || u.Email != "Wiebke@rotkehlchen.example" {
			t.Errorf("firm %q, profile %+v, user %+v", n.Name, p, u)
		}
		if _, err := st.Agreement(ctx, n.ID); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("an agreement came by itself: %v", err)
		}
		if _, err := st.Registration(ctx, other.ID, st.Now()); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("the other application of the address: %v", err)
		}
		if _, err := st.Registration(ctx, stays.ID, st.Now()); err != nil {
			t.Errorf("the application of another address: %v", err)
		}
		if again, err := complete(st, other); err != nil || again != user {
			t.Errorf("completed after all: %s %v", again, err)
		}
		known := register(t, st, a.User.Email, "four")
		if got, err := complete(st, known); err != nil || got != a.User.ID {
			t.Errorf("an address with an access: %s %v, want %s", got, err, a.User.ID)
		}
		if n := count(t, st, "tenant"); n != "3" {
			t.Errorf("%s firms, want the two seeded and one", n)
		}
	})
}

// TestRegistrationTwiceIsOneFirm: however many applications of one address are
// completed at the same time, one firm comes of it.
func TestRegistrationTwiceIsOneFirm(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		var rs []feierabend.Registration
		for range 8 {
			rs = append(rs, register(t, st, "wiebke@rotkehlchen.example", "one"))
		}
		var wg sync.WaitGroup
		users := make([]feierabend.UserID, 2*len(rs))
		for i := range users {
			wg.Go(func() {
				var err error
				if users[i], err = complete(st, rs[i/2]); err != nil {
					t.Errorf("complete: %v", err)
				}
			})
		}
		wg.Wait()
		for _, u := range users {
			if u != users[0] {
				t.Errorf("users %v", users)
				break
			}
		}
		if n, m := count(t, st, "tenant"), count(t, st, "membership"); n != "1" || m != "1" {
			t.Errorf("%s firms, %s memberships, want 1", n, m)
		}
	})
}
