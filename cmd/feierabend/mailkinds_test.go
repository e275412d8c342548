package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"feierabend"
)

// TestMailKinds: a job counts for the row "mail" of /health exactly where the source of
// its handler leads to Mailer.Send.
func TestMailKinds(t *testing.T) {
	sends := 0
	for kind, handler := range (&service{}).handlers() {
		name := strings.TrimSuffix(runtime.FuncForPC(reflect.ValueOf(handler).Pointer()).Name(), "-fm")
		pkg, method := path.Dir(name)+"/"+strings.SplitN(path.Base(name), ".", 2)[0], name[strings.LastIndex(name, ".")+1:]
		want := mails(t, filepath.Join("../..", strings.TrimPrefix(pkg, "feierabend/")), method)
		if want {
			sends++
		}
		v := feierabend.QueueView{Errors: []feierabend.QueueError{{Kind: kind, Code: "mail_tls", Jobs: 1}}}
		if got := v.MailHealth().Level == feierabend.HealthRed; got != want {
			t.Errorf("%s (%s): counts as a mail: %v, its handler sends mails: %v", kind, name, got, want)
		}
	}
	if sends == 0 {
		t.Error("no handler that sends mails is found")
	}
}

// mails says whether a function of a package reaches Mailer.Send, by the names of functions
// that it mentions.
func mails(t *testing.T, dir, start string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string][]*ast.BlockStmt{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				bodies[fn.Name.Name] = append(bodies[fn.Name.Name], fn.Body)
			}
		}
	}
	if len(bodies[start]) == 0 {
		t.Fatalf("%s: no source of %s", dir, start)
	}
	found, seen, todo := false, map[string]bool{start: true}, []string{start}
	for len(todo) > 0 {
		next := todo[0]
		todo = todo[1:]
		for _, body := range bodies[next] {
			ast.Inspect(body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					on, ok := n.X.(*ast.SelectorExpr)
					found = found || ok && on.Sel.Name == "Mailer" && n.Sel.Name == "Send"
				case *ast.Ident:
					if !seen[n.Name] {
						seen[n.Name], todo = true, append(todo, n.Name)
					}
				}
				return true
			})
		}
	}
	return found
}
