package storetest

import (
	"strings"
	"testing"

	"feierabend/internal/store"
)

// QueueErrors gives all error texts that job rows hold, joined: for checks that
// no content is among them.
func QueueErrors(t testing.TB, st *store.Store) string {
	t.Helper()
	var all []string
	add := func(scan func(...any) error) {
		var s string
		if err := scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if db := st.SQL(); db != nil {
		rows, err := db.QueryContext(t.Context(), `SELECT json(errors) FROM river_job WHERE errors IS NOT NULL`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			add(rows.Scan)
		}
		return strings.Join(all, "\n")
	}
	rows, err := st.Pool().Query(t.Context(), `SELECT errors::text FROM river_job WHERE errors IS NOT NULL`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		add(rows.Scan)
	}
	return strings.Join(all, "\n")
}
