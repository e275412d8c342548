package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"feierabend"
)

// NumberLedger gives the numbers that the firm was given, without content, in the
// order of the series.
func (s *Store) NumberLedger(ctx context.Context, tenant feierabend.TenantID) (out []feierabend.NumberEntry, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out, err = collect(ctx, q, func(r row) (e feierabend.NumberEntry, err error) {
			var reserved, issued int64
			err = r.Scan(&e.Series, &e.Number, &reserved, &issued)
			e.ReservedAt, e.IssuedAt = timeOf(reserved), timeOf(issued)
			return e, err
		}, `SELECT series, number, reserved_at, issued_at FROM number_ledger WHERE tenant_id = $1 ORDER BY series, n`, tenant.String())
		return err
	})
	return out, err
}

// NumberGaps gives the parts of the firm's series that were left out, with their
// reason, in the order of the series.
func (s *Store) NumberGaps(ctx context.Context, tenant feierabend.TenantID) (out []feierabend.NumberGap, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out, err = collect(ctx, q, func(r row) (g feierabend.NumberGap, err error) {
			var at int64
			err = r.Scan(&g.Series, &g.First, &g.Last, &g.Reason, &at, &g.By.User, &g.By.Role, &g.By.Via)
			g.At = timeOf(at)
			return g, err
		}, `SELECT series, first, last, reason, at, by_user, by_role, by_via FROM number_gap WHERE tenant_id = $1 ORDER BY series, first`, tenant.String())
		return err
	})
	return out, err
}

// seriesChange is what a restore does to a series.
type seriesChange struct {
	feierabend.SeriesAnswer
	from int // last number in the backup
}

func seriesError(code, text string) error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: code, Text: text + " Es wurde nichts verändert."}
}

// sortAnswers gives the changes by firm; each series of the backup needs an answer.
func sortAnswers(have []feierabend.BackupSeries, answers []feierabend.SeriesAnswer) (map[string][]seriesChange, error) {
	type key struct{ firm, series string }
	given := map[key]feierabend.SeriesAnswer{}
	for _, a := range answers {
		k := key{a.Tenant.String(), string(a.Series)}
		if _, twice := given[k]; twice || a.Tenant.IsZero() || a.Series == "" {
			return nil, seriesError("series_answer", fmt.Sprintf("Für die Reihe %s von %s stehen zwei Angaben da.", a.Series, a.Tenant))
		}
		given[k] = a
	}
	out := map[string][]seriesChange{}
	for _, b := range have {
		k := key{b.Tenant.String(), string(b.Series)}
		a, ok := given[k]
		if !ok {
			return nil, seriesError("series_unanswered", fmt.Sprintf("Für die Reihe %s der Firma %s ist nicht gesagt, wie sie weitergeht: Nach der Sicherung können Nummern vergeben worden sein.", b.Series, b.Tenant))
		}
		if !a.Jump && a.Last < b.Last {
			return nil, seriesError("series_answer", fmt.Sprintf("Die Reihe %s der Firma %s war schon beim Sichern bei %s. Die letzte vergebene Nummer kann nicht kleiner sein.", b.Series, b.Tenant, b.Series.Number(b.Last)))
		}
		out[k.firm] = append(out[k.firm], seriesChange{a, b.Last})
		delete(given, k)
	}
	for k, a := range given { // begun after the backup, or by the firm before us
		out[k.firm] = append(out[k.firm], seriesChange{SeriesAnswer: a})
	}
	return out, nil
}

// moveSeries has a series go on behind what was, or may have been, given out.
func (s *Store) moveSeries(ctx context.Context, t tx, tenant feierabend.TenantID, c seriesChange, gap int, by feierabend.Actor) error {
	from, to := c.from, c.Last
	if own, err := ownLast(ctx, t, tenant, c.Series); err != nil {
		return err
	} else if own > from {
		from = own
	}
	if c.Jump {
		to = feierabend.JumpFrom(from, gap)
	}
	if to <= 0 {
		return nil
	}
	if _, err := t.exec(ctx, `INSERT INTO number_series(tenant_id, series, last) VALUES($1, $2, $3) ON CONFLICT(tenant_id, series) DO UPDATE SET last = EXCLUDED.last`,
		tenant.String(), c.Series, to); err != nil || to <= from {
		return err
	}
	return s.leaveOut(ctx, t, tenant, c.Series, from, to, by)
}

// leaveOut notes that the numbers behind from, up to to, are not given out here.
func (s *Store) leaveOut(ctx context.Context, t tx, tenant feierabend.TenantID, series feierabend.Series, from, to int, by feierabend.Actor) error {
	if _, err := t.exec(ctx, `INSERT INTO number_gap(tenant_id, series, first, last, reason, at, by_user, by_role, by_via) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		tenant.String(), series, from+1, to, feierabend.GapRestore, micros(s.now()), by.User, by.Role, by.Via); err != nil {
		return err
	}
	return s.record(ctx, t, tenant.String(), by, "number.jumped", string(series))
}

// lostGap is how far a series without a number of ours jumps: a firm of a restored
// database may have begun it between the backup and the loss, in the year of the
// series. 0 = it does not.
func lostGap(ctx context.Context, q querier, tenant feierabend.TenantID, series feierabend.Series) (gap int, err error) {
	type lost struct{ from, to, gap int64 }
	all, err := collect(ctx, q, func(r row) (l lost, err error) { return l, r.Scan(&l.from, &l.to, &l.gap) },
		`SELECT backup_at, at, gap FROM restoration WHERE at > (SELECT created_at FROM tenant WHERE id = $1)`, tenant.String())
	for _, l := range all {
		// A day more on both sides: the year of a series is that of the firm's zone.
		first, last := timeOf(l.from).Add(-24*time.Hour).Year(), timeOf(l.to).Add(24*time.Hour).Year()
		if year, known := yearOf(series); !known || year >= first && year <= last {
			gap = max(gap, int(l.gap))
		}
	}
	return gap, err
}

// yearOf reads the year of "RE-2026".
func yearOf(series feierabend.Series) (int, bool) {
	s := string(series)
	if len(s) < 5 || s[len(s)-5] != '-' {
		return 0, false
	}
	y, err := strconv.Atoi(s[len(s)-4:])
	return y, err == nil
}
