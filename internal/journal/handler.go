package journal

import (
	"context"
	"io"
	"log"
	"log/slog"
	"strings"
	"sync/atomic"
	"unicode"
)

// longest is how many characters of a message stay.
const longest = 300

// Handler lets through what Keys allows.
type Handler struct {
	next    slog.Handler
	keys    map[string]Form
	dropped *Dropped
}

// Dropped counts what did not pass.
type Dropped struct{ Keys, Values atomic.Int64 }

// NewHandler writes JSON lines, or text for people who try the demo.
func NewHandler(w io.Writer, text bool, level slog.Level) *Handler {
	o := &slog.HandlerOptions{Level: level}
	h := &Handler{keys: Keys(), dropped: &Dropped{}}
	if h.next = slog.NewJSONHandler(w, o); text {
		h.next = slog.NewTextHandler(w, o)
	}
	return h
}

// Dropped gives the counters, which derived handlers share.
func (h *Handler) Dropped() *Dropped { return h.dropped }

// Enabled is that of the writing handler.
func (h *Handler) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

// Handle writes a record with the attributes that may stand there.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, r.Level, oneLine(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		if a, ok := h.pass(a); ok {
			out.AddAttrs(a)
		}
		return true
	})
	return h.next.Handle(ctx, out)
}

// pass gives the attribute as it may stand there; a value of another form leaves its
// key with "hidden".
func (h *Handler) pass(a slog.Attr) (slog.Attr, bool) {
	form, known := h.keys[a.Key]
	if !known {
		h.dropped.Keys.Add(1)
		return slog.Attr{}, false
	}
	if good, ok := allowed(a, form); ok {
		return good, true
	}
	h.dropped.Values.Add(1)
	return slog.String(a.Key, "hidden"), true
}

// WithAttrs keeps the list around derived handlers.
func (h *Handler) WithAttrs(as []slog.Attr) slog.Handler {
	var good []slog.Attr
	for _, a := range as {
		if a, ok := h.pass(a); ok {
			good = append(good, a)
		}
	}
	return &Handler{h.next.WithAttrs(good), h.keys, h.dropped}
}

// WithGroup passes no group on: our keys have none.
func (h *Handler) WithGroup(string) slog.Handler { return h }

// oneLine takes control and direction characters out of a message: nobody writes a
// second line or paints over the first one.
func oneLine(s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || unicode.Is(unicode.Zl, c) || unicode.Is(unicode.Zp, c) || c == unicode.ReplacementChar {
			return '?'
		}
		return c
	}, s)
	if r := []rune(s); len(r) > longest {
		s = string(r[:longest])
	}
	return s
}

// Complaints is a logger for libraries that write sentences of their own, which can
// hold addresses and values: of a sentence it keeps which of the known ones it is.
func Complaints(to *slog.Logger, from string) *log.Logger {
	return log.New(complaints{to, from}, "", 0)
}

type complaints struct {
	to   *slog.Logger
	from string
}

// known are the beginnings of net/http's sentences.
var known = []struct{ begins, code string }{
	{"http: TLS handshake error", "tls_handshake"},
	{"http: panic serving", "panic"},
	{"http: Accept error", "accept"},
	{"http: superfluous response.WriteHeader", "superfluous_header"},
	{"http: response.Write on hijacked", "hijacked"},
	{"http2:", "http2"},
}

// Write takes one sentence.
func (c complaints) Write(p []byte) (int, error) {
	code := "other"
	for _, k := range known {
		if strings.HasPrefix(string(p), k.begins) {
			code = k.code
		}
	}
	c.to.Warn("library complains", "complaint", c.from+":"+code)
	return len(p), nil
}
