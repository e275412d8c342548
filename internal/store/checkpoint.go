package store

import (
	"context"
	"database/sql"
	"os"
	"sync"
	"time"
)

// When the log is brought into the file.
const (
	logPages  = 4000                  // of 4 KiB
	logPasses = 3                     // before the writer is held
	logPause  = 25 * time.Millisecond // between two looks at it
)

// logKeeper brings SQLite's log into the file beside the writer: within a commit, as
// SQLite does it by itself, all callers of the accept path would wait for it. What
// was written meanwhile is brought in while the writer is held, which is little;
// only then the log begins anew. SQLite waits for the disk to have the file only when
// all of the log is in it, so that would fall to the held writer too: the keeper waits
// for it before.
type logKeeper struct {
	db      *sql.DB // one connection of its own
	writer  *sql.DB
	file    *os.File      // the database; never closed while SQLite is at work: its locks would go
	written chan struct{} // something was committed
	quit    context.CancelFunc
	stopped chan struct{}
	busy    sync.Mutex // held for a checkpoint; the scrub takes it too
}

func newLogKeeper(db, writer *sql.DB, file *os.File) *logKeeper {
	ctx, quit := context.WithCancel(context.Background())
	k := &logKeeper{db: db, writer: writer, file: file, written: make(chan struct{}, 1), quit: quit, stopped: make(chan struct{})}
	go k.run(ctx)
	return k
}

// wake says that something was committed.
func (k *logKeeper) wake() {
	select {
	case k.written <- struct{}{}:
	default:
	}
}

func (k *logKeeper) run(ctx context.Context) {
	defer close(k.stopped)
	for {
		select {
		case <-k.written:
		case <-ctx.Done():
			return
		}
		k.look(ctx)
		select {
		case <-time.After(logPause):
		case <-ctx.Done():
			return
		}
	}
}

// look does what is due. An error is no news: the next commit wakes the keeper
// again, and in the end SQLite does it within a commit, which then fails.
func (k *logKeeper) look(ctx context.Context) {
	k.busy.Lock()
	defer k.busy.Unlock()
	frames, err := k.checkpoint(ctx, k.db, "NOOP")
	if err != nil || frames < logPages {
		return
	}
	for range logPasses { // each leaves less to the next
		if _, err := k.checkpoint(ctx, k.db, "PASSIVE"); err != nil {
			return
		}
		if err := syncContent(k.file); err != nil {
			return
		}
	}
	k.checkpoint(ctx, k.writer, "PASSIVE")
}

// checkpoint gives the pages in the log.
func (k *logKeeper) checkpoint(ctx context.Context, db *sql.DB, mode string) (frames int, err error) {
	var busy, moved int
	err = db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(`+mode+`)`).Scan(&busy, &frames, &moved)
	return frames, err
}

func (k *logKeeper) close() error {
	k.quit()
	<-k.stopped
	return k.db.Close()
}
