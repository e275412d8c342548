package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"feierabend"
)

// booker is the step behind the address book.
type booker interface {
	Term(ctx context.Context, t feierabend.TenantID) (months int, err error)
	Switch(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, months int) (shortened int, err error)
	Off(ctx context.Context, by feierabend.Actor, t feierabend.TenantID) (feierabend.ErasureReceipt, error)
	Entries(ctx context.Context, by feierabend.Actor, t feierabend.TenantID) ([]feierabend.BookEntry, error)
	Entry(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.AddressID) (feierabend.BookEntry, error)
	Typed(a feierabend.AddressEntry) map[string]string
	Add(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, typed map[string]string, mark string) (feierabend.BookEntry, error)
	Change(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.AddressID, version int, typed map[string]string, mark string) error
	PlaceMark(postcode, city string) string
	Delete(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.AddressID) (feierabend.ErasureReceipt, error)
	Take(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, b feierabend.Buyer) (feierabend.AddressID, error)
}

// bookRows is how many entries a page shows; the search finds the others.
const bookRows = 50

// bookPage is the address book: switched off, empty, or a list.
type bookPage struct {
	On        bool
	MaySwitch bool
	Flash     string
	Term      form // the one field of the switch
	TermWords string
	All       int // entries
	Search    string
	Searched  bool
	Rows      []bookRow
	More      int // found, not shown
}

// bookRow is one entry = one link.
type bookRow struct{ URL, Who, Where, Ends string }

// bookFlashes are the sentences that a redirect may ask for; the code stands in the URL.
var bookFlashes = map[string]string{
	"an":          "Das Adressbuch ist eingeschaltet.",
	"aus":         "Das Adressbuch ist ausgeschaltet. Es war leer.",
	"frist":       "Die Frist ist geändert.",
	"gespeichert": "Im Adressbuch gespeichert.",
}

// termWords is "2 Jahre", or after a preposition "2 Jahren".
func termWords(months int, dative string) string {
	if months%12 == 0 && months > 12 {
		return count(months/12, "Jahr", "Jahre"+dative)
	}
	return count(months, "Monat", "Monate"+dative)
}

// bookTerm is the field of the term; a firm that keeps none yet sees the usual one.
func bookTerm(months int) form {
	f := field{Name: "monate", Label: "Gelöscht, wenn so lange nicht benutzt", Kind: "select"}
	for _, m := range slices.Backward(feierabend.BookTerms()) {
		f.Options = append(f.Options, option{strconv.Itoa(m), termWords(m, "")})
	}
	if months == 0 {
		months = feierabend.MaxBookMonths
	}
	f.Value = strconv.Itoa(months)
	return newForm(f)
}

// bookShow is GET /adressbuch.
func (s *server) bookShow(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.bookList(w, r, v, "", bookFlashes[r.URL.Query().Get("meldung")])
}

// bookSearch is POST /adressbuch/suche. It changes nothing.
func (s *server) bookSearch(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	find := []rune(strings.TrimSpace(strings.ToValidUTF8(r.PostForm.Get("suche"), "")))
	return s.bookList(w, r, v, string(find[:min(len(find), 80)]), "")
}

func (s *server) bookList(w http.ResponseWriter, r *http.Request, v *visit, find, flash string) error {
	months, err := s.Book.Term(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	var all []feierabend.BookEntry
	if months > 0 {
		if all, err = s.Book.Entries(r.Context(), v.by(), v.session.Tenant); err != nil {
			return err
		}
	}
	p := s.bookPage(months, all, v.session.Role, find)
	p.Flash = flash
	return s.show(w, v, http.StatusOK, page{View: "book", Title: "Adressbuch", Nav: "einstellungen", Content: p})
}

func (s *server) bookPage(months int, all []feierabend.BookEntry, role feierabend.Role, find string) bookPage {
	p := bookPage{On: months > 0, MaySwitch: owner.admits(role), Term: bookTerm(months), TermWords: termWords(months, "n"), All: len(all), Search: find, Searched: find != ""}
	f := format{s.Zone}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b feierabend.BookEntry) int { return strings.Compare(sortName(a.Buyer), sortName(b.Buyer)) })
	for _, e := range all {
		if !matches(e, find) {
			continue
		}
		if len(p.Rows) == bookRows {
			p.More++
			continue
		}
		p.Rows = append(p.Rows, bookRow{
			URL: "/adressbuch/" + string(e.ID), Who: e.Label(), Where: e.Street + ", " + e.Postcode + " " + e.City,
			Ends: "gelöscht am " + f.date(e.ExpiresAt) + ", wenn nicht benutzt",
		})
	}
	return p
}

// sortName is the firm, else the last word of the name, in small letters.
func sortName(b feierabend.Buyer) string {
	if b.Company != "" {
		return strings.ToLower(b.Company)
	}
	words := strings.Fields(strings.ToLower(b.Name))
	return words[max(0, len(words)-1)] + " " + strings.Join(words, " ")
}

// matches says that each word that is looked for stands somewhere in the entry.
func matches(e feierabend.BookEntry, find string) bool {
	in := strings.ToLower(strings.Join(append([]string{e.Label(), e.Name, e.Street, e.Postcode, e.City, e.Email, e.Phone}, e.Aliases...), "\n"))
	for _, word := range strings.Fields(strings.ToLower(find)) {
		if !strings.Contains(in, word) {
			return false
		}
	}
	return true
}

// bookSwitch is POST /adressbuch/an: the owner's instruction to keep an address book, or
// another term.
func (s *server) bookSwitch(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	had, err := s.Book.Term(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	months, err := strconv.Atoi(r.PostForm.Get("monate"))
	if err != nil {
		months = 0 // refused by the step
	}
	if _, err := s.Book.Switch(r.Context(), v.by(), v.session.Tenant, months); err != nil {
		return err
	}
	code := "an"
	if had > 0 {
		code = "frist"
	}
	http.Redirect(w, r, "/adressbuch?meldung="+code, http.StatusSeeOther)
	return nil
}

// bookOffPage asks once before everything is erased.
type bookOffPage struct{ All int }

// bookOffForm is GET /adressbuch/aus.
func (s *server) bookOffForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	all, err := s.Book.Entries(r.Context(), v.by(), v.session.Tenant)
	if err != nil {
		return err
	}
	return s.show(w, v, http.StatusOK, page{View: "book_off", Title: "Adressbuch ausschalten?", Nav: "einstellungen", Content: bookOffPage{len(all)}})
}

// bookOff is POST /adressbuch/aus.
func (s *server) bookOff(w http.ResponseWriter, r *http.Request, v *visit) error {
	rec, err := s.Book.Off(r.Context(), v.by(), v.session.Tenant)
	if err != nil {
		return err
	}
	to := "/adressbuch?meldung=aus"
	if rec.ID != "" {
		to = "/q/" + string(rec.ID) + "?neu=1"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
