package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"feierabend/internal/secret"
)

// ageKeys finds the key that opens sealed settings, in the order of KEY-02; nil where
// there is none.
func ageKeys(env environment) (*secret.Keys, error) {
	if dir := env.get("CREDENTIALS_DIRECTORY"); dir != "" {
		text, err := readKeyFile(filepath.Join(dir, "age.key"))
		if err == nil {
			return parseAgeKey(text, secret.FromCredential, "Das Credential age.key")
		}
		if !errors.Is(err, os.ErrNotExist) {
			return nil, usage("Das Credential age.key lässt sich nicht lesen. Bitte LoadCredential= der Dienstdatei prüfen.")
		}
	}
	if path := env.get("FEIERABEND_AGE_KEY_FILE"); path != "" {
		text, err := readOwnFile(path)
		if err != nil {
			return nil, err
		}
		return parseAgeKey(text, secret.FromFile, "FEIERABEND_AGE_KEY_FILE")
	}
	text := env.get("FEIERABEND_AGE_KEY")
	if text == "" {
		return nil, nil
	}
	if env.get("FEIERABEND_AGE_KEY_IN_ENVIRONMENT") != "yes" {
		return nil, usage("FEIERABEND_AGE_KEY steht neben dem, was er öffnet: Wer die Umgebung liest, hat dann beides. Er wurde nicht verwendet. " +
			"Bitte als Datei (FEIERABEND_AGE_KEY_FILE) oder als systemd-Credential übergeben. " +
			"Bietet die Plattform nichts anderes, dann zusätzlich FEIERABEND_AGE_KEY_IN_ENVIRONMENT=yes setzen; die Beschreibung der Schutzmaßnahmen sagt es dann so.")
	}
	return parseAgeKey(text, secret.FromEnvironment, "FEIERABEND_AGE_KEY")
}

func parseAgeKey(text string, from secret.Source, name string) (*secret.Keys, error) {
	keys, err := secret.ParseKeys(text, from)
	if err != nil {
		return nil, usage("%s ist kein Schlüssel von age (AGE-SECRET-KEY-…). feierabend secret keygen erzeugt einen.", name)
	}
	return keys, nil
}

// readOwnFile reads a file that only this process's user may read, else refuses.
func readOwnFile(path string) (string, error) {
	const name = "FEIERABEND_AGE_KEY_FILE"
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return "", usage("%s nennt keine Datei, die sich lesen lässt. Bitte den Pfad prüfen.", name)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", usage("Die Schlüsseldatei aus %s ist für andere Benutzer offen (%o) und wurde nicht gelesen. chmod 600 schließt sie.", name, info.Mode().Perm())
	}
	if !ownedByUs(info) {
		return "", usage("Die Schlüsseldatei aus %s gehört einem anderen Benutzer und wurde nicht gelesen. Sie muss dem Benutzer gehören, unter dem Feierabend läuft (chown).", name)
	}
	text, err := readKeyFile(path)
	if err != nil {
		return "", usage("%s nennt eine Datei, die sich nicht lesen lässt. Bitte Pfad und Rechte prüfen.", name)
	}
	return text, nil
}

// readKeyFile reads up to 64 KiB.
func readKeyFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, secret.MaxSize))
	return string(b), err
}
