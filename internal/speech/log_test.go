package speech_test

import (
	"context"
	"log/slog"
	"sync"
)

// pids collects the process ids that the engine logs.
type pids struct {
	mu   sync.Mutex
	list []int
}

func (p *pids) logger() *slog.Logger { return slog.New(p) }

func (p *pids) Enabled(context.Context, slog.Level) bool { return true }
func (p *pids) WithAttrs([]slog.Attr) slog.Handler       { return p }
func (p *pids) WithGroup(string) slog.Handler            { return p }
func (p *pids) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "pid" {
			p.mu.Lock()
			p.list = append(p.list, int(a.Value.Int64()))
			p.mu.Unlock()
		}
		return true
	})
	return nil
}

func (p *pids) last() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.list[len(p.list)-1]
}

func (p *pids) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.list)
}
