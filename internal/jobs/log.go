package jobs

import (
	"context"
	"log/slog"
	"regexp"
	"strings"
)

// filter stands between River and our log: warnings and errors only, and of their
// attributes numbers, times and short codes. A driver's error text can repeat
// values of a row, so it is cut down to the word "hidden".
type filter struct{ next slog.Handler }

var codeForm = regexp.MustCompile(`^[a-z0-9_:. -]{1,60}$`)

// Enabled says that only warnings and errors pass.
func (f filter) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && f.next.Enabled(ctx, l)
}

// Handle passes a record on with its attributes checked. What a stop of the
// service causes is no news.
func (f filter) Handle(ctx context.Context, r slog.Record) error {
	stopped := false
	out := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		stopped = stopped || strings.Contains(a.Value.String(), "context canceled")
		out.AddAttrs(checked(a))
		return true
	})
	if stopped {
		return nil
	}
	return f.next.Handle(ctx, out)
}

// WithAttrs keeps the filter around derived handlers.
func (f filter) WithAttrs(as []slog.Attr) slog.Handler {
	safe := make([]slog.Attr, len(as))
	for i, a := range as {
		safe[i] = checked(a)
	}
	return filter{f.next.WithAttrs(safe)}
}

// WithGroup keeps the filter around derived handlers.
func (f filter) WithGroup(name string) slog.Handler { return filter{f.next.WithGroup(name)} }

func checked(a slog.Attr) slog.Attr {
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64, slog.KindBool, slog.KindDuration, slog.KindTime:
		return slog.Attr{Key: a.Key, Value: v}
	default:
		if s := v.String(); codeForm.MatchString(s) {
			return slog.String(a.Key, s)
		}
		return slog.String(a.Key, "hidden")
	}
}
