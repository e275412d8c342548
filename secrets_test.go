package feierabend_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mayReveal names the files that may open a secret, each with its reason (KEY-04).
var mayReveal = map[string]string{
	"internal/whatsapp/client.go":    "the Authorization header of a call",
	"internal/whatsapp/signature.go": "the key of the webhook's HMAC",
	"internal/smtp/smtp.go":          "the login at the mail server",
	"cmd/feierabend/vault.go":        "a setting just opened becomes a field, which is a Secret again",
	"cmd/feierabend/open.go":         "keys and database addresses for package store",
	"cmd/feierabend/paths.go":        "the database address for package store",
	"cmd/feierabend/doctor.go":       "the database address for package store",
	"cmd/feierabend/parts.go":        "splits a list of app secrets; looks at sslmode",
	"cmd/feierabend/key.go":          "prints master keys, which is what the command is for",
	"cmd/feierabend/demo_world.go":   "the simulator's settings of the demo",
	"internal/secret/secret.go":      "defines it",
}

// reveals gives the files below dir that name Reveal.
func reveals(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Reveal" && !slices.Contains(out, filepath.ToSlash(path)) {
				out = append(out, filepath.ToSlash(path))
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFewMayRevealSecrets: a new place that opens secrets needs a row with its reason,
// and a row that is not needed any more goes.
func TestFewMayRevealSecrets(t *testing.T) {
	var found []string
	for _, dir := range []string{"internal", "cmd"} {
		found = append(found, reveals(t, dir)...)
	}
	for _, f := range found {
		if mayReveal[f] == "" {
			t.Errorf("%s opens a secret: give it a row with its reason in mayReveal, or do without", f)
		}
	}
	for f, why := range mayReveal {
		if why != "" && f != "internal/secret/secret.go" && !slices.Contains(found, f) {
			t.Errorf("%s opens no secret any more: take its row away", f)
		}
	}
	if bad := reveals(t, "testdata/secrets"); len(bad) != 1 || mayReveal[bad[0]] != "" {
		t.Errorf("the fixture that opens a secret is not seen: %v", bad)
	}
}

// comparers names the packages that hold secrets, tokens, codes or signatures.
var comparers = []string{"internal/whatsapp", "internal/signin", "internal/seal", "internal/secret", "internal/web"}

// secretWords are parts of names whose values must be compared in constant time.
var secretWords = []string{"token", "secret", "mac", "signature", "hash", "code", "password", "bind"}

// TestSecretsAreComparedInConstantTime: no == and no bytes.Equal between two values
// whose name says secret (HOOK-01). Comparing with a constant is something else.
func TestSecretsAreComparedInConstantTime(t *testing.T) {
	for _, dir := range comparers {
		for _, bad := range variableTime(t, dir) {
			t.Errorf("%s: compare in constant time (hmac.Equal, subtle.ConstantTimeCompare, Secret.Equal)", bad)
		}
	}
	if bad := variableTime(t, "testdata/secrets"); len(bad) != 2 {
		t.Errorf("the fixture's two comparisons are not seen: %v", bad)
	}
}

func variableTime(t *testing.T, dir string) (out []string) {
	t.Helper()
	paths, err := filepath.Glob(dir + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(dir + "/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(paths, more...) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if comparesSecrets(n) {
				out = append(out, set.Position(n.Pos()).String())
			}
			return true
		})
	}
	return out
}

func comparesSecrets(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return (n.Op == token.EQL || n.Op == token.NEQ) && namesSecret(n.X) && namesSecret(n.Y)
	case *ast.CallExpr:
		s, ok := n.Fun.(*ast.SelectorExpr)
		return ok && s.Sel.Name == "Equal" && isNamed(s.X, "bytes") && len(n.Args) == 2 && (namesSecret(n.Args[0]) || namesSecret(n.Args[1]))
	}
	return false
}

// namesSecret says whether an expression is a variable or field with such a name.
func namesSecret(e ast.Expr) bool {
	var name string
	switch e := e.(type) {
	case *ast.Ident:
		name = e.Name
	case *ast.SelectorExpr:
		name = e.Sel.Name
	case *ast.CallExpr: // x.Reveal(), mac.Sum(nil), string(mac)
		if m, ok := e.Fun.(*ast.SelectorExpr); ok && (m.Sel.Name == "Reveal" || namesSecret(m.X)) {
			return true
		}
		return namesSecret(e.Fun) || len(e.Args) == 1 && namesSecret(e.Args[0])
	case *ast.StarExpr:
		return namesSecret(e.X)
	}
	name = strings.ToLower(name)
	return slices.ContainsFunc(secretWords, func(w string) bool { return strings.HasSuffix(name, w) || strings.HasPrefix(name, w) })
}

func isNamed(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}
