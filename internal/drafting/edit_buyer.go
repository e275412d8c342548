package drafting

import (
	"strings"

	"feierabend"
)

// setBuyer writes a field of the recipient (BG-7); "address" takes street,
// postcode and city in one, on three lines or as people write and say it.
func (e *edit) setBuyer(path, field, value string) error {
	b := copyOf(e.d.Buyer)
	if b == nil {
		b = &feierabend.Buyer{}
	}
	touched := []string{path}
	switch field {
	case "address":
		if taken, err := e.chosen(path, value); taken || err != nil {
			return err
		}
		street, postcode, city, ok := e.readAddress(*b, value)
		if !ok {
			return bad(path, "address", "Daraus konnte ich keine ganze Anschrift lesen. Übernommen ist noch nichts. Bitte geben Sie Straße mit Hausnummer, Postleitzahl und Ort an, zum Beispiel: „Lindenweg 12, 25524 Itzehoe“.")
		}
		b.Street, b.Postcode, b.City = street, postcode, city
		touched = []string{path, "buyer.street", "buyer.postcode", "buyer.city"}
	case "name":
		fromBook, ok := e.readName(b, value)
		if !ok {
			return bad(path, "name", "Da fehlt noch der Name. Übernommen ist noch nichts. Bitte schreiben Sie zum Beispiel „Frau Petersen“ oder den Namen der Firma.")
		}
		touched = []string{path, "buyer.salutation", "buyer.company"}
		defer e.known(fromBook)
	case "postcode":
		if !postcode(value) {
			return bad(path, "postcode", "Eine Postleitzahl hat fünf Ziffern. Übernommen ist noch nichts. Bitte prüfen Sie die Eingabe.")
		}
		b.Postcode = value
	case "street":
		b.Street = oneLine(value)
	case "city":
		b.City = oneLine(value)
	case "salutation":
		if value != "" && value != "Herr" && value != "Frau" && value != "Familie" {
			return bad(path, "salutation", "Als Anrede gehen Herr, Frau oder Familie. Übernommen ist noch nichts. Bitte wählen Sie eine davon.")
		}
		b.Salutation = value
	case "company":
		b.Company = oneLine(value)
	case "email":
		if value != "" && (!strings.Contains(value, "@") || strings.ContainsAny(value, " \t\r\n<>,;")) {
			return bad(path, "email", "Das ist keine vollständige E-Mail-Adresse. Übernommen ist noch nichts. Bitte prüfen Sie die Eingabe.")
		}
		b.Email = value
	case "phone":
		b.Phone = oneLine(value)
	case "reference":
		b.Reference = oneLine(value)
	case "vat_id":
		id := strings.ToUpper(strings.NewReplacer(" ", "", ".", "", "-", "").Replace(value))
		if len(id) < 8 || len(id) > 15 || strings.Trim(id[:2], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return bad(path, "vat_id", "Das ist keine USt-IdNr. Sie beginnt mit zwei Buchstaben, zum Beispiel DE123456789. Übernommen ist noch nichts. Bitte prüfen Sie die Eingabe.")
		}
		b.VATID = id
	default:
		return bad(path, "path", "Diese Angabe lässt sich hier nicht ändern. Der Entwurf ist unverändert.")
	}
	e.d.Buyer = b
	e.got(touched...)
	if b.AddressComplete() {
		e.answered["buyer.address"] = true
	}
	return nil
}

// readName reads „Frau Petersen“, „Familie Rathjen“ or a firm. fromBook are the paths
// that the address book has filled besides.
func (e *edit) readName(b *feierabend.Buyer, value string) (fromBook []string, ok bool) {
	value = strings.Trim(oneLine(value), ".,;:!?„“\"'")
	if value == "" || !strings.ContainsFunc(value, letter) {
		return nil, false
	}
	e.d.Entries = nil
	if read := e.readBuyer(value); read.Buyer.Label() != "" {
		b.Salutation, b.Name, b.Company = read.Buyer.Salutation, read.Buyer.Name, read.Buyer.Company
		e.d.Entries = read.Entries
		return e.takeEntry(b, read), true
	}
	if e.heard { // „keine Ahnung“ is no name
		if value, ok = bareName(value); !ok {
			return nil, false
		}
	}
	b.Salutation, b.Name, b.Company = "", value, ""
	for _, s := range []string{"Herr", "Frau", "Familie"} {
		if rest, ok := strings.CutPrefix(value, s+" "); ok {
			b.Salutation, b.Name = s, rest
		}
	}
	return nil, b.Name != ""
}

// readAddress takes three lines as they are, else what the engine reads. A part
// that is missing is taken from what the draft already knows.
func (e *edit) readAddress(known feierabend.Buyer, value string) (street, code, city string, ok bool) {
	lines := strings.Split(strings.ReplaceAll(value, "\r\n", "\n"), "\n")
	if len(lines) == 3 {
		street, code, city = oneLine(lines[0]), oneLine(lines[1]), oneLine(lines[2])
	} else {
		street, code, city = readAddress(value)
	}
	if street == "" {
		street = known.Street
	}
	if city == "" {
		city = known.City
	}
	if code == "" {
		code = known.Postcode
	}
	return street, code, city, street != "" && city != "" && postcode(code)
}

// postcode says whether s is a German postcode (BT-53): five digits.
func postcode(s string) bool { return len(s) == 5 && strings.Trim(s, "0123456789") == "" }
