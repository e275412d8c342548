package drafting

import (
	"context"
	"fmt"
	"slices"

	"feierabend"
)

// The address book (J-33): where a firm keeps one, the buyer of a note is looked up in
// it by the rule of the dictation format. One entry whose alias was said is taken over;
// several, or another salutation, take nothing, and the address is asked for. Of several
// the question offers each (namesake.go).

// profile gives what the firm says about itself, with its address book where it keeps
// one; without one nothing is asked for.
func (s *Step) profile(ctx context.Context, t feierabend.TenantID) (p feierabend.Profile, book []feierabend.BookEntry, err error) {
	if p, err = s.store.Profile(ctx, t); err != nil {
		return p, nil, fmt.Errorf("load profile: %w", err)
	}
	if !p.AddressBookOn {
		return p, nil, nil
	}
	if book, err = s.store.Addresses(ctx, t); err != nil {
		return p, nil, fmt.Errorf("list address book: %w", err)
	}
	for _, e := range book {
		p.AddressBook = append(p.AddressBook, e.AddressEntry)
	}
	return p, book, nil
}

// fromBook says that the buyer of a draft was taken from the address book.
func fromBook(d feierabend.Draft) bool {
	return d.Evidence["buyer.name"].Source == sourceProfile || d.Evidence["buyer.company"].Source == sourceProfile
}

// used is the entry from which next has its buyer, "" where it has none or the version
// before has it already. The entry goes with the draft into one transaction: what was
// erased meanwhile is not taken over (entryGone).
func used(book []feierabend.BookEntry, before, next feierabend.Draft) feierabend.AddressID {
	if next.Buyer == nil || !fromBook(next) || before.Buyer != nil && *before.Buyer == *next.Buyer {
		return ""
	}
	for _, e := range book {
		b := next.Buyer
		if e.Name == b.Name && e.Company == b.Company && e.Salutation == b.Salutation && (next.Evidence["buyer.street"].Source != sourceProfile || e.Street == b.Street) {
			return e.ID
		}
	}
	return ""
}

// entryGone says that the entry of a draft was erased while the draft was worked out.
func entryGone(err error) bool {
	return feierabend.KindOf(err) == feierabend.NotFound && feierabend.CodeOf(err) == "address"
}

// known notes that values stand in the address book, the name among them.
func (e *edit) known(paths []string) {
	if len(paths) == 0 {
		return
	}
	for _, p := range append(paths, "buyer.name", "buyer.company") {
		e.d.Evidence[p] = feierabend.Evidence{Source: sourceProfile}
	}
	if e.d.Buyer.Name == "" {
		delete(e.d.Evidence, "buyer.name")
	}
	if e.d.Buyer.Company == "" {
		delete(e.d.Evidence, "buyer.company")
	}
}

// takeEntry completes a buyer whose name was answered by what the address book knows.
func (e *edit) takeEntry(b *feierabend.Buyer, read feierabend.Draft) (paths []string) {
	if read.Evidence["buyer.street"].Source != sourceProfile || b.Street != "" || b.Postcode != "" || b.City != "" {
		return nil
	}
	for _, f := range []struct {
		path     string
		to, from *string
	}{
		{"buyer.street", &b.Street, &read.Buyer.Street},
		{"buyer.postcode", &b.Postcode, &read.Buyer.Postcode},
		{"buyer.city", &b.City, &read.Buyer.City},
		{"buyer.email", &b.Email, &read.Buyer.Email},
		{"buyer.phone", &b.Phone, &read.Buyer.Phone},
		{"buyer.reference", &b.Reference, &read.Buyer.Reference},
		{"buyer.vat_id", &b.VATID, &read.Buyer.VATID},
	} {
		if *f.to == "" && *f.from != "" {
			*f.to = *f.from
			paths = append(paths, f.path)
		}
	}
	return paths
}

// chosen takes the entry of the address book that a person has picked from those between
// which the note could not tell. What was said besides stays: a telephone number, a mail
// address, the number of the order. An entry that is there no more is Invalid.
func (e *edit) chosen(path, value string) (taken bool, err error) {
	id := feierabend.AddressID(value)
	if id == "" || !slices.Contains(e.d.Entries, id) {
		return false, nil
	}
	at := slices.IndexFunc(e.book, func(b feierabend.BookEntry) bool { return b.ID == id })
	if at < 0 {
		return false, bad(path, "entry_gone", textEntryGone)
	}
	said, b := copyOf(e.d.Buyer), e.book[at].Buyer
	if said == nil {
		said = &feierabend.Buyer{}
	}
	paths := []string{"buyer.salutation", "buyer.street", "buyer.postcode", "buyer.city"}
	for _, f := range []struct {
		path      string
		to, spoke *string
	}{{"buyer.email", &b.Email, &said.Email}, {"buyer.phone", &b.Phone, &said.Phone}, {"buyer.reference", &b.Reference, &said.Reference}, {"buyer.vat_id", &b.VATID, &said.VATID}} {
		if *f.spoke != "" {
			*f.to = *f.spoke
		} else if *f.to != "" {
			paths = append(paths, f.path)
		}
	}
	e.d.Buyer, e.d.Entries = &b, nil
	e.known(paths)
	e.got(path)
	return true, nil
}

const textEntryGone = "Dieser Eintrag steht nicht mehr im Adressbuch. Der Entwurf ist unverändert. Bitte geben Sie die Anschrift ein."

// ids names the entries of a book, in its order.
func ids(book []feierabend.BookEntry) []feierabend.AddressID {
	out := make([]feierabend.AddressID, len(book))
	for i, e := range book {
		out[i] = e.ID
	}
	return out
}
