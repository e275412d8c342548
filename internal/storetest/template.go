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

// migrated opens and closes a store of the service's role that the owner at dsn has
// migrated for it, which leaves a database without rows but the keys' check value.
func migrated(t testing.TB, dsn string) {
	t.Helper()
	o := Options(t, As(t, dsn, AppRole), NewClock())
	o.MigrateDSN = dsn
	st, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatalf("migrate template: %v", err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}
