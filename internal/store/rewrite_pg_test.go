//go:build !noscrub

package store_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestRewriteContent: on PostgreSQL the sealed bytes of an erased case are in the
// files until the content tables are rewritten, an hour later; on SQLite the scrub
// takes them at once and nothing is planned. Other cases stay.
func TestRewriteContent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx, pg := t.Context(), st.SQL() == nil
		a, _ := storetest.Seed(t, st)
		var all []feierabend.Message
		for i := range 20 {
			m := typed(t, st, a, fmt.Sprint("wamid.", i), fmt.Sprint("Notiz ", i))
			drafted(t, st, a, m)
			issued(t, st, a, m.Case)
			all = append(all, m)
		}
		var prefixes [][]byte
		for _, m := range all[:10] {
			_, p, err := st.Fingerprints(ctx, a.Tenant.ID, m.Case)
			must(t, err)
			prefixes = append(prefixes, p)
			must(t, second(st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)))
		}
		found := func() (n int) {
			res, err := st.Search(ctx, prefixes)
			must(t, err)
			for _, h := range res.Hits {
				if h > 0 {
					n++
				}
			}
			return n
		}
		planned := func() (n int) {
			for _, k := range jobs(t, st) {
				if k == string(feierabend.JobRewrite) {
					n++
				}
			}
			return n
		}
		must(t, second(st.ScrubAndVerify(ctx)))
		want := 0
		if pg {
			want = 1
			if n := found(); n == 0 {
				t.Error("nothing is left before the rewriting: it proves nothing")
			}
			at := ask(t, st, `SELECT planned_at FROM clock WHERE name = 'rewrite'`)[0][0]
			if due := fmt.Sprint(clock.Now().Add(time.Hour).UnixMicro()); at != due {
				t.Errorf("planned at %s, want %s", at, due)
			}
		}
		if n := planned(); n != want {
			t.Errorf("%d rewritings planned for ten erasures, want %d", n, want)
		}
		clock.Advance(time.Hour)
		done, err := st.RewriteContent(ctx)
		if err != nil || !done {
			t.Fatalf("rewriting: %v, %v", done, err)
		}
		if n := found(); n != 0 {
			t.Errorf("%d of 10 ciphertexts are still in the files", n)
		}
		for _, m := range all[10:] {
			if got, err := st.Message(ctx, m.Tenant, m.ID); err != nil || got.Text != m.Text {
				t.Errorf("another case: %q, %v", got.Text, err)
			}
		}
		must(t, second(st.Erase(ctx, a.Tenant.ID, all[10].Case, feierabend.EraseDiscarded, a.Owner)))
		if n := planned(); n != 2*want {
			t.Errorf("%d rewritings planned after the next erasure, want %d", n, 2*want)
		}
	})
}

// TestRewriteNotTheOwner: a role that owns nothing rewrites nothing and says so.
func TestRewriteNotTheOwner(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	o := storetest.Options(t, storetest.Postgres(t), storetest.NewClock())
	o.ScrubDSN = "" // the service's own role
	st, err := store.Open(t.Context(), o)
	must(t, err)
	defer st.Close()
	if done, err := st.RewriteContent(t.Context()); done || err != nil {
		t.Errorf("%v, %v", done, err)
	}
	files := ask(t, st, `SELECT relname::text, pg_get_userbyid(relowner)::text FROM pg_class WHERE relnamespace = 'content'::regnamespace AND relkind = 'r'`)
	if len(files) != 11 || slices.ContainsFunc(files, func(r []string) bool { return r[1] != storetest.ScrubRole }) {
		t.Errorf("owners of content tables: %v", files)
	}
}
