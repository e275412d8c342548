package store_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// mapped reads docs/data-map.md: per table its class and columns, sealed ones marked.
func mapped(t *testing.T) (class map[string]string, cols map[string][]string, sealed []string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/data-map.md")
	must(t, err)
	class, cols = map[string]string{}, map[string][]string{}
	name := regexp.MustCompile("`([a-z_]+)(?:\\.([a-z_]+))?`")
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "| `") || len(cells) < 5 {
			continue
		}
		for _, c := range cells {
			if strings.TrimSpace(c) == "" {
				t.Errorf("empty cell in %s", strings.TrimSpace(line))
			}
		}
		for _, n := range name.FindAllStringSubmatch(cells[0], -1) {
			if n[2] != "" {
				cols[n[1]] = append(cols[n[1]], n[2])
				sealed = append(sealed, n[1]+"."+n[2])
				continue
			}
			class[n[1]] = strings.TrimSpace(cells[1])
			for _, c := range strings.Split(cells[2], ",") {
				cols[n[1]] = append(cols[n[1]], strings.TrimSpace(c))
			}
		}
	}
	for _, c := range cols {
		sort.Strings(c)
	}
	return class, cols, sealed
}

// TestDataMap compares the data map with the real schema of both engines.
func TestDataMap(t *testing.T) {
	class, cols, sealed := mapped(t)
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		real := columns(t, st)
		if diff := cmp.Diff(class, store.Classes()); diff != "" {
			t.Errorf("classes of the data map against classes.go:\n%s", diff)
		}
		for _, table := range slices.Sorted(maps.Keys(real)) {
			switch feierabend.RetentionClass(class[table]) {
			case feierabend.ClassAccount, feierabend.ClassContent:
				if diff := cmp.Diff(cols[table], real[table]); diff != "" {
					t.Errorf("%s: data map against schema:\n%s", table, diff)
				}
			case feierabend.ClassQueue: // River's tables and goose's are theirs; ours are compared
				if foreign := strings.HasPrefix(table, "river_") || strings.HasPrefix(table, "goose_"); !foreign {
					if diff := cmp.Diff(cols[table], real[table]); diff != "" {
						t.Errorf("%s: data map against schema:\n%s", table, diff)
					}
				}
			default:
				t.Errorf("table %s stands not in docs/data-map.md, or has the class %q", table, class[table])
			}
		}
		for table := range class {
			if real[table] == nil && !strings.HasPrefix(table, "river_") { // the two drivers differ in River's tables
				t.Errorf("table %s of the data map is not in the schema", table)
			}
		}
		var blobs []string
		for table := range real {
			if class[table] == string(feierabend.ClassContent) {
				for _, c := range blobColumns(t, st, table) {
					if !strings.HasSuffix(c, "_hash") { // keyed hashes find a row: they stand with the columns in the clear
						blobs = append(blobs, c)
					}
				}
			}
		}
		sort.Strings(blobs)
		var want []string
		for _, c := range sealed {
			if class[strings.Split(c, ".")[0]] == string(feierabend.ClassContent) {
				want = append(want, c)
			}
		}
		sort.Strings(want)
		if diff := cmp.Diff(want, blobs); diff != "" {
			t.Errorf("sealed columns of the data map against byte columns of content tables:\n%s", diff)
		}
	})
}

// TestSchemas: on PostgreSQL each table, with its indexes and sequences, lies in the
// schema of its class; what River needs besides lies in the queue's, and nothing in public.
func TestSchemas(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	class, _, _ := mapped(t)
	st := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
	wellPlaced(t, st, class)
}

func wellPlaced(t *testing.T, st *store.Store, class map[string]string) {
	t.Helper()
	seen := 0
	for _, r := range ask(t, st, `SELECT n.nspname::text, c.relname::text, coalesce(o.relname, c.relname)::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass AND c.relkind = 'S'
		LEFT JOIN pg_class o ON o.oid = coalesce(i.indrelid, d.refobjid)
		WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'i', 'S')`) {
		seen++
		if r[0] != class[r[2]] {
			t.Errorf("%s of table %s lies in schema %s, its class is %q", r[1], r[2], r[0], class[r[2]])
		}
	}
	if seen < 2*len(class) {
		t.Errorf("only %d relations seen", seen)
	}
	for _, r := range ask(t, st, `SELECT 'type', typname::text FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typname NOT LIKE '%foreign_table' UNION ALL SELECT 'function', proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace`) {
		t.Errorf("%s %s lies in public", r[0], r[1])
	}
}

func blobColumns(t *testing.T, st *store.Store, table string) (out []string) {
	q := `SELECT name FROM pragma_table_info($1) WHERE type = 'BLOB'`
	if st.SQL() == nil {
		q = `SELECT column_name::text FROM information_schema.columns WHERE table_name = $1 AND data_type = 'bytea'`
	}
	for _, r := range ask(t, st, q, table) {
		out = append(out, table+"."+r[0])
	}
	return out
}

// TestContentIsSealed: what the sealed columns hold is no plaintext.
func TestContentIsSealed(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		m := typed(t, st, a, "wamid.1", "Rechnung für Frau Petersen")
		drafted(t, st, a, m)
		issued(t, st, a, m.Case)
		for table := range columns(t, st) {
			for _, r := range ask(t, st, `SELECT * FROM `+table) {
				row := strings.Join(r, "|")
				for _, word := range []string{"Petersen", "wamid.1", "%PDF", "4917139200155", "506574657273656e", "25504446"} {
					if strings.Contains(row, word) && !strings.Contains(table, "profile") {
						t.Errorf("%q stands in %s", word, table)
					}
				}
			}
		}
	})
}
