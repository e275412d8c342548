package journal

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// MaxDays is the longest that a log may be kept; the default is DefaultDays (LOG-03).
const (
	MaxDays     = 30
	DefaultDays = 7
)

// Files writes lines into one file a day, and deletes those that are too old.
type Files struct {
	dir, name string
	days      int
	now       func() time.Time

	mu   sync.Mutex
	day  string
	file *os.File
}

// OpenFiles makes the folder (0700) and deletes what is too old. name is the
// beginning of the files: "<name>-2026-11-24.log".
func OpenFiles(dir, name string, days int, now func() time.Time) (*Files, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f := &Files{dir: dir, name: name, days: min(max(days, 1), MaxDays), now: now}
	return f, f.Prune()
}

// Write appends whole lines to the file of today.
func (f *Files) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if day := f.now().UTC().Format(time.DateOnly); day != f.day || f.file == nil {
		f.shut()
		file, err := os.OpenFile(filepath.Join(f.dir, f.name+"-"+day+".log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return 0, err
		}
		f.file, f.day = file, day
	}
	return f.file.Write(p)
}

// Prune deletes the files whose first line could be older than the days: no line is
// ever kept longer, and files of a clock that ran ahead go too.
func (f *Files) Prune() error {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return err
	}
	now := f.now().UTC()
	for _, e := range entries {
		day, ours := strings.CutPrefix(e.Name(), f.name+"-")
		begins, err := time.Parse(time.DateOnly+".log", day)
		if !ours || err != nil {
			continue
		}
		if !now.Before(begins.AddDate(0, 0, f.days)) || begins.After(now.AddDate(0, 0, 1)) {
			f.release(begins)
			if err := os.Remove(filepath.Join(f.dir, e.Name())); err != nil && !os.IsNotExist(err) {
				return err
			}
		}
	}
	return nil
}

// release closes the file of a day that goes.
func (f *Files) release(day time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.day == day.Format(time.DateOnly) {
		f.shut()
	}
}

// Close ends writing.
func (f *Files) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.shut()
}

// shut closes the open file; f.mu is held.
func (f *Files) shut() {
	if f.file != nil {
		f.file.Close()
	}
	f.file, f.day = nil, ""
}
