package main

import (
	"context"
	"log/slog"
	"time"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
)

// awaitStore is openStore for the service: a PostgreSQL that is not there yet, or not
// yet migrated by the process that may, is waited for as long as the settings say. So
// a platform may start everything at once; after that time it should see the failure.
func awaitStore(ctx context.Context, cfg config, log *slog.Logger, copies func([]string, time.Time) []feierabend.ResidualCopy) (*store.Store, *seal.Root, error) {
	pause, end, said := 200*time.Millisecond, time.Now().Add(cfg.DatabaseWait), time.Time{}
	for {
		st, root, err := openStore(ctx, cfg, log, copies)
		code := feierabend.CodeOf(err)
		if code != "database_down" && code != "not_migrated" || cfg.DatabaseURL.Empty() || time.Now().Add(pause).After(end) {
			return st, root, err
		}
		if time.Since(said) > 10*time.Second {
			said = time.Now()
			log.Warn("waiting for the database", "code", code, "seconds_left", int(time.Until(end).Seconds()))
		}
		select {
		case <-time.After(pause):
			pause = min(2*pause, 2*time.Second)
		case <-ctx.Done():
			return nil, nil, err
		}
	}
}

// openStore opens (and migrates) the database with the keys of the settings.
// copies names for receipts what the providers may still hold; nil where none is asked.
func openStore(ctx context.Context, cfg config, log *slog.Logger, copies func([]string, time.Time) []feierabend.ResidualCopy) (*store.Store, *seal.Root, error) {
	o, err := storeOptions(cfg, log)
	if err != nil {
		return nil, nil, err
	}
	o.Copies = copies
	st, err := store.Open(ctx, o)
	return st, o.Root, err
}

// storeOptions reads the keys and says where the database is.
func storeOptions(cfg config, log *slog.Logger) (o store.Options, err error) {
	if err := demoKeys(&cfg); err != nil {
		return o, err
	}
	keys, err := seal.ParseKeys(cfg.MasterKeys.Reveal())
	if err != nil {
		return o, usage("FEIERABEND_MASTER_KEYS hat nicht die Form <id>:<base64 von 32 Bytes>[,…]. feierabend key new erzeugt einen.")
	}
	root, err := seal.ParseRoot(cfg.RootKey.Reveal())
	if err != nil {
		return o, usage("FEIERABEND_ROOT_KEY ist kein base64 von 32 Bytes. feierabend key new erzeugt einen.")
	}
	wall, database := clocks()
	return store.Options{DSN: cfg.dsn(), MigrateDSN: cfg.DatabaseOwner.Reveal(), ScrubDSN: cfg.DatabaseScrub.Reveal(), Keys: keys, Root: root, Now: wall, DatabaseNow: database, NewID: feierabend.NewID, Log: log}, nil
}
