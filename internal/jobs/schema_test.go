package jobs_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/jobs"
	"feierabend/internal/storetest"
)

// TestQueueInItsSchema: on PostgreSQL the runner takes, is told of and leads jobs in
// the queue's schema: the store's notices and the runner's ears carry the same name (else
// jobs would wait for the poll), and when the leader stops another follows.
func TestQueueInItsSchema(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := context.WithoutCancel(t.Context())
	st := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
	conn := storetest.Owner(t, st)
	defer conn.Close(ctx)
	type pair struct {
		*jobs.Heart
		*jobs.Runner
	}
	runner := func() pair {
		h, r := member(t, st, jobs.Options{Handlers: map[feierabend.JobKind]jobs.Handler{
			feierabend.JobFetch: func(context.Context, feierabend.Job) error { return nil },
		}})
		begin(t, h, r)
		return pair{h, r}
	}
	stop := func(p pair) { end(t, p.Heart, p.Runner, 10*time.Second) }
	leader := func(not string) string {
		return until(t, conn, `SELECT coalesce(max(leader_id), '') FROM queue.river_leader WHERE leader_id <> $1`, not)
	}
	first := runner()
	const listens = `SELECT coalesce(max(query), $1) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %' AND pid <> pg_backend_pid()`
	if got := until(t, conn, listens, ""); !strings.HasPrefix(got, `LISTEN "queue.river_`) {
		t.Errorf("the runner does %s", got)
	}
	led := leader("")
	second := runner()
	defer stop(second)

	if _, err := conn.Exec(ctx, `LISTEN "queue.river_insert"`); err != nil {
		t.Fatal(err)
	}
	if err := st.Enqueue(ctx, feierabend.Job{K: feierabend.JobFetch, Ref: "x"}); err != nil {
		t.Fatal(err)
	}
	told, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if _, err := conn.WaitForNotification(told); err != nil {
		t.Errorf("no notice of a new job: %v", err)
	}
	until(t, conn, `SELECT coalesce(max(state::text), $1) FROM queue.river_job WHERE state = 'completed'`, "")
	stop(first)
	leader(led)
}

// until asks until there is an answer.
func until(t *testing.T, conn *pgx.Conn, q, arg string) (got string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if err := conn.QueryRow(context.WithoutCancel(t.Context()), q, arg).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != "" {
			return got
		}
	}
	t.Fatalf("never: %s", q)
	return ""
}
