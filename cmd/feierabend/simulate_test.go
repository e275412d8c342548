package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feierabend"
)

// TestSimulate runs the simulator as its own process would: it prints its
// addresses, answers there, and ends with the context.
func TestSimulate(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, w := io.Pipe()
	done := make(chan error, 1)
	env := func(name string) string { return map[string]string{"FEIERABEND_WHATSAPP_TOKEN": "given"}[name] }
	go func() {
		done <- cmdSimulate(ctx, []string{"whatsapp", "--listen", "127.0.0.1:0"}, env, nil, w, io.Discard)
		w.Close()
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(line)
	if len(f) != 4 || f[0] != "bereit:" || f[2] != f[1]+"/postfach" || !strings.HasPrefix(f[3], "smtp://127.0.0.1:") {
		t.Fatalf("line %q", line)
	}
	for path, want := range map[string]string{"/": "Telefon von Hauke Deichgrün", "/postfach": "Noch keine Mail", "/sim/v1/settings": `"token":"given"`, "/sim/v1/notes": "shk-05.ogg"} {
		resp, err := http.Get(f[1] + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if !strings.Contains(string(body), want) {
			t.Errorf("%s lacks %q", path, want)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("end: %v", err)
	}
}

func TestSimulateWrongUse(t *testing.T) {
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "x.ogg"), []byte("kein Ton"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		args []string
		code string
	}{
		"nothing":       {nil, "usage"},
		"other":         {[]string{"telegram"}, "usage"},
		"unknown flag":  {[]string{"whatsapp", "--colour"}, "usage"},
		"rest":          {[]string{"whatsapp", "x"}, "usage"},
		"no folder":     {[]string{"whatsapp", "--notes", "/nirgends"}, "usage"},
		"broken note":   {[]string{"whatsapp", "--listen", "127.0.0.1:0", "--notes", broken}, "notes"},
		"bad address":   {[]string{"whatsapp", "--listen", "nirgends"}, "listen"},
		"bad mail port": {[]string{"whatsapp", "--listen", "127.0.0.1:0", "--smtp", "x"}, "listen"},
	} {
		t.Run(name, func(t *testing.T) {
			err := cmdSimulate(t.Context(), tc.args, func(string) string { return "" }, nil, io.Discard, io.Discard)
			if feierabend.CodeOf(err) != tc.code || feierabend.TextOf(err) == "" {
				t.Errorf("error %v, want code %s with a sentence", err, tc.code)
			}
		})
	}
}
