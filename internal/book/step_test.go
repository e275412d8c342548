package book_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/book"
	"feierabend/internal/dictation"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// stage is a store with two firms and the step on it; the first keeps a book.
type stage struct {
	*testing.T
	st    *store.Store
	clock *storetest.Clock
	a, b  storetest.Firm
	step  *book.Step
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st, clock := storetest.New(t)
	s := &stage{T: t, st: st, clock: clock}
	s.a, s.b = storetest.Seed(t, st)
	s.step = book.New(book.Options{Store: st, Place: func(postcode, city string) (bool, []string) {
		return postcode == "24582" && city == "Bordesholm", []string{"Bordesholm"}
	}})
	if _, err := s.step.Switch(t.Context(), s.a.Owner, s.a.Tenant.ID, 24); err != nil {
		t.Fatal(err)
	}
	return s
}

func typed(change map[string]string) map[string]string {
	out := map[string]string{
		"anrede": "Frau", "name": " Petra  Wohlers ", "strasse": "Dorfstraße 8", "plz": "24582", "ort": "Bordesholm",
		"email": "Petra@KUNDIN.example", "telefon": "04322 1234567", "rufnamen": "Wohlers am Deich\nDeich-Wohlers",
	}
	maps.Copy(out, change)
	return out
}

func (s *stage) list(f storetest.Firm) []feierabend.BookEntry {
	s.Helper()
	all, err := s.step.Entries(s.Context(), f.Owner, f.Tenant.ID)
	if err != nil {
		s.Fatal(err)
	}
	return all
}

func TestTypedEntry(t *testing.T) {
	s := newStage(t)
	e, err := s.step.Add(t.Context(), s.a.Owner, s.a.Tenant.ID, typed(nil), "")
	if err != nil {
		t.Fatal(err)
	}
	want := feierabend.AddressEntry{
		Aliases: []string{"Frau Petra Wohlers", "Frau Wohlers", "Petra Wohlers", "Wohlers", "Wohlers am Deich", "Deich-Wohlers"},
		Buyer:   feierabend.Buyer{Salutation: "Frau", Name: "Petra Wohlers", Street: "Dorfstraße 8", Postcode: "24582", City: "Bordesholm", Email: "Petra@kundin.example", Phone: "+4943221234567"},
	}
	if diff := cmp.Diff(want, e.AddressEntry); diff != "" {
		t.Error(diff)
	}
	again := s.step.Typed(e.AddressEntry)
	if again["rufnamen"] != "Wohlers am Deich\nDeich-Wohlers" || again["name"] != "Petra Wohlers" {
		t.Errorf("shown again: %v", again)
	}
	again["name"] = "Petra Wohlers-Thiel"
	if err := s.step.Change(t.Context(), s.a.Owner, s.a.Tenant.ID, e.ID, 1, again, ""); err != nil {
		t.Fatal(err)
	}
	if got := s.list(s.a); len(got) != 1 || slices.Contains(got[0].Aliases, "Wohlers") || !slices.Contains(got[0].Aliases, "Frau Wohlers-Thiel") {
		t.Errorf("aliases after the change: %+v", got)
	}
	if len(s.list(s.b)) != 0 {
		t.Error("the other firm has it too")
	}
}

func TestWrongFields(t *testing.T) {
	s := newStage(t)
	for name, c := range map[string]struct {
		change map[string]string
		wrong  string
	}{
		"nobody":         {map[string]string{"name": "", "firma": ""}, "name"},
		"only digits":    {map[string]string{"name": "123"}, "name"},
		"salutation":     {map[string]string{"anrede": "Dr."}, "anrede"},
		"no street":      {map[string]string{"strasse": " "}, "strasse"},
		"short postcode": {map[string]string{"plz": "2458"}, "plz"},
		"letters":        {map[string]string{"plz": "D2458"}, "plz"},
		"no place":       {map[string]string{"ort": ""}, "ort"},
		"other place":    {map[string]string{"ort": "Hamburg"}, "ort"},
		"mail":           {map[string]string{"email": "petra@"}, "email"},
		"phone":          {map[string]string{"telefon": "12"}, "telefon"},
		"order number":   {map[string]string{"leitweg": "Auftrag 4711"}, "leitweg"},
		"VAT id":         {map[string]string{"ustid": "12345"}, "ustid"},
		"short alias":    {map[string]string{"rufnamen": "ab"}, "rufnamen"},
		"many aliases":   {map[string]string{"rufnamen": "eins, zwei, drei, vier, fünf, sechs, sieben, acht, neun"}, "rufnamen"},
		"too long":       {map[string]string{"strasse": strings.Repeat("ä", 101)}, "strasse"},
	} {
		_, err := s.step.Add(t.Context(), s.a.Owner, s.a.Tenant.ID, typed(c.change), "")
		fields := feierabend.FieldsOf(err)
		if feierabend.KindOf(err) != feierabend.Invalid || len(fields) != 1 || fields[0].Field != c.wrong || fields[0].Text == "" {
			t.Errorf("%s: %v, %+v; want %s", name, err, fields, c.wrong)
		}
	}
	if len(s.list(s.a)) != 0 {
		t.Error("something was stored")
	}
	other := typed(map[string]string{"ort": "Hamburg"})
	if _, err := s.step.Add(t.Context(), s.a.Owner, s.a.Tenant.ID, other, s.step.PlaceMark("24582", " Hamburg ")); err != nil {
		t.Errorf("said twice: %v", err)
	}
	other["plz"] = "24583"
	if _, err := s.step.Add(t.Context(), s.a.Owner, s.a.Tenant.ID, other, s.step.PlaceMark("24582", "Hamburg")); feierabend.KindOf(err) != feierabend.Invalid {
		t.Errorf("another postcode than the one that was said twice: %v", err)
	}
}

// TestWhoMay (J-15): the switch is the owner's, the entries are owner's and office's.
func TestWhoMay(t *testing.T) {
	s := newStage(t)
	ctx, firm := t.Context(), s.a.Tenant.ID
	e, err := s.step.Add(ctx, s.a.Owner, firm, typed(nil), "")
	if err != nil {
		t.Fatal(err)
	}
	acts := map[string]func(by feierabend.Actor) error{
		"Switch":  func(by feierabend.Actor) error { _, err := s.step.Switch(ctx, by, firm, 12); return err },
		"Off":     func(by feierabend.Actor) error { _, err := s.step.Off(ctx, by, firm); return err },
		"Entries": func(by feierabend.Actor) error { _, err := s.step.Entries(ctx, by, firm); return err },
		"Entry":   func(by feierabend.Actor) error { _, err := s.step.Entry(ctx, by, firm, e.ID); return err },
		"Add":     func(by feierabend.Actor) error { _, err := s.step.Add(ctx, by, firm, typed(nil), ""); return err },
		"Change":  func(by feierabend.Actor) error { return s.step.Change(ctx, by, firm, e.ID, 1, typed(nil), "") },
		"Delete":  func(by feierabend.Actor) error { _, err := s.step.Delete(ctx, by, firm, e.ID); return err },
		"Take":    func(by feierabend.Actor) error { _, err := s.step.Take(ctx, by, firm, e.Buyer); return err },
	}
	for name, act := range acts {
		for _, role := range []feierabend.Role{feierabend.RoleStaff, feierabend.RoleOffice, ""} {
			if role == feierabend.RoleOffice && name != "Switch" && name != "Off" {
				continue
			}
			if err := act(feierabend.Actor{User: s.a.User.ID, Role: role, Via: feierabend.ViaSession}); feierabend.KindOf(err) != feierabend.Unauthorized || feierabend.TextOf(err) == "" {
				t.Errorf("%s as %q: %v", name, role, err)
			}
		}
	}
	if got := s.list(s.a); len(got) != 1 || got[0].Version != 1 {
		t.Errorf("a refused call changed something: %+v", got)
	}
	office := feierabend.Actor{User: s.a.User.ID, Role: feierabend.RoleOffice, Via: feierabend.ViaSession}
	for _, name := range []string{"Entries", "Entry", "Add", "Change", "Take", "Delete"} {
		if err := acts[name](office); err != nil {
			t.Errorf("%s as office: %v", name, err)
		}
	}
}

// TestTake: a buyer is taken over once; pressing again, or with more of it known, brings
// the entry up to date. The number of an order is not kept.
func TestTake(t *testing.T) {
	s := newStage(t)
	ctx, firm := t.Context(), s.a.Tenant.ID
	b := feierabend.Buyer{Salutation: "Frau", Name: "Wohlers", Street: "Dorfstraße 8", Postcode: "24582", City: "Bordesholm", Reference: "Auftrag 4711"}
	first, err := s.step.Take(ctx, s.a.Owner, firm, b)
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(time.Hour)
	b.Phone, b.Reference = "+4943221234567", ""
	again, err := s.step.Take(ctx, s.a.Owner, firm, b)
	if err != nil || again != first {
		t.Errorf("again: %s, %v; want %s", again, err, first)
	}
	got := s.list(s.a)
	if len(got) != 1 || got[0].Phone == "" || got[0].Reference != "" || !got[0].UsedAt.Equal(s.clock.Now()) {
		t.Errorf("entries %+v", got)
	}
	b.Street = "Gartenweg 15"
	if other, err := s.step.Take(ctx, s.a.Owner, firm, b); err != nil || other == first {
		t.Errorf("another address: %s, %v", other, err)
	}
	for name, half := range map[string]feierabend.Buyer{"no address": {Name: "Thiel"}, "no name": {Street: "Dorfstraße 8", Postcode: "24582", City: "Bordesholm"}} {
		if _, err := s.step.Take(ctx, s.a.Owner, firm, half); feierabend.CodeOf(err) != "address_incomplete" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.step.Take(ctx, s.b.Owner, s.b.Tenant.ID, b); feierabend.CodeOf(err) != "book_off" {
		t.Errorf("with the book off: %v", err)
	}
}

// TestTakeInParallel: pressed several times at once, a buyer becomes one entry, on either
// database.
func TestTakeInParallel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		step := book.New(book.Options{Store: st})
		if _, err := step.Switch(t.Context(), a.Owner, a.Tenant.ID, 24); err != nil {
			t.Fatal(err)
		}
		b := feierabend.Buyer{Salutation: "Frau", Name: "Wohlers", Street: "Dorfstraße 8", Postcode: "24582", City: "Bordesholm"}
		const presses = 6
		ids, start, done := make([]feierabend.AddressID, presses), make(chan struct{}), sync.WaitGroup{}
		for i := range presses {
			done.Go(func() {
				<-start
				var err error
				if ids[i], err = step.Take(context.Background(), a.Owner, a.Tenant.ID, b); err != nil {
					t.Error(err)
				}
			})
		}
		close(start)
		done.Wait()
		all, err := st.Addresses(t.Context(), a.Tenant.ID)
		if err != nil || len(all) != 1 || len(slices.Compact(ids)) != 1 {
			t.Errorf("%d entries, %v; the presses gave %v", len(all), err, ids)
		}
	})
}

// TestAliases: an entry is found by what people say of it, in a whole note, and not by a
// word of the trade that is a surname too.
func TestAliases(t *testing.T) {
	at := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		buyer feierabend.Buyer
		want  string
		said  []string
		not   []string
	}{
		{feierabend.Buyer{Salutation: "Frau", Name: "Wohlers"}, "Frau Wohlers, Wohlers", []string{"Rechnung für Frau Wohlers, zwei Stunden.", "Rechnung für Wohlers, zwei Stunden."}, []string{"Rechnung für Jens Wohlers, zwei Stunden."}},
		{feierabend.Buyer{Salutation: "Herr", Name: "Maurer"}, "Herr Maurer", []string{"Rechnung für Herrn Maurer, zwei Stunden."}, []string{"Rechnung für Frau Thiel, zwei Stunden Maurer."}},
		{feierabend.Buyer{Name: "Petra Wohlers"}, "Petra Wohlers", []string{"Rechnung für Petra Wohlers, zwei Stunden."}, nil},
		{feierabend.Buyer{Salutation: "Herr", Name: "Dr. Brenneisen"}, "Herr Dr. Brenneisen, Dr. Brenneisen", []string{"Rechnung für Herrn Doktor Brenneisen, zwei Stunden."}, nil},
		{feierabend.Buyer{Company: "Hausverwaltung Krogstedt GmbH", Name: "Thiel"}, "Hausverwaltung Krogstedt GmbH, Hausverwaltung Krogstedt", []string{"Rechnung an die Hausverwaltung Krogstedt, zwei Stunden.", "Rechnung an die Hausverwaltung Krogstedt GmbH, zwei Stunden."}, []string{"Rechnung für Herrn Thiel, zwei Stunden."}},
		{feierabend.Buyer{Company: "Krogstedt GmbH"}, "Krogstedt GmbH", []string{"Rechnung an die Krogstedt GmbH, zwei Stunden."}, nil},
	} {
		c.buyer.Street, c.buyer.Postcode, c.buyer.City = "Dorfstraße 8", "24582", "Bordesholm"
		aliases := book.Aliases(c.buyer)
		if got := strings.Join(aliases, ", "); got != c.want {
			t.Errorf("%s: %s, want %s", c.buyer.Label(), got, c.want)
		}
		profile := feierabend.Profile{VATScheme: feierabend.SchemeStandard, VATRate: feierabend.Dec(19), AddressBook: []feierabend.AddressEntry{{Aliases: aliases, Buyer: c.buyer}}}
		for want, texts := range map[string][]string{"Dorfstraße 8": c.said, "": c.not} {
			for _, text := range texts {
				d := dictation.Draft(dictation.Input{Text: text, At: at, Profile: profile})
				if d.Buyer == nil || d.Buyer.Street != want {
					t.Errorf("%q: %+v, want the street %q", text, d.Buyer, want)
				}
			}
		}
	}
}
