package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
)

// The keys of the databases of a run: they hold made-up content only.
const (
	masterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	rootKey   = "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="
)

// The roles of docs/postgresql.md; the owner is that of the cluster.
const (
	appRole   = "feierabend_app"
	scrubRole = "feierabend_scrub"
)

// engine is one kind of database.
type engine struct{ name string }

func (b *bench) engines() []engine {
	if b.pg == "" {
		return []engine{{"SQLite"}}
	}
	return []engine{{"SQLite"}, {"PostgreSQL"}}
}

// database is one database of a run.
type database struct {
	folder  string // of the service: SQLite's files lie in it
	dsn     string // of the store
	migrate string
	scrub   string
}

// fresh makes an empty database.
func (b *bench) fresh(ctx context.Context, e engine) (*database, error) {
	b.ids++
	d := &database{folder: filepath.Join(b.dir, fmt.Sprint("data", b.ids))}
	if err := os.MkdirAll(d.folder, 0o700); err != nil {
		return nil, err
	}
	if e.name == "SQLite" {
		d.dsn = "sqlite:" + filepath.Join(d.folder, "feierabend.db")
		return d, nil
	}
	return d, b.createPG(ctx, d, fmt.Sprintf("bench_%d_%d", os.Getpid(), b.ids))
}

// createPG makes a database with the roles of docs/postgresql.md.
func (b *bench) createPG(ctx context.Context, d *database, name string) error {
	cfg, err := pgx.ParseConfig(b.pg)
	if err != nil {
		return err
	}
	texts := []string{}
	for _, role := range []string{appRole, scrubRole} {
		texts = append(texts, `DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '`+role+`') THEN CREATE ROLE `+role+` LOGIN NOSUPERUSER NOBYPASSRLS; END IF; END $$`)
	}
	if err := execAll(ctx, cfg, append(texts, `GRANT pg_checkpoint, pg_monitor TO `+scrubRole, `CREATE DATABASE `+name)...); err != nil {
		return err
	}
	inside := cfg.Copy()
	inside.Database = name
	if err := execAll(ctx, inside, `GRANT EXECUTE ON FUNCTION pg_switch_wal() TO `+scrubRole); err != nil {
		return err
	}
	d.usePG(cfg, name)
	return nil
}

func (d *database) usePG(cfg *pgx.ConnConfig, name string) {
	at := func(user string) string {
		return fmt.Sprintf("postgres://%s@/%s?host=%s&port=%d&sslmode=disable", user, name, cfg.Host, cfg.Port)
	}
	d.dsn, d.migrate, d.scrub = at(appRole), at(cfg.User), at(scrubRole)
}

func execAll(ctx context.Context, cfg *pgx.ConnConfig, texts ...string) error {
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, q := range texts {
		if _, err := conn.Exec(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

// remove gives the space back.
func (b *bench) remove(ctx context.Context, d *database) {
	os.RemoveAll(d.folder)
	if d.migrate == "" {
		return
	}
	cfg, err := pgx.ParseConfig(d.migrate)
	if err != nil {
		return
	}
	name := cfg.Database
	if base, err := pgx.ParseConfig(b.pg); err == nil {
		execAll(ctx, base, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
	}
}

// env gives the service's settings for the database.
func (d *database) env() []string {
	out := []string{"FEIERABEND_DATA=" + d.folder}
	if d.migrate != "" {
		out = append(out, "FEIERABEND_DATABASE_URL="+d.dsn, "FEIERABEND_DATABASE_MIGRATE_URL="+d.migrate, "FEIERABEND_DATABASE_SCRUB_URL="+d.scrub)
	}
	return out
}

// open opens the store of a database in this process.
func (d *database) open(ctx context.Context) (*store.Store, error) { return d.openWith(ctx, nil) }

func (d *database) openWith(ctx context.Context, gate store.Gate) (*store.Store, error) {
	keys, err := seal.ParseKeys("1:" + masterKey)
	if err != nil {
		return nil, err
	}
	root, err := seal.ParseRoot(rootKey)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Options{
		DSN: d.dsn, MigrateDSN: d.migrate, ScrubDSN: d.scrub, Keys: keys, Root: root,
		Gate: gate, Now: time.Now, NewID: feierabend.NewID, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
}

// firm is a seeded tenant: its owner speaks from one linked number.
type firm struct {
	tenant feierabend.TenantID
	owner  feierabend.Actor
	sender feierabend.SenderID
	phone  string
}

// found makes n firms as `feierabend tenant create` would.
func found(ctx context.Context, st *store.Store, n int) ([]firm, error) {
	hash := sha256.Sum256([]byte("bench"))
	var all []firm
	for i := range n {
		id, err := feierabend.ParseTenantID(feierabend.NewID())
		if err != nil {
			return nil, err
		}
		now := time.Now()
		user := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: fmt.Sprintf("chef%d@firma.example", i), Name: "Chefin " + strconv.Itoa(i)}
		f := firm{
			tenant: id, owner: feierabend.Actor{User: user.ID, Role: feierabend.RoleOwner, Via: feierabend.ViaCLI},
			sender: feierabend.SenderID(feierabend.NewID()), phone: fmt.Sprintf("+49171%07d", 3920000+i),
		}
		link := &feierabend.SenderLink{ID: f.sender, Tenant: id, User: user.ID, Phone: f.phone, LinkedAt: now}
		err = st.Found(ctx, feierabend.Tenant{ID: id, Name: fmt.Sprint("Firma ", i), CreatedAt: now, RetentionDays: 30, Countdown: 24 * time.Hour}, profileOf(i), user,
			feierabend.ProcessingAgreement{Tenant: id, Version: "bench", Hash: hash[:], ConcludedAt: now, By: f.owner}, link)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// profileOf has what a plain dictation needs to become a draft without questions.
func profileOf(i int) feierabend.Profile {
	eur := func(n int64) feierabend.Dec4 { return feierabend.Dec(int(n)) }
	return feierabend.Profile{
		Trade: "shk", VATScheme: "standard", VATRate: 19 * feierabend.One, DueDays: 14,
		Rates: map[string]feierabend.Dec4{"meister": eur(68), "geselle": eur(54)}, DefaultRole: "meister",
		Travel: &feierabend.Travel{Mode: "flat", Price: eur(35), Unit: "LS", Label: "Anfahrt"},
		Seller: feierabend.Seller{
			Name: fmt.Sprint("Firma ", i), Street: "Störweg 8", Postcode: "25524", City: "Itzehoe", Phone: "+49 4821 5550120",
			Email: "post@firma.example", TaxNumber: "18/123/45678", IBAN: "DE02120300000000202051", LastNumber: "RE-2026-0041",
		},
	}
}

// seeded gives a fresh database with firms.
func (b *bench) seeded(ctx context.Context, e engine, n int) (*database, []firm, error) {
	d, err := b.fresh(ctx, e)
	if err != nil {
		return nil, nil, err
	}
	st, err := d.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer st.Close()
	firms, err := found(ctx, st, n)
	return d, firms, err
}

func isPG(d *database) bool { return strings.HasPrefix(d.dsn, "postgres") }
