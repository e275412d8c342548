package store_test

import (
	"context"
	"testing"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// customer is an entry as somebody would write it.
func customer(name string) feierabend.AddressEntry {
	return feierabend.AddressEntry{Aliases: []string{"Frau " + name, name}, Buyer: feierabend.Buyer{
		Salutation: "Frau", Name: name, Street: "Dorfstraße 8", Postcode: "24582", City: "Bordesholm", Phone: "+4943221234", Email: "post@kundin.example",
	}}
}

// entry is a stored one; the book must be on.
func entry(t testing.TB, st *store.Store, f storetest.Firm, name string) feierabend.BookEntry {
	t.Helper()
	e, err := st.AddAddress(context.Background(), f.Tenant.ID, customer(name), f.Owner)
	must(t, err)
	return e
}

// use takes an entry over into the first draft of a new case.
func use(t testing.TB, st *store.Store, f storetest.Firm, id feierabend.AddressID) error {
	t.Helper()
	in := f.Inbound(string(id)+st.Now().String(), "Rechnung für Frau Wohlers")
	in.At = st.Now()
	m := receive(t, st, f, in)
	_, err := st.AddDraft(context.Background(), f.Tenant.ID, feierabend.NewDraft{Case: m.Case, State: feierabend.CaseOpen, Entry: id})
	return err
}

// withBook switches the address book of a firm on.
func withBook(t testing.TB, st *store.Store, f storetest.Firm, months int) {
	t.Helper()
	must(t, second(st.SetBook(context.Background(), f.Tenant.ID, months, f.Owner)))
}

// bookRows are those of the address book, for TestForeignIsUnknown.
func bookRows(st *store.Store) map[string]foreignRow {
	ctx := context.Background()
	type firm = storetest.Firm
	made := func(t *testing.T, f firm) refs {
		withBook(t, st, f, 24)
		return refs{"AddressID": string(entry(t, st, f, "Wohlers").ID)}
	}
	id := func(r refs) feierabend.AddressID { return feierabend.AddressID(r["AddressID"]) }
	return map[string]foreignRow{
		"Address": {true, made, func(f firm, r refs) (any, error) { return gave(st.Address(ctx, f.Tenant.ID, id(r))) }},
		"ChangeAddress": {false, made, func(f firm, r refs) (any, error) {
			return done(st.ChangeAddress(ctx, f.Tenant.ID, id(r), 1, customer("Lindemann"), f.Owner))
		}},
		"EraseAddress": {false, made, func(f firm, r refs) (any, error) {
			return gave(st.EraseAddress(ctx, f.Tenant.ID, id(r), feierabend.EraseDiscarded, f.Owner))
		}},
	}
}
