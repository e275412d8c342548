package feierabend_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"feierabend"
)

// reasons reads the reason codes from the source, so that a new one without a
// sentence is found.
func reasons(t *testing.T) map[string]string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "message.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(s.Names[0].Name, "Reason") {
			v, err := strconv.Unquote(s.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			out[s.Names[0].Name] = v
		}
		return true
	})
	return out
}

func TestEveryReasonHasItsOwnSentence(t *testing.T) {
	all := reasons(t)
	if len(all) < 20 {
		t.Fatalf("found %d reason codes in message.go, want at least 20", len(all))
	}
	general := feierabend.ReasonText("no such code")
	seen := map[string]string{general: "the general sentence"}
	for name, code := range all {
		text := feierabend.ReasonText(code)
		if other, ok := seen[text]; ok {
			t.Errorf("%s has the same words as %s", name, other)
		}
		seen[text] = name
		if !strings.HasSuffix(text, ".") || strings.Contains(text, "!") || utf8.RuneCountInString(text) > 320 {
			t.Errorf("%s: %q is no short, calm German sentence", name, text)
		}
	}
}
