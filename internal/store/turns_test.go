package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// classes gives "ref priority" of the jobs of a kind that wait, in the order in which
// River takes them.
func classes(t *testing.T, st *store.Store, kind feierabend.JobKind) (out []string) {
	t.Helper()
	for _, r := range ask(t, st, `SELECT args->>'r', priority FROM river_job WHERE state = 'available' AND kind = $1 ORDER BY priority, id`, string(kind)) {
		out = append(out, r[0]+" "+r[1])
	}
	return out
}

// TestTurnsOfSpeech: the firm that has waited longest is next, then the second; the rest
// keeps its order. One firm alone needs no turns.
func TestTurnsOfSpeech(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		add := func(refs ...string) {
			t.Helper()
			for _, r := range refs { // "a1" is the first note of firm a
				must(t, st.Enqueue(ctx, feierabend.Job{K: feierabend.JobTranscribe, Tenant: r[:1], Ref: r}))
			}
		}
		turns := func(want ...string) {
			t.Helper()
			if _, err := st.Turns(ctx); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, classes(t, st, feierabend.JobTranscribe)); diff != "" {
				t.Errorf("order:\n%s", diff)
			}
		}
		work := func(ref string) {
			do(t, st, `UPDATE river_job SET state = 'running', attempted_at = CURRENT_TIMESTAMP WHERE args->>'r' = $1`, ref)
		}
		add("a1", "a2", "a3")
		turns("a1 3", "a2 3", "a3 3")
		work("a1")
		add("b1", "b2")
		turns("b1 1", "a2 2", "a3 3", "b2 3")
		add("c1")
		turns("b1 1", "c1 2", "a2 3", "a3 3", "b2 3")
		if n, err := st.Turns(ctx); err != nil || n != 0 {
			t.Errorf("again: %d changed, %v", n, err)
		}
	})
}

// TestTurnsOfTheRest: where many wait, each firm has eight places, those at work
// included, and fifty-six more in the second class; a few need no turns.
func TestTurnsOfTheRest(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		var many []feierabend.Job
		for i := range 100 {
			many = append(many, feierabend.Job{K: feierabend.JobSend, Tenant: "large", Ref: fmt.Sprintf("l%03d", i)})
		}
		must(t, st.Enqueue(ctx, many[:30]...))
		must(t, st.Enqueue(ctx, feierabend.Job{K: feierabend.JobSend, Tenant: "small", Ref: "s"}))
		if n, err := st.Turns(ctx); err != nil || n != 0 {
			t.Errorf("a few: %d changed, %v", n, err)
		}
		must(t, st.Enqueue(ctx, many[30:]...))
		do(t, st, `UPDATE river_job SET state = 'running' WHERE args->>'r' IN ('l000', 'l001', 'l002')`)
		if _, err := st.Turns(ctx); err != nil {
			t.Fatal(err)
		}
		got := classes(t, st, feierabend.JobSend)
		count := map[string]int{}
		for _, g := range got {
			firm, class, _ := strings.Cut(g, " ")
			count[firm[:1]+class]++
		}
		if diff := cmp.Diff(map[string]int{"l1": 5, "l2": 56, "l3": 36, "s1": 1}, count); diff != "" {
			t.Errorf("classes:\n%s", diff)
		}
		if got[5] != "s 1" {
			t.Errorf("the small firm's job is not among the first: %q", got[:7])
		}
	})
}
