package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"time"
)

// Patience of the scrub with readers.
const (
	scrubTries = 20
	scrubNap   = 50 * time.Millisecond
)

// scrub clears what deleted rows left behind in pages, and zeroes the WAL in place
// (storage.md §5.2): secure_delete has zeroed the cells in the file, but the log still
// holds older pages. Zeroing holds the one writer connection, so nobody writes
// meanwhile; readers are not disturbed.
func (e *sqlite) scrub(ctx context.Context) (method string, sure bool, err error) {
	if !scrubbing {
		return "none", true, nil
	}
	if err := e.clearSlack(ctx); err != nil {
		return "", false, err
	}
	for try := range scrubTries {
		if err = e.zeroLog(ctx); err == nil {
			return "sqlite_zero_wal_search", true, nil
		}
		if err != errBusy {
			return "", false, err
		}
		select {
		case <-time.After(scrubNap * time.Duration(try+1)):
		case <-ctx.Done():
			return "", false, ctx.Err()
		}
	}
	return "", false, unavailable("busy", textBusy, err)
}

func (e *sqlite) zeroLog(ctx context.Context) error {
	e.keeper.busy.Lock()
	defer e.keeper.busy.Unlock()
	if err := e.gate.at("scrub connect"); err != nil {
		return err
	}
	conn, err := e.writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// While the writer is held, wait shortly only: the accept path stands behind it.
	if _, err := conn.ExecContext(ctx, `PRAGMA busy_timeout = 100`); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA busy_timeout = 10000`)
	// RESTART brings all frames into the file and makes sure that no reader needs the log.
	if err := checkpoint(ctx, conn, "RESTART", e.gate); err != nil {
		return err
	}
	length, err := zeroFile(e.path+"-wal", e.gate)
	if err != nil {
		return err
	}
	// SQLite begins the log anew with TRUNCATE alone.
	e.joiner.keepLength(length <= keptLog)
	defer e.joiner.keepLength(false)
	return checkpoint(ctx, conn, "TRUNCATE", e.gate)
}

func checkpoint(ctx context.Context, conn *sql.Conn, mode string, gate Gate) error {
	if err := gate.at("scrub checkpoint"); err != nil {
		return err
	}
	var busy, frames, moved int
	if err := conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(`+mode+`)`).Scan(&busy, &frames, &moved); err != nil {
		return fmt.Errorf("checkpoint %s: %w", mode, err)
	}
	if busy != 0 {
		return errBusy
	}
	return nil
}

// keptLog is how long a log may be, in bytes, that is left at its length when it has been
// zeroed: to give its blocks back takes as long as to zero it again, and the commits after
// it would wait for new ones (decision 0028). It is zeros to the end: no log to SQLite.
const keptLog = 2 << 20

// logHeader is how much of the log is zeroed first: its header and the first frame's.
const logHeader = 512

// zeroFile overwrites a file with zeros in place and waits for the disk, the header
// before the rest: a disk may write in any order, and frames zeroed behind a header
// that still holds would be a shorter log, from which recovery brings back old pages.
// Closing it drops no lock of SQLite's: those are on the database and the shm file.
// It gives the length of the file in bytes.
func zeroFile(path string, gate Gate) (length int64, err error) {
	if err := gate.at("file open"); err != nil {
		return 0, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil { // a log that is not there, too: it would be elsewhere
		return 0, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return 0, err
	}
	header := min(logHeader, st.Size())
	if err := zeroRange(f, 0, header, gate); err != nil {
		return 0, err
	}
	return st.Size(), zeroRange(f, header, st.Size(), gate)
}

// zeros is as long as the longest page. Nobody writes to it.
var zeros [64 << 10]byte

// zeroRange zeroes from byte from up to to, durably.
func zeroRange(f *os.File, from, to int64, gate Gate) error {
	if err := gate.at("file write"); err != nil {
		return err
	}
	for at := from; at < to; {
		n, err := f.WriteAt(zeros[:min(int64(len(zeros)), to-at)], at)
		if err != nil {
			return err
		}
		at += int64(n)
	}
	if err := gate.at("file sync"); err != nil {
		return err
	}
	return syncContent(f)
}
