package einvoice_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feierabend"
)

// schema is the part of JSON Schema that docs/document.schema.json uses.
type schema struct {
	Ref        string             `json:"$ref"`
	Type       string             `json:"type"`
	Enum       []string           `json:"enum"`
	Pattern    string             `json:"pattern"`
	MinLength  int                `json:"minLength"`
	MinItems   int                `json:"minItems"`
	Minimum    *float64           `json:"minimum"`
	Maximum    *float64           `json:"maximum"`
	Required   []string           `json:"required"`
	Properties map[string]*schema `json:"properties"`
	Additional json.RawMessage    `json:"additionalProperties"`
	Items      *schema            `json:"items"`
	Defs       map[string]*schema `json:"$defs"`
}

func loadSchema(t *testing.T) *schema {
	t.Helper()
	b, err := os.ReadFile("../../docs/document.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	s := &schema{}
	if err := json.Unmarshal(b, s); err != nil {
		t.Fatal(err)
	}
	return s
}

// validate gives the first thing at which v breaks the schema.
func (s *schema) validate(root *schema, path string, v any) error {
	if s.Ref != "" {
		return root.Defs[strings.TrimPrefix(s.Ref, "#/$defs/")].validate(root, path, v)
	}
	if s.Enum != nil && !slices.Contains(s.Enum, fmt.Sprint(v)) {
		return fmt.Errorf("%s: %v is none of %v", path, v, s.Enum)
	}
	switch x := v.(type) {
	case string:
		if s.Type != "string" && s.Enum == nil || len(x) < s.MinLength || s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(x) {
			return fmt.Errorf("%s: text %q", path, x)
		}
	case bool:
		if s.Type != "boolean" {
			return fmt.Errorf("%s: boolean", path)
		}
	case float64:
		if s.Type != "integer" || x != float64(int(x)) || s.Minimum != nil && x < *s.Minimum || s.Maximum != nil && x > *s.Maximum {
			return fmt.Errorf("%s: number %v", path, x)
		}
	case []any:
		if s.Type != "array" || len(x) < s.MinItems {
			return fmt.Errorf("%s: list of %d", path, len(x))
		}
		for i, e := range x {
			if err := s.Items.validate(root, fmt.Sprintf("%s[%d]", path, i), e); err != nil {
				return err
			}
		}
	case map[string]any:
		return s.validateObject(root, path, x)
	default:
		return fmt.Errorf("%s: %T", path, v)
	}
	return nil
}

func (s *schema) validateObject(root *schema, path string, x map[string]any) error {
	if s.Type != "object" {
		return fmt.Errorf("%s: object", path)
	}
	for _, r := range s.Required {
		if _, ok := x[r]; !ok {
			return fmt.Errorf("%s: lacks %s", path, r)
		}
	}
	for k, e := range x {
		p := s.Properties[k]
		if p == nil {
			switch string(s.Additional) {
			case "false":
				return fmt.Errorf("%s: unknown key %s", path, k)
			case "":
				continue
			}
			p = &schema{}
			if err := json.Unmarshal(s.Additional, p); err != nil {
				return err
			}
		}
		if err := p.validate(root, path+"."+k, e); err != nil {
			return err
		}
	}
	return nil
}

func TestSchemaAcceptsBusinessCases(t *testing.T) {
	s := loadSchema(t)
	files, err := filepath.Glob("../../test/invoices/*.json")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d business cases (%v), want at least 12", len(files), err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if err := s.validate(s, "", v); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	s := loadSchema(t)
	for name, change := range map[string]func(map[string]any){
		"unknown key": func(d map[string]any) { d["nummer"] = "1" }, "no number": func(d map[string]any) { delete(d, "number") },
		"no lines": func(d map[string]any) { d["lines"] = []any{} }, "German date": func(d map[string]any) { d["issued_on"] = "10.02.2026" },
		"number as sum": func(d map[string]any) { d["prepaid"] = 12.5 }, "comma": func(d map[string]any) { d["prepaid"] = "12,50" },
		"type code": func(d map[string]any) { d["type_code"] = "999" }, "buyer as text": func(d map[string]any) { d["buyer"] = "Claasen" },
		"negative price": func(d map[string]any) { d["lines"].([]any)[0].(map[string]any)["price"] = "-1" },
	} {
		b, err := os.ReadFile("../../test/invoices/01-standard.json")
		if err != nil {
			t.Fatal(err)
		}
		var d map[string]any
		if err := json.Unmarshal(b, &d); err != nil {
			t.Fatal(err)
		}
		change(d)
		if s.validate(s, "", d) == nil {
			t.Errorf("%s passes", name)
		}
	}
}

// The schema names exactly the keys of the types.
func TestSchemaNamesAllKeys(t *testing.T) {
	s := loadSchema(t)
	for name, c := range map[string]struct {
		typ  reflect.Type
		have *schema
	}{
		"document": {reflect.TypeFor[feierabend.Document](), s}, "party": {reflect.TypeFor[feierabend.Party](), s.Defs["party"]},
		"line": {reflect.TypeFor[feierabend.DocumentLine](), s.Defs["line"]}, "allowance": {reflect.TypeFor[feierabend.Allowance](), s.Defs["allowance"]},
		"preceding": {reflect.TypeFor[feierabend.Preceding](), s.Properties["preceding"].Items}, "cash_discount": {reflect.TypeFor[feierabend.CashDiscount](), s.Properties["cash_discount"]},
	} {
		var want, got []string
		for i := range c.typ.NumField() {
			key, _, _ := strings.Cut(c.typ.Field(i).Tag.Get("json"), ",")
			if key != "-" { // not in the file
				want = append(want, key)
			}
		}
		for k := range c.have.Properties {
			got = append(got, k)
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-type +schema):\n%s", name, diff)
		}
	}
}
