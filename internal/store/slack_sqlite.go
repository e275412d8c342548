package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"sync"
)

// SQLite overwrites a deleted cell (secure_delete), but not the copies that cells
// leave behind in the unused part of a page when the tree is balanced: of 140 keys
// wrapped anew some were still there after the log had been zeroed. So the scrub
// clears the unused parts too. It goes through SQLite's own pager (the virtual table
// sqlite_dbpage), in transactions like any other, and changes no byte that the
// format gives a meaning to (https://sqlite.org/fileformat2.html §1.6).

const (
	slackBatch = 32        // pages of one transaction
	slackBuf   = 256 << 10 // bytes read at once: they stay in the processor's cache; a multiple of every page's size
	maxPages   = 0x2000000 // beyond it, a pointer on another kind of page looks like a tree page (128 GiB)
)

// clearSlack clears what is unused in tree pages. The file is read without a lock;
// each page that needs it is read once more, and written, inside a transaction.
func (e *sqlite) clearSlack(ctx context.Context) error {
	if err := e.gate.at("scrub checkpoint"); err != nil {
		return err
	}
	if _, err := e.writer.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`); err != nil {
		return fmt.Errorf("checkpoint before clearing: %w", err)
	}
	pages, err := e.slackPages(ctx)
	if err != nil {
		return err
	}
	for len(pages) > 0 {
		n := min(len(pages), slackBatch)
		if err := e.clearPages(ctx, pages[:n]); err != nil {
			return fmt.Errorf("clear unused parts of pages: %w", err)
		}
		pages = pages[n:]
	}
	return nil
}

// slackPages gives the numbers of the pages of the file that hold unused bytes other
// than zero.
func (e *sqlite) slackPages(ctx context.Context) (out []int64, err error) {
	f, err := e.hold(e.path)
	if err != nil {
		return nil, err
	}
	if err := e.gate.at("file read"); err != nil {
		return nil, err
	}
	head := make([]byte, 100)
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, fmt.Errorf("read header: %w", err)
	}
	size := int(binary.BigEndian.Uint16(head[16:]))
	if size == 1 {
		size = 65536
	}
	if size < 512 {
		return nil, fmt.Errorf("page size %d", size)
	}
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	// Two halves at once: most of a scrub's time is this.
	middle := st.Size() / 2 / slackBuf * slackBuf
	x := slackSearch{file: f, size: size, usable: size - int(head[20])}
	var second []int64
	var failed error
	var rest sync.WaitGroup
	rest.Go(func() { second, failed = x.pages(ctx, middle, math.MaxInt64) })
	first, err := x.pages(ctx, 0, middle)
	rest.Wait()
	return append(first, second...), errors.Join(err, failed)
}

// slackSearch reads a database file, past SQLite.
type slackSearch struct {
	file         *os.File
	size, usable int // of a page
}

// pages gives the numbers of the pages from byte from up to byte to, or the end of the
// file, that hold unused bytes other than zero.
func (x slackSearch) pages(ctx context.Context, from, to int64) (out []int64, err error) {
	buf := make([]byte, slackBuf)
	for at := from; at < to; at += slackBuf {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := x.file.ReadAt(buf, at)
		for o := 0; o+x.size <= n; o += x.size {
			number := (at+int64(o))/int64(x.size) + 1
			if number >= maxPages {
				return out, nil
			}
			if clearPage(buf[o:o+x.size], number == 1, x.usable) {
				out = append(out, number)
			}
		}
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (e *sqlite) clearPages(ctx context.Context, numbers []int64) error {
	if err := e.gate.at("scrub pages"); err != nil {
		return err
	}
	t, err := e.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback()
	for _, n := range numbers {
		var page []byte
		if err := t.QueryRowContext(ctx, `SELECT data FROM sqlite_dbpage WHERE pgno = $1`, n).Scan(&page); absent(err) {
			continue // the file has become shorter
		} else if err != nil {
			return err
		}
		if !clearPage(page, n == 1, len(page)) {
			continue
		}
		if _, err := t.ExecContext(ctx, `UPDATE sqlite_dbpage SET data = $2 WHERE pgno = $1`, n, page); err != nil {
			return err
		}
	}
	return t.Commit()
}

// clearPage zeroes what is unused in a tree page: the gap between the cell pointers
// and the first cell, and free blocks behind their four bytes of chain. It says
// whether there was anything. A page that is no tree page, or not well formed, stays
// as it is.
func clearPage(p []byte, first bool, usable int) (dirty bool) {
	head := 0
	if first {
		head = 100
	}
	gap := head + 8
	switch p[head] {
	case 2, 5: // interior pages of an index or a table
		gap += 4
	case 10, 13: // leaf pages
	default:
		return false
	}
	gap += 2 * int(binary.BigEndian.Uint16(p[head+3:]))
	cells := int(binary.BigEndian.Uint16(p[head+5:]))
	if cells == 0 {
		cells = 65536
	}
	if gap > cells || cells > usable || usable > len(p) {
		return false
	}
	unused := [][]byte{p[gap:cells]}
	for at, block := cells, int(binary.BigEndian.Uint16(p[head+1:])); block != 0; {
		if block < at || block+4 > usable {
			return false
		}
		next, size := int(binary.BigEndian.Uint16(p[block:])), int(binary.BigEndian.Uint16(p[block+2:]))
		if size < 4 || block+size > usable {
			return false
		}
		unused = append(unused, p[block+4:block+size])
		at, block = block+size, next
	}
	for _, u := range unused {
		if !bytes.Equal(u, zeros[:len(u)]) { // a page is at most as long
			clear(u)
			dirty = true
		}
	}
	return dirty
}

// hold opens a file of the database for reading, once: closing it would drop the
// locks that SQLite holds on it in this process.
func (e *sqlite) hold(path string) (*os.File, error) {
	if f, ok := e.held[path]; ok {
		return f, nil
	}
	f, err := os.Open(path)
	if err == nil {
		e.held[path] = f
	}
	return f, err
}
