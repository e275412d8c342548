package store

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"feierabend"
	"feierabend/internal/seal"
)

// Options are what a Store needs. Required are DSN, Keys, Root, Now and NewID.
type Options struct {
	DSN string // "sqlite:<dir>/feierabend.db" or "postgres://…"
	// MigrateDSN and ScrubDSN are the same PostgreSQL database by other roles: the
	// owner of the tables, who migrates and grants, and the owner of content_key, who
	// rewrites it and moves the log on. "" = the role of DSN does that too.
	MigrateDSN string
	ScrubDSN   string

	Keys  *seal.Keyring
	Root  *seal.Root
	Now   func() time.Time
	NewID func() string
	// Uptime is a monotonic clock that counts the sleep of the machine; nil = the
	// system's. Now is believed only as far as it bears it out.
	Uptime func() time.Duration
	// DatabaseNow is the clock of a PostgreSQL database; nil = it is asked. For tests,
	// whose clock is not that of the machine.
	DatabaseNow func() time.Time
	Log         *slog.Logger // nil = discard
	// Copies names, for a receipt, what may still exist at the providers of the
	// channels over which the case's messages came, and until when, counted from
	// the last of them. nil = none.
	Copies func(channels []string, last time.Time) []feierabend.ResidualCopy
	Gate   Gate // nil but in tests of faults
}

// Store is the database. Its methods are safe for use by several goroutines.
type Store struct {
	db     engine
	keys   *seal.Keyring
	root   *seal.Root
	clock  *keeper
	now    func() time.Time // of the clock: never backwards
	dbNow  func() time.Time // Options.DatabaseNow
	newID  func() string
	log    *slog.Logger
	copies func([]string, time.Time) []feierabend.ResidualCopy

	ear ear // who was heard since the last sweep

	inbox    chan *delivery // to the one writer of the accept path
	quit     chan struct{}
	stopped  chan struct{}
	stopOnce sync.Once
	scrubbed sync.Mutex // one scrub at a time
	closeErr error
	batches  atomic.Int64
}

// Open opens and migrates the database, checks that the keys are those of its
// content, and starts the writer of the accept path.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Keys == nil || o.Root == nil || o.Now == nil || o.NewID == nil {
		return nil, errors.New("open store: keys, root, now and newID are required")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Uptime == nil {
		o.Uptime = newUptime()
	}
	clock := newKeeper(o.Now, o.Uptime)
	s := &Store{
		keys: o.Keys, root: o.Root, clock: clock, now: clock.now, dbNow: o.DatabaseNow, newID: o.NewID, log: o.Log, copies: o.Copies,
		inbox: make(chan *delivery, 1024), quit: make(chan struct{}), stopped: make(chan struct{}),
	}
	var err error
	switch path, isSQLite := strings.CutPrefix(o.DSN, "sqlite:"); {
	case isSQLite:
		s.db, err = asEngine(openSQLite(ctx, path, o.Log, o.Gate))
	case strings.HasPrefix(o.DSN, "postgres://"), strings.HasPrefix(o.DSN, "postgresql://"):
		s.db, err = asEngine(openPG(ctx, o))
	default:
		err = &feierabend.Error{
			Kind: feierabend.Invalid, Code: "database_url",
			Text: "Die Angabe der Datenbank ist nicht zu verstehen. Sie beginnt mit sqlite: oder postgres://.",
		}
	}
	if err != nil {
		return nil, err
	}
	s.db = withGate(s.db, o.Gate)
	for _, step := range []func(context.Context) error{s.beginClock, s.checkKeys, s.resumeScrub} {
		if err == nil {
			err = step(ctx)
		}
	}
	if err != nil {
		s.db.close()
		return nil, err
	}
	go s.accept()
	go s.watchClock()
	return s, nil
}

// asEngine keeps a nil pointer from becoming a non-nil interface.
func asEngine[E engine](e E, err error) (engine, error) {
	if err != nil {
		return nil, err
	}
	return e, nil
}

// Close stops the accept path after what it has in hand and closes the database.
func (s *Store) Close() error {
	s.stopOnce.Do(func() {
		close(s.quit)
		<-s.stopped
		s.closeErr = s.db.close()
	})
	return s.closeErr
}

// SQL is SQLite's writer pool (one connection) for the job runner; nil on PostgreSQL.
func (s *Store) SQL() *sql.DB {
	if e, ok := bare(s.db).(*sqlite); ok {
		return e.writer
	}
	return nil
}

// Pool is PostgreSQL's pool for the job runner; nil on SQLite.
func (s *Store) Pool() *pgxpool.Pool {
	if e, ok := bare(s.db).(*postgres); ok {
		return e.pool
	}
	return nil
}

// update runs fn in one writing transaction of a firm and maps errors. On
// PostgreSQL the rows of other firms do not exist in it (row-level security).
func (s *Store) update(ctx context.Context, tenant feierabend.TenantID, fn func(tx) error) error {
	return s.db.explain(s.db.update(ctx, tenant.String(), fn))
}

// view runs fn in one reading transaction of a firm and maps errors.
func (s *Store) view(ctx context.Context, tenant feierabend.TenantID, fn func(querier) error) error {
	return s.db.explain(s.db.view(ctx, tenant.String(), fn))
}

// updateAll is update for what belongs to no firm or to all: on PostgreSQL the
// tables of firms are empty in it until one is named with bind, eachFirm or a step.
func (s *Store) updateAll(ctx context.Context, fn func(tx) error) error {
	return s.db.explain(s.db.update(ctx, "", fn))
}

// viewAll is view for what belongs to no firm or to all.
func (s *Store) viewAll(ctx context.Context, fn func(querier) error) error {
	return s.db.explain(s.db.view(ctx, "", fn))
}

// checkKeys refuses to start with keys that are not those of the data: else the
// content could not be opened, senders would be unknown and codes wrong.
func (s *Store) checkKeys(ctx context.Context) error {
	mark := s.root.MAC(seal.PurposeCheck, "root")
	return s.updateAll(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `INSERT INTO meta(name, value) VALUES('root', $1) ON CONFLICT(name) DO NOTHING`, mark); err != nil {
			return err
		}
		var have []byte
		if err := t.queryRow(ctx, `SELECT value FROM meta WHERE name = 'root'`).Scan(&have); err != nil {
			return err
		}
		if subtle.ConstantTimeCompare(have, mark) != 1 {
			return &feierabend.Error{Kind: feierabend.Invalid, Code: "root_key", Text: "Der Stammschlüssel (FEIERABEND_ROOT_KEY) ist nicht der, mit dem " +
				"diese Datenbank angelegt wurde. Es wurde nichts verändert. Bitte den richtigen Schlüssel angeben."}
		}
		if err := s.beginServiceChain(ctx, t); err != nil {
			return err
		}
		if err := s.checkMasters(ctx, t); err != nil {
			return err
		}
		return s.markMaster(ctx, t)
	})
}
