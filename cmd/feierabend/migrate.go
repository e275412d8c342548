package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"feierabend/internal/store"
)

// cmdMigrate is `feierabend migrate`: brings the database to this program's version,
// as the role of FEIERABEND_DATABASE_MIGRATE_URL where one is set.
func cmdMigrate(ctx context.Context, args []string, env environment, _ io.Reader, stdout, _ io.Writer) error {
	if len(args) > 0 {
		return usage("feierabend migrate nimmt keine Angaben.")
	}
	cfg, err := loadConfig(env)
	if err != nil {
		return err
	}
	if cfg.DatabaseURL.Empty() {
		d, err := openDataDir(cfg.dataPath())
		if errors.Is(err, errLocked) {
			return failure("data_in_use", err, "Der Ordner %s gehört einem laufenden Feierabend, das beim Start schon umgestellt hat. Es wurde nichts verändert.", cfg.dataPath())
		}
		if err != nil {
			return err
		}
		defer d.close()
	}
	o, err := storeOptions(cfg, newLog(io.Discard, true, 0))
	if err != nil {
		return err
	}
	from, to, err := store.Migrate(ctx, o)
	if err != nil {
		return err
	}
	if from == to {
		fmt.Fprintf(stdout, "Die Datenbank ist auf dem Stand dieses Programms (Schema %d).\n", to)
		return nil
	}
	fmt.Fprintf(stdout, "Die Datenbank wurde umgestellt: Schema %d auf %d.\n", from, to)
	return nil
}
