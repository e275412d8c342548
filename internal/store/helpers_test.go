package store_test

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// flushed has PostgreSQL write what it holds in memory: only then is each value in one
// piece in a file of its table. In the log a value may lie across two pages, and the log
// goes at the next checkpoint of any test in the cluster.
func flushed(t testing.TB, st *store.Store) {
	t.Helper()
	if st.SQL() == nil {
		do(t, st, `CHECKPOINT`)
	}
}

// ask runs a query past the store, over all firms, and gives all values as text.
func ask(t testing.TB, st *store.Store, q string, args ...any) (out [][]string) {
	t.Helper()
	ctx := context.Background()
	if db := st.SQL(); db != nil {
		rs, err := db.QueryContext(ctx, q, args...)
		must(t, err)
		defer rs.Close()
		cols, err := rs.Columns()
		must(t, err)
		for rs.Next() {
			vals, ptrs := make([]any, len(cols)), make([]any, len(cols))
			for i := range vals {
				ptrs[i] = &vals[i]
			}
			must(t, rs.Scan(ptrs...))
			out = append(out, texts(vals))
		}
		must(t, rs.Err())
		return out
	}
	conn := storetest.Owner(t, st)
	defer conn.Close(ctx)
	rs, err := conn.Query(ctx, q, args...)
	must(t, err)
	defer rs.Close()
	for rs.Next() {
		vals, err := rs.Values()
		must(t, err)
		out = append(out, texts(vals))
	}
	must(t, rs.Err())
	return out
}

func texts(vals []any) []string {
	out := make([]string, len(vals))
	for i, v := range vals {
		switch v := v.(type) {
		case []byte:
			out[i] = fmt.Sprintf("%x", v)
		default:
			out[i] = fmt.Sprint(v)
		}
	}
	return out
}

// do runs a statement past the store.
func do(t testing.TB, st *store.Store, q string, args ...any) {
	t.Helper()
	var err error
	if db := st.SQL(); db != nil {
		_, err = db.ExecContext(context.Background(), q, args...)
	} else {
		conn := storetest.Owner(t, st)
		defer conn.Close(context.Background())
		_, err = conn.Exec(context.Background(), q, args...)
	}
	must(t, err)
}

func count(t testing.TB, st *store.Store, table string) string {
	t.Helper()
	return ask(t, st, `SELECT count(*) FROM `+table)[0][0]
}

// columns gives table → columns of the real schema.
func columns(t testing.TB, st *store.Store) map[string][]string {
	t.Helper()
	q := `SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'`
	if st.SQL() == nil {
		q = `SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema IN ('account', 'content', 'queue')`
	}
	out := map[string][]string{}
	for _, r := range ask(t, st, q) {
		if !strings.HasPrefix(r[0], "sqlite_") {
			out[r[0]] = append(out[r[0]], r[1])
		}
	}
	for _, c := range out {
		sort.Strings(c)
	}
	return out
}

// dump gives all rows of a tenant, sorted.
func dump(t testing.TB, st *store.Store, tenant feierabend.TenantID) string {
	t.Helper()
	var all []string
	for table, cols := range columns(t, st) {
		where := ` WHERE tenant_id = $1`
		args := []any{tenant.String()}
		if table == "tenant" {
			where = ` WHERE id = $1`
		} else if !strings.Contains(" "+strings.Join(cols, " ")+" ", " tenant_id ") {
			continue
		}
		for _, r := range ask(t, st, `SELECT * FROM `+table+where, args...) {
			all = append(all, table+" "+strings.Join(r, "|"))
		}
	}
	sort.Strings(all)
	return strings.Join(all, "\n")
}

// jobs gives "kind ref" of all jobs that wait, in the order of their making.
func jobs(t testing.TB, st *store.Store) (out []string) {
	t.Helper()
	for _, r := range ask(t, st, `SELECT kind, args FROM river_job ORDER BY id`) {
		out = append(out, r[0])
	}
	return out
}

// planned is jobs without the rewrite of content tables, which an erasure plans beside
// the scrub on PostgreSQL only.
func planned(t testing.TB, st *store.Store) []string {
	t.Helper()
	return slices.DeleteFunc(jobs(t, st), func(kind string) bool { return kind == "rewrite" })
}

// note is an accepted voice note's case and message.
func note(t testing.TB, st *store.Store, f storetest.Firm, id string) feierabend.Message {
	t.Helper()
	in := f.Inbound(id, "")
	in.Kind, in.MediaID, in.MediaType, in.Voice = feierabend.InboundAudio, "media-"+id, "audio/ogg", true
	return receive(t, st, f, in)
}

// typed is an accepted text message.
func typed(t testing.TB, st *store.Store, f storetest.Firm, id, text string) feierabend.Message {
	t.Helper()
	return receive(t, st, f, f.Inbound(id, text))
}

func receive(t testing.TB, st *store.Store, f storetest.Firm, in feierabend.Inbound) feierabend.Message {
	t.Helper()
	out, err := st.Receive(context.Background(), []feierabend.Inbound{in})
	must(t, err)
	if out[0].Code != feierabend.Accepted {
		t.Fatalf("outcome %s", out[0].Code)
	}
	m, err := st.Message(context.Background(), f.Tenant.ID, out[0].Message)
	must(t, err)
	return m
}

// drafted brings a message to a ready draft.
func drafted(t testing.TB, st *store.Store, f storetest.Firm, m feierabend.Message) {
	t.Helper()
	_, err := st.AddDraft(context.Background(), f.Tenant.ID, feierabend.NewDraft{
		Case: m.Case, Draft: feierabend.Draft{Kind: feierabend.KindInvoice},
		State: feierabend.CaseReady, Message: m.ID, Reason: feierabend.ReasonDrafted, Engine: "local",
	})
	must(t, err)
}

// issued brings a drafted case to a document.
func issued(t testing.TB, st *store.Store, f storetest.Firm, id feierabend.CaseID) feierabend.Document {
	t.Helper()
	ctx := context.Background()
	number, doc, err := st.ReserveNumber(ctx, f.Tenant.ID, id, "RE-2026")
	must(t, err)
	d := feierabend.Document{ID: doc, Case: id, Kind: feierabend.KindInvoice, Number: number}
	must(t, st.AddDocument(ctx, f.Tenant.ID, feierabend.NewDocument{
		Document: d, Version: 1, By: f.Owner,
		Files: []feierabend.File{{Name: number + ".pdf", Type: "application/pdf", Bytes: []byte("%PDF")}},
	}))
	return d
}

func wantCode(t testing.TB, err error, kind feierabend.Kind, code string) {
	t.Helper()
	if feierabend.KindOf(err) != kind || code != "" && feierabend.CodeOf(err) != code {
		t.Errorf("error %v, want %s %s", err, kind, code)
	}
	if err != nil && feierabend.TextOf(err) == "" {
		t.Errorf("error %v has no sentence for people", err)
	}
}
