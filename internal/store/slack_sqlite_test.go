package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestClearSlack: rows of all sizes come, change and go, until balancing has left
// copies of deleted ones in unused parts of pages. Clearing takes all of them away,
// every living row stays what it is, and SQLite finds its file in order.
func TestClearSlack(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "feierabend.db")
	e, err := openSQLite(ctx, path, slog.New(slog.DiscardHandler), nil)
	check(t, err)
	defer e.close()
	_, err = e.writer.Exec(`CREATE TABLE w(k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID; CREATE TABLE r(k TEXT PRIMARY KEY, v BLOB)`)
	check(t, err)
	rng := rand.New(rand.NewPCG(7, 7))
	live, gone, serial := map[string][]byte{}, [][]byte(nil), uint64(0)
	value := func() []byte { // begins with a mark of its own
		serial++
		b := bytes.Repeat([]byte{byte(serial)}, 60+rng.IntN(500))
		binary.BigEndian.PutUint64(b, 0xF00D<<48|serial*2654435761%(1<<40))
		return b
	}
	for range 40 {
		tx, err := e.writer.Begin()
		check(t, err)
		for range 100 {
			k := fmt.Sprintf("%x", rng.Uint32())
			live[k] = value()
			for _, table := range []string{"w", "r"} {
				_, err := tx.Exec(`INSERT INTO `+table+` VALUES($1, $2)`, k, live[k])
				check(t, err)
			}
		}
		for _, k := range slices.Sorted(maps.Keys(live)) { // in the same order in every run
			if rng.IntN(100) < 70 {
				continue
			}
			gone = append(gone, live[k][:8])
			delete(live, k)
			for _, table := range []string{"w", "r"} {
				_, err := tx.Exec(`DELETE FROM `+table+` WHERE k = $1`, k)
				check(t, err)
			}
		}
		check(t, tx.Commit())
	}
	left := func() (n int) {
		_, err := e.writer.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
		check(t, err)
		b, err := os.ReadFile(path) // closes no lock that counts: nobody else has the file
		check(t, err)
		for _, g := range gone {
			if bytes.Contains(b, g) {
				n++
			}
		}
		return n
	}
	before := left()
	if before == 0 && scrubbing {
		t.Fatal("balancing left nothing: the test proves nothing")
	}
	check(t, e.clearSlack(ctx))
	if after := left(); after != 0 && scrubbing {
		t.Errorf("%d of %d deleted rows are still in the file, %d before", after, len(gone), before)
	}
	t.Logf("%d of %d deleted rows were left by secure_delete alone", before, len(gone))
	var ok string
	check(t, e.writer.QueryRow(`PRAGMA integrity_check`).Scan(&ok))
	if ok != "ok" {
		t.Error(ok)
	}
	for k, v := range live {
		for _, table := range []string{"w", "r"} {
			var have []byte
			check(t, e.writer.QueryRow(`SELECT v FROM `+table+` WHERE k = $1`, k).Scan(&have))
			if !bytes.Equal(have, v) {
				t.Fatalf("row %s of %s changed", k, table)
			}
		}
	}
	if pages, err := e.slackPages(ctx); err != nil || len(pages) != 0 {
		t.Errorf("%d pages with something left, %v", len(pages), err)
	}
}

// TestClearPage: a page that is no tree page, or not well formed, stays as it is.
func TestClearPage(t *testing.T) {
	leaf := func(change func(p []byte)) []byte {
		p := bytes.Repeat([]byte{0xAA}, 512)
		copy(p, []byte{13, 0, 0, 0, 1, 1, 0, 0, 1, 0}) // one cell at 256, no free block
		change(p)
		return p
	}
	for name, tc := range map[string]struct {
		page    []byte
		cleared int // bytes
	}{
		"a leaf":                      {leaf(func([]byte) {}), 246},
		"an overflow page":            {leaf(func(p []byte) { p[0] = 0 }), 0},
		"more cells than room":        {leaf(func(p []byte) { p[3] = 200 }), 0},
		"cells beyond the page":       {leaf(func(p []byte) { p[5] = 9 }), 0},
		"a free block":                {leaf(func(p []byte) { copy(p[1:], []byte{1, 64}); copy(p[320:], []byte{0, 0, 0, 20}) }), 246 + 16},
		"a free block before cells":   {leaf(func(p []byte) { p[2] = 40 }), 0},
		"a free block in a circle":    {leaf(func(p []byte) { copy(p[1:], []byte{1, 64}); copy(p[320:], []byte{1, 64, 0, 20}) }), 0},
		"a free block over the end":   {leaf(func(p []byte) { copy(p[1:], []byte{1, 254}) }), 0},
		"a free block longer than it": {leaf(func(p []byte) { copy(p[1:], []byte{1, 64}); copy(p[320:], []byte{0, 0, 1, 20}) }), 0},
	} {
		was := bytes.Clone(tc.page)
		dirty := clearPage(tc.page, false, len(tc.page))
		n := 0
		for i := range was {
			if was[i] != tc.page[i] {
				n++
			}
		}
		if dirty != (tc.cleared > 0) || n != tc.cleared {
			t.Errorf("%s: %d bytes cleared (%v), want %d", name, n, dirty, tc.cleared)
		}
	}
}
