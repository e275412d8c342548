package feierabend_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The star (docs/architecture.md): every package knows the ground floor and the
// pure packages it is listed with; only cmd sees everything.
var pure = []string{"dictation", "einvoice", "pdf", "audio", "whisper", "whisper/ct2", "seal", "secret", "address", "pricelist"}

// extra lists arrows beyond "ground floor + pure packages".
var extra = map[string][]string{
	"pdf":         {"einvoice"},
	"storetest":   {"store", "seal"},
	"whisper/ct2": {"whisper"}, // half precision is the same in reader and converter
}

var known = []string{
	"intake", "transcription", "drafting", "invoicing", "delivery", "erasure", "linking", "signin", "registration", "tryout", "team", "notice", "digest", "compliance", "profile", "book", // steps
	"store", "whatsapp", "smtp", "speech", "outbound", // adapters
	"web", "jobs", "operator", "journal", // edges
	"simulator", "storetest", "mailtest", // simulators and test support
}

type pkg struct {
	ImportPath string
	Imports    []string
}

// forbidden gives every arrow of pkgs that the star does not allow.
func forbidden(pkgs []pkg) []string {
	var bad []string
	for _, p := range pkgs {
		name, internal := strings.CutPrefix(p.ImportPath, "feierabend/internal/")
		switch {
		case p.ImportPath == "feierabend":
			for _, i := range p.Imports {
				if strings.Contains(i, ".") || strings.HasPrefix(i, "feierabend/") || i == "net/http" || i == "database/sql" || i == "os" {
					bad = append(bad, "ground floor -> "+i)
				}
			}
			continue
		case !internal:
			continue // cmd, tools and test programs
		case !slices.Contains(pure, name) && !slices.Contains(known, name):
			bad = append(bad, "unknown package "+p.ImportPath+": give it a row in the table")
		}
		for _, i := range p.Imports {
			if to, ours := strings.CutPrefix(i, "feierabend/"); ours && !allowed(name, strings.TrimPrefix(to, "internal/")) {
				bad = append(bad, name+" -> "+to)
			}
			if dials[i] && !mayDial[name] {
				bad = append(bad, name+" -> "+i+": only the guarded client dials (OUT-03)")
			}
		}
	}
	return bad
}

func allowed(from, to string) bool {
	if slices.Contains(extra[from], to) {
		return true
	}
	return slices.Contains(pure, to) && !slices.Contains(pure, from)
}

// OUT-03: who may use a package that opens connections. The type net/http is
// allowed where a handler or a request value is needed; the linter of outbound
// calls is the text check below.
var (
	dials   = map[string]bool{"net/smtp": true, "net/rpc": true}
	mayDial = map[string]bool{}
)

func list(t *testing.T, dir string, patterns ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports"}, patterns...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var pkgs []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

func TestTheStarIsKept(t *testing.T) {
	pkgs := list(t, ".", "./...")
	if len(pkgs) < 10 {
		t.Fatalf("go list found only %d packages", len(pkgs))
	}
	for _, b := range forbidden(pkgs) {
		t.Error(b)
	}
}

// TestAWrongArrowIsRed shows with a fixture that the check can fail.
func TestAWrongArrowIsRed(t *testing.T) {
	fixture := list(t, filepath.Join("testdata", "star"), "./...")
	got := forbidden(fixture)
	want := []string{
		"intake -> internal/store",
		"unknown package feierabend/internal/helper: give it a row in the table",
		"einvoice -> internal/pdf",
		"ground floor -> net/http",
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("the check did not report %q; got %q", w, got)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %q, want exactly %q", got, want)
	}
}

// TestOnlyTheGuardedClientDials reads the sources: outside outbound nobody may
// build an HTTP client or dial (OUT-03). Each exception has its reason here.
func TestOnlyTheGuardedClientDials(t *testing.T) {
	exceptions := map[string]string{
		"internal/outbound/":  "the guarded client itself",
		"internal/simulator/": "stands for the other side; calls our own webhook only",
		"internal/mailtest/":  "test support: gives connections to itself only",
		"internal/speech/":    "model source, class infrastructure (day-one decision 13)",
		"internal/store/":     "pgx dials the database (day-one decision 13)",
		"cmd/feierabend/":     "admin socket and the demo's own pages on loopback",
	}
	words := []string{"http.DefaultClient", "http.Get(", "http.Post(", "http.Client{", "net.Dial", "net.Dialer{", "http.Transport{"}
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		if !strings.HasPrefix(path, "internal/") && !strings.HasPrefix(path, "cmd/") {
			return nil
		}
		for prefix := range exceptions {
			if strings.HasPrefix(path, prefix) {
				return nil
			}
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, w := range words {
			if bytes.Contains(b, []byte(w)) {
				t.Errorf("%s uses %s: only internal/outbound may dial (OUT-03)", path, w)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
