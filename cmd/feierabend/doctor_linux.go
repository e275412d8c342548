package main

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// noCoreDumps keeps a crash from writing memory, keys and content, to a disk (DEL-08).
func noCoreDumps() {
	var l unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_CORE, &l) == nil && l.Cur > 0 {
		unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{Cur: 0, Max: l.Max})
	}
}

// machine looks at swap and core dumps (DEL-08).
func (r report) machine() {
	if b, err := os.ReadFile("/proc/swaps"); err == nil && bytes.Count(b, []byte("\n")) > 1 {
		r.note("Auslagerungsspeicher ist an: Inhalte aus dem Arbeitsspeicher können auf die Platte geraten. Bitte abschalten, verschlüsseln oder MemorySwapMax=0 setzen.")
	} else {
		r.good("kein Auslagerungsspeicher")
	}
	var l unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_CORE, &l) == nil && l.Cur > 0 {
		r.note("Speicherabzüge sind hier erlaubt; serve schaltet sie für sich ab.")
	}
}

// filesystems whose promise differs: in-place zeroing does not reach old blocks, or
// the database would not be safe.
var filesystems = map[int64]struct {
	name, means string
	bad         bool
}{
	0x9123683E: {"btrfs", "überschreibt nicht an Ort und Stelle; Gelöschtes kann in alten Blöcken und Schnappschüssen stehen bleiben", false},
	0x2FC12FC1: {"zfs", "überschreibt nicht an Ort und Stelle; Gelöschtes kann in alten Blöcken und Schnappschüssen stehen bleiben", false},
	0x794C7630: {"overlay", "liegt in einem Behälter und geht mit ihm verloren; bitte einen Datenträger einhängen", false},
	0x01021994: {"tmpfs", "liegt im Arbeitsspeicher und ist nach einem Neustart leer", false},
	0x6969:     {"nfs", "ist ein Netzlaufwerk: darauf ist SQLite nicht sicher", true},
}

const leastFree = 1 << 30 // bytes of disk space below which the doctor warns

// folder looks at rights, space and kind of the data folder.
func (r report) folder(path string) {
	info, err := os.Stat(path)
	if err != nil {
		r.note("Der Datenordner %s ist noch nicht da.", path)
		return
	}
	if info.Mode().Perm()&0o077 != 0 {
		r.finding("Der Datenordner %s ist für andere Benutzer offen (%o). chmod 700 schließt ihn.", path, info.Mode().Perm())
	}
	if f, err := os.Stat(filepath.Join(path, "feierabend.db")); err == nil && f.Mode().Perm()&0o077 != 0 {
		r.finding("Die Datenbankdatei ist für andere Benutzer lesbar (%o). chmod 600 schließt sie.", f.Mode().Perm())
	}
	var st syscall.Statfs_t
	if err := syscall.Statfs(path, &st); err != nil {
		r.finding("Der Datenträger von %s lässt sich nicht untersuchen.", path)
		return
	}
	free := int64(st.Bavail) * int64(st.Bsize)
	if free < leastFree {
		r.finding("Auf dem Datenträger von %s sind nur noch %d MB frei.", path, free>>20)
	} else {
		r.good("Datenordner %s, %d GB frei", path, free>>30)
	}
	if k, odd := filesystems[int64(st.Type)&0xFFFFFFFF]; odd {
		say := r.note
		if k.bad {
			say = r.finding
		}
		say("Der Datenordner liegt auf %s: das %s.", k.name, k.means)
	}
}
