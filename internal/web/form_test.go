package web

import (
	"errors"
	"html/template"
	"net/url"
	"strings"
	"testing"

	"feierabend"
)

// partsForm has a field of every kind.
func partsForm() form {
	f := newForm(
		field{Name: "name", Label: "Vorname und Name", Auto: "name", Focus: true},
		field{Name: "mail", Label: "E-Mail", Kind: "email", Auto: "email", Hint: "Dorthin kommt der Code."},
		field{Name: "tel", Label: "Mobilnummer", Kind: "tel", Auto: "tel"},
		field{Name: "preis", Label: "Stundensatz", Mode: "decimal", Unit: "€ je Stunde", Optional: true, Max: 12},
		field{Name: "gewerk", Label: "Gewerk", Kind: "select", Options: []option{{"", "Bitte wählen"}, {"shk", "Sanitär, Heizung, Klima"}}},
		field{Name: "text", Label: "Schlusssatz", Kind: "textarea", Rows: 3, Optional: true, Max: 500},
		field{Name: "logo", Label: "Logo", Kind: "file", Accept: "image/png", Optional: true, Hint: "PNG, höchstens 1 MB."},
		field{Name: "ja", Label: "Ich handle für einen Betrieb.", Kind: "checkbox"},
	)
	f.set("preis", "68,00")
	return f
}

// wrongForm is a form as it comes back: typed values kept, fields marked.
func wrongForm(f form, typed map[string]string, wrong ...string) form {
	v := url.Values{}
	for k, s := range typed {
		v.Set(k, s)
	}
	f.read(v)
	for _, n := range wrong {
		f.fail(n, "Hier fehlt etwas: bitte ausfüllen.")
	}
	return f
}

// formSamples show the parts of forms on a page that exists for them alone.
func (s *server) formSamples() []sample {
	template.Must(s.views.set.New("formteile.html").Parse(`<div class="confirm stack"><h1>Formular</h1>
{{- template "mistakes" .}}
<form class="stack" method="post" action="/formular" novalidate>{{range .All}}{{template "field" .}}{{end}}<button class="button primary">Speichern</button></form></div>`))
	s.views.pages = append(s.views.pages, "formteile")
	all := wrongForm(partsForm(), map[string]string{"name": evil, "mail": longOne, "gewerk": "shk", "text": evil + "\n" + longOne, "ja": "1"}, "name", "mail", "tel", "preis", "gewerk", "text", "logo", "ja")
	all.Problem = "Das Formular war zu alt. Ihre Angaben stehen noch da."
	show := func(f form) page { return page{View: "formteile", Title: "Formular", Content: f} }
	return []sample{{"formular", show(partsForm())}, {"formular-fehler", show(all)}, {"formular-einer", show(wrongForm(partsForm(), nil, "tel"))}}
}

func TestFormKeepsWhatWasTyped(t *testing.T) {
	f := partsForm()
	f.read(url.Values{"name": {"  Malte \xff Ünsal "}, "text": {strings.Repeat("ä", 5000)}, "logo": {"x"}, "fremd": {"x"}})
	if got := f.value("name"); got != "Malte \ufffd Ünsal" {
		t.Errorf("name %q", got)
	}
	if n := len([]rune(f.value("text"))); n != 2000 {
		t.Errorf("%d characters kept", n)
	}
	if f.value("logo") != "" || f.value("fremd") != "" {
		t.Error("a file or an undeclared name came in as a value")
	}
	if _, err := f.At("fremd"); err == nil {
		t.Error("an undeclared field is given")
	}
}

func TestFormTakesTheErrorsOfAStep(t *testing.T) {
	wrong := feierabend.InvalidFields("x", []feierabend.FieldError{{Field: "tel", Text: "A"}, {Field: "tel", Text: "B"}, {Field: "fremd", Text: "C"}})
	f := partsForm()
	if !f.take(wrong) || f.Problem != "C" || len(f.Mistakes()) != 1 || f.Mistakes()[0].Error != "A" {
		t.Errorf("problem %q, mistakes %v", f.Problem, f.Mistakes())
	}
	for name, err := range map[string]error{
		"nil": nil, "other": errors.New("x"), "not found": &feierabend.Error{Kind: feierabend.NotFound, Text: "x"},
		"without words": &feierabend.Error{Kind: feierabend.Invalid},
	} {
		if f := partsForm(); f.take(err) || f.Wrong() {
			t.Errorf("%s was taken", name)
		}
	}
	if feierabend.InvalidFields("x", nil) != nil {
		t.Error("no mistakes are an error")
	}
	if strings.Contains(wrong.Error(), "A") {
		t.Errorf("the words stand in the error: %s", wrong)
	}
}
