package store

import (
	"context"
	"time"

	"feierabend/internal/seal"
)

// Allow counts one try for key and says whether it is within limit per window
// (day-one decision 14). The window begins with its first try. Only a keyed hash
// of key is stored.
func (s *Store) Allow(ctx context.Context, key string, limit int, per time.Duration, now time.Time) (ok bool, err error) {
	err = s.updateAll(ctx, func(t tx) error {
		n, err := s.count(ctx, t, key, per, now)
		ok = n <= limit
		return err
	})
	return ok, err
}

// count adds one and gives the number of tries in the running window.
func (s *Store) count(ctx context.Context, t tx, key string, per time.Duration, now time.Time) (n int, err error) {
	err = t.queryRow(ctx, `INSERT INTO counter(hash, n, started_at, ends_at) VALUES($1, 1, $2, $3)
		ON CONFLICT(hash) DO UPDATE SET
			n = CASE WHEN counter.ends_at <= EXCLUDED.started_at THEN 1 ELSE counter.n + 1 END,
			started_at = CASE WHEN counter.ends_at <= EXCLUDED.started_at THEN EXCLUDED.started_at ELSE counter.started_at END,
			ends_at = CASE WHEN counter.ends_at <= EXCLUDED.started_at THEN EXCLUDED.ends_at ELSE counter.ends_at END
		RETURNING n`, s.root.MAC(seal.PurposeCounter, key), micros(now), micros(now.Add(per))).Scan(&n)
	return n, err
}
