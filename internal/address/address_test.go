package address_test

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"

	"feierabend/internal/address"
)

// corpus reads lines "typed <tab> expected"; "-" = refused. Both are written with
// the escapes of Go, so that control characters can be seen.
func corpus(t *testing.T, file string, check func(line int, typed, want string)) {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n, taken, sc := 0, 0, bufio.NewScanner(f)
	for line := 1; sc.Scan(); line++ {
		if sc.Text() == "" || strings.HasPrefix(sc.Text(), "# ") {
			continue
		}
		typed, want, ok := strings.Cut(sc.Text(), "\t")
		typed, err := strconv.Unquote(`"` + strings.ReplaceAll(typed, `"`, `\"`) + `"`)
		if !ok || err != nil {
			t.Fatalf("%s:%d: %v", file, line, err)
		}
		n++
		if want != "-" {
			taken++
		}
		check(line, typed, want)
	}
	if n < 80 || taken < 25 || n-taken < 25 {
		t.Errorf("%s: %d lines, %d of them right: at least 80, 25 of each", file, n, taken)
	}
}

func TestEmails(t *testing.T) {
	corpus(t, "emails.tsv", func(line int, typed, want string) {
		e, ok := address.ReadEmail(typed)
		got := "-"
		if ok {
			got = e.Normal
		}
		if got != want {
			t.Errorf("emails.tsv:%d: %q gives %s, want %s", line, typed, got, want)
		}
		if !ok {
			return
		}
		if again, ok := address.ReadEmail(e.Shown); !ok || again != e {
			t.Errorf("emails.tsv:%d: read again %+v, want %+v", line, again, e)
		}
		if strings.ToLower(e.Shown) != e.Normal || strings.ContainsAny(e.Shown, " \t\r\n<>,;\"\x00") {
			t.Errorf("emails.tsv:%d: shown as %q", line, e.Shown)
		}
	})
}

// TestEmailAsTyped: the local part stays as typed, the domain does not (AUTH-10).
func TestEmailAsTyped(t *testing.T) {
	e, ok := address.ReadEmail(" Hauke.Deichgruen+Rechnung@BÜRO-Nord.DE ")
	want := address.Email{Shown: "Hauke.Deichgruen+Rechnung@xn--bro-nord-65a.de", Normal: "hauke.deichgruen+rechnung@xn--bro-nord-65a.de"}
	if !ok || e != want {
		t.Errorf("got %+v, want %+v", e, want)
	}
}

func TestPhones(t *testing.T) {
	corpus(t, "phones.tsv", func(line int, typed, want string) {
		got, ok := address.ReadPhone(typed)
		if !ok {
			got = "-"
		}
		if got != want {
			t.Errorf("phones.tsv:%d: %q gives %s, want %s", line, typed, got, want)
		}
		if again, _ := address.ReadPhone(got); ok && again != got {
			t.Errorf("phones.tsv:%d: read again %q, want %q", line, again, got)
		}
	})
}

func FuzzEmail(f *testing.F) {
	for _, s := range []string{"hauke@deichgruen.example", "a@b.de\r\nBcc: c@d.de", "x@ä.de", `"a b"@c.de`, "a@xn--"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, ok := address.ReadEmail(s)
		if ok && (strings.ContainsAny(e.Shown, " \t\r\n<>,;\"\x00") || strings.Count(e.Shown, "@") != 1 || len(e.Shown) > 254) {
			t.Errorf("%q is shown as %q", s, e.Shown)
		}
	})
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"0171 3920015", "+49 (0) 4821 / 555-0120", "0043 660 1234567", "+"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := address.ReadPhone(s)
		if ok && (len(got) < 5 || len(got) > 18 || got[0] != '+' || strings.Trim(got[1:], "0123456789") != "") {
			t.Errorf("%q gives %q", s, got)
		}
	})
}
