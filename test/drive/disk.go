package main

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// diskFaults goes through the faults of SQLite on a small file system.
func diskFaults(bin, dir string) error {
	w, err := newWorldIn(bin, dir)
	if err != nil {
		return err
	}
	defer w.close()
	o := &outage{world: w, random: rand.New(rand.NewPCG(2, 1)), codes: map[int]int{}}
	if err := w.get("/sim/v1/settings", &o.settings); err != nil {
		return err
	}
	for range 3 {
		if err := o.deliverNote(); err != nil {
			return err
		}
	}
	filler := filepath.Join(dir, "filler")
	if err := fill(filler); err != nil {
		return err
	}
	if err := o.refused("disk"); err != nil {
		return fmt.Errorf("sqlite disk full: %w\nservice said: %s", err, o.service.said())
	}
	if err := os.Remove(filler); err != nil {
		return err
	}
	if err := o.deliverNote(); err != nil {
		return err
	}
	fmt.Println("outage: sqlite disk full: 503, then goes on")
	if err := o.nothingLost(); err != nil {
		return err
	}
	o.service.kill()
	if err := o.readOnlyDisk(); err != nil {
		return fmt.Errorf("sqlite file system read-only: %w", err)
	}
	return o.damages()
}

// readOnlyDisk starts the service on a file system that may only be read: it must say so,
// change nothing, and start once it may write. Linux makes none read-only under open
// files; what then happens is swept with injected EROFS (T-03, test/gates).
func (o *outage) readOnlyDisk() error {
	remount := func(how string) error {
		if out, err := exec.Command("mount", "-o", "remount,"+how, o.dir).CombinedOutput(); err != nil {
			return fmt.Errorf("remount,%s: %w: %s", how, err, out)
		}
		return nil
	}
	if err := remount("ro"); err != nil {
		return err
	}
	err := o.refusesStart("darf Feierabend nicht schreiben")
	if back := remount("rw"); err == nil {
		err = back
	}
	if err != nil {
		return err
	}
	if err := o.start(); err != nil {
		return err
	}
	if err := o.deliverNote(); err != nil {
		return err
	}
	if err := o.nothingLost(); err != nil {
		return err
	}
	o.service.kill()
	return nil
}

// damages starts the service on what a fault may leave behind.
func (o *outage) damages() error {
	data := filepath.Join(o.dir, "data")
	// A log torn in its last frame: SQLite leaves that frame out, the rest holds.
	wal := filepath.Join(data, "feierabend.db-wal")
	b, err := os.ReadFile(wal)
	if err != nil || len(b) < 8192 {
		return fmt.Errorf("no log to tear: %d bytes, %v", len(b), err)
	}
	if err := os.WriteFile(wal, append(b[:len(b)-2000], []byte("torn in the middle of a write")...), 0o600); err != nil {
		return err
	}
	if err := o.start(); err != nil {
		return fmt.Errorf("torn log: %w", err)
	}
	if err := o.deliverNote(); err != nil {
		return fmt.Errorf("torn log: %w", err)
	}
	state, err := o.query(`PRAGMA integrity_check`)
	if err != nil || state[0] != "ok" {
		return fmt.Errorf("torn log: integrity %v, %v", state, err)
	}
	fmt.Println("outage: sqlite log torn in its last frame: starts, integrity ok, goes on")
	o.service.kill()
	other := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for _, keys := range []struct{ env, want string }{
		{"FEIERABEND_MASTER_KEYS=1:" + other, "FEIERABEND_MASTER_KEYS"}, {"FEIERABEND_ROOT_KEY=" + other, "Stammschlüssel"},
	} {
		if err := o.refusesStart(keys.want, keys.env); err != nil {
			return err
		}
	}
	for _, end := range []string{"-wal", "-shm"} {
		os.Remove(filepath.Join(data, "feierabend.db"+end))
	}
	db := filepath.Join(data, "feierabend.db")
	if b, err = os.ReadFile(db); err != nil {
		return err
	}
	if err := os.WriteFile(db, append([]byte("no header of SQLite "), b[20:]...), 0o600); err != nil {
		return err
	}
	if err := o.refusesStart("beschädigt"); err != nil {
		return err
	}
	return os.WriteFile(db, b, 0o600)
}

// refusesStart expects exit code 1 and one sentence that holds want.
func (o *outage) refusesStart(want string, env ...string) error {
	cmd := exec.Command(o.bin, "serve", "--demo", "--quiet")
	cmd.Env = append(append(surroundings(), o.env()...), env...)
	out, err := cmd.CombinedOutput()
	text := strings.TrimSpace(string(out))
	if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(text, want) || strings.Contains(text, "goroutine") {
		return fmt.Errorf("start with %q: %v: %s", want, err, text)
	}
	fmt.Println("outage: " + text[strings.LastIndex(text, "feierabend: "):])
	return nil
}
