package web

import (
	"net/http"
	"strconv"

	"feierabend"
)

// entryPage is one entry of the address book as a form.
type entryPage struct {
	Action  string
	Title   string
	Version string
	Mark    string // sent back, so that postcode and place are taken as typed
	Delete  string // "" = a new one
	Ends    string // "Gelöscht am …, wenn nicht benutzt."
	Found   string // the words by which a note finds it
	Form    form
}

func entryForm() form {
	return newForm(
		field{Name: "anrede", Label: "Anrede", Kind: "select", Optional: true, Options: []option{{"", "keine"}, {"Frau", "Frau"}, {"Herr", "Herr"}, {"Familie", "Familie"}}},
		field{Name: "name", Label: "Name", Max: 100, Hint: "Nachname, oder Vorname und Nachname. Bei Firmen: der Ansprechpartner, oder leer."},
		field{Name: "firma", Label: "Firma", Max: 100, Optional: true, Hint: "Auch Hausverwaltung, Praxis, Gemeinde. So steht sie auf der Rechnung."},
		field{Name: "strasse", Label: "Straße und Hausnummer", Max: 100},
		field{Name: "plz", Label: "Postleitzahl", Max: 5, Mode: "numeric"},
		field{Name: "ort", Label: "Ort", Max: 80},
		field{Name: "rufnamen", Label: "So sagen Sie noch dazu", Kind: "textarea", Rows: 3, Max: 500, Optional: true, Hint: "Ein Name je Zeile, zum Beispiel „WEG Stadtpark“. Kein Wort, das auch sonst fällt."},
		field{Name: "email", Label: "E-Mail", Kind: "email", Max: 254, Optional: true},
		field{Name: "telefon", Label: "Telefon", Kind: "tel", Max: 40, Optional: true},
		field{Name: "leitweg", Label: "Leitweg-ID", Max: 46, Optional: true, Hint: "Nur für Behörden, zum Beispiel 08426999-0100-39."},
		field{Name: "ustid", Label: "USt-IdNr.", Max: 20, Optional: true, Hint: "Nur nötig, wenn die Firma die Steuer schuldet (§ 13b)."},
	)
}

// entryBasics is how many fields everybody fills in; the others are folded away until
// they hold something.
const entryBasics = 7

// Basics are the fields that are shown at once.
func (p entryPage) Basics() []*field { return p.Form.All()[:entryBasics] }

// More are the fields that are folded away.
func (p entryPage) More() []*field { return p.Form.All()[entryBasics:] }

// Unfold says that one of them holds something or is wrong.
func (p entryPage) Unfold() bool {
	for _, f := range p.More() {
		if f.Value != "" || f.Error != "" {
			return true
		}
	}
	return false
}

func newEntryPage() entryPage {
	return entryPage{Action: "/adressbuch/neu", Title: "Neuer Eintrag", Form: entryForm()}
}

// bookEntry loads the entry of the path.
func (s *server) bookEntry(r *http.Request, v *visit) (feierabend.BookEntry, error) {
	id := r.PathValue("address")
	if !feierabend.ValidID(id) {
		return feierabend.BookEntry{}, errNotFound()
	}
	e, err := s.Book.Entry(r.Context(), v.by(), v.session.Tenant, feierabend.AddressID(id))
	if absent(err) {
		err = errNotFound()
	}
	return e, err
}

func (s *server) entryPage(e feierabend.BookEntry, typed map[string]string) entryPage {
	p := newEntryPage()
	p.Action, p.Title, p.Version = "/adressbuch/"+string(e.ID), e.Label(), strconv.Itoa(e.Version)
	p.Delete = p.Action + "/loeschen"
	p.Ends = "Gelöscht am " + format{s.Zone}.date(e.ExpiresAt) + ", wenn nicht benutzt."
	for i, a := range e.Aliases {
		if i > 0 {
			p.Found += ", "
		}
		p.Found += "„" + a + "“"
	}
	for name, value := range typed {
		p.Form.set(name, value)
	}
	return p
}

func (s *server) showEntry(w http.ResponseWriter, v *visit, status int, p entryPage) error {
	return s.show(w, v, status, page{View: "book_entry", Title: "Adressbuch", Nav: "einstellungen", Detail: true, Content: p})
}

// entryNew is GET /adressbuch/neu. With the book off it leads to the switch.
func (s *server) entryNew(w http.ResponseWriter, r *http.Request, v *visit) error {
	months, err := s.Book.Term(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	if months == 0 {
		http.Redirect(w, r, "/adressbuch", http.StatusSeeOther)
		return nil
	}
	return s.showEntry(w, v, http.StatusOK, newEntryPage())
}

// entryAdd is POST /adressbuch/neu.
func (s *server) entryAdd(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	p := newEntryPage()
	typed := p.read(r)
	_, err := s.Book.Add(r.Context(), v.by(), v.session.Tenant, typed, r.PostForm.Get("ort-bestaetigt"))
	return s.entryDone(w, r, v, p, err)
}

// read takes the typed values, as the step wants them.
func (p *entryPage) read(r *http.Request) map[string]string {
	p.Form.read(r.PostForm)
	typed := map[string]string{}
	for _, f := range p.Form.All() {
		typed[f.Name] = f.Value
	}
	return typed
}

// entryDone leads back to the list, or shows the form again with what is wrong.
func (s *server) entryDone(w http.ResponseWriter, r *http.Request, v *visit, p entryPage, err error) error {
	switch {
	case err == nil:
		http.Redirect(w, r, "/adressbuch?meldung=gespeichert", http.StatusSeeOther)
		return nil
	case feierabend.CodeOf(err) == "address_version":
		now, loadErr := s.bookEntry(r, v)
		if loadErr != nil {
			return loadErr
		}
		p.changed(s.Book.Typed(now.AddressEntry), strconv.Itoa(now.Version), feierabend.TextOf(err))
		return s.showEntry(w, v, http.StatusConflict, p)
	case p.Form.take(err):
		p.Mark = s.Book.PlaceMark(p.Form.value("plz"), p.Form.value("ort"))
		return s.showEntry(w, v, http.StatusUnprocessableEntity, p)
	}
	return err
}

// changed shows beside what was typed what is saved now; saving again overwrites it.
func (p *entryPage) changed(now map[string]string, version, text string) {
	p.Version, p.Form.Problem = version, text
	for _, f := range p.Form.All() {
		if f.Value == now[f.Name] {
			continue
		}
		is := shownChoice(*f, now[f.Name])
		if is == "" {
			is = "nichts"
		}
		f.Hint = "Jetzt gespeichert: " + is
	}
}

// entryShow is GET /adressbuch/{address}.
func (s *server) entryShow(w http.ResponseWriter, r *http.Request, v *visit) error {
	e, err := s.bookEntry(r, v)
	if err != nil {
		return err
	}
	return s.showEntry(w, v, http.StatusOK, s.entryPage(e, s.Book.Typed(e.AddressEntry)))
}

// entrySave is POST /adressbuch/{address}.
func (s *server) entrySave(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	e, err := s.bookEntry(r, v)
	if err != nil {
		return err
	}
	p := s.entryPage(e, nil)
	typed := p.read(r)
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil {
		version = 0 // no version: a conflict
	}
	p.Version = strconv.Itoa(version)
	err = s.Book.Change(r.Context(), v.by(), v.session.Tenant, e.ID, version, typed, r.PostForm.Get("ort-bestaetigt"))
	return s.entryDone(w, r, v, p, err)
}

// entryDeletePage asks once.
type entryDeletePage struct{ URL, Who string }

// entryDeleteForm is GET /adressbuch/{address}/loeschen.
func (s *server) entryDeleteForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	e, err := s.bookEntry(r, v)
	if err != nil {
		return err
	}
	return s.show(w, v, http.StatusOK, page{
		View: "book_delete", Title: "Eintrag löschen?", Nav: "einstellungen", Detail: true,
		Content: entryDeletePage{"/adressbuch/" + string(e.ID), e.Label()},
	})
}

// entryDelete is POST /adressbuch/{address}/loeschen; a second tap leads to the same receipt.
func (s *server) entryDelete(w http.ResponseWriter, r *http.Request, v *visit) error {
	id := r.PathValue("address")
	if !feierabend.ValidID(id) {
		return errNotFound()
	}
	rec, err := s.Book.Delete(r.Context(), v.by(), v.session.Tenant, feierabend.AddressID(id))
	if absent(err) {
		return errNotFound()
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/q/"+string(rec.ID)+"?neu=1", http.StatusSeeOther)
	return nil
}

// caseBook is POST /v/{case}/adressbuch: the buyer of a case is taken over into the
// address book, on somebody's word.
func (s *server) caseBook(w http.ResponseWriter, r *http.Request, v *visit) error {
	e, err := s.caseOf(r.Context(), r, v)
	if err != nil {
		return err
	}
	d, err := s.Cases.Draft(r.Context(), v.session.Tenant, e.ID)
	if absent(err) {
		return errNotFound()
	}
	if err != nil {
		return err
	}
	var b feierabend.Buyer
	if d.Draft.Buyer != nil {
		b = *d.Draft.Buyer
	}
	if _, err := s.Book.Take(r.Context(), v.by(), v.session.Tenant, b); err != nil {
		return err
	}
	http.Redirect(w, r, "/v/"+string(e.ID)+"?buch=1", http.StatusSeeOther)
	return nil
}

// canTake says whether the buyer of a draft can be taken over: the book is on, the
// address is whole, and it did not come from there.
func canTake(d feierabend.Draft, profile feierabend.Profile, role feierabend.Role) bool {
	return profile.AddressBookOn && role.MayIssue() && d.Buyer.Label() != "" && d.Buyer.AddressComplete() && d.Evidence["buyer.street"].Source != "profile"
}
