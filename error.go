package feierabend

import (
	"errors"
	"fmt"
	"time"
)

// Kind sorts errors by what the caller can do about them.
type Kind string

// The kinds of Error.
const (
	Invalid      Kind = "invalid"      // the input is wrong; say how to mend it
	NotFound     Kind = "not_found"    // absent, or another tenant's: the same answer
	Conflict     Kind = "conflict"     // somebody was faster: show both
	Unauthorized Kind = "unauthorized" // sign in, or not allowed
	Unavailable  Kind = "unavailable"  // try again later, nothing is lost
	Gone         Kind = "gone"         // expired or erased
	Internal     Kind = "internal"     // our fault
)

// Error is the one error type that people may see. Only Text reaches a browser
// or a chat; Err and Code are for us and hold ids and codes, never content.
type Error struct {
	Kind Kind
	Code string // stable, lower case, for tests and logs: "audio_too_long"
	Text string // German, whole sentences: what happened, what it means for the data, what to do
	Err  error
	// Fields says what is wrong in which field of a form, in the order of the form.
	Fields []FieldError
}

// FieldError is what is wrong in one field of a form. Text is German; it stands in
// the page only, never in a log.
type FieldError struct{ Field, Text string }

// InvalidFields gives the Invalid error of a form, or nil where nothing is wrong.
func InvalidFields(code string, fields []FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: code, Fields: fields}
}

// FieldsOf gives the field errors of err, nil where it has none.
func FieldsOf(err error) []FieldError {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

func (e *Error) Error() string {
	s := string(e.Kind)
	if e.Code != "" {
		s += " " + e.Code
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf gives the kind of err; errors of other types are Internal, nil is "".
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// CodeOf gives the code of err, or "" where it has none.
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// TextOf gives the German text for people, or "" where the error has none.
func TextOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Text
	}
	return ""
}

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent marks an error of a job handler that no retry can mend.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanent{err}
}

// IsPermanent says whether err was marked with Permanent.
func IsPermanent(err error) bool {
	var p permanent
	return errors.As(err, &p)
}

// SnoozeError asks the job runner to come back later without counting a try.
type SnoozeError struct{ After time.Duration }

func (s *SnoozeError) Error() string { return fmt.Sprintf("snooze %s", s.After) }

// Snooze makes a SnoozeError.
func Snooze(d time.Duration) error { return &SnoozeError{After: d} }
