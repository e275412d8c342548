package storetest

import (
	"context"
	"testing"

	"feierabend/internal/store"
)

// schemaID names the schema of the store that this binary is built with, so that a
// cluster that lives longer than a change of the migrations gets a new template.
func schemaID(t testing.TB) string {
	t.Helper()
	id, err := store.SchemaID()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// migrated opens and closes a store at dsn, which leaves a migrated database
// without keys or rows of its own.
func migrated(t testing.TB, dsn string) {
	t.Helper()
	st, err := store.Open(context.Background(), Options(t, dsn, NewClock()))
	if err != nil {
		t.Fatalf("migrate template: %v", err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}
