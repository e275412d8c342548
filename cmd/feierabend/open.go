package main

import (
	"context"
	"log/slog"
	"time"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
)

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
	keys, err := seal.ParseKeys(cfg.MasterKeys)
	if err != nil {
		return o, usage("FEIERABEND_MASTER_KEYS hat nicht die Form <id>:<base64 von 32 Bytes>[,…]. feierabend key new erzeugt einen.")
	}
	root, err := seal.ParseRoot(cfg.RootKey)
	if err != nil {
		return o, usage("FEIERABEND_ROOT_KEY ist kein base64 von 32 Bytes. feierabend key new erzeugt einen.")
	}
	return store.Options{DSN: cfg.dsn(), MigrateDSN: cfg.DatabaseOwner, ScrubDSN: cfg.DatabaseScrub, Keys: keys, Root: root, Now: time.Now, NewID: feierabend.NewID, Log: log}, nil
}
