package web

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"feierabend"
)

// field is one input of a form. Its id on the page is its name; the error stands
// below it and in the summary at the top (views/part_field.html).
type field struct {
	Name  string // name, id and key of the typed value
	Label string
	Hint  string // a sentence under the label
	// Kind is text (or ""), email, tel, password, date, select, checkbox, textarea
	// or file. The browser checks nothing itself: the words of our errors are ours.
	Kind     string
	Auto     string // autocomplete, "" = off
	Mode     string // inputmode: numeric, decimal, …; "" = what Kind asks for
	Max      int    // characters, 0 = 200; what is longer is an error of the step
	Optional bool   // the label says so; everything else is mandatory
	Focus    bool   // the cursor stands here when the page is new
	Options  []option
	Accept   string // file: types
	Rows     int    // textarea
	Unit     string // shown behind the input: "€ je Stunde"
	Value    string // typed before or known; checkbox: "" = off
	Error    string
}

// option is a choice of a select.
type option struct{ Value, Label string }

// Limit is the maxlength of the input.
func (f *field) Limit() int {
	if f.Max == 0 {
		return 200
	}
	return f.Max
}

// Type is the type attribute of an input element.
func (f *field) Type() string {
	if f.Kind == "" {
		return "text"
	}
	return f.Kind
}

// Complete is the autocomplete attribute.
func (f *field) Complete() string {
	if f.Auto == "" {
		return "off"
	}
	return f.Auto
}

// Input is the inputmode attribute, "" = none.
func (f *field) Input() string {
	if f.Mode == "" && (f.Kind == "email" || f.Kind == "tel") {
		return f.Kind
	}
	return f.Mode
}

// About lists the ids that describe the input: hint and error.
func (f *field) About() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.Name+"-hinweis")
	}
	if f.Error != "" {
		ids = append(ids, f.Name+"-fehler")
	}
	return strings.Join(ids, " ")
}

// form is the fields of one form in their order, with what was typed and what is
// wrong. It is made anew for each request.
type form struct {
	fields  []*field
	Problem string // what is wrong with no single field
}

func newForm(fields ...field) form {
	f := form{}
	for _, one := range fields {
		f.fields = append(f.fields, &one)
	}
	return f
}

// At gives a field to the template; a name that was not declared is an error of
// the page, found by the samples.
func (f form) At(name string) (*field, error) {
	for _, one := range f.fields {
		if one.Name == name {
			return one, nil
		}
	}
	return nil, fmt.Errorf("no field %q in the form", name)
}

// All gives the fields in their order, for forms that are one column.
func (f form) All() []*field { return f.fields }

// Mistakes are the fields that are wrong, in their order.
func (f form) Mistakes() []*field {
	var out []*field
	for _, one := range f.fields {
		if one.Error != "" {
			out = append(out, one)
		}
	}
	return out
}

// Wrong says whether the form must be shown again.
func (f form) Wrong() bool { return f.Problem != "" || len(f.Mistakes()) > 0 }

// read keeps what was typed: valid UTF-8 without surrounding space, at most four
// times the limit of the field, so that a wrong one comes back as it was typed.
func (f form) read(typed url.Values) {
	for _, one := range f.fields {
		if one.Kind == "file" {
			continue
		}
		v := strings.TrimSpace(strings.ToValidUTF8(typed.Get(one.Name), "\ufffd")) // seen, and refused: without it an address would be another one
		if n := 4 * one.Limit(); utf8.RuneCountInString(v) > n {
			v = string([]rune(v)[:n])
		}
		one.Value = v
	}
}

// value gives what was typed, "" for a name that was not declared.
func (f form) value(name string) string {
	if one, err := f.At(name); err == nil {
		return one.Value
	}
	return ""
}

// set fills a field with what is known; names that were not declared do nothing.
func (f form) set(name, value string) {
	if one, err := f.At(name); err == nil {
		one.Value = value
	}
}

// fail marks a field as wrong; an undeclared one makes it a problem of the form.
// The first mistake of a field stays.
func (f *form) fail(name, text string) {
	one, err := f.At(name)
	switch {
	case err != nil && f.Problem == "":
		f.Problem = text
	case err == nil && one.Error == "":
		one.Error = text
	}
	for _, one := range f.fields {
		one.Focus = false // the cursor goes to the summary
	}
}

// take shows an Invalid error of a step in the form and says whether it did. All
// other errors are those of the request.
func (f *form) take(err error) bool {
	if feierabend.KindOf(err) != feierabend.Invalid {
		return false
	}
	for _, e := range feierabend.FieldsOf(err) {
		f.fail(e.Field, e.Text)
	}
	if text := feierabend.TextOf(err); text != "" && f.Problem == "" {
		f.Problem = text
	}
	if !f.Wrong() { // nothing that a person could read: not ours to show
		return false
	}
	return true
}
