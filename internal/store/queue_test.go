package store_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestQueueView counts by kind, state and last code, and names no firm and no content.
func TestQueueView(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		for _, f := range []storetest.Firm{a, b} {
			typed(t, st, f, "wamid.1"+f.User.Email, "Moin")
			note(t, st, f, "wamid.2"+f.User.Email)
		}
		working(t, st, "m", "p")
		failed := `UPDATE river_job SET state = 'retryable', errors = jsonb('[{"error":"internal"},{"error":"media_gone"}]') WHERE kind = 'fetch'`
		done := `UPDATE river_job SET state = 'completed', finalized_at = CURRENT_TIMESTAMP WHERE kind = 'draft' AND id = (SELECT min(id) FROM river_job WHERE kind = 'draft')`
		if st.SQL() == nil {
			failed = `UPDATE river_job SET state = 'retryable', errors = ARRAY['{"error":"internal"}', '{"error":"media_gone"}']::jsonb[] WHERE kind = 'fetch'`
		}
		do(t, st, failed)
		do(t, st, done)
		must(t, st.Beat(ctx, feierabend.Process{ID: "p", Roles: []string{feierabend.ServesWork}}))
		v, err := st.QueueView(ctx)
		must(t, err)
		for i, k := range v.Kinds {
			if age := time.Since(k.Oldest); age < 0 || age > time.Minute {
				t.Errorf("the oldest %s is %s old", k.Kind, age)
			}
			v.Kinds[i].Oldest = time.Time{}
		}
		want := []feierabend.QueueKind{
			{Kind: feierabend.JobDraft, State: "available", Jobs: 1},
			{Kind: feierabend.JobFetch, State: "retryable", Jobs: 2},
			{Kind: feierabend.JobMail, State: "running", Jobs: 1},
		}
		if diff := cmp.Diff(want, v.Kinds); diff != "" {
			t.Errorf("kinds:\n%s", diff)
		}
		if diff := cmp.Diff([]feierabend.QueueError{{Kind: feierabend.JobFetch, Code: "media_gone", Jobs: 2}}, v.Errors); diff != "" {
			t.Errorf("codes:\n%s", diff)
		}
		if len(v.Processes) != 1 || v.Processes[0].ID != "p" {
			t.Errorf("processes: %v", v.Processes)
		}
		text, err := json.Marshal(v)
		must(t, err)
		for _, f := range []storetest.Firm{a, b} {
			for _, id := range []string{f.Tenant.ID.String(), string(f.Sender.ID), f.Tenant.Name} {
				if strings.Contains(string(text), id) {
					t.Errorf("the view names %s", id)
				}
			}
		}
	})
}
