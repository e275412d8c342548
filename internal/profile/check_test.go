package profile_test

import (
	"strings"
	"testing"

	"feierabend/internal/profile"
)

// sentence: what stands under a field is a whole German sentence that repeats nothing typed.
func sentence(t *testing.T, typed, problem string) {
	t.Helper()
	if !strings.HasSuffix(problem, ".") || len(typed) > 4 && strings.Contains(problem, typed) {
		t.Errorf("%q: said %q", typed, problem)
	}
}

func TestIBAN(t *testing.T) {
	right := map[string]string{
		"DE02120300000000202051": "", "DE02 1203 0000 0000 2020 51": "", "de02120300000000202051": "", " DE02-1203-0000-0000-2020-51 ": "", "IBAN DE02120300000000202051": "",
		"DE89370400440532013000": "", "DE02100100100006820101": "", "DE02300209000106531065": "", "DE02200505501015871393": "", "DE02100500000054540402": "",
		"DE02701500000000594937": "", "DE02500105170137075030": "", "DE02370502990000684712": "", "DE02600501010002034304": "", "DE88100900001234567892": "",
		"AT611904300234573201": "", "CH9300762011623852957": "", "NL91ABNA0417164300": "", "BE68539007547034": "", "DK5000400440116243": "", "FR1420041010050500013M02606": "",
		"PL61109010140000071219812874": "", "GB29NWBK60161331926819": "", "ES9121000418450200051332": "", "IT60X0542811101000000123456": "", "LU280019400644750000": "",
		"CZ6508000000192000145399": "", "SE4550000000058398257466": "", "NO9386011117947": "", "LI21088100002324013AA": "",
		"": "beginnt mit", "120300000000202051": "beginnt mit", "0202051": "beginnt mit", "DE": "zu kurz: Es sind 2", "DE0212030000000020205": "zu kurz: Es sind 21", "DE021203000000002020511": "zu lang: Es sind 23",
		"DE02120300000000202052": "Prüfziffer", "DE02120300000000202501": "Prüfziffer", "DE20120300000000202051": "Prüfziffer", "DE00120300000000202051": "Prüfziffer",
		"AT611904300234573202": "Prüfziffer", "AT6119043002345732012": "zu lang", "XX02120300000000202051": "Euro-Zahlungsverkehr", "US02120300000000202051": "Euro-Zahlungsverkehr",
		"DE0212030000000020205O": "Prüfziffer", "DE02120300000000202051;": "Buchstaben und Ziffern", "DE02 1203 0000 0000 2020 51\x00": "Buchstaben und Ziffern", "ＤＥ02120300000000202051": "Buchstaben und Ziffern",
		"<script>alert(1)</script>": "Buchstaben und Ziffern", strings.Repeat("9", 5000): "beginnt mit",
	}
	if len(right) < 40 {
		t.Fatalf("only %d numbers", len(right))
	}
	for typed, want := range right {
		iban, problem := profile.IBAN(typed)
		switch {
		case want == "" && problem != "":
			t.Errorf("%q refused: %s", typed, problem)
		case want == "" && (strings.ContainsAny(iban, " -") || iban != strings.ToUpper(iban)):
			t.Errorf("%q read as %q", typed, iban)
		case want != "" && !strings.Contains(problem, want):
			t.Errorf("%q: said %q, want it to speak of %q", typed, problem, want)
		case want != "":
			sentence(t, typed, problem)
		}
	}
	// Any one wrong digit and any two neighbours changed over are found.
	const good = "DE89370400440532013000"
	for i := 2; i < len(good); i++ {
		for d := byte('0'); d <= '9'; d++ {
			if bad := good[:i] + string(d) + good[i+1:]; d != good[i] {
				if _, problem := profile.IBAN(bad); problem == "" {
					t.Errorf("%s taken", bad)
				}
			}
		}
		if i+1 < len(good) && good[i] != good[i+1] {
			if _, problem := profile.IBAN(good[:i] + good[i+1:i+2] + good[i:i+1] + good[i+2:]); problem == "" {
				t.Errorf("places %d and %d changed over: taken", i, i+1)
			}
		}
	}
}

func TestBIC(t *testing.T) {
	for typed, c := range map[string]struct {
		iban string
		ok   bool
	}{
		"BYLADEM1001": {"DE02120300000000202051", true}, "byladem1001": {"DE02120300000000202051", true}, "NOLADE21 HOL": {"", true}, "COBADEFF": {"DE89", true},
		"COBADEFFXXX": {"AT61", false}, "COBADE": {"", false}, "COBA1EFF": {"", false}, "COBADEFFXX": {"", false}, "COBÄDEFF": {"", false},
	} {
		_, problem := profile.BIC(typed, c.iban)
		if (problem == "") != c.ok {
			t.Errorf("%q beside %q: %q", typed, c.iban, problem)
		}
		if !c.ok {
			sentence(t, typed, problem)
		}
	}
}

func TestTaxNumber(t *testing.T) {
	for typed, want := range map[string]string{
		// one of each Land, as its offices write it (the examples of the Länder)
		"93815/08152": "", "181/815/08155": "", "21/815/08150": "", "048/815/08155": "", "75 815 08152": "", "02/815/08156": "", "013 815 08153": "", "079/815/08151": "",
		"24/815/08151": "", "133/8150/8159": "", "22/815/08154": "", "010/815/08182": "", "201/123/12340": "", "101/815/08154": "", "29/815/08158": "", "151/815/08156": "",
		// the form of ELSTER
		"2893081508152": "", "9181081508155": "", "1121081508150": "", "3048081508155": "", "2475081508152": "", "2202081508156": "", "2613081508153": "", "4079081508151": "",
		"2324081508151": "", "5133081508159": "", "2722081508154": "", "1010081508182": "", "3201012312340": "", "3101081508154": "", "2129081508158": "", "4151081508156": "",
		// without separators, and as the demo has it
		"2181508150": "", "18181508155": "", "18/123/45678": "", "18 123 45678": "", "18.123.45678": "", "18-123-45678": "",
		// wrong
		"": "Ziffern", "123": "10, 11 oder 13", "123456789012": "10, 11 oder 13", "12345678901234": "10, 11 oder 13", "DE812345673": "Ziffern und Schrägstrichen",
		"18/123/4567a": "Ziffern und Schrägstrichen", "18/123/45678/": "Ziffern", "1/8123/45678": "So schreibt kein", "181/81/508155": "So schreibt kein", "0000000000": "kann nicht stimmen",
		"11/111/11111": "kann nicht stimmen", "6000081508155": "So schreibt kein", "2893181508152": "So schreibt kein", "381/815/08155 7": "10, 11 oder 13",
		// the number of a person, not of a firm (§ 139b AO)
		"86095742719": "Identifikationsnummer", "65929970489": "Identifikationsnummer",
		"<script>": "Ziffern und Schrägstrichen", "18/123/45678; DROP TABLE": "Ziffern und Schrägstrichen", strings.Repeat("1", 4000): "10, 11 oder 13",
	} {
		_, problem := profile.TaxNumber(typed)
		switch {
		case want == "" && problem != "":
			t.Errorf("%q refused: %s", typed, problem)
		case want != "" && !strings.Contains(problem, want):
			t.Errorf("%q: said %q, want it to speak of %q", typed, problem, want)
		case want != "":
			sentence(t, typed, problem)
		}
	}
}

func TestVATID(t *testing.T) {
	for typed, want := range map[string]string{
		"DE812345673": "", "de 812 345 673": "", "DE-812345673": "", "DE136695976": "", "DE129273398": "",
		"": "beginnt mit DE", "812345673": "beginnt mit DE", "ATU12345678": "beginnt mit DE", "DE81234567": "genau neun", "DE8123456733": "genau neun", "DE81234567X": "genau neun",
		"DE812345674": "Prüfziffer", "DE000000000": "Prüfziffer", "DE182345673": "Prüfziffer", "DE18/123/45678": "genau neun",
	} {
		id, problem := profile.VATID(typed)
		switch {
		case want == "" && (problem != "" || len(id) != 11):
			t.Errorf("%q read as %q: %s", typed, id, problem)
		case want != "" && !strings.Contains(problem, want):
			t.Errorf("%q: said %q, want it to speak of %q", typed, problem, want)
		case want != "":
			sentence(t, typed, problem)
		}
	}
}

func FuzzChecks(f *testing.F) {
	for _, s := range []string{"DE02120300000000202051", "18/123/45678", "DE812345673", "1.234,50", "ä\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if iban, problem := profile.IBAN(s); problem == "" {
			if again, p := profile.IBAN(iban); p != "" || again != iban {
				t.Errorf("%q read as %q, which reads as %q: %s", s, iban, again, p)
			}
		}
		if id, problem := profile.VATID(s); problem == "" && len(id) != 11 {
			t.Errorf("%q read as %q", s, id)
		}
		profile.TaxNumber(s)
		if bic, problem := profile.BIC(s, "DE"); problem == "" && len(bic) != 8 && len(bic) != 11 && bic != "" {
			t.Errorf("%q read as BIC %q", s, bic)
		}
	})
}
