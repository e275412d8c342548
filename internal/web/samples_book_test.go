package web

import (
	"fmt"

	"feierabend"
)

// bookSamples are the pages of the address book in all their states.
func (s *server) bookSamples() (out []sample) {
	add := func(name, view, title string, content any) {
		out = append(out, sample{name, page{View: view, Title: title, Nav: "einstellungen", Content: content}})
	}
	entry := func(n byte, b feierabend.Buyer) feierabend.BookEntry {
		return feierabend.BookEntry{
			ID: feierabend.AddressID(id(n)), Version: 1, CreatedAt: sampleNow, UsedAt: sampleNow, ExpiresAt: feierabend.BookExpiresAt(sampleNow, 24),
			AddressEntry: feierabend.AddressEntry{Aliases: []string{b.Label(), "Wohlers am Deich"}, Buyer: b},
		}
	}
	all := []feierabend.BookEntry{
		entry(1, feierabend.Buyer{Salutation: "Frau", Name: "Wohlers", Street: "Dorfstraße 8", Postcode: "24582", City: "Bordesholm", Phone: "+4943221234567"}),
		entry(2, feierabend.Buyer{Company: "Hausverwaltung Krogstedt GmbH", Street: "Bahnhofstraße 41", Postcode: "24534", City: "Neumünster"}),
		entry(3, feierabend.Buyer{Name: evil, Street: longOne, Postcode: "24582", City: evil}),
	}
	owner, office := feierabend.RoleOwner, feierabend.RoleOffice
	add("adressbuch-aus", "book", "Adressbuch", s.bookPage(0, nil, owner, ""))
	off := s.bookPage(0, nil, office, "")
	off.Flash = bookFlashes["aus"]
	add("adressbuch-aus-buero", "book", "Adressbuch", off)
	empty := s.bookPage(24, nil, owner, "")
	empty.Flash = bookFlashes["an"]
	add("adressbuch-leer", "book", "Adressbuch", empty)
	add("adressbuch", "book", "Adressbuch", s.bookPage(24, all, owner, ""))
	add("adressbuch-gesucht", "book", "Adressbuch", s.bookPage(3, all, office, "bordesholm wohlers"))
	add("adressbuch-nicht-gefunden", "book", "Adressbuch", s.bookPage(12, all, owner, evil+" nirgends"))
	var many []feierabend.BookEntry
	for i := range bookRows + 2 {
		many = append(many, entry(1, feierabend.Buyer{Name: fmt.Sprintf("Kunde %02d", i), Street: "Dorfstraße 8", Postcode: "24582", City: "Bordesholm"}))
	}
	add("adressbuch-voll", "book", "Adressbuch", s.bookPage(24, many, owner, ""))

	add("adressbuch-neu", "book_entry", "Adressbuch", newEntryPage())
	typed := map[string]string{"anrede": "Frau", "name": "Wohlers", "strasse": "Dorfstraße 8", "plz": "24582", "ort": "Bordesholm", "telefon": "+4943221234567", "rufnamen": "Wohlers am Deich"}
	add("adressbuch-eintrag", "book_entry", "Adressbuch", s.entryPage(all[0], typed))
	wrong := newEntryPage()
	wrong.Form = wrongForm(wrong.Form, map[string]string{"name": evil, "strasse": longOne, "plz": "2458", "ort": evil, "email": "x"}, "plz", "ort", "email", "telefon", "leitweg", "rufnamen")
	wrong.Mark = "24582 " + evil
	add("adressbuch-fehler", "book_entry", "Adressbuch", wrong)
	behind := s.entryPage(all[0], typed)
	behind.changed(map[string]string{"name": evil, "anrede": "", "strasse": "Gartenweg 15", "plz": "24582", "ort": "Bordesholm"}, "2", "Dieser Eintrag ist inzwischen an anderer Stelle geändert worden.")
	add("adressbuch-konflikt", "book_entry", "Adressbuch", behind)
	add("adressbuch-loeschen", "book_delete", "Eintrag löschen?", entryDeletePage{"/adressbuch/" + id(1), evil})
	add("adressbuch-ausschalten", "book_off", "Adressbuch ausschalten?", bookOffPage{312})
	add("adressbuch-ausschalten-leer", "book_off", "Adressbuch ausschalten?", bookOffPage{})

	which := sampleDraft()
	which.Buyer, which.Questions = &feierabend.Buyer{Name: "Wohlers"}, []string{"buyer.address"}
	second := entry(4, feierabend.Buyer{Salutation: "Herr", Name: "Wohlers", Street: "Ahornweg 2", Postcode: "24582", City: "Bordesholm"})
	which.Entries = []feierabend.AddressID{all[0].ID, second.ID}
	which = which.WithEntries([]feierabend.BookEntry{all[0], second})
	asked := s.draftOf(sampleCase(feierabend.CaseOpen, &which), "", problem{}, feierabend.RoleOwner)
	out = append(out, sample{"entwurf-wer-ist-gemeint", page{View: "draft", Title: "Rechnung", Nav: "start", Detail: true, Content: asked}})
	receipt := sampleReceipt(feierabend.VerifyVerified)
	receipt.Subject, receipt.Case, receipt.Entry, receipt.Reason, receipt.Copies = feierabend.SubjectAddress, "", feierabend.AddressID(id(1)), feierabend.EraseDiscarded, nil
	receipt.Erased = map[string]int{"addresses": 1, "keys": 1}
	slip := func(name string, r feierabend.ErasureReceipt, fresh bool) {
		out = append(out, sample{name, page{View: "receipt", Title: "Löschquittung", Nav: "quittungen", Detail: true, Content: s.receiptPage(r, fresh)}})
	}
	slip("quittung-eintrag", receipt, true)
	receipt.Subject, receipt.Entry, receipt.Erased = feierabend.SubjectBook, "", map[string]int{"addresses": 312, "keys": 312}
	slip("quittung-adressbuch", receipt, false)
	return out
}
