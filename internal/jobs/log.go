package jobs

import (
	"context"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"time"
)

// filter stands between River and our log: warnings and errors only, and of their
// attributes numbers, times and short codes. A driver's error text can repeat
// values of a row, so it is cut down to the word "hidden". The same message comes at
// most once in ten seconds: without its database River complains 40 times a second.
type filter struct {
	next slog.Handler
	last *sync.Map // message → when it was last passed on
}

// sameAgain is how long a message stays away after it was said.
const sameAgain = 10 * time.Second

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
	if stopped || f.again(r) {
		return nil
	}
	return f.next.Handle(ctx, out)
}

// again says that the message was passed on a short while ago.
func (f filter) again(r slog.Record) bool {
	before, is := f.last.Load(r.Message)
	if is && r.Time.Sub(before.(time.Time)) < sameAgain {
		return true
	}
	f.last.Store(r.Message, r.Time)
	return false
}

// WithAttrs keeps the filter around derived handlers.
func (f filter) WithAttrs(as []slog.Attr) slog.Handler {
	safe := make([]slog.Attr, len(as))
	for i, a := range as {
		safe[i] = checked(a)
	}
	return filter{f.next.WithAttrs(safe), f.last}
}

// WithGroup keeps the filter around derived handlers.
func (f filter) WithGroup(name string) slog.Handler { return filter{f.next.WithGroup(name), f.last} }

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
