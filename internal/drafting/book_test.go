package drafting_test

import (
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/compliance"
	"feierabend/internal/drafting"
	"feierabend/internal/storetest"
)

// wohlers is an entry as the office would write it.
func wohlers(salutation, street string) feierabend.AddressEntry {
	return feierabend.AddressEntry{Aliases: []string{salutation + " Wohlers", "Wohlers"}, Buyer: feierabend.Buyer{
		Salutation: salutation, Name: "Wohlers", Street: street, Postcode: "24582", City: "Bordesholm", Email: "wohlers@kundin.example",
	}}
}

// book switches the address book of a firm on and writes entries down.
func (s *stage) book(f storetest.Firm, entries ...feierabend.AddressEntry) (ids []feierabend.AddressID) {
	s.Helper()
	if _, err := s.st.SetBook(s.Context(), f.Tenant.ID, 24, f.Owner); err != nil {
		s.Fatal(err)
	}
	for _, e := range entries {
		made, err := s.st.AddAddress(s.Context(), f.Tenant.ID, e, f.Owner)
		if err != nil {
			s.Fatal(err)
		}
		ids = append(ids, made.ID)
	}
	return ids
}

func (s *stage) entry(f storetest.Firm, id feierabend.AddressID) feierabend.BookEntry {
	s.Helper()
	e, err := s.st.Address(s.Context(), f.Tenant.ID, id)
	if err != nil {
		s.Fatal(err)
	}
	return e
}

const forWohlers = "Rechnung für Frau Wohlers. Gestern zwei Stunden Arbeit und Anfahrt."

// TestBookFillsTheBuyer: a name that was said brings the address with it, and that is a
// use; another firm that has the same customer written down, or none, gets nothing of it.
func TestBookFillsTheBuyer(t *testing.T) {
	onEach(t, func(s *stage) {
		ids := s.book(s.a, wohlers("Frau", "Dorfstraße 8"))
		other := s.book(s.b, wohlers("Frau", "Gartenweg 15"))
		made := s.entry(s.b, other[0])
		s.clock.Advance(48 * time.Hour)
		at := s.clock.Now()
		m := s.say(s.a, forWohlers)
		v := s.draft(s.a, m.Case)
		if b := v.Draft.Buyer; b.Street != "Dorfstraße 8" || b.Postcode != "24582" || b.City != "Bordesholm" || b.Email != "wohlers@kundin.example" || len(v.Draft.Questions) != 0 {
			t.Errorf("buyer %+v, asked %v", *b, v.Draft.Questions)
		}
		if e := v.Draft.Evidence["buyer.street"]; e.Source != "profile" {
			t.Errorf("evidence %+v", e)
		}
		if e := s.entry(s.a, ids[0]); !e.UsedAt.Equal(at) || !e.ExpiresAt.Equal(feierabend.BookExpiresAt(at, 24)) {
			t.Errorf("used %s, ends %s; want %s", e.UsedAt, e.ExpiresAt, at)
		}
		if e := s.entry(s.b, other[0]); !e.UsedAt.Equal(made.UsedAt) {
			t.Error("the other firm's entry was used")
		}
	})
}

// TestBookNeverGuesses: two entries for what was said, another salutation, an expired
// entry, or a book that is off: nothing is taken, the address is asked for, and nothing
// counts as used.
func TestBookNeverGuesses(t *testing.T) {
	for name, c := range map[string]struct {
		said    string
		entries []feierabend.AddressEntry
		wait    time.Duration
		off     bool
	}{
		"two of them":        {said: "Rechnung für Wohlers. Gestern zwei Stunden Arbeit und Anfahrt.", entries: []feierabend.AddressEntry{wohlers("Frau", "Dorfstraße 8"), wohlers("Herr", "Ahornweg 2")}},
		"another salutation": {said: "Rechnung für Herrn Wohlers. Gestern zwei Stunden Arbeit und Anfahrt.", entries: []feierabend.AddressEntry{wohlers("Frau", "Dorfstraße 8")}},
		"another person":     {said: "Rechnung für Frau Wohlenberg. Gestern zwei Stunden Arbeit und Anfahrt.", entries: []feierabend.AddressEntry{wohlers("Frau", "Dorfstraße 8")}},
		"expired":            {said: forWohlers, entries: []feierabend.AddressEntry{wohlers("Frau", "Dorfstraße 8")}, wait: 800 * 24 * time.Hour},
		"off":                {said: forWohlers, entries: []feierabend.AddressEntry{wohlers("Frau", "Dorfstraße 8")}, off: true},
	} {
		t.Run(name, func(t *testing.T) {
			onOne(t, func(s *stage) {
				s.book(s.a, c.entries...)
				if c.off {
					if _, err := s.st.EraseBook(s.Context(), s.a.Tenant.ID, s.a.Owner); err != nil {
						t.Fatal(err)
					}
				}
				s.clock.Advance(c.wait + time.Hour)
				v := s.draft(s.a, s.say(s.a, c.said).Case)
				if b := v.Draft.Buyer; b == nil || b.Street+b.Postcode+b.City+b.Email != "" || len(v.Draft.Questions) != 1 || v.Draft.Questions[0] != "buyer.address" {
					t.Errorf("buyer %+v, asked %v", b, v.Draft.Questions)
				}
				all, err := s.st.Addresses(s.Context(), s.a.Tenant.ID)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range all {
					if !e.UsedAt.Equal(e.CreatedAt) {
						t.Error("counts as used")
					}
				}
			})
		})
	}
}

// TestBookAnswersTheName: whom a note left open is found in the book by the answer, on
// the page and in the chat.
func TestBookAnswersTheName(t *testing.T) {
	for _, way := range []string{"page", "chat"} {
		t.Run(way, func(t *testing.T) {
			onOne(t, func(s *stage) {
				ids := s.book(s.a, wohlers("Frau", "Dorfstraße 8"))
				s.clock.Advance(time.Hour)
				m := s.say(s.a, "Rechnung. Gestern zwei Stunden Arbeit und Anfahrt.")
				if way == "chat" {
					s.say(s.a, "Frau Wohlers")
				} else if _, err := s.step.Answer(s.Context(), s.a.Owner, s.a.Tenant.ID, m.Case, 1, "buyer.name", "Frau Wohlers"); err != nil {
					t.Fatal(err)
				}
				v := s.draft(s.a, m.Case)
				if v.Version != 2 || v.Draft.Buyer == nil || v.Draft.Buyer.Street != "Dorfstraße 8" || len(v.Draft.Questions) != 0 {
					t.Errorf("version %d, buyer %+v, asked %v", v.Version, v.Draft.Buyer, v.Draft.Questions)
				}
				if e := s.entry(s.a, ids[0]); e.UsedAt.Equal(e.CreatedAt) {
					t.Error("does not count as used")
				}
			})
		})
	}
}

// TestBookEntryVanishes: an entry that is erased between reading the book and storing the
// draft is not taken over; the job looks again and asks.
func TestBookEntryVanishes(t *testing.T) {
	onOne(t, func(s *stage) {
		ids := s.book(s.a, wohlers("Frau", "Dorfstraße 8"))
		m := s.receive(s.a, forWohlers, nil)
		v := &vanishing{Store: s.st, erase: func() {
			if _, err := s.st.EraseAddress(s.Context(), s.a.Tenant.ID, ids[0], feierabend.EraseDiscarded, s.a.Owner); err != nil {
				t.Fatal(err)
			}
		}}
		policy := compliance.New(compliance.NewRegistry(compliance.Settings{}), s.st)
		step := drafting.New(drafting.Options{Store: v, Policy: policy, Now: s.clock.Now, Zone: berlin})
		if err := step.Run(s.Context(), run(s.a, m)); err == nil {
			t.Fatal("the job is done")
		}
		if err := step.Run(s.Context(), run(s.a, m)); err != nil {
			t.Fatal(err)
		}
		if v := s.draft(s.a, m.Case); v.Draft.Buyer.Street != "" || len(v.Draft.Questions) != 1 {
			t.Errorf("buyer %+v, asked %v", v.Draft.Buyer, v.Draft.Questions)
		}
	})
}
