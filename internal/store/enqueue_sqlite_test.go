package store_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestJobsAreInsertedAsRiverDoes: the jobs of a batch, most of them inserted by
// ourselves on SQLite, are the rows that River makes of each alone.
func TestJobsAreInsertedAsRiverDoes(t *testing.T) {
	kinds := []feierabend.JobKind{feierabend.JobFetch, feierabend.JobTranscribe, feierabend.JobDraft, feierabend.JobMail, feierabend.JobScrub}
	later := time.Date(2027, 1, 2, 3, 4, 5, 6_000_000, time.UTC)
	var jobs []feierabend.Job
	for i := range 40 {
		j := feierabend.Job{K: kinds[i%len(kinds)], Tenant: feierabend.NewID(), Ref: fmt.Sprintf("ref'%d\"\\ü", i)}
		if i%7 == 6 {
			j.At = later
		}
		jobs = append(jobs, j)
	}
	together, _ := storetest.New(t)
	must(t, together.Enqueue(t.Context(), jobs...))
	alone, _ := storetest.New(t)
	for _, j := range jobs {
		must(t, alone.Enqueue(t.Context(), j))
	}
	got, want := jobRows(t, together), jobRows(t, alone)
	if len(got) != len(jobs) {
		t.Fatalf("%d rows for %d jobs", len(got), len(jobs))
	}
	// Jobs for later go to River first, so the order of ids differs; each ref is there once.
	for ref, row := range want {
		if got[ref] != row {
			t.Errorf("%s:\n got %s\nwant %s", ref, got[ref], row)
		}
	}

	var order []string
	rows, err := together.SQL().Query(`SELECT json_extract(args, '$.r') FROM river_job WHERE queue = 'speech' AND state = 'available' ORDER BY id`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var ref string
		must(t, rows.Scan(&ref))
		order = append(order, ref)
	}
	must(t, rows.Err())
	var sent []string
	for _, j := range jobs {
		if j.Queue() == "speech" && j.At.IsZero() {
			sent = append(sent, j.Ref)
		}
	}
	if fmt.Sprint(order) != fmt.Sprint(sent) {
		t.Errorf("order %v, want %v", order, sent)
	}

	var news int
	must(t, together.SQL().QueryRow(`SELECT count(*) FROM river_notification`).Scan(&news))
	if news != 2 {
		t.Errorf("%d queues told the runner, want 2", news)
	}
}

// jobRows gives all columns of the jobs by ref; the id and the moments that are now
// are checked here and left out.
func jobRows(t *testing.T, st *store.Store) map[string]string {
	t.Helper()
	rows, err := st.SQL().Query(`SELECT json_extract(args, '$.r') AS ref, json(args) AS jargs, json(metadata) AS jmeta, json(tags) AS jtags, typeof(args) AS targs, typeof(metadata) AS tmeta, typeof(tags) AS ttags,
		CAST(created_at AS TEXT) AS created, CAST(scheduled_at AS TEXT) AS scheduled, * FROM river_job`)
	must(t, err)
	defer rows.Close()
	names, err := rows.Columns()
	must(t, err)
	moment := regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$`)
	out := map[string]string{}
	for rows.Next() {
		cells, into := make([]any, len(names)), make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		must(t, rows.Scan(into...))
		var line, state string
		for i, n := range names {
			if n == "state" {
				state = fmt.Sprint(cells[i])
			}
		}
		for i, n := range names {
			switch n {
			case "id", "created_at", "scheduled_at":
				continue
			case "created", "scheduled":
				if !moment.MatchString(fmt.Sprint(cells[i])) {
					t.Errorf("%s is %v", n, cells[i])
				}
				if n == "created" || state == "available" {
					continue
				}
			}
			line += fmt.Sprintf("%s=%v ", n, cells[i])
		}
		out[fmt.Sprint(cells[0])] = line
	}
	must(t, rows.Err())
	return out
}
