package dictation_test

import (
	"slices"
	"testing"

	"feierabend"
)

// TestPostcodeAsHeard checks postcodes in the forms recognisers write.
func TestPostcodeAsHeard(t *testing.T) {
	for text, want := range map[string][3]string{
		"Rechnung an Frau Brodersen, Steinweg 12, 38.100 Braunschweig. Eine Stunde Arbeit.":                      {"Steinweg 12", "38100", "Braunschweig"},
		"Rechnung an Herrn Krasnic, Ulmenallee 7,48.143 Münster. Eine Stunde Arbeit.":                            {"Ulmenallee 7", "48143", "Münster"},
		"Rechnung an Herrn Krasnic, Ulmenallee 7,48143 Münster. Eine Stunde Arbeit.":                             {"Ulmenallee 7", "48143", "Münster"},
		"Rechnung an Herrn Krasnic, Ulmenallee 7a,48143 Münster. Eine Stunde Arbeit.":                            {"Ulmenallee 7a", "48143", "Münster"},
		"Rechnung an Herrn Krasnic, Ulmenallee 117,48 143 Münster. Eine Stunde Arbeit.":                          {"Ulmenallee 117", "48143", "Münster"},
		"Rechnung an Frau Seiters, Am Anger 3, 99-084 Erfurt. Eine Stunde Arbeit.":                               {"Am Anger 3", "99084", "Erfurt"},
		"Rechnung an Frau Seiters, Am Anger 3,99.084 Erfurt. Eine Stunde Arbeit.":                                {"Am Anger 3", "99084", "Erfurt"},
		"Rechnung an Frau Seiters, Zum Bach 3,99084 Erfurt. Eine Stunde Arbeit.":                                 {"Zum Bach 3", "99084", "Erfurt"},
		"Rechnung an Familie Bui, Hochstraße 40 in 60.313 Frankfurt. Eine Stunde Arbeit.":                        {"Hochstraße 40", "60313", "Frankfurt"},
		"Rechnung an Familie Bui Hoch Straße 40,60.313 Frankfurt am Main heute eine Stunde Arbeit.":              {"Hoch Straße 40", "60313", "Frankfurt am Main"},
		"Rechnung an Frau Ott, Gartenweg 21, 0,10,99 Dresden. Eine Stunde Arbeit.":                               {"Gartenweg 21", "01099", "Dresden"},
		"Rechnung an Frau Ott, Gartenweg 21, 1,03, 1,5 Berlin. Eine Stunde Arbeit.":                              {"Gartenweg 21", "10315", "Berlin"},
		"Rechnung an Frau Ott, Gartenweg 21, 86.150 Augsborg. Eine Stunde Arbeit.":                               {"Gartenweg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21,86150 Augsburch. Eine Stunde Arbeit.":                                {"Gartenweg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21, 86150 Bremen. Eine Stunde Arbeit.":                                  {"Gartenweg 21", "", "Bremen"},
		"Rechnung an Frau Ott, Gartenweg 21,8615 Augsburg. Eine Stunde Arbeit.":                                  {"Gartenweg 21", "", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21, 8615 Augsburg. Eine Stunde Arbeit.":                                 {"Gartenweg 21", "", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21 in 8.615 Augsburg. Eine Stunde Arbeit.":                              {"Gartenweg 21", "", "Augsburg"},
		"Rechnung an Frau Ott, Zum Ried 21 in 8.615 Augsburg. Eine Stunde Arbeit.":                               {"Zum Ried 21", "", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21, 1,02, 4,7 Berlin. Eine Stunde Arbeit.":                              {"Gartenweg 21", "10247", "Berlin"},
		"Rechnung an Frau Ott, holer Weg 21,86150 Augsburg. Eine Stunde Arbeit.":                                 {"Holer Weg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21 in Augsburg, 86.150. Eine Stunde Arbeit.":                            {"Gartenweg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21 in Augsburg 86.150, eine Stunde Arbeit.":                             {"Gartenweg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21, Augsburg, 86.150. Eine Stunde Arbeit.":                              {"Gartenweg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21, PLZ 86.150 Augsburg. Eine Stunde Arbeit.":                           {"Gartenweg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21, Postleitzahl 86150 Augsburg. Eine Stunde Arbeit.":                   {"Gartenweg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21, 86.150, Augsburg. Eine Stunde Arbeit.":                              {"Gartenweg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21, D-86150 Augsburg. Eine Stunde Arbeit.":                              {"Gartenweg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21, 86 1 50 Augsburg. Eine Stunde Arbeit.":                              {"Gartenweg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21, 86, 150 Augsburg. Eine Stunde Arbeit.":                              {"Gartenweg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21. 86150 Augsburg. Eine Stunde Arbeit.":                                {"Gartenweg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21. 86.150 Augsburg. Eine Stunde Arbeit.":                               {"Gartenweg 21", "86150", "Augsburg"},
		"rechnung an frau ott, gartenweg 21 in 86.150 augsburg. eine stunde arbeit.":                             {"Gartenweg 21", "86150", "Augsburg"},
		"rechnung an frau ott, gartenweg 21,86.150 augsburg. eine stunde arbeit.":                                {"Gartenweg 21", "86150", "Augsburg"},
		"Rechnung an Frau Ott, Gartenweg 21, 61.348 Bad Homburg. Eine Stunde Arbeit.":                            {"Gartenweg 21", "61348", "Bad Homburg"},
		"Rechnung an Frau Ott, Gartenweg 21,61.348 Bad Homburg. Eine Stunde Arbeit.":                             {"Gartenweg 21", "61348", "Bad Homburg"},
		"Rechnung an Frau Ott, Gartenweg einundzwanzig, acht sechs eins fünf null Augsburg. Eine Stunde Arbeit.": {"Gartenweg 21", "86150", "Augsburg"},
	} {
		d := draft(t, "shk", text)
		if d.Buyer == nil {
			t.Errorf("%s: no buyer", text)
			continue
		}
		if got := [3]string{d.Buyer.Street, d.Buyer.Postcode, d.Buyer.City}; got != want {
			t.Errorf("%s\n got %q\nwant %q", text, got, want)
		}
		if len(d.Lines) != 1 || d.Lines[0].Kind != feierabend.LineLabour {
			t.Errorf("%s: lines %+v", text, d.Lines)
		}
		if asked := slices.Contains(d.Questions, "buyer.address"); asked != (want[1] == "") {
			t.Errorf("%s: buyer.address asked: %v", text, asked)
		}
	}
}

// TestNoPostcode checks that amounts and quantities stay what they are.
func TestNoPostcode(t *testing.T) {
	for text, want := range map[string]string{
		"Rechnung an Frau Ott, Gartenweg 21, 86150 Augsburg. Dach gedeckt pauschal 12.600 Euro.":      "12600",
		"Rechnung an Frau Ott, Gartenweg 21, 86150 Augsburg. Dach gedeckt, pauschal 12.600. Anfahrt.": "12600",
		"Rechnung an Frau Ott, Gartenweg 21, 86150 Augsburg. Bad saniert pauschal 25.541 Euro.":       "25541",
	} {
		d := draft(t, "shk", text)
		if len(d.Lines) == 0 || d.Lines[0].Price == nil || d.Lines[0].Price.String() != want {
			t.Errorf("%s: %+v", text, d.Lines)
		}
	}
}
