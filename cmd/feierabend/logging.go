package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/journal"
	"feierabend/internal/seal"
)

// newLog writes JSON lines (or text in demo mode) that hold only what the allow-list
// of package journal lets through (LOG-01).
func newLog(w io.Writer, text bool, level slog.Level) *slog.Logger {
	return slog.New(journal.NewHandler(w, text, level))
}

// foreignLogs leads what libraries say by the standard loggers through ours.
func foreignLogs(to *slog.Logger) {
	slog.SetDefault(to)
	own := journal.Complaints(to, "log") // after SetDefault, which would pass sentences on
	log.SetFlags(own.Flags())
	log.SetOutput(own.Writer())
}

// droppedAttributes counts what the allow-list kept out of a log.
func droppedAttributes(l *slog.Logger) (keys, values int64) {
	if h, ok := l.Handler().(*journal.Handler); ok {
		return h.Dropped().Keys.Load(), h.Dropped().Values.Load()
	}
	return 0, 0
}

// logs are the access log and the security log of this process.
type logs struct {
	access   *journal.Access
	security *journal.Security
	files    []*journal.Files
}

// checkLogs refuses settings of the logs that do not fit.
func (c config) checkLogs() error {
	if c.LogDays < 1 || c.LogDays > journal.MaxDays {
		return usage("FEIERABEND_LOG_DAYS ist %d. Möglich sind 1 bis %d Tage; länger darf ein Protokoll nicht bleiben.", c.LogDays, journal.MaxDays)
	}
	if _, err := journal.ParseFields(c.AccessLog); err != nil {
		var names []string
		for _, f := range journal.Fields() {
			names = append(names, f.Key)
		}
		return usage("FEIERABEND_ACCESS_LOG nennt ein Feld, das es nicht gibt. Möglich sind %s, oder off.", strings.Join(names, ", "))
	}
	return nil
}

// logFolder is where the files of the logs lie; "" = they go to stderr.
func (c config) logFolder() string {
	switch {
	case c.LogFolder == "stderr":
		return ""
	case c.LogFolder != "":
		return c.LogFolder
	case !c.DatabaseURL.Empty() && !c.demo(): // no folder of its own
		return ""
	}
	return filepath.Join(c.dataPath(), "logs")
}

// openLogs opens both logs. The person in the security log is a keyed hash.
func openLogs(c config, root *seal.Root, stderr io.Writer) (*logs, error) {
	fields, err := journal.ParseFields(c.AccessLog)
	if err != nil {
		return nil, err
	}
	l, to := &logs{}, [2]io.Writer{stderr, stderr}
	if dir := c.logFolder(); dir != "" {
		for i, name := range []string{"access", "security"} {
			f, err := journal.OpenFiles(dir, name, c.LogDays, time.Now)
			if err != nil {
				l.close()
				return nil, notWritable(dir, err)
			}
			l.files, to[i] = append(l.files, f), f
		}
	}
	l.access = journal.NewAccess(to[0], fields)
	l.security = journal.NewSecurity(to[1], func(u feierabend.UserID) string {
		return hex.EncodeToString(root.MAC(seal.PurposeLog, "user", string(u))[:8])
	}, time.Now)
	return l, nil
}

// visit and event write to the logs; without them they do nothing.
func (l *logs) visit(v feierabend.PageView) {
	if l != nil {
		l.access.Visit(v)
	}
}

func (l *logs) event(e feierabend.SecurityEvent) {
	if l != nil {
		l.security.Event(e)
	}
}

// prune deletes old files now and every hour until stop.
func (l *logs) prune(stop <-chan struct{}, log *slog.Logger) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		for _, f := range l.files {
			if err := f.Prune(); err != nil {
				log.Error("old logs could not be deleted", "err", err)
			}
		}
		select {
		case <-tick.C:
		case <-stop:
			return
		}
	}
}

func (l *logs) close() {
	for _, f := range l.files {
		f.Close()
	}
}

// fingerprint is a keyed hash of all settings, secrets included: another one at a
// start means that somebody has changed something (LOG-04).
func (c config) fingerprint(root *seal.Root) string {
	v := reflect.ValueOf(c)
	parts := []string{"settings"}
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("env")
		if name == "" {
			continue
		}
		text := fmt.Sprint(v.Field(i).Interface())
		if v.Type().Field(i).Tag.Get("secret") != "" {
			text = c.vault.how(name) + c.vault.sealed[name].String()
		}
		parts = append(parts, name, text)
	}
	return "settings_" + hex.EncodeToString(root.MAC(seal.PurposeLog, parts...)[:6])
}

// commandDone notes what an operator's command did to the service. Without a folder
// for logs a command has no security log: it must not write into the operator's screen.
func commandDone(c config, root *seal.Root, name string, err error) {
	if c.logFolder() == "" || root == nil {
		return
	}
	l, openErr := openLogs(c, root, io.Discard)
	if openErr != nil {
		return
	}
	defer l.close()
	l.command(name, err)
}

// command notes a command with its outcome, never its arguments.
func (l *logs) command(name string, err error) {
	e := feierabend.SecurityEvent{Act: feierabend.SecurityAdmin, Route: name, Code: "done"}
	if name == "key" {
		e.Act = feierabend.SecurityKey
	}
	if err != nil {
		e.Code = "failed"
		var own *feierabend.Error
		if errors.As(err, &own) {
			e.Code = own.Code
		}
	}
	l.security.Event(e)
}
