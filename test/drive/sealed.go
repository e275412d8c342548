package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"feierabend/internal/secret"
)

// sealed gives live settings as an operator has them: every secret sealed, the key in
// a file of its own.
func sealed(dir string, settings []string) ([]string, error) {
	file, to, err := secret.NewKey(time.Now())
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "age.key")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		return nil, err
	}
	out := []string{"FEIERABEND_AGE_KEY_FILE=" + path}
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		switch name {
		case "FEIERABEND_MASTER_KEYS", "FEIERABEND_ROOT_KEY", "FEIERABEND_WHATSAPP_TOKEN", "FEIERABEND_WHATSAPP_APP_SECRET", "FEIERABEND_WHATSAPP_VERIFY_TOKEN",
			"FEIERABEND_DATABASE_URL", "FEIERABEND_DATABASE_MIGRATE_URL", "FEIERABEND_DATABASE_SCRUB_URL":
			if value, err = secret.Seal(name, secret.New(value), time.Now(), []secret.Recipient{to}); err != nil {
				return nil, fmt.Errorf("seal settings: %w", err)
			}
		}
		out = append(out, name+"="+value)
	}
	return out, nil
}
