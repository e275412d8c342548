package store_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// printer takes fingerprints of all rows of a firm: on PostgreSQL in one round trip
// of a connection that it keeps, so that a property test can compare often.
type printer struct {
	st     *store.Store
	conn   *pgx.Conn // nil on SQLite
	tables []string  // each as "table column": the column that names the firm
	text   string    // PostgreSQL: one statement over all tables
}

func newPrinter(t *testing.T, st *store.Store) *printer {
	t.Helper()
	p := &printer{st: st}
	var parts []string
	for table, cols := range columns(t, st) {
		by := "tenant_id"
		if table == "tenant" {
			by = "id"
		} else if !slices.Contains(cols, by) {
			continue
		}
		p.tables = append(p.tables, table+" "+by)
		parts = append(parts, `SELECT '`+table+`' AS n, md5(COALESCE(string_agg(x::text, '|' ORDER BY x::text), '')) AS h FROM `+table+` x WHERE x.`+by+` = $1`)
	}
	slices.Sort(p.tables)
	if st.SQL() != nil {
		return p
	}
	p.text = `SELECT string_agg(n || ' ' || h, ' ' ORDER BY n) FROM (` + strings.Join(parts, ` UNION ALL `) + `) y`
	p.conn = storetest.Owner(t, st)
	t.Cleanup(func() { p.conn.Close(context.Background()) })
	return p
}

// of is the fingerprint of a firm's rows.
func (p *printer) of(t *testing.T, tenant feierabend.TenantID) (print string) {
	t.Helper()
	if p.conn != nil {
		must(t, p.conn.QueryRow(context.Background(), p.text, tenant.String()).Scan(&print))
		return print
	}
	h := sha256.New()
	for _, at := range p.tables {
		table, by, _ := strings.Cut(at, " ")
		rows := ask(t, p.st, `SELECT * FROM `+table+` WHERE `+by+` = $1 ORDER BY rowid`, tenant.String())
		fmt.Fprintln(h, table, len(rows), rows)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// idTables names where the rows of an id's type are.
var idTables = map[reflect.Type]string{
	reflect.TypeFor[feierabend.CaseID]():     "cases",
	reflect.TypeFor[feierabend.MessageID]():  "message",
	reflect.TypeFor[feierabend.DocumentID](): "document",
	reflect.TypeFor[feierabend.OutboxID]():   "outbox",
	reflect.TypeFor[feierabend.ReceiptID]():  "receipt",
	reflect.TypeFor[feierabend.SenderID]():   "sender_link",
	reflect.TypeFor[feierabend.UserID]():     "membership",
	reflect.TypeFor[feierabend.AddressID]():  "address_entry",
}

// ids gives ids of a firm's rows by their type, at most limit of each: not the newest
// ones only.
func (p *printer) ids(t *testing.T, tenant feierabend.TenantID, limit int) map[reflect.Type][]string {
	t.Helper()
	var parts []string
	for typ, table := range idTables {
		id := "id"
		if table == "membership" {
			id = "user_id"
		}
		parts = append(parts, `SELECT '`+typ.Name()+`' AS n, `+id+` AS id FROM `+table+` WHERE tenant_id = $1`)
	}
	out := map[reflect.Type][]string{}
	add := func(name, id string) {
		for typ := range idTables {
			if typ.Name() == name && len(out[typ]) < limit {
				out[typ] = append(out[typ], id)
			}
		}
	}
	text := `SELECT n, id FROM (` + strings.Join(parts, ` UNION ALL `) + `) x ORDER BY id` // ids are chance
	if p.conn == nil {
		for _, r := range ask(t, p.st, text, tenant.String()) {
			add(r[0], r[1])
		}
		return out
	}
	rs, err := p.conn.Query(context.Background(), text, tenant.String())
	must(t, err)
	var name, id string
	_, err = pgx.ForEachRow(rs, []any{&name, &id}, func() error { add(name, id); return nil })
	must(t, err)
	return out
}
