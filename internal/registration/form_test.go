package registration_test

import (
	"reflect"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/registration"
)

func right() feierabend.RegistrationForm {
	return feierabend.RegistrationForm{
		Firm: "Deichgrün  Haustechnik", LegalForm: "gmbh", Street: "Störweg 8", Postcode: "D-25524 ", City: " Itzehoe", FirstName: "Hauke", LastName: "Deichgrün",
		Email: "Hauke@Deichgruen.EXAMPLE", Phone: "0171 / 392 001 55", Trade: "Sanitär, Heizung, Klima", Business: true,
	}
}

func TestRead(t *testing.T) {
	a, ask, wrong := registration.Read(right())
	want := feierabend.Application{
		Firm: "Deichgrün Haustechnik", LegalForm: "gmbh", Street: "Störweg 8", Postcode: "25524", City: "Itzehoe", FirstName: "Hauke", LastName: "Deichgrün",
		Email: "Hauke@deichgruen.example", Phone: "+4917139200155", Trade: "Sanitär, Heizung, Klima",
	}
	if ask != nil || len(wrong) > 0 || a != want {
		t.Errorf("got %+v, asks %v, wrong %v", a, ask, wrong)
	}
	f := right()
	f.Trade, f.OtherTrade = feierabend.OtherTrade, "Orgelbau"
	if a, _, wrong := registration.Read(f); a.Trade != "Orgelbau" || len(wrong) > 0 {
		t.Errorf("other trade: %q %v", a.Trade, wrong)
	}
}

// TestReadWrong changes one field of a right form; that field and no other is wrong.
func TestReadWrong(t *testing.T) {
	fields := map[string]string{
		"Firm": "betrieb", "LegalForm": "rechtsform", "Street": "strasse", "Postcode": "plz", "City": "ort", "FirstName": "vorname", "LastName": "nachname", "Email": "email", "Phone": "telefon", "Trade": "gewerk",
	}
	for name, values := range map[string][]string{
		"Firm":      {"", "  ", "x", "–", strings.Repeat("x", 121), "Deich\x00grün", "Deich\u202egrün", "<b>Deichgrün</b>", "Deich\xffgrün", "\u200b\u200b", "Gewinn https://boese.example", "WWW.boese.example", "http://boese.example"},
		"LegalForm": {"", "aktie", "GmbH"},
		"Street":    {"", "Störweg", "8", "Am Ende der Straße", strings.Repeat("x", 130) + " 1"},
		"Postcode":  {"", "2552", "255244", "2552A", "00000", "00999", "CH-8001"},
		"City":      {"", "1", "?", "Bremen", "Itzehude", strings.Repeat("x", 90)},
		"FirstName": {"", "-", "H4uke", "hauke@deichgruen.example", strings.Repeat("x", 61), "Ha\x1buke"},
		"LastName":  {"", ".", "0171 39200155"},
		"Email":     {"", "hauke", "hauke@deichgruen", "a@b.de\r\nBcc: c@d.de"},
		"Phone":     {"", "0171", "110", "keine", "0900 1234567"},
		"Trade":     {"", "Bäcker"},
	} {
		for _, v := range values {
			f := right()
			reflect.ValueOf(&f).Elem().FieldByName(name).SetString(v)
			_, _, wrong := registration.Read(f)
			if len(wrong) != 1 || wrong[0].Field != fields[name] || !strings.HasSuffix(strings.TrimSuffix(wrong[0].Text, "“ dahinter."), ".") && !strings.HasSuffix(wrong[0].Text, "dahinter.") {
				t.Errorf("%s = %q: %v", name, v, wrong)
			}
		}
	}
	f := right()
	f.Business = false
	if _, _, wrong := registration.Read(f); len(wrong) != 1 || wrong[0].Field != "unternehmer" {
		t.Errorf("a consumer: %v", wrong)
	}
	if _, ask, wrong := registration.Read(feierabend.RegistrationForm{}); len(wrong) != 11 || ask != nil {
		t.Errorf("empty: %d mistakes, %v", len(wrong), wrong)
	}
}

// TestPlaces: spellings that everybody uses pass, what does not fit is asked about
// with the place that was probably meant first.
func TestPlaces(t *testing.T) {
	for _, c := range [][3]string{ // postcode, place, first suggestion ("" = passes, "?" = asked without one)
		{"25524", "Itzehoe", ""},
		{"25524", "ITZEHOE", ""},
		{"25524", "itzehö", ""},
		{"25524", "Oelixdorf", ""},
		{"25524", "Ölixdorf", ""},
		{"60311", "Frankfurt am Main", ""},
		{"60311", "Frankfurt", ""},
		{"60311", "Ffm", ""},
		{"60311", "Frankfurt/Main", ""},
		{"60311", "Frankfurt (Main)", ""},
		{"60311", "Frankfurt a. M.", ""},
		{"60311", "Frankfurt a.M.", ""},
		{"60311", "Frankfurt-am-Main", ""},
		{"80331", "München", ""},
		{"80331", "Muenchen", ""},
		{"80331", "munchen", "München"},
		{"50667", "Köln", ""},
		{"50667", "Koeln-Altstadt", ""},
		{"50667", "Köln Altstadt", ""},
		{"91541", "Rothenburg ob der Tauber", ""},
		{"91541", "Rothenburg o.d.T.", ""},
		{"91541", "Rothenburg o. d. Tauber", ""},
		{"91541", "Rothenburg", ""},
		{"20095", "Hamburg", ""},
		{"20095", "Hamburg-St. Georg", ""},
		{"20095", "HH", ""},
		{"10115", "Berlin Mitte", ""},
		{"10115", "Berlin", ""},
		{"61348", "Bad Homburg", ""},
		{"61348", "Bad", "Bad Homburg vor der Höhe"},
		{"61348", "Bad Homburg v.d.H.", ""},
		{"25524", "Itzehude", "Itzehoe"},
		{"25524", "Itzeho", "Itzehoe"},
		{"25524", "Bremen", "?"},
		{"28195", "Hamburg", "Bremen"},
		{"01099", "Dresten", "Dresden"},
		{"99999", "Itzehoe", "25524"},
		{"99999", "Nirgendwo", "?"},
	} {
		f := right()
		f.Postcode, f.City = c[0], c[1]
		_, ask, wrong := registration.Read(f)
		switch {
		case c[2] == "" && (ask != nil || len(wrong) > 0):
			t.Errorf("%s %s: %v", c[0], c[1], wrong)
		case c[2] != "" && (ask == nil || len(wrong) != 1):
			t.Errorf("%s %s passes", c[0], c[1])
		case c[2] != "" && c[2] != "?" && (len(ask.Words) == 0 || ask.Words[0] != c[2] || !strings.Contains(wrong[0].Text, c[2])):
			t.Errorf("%s %s: suggests %v, want %s", c[0], c[1], ask.Words, c[2])
		}
		f.PlaceConfirmed = f.PlaceMark()
		if _, ask, wrong := registration.Read(f); ask != nil || len(wrong) > 0 {
			t.Errorf("%s %s: asked again though confirmed: %v", c[0], c[1], wrong)
		}
	}
}

// TestContractText: what is concluded is told apart by its words.
func TestContractText(t *testing.T) {
	a, b := registration.Demonstration(), registration.Demonstration()
	if a.IsZero() || !a.Demo || string(a.Hash()) != string(b.Hash()) {
		t.Error("the demonstration has no text, or another each time")
	}
	b.Paragraphs[1] += " "
	if string(a.Hash()) == string(b.Hash()) {
		t.Error("another text has the same hash")
	}
}

// TestPlacesAreReadOnce: an unknown postcode does not make the whole table be read anew.
func TestPlacesAreReadOnce(t *testing.T) {
	f := right()
	f.Postcode = "99999"
	registration.Read(f) // the first one reads it
	if n := testing.AllocsPerRun(5, func() { registration.Read(f) }); n > 300 {
		t.Errorf("%.0f allocations for one form", n)
	}
}
