package drafting_test

import (
	"slices"
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
		s.clock.Advance(time.Second) // they are listed by their age
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
	onEach(t, func(s *stage) {
		ids := s.book(s.a, wohlers("Frau", "Dorfstraße 8"))
		m := s.receive(s.a, forWohlers, nil)
		step := s.vanishing(func() { s.forget(ids[0]) })
		if err := step.Run(s.Context(), run(s.a, m)); err == nil {
			s.Fatal("the job is done")
		}
		if err := step.Run(s.Context(), run(s.a, m)); err != nil {
			s.Fatal(err)
		}
		if v := s.draft(s.a, m.Case); v.Draft.Buyer.Street != "" || len(v.Draft.Questions) != 1 {
			s.Errorf("buyer %+v, asked %v", v.Draft.Buyer, v.Draft.Questions)
		}
	})
}

// forget erases an entry of the first firm.
func (s *stage) forget(id feierabend.AddressID) {
	s.Helper()
	if _, err := s.st.EraseAddress(s.Context(), s.a.Tenant.ID, id, feierabend.EraseDiscarded, s.a.Owner); err != nil {
		s.Fatal(err)
	}
}

// vanishing is a step before whose next write something goes.
func (s *stage) vanishing(erase func()) *drafting.Step {
	policy := compliance.New(compliance.NewRegistry(compliance.Settings{}), s.st)
	return drafting.New(drafting.Options{Store: &vanishing{Store: s.st, erase: erase}, Policy: policy, Now: s.clock.Now, Zone: berlin})
}

const forEither = "Rechnung für Wohlers. Gestern zwei Stunden Arbeit und Anfahrt."

// TestBookAsksWhichOne: where two customers fit, the question for the address offers both;
// what a person picks, by a tap, by its title or on the page, is taken over as a whole and
// counts as a use of that entry alone.
func TestBookAsksWhichOne(t *testing.T) {
	for name, pick := range map[string]func(s *stage, c feierabend.CaseID, id feierabend.AddressID){
		"tap": func(s *stage, c feierabend.CaseID, id feierabend.AddressID) {
			s.tap(s.a, feierabend.Button{Act: feierabend.ActAnswer, Case: c, Version: 1, Question: "buyer.address", Answer: string(id)})
		},
		"title": func(s *stage, c feierabend.CaseID, _ feierabend.AddressID) {
			b, ok := feierabend.ParseButton(s.say(s.a, "Ahornweg 2").Button)
			if !ok || b.Case != c {
				s.Fatalf("typed title became %+v, %t", b, ok)
			}
			s.tap(s.a, b)
		},
		"page": func(s *stage, c feierabend.CaseID, id feierabend.AddressID) {
			if _, err := s.step.Answer(s.Context(), s.a.Owner, s.a.Tenant.ID, c, 1, "buyer.address", string(id)); err != nil {
				s.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			onOne(t, func(s *stage) {
				ids := s.book(s.a, wohlers("Frau", "Dorfstraße 8"), wohlers("Herr", "Ahornweg 2"))
				s.clock.Advance(time.Hour)
				c := s.say(s.a, forEither).Case
				if d := s.draft(s.a, c).Draft; !slices.Equal(d.Entries, ids) || d.Buyer.Street != "" {
					s.Fatalf("offers %v, buyer %+v", d.Entries, d.Buyer)
				}
				pick(s, c, ids[1])
				d := s.draft(s.a, c).Draft
				if d.Buyer.Label() != "Herr Wohlers" || d.Buyer.Street != "Ahornweg 2" || d.Buyer.Email == "" || len(d.Questions) != 0 || len(d.Entries) != 0 {
					s.Errorf("buyer %+v, asked %v, offers %v", d.Buyer, d.Questions, d.Entries)
				}
				if e := s.entry(s.a, ids[1]); e.UsedAt.Equal(e.CreatedAt) {
					s.Error("does not count as used")
				}
				if e := s.entry(s.a, ids[0]); !e.UsedAt.Equal(e.CreatedAt) {
					s.Error("the other one counts as used")
				}
			})
		})
	}
}

// TestBookOffersWhatFits: another salutation is not offered, an answered name offers anew,
// a name that is corrected or an address that is given ends the offer, and an entry that
// has gone cannot be picked.
func TestBookOffersWhatFits(t *testing.T) {
	onOne(t, func(s *stage) {
		first, second := wohlers("Frau", "Dorfstraße 8"), wohlers("Herr", "Ahornweg 2")
		both := wohlers("Frau", "Gartenweg 15")
		for _, e := range []*feierabend.AddressEntry{&first, &second, &both} {
			e.Aliases = []string{"Wohlers"}
		}
		ids := s.book(s.a, first, second, both)
		offers := func(c feierabend.CaseID, want ...feierabend.AddressID) {
			s.Helper()
			if got := s.draft(s.a, c).Draft.Entries; !slices.Equal(got, want) {
				s.Errorf("offers %v, want %v", got, want)
			}
		}
		answer := func(c feierabend.CaseID, path, value string) error {
			s.Helper()
			_, err := s.step.Answer(s.Context(), s.a.Owner, s.a.Tenant.ID, c, s.draft(s.a, c).Version, path, value)
			return err
		}
		c := s.say(s.a, forWohlers).Case
		offers(c, ids[0], ids[2])
		s.forget(ids[2])
		if err := answer(c, "buyer.address", string(ids[2])); feierabend.CodeOf(err) != "entry_gone" || feierabend.TextOf(err) == "" {
			s.Errorf("picked what has gone: %v", err)
		}
		if err := answer(c, "buyer.address", string(ids[1])); feierabend.KindOf(err) != feierabend.Invalid {
			s.Errorf("picked what was not offered: %v", err)
		}
		s.say(s.a, "Der Name ist Clasen")
		if b := s.draft(s.a, c).Draft.Buyer; b.Name != "Clasen" {
			s.Errorf("corrected to %+v", b)
		}
		offers(c)
		if err := answer(c, "buyer.name", "Wohlers"); err != nil {
			s.Error(err)
		}
		offers(c, ids[0], ids[1])
		if err := answer(c, "buyer.address", "Lindenweg 12\n25524\nItzehoe"); err != nil {
			s.Error(err)
		}
		offers(c)
	})
}

// TestPickedEntryVanishes: an entry that is erased while a person picks it is not taken
// over, by the page or by a button, and who picked it is told.
func TestPickedEntryVanishes(t *testing.T) {
	onEach(t, func(s *stage) {
		for _, way := range []string{"page", "chat"} {
			ids := s.book(s.a, wohlers("Frau", "Dorfstraße 8"), wohlers("Herr", "Ahornweg 2"))
			c := s.say(s.a, forEither).Case
			step := s.vanishing(func() { s.forget(ids[0]) })
			if way == "page" {
				if _, err := step.Answer(s.Context(), s.a.Owner, s.a.Tenant.ID, c, 1, "buyer.address", string(ids[0])); feierabend.CodeOf(err) != "entry_gone" {
					s.Errorf("page: %v", err)
				}
			} else {
				m := s.receive(s.a, "", pressing(feierabend.Button{Act: feierabend.ActAnswer, Case: c, Version: 1, Question: "buyer.address", Answer: string(ids[0])}))
				if err := step.Press(s.Context(), run(s.a, m)); err == nil {
					s.Error("the job is done")
				}
				if err := step.Press(s.Context(), run(s.a, m)); err != nil {
					s.Error(err)
				}
				if got := s.message(s.a, m.ID); got.Reason != feierabend.ReasonStale {
					s.Errorf("the tap ended as %s, %q", got.State, got.Reason)
				}
			}
			if v := s.draft(s.a, c); v.Version != 1 || v.Draft.Buyer.Street != "" {
				s.Errorf("%s: version %d, buyer %+v", way, v.Version, v.Draft.Buyer)
			}
			s.forget(ids[1])
		}
	})
}
