package store_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestJobsOnPostgreSQL: the jobs that we insert ourselves are, in every column, the rows
// that River makes of them; one of each queue goes by River, with its news, and their
// order within a queue is that of the call.
func TestJobsOnPostgreSQL(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	kinds := []feierabend.JobKind{feierabend.JobFetch, feierabend.JobTranscribe, feierabend.JobDraft, feierabend.JobMail, feierabend.JobScrub}
	var jobs []feierabend.Job
	for i := range 40 {
		j := feierabend.Job{K: kinds[i%len(kinds)], Tenant: feierabend.NewID(), Ref: fmt.Sprintf("ref'%02d\"\\ü", i)}
		if i%7 == 6 {
			j.At = time.Date(2027, 1, 2, 3, 4, 5, 6_000_000, time.UTC)
		}
		jobs = append(jobs, j)
	}
	ours := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
	listener := storetest.Owner(t, ours)
	defer listener.Close(t.Context())
	_, err := listener.Exec(t.Context(), `LISTEN "queue.river_insert"`)
	must(t, err)
	must(t, ours.Enqueue(t.Context(), jobs...))
	rivers := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
	must(t, store.EnqueueByRiver(t.Context(), rivers, jobs))

	rows := func(st *store.Store) []string {
		var out []string
		for _, r := range ask(t, st, `SELECT (to_jsonb(j) - 'id' - 'created_at' - 'scheduled_at')::text || CASE WHEN state = 'scheduled' THEN scheduled_at::text ELSE '' END
			|| (abs(extract(epoch FROM now() - created_at)) < 60 AND (state = 'scheduled' OR scheduled_at = created_at))::text FROM river_job j ORDER BY args->>'r'`) {
			out = append(out, r[0])
		}
		return out
	}
	got := rows(ours)
	if diff := cmp.Diff(rows(rivers), got); diff != "" || len(got) != len(jobs) {
		t.Errorf("%d rows for %d jobs; River's against ours:\n%s", len(got), len(jobs), diff)
	}
	for _, queue := range []string{"default", "speech"} {
		var sent, order []string
		for _, j := range jobs {
			if j.Queue() == queue && j.At.IsZero() {
				sent = append(sent, j.Ref)
			}
		}
		for _, r := range ask(t, ours, `SELECT args->>'r' FROM river_job WHERE queue = $1 AND state = 'available' ORDER BY id`, queue) {
			order = append(order, r[0])
		}
		if diff := cmp.Diff(sent, order); diff != "" {
			t.Errorf("order of the queue %s:\n%s", queue, diff)
		}
	}
	told := map[string]bool{}
	for range 2 {
		n, err := listener.WaitForNotification(t.Context())
		must(t, err)
		told[n.Payload] = true
	}
	if all := fmt.Sprint(told); !strings.Contains(all, "default") || !strings.Contains(all, "speech") {
		t.Errorf("runners were told %s", all)
	}
}
