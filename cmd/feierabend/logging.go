package main

import (
	"fmt"
	"io"
	"log/slog"
)

// newLog writes JSON lines (or text in demo mode) that hold ids, codes and
// numbers only: composite values are refused, since LogValue does not protect a
// slice of values or a struct around them (conventions §4.11).
func newLog(w io.Writer, text bool, level slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: level, ReplaceAttr: refuseComposite}
	if text {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}

func refuseComposite(_ []string, a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	if v.Kind() != slog.KindAny {
		return a
	}
	switch x := v.Any().(type) {
	case error:
		return slog.String(a.Key, x.Error())
	case slog.Level, nil:
		return a
	default:
		return slog.String(a.Key, fmt.Sprintf("refused %T", x))
	}
}
