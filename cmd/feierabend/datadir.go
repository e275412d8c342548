package main

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// dataDir is the folder that holds the database; one process at a time owns it.
type dataDir struct {
	path string
	lock *os.File
}

var errLocked = errors.New("data folder is in use")

// openDataDir makes the folder and takes its lock; errLocked when a service runs on it.
func openDataDir(path string) (*dataDir, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, notWritable(path, err)
	}
	f, err := os.OpenFile(filepath.Join(path, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, notWritable(path, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errLocked
		}
		return nil, notWritable(path, err)
	}
	return &dataDir{path: path, lock: f}, nil
}

// empty removes everything but the lock: only the demo's default folder is ever emptied.
func (d *dataDir) empty() error {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return notWritable(d.path, err)
	}
	for _, e := range entries {
		if e.Name() == "lock" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(d.path, e.Name())); err != nil {
			return notWritable(d.path, err)
		}
	}
	return nil
}

func (d *dataDir) close() {
	if d != nil && d.lock != nil {
		d.lock.Close() // closing drops the lock
	}
}

func notWritable(path string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return failure("disk_full", err, "Auf dem Datenträger von %s ist kein Platz mehr. Bitte Platz schaffen und neu starten. Es ging nichts verloren.", path)
	case errors.Is(err, syscall.EROFS), errors.Is(err, os.ErrPermission):
		return failure("not_writable", err, "In den Ordner %s darf Feierabend nicht schreiben. Bitte Rechte prüfen oder mit FEIERABEND_DATA einen anderen Ordner nennen.", path)
	}
	return failure("data_folder", err, "Der Ordner %s lässt sich nicht benutzen. Bitte FEIERABEND_DATA prüfen.", path)
}
