package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// working puts a job into the hands of a process, as River does.
func working(t *testing.T, st *store.Store, ref, process string) {
	t.Helper()
	must(t, st.Enqueue(context.Background(), feierabend.Job{K: feierabend.JobMail, Ref: ref}))
	by, text := any(`["older","`+process+`"]`), `UPDATE river_job SET state = 'running', attempted_by = jsonb($1) WHERE json_extract(args, '$.r') = $2`
	if st.SQL() == nil {
		by, text = []string{"older", process}, `UPDATE river_job SET state = 'running', attempted_by = $1 WHERE args->>'r' = $2`
	}
	do(t, st, text, by, ref)
}

func running(t *testing.T, st *store.Store) (refs []string) {
	t.Helper()
	text := `SELECT json_extract(args, '$.r') FROM river_job WHERE state = 'running' ORDER BY id`
	if st.SQL() == nil {
		text = `SELECT args->>'r' FROM river_job WHERE state = 'running' ORDER BY id`
	}
	for _, r := range ask(t, st, text) {
		refs = append(refs, r[0])
	}
	return refs
}

// leader makes the process River's leader.
func leader(t *testing.T, st *store.Store, process string) {
	t.Helper()
	text := `INSERT INTO river_leader(leader_id, elected_at, expires_at) VALUES($1, CURRENT_TIMESTAMP, '2099-01-01T00:00:00Z')`
	do(t, st, text, process)
}

// TestProcesses: a beat adds or renews, an end takes away with all that is at work.
func TestProcesses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		if err := st.Beat(ctx, feierabend.Process{ID: "p"}); feierabend.KindOf(err) != feierabend.Invalid {
			t.Errorf("a process without roles: %v", err)
		}
		a := feierabend.Process{ID: "a", Roles: []string{feierabend.ServesWeb, feierabend.ServesWork}, StartedAt: clock.Now()}
		b := feierabend.Process{ID: "b", Roles: []string{feierabend.ServesWork}, Master: 7, StartedAt: clock.Now().Add(time.Second)}
		must(t, st.Beat(ctx, a))
		must(t, st.Beat(ctx, b))
		got, err := st.Processes(ctx)
		must(t, err)
		first := got[0].SeenAt
		for i := range got {
			if got[i].SeenAt.IsZero() {
				t.Errorf("%s was never seen", got[i].ID)
			}
			got[i].SeenAt = time.Time{}
		}
		a.Master = 1 // the one that the store wraps with
		if diff := cmp.Diff([]feierabend.Process{a, b}, got); diff != "" {
			t.Errorf("processes:\n%s", diff)
		}
		clock.Advance(time.Second) // PostgreSQL's runs by itself
		must(t, st.Beat(ctx, a))
		if got, err = st.Processes(ctx); err != nil || !got[0].SeenAt.After(first) {
			t.Errorf("after a second beat seen at %v, before at %v (%v)", got[0].SeenAt, first, err)
		}
		working(t, st, "of a", "a")
		working(t, st, "of b", "b")
		must(t, st.EndProcess(ctx, "a"))
		if diff := cmp.Diff([]string{"of b"}, running(t, st)); diff != "" {
			t.Errorf("running after the end of a:\n%s", diff)
		}
		must(t, st.EndProcess(ctx, "a")) // again is no error
	})
}

// TestFreeDead: who is silent loses rows, jobs and the lead; who beats keeps them.
func TestFreeDead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		roles := []string{feierabend.ServesWork}
		for _, id := range []string{"dead", "alive", "self"} {
			must(t, st.Beat(ctx, feierabend.Process{ID: id, Roles: roles}))
		}
		alone := st.SQL() != nil // one process owns the file: there is no other that lives
		if !alone {
			do(t, st, `UPDATE process SET seen_at = seen_at - 11000000 WHERE id = 'dead'`)
		}
		for _, id := range []string{"dead", "alive", "self", "unknown"} {
			working(t, st, "of "+id, id)
		}
		leader(t, st, "dead")
		f, err := st.FreeDead(ctx, "self", 10*time.Second)
		must(t, err)
		want, left := feierabend.Freed{Processes: 1, Jobs: 2, Leader: true}, []string{"of alive", "of self"}
		if alone {
			want, left = feierabend.Freed{Processes: 2, Jobs: 3, Leader: true}, []string{"of self"}
		}
		if diff := cmp.Diff(want, f); diff != "" {
			t.Errorf("freed:\n%s", diff)
		}
		if diff := cmp.Diff(left, running(t, st)); diff != "" {
			t.Errorf("still running:\n%s", diff)
		}
		leader(t, st, "self")
		if f, err = st.FreeDead(ctx, "self", 10*time.Second); err != nil || !f.None() {
			t.Errorf("again: freed %+v, %v", f, err)
		}
	})
}
