package feierabend_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var direct = regexp.MustCompile(`(?m)^\t([a-z0-9./_-]+) v\S+$`)

// TestEveryDependencyHasItsReason: a direct module without a line in
// docs/dependencies.md fails, and so does a twenty-first one (day-one decision 18).
func TestEveryDependencyHasItsReason(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	found := direct.FindAllStringSubmatch(string(mod), -1)
	if len(found) < 5 || len(found) > 20 {
		t.Errorf("%d direct modules, want 5 to 20", len(found))
	}
	for _, m := range found {
		name := m[1]
		// The drivers of River stand in River's row.
		if strings.HasPrefix(name, "github.com/riverqueue/river/") {
			name = "github.com/riverqueue/river"
		}
		if !strings.Contains(string(doc), "`"+name+"`") {
			t.Errorf("%s has no line in docs/dependencies.md: why, and what if it dies", name)
		}
	}
}
