package feierabend_test

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var direct = regexp.MustCompile(`(?m)^\t([a-z0-9./_-]+) v\S+$`)

// testsOnly are modules that only tests use: none of them is in the product.
var testsOnly = []string{"github.com/google/go-cmp", "github.com/rogpeppe/go-internal"}

// TestEveryDependencyHasItsReason: a direct module without a line in
// docs/dependencies.md fails, and so does a twenty-first one in the product (day-one
// decision 18).
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
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./cmd/feierabend").Output()
	if err != nil {
		t.Fatal(err)
	}
	product := strings.Fields(string(out))
	for _, m := range testsOnly {
		if slices.Contains(product, m) {
			t.Errorf("%s is said to be for tests only, and is in the product", m)
		}
	}
	if n := len(found) - len(testsOnly); len(found) < 5 || n > 20 {
		t.Errorf("%d direct modules in the product, want 5 to 20", n)
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
