package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"feierabend/internal/secret"
)

// demoKeys fills in random keys in demo mode. Where the person keeps the demo's
// folder (FEIERABEND_DATA) the keys lie beside the database, so that a restart
// finds everything; live mode never writes a key.
func demoKeys(c *config) error {
	if !c.MasterKeys.Empty() && !c.RootKey.Empty() {
		return nil
	}
	if !c.demo() {
		return usage("FEIERABEND_MASTER_KEYS und FEIERABEND_ROOT_KEY fehlen. Ohne Schlüssel wird nichts gespeichert: feierabend key new erzeugt beide.")
	}
	path := filepath.Join(c.dataPath(), "demo-keys.json")
	var k struct{ Master, Root string }
	if b, err := os.ReadFile(path); err == nil {
		if json.Unmarshal(b, &k) != nil {
			return failure("demo_keys", nil, "Die Datei %s ist beschädigt. Bitte den Ordner des Probebetriebs löschen und neu starten.", path)
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return notWritable(c.dataPath(), err)
	} else {
		k.Master, k.Root = "1:"+randomKey(), randomKey()
		b, err := json.Marshal(k)
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			return notWritable(c.dataPath(), err)
		}
	}
	if c.MasterKeys.Empty() {
		c.MasterKeys = secret.New(k.Master)
	}
	if c.RootKey.Empty() {
		c.RootKey = secret.New(k.Root)
	}
	return nil
}

func randomKey() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.StdEncoding.EncodeToString(b)
}
