//go:build !linux

package main

import "os"

// noCoreDumps is Linux only; elsewhere the operator sees to it (ulimit -c 0).
func noCoreDumps() {}

func (r report) machine() {
	r.note("Auslagerungsspeicher und Speicherabzüge werden nur unter Linux untersucht.")
}

func (r report) folder(path string) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		r.note("Der Datenordner %s ist noch nicht da.", path)
	case info.Mode().Perm()&0o077 != 0:
		r.finding("Der Datenordner %s ist für andere Benutzer offen (%o). chmod 700 schließt ihn.", path, info.Mode().Perm())
	}
}
