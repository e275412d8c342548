package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"feierabend/internal/seal"
	"feierabend/internal/store"
)

const keyUsage = "feierabend key new | add | list [--json] | rotate [--json] | drop NUMMER"

// cmdKey is `feierabend key …`: makes keys for the environment and replaces the
// master key (docs/keys.md). It never writes a key anywhere but to stdout.
func cmdKey(ctx context.Context, args []string, env environment, stdin io.Reader, stdout, stderr io.Writer) error {
	verb := ""
	if len(args) > 0 {
		verb = args[0]
	}
	admin := func(args ...string) error { return viaStore("key")(ctx, args, env, stdin, stdout, stderr) }
	switch {
	case verb == "new" && len(args) == 1:
		return keyNew(env, stdout)
	case verb == "add" && len(args) == 1:
		return keyAdd(env, stdout)
	case verb == "list" && len(args) <= 2:
		return admin(args...)
	case verb == "rotate" && len(args) <= 2:
		first, err := firstMaster(env)
		if err != nil {
			return err
		}
		return admin(append(args, first...)...)
	case verb == "drop" && len(args) == 2:
		return keyDrop(env, args[1], admin, stdout)
	}
	return usage(keyUsage)
}

// keyNew prints both keys of a new service.
func keyNew(env environment, stdout io.Writer) error {
	master, err := settingLine(env, "FEIERABEND_MASTER_KEYS", "1:"+randomKey())
	if err != nil {
		return err
	}
	root, err := settingLine(env, "FEIERABEND_ROOT_KEY", randomKey())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s\n%s\n", master, root)
	return err
}

// masterKeys gives the setting as the operator has it here; the service may have
// another one by now.
func masterKeys(env environment) (string, error) {
	cfg, err := loadConfig(env)
	if err != nil {
		return "", err
	}
	if cfg.MasterKeys.Empty() {
		return "", usage("FEIERABEND_MASTER_KEYS steht nicht in dieser Umgebung. Bitte den Befehl mit denselben Einstellungen starten wie den Dienst.")
	}
	if _, err := seal.ParseKeys(cfg.MasterKeys.Reveal()); err != nil {
		return "", usage("FEIERABEND_MASTER_KEYS hat nicht die Form <id>:<base64 von 32 Bytes>[,…]. feierabend key new erzeugt einen.")
	}
	return cfg.MasterKeys.Reveal(), nil
}

// firstMaster names, as an argument, the master key that the operator expects the
// service to wrap with; none where the environment has no keys.
func firstMaster(env environment) ([]string, error) {
	cfg, err := loadConfig(env)
	if err != nil || cfg.MasterKeys.Empty() {
		return nil, err
	}
	setting, err := masterKeys(env)
	if err != nil {
		return nil, err
	}
	ring, err := seal.ParseKeys(setting)
	if err != nil {
		return nil, err
	}
	return []string{"--wraps=" + strconv.Itoa(int(ring.Current()))}, nil
}

// adminKey is the part of `key list|rotate|drop` that works on the store, in the
// process that owns it.
func adminKey(ctx context.Context, st *store.Store, args []string, _ io.Reader, stdout io.Writer) error {
	asJSON, wraps := false, ""
	var rest []string
	for _, a := range args {
		if w, ok := strings.CutPrefix(a, "--wraps="); ok {
			wraps = w
		} else if a == "--json" {
			asJSON = true
		} else {
			rest = append(rest, a)
		}
	}
	switch {
	case len(rest) == 1 && rest[0] == "list":
		return keyList(ctx, st, asJSON, stdout)
	case len(rest) == 1 && rest[0] == "rotate":
		return keyRotate(ctx, st, wraps, asJSON, stdout)
	case len(rest) == 2 && rest[0] == "drop":
		return keyFree(ctx, st, rest[1])
	}
	return usage(keyUsage)
}

// keyList shows the master keys by number: who wraps with them and what they hold.
func keyList(ctx context.Context, st *store.Store, asJSON bool, stdout io.Writer) error {
	ks, err := st.MasterKeys(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(stdout).Encode(ks)
	}
	for _, k := range ks {
		var is []string
		if k.Wraps {
			is = append(is, "verschließt hier neue Schlüssel")
		}
		if !k.Known {
			is = append(is, "steht hier nicht in FEIERABEND_MASTER_KEYS")
		}
		is = append(is, fmt.Sprintf("%d laufende Prozesse verschließen damit", k.Processes), fmt.Sprintf("%d Vorgänge", k.Keys))
		if k.Unproved > 0 {
			is = append(is, fmt.Sprintf("%d alte Formen noch zu suchen", k.Unproved))
		}
		if _, err := fmt.Fprintf(stdout, "Hauptschlüssel %d: %s\n", k.ID, strings.Join(is, ", ")); err != nil {
			return err
		}
	}
	return nil
}
