package feierabend_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"feierabend/internal/journal"
)

// spoken are calls whose message is not a constant, each with its reason.
var spoken = map[string]string{
	"internal/store/clock_check.go": "our own German sentence about the clock",
}

// TestEveryLogCallIsOnTheList reads the sources: messages are constants, and every key
// stands in journal.Keys (LOG-01). The handler would drop the rest when it runs.
func TestEveryLogCallIsOnTheList(t *testing.T) {
	calls := 0
	for _, dir := range []string{"internal", "cmd"} {
		n, bad := logCalls(t, dir)
		calls += n
		for _, b := range bad {
			t.Error(b)
		}
	}
	if calls < 25 {
		t.Errorf("only %d calls found", calls)
	}
	if _, bad := logCalls(t, "testdata/logs"); len(bad) != 3 {
		t.Errorf("the fixture's three wrong calls are not seen: %q", bad)
	}
}

func logCalls(t *testing.T, dir string) (n int, bad []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok || !isLogCall(call) {
				return true
			}
			n++
			for _, why := range wrongCall(call, spoken[filepath.ToSlash(path)] != "") {
				bad = append(bad, fmt.Sprintf("%s: %s", set.Position(call.Pos()), why))
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n, bad
}

// isLogCall: a method of slog.Logger on something called log.
func isLogCall(call *ast.CallExpr) bool {
	m, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains([]string{"Debug", "Info", "Warn", "Error", "DebugContext", "InfoContext", "WarnContext", "ErrorContext", "Log", "LogAttrs"}, m.Sel.Name) {
		return false
	}
	name := ""
	switch x := m.X.(type) {
	case *ast.Ident:
		name = x.Name
	case *ast.SelectorExpr:
		name = x.Sel.Name
	}
	return slices.Contains([]string{"log", "logger", "slog", "to"}, strings.ToLower(name))
}

func wrongCall(call *ast.CallExpr, speaks bool) (bad []string) {
	m := call.Fun.(*ast.SelectorExpr).Sel.Name
	args := call.Args
	if strings.HasSuffix(m, "Context") {
		args = args[1:]
	}
	if strings.HasPrefix(m, "Log") || len(args)%2 == 0 || call.Ellipsis.IsValid() {
		return []string{"logs in a way that the check cannot read: message, key, value, …"}
	}
	if _, ok := word(args[0]); !ok && !speaks {
		bad = append(bad, "the message is not a constant")
	}
	for i := 1; i < len(args); i += 2 {
		if k, ok := word(args[i]); !ok {
			bad = append(bad, "a key is not a constant")
		} else if _, known := journal.Keys()[k]; !known {
			bad = append(bad, "the key "+k+" has no row in journal.Keys")
		}
	}
	return bad
}

func word(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}
