package main

import (
	"errors"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"feierabend/internal/secret"
)

// vault opens sealed settings while they are read, and remembers how each came. It
// never keeps a value.
type vault struct {
	keys   *secret.Keys         // nil until something sealed was met
	sealed map[string]time.Time // name → day of sealing, zero where it names none
	plain  []string             // names that came in plain text
}

// open gives the value of a setting: as it is, or what is sealed in it.
func (v *vault) open(env environment, name, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	if !secret.IsSealed(text) {
		if !strings.Contains(name, "_DATABASE_") || holdsPassword(text) {
			v.plain = append(v.plain, name)
		}
		return text, nil
	}
	if v.keys == nil {
		keys, err := ageKeys(env)
		if err != nil {
			return "", err
		}
		if keys == nil {
			return "", usage("%s ist verschlossen, aber der Schlüssel dazu fehlt. Es wurde nichts geöffnet. "+
				"Bitte FEIERABEND_AGE_KEY_FILE setzen oder age.key als systemd-Credential übergeben (docs/keys.md).", name)
		}
		v.keys, v.sealed = keys, map[string]time.Time{}
	}
	value, day, err := secret.Open(name, text, v.keys)
	switch {
	case errors.Is(err, secret.ErrName):
		return "", usage("%s trägt einen Wert, der für einen anderen Namen verschlossen ist. Er wurde nicht verwendet. "+
			"Vermutlich sind zwei Einstellungen vertauscht. Bitte tauschen, oder neu verschließen: feierabend secret seal %[1]s", name)
	case errors.Is(err, secret.ErrKey):
		return "", usage("%s lässt sich mit dem vorhandenen Schlüssel nicht öffnen: Der Wert ist für einen anderen verschlossen. Es wurde nichts verwendet. "+
			"Bitte den richtigen Schlüssel angeben, oder neu verschließen: feierabend secret seal %[1]s", name)
	case err != nil:
		return "", usage("%s ist beschädigt oder nicht vollständig und wurde nicht verwendet. "+
			"Bitte den Wert noch einmal ganz übertragen, oder neu verschließen: feierabend secret seal %[1]s", name)
	}
	v.sealed[name] = day
	return value.Reveal(), nil
}

// how says for people how a setting came.
func (v *vault) how(name string) string {
	if _, sealed := v.sealed[name]; sealed {
		return "verschlossen, wird nicht gezeigt"
	}
	if slices.Contains(v.plain, name) {
		return "gesetzt, wird nicht gezeigt"
	}
	return "nicht gesetzt"
}

// source is where the key came from: a fact for the technical and organisational
// measures, whose text must be true.
func (v *vault) source() secret.Source {
	if v.keys == nil {
		return secret.FromNowhere
	}
	return v.keys.Source
}

// checkSealed refuses a live start with a secret in plain text (KEY-03).
func (c config) checkSealed() error {
	if c.demo() || len(c.vault.plain) == 0 {
		return nil
	}
	if c.vault.plain[0] == libpqPassword {
		return usage("%s enthält ein Passwort im Klartext. Es wurde nichts gestartet. Bitte das Passwort in FEIERABEND_DATABASE_URL aufnehmen und diese verschließen: feierabend secret seal FEIERABEND_DATABASE_URL", libpqPassword)
	}
	return usage("%s steht im Klartext da. Im Echtbetrieb nimmt Feierabend Geheimnisse nur verschlossen an; es wurde nichts gestartet. "+
		"Bitte verschließen: feierabend secret seal %[1]s (docs/keys.md). Zum Ausprobieren: feierabend serve --demo", c.vault.plain[0])
}

// libpqPassword is what the database driver reads by itself.
const libpqPassword = "PGPASSWORD"

// The text form of PostgreSQL's addresses: key=value, spaces allowed around =.
var passwordWord = regexp.MustCompile(`(?i)password\s*=`)

// holdsPassword says whether an address of PostgreSQL is itself a secret. What cannot
// be read is taken for one.
func holdsPassword(dsn string) bool {
	u, err := url.Parse(dsn)
	if err != nil || passwordWord.MatchString(dsn) {
		return true
	}
	_, has := u.User.Password()
	return has
}

// secretNames lists the settings that are secrets, and so may be sealed.
func secretNames() (out []string) {
	t := reflect.TypeFor[config]()
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("secret") == "yes" {
			out = append(out, t.Field(i).Tag.Get("env"))
		}
	}
	return out
}

// takeEnvironment gives the environment of the process and takes the secrets out of
// it, so that no child inherits them (KEY-01). What /proc shows of the start is
// sealed in live mode.
func takeEnvironment() []string {
	environ := os.Environ()
	names := append(secretNames(), "FEIERABEND_AGE_KEY")
	for _, alias := range aliases {
		if alias != "PORT" {
			names = append(names, alias)
		}
	}
	for _, n := range names {
		os.Unsetenv(n)
	}
	return environ
}
