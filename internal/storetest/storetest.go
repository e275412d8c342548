// Package storetest gives tests a fresh, migrated store: on SQLite always, and on
// PostgreSQL too when FEIERABEND_TEST_PG names one (make test does, test/pg.sh
// starts one). It also seeds the two firms that every test has: the second one must
// see nothing of the first.
package storetest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
)

// Clock is a settable time, safe for several goroutines.
type Clock struct {
	mu     sync.Mutex
	t      time.Time
	uptime time.Duration
	jumped time.Duration
}

// Now gives the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// Database gives the time of the database: the right one, which no Jump changes.
func (c *Clock) Database() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t.Add(-c.jumped)
}

// Advance lets time go by, on the monotonic clock too; a negative d sets the clock back.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
	c.uptime += max(d, 0)
	c.jumped += min(d, 0)
}

// Jump sets the wall clock forth or back while no time goes by.
func (c *Clock) Jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.jumped += d
	c.t = c.t.Add(d)
}

// Uptime gives the monotonic clock.
func (c *Clock) Uptime() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.uptime
}

// Each runs fn on a fresh store of every engine there is.
func Each(t *testing.T, fn func(t *testing.T, st *store.Store, clock *Clock)) {
	t.Helper()
	for _, e := range Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			clock := NewClock()
			fn(t, Open(t, e.DSN(t), clock), clock)
		})
	}
}

// New gives a fresh store on SQLite.
func New(t testing.TB) (*store.Store, *Clock) {
	t.Helper()
	clock := NewClock()
	return Open(t, SQLite(t), clock), clock
}

// NewClock gives a clock that stands at a working day's morning.
func NewClock() *Clock { return &Clock{t: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)} }

// SQLite names a database in a fresh folder: in memory where there is a file system
// for that, since tests do not cut the power; on the disk for benchmarks.
func SQLite(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(folder(t), "feierabend.db")
}

func folder(t testing.TB) string {
	t.Helper()
	if _, figures := t.(*testing.B); figures {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp("/dev/shm", "feierabend-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// Options are what Open opens with; tests change a field.
func Options(t testing.TB, dsn string, clock *Clock) store.Options {
	t.Helper()
	keys, err := seal.ParseKeys("1:" + MasterKey)
	if err != nil {
		t.Fatal(err)
	}
	root, err := seal.ParseRoot(RootKey)
	if err != nil {
		t.Fatal(err)
	}
	o := store.Options{DSN: dsn, Keys: keys, Root: root, Now: clock.Now, Uptime: clock.Uptime, DatabaseNow: clock.Database, NewID: feierabend.NewID, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if strings.HasPrefix(dsn, "postgres://"+AppRole+"@") {
		o.ScrubDSN = As(t, dsn, ScrubRole)
	}
	return o
}

// The keys of test stores: fixed, so that a store can be opened again.
const (
	MasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	RootKey   = "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="
)

// Open opens a store that the test closes.
func Open(t testing.TB, dsn string, clock *Clock) *store.Store {
	t.Helper()
	st, err := store.Open(context.Background(), Options(t, dsn, clock))
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return st
}

// Reopen opens the database of a store once more, as another process would.
func Reopen(t testing.TB, st *store.Store, clock *Clock) *store.Store {
	t.Helper()
	dsn := ""
	if db := st.SQL(); db != nil {
		var path string
		if err := db.QueryRowContext(context.Background(), `SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&path); err != nil {
			t.Fatal(err)
		}
		dsn = "sqlite:" + path
	} else {
		cfg := st.Pool().Config().ConnConfig
		dsn = address(cfg, AppRole, cfg.Database)
	}
	return Open(t, dsn, clock)
}

// Firm is a seeded tenant with one owner, whose WhatsApp number is linked.
type Firm struct {
	Tenant feierabend.Tenant
	User   feierabend.User
	Sender feierabend.SenderLink
	Owner  feierabend.Actor // the user, signed in
}

// Inbound is a text of the firm's owner as the chat delivers it; id is the
// provider's id.
func (f Firm) Inbound(id, text string) feierabend.Inbound {
	return feierabend.Inbound{
		Channel: "whatsapp", ExternalID: id, From: f.Sender.Phone, Kind: feierabend.InboundText, Text: text,
		At: time.Date(2026, 11, 24, 7, 59, 0, 0, time.UTC), Raw: []byte(fmt.Sprintf("{%q:%q}", "id", id)),
	}
}

// Seed makes the two firms of the demo, both with a concluded agreement.
func Seed(t testing.TB, st *store.Store) (a, b Firm) {
	t.Helper()
	a = seed(t, st, "Deichgrün Haustechnik", "Hauke Deichgrün", "hauke@deichgruen.example", "+4917139200155", shk())
	b = seed(t, st, "Malerbetrieb Nordlicht", "Inken Nord", "inken@nordlicht.example", "+4917139200166",
		feierabend.Profile{Trade: "maler", VATScheme: "standard", VATRate: 19 * feierabend.One, Seller: feierabend.Seller{Name: "Malerbetrieb Nordlicht"}})
	return a, b
}

func seed(t testing.TB, st *store.Store, name, person, mail, phone string, p feierabend.Profile) Firm {
	t.Helper()
	id, err := feierabend.ParseTenantID(feierabend.NewID())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	f := Firm{
		Tenant: feierabend.Tenant{ID: id, Name: name, CreatedAt: at, RetentionDays: 30, Countdown: 24 * time.Hour},
		User:   feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: mail, Name: person},
	}
	f.Sender = feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), Tenant: id, User: f.User.ID, Phone: phone, LinkedAt: at}
	f.Owner = feierabend.Actor{User: f.User.ID, Role: feierabend.RoleOwner, Via: feierabend.ViaSession}
	ctx := context.Background()
	for _, err := range []error{
		st.CreateTenant(ctx, f.Tenant, p),
		st.AddUser(ctx, f.User),
		st.AddMembership(ctx, feierabend.Membership{User: f.User.ID, Tenant: id, Role: feierabend.RoleOwner}),
		st.AddSenderLink(ctx, id, f.Sender),
		st.ConcludeAgreement(ctx, feierabend.ProcessingAgreement{Tenant: id, Version: "1", Hash: make([]byte, 32), ConcludedAt: at, By: f.Owner}),
	} {
		if err != nil {
			t.Fatalf("seed %s: %v", name, err)
		}
	}
	return f
}

// shk is the first firm's profile: rates, a small price list, a letterhead.
func shk() feierabend.Profile {
	eur := func(cents int64) feierabend.Dec4 { return feierabend.Dec4(cents * 100) }
	return feierabend.Profile{
		Trade: "shk", VATScheme: "standard", VATRate: 19 * feierabend.One, DueDays: 14,
		Rates: map[string]feierabend.Dec4{"meister": eur(6800), "geselle": eur(5400), "azubi": eur(2900)}, DefaultRole: "meister",
		Travel: &feierabend.Travel{Mode: "flat", Price: eur(3500), Unit: "LS", Label: "Anfahrt"},
		Seller: feierabend.Seller{
			Name: "Deichgrün Haustechnik", Street: "Störweg 8", Postcode: "25524", City: "Itzehoe", Phone: "+49 4821 5550120",
			Email: "hauke@deichgruen.example", TaxNumber: "18/123/45678", IBAN: "DE02120300000000202051", LastNumber: "RE-2026-0041",
		},
	}
}
