package intake

import (
	"context"
	"time"

	"feierabend"
)

// seenCap bounds the queue and the set of pending messages: what does not fit is
// acknowledged by its answer alone.
const seenCap = 256

// seenFor is how long a message is watched: longer waits (no model yet) are told
// by a message, not by „schreibt …“ for hours.
const seenFor = 5 * time.Minute

type seen struct {
	tenant   feierabend.TenantID
	message  feierabend.MessageID
	external string
	since    time.Time
	silent   bool // a customer's: the ticks are the answer, nobody writes
}

// Seen acknowledges an accepted message: blue ticks and „schreibt …“ at once. It
// never blocks and never fails; with a full queue it does nothing.
func (s *Step) Seen(in feierabend.Inbound, o feierabend.Outcome) {
	if o.Code != feierabend.Accepted && o.Code != feierabend.CustomerHeard || o.Message == "" || in.ExternalID == "" {
		return
	}
	select {
	case s.seen <- seen{tenant: o.Tenant, message: o.Message, external: in.ExternalID, silent: o.Code == feierabend.CustomerHeard}:
	default:
	}
}

// Start works the acknowledgements off until ctx ends, and refreshes „schreibt …“
// while a message is pending.
func (s *Step) Start(ctx context.Context) {
	go func() {
		tick := time.NewTicker(s.refresh)
		defer tick.Stop()
		pending := map[feierabend.MessageID]seen{}
		for {
			select {
			case <-ctx.Done():
				return
			case m := <-s.seen:
				s.typing(ctx, m)
				if m.since = time.Now(); len(pending) < seenCap && !m.silent {
					pending[m.message] = m
				}
			case now := <-tick.C:
				for id, m := range pending {
					if now.Sub(m.since) > seenFor || !s.pending(ctx, m) {
						delete(pending, id)
						continue
					}
					s.typing(ctx, m)
				}
			}
		}
	}()
}

// typing sends one mark; a slow provider must not hold the others up for long.
func (s *Step) typing(ctx context.Context, m seen) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := s.channel.Read(ctx, m.tenant, m.external, !m.silent); err != nil {
		s.log.Debug("no read mark", "message", string(m.message), "code", feierabend.CodeOf(err))
	}
}

// pending says whether an answer is still being made.
func (s *Step) pending(ctx context.Context, m seen) bool {
	now, err := s.store.Message(ctx, m.tenant, m.message)
	return err == nil && now.State != feierabend.MessageDone && now.State != feierabend.MessageFailed && now.Reason != feierabend.ReasonWaitsModel
}
