package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		ref, hyp string
		want     int
	}{
		{"eins zwei drei", "Eins, zwei, drei!", 0},
		{"thermostat ventil", "Thermostat-Ventil", 0},
		{"a b c", "a x c d", 2},
		{"a b c", "", 3},
		{"", "a", 1},
		{"straße", "strasse", 1},
	} {
		if got := distance(normal(tc.ref), normal(tc.hyp)); got != tc.want {
			t.Errorf("%q against %q: %d, want %d", tc.hyp, tc.ref, got, tc.want)
		}
	}
}

func TestScore(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"000.txt":    "eins zwei drei\n",
		"lines.json": `{"file":"/x/000.ogg","text":"Eins drei","seconds":2,"cpu_seconds":0.5}` + "\n",
		"proof.json": `{"text":{"000":"Eins zwei"},"cpu_s":1,"audio_s":4}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for file, want := range map[string]string{"lines.json": "1 3 0.2500", "proof.json": "1 3 0.2500"} {
		var b bytes.Buffer
		if err := score(&b, dir, filepath.Join(dir, file), true); err != nil || strings.TrimSpace(b.String()) != want {
			t.Errorf("%s: %q, want %q, %v", file, b.String(), want, err)
		}
	}
}
