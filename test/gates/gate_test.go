package gates_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite/vfs"
)

// mode says how often an armed gate refuses.
type mode int

const (
	once   mode = iota // the nth pass alone
	onward             // the nth and all after it
)

func (m mode) String() string { return [...]string{"once", "from here on"}[m] }

// gate counts passes and refuses the nth.
type gate struct {
	mu     sync.Mutex
	open   bool // everything passes uncounted: preparing, checking
	n      int  // 0 = none is refused
	mode   mode
	fault  func(point string) error
	passed []string
	struck int    // how often it refused
	where  string // it refused last
}

// arm starts counting; the nth pass is refused, 0 = none.
func (g *gate) arm(n int, m mode, fault func(string) error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open, g.n, g.mode, g.fault, g.passed, g.struck, g.where = false, n, m, fault, nil, 0, ""
}

// lift lets everything pass again and gives what was counted.
func (g *gate) lift() (passed []string, struck int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = true
	return g.passed, g.struck
}

// pause lets everything pass uncounted until the returned function is called.
func (g *gate) pause() (resume func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	was := g.open
	g.open = true
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.open = was
	}
}

func (g *gate) pass(point string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open {
		return nil
	}
	g.passed = append(g.passed, point)
	at := len(g.passed)
	if g.n == 0 || at < g.n || at > g.n && g.mode == once {
		return nil
	}
	g.struck++
	g.where = point
	return g.fault(point)
}

func (g *gate) strikes() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.struck
}

// fault is one way in which the world refuses, by where it does.
type fault struct {
	name     string
	database error
	file     syscall.Errno
	network  error
}

func (f fault) at(point string) error {
	switch kind, _, _ := strings.Cut(point, " "); kind {
	case "file", "files":
		return &fs.PathError{Op: "write", Path: "/var/lib/feierabend/feierabend.db-wal", Err: f.file}
	case "call", "mail":
		return f.network
	}
	return f.database
}

// faults gives the ways of an engine: the disk full, read-only and ill, and the line lost.
func faults(t *testing.T, engine string) []fault {
	t.Helper()
	timeout := &os.PathError{Op: "read", Path: "tcp", Err: os.ErrDeadlineExceeded}
	if engine == "postgres" {
		code := func(c string) error {
			return &pgconn.PgError{Code: c, Severity: "ERROR", Message: "refused: " + mark, Detail: "Key (x)=(" + mark + ")"}
		}
		return []fault{
			{"full", code("53100"), syscall.ENOSPC, syscall.ECONNREFUSED},
			{"read-only", code("25006"), syscall.EROFS, timeout},
			{"ill", code("58030"), syscall.EIO, syscall.ECONNRESET},
			{"away", code("57P01"), syscall.EIO, io.ErrUnexpectedEOF},
			{"cut", io.ErrUnexpectedEOF, syscall.ENOSPC, syscall.EPIPE},
		}
	}
	full, readOnly, ill := sqliteErrors(t)
	return []fault{
		{"full", full, syscall.ENOSPC, syscall.ECONNREFUSED},
		{"read-only", readOnly, syscall.EROFS, timeout},
		{"ill", ill, syscall.EIO, syscall.ECONNRESET},
	}
}

// sqliteErrors makes the driver give its own errors: a page limit, a database that
// may only be asked, and a file that cannot be read.
func sqliteErrors(t *testing.T) (full, readOnly, ill error) {
	t.Helper()
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "x.db")
	db, err := sql.Open("sqlite", "file:"+path)
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	run := func(text string) error {
		_, err := db.ExecContext(ctx, text)
		return err
	}
	must(t, run(`CREATE TABLE x(b BLOB)`))
	must(t, run(`PRAGMA max_page_count = 3`))
	full = run(`INSERT INTO x VALUES(zeroblob(100000))`)
	must(t, run(`PRAGMA query_only = 1`))
	readOnly = run(`INSERT INTO x VALUES(1)`)
	name, files, err := vfs.New(sickFS{os.DirFS(filepath.Dir(path))})
	must(t, err)
	defer files.Close()
	sick, err := sql.Open("sqlite", "file:x.db?vfs="+name)
	must(t, err)
	defer sick.Close()
	_, ill = sick.ExecContext(ctx, `SELECT count(*) FROM x`)
	for _, err := range []error{full, readOnly, ill} {
		if err == nil {
			t.Fatal("SQLite refused nothing")
		}
	}
	return full, readOnly, ill
}

// sickFS is a file system whose files cannot be read.
type sickFS struct{ fs.FS }

func (s sickFS) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	return sickFile{f}, err
}

type sickFile struct{ fs.File }

func (sickFile) Read([]byte) (int, error)           { return 0, syscall.EIO }
func (sickFile) Seek(n int64, _ int) (int64, error) { return n, nil }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestFaultsAreReal: the injected errors are those that the engines give.
func TestFaultsAreReal(t *testing.T) {
	full, readOnly, ill := sqliteErrors(t)
	for want, err := range map[string]error{"database or disk is full": full, "readonly": readOnly, "disk I/O": ill} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	if !errors.Is(fault{file: syscall.ENOSPC}.at("file write"), syscall.ENOSPC) {
		t.Error("a full disk is not ENOSPC")
	}
}
