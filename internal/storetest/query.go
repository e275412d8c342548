package storetest

import (
	"context"
	"fmt"
	"testing"

	"feierabend/internal/store"
)

// Query runs a query past the store, over all firms, and gives all values as text,
// bytes as hexadecimal digits.
func Query(t testing.TB, st *store.Store, text string, args ...any) (out [][]string) {
	t.Helper()
	ctx := context.Background()
	if db := st.SQL(); db != nil {
		rows, err := db.QueryContext(ctx, text, args...)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			out = append(out, words(values))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return out
	}
	conn := Owner(t, st)
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, words(values))
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}

func words(values []any) []string {
	out := make([]string, len(values))
	for i, v := range values {
		if b, is := v.([]byte); is {
			out[i] = fmt.Sprintf("%x", b)
		} else {
			out[i] = fmt.Sprint(v)
		}
	}
	return out
}

// Exec runs a statement past the store.
func Exec(t testing.TB, st *store.Store, text string, args ...any) {
	t.Helper()
	ctx := context.Background()
	var err error
	if db := st.SQL(); db != nil {
		_, err = db.ExecContext(ctx, text, args...)
	} else {
		conn := Owner(t, st)
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, text, args...)
	}
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}
