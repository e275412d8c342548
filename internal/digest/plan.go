// Package digest mails people at the end of a working day how much waits for them
// (J-15): "3 Entwürfe, 2 Fragen". Counts only; what it is stands on the page, behind
// the sign-in.
//
// Two jobs: one looks each minute whether it is evening and plans a mail for each member
// for whom something waits, firm by firm, a hundred a minute; the other counts once more
// and sends. The store sees to it that a person gets one a day and firm.
package digest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"feierabend"
)

type planStore interface {
	reader
	DigestFirms(ctx context.Context, day int, after string, limit int) ([]feierabend.TenantID, error)
	DigestMembers(ctx context.Context, t feierabend.TenantID) ([]feierabend.Membership, error)
	PlanDigests(ctx context.Context, t feierabend.TenantID, plan feierabend.DigestPlan, members ...feierabend.UserID) (int, error)
}

// Planner decides who gets a mail.
type Planner struct {
	Store planStore
	Zone  *time.Location // of the firms
	Now   func() time.Time
}

const (
	firmsAtOnce   = 50   // read in one statement
	firmsARound   = 1000 // looked at a minute
	mailsPerRound = 100  // planned a minute, so that mails to sign in never wait behind thousands
)

// Evening is the handler of JobDigests, each minute: outside the evening of a working
// day it does nothing. A firm that fails does not keep the others; the next minute
// tries it again.
func (p *Planner) Evening(ctx context.Context, _ feierabend.Job) error {
	plan, ok := feierabend.DigestEvening(p.Now(), p.Zone)
	if !ok {
		return nil
	}
	_, err := p.plan(ctx, plan, plan.Day, mailsPerRound, firmsARound)
	return err
}

// AtOnce plans the mails of the day at any hour, for all firms; whoever had one that day
// gets none.
func (p *Planner) AtOnce(ctx context.Context) (planned int, err error) {
	plan := feierabend.DigestNow(p.Now(), p.Zone)
	return p.plan(ctx, plan, plan.Day+1, 0, 0) // a day ahead: all firms, whether or not their evening is done
}

// plan goes through the firms whose evening of the day was not looked at, until so many
// mails are planned or firms seen; 0 = all.
func (p *Planner) plan(ctx context.Context, plan feierabend.DigestPlan, day, mails, firms int) (planned int, failed error) {
	after := ""
	for seen := 0; ; {
		list, err := p.Store.DigestFirms(ctx, day, after, firmsAtOnce)
		if err != nil {
			return planned, errors.Join(failed, fmt.Errorf("list firms of the evening: %w", err))
		}
		for _, t := range list {
			n, err := p.firm(ctx, plan, t)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("plan evening of %s: %w", t, err))
			}
			planned, seen, after = planned+n, seen+1, t.String()
			if ctx.Err() != nil || mails > 0 && planned >= mails || firms > 0 && seen >= firms {
				return planned, errors.Join(failed, ctx.Err())
			}
		}
		if len(list) < firmsAtOnce {
			return planned, failed
		}
	}
}

func (p *Planner) firm(ctx context.Context, plan feierabend.DigestPlan, t feierabend.TenantID) (int, error) {
	members, err := p.Store.DigestMembers(ctx, t)
	if err != nil {
		return 0, err
	}
	var to []feierabend.UserID
	if len(members) > 0 {
		w, err := load(ctx, p.Store, t)
		if err != nil {
			return 0, err
		}
		for _, m := range members {
			if !w.of(m.User, m.Role, p.Now()).None() {
				to = append(to, m.User)
			}
		}
	}
	n, err := p.Store.PlanDigests(ctx, t, plan, to...)
	if feierabend.KindOf(err) == feierabend.NotFound { // somebody left meanwhile: looked at again
		err = nil
	}
	return n, err
}
