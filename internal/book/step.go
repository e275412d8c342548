package book

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"feierabend"
)

// store is what the step asks of the database.
type store interface {
	Tenant(ctx context.Context, t feierabend.TenantID) (feierabend.Tenant, error)
	SetBook(ctx context.Context, t feierabend.TenantID, months int, by feierabend.Actor) (shortened int, err error)
	EraseBook(ctx context.Context, t feierabend.TenantID, by feierabend.Actor) (feierabend.ErasureReceipt, error)
	Addresses(ctx context.Context, t feierabend.TenantID) ([]feierabend.BookEntry, error)
	Address(ctx context.Context, t feierabend.TenantID, id feierabend.AddressID) (feierabend.BookEntry, error)
	AddAddress(ctx context.Context, t feierabend.TenantID, a feierabend.AddressEntry, by feierabend.Actor) (feierabend.BookEntry, error)
	TakeAddress(ctx context.Context, t feierabend.TenantID, choose func([]feierabend.BookEntry) feierabend.BookEntry, by feierabend.Actor) (feierabend.AddressID, error)
	ChangeAddress(ctx context.Context, t feierabend.TenantID, id feierabend.AddressID, version int, a feierabend.AddressEntry, by feierabend.Actor) error
	EraseAddress(ctx context.Context, t feierabend.TenantID, id feierabend.AddressID, why feierabend.EraseReason, by feierabend.Actor) (feierabend.ErasureReceipt, error)
}

// Options are the step's dependencies.
type Options struct {
	Store store
	// Place compares postcode and place with the table of the country; words are what may
	// be meant instead (registration.Place).
	Place func(postcode, city string) (fits bool, words []string)
}

// Step keeps the address book.
type Step struct {
	store store
	place func(postcode, city string) (bool, []string)
}

// New makes the step.
func New(o Options) *Step { return &Step{store: o.Store, place: o.Place} }

// Term is how many months an entry of the firm's book lives after its last use; 0 = the
// firm keeps none.
func (s *Step) Term(ctx context.Context, t feierabend.TenantID) (months int, err error) {
	n, err := s.store.Tenant(ctx, t)
	if err != nil {
		return 0, fmt.Errorf("load firm: %w", err)
	}
	return n.BookMonths, nil
}

// Switch records the firm's instruction to keep an address book, or another term.
// shortened counts entries that end sooner now. The owner's alone.
func (s *Step) Switch(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, months int) (shortened int, err error) {
	if by.Role != feierabend.RoleOwner {
		return 0, errOwner()
	}
	return s.store.SetBook(ctx, t, months, by)
}

// Off ends the instruction and erases all entries; the receipt is zero where there were
// none. The owner's alone.
func (s *Step) Off(ctx context.Context, by feierabend.Actor, t feierabend.TenantID) (feierabend.ErasureReceipt, error) {
	if by.Role != feierabend.RoleOwner {
		return feierabend.ErasureReceipt{}, errOwner()
	}
	return s.store.EraseBook(ctx, t, by)
}

// Entries gives the firm's entries.
func (s *Step) Entries(ctx context.Context, by feierabend.Actor, t feierabend.TenantID) ([]feierabend.BookEntry, error) {
	if !by.Role.MayIssue() {
		return nil, errOffice()
	}
	return s.store.Addresses(ctx, t)
}

// Entry gives one entry.
func (s *Step) Entry(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.AddressID) (feierabend.BookEntry, error) {
	if !by.Role.MayIssue() {
		return feierabend.BookEntry{}, errOffice()
	}
	return s.store.Address(ctx, t, id)
}

// Add takes a typed entry. What is wrong comes as an Invalid error with one text per
// field; where postcode and place do not meet in the table, once: sent again with the
// mark that PlaceMark gives, they are taken as typed.
func (s *Step) Add(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, typed map[string]string, mark string) (feierabend.BookEntry, error) {
	if !by.Role.MayIssue() {
		return feierabend.BookEntry{}, errOffice()
	}
	a, err := s.read(typed, mark)
	if err != nil {
		return feierabend.BookEntry{}, err
	}
	return s.store.AddAddress(ctx, t, a, by)
}

// Change replaces an entry that version was read of, as Add does.
func (s *Step) Change(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.AddressID, version int, typed map[string]string, mark string) error {
	if !by.Role.MayIssue() {
		return errOffice()
	}
	a, err := s.read(typed, mark)
	if err != nil {
		return err
	}
	return s.store.ChangeAddress(ctx, t, id, version, a, by)
}

// Delete erases an entry. A second call gives the same receipt.
func (s *Step) Delete(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.AddressID) (feierabend.ErasureReceipt, error) {
	if !by.Role.MayIssue() {
		return feierabend.ErasureReceipt{}, errOffice()
	}
	return s.store.EraseAddress(ctx, t, id, feierabend.EraseDiscarded, by)
}

// Take takes the buyer of a draft or document over. Where an entry of the same name,
// street and postcode is there, that one is brought up to date: pressing twice, even at once, makes no
// second entry, which would make each note about the customer ambiguous.
func (s *Step) Take(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, b feierabend.Buyer) (feierabend.AddressID, error) {
	if !by.Role.MayIssue() {
		return "", errOffice()
	}
	if b.Label() == "" || !b.AddressComplete() {
		return "", &feierabend.Error{
			Kind: feierabend.Invalid, Code: "address_incomplete", Err: errors.New("buyer without name or address"),
			Text: "Für das Adressbuch fehlen noch Name oder Anschrift. Gespeichert wurde nichts. Bitte ergänzen Sie beides zuerst im Entwurf.",
		}
	}
	b.Reference = lasting(b)
	return s.store.TakeAddress(ctx, t, func(all []feierabend.BookEntry) feierabend.BookEntry {
		for _, e := range all {
			if !sameCustomer(e.Buyer, b) {
				continue
			}
			own := extras(e.AddressEntry)
			e.Buyer = merged(e.Buyer, b)
			e.Aliases = join(Aliases(e.Buyer), own)
			return e
		}
		return feierabend.BookEntry{AddressEntry: feierabend.AddressEntry{Aliases: Aliases(b), Buyer: b}}
	}, by)
}

// lasting is a buyer reference that belongs to the customer: a Leitweg-ID, not the
// number of one order (BT-10).
func lasting(b feierabend.Buyer) string {
	if leitweg(b.Reference) {
		return b.Reference
	}
	return ""
}

func sameCustomer(a, b feierabend.Buyer) bool {
	return strings.EqualFold(a.Name, b.Name) && strings.EqualFold(a.Company, b.Company) && (a.Salutation == b.Salutation || a.Salutation == "" || b.Salutation == "") &&
		strings.EqualFold(a.Street, b.Street) && a.Postcode == b.Postcode
}

// merged keeps what the note did not say.
func merged(known, said feierabend.Buyer) feierabend.Buyer {
	for _, f := range []struct{ to, from *string }{
		{&said.Salutation, &known.Salutation}, {&said.Email, &known.Email}, {&said.Phone, &known.Phone}, {&said.Reference, &known.Reference}, {&said.VATID, &known.VATID},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	return said
}

func errOwner() error {
	return &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "role", Err: errors.New("the switch is the owner's"),
		Text: "Das Adressbuch schaltet nur ein oder aus, wer Inhaberin oder Inhaber ist. Es ist nichts geändert worden. Bitte fragen Sie dort.",
	}
}

func errOffice() error {
	return &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "role", Err: errors.New("the book is for owner and office"),
		Text: "Das Adressbuch führen Inhaber und Büro. Es ist nichts geändert worden. Bitte fragen Sie dort.",
	}
}
