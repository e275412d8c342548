package journal

import (
	"log/slog"
	"regexp"
	"strings"
)

// Form is what the values of a key may look like.
type Form int

// The forms. Text of any other form is dropped.
const (
	Number Form = iota // numbers, truth, durations, times
	Code               // our own words: kinds, codes, tables
	ID                 // our ids
	Route              // pattern of a route
	Method             // method of HTTP
	Err                // an error: codes and types of it
	Stack              // a stack: files and lines of it
)

// Keys is the allow-list of the service's log (LOG-01). A test at the root compares it
// with every call; a new key needs a row.
func Keys() map[string]Form {
	return map[string]Form{
		"code": Code, "kind": Code, "reasons": Code, "table": Code, "state": Code, "signal": Code, "log": Code, "complaint": Code, "queue": Code, "name": Code,
		"ref": ID, "process": ID, "outbox": ID, "request": ID, "message": ID, "tenant": ID, "case": ID, "receipt": ID,
		"route": Route, "method": Method, "error": Err, "err": Err, "stack": Stack,
		"seconds_left": Number, "processes": Number, "jobs": Number, "leader": Number, "verified": Number, "all": Number, "tries": Number, "final": Number,
		"status": Number, "ms": Number, "crashes": Number, "pid": Number, "exit": Number, "peak_kb": Number, "ahead_seconds": Number, "behind_seconds": Number,
		"audio_ms": Number, "cpu_ms": Number, "windows": Number, "days": Number, "attempt": Number, "job_id": Number, "num_jobs": Number,
		"sleep_duration": Code, "timeout": Code,
	}
}

var forms = map[Form]*regexp.Regexp{
	Code:   regexp.MustCompile(`^[a-z0-9_.,:+-]{1,80}$`),
	ID:     regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`),
	Route:  regexp.MustCompile(`^(-|/[a-z0-9/{}_.$-]{0,99})$`),
	Method: regexp.MustCompile(`^[A-Z]{3,7}$`),
}

// allowed gives the attribute as it may stand in the log. ok is false where its value
// has not the form that its key asks for.
func allowed(a slog.Attr, f Form) (_ slog.Attr, ok bool) {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64, slog.KindBool, slog.KindDuration, slog.KindTime:
		return slog.Attr{Key: a.Key, Value: v}, f == Number
	case slog.KindString:
		s := v.String()
		switch {
		case f == Stack:
			return slog.String(a.Key, frames(s)), true
		case f == Err: // a library's error that another filter has already cut down
			return slog.String(a.Key, s), forms[Code].MatchString(s)
		case s == "" && f != Number:
			return slog.String(a.Key, ""), true
		case forms[f] != nil && forms[f].MatchString(s):
			return slog.String(a.Key, s), true
		}
	case slog.KindAny:
		if err, is := v.Any().(error); is && f == Err {
			return slog.String(a.Key, Describe(err)), true
		}
		if v.Any() == nil && f == Err {
			return slog.String(a.Key, ""), true
		}
	}
	return slog.Attr{}, false
}

var frame = regexp.MustCompile(`(?m)^\t.*/([a-zA-Z0-9_.-]+\.go:[0-9]+)`)

// frames are the files and lines of debug.Stack, innermost first: no arguments, no
// names of types, no values.
func frames(stack string) string {
	var out []string
	for _, m := range frame.FindAllStringSubmatch(stack, 30) {
		out = append(out, m[1])
	}
	return strings.Join(out, " < ")
}
