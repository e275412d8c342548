package speech

import (
	"context"
	"errors"
	"time"

	"feierabend"
)

// ask sends one request to the child and waits for its answer.
func (e *Engine) ask(ctx context.Context, audio []byte, q request, tell func(done, total time.Duration, text string)) (feierabend.Recognition, error) {
	c := e.child
	c.last++
	q.ID = c.last
	sent := make(chan error, 1)
	go func() { sent <- c.send(q, audio) }()
	begin := time.Now()
	limit := time.NewTimer(grace)
	defer limit.Stop()
	for {
		select {
		case a, ok := <-c.lines:
			if !ok {
				return feierabend.Recognition{}, e.crashed()
			}
			if a.ID != q.ID {
				continue
			}
			switch {
			case a.Info != nil:
				limit.Reset(time.Until(begin.Add(grace + 3*a.Info.Duration)))
			case a.Progress != nil:
				if tell != nil {
					tell(a.Progress.Done, a.Progress.Total, a.Progress.Text)
				}
			case a.Result != nil:
				e.crashes = 0
				return *a.Result, nil
			default:
				e.crashes = 0
				return feierabend.Recognition{}, errorOf(a.Code)
			}
		case err := <-sent:
			if err != nil {
				return feierabend.Recognition{}, e.crashed()
			}
			sent = nil
		case <-limit.C:
			e.end()
			return feierabend.Recognition{}, errFailed(CodeTimeout, errors.New("time limit"))
		case <-ctx.Done():
			e.end()
			return feierabend.Recognition{}, ctx.Err()
		}
	}
}

// crashed counts a child that ended by itself.
func (e *Engine) crashed() error {
	e.end()
	e.crashes++
	if e.crashes >= illAfter {
		e.crashes, e.illUntil = 0, e.o.Now().Add(illFor)
		e.o.Log.Error("speech process marked ill", "crashes", illAfter)
	}
	return errFailed(CodeCrashed, errors.New("the speech process ended"))
}
