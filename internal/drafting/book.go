package drafting

import (
	"context"
	"fmt"

	"feierabend"
)

// The address book (J-33): where a firm keeps one, the buyer of a note is looked up in
// it by the rule of the dictation format. One entry whose alias was said is taken over;
// several, or another salutation, take nothing, and the address is asked for.

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

// used notes the use of the entry from which next has its buyer, unless the version
// before has it already. An entry that went meanwhile is an error: the job looks again,
// and what was erased is not taken over.
func (s *Step) used(ctx context.Context, t feierabend.TenantID, book []feierabend.BookEntry, before, next feierabend.Draft) error {
	if next.Buyer == nil || !fromBook(next) || before.Buyer != nil && *before.Buyer == *next.Buyer {
		return nil
	}
	for _, e := range book {
		b := next.Buyer
		if e.Name != b.Name || e.Company != b.Company || e.Salutation != b.Salutation || next.Evidence["buyer.street"].Source == sourceProfile && e.Street != b.Street {
			continue
		}
		if err := s.store.UseAddress(ctx, t, e.ID); err != nil {
			return fmt.Errorf("note the use of entry %s: %w", e.ID, err)
		}
	}
	return nil
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
