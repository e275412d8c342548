package store

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// TestHeldBackIsForgotten: what is held back behind the new end of a log that is cut
// off never reaches the disk; what lies before it does.
func TestHeldBackIsForgotten(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l := &joined{j: &joiner{}, file: f}
	cut := func(_ *libc.TLS, _ uintptr, size int64) int32 {
		if f.Truncate(size) != nil {
			return lib.SQLITE_IOERR_TRUNCATE
		}
		return lib.SQLITE_OK
	}
	l.under.FxTruncate = address(&cut)
	page := bytes.Repeat([]byte("x"), 100)
	for i := range int64(3) {
		if rc := l.xWrite(nil, 0, uintptr(unsafe.Pointer(&page[0])), 100, 100*i); rc != lib.SQLITE_OK {
			t.Fatal(rc)
		}
	}
	for _, size := range []int64{150, 0} {
		if rc := l.xTruncate(nil, 0, size); rc != lib.SQLITE_OK || len(l.buf) > 0 {
			t.Fatalf("cut to %d: %d, %d bytes are held back", size, rc, len(l.buf))
		}
		if got, err := os.ReadFile(f.Name()); err != nil || int64(len(got)) != size {
			t.Fatalf("cut to %d: %d bytes, %v", size, len(got), err)
		}
	}
	l.xWrite(nil, 0, uintptr(unsafe.Pointer(&page[0])), 100, 300)
	if rc := l.xTruncate(nil, 0, 0); rc != lib.SQLITE_OK || len(l.buf) > 0 || l.flush() != lib.SQLITE_OK {
		t.Fatal("something is held back behind the end")
	}
	if got, err := os.ReadFile(f.Name()); err != nil || len(got) > 0 {
		t.Fatalf("%d bytes behind the end, %v", len(got), err)
	}
}
