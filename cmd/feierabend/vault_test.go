package main

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"feierabend/internal/secret"
)

// TestSecretsLeaveTheEnvironment: what was read is not inherited by a child (KEY-01).
func TestSecretsLeaveTheEnvironment(t *testing.T) {
	names := append(secretNames(), "FEIERABEND_AGE_KEY", "DATABASE_URL")
	if len(names) < 11 {
		t.Fatalf("only %d secret settings", len(names))
	}
	for _, n := range names {
		t.Setenv(n, "Mondscheintarif")
	}
	t.Setenv("FEIERABEND_LISTEN", "localhost:1")
	environ := takeEnvironment()
	for _, n := range names {
		if !slices.Contains(environ, n+"=Mondscheintarif") {
			t.Errorf("%s was not read", n)
		}
	}
	if left := strings.Join(os.Environ(), "\n"); strings.Contains(left, "Mondscheintarif") || !strings.Contains(left, "FEIERABEND_LISTEN=localhost:1") {
		t.Error("secrets are still in the environment, or more than they is gone")
	}
}

// TestErrorsOfSealedSettingsShowNoValue tries every wrong way and looks at the words.
func TestErrorsOfSealedSettingsShowNoValue(t *testing.T) {
	file, to, err := secret.NewKey(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	other, toOther, err := secret.NewKey(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := dir + "/age.key"
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	seal := func(name string, to secret.Recipient) string {
		s, err := secret.Seal(name, secret.New("Mondscheintarif"), time.Now(), []secret.Recipient{to})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	const name = "FEIERABEND_WHATSAPP_TOKEN"
	good := seal(name, to)
	for what, c := range map[string]struct{ value, key, want string }{
		"another name":     {seal("FEIERABEND_ROOT_KEY", to), path, "vertauscht"},
		"another key":      {seal(name, toOther), path, "für einen anderen verschlossen"},
		"half of it":       {good[:len(good)/2], path, "beschädigt"},
		"no key":           {good, "", "Schlüssel dazu fehlt"},
		"no file":          {good, dir + "/nichts", "keine Datei"},
		"a file of others": {good, "/etc/hostname", ""},
	} {
		_, err := loadConfig(lookup([]string{name + "=" + c.value, "FEIERABEND_AGE_KEY_FILE=" + c.key}))
		if exitCode(err) != exitUsage || !strings.Contains(sentence(err), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
			continue
		}
		for _, shown := range []string{"Mondschein", c.value, strings.TrimSpace(file), strings.TrimSpace(other)} {
			if strings.Contains(err.Error()+sentence(err), shown) {
				t.Errorf("%s: the sentence shows a value: %v", what, err)
			}
		}
	}
	c, err := loadConfig(lookup([]string{name + "=" + good, "FEIERABEND_AGE_KEY_FILE=" + path}))
	if err != nil || c.WhatsAppToken.Reveal() != "Mondscheintarif" || c.vault.source() != secret.FromFile || c.vault.sealed[name].IsZero() {
		t.Errorf("a good setting: %v", err)
	}
}

func TestWhichDatabaseAddressesAreSecret(t *testing.T) {
	for dsn, want := range map[string]bool{
		"postgres://db/f?sslmode=verify-full": false, "postgres://ich@db/f": false, "host=/run/postgresql dbname=f": false,
		"postgres://ich:wort@db/f": true, "host=db password=wort": true, "host=db PASSWORD = wort": true, "postgres://db/f?password=wort": true,
		"postgres://db/f?sslpassword=wort": true, "postgres://ich:wo rt@db:x/%zz": true,
	} {
		if got := holdsPassword(dsn); got != want {
			t.Errorf("%s: %v, want %v", dsn, got, want)
		}
	}
}
