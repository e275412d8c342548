package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/storetest"
)

// TestLogIsBroughtIn: the log begins anew beside a writer that goes on, long before
// SQLite itself would bring it into the file (at 64 MB).
func TestLogIsBroughtIn(t *testing.T) {
	dsn := storetest.SQLite(t)
	st := storetest.Open(t, dsn, storetest.NewClock())
	a, _ := storetest.Seed(t, st)
	ctx := context.Background()
	path := strings.TrimPrefix(dsn, "sqlite:")
	size := func(name string) int64 {
		f, err := os.Stat(name)
		must(t, err)
		return f.Size()
	}
	audio := make([]byte, 1<<20)
	written := int64(0)
	deadline := time.Now().Add(20 * time.Second)
	for n := 0; written < 100<<20; n++ {
		m := note(t, st, a, fmt.Sprint("wamid.", n))
		must(t, st.AddAudio(ctx, a.Tenant.ID, m.ID, feierabend.AudioInfo{Type: "audio/ogg"}, audio))
		written += int64(len(audio))
		for size(path) < written-24<<20 { // the keeper rests between two looks
			if time.Now().After(deadline) {
				t.Fatalf("%d MB written, %d MB in the file", written>>20, size(path)>>20)
			}
			time.Sleep(time.Millisecond)
		}
	}
	if log := size(filepath.Clean(path) + "-wal"); log > 48<<20 {
		t.Errorf("the log has grown to %d MB", log>>20)
	}
}
