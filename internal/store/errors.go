package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"feierabend"
)

// Sentences for people. Each says what happened, what it means for the data, what to do.
const (
	textDiskFull = "Der Speicherplatz für die Datenbank ist voll. Bereits Gespeichertes ist unversehrt, Neues wird gerade nicht angenommen und später noch einmal zugestellt. " +
		"Bitte Platz schaffen; es geht dann von selbst weiter."
	textReadOnly = "Die Datenbank lässt sich nicht beschreiben. Bereits Gespeichertes ist unversehrt. Bitte die Schreibrechte des Datenordners prüfen."
	textBusy     = "Die Datenbank ist gerade belegt. Es ist nichts verloren. Bitte gleich noch einmal versuchen."
	textDown     = "Die Datenbank ist nicht erreichbar. Bereits Gespeichertes ist unversehrt. Bitte später noch einmal versuchen."
	textLogin    = "Die Datenbank lässt diese Rolle nicht herein, oder es gibt sie unter diesem Namen nicht. Bereits Gespeichertes ist unversehrt. Bitte Rolle, Passwort und Name in FEIERABEND_DATABASE_URL prüfen."
	textDamaged  = "Die Datenbankdatei ist beschädigt oder keine von Feierabend. Es wurde nichts verändert. Bitte die Datei aus der Sicherung ersetzen oder den Datenordner prüfen."
	textNotFound = "Das gibt es hier nicht oder nicht mehr."
	textCanceled = "Der Vorgang wurde abgebrochen, bevor er fertig war. Bereits Gespeichertes ist unversehrt. Bitte noch einmal versuchen."
	textSealed   = "Ein gespeicherter Inhalt lässt sich nicht öffnen. Er wurde nicht verändert. Bitte den Betreiber informieren."
)

func notFound(what string) error {
	return &feierabend.Error{Kind: feierabend.NotFound, Code: what, Text: textNotFound}
}

func conflict(code, text string) error {
	return &feierabend.Error{Kind: feierabend.Conflict, Code: code, Text: text}
}

func invalid(code string) error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: code, Text: "Diese Angabe fehlt oder hat nicht die richtige Form. Es wurde nichts gespeichert."}
}

func unavailable(code, text string, err error) error {
	return &feierabend.Error{Kind: feierabend.Unavailable, Code: code, Text: text, Err: err}
}

// common maps what does not depend on the engine; done says that it did.
func common(err error) (mapped error, done bool) {
	var own *feierabend.Error
	var snooze *feierabend.SnoozeError
	switch {
	case err == nil, errors.As(err, &own), errors.As(err, &snooze):
		return err, true
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return unavailable("canceled", textCanceled, err), true
	case absent(err):
		return notFound("row"), true
	}
	return fileError(err)
}

// fileError maps the errors of our own accesses to files, without their path.
func fileError(err error) (mapped error, done bool) {
	for _, f := range []struct {
		is         syscall.Errno
		code, text string
	}{
		{syscall.ENOSPC, "disk_full", textDiskFull},
		{syscall.EDQUOT, "disk_full", textDiskFull},
		{syscall.EROFS, "read_only", textReadOnly},
		{syscall.EACCES, "read_only", textReadOnly},
		{syscall.EIO, "disk", textDiskFull},
	} {
		if errors.Is(err, f.is) {
			return unavailable(f.code, f.text, f.is), true
		}
	}
	return err, false
}

// absent says that a query found no row, on either engine.
func absent(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// explain maps SQLite's result codes.
func (e *sqlite) explain(err error) error {
	if mapped, done := common(err); done {
		return mapped
	}
	var se *sqlitedriver.Error
	if !errors.As(err, &se) {
		return &feierabend.Error{Kind: feierabend.Internal, Code: "database", Err: err}
	}
	code := coded{"sqlite", se.Code()}
	switch se.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return unavailable("disk_full", textDiskFull, code)
	case sqlite3.SQLITE_IOERR: // a full disk shows as a short write too
		return unavailable("disk", textDiskFull, code)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		return unavailable("read_only", textReadOnly, code)
	case sqlite3.SQLITE_INTERRUPT:
		return unavailable("canceled", textCanceled, code)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return unavailable("busy", textBusy, code)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return &feierabend.Error{Kind: feierabend.Invalid, Code: "damaged", Text: textDamaged, Err: code}
	case sqlite3.SQLITE_CONSTRAINT:
		return &feierabend.Error{Kind: feierabend.Conflict, Code: "exists", Text: "Das gibt es schon.", Err: code}
	}
	return &feierabend.Error{Kind: feierabend.Internal, Code: "database", Err: err}
}

// explain maps PostgreSQL's error classes. Its messages and details can hold
// values, so only the code is kept.
func (e *postgres) explain(err error) error {
	var pe *pgconn.PgError
	var ce *pgconn.ConnectError
	if errors.As(err, &ce) && !errors.As(err, &pe) && !errors.Is(err, context.Canceled) { // waited in vain for it, too
		return unavailable("database_down", textDown, errors.New("no connection"))
	}
	if mapped, done := common(err); done {
		return mapped
	}
	if !errors.As(err, &pe) {
		var ne net.Error
		if errors.As(err, &ne) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.SafeToRetry(err) || strings.Contains(err.Error(), "conn closed") {
			return unavailable("database_down", textDown, errors.New("connection lost"))
		}
		return &feierabend.Error{Kind: feierabend.Internal, Code: "database", Err: err}
	}
	code := coded{"postgres " + pe.Code, 0}
	switch {
	case pe.Code == "23505":
		return &feierabend.Error{Kind: feierabend.Conflict, Code: "exists", Text: "Das gibt es schon.", Err: code}
	case pe.Code == "53100":
		return unavailable("disk_full", textDiskFull, code)
	case pe.Code == "58030":
		return unavailable("disk", textDiskFull, code)
	case pe.Code == "25006":
		return unavailable("read_only", textReadOnly, code)
	case pe.Code == "40001", pe.Code == "40P01", pe.Code == "55P03":
		return unavailable("busy", textBusy, code)
	case strings.HasPrefix(pe.Code, "28"), pe.Code == "3D000":
		return unavailable("database_login", textLogin, code)
	case strings.HasPrefix(pe.Code, "08"), strings.HasPrefix(pe.Code, "57"), strings.HasPrefix(pe.Code, "53"):
		return unavailable("database_down", textDown, code)
	}
	return &feierabend.Error{Kind: feierabend.Internal, Code: "database", Err: coded{"postgres " + pe.Code + " " + pe.Routine, 0}}
}

// coded is a driver's error without its message, which could name values.
type coded struct {
	engine string
	code   int
}

func (c coded) Error() string {
	if c.code == 0 {
		return c.engine
	}
	return c.engine + " " + itoa(c.code)
}
