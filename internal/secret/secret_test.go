package secret_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"feierabend/internal/secret"
)

// TestNothingShowsASecret: KEY-04.
func TestNothingShowsASecret(t *testing.T) {
	const value = "Mondscheintarif-77"
	s := secret.New(value)
	type open struct{ S secret.Secret }
	type closed struct{ s secret.Secret }
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%e", "%c", "%U", "%w"} {
		fmt.Fprintf(&b, verb+"\n", s)
		fmt.Fprintf(&b, verb+"\n", &s)
		fmt.Fprintf(&b, verb+"\n", open{s})
		fmt.Fprintf(&b, verb+"\n", closed{s})
		fmt.Fprintf(&b, verb+"\n", []any{s, map[string]secret.Secret{"a": s}, []closed{{s}}})
	}
	fmt.Fprintln(&b, s, open{s}, fmt.Errorf("a: %v", s), s.String(), s.GoString())
	for _, v := range []any{s, &s, open{s}, map[string]any{"a": s}, []secret.Secret{s}} {
		j, err := json.Marshal(v)
		if err != nil || !strings.Contains(string(j), secret.Hidden) {
			t.Errorf("JSON of %T: %s, %v", v, j, err)
		}
		b.Write(j)
	}
	x, err := xml.Marshal(open{s})
	if err != nil {
		t.Fatal(err)
	}
	b.Write(x)
	text, err := s.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	b.Write(text)
	for _, h := range []slog.Handler{slog.NewJSONHandler(&b, nil), slog.NewTextHandler(&b, nil)} {
		slog.New(h).Info("x", "a", s, "b", &s, "c", open{s}, slog.Group("g", "d", s), "e", []secret.Secret{s})
	}
	if strings.Contains(b.String(), "Mondschein") || strings.Contains(b.String(), fmt.Sprintf("%x", value)) {
		t.Errorf("a way of printing shows the value:\n%s", b.String())
	}
	if s.Reveal() != value || s.Empty() || !(secret.Secret{}).Empty() || (secret.Secret{}).Reveal() != "" || !secret.New("").Empty() {
		t.Error("Reveal or Empty is wrong")
	}
}

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		have, given string
		want        bool
	}{{"a-1", "a-1", true}, {"a-1", "a-2", false}, {"a-1", "a-1 ", false}, {"a-1", "", false}, {"", "", false}} {
		if got := secret.New(c.have).Equal(c.given); got != c.want {
			t.Errorf("%q, %q: %v", c.have, c.given, got)
		}
	}
}
