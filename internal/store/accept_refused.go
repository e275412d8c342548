package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"feierabend"
)

// tellRefused answers a person whose firm has no agreement or is blocked, once a day: the fixed
// sentence holds nothing of the message. Firms are taken in one order, like counters.
func (a *acceptance) tellRefused(ctx context.Context) error {
	var refused []*accepting
	for _, i := range a.items {
		if (i.outcome.Code == feierabend.NoAgreement || i.outcome.Code == feierabend.FirmBlocked) && i.outcome.Message != "" {
			refused = append(refused, i)
		}
	}
	slices.SortStableFunc(refused, func(x, y *accepting) int {
		return cmp.Or(strings.Compare(x.link.tenant.String(), y.link.tenant.String()), strings.Compare(string(x.link.id), string(y.link.id)))
	})
	for _, i := range refused {
		if err := a.t.bind(ctx, i.link.tenant.String()); err != nil {
			return err
		}
		still := stillWithout
		if i.outcome.Code == feierabend.FirmBlocked {
			still = stillBlocked
		}
		if err := still(ctx, a.t, i.link.tenant); err != nil {
			return err
		}
		n, err := a.s.count(ctx, a.t, string(i.outcome.Code)+"/"+string(i.link.id), 24*time.Hour, a.now)
		if err != nil {
			return err
		}
		if n > 1 {
			continue
		}
		out := feierabend.Outgoing{Sender: i.link.id, Kind: feierabend.OutFailed, Ref: string(i.outcome.Code), ReplyTo: i.outcome.Message}
		if err := a.s.addOut(ctx, a.t, i.link.tenant, []feierabend.Outgoing{out}); err != nil {
			return err
		}
	}
	return nil
}
