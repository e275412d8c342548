package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Forms of the log (https://sqlite.org/fileformat2.html §4.1).
const (
	frameHead = 24      // bytes before each page; the second four are not zero where a transaction ends
	joinedMax = 1 << 20 // bytes that are held back at most
)

// joiner is a file layer of SQLite above its own that joins the writes of a
// transaction to the log: SQLite writes each page with two calls to the system, here
// many pages go with one. And it waits for the content and the length of the log
// (fdatasync), as SQLite does where it is built so; the driver's build also waits for
// the file's time of change (decision 0024). The database file, the shared memory, the
// locks and all other files are SQLite's own business.
type joiner struct {
	name  string
	under *lib.Tsqlite3_vfs
	own   uintptr // our table, in SQLite's memory
	open  func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32
	mu    sync.Mutex
	files map[*joined]bool // keeps their functions from the collector
	keep  atomic.Bool      // see keepLength
}

// joiners numbers the layers of this process: SQLite knows them by name.
var joiners atomic.Int64

// newJoiner makes SQLite know the layer.
func newJoiner() (*joiner, error) {
	t := libc.NewTLS()
	defer t.Close()
	under := lib.Xsqlite3_vfs_find(t, 0)
	if under == 0 {
		return nil, errors.New("SQLite has no file layer")
	}
	j := &joiner{name: fmt.Sprint("joined", joiners.Add(1)), under: at[lib.Tsqlite3_vfs](under), files: map[*joined]bool{}}
	name, err := libc.CString(j.name)
	if err != nil {
		return nil, err
	}
	if j.own = libc.Xcalloc(t, 1, libc.Tsize_t(unsafe.Sizeof(*j.under))); j.own == 0 {
		libc.Xfree(t, name)
		return nil, errors.New("no memory for SQLite's file layer")
	}
	j.open = j.xOpen
	own := at[lib.Tsqlite3_vfs](j.own)
	*own = *j.under
	own.FpNext, own.FzName, own.FxOpen = 0, name, address(&j.open)
	if rc := lib.Xsqlite3_vfs_register(t, j.own, 0); rc != lib.SQLITE_OK {
		return nil, fmt.Errorf("register SQLite's file layer: %d", rc)
	}
	return j, nil
}

// option names the layer in a DSN.
func (j *joiner) option() string { return "&vfs=" + j.name }

// keepLength makes that a log which SQLite cuts off keeps its length. Only a log that has
// been zeroed may: else what lies behind its new end would stay.
func (j *joiner) keepLength(on bool) { j.keep.Store(on) }

// close makes SQLite forget the layer; its connections are closed by then.
func (j *joiner) close() {
	t := libc.NewTLS()
	defer t.Close()
	lib.Xsqlite3_vfs_unregister(t, j.own)
	libc.Xfree(t, at[lib.Tsqlite3_vfs](j.own).FzName)
	libc.Xfree(t, j.own)
}

// xOpen opens a file as SQLite does. A log gets our functions for what writes.
func (j *joiner) xOpen(t *libc.TLS, _, name, file uintptr, flags int32, out uintptr) int32 {
	rc := function[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](j.under.FxOpen)(t, uintptr(unsafe.Pointer(j.under)), name, file, flags, out)
	if rc != lib.SQLITE_OK || flags&lib.SQLITE_OPEN_WAL == 0 {
		return rc
	}
	f, err := os.OpenFile(libc.GoString(name), os.O_RDWR, 0) // the log has no locks that closing it could drop
	if err != nil {
		return rc // SQLite's own functions do
	}
	methods := at[uintptr](file)
	l := &joined{j: j, file: f, under: *at[lib.Tsqlite3_io_methods](*methods)}
	if l.table = libc.Xcalloc(t, 1, libc.Tsize_t(unsafe.Sizeof(l.under))); l.table == 0 {
		f.Close()
		return rc
	}
	l.write, l.read, l.truncate, l.sync, l.size, l.close = l.xWrite, l.xRead, l.xTruncate, l.xSync, l.xFileSize, l.xClose
	own := at[lib.Tsqlite3_io_methods](l.table)
	*own = l.under
	own.FxWrite, own.FxRead, own.FxTruncate = address(&l.write), address(&l.read), address(&l.truncate)
	own.FxSync, own.FxFileSize, own.FxClose = address(&l.sync), address(&l.size), address(&l.close)
	*methods = l.table
	j.mu.Lock()
	defer j.mu.Unlock()
	j.files[l] = true
	return rc
}

// joined is the log as one connection has it open: one goroutine at a time uses it.
// What is held back is always of a transaction that has not ended: with its last
// page everything is written, before another connection may look for it.
type joined struct {
	j     *joiner
	file  *os.File // beside SQLite's handle
	under lib.Tsqlite3_io_methods
	table uintptr
	buf   []byte
	from  int64 // place of buf in the file
	last  bool  // the page that follows ends a transaction
	named bool  // the folder's entry of the log is durable

	write    func(*libc.TLS, uintptr, uintptr, int32, int64) int32
	read     func(*libc.TLS, uintptr, uintptr, int32, int64) int32
	truncate func(*libc.TLS, uintptr, int64) int32
	sync     func(*libc.TLS, uintptr, int32) int32
	size     func(*libc.TLS, uintptr, uintptr) int32
	close    func(*libc.TLS, uintptr) int32
}

func (l *joined) xWrite(_ *libc.TLS, _, data uintptr, n int32, to int64) int32 {
	p := unsafe.Slice(at[byte](data), n)
	if to != l.from+int64(len(l.buf)) || len(l.buf)+len(p) > joinedMax {
		if rc := l.flush(); rc != lib.SQLITE_OK {
			return rc
		}
		l.from = to
	}
	before := len(l.buf)
	l.buf = append(l.buf, p...)
	if len(p) == frameHead {
		l.last = binary.BigEndian.Uint32(p[4:]) != 0
		if before > 0 || !l.last {
			return lib.SQLITE_OK
		}
		// Alone it may be one that is written anew, its page being there already.
	} else if !l.last {
		return lib.SQLITE_OK
	}
	rc := l.flush()
	if rc != lib.SQLITE_OK {
		l.buf = l.buf[:before] // SQLite takes this page for not written
	}
	return rc
}

// flush writes what is held back. Where it fails it stays: SQLite may go on with the
// transaction, and trusts in the pages that were taken.
func (l *joined) flush() int32 {
	if len(l.buf) == 0 {
		return lib.SQLITE_OK
	}
	switch _, err := l.file.WriteAt(l.buf, l.from); {
	case errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EDQUOT):
		return lib.SQLITE_FULL
	case err != nil:
		return lib.SQLITE_IOERR_WRITE
	}
	l.from += int64(len(l.buf))
	l.buf = l.buf[:0]
	return lib.SQLITE_OK
}

func (l *joined) xRead(t *libc.TLS, file, data uintptr, n int32, from int64) int32 {
	if rc := l.flush(); rc != lib.SQLITE_OK {
		return rc
	}
	return function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](l.under.FxRead)(t, file, data, n, from)
}

// xTruncate forgets what lies behind the new end without writing it: the scrub has
// zeroed the log before.
func (l *joined) xTruncate(t *libc.TLS, file uintptr, size int64) int32 {
	l.buf = l.buf[:min(int64(len(l.buf)), max(0, size-l.from))]
	if rc := l.flush(); rc != lib.SQLITE_OK || l.j.keep.Load() {
		return rc
	}
	return function[func(*libc.TLS, uintptr, int64) int32](l.under.FxTruncate)(t, file, size)
}

func (l *joined) xSync(t *libc.TLS, file uintptr, flags int32) int32 {
	if rc := l.flush(); rc != lib.SQLITE_OK {
		return rc
	}
	if !l.named { // the first time SQLite also waits for the folder
		rc := function[func(*libc.TLS, uintptr, int32) int32](l.under.FxSync)(t, file, flags)
		l.named = rc == lib.SQLITE_OK
		return rc
	}
	if syncContent(l.file) != nil {
		return lib.SQLITE_IOERR_FSYNC
	}
	return lib.SQLITE_OK
}

func (l *joined) xFileSize(t *libc.TLS, file, size uintptr) int32 {
	if rc := l.flush(); rc != lib.SQLITE_OK {
		return rc
	}
	return function[func(*libc.TLS, uintptr, uintptr) int32](l.under.FxFileSize)(t, file, size)
}

// xClose closes both handles. What is still held back belongs to no transaction that
// has ended.
func (l *joined) xClose(t *libc.TLS, file uintptr) int32 {
	l.file.Close()
	rc := function[func(*libc.TLS, uintptr) int32](l.under.FxClose)(t, file)
	libc.Xfree(t, l.table)
	l.j.mu.Lock()
	defer l.j.mu.Unlock()
	delete(l.j.files, l)
	return rc
}

// at gives what lies at an address of SQLite's memory; the collector of Go neither
// moves nor frees it.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// address gives a Go function as SQLite calls it; who hands it over keeps *f.
func address[F any](f *F) uintptr { return *(*uintptr)(unsafe.Pointer(f)) }

// function gives a function of SQLite's as Go calls it.
func function[F any](address uintptr) F { return *(*F)(unsafe.Pointer(&address)) }

// syncContent waits until content and length of a file are durable.
func syncContent(f *os.File) error {
	for {
		if err := unix.Fdatasync(int(f.Fd())); err != unix.EINTR {
			return err
		}
	}
}
