package secret_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"feierabend/internal/secret"
)

var day = time.Date(2026, 11, 24, 23, 30, 0, 0, time.UTC)

func newKey(t testing.TB) (*secret.Keys, secret.Recipient) {
	t.Helper()
	text, to, err := secret.NewKey(day)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := secret.ParseKeys(text, secret.FromFile)
	if err != nil {
		t.Fatal(err)
	}
	return keys, to
}

func seal(t testing.TB, name, value string, to ...secret.Recipient) string {
	t.Helper()
	s, err := secret.Seal(name, secret.New(value), day, to)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSealAndOpen(t *testing.T) {
	keys, to := newKey(t)
	offline, toOffline := newKey(t)
	other, _ := newKey(t)
	text := seal(t, "FEIERABEND_WHATSAPP_TOKEN", "EAAG-wert", to, toOffline)
	if !secret.IsSealed(text) || strings.Contains(text, "EAAG") {
		t.Fatalf("not sealed: %s", text)
	}
	for _, k := range []*secret.Keys{keys, offline} {
		v, at, err := secret.Open("FEIERABEND_WHATSAPP_TOKEN", text, k)
		if err != nil || v.Reveal() != "EAAG-wert" || at.Format(time.DateOnly) != "2026-11-24" {
			t.Errorf("got %q of %v, %v", v.Reveal(), at, err)
		}
	}
	if _, _, err := secret.Open("FEIERABEND_WHATSAPP_APP_SECRET", text, keys); !errors.Is(err, secret.ErrName) {
		t.Errorf("under another name: %v", err)
	}
	if _, _, err := secret.Open("FEIERABEND_WHATSAPP_TOKEN", text, other); !errors.Is(err, secret.ErrKey) {
		t.Errorf("with another key: %v", err)
	}
	if _, _, err := secret.Open("FEIERABEND_WHATSAPP_TOKEN", "EAAG-wert", keys); !errors.Is(err, secret.ErrDamaged) {
		t.Errorf("plain text: %v", err)
	}
}

// TestEveryChangedByteIsRefused changes each character of the text in turn, takes it
// away and doubles it.
func TestEveryChangedByteIsRefused(t *testing.T) {
	keys, to := newKey(t)
	text := seal(t, "FEIERABEND_ROOT_KEY", "wert", to)
	for i := len("age:"); i < len(text); i++ {
		for _, with := range []string{string(text[i] ^ 1), "A", "/", "", "\n", text[i:i+1] + text[i:i+1]} {
			changed := text[:i] + with + text[i+1:]
			if changed == text {
				continue
			}
			v, _, err := secret.Open("FEIERABEND_ROOT_KEY", changed, keys)
			if err == nil || !v.Empty() {
				t.Fatalf("character %d as %q opens", i, with)
			}
			if strings.Contains(err.Error(), "wert") {
				t.Fatalf("the error shows the value: %v", err)
			}
		}
	}
}

func TestSealRefuses(t *testing.T) {
	_, to := newKey(t)
	for name, c := range map[string]struct {
		name, value string
		to          []secret.Recipient
	}{
		"no name": {"", "v", []secret.Recipient{to}}, "name with =": {"A=B", "v", []secret.Recipient{to}}, "no value": {"A", "", []secret.Recipient{to}},
		"zero byte": {"A", "geheim\x00B", []secret.Recipient{to}}, "nobody": {"A", "geheim", nil}, "too long": {"A", strings.Repeat("geheim", 20000), []secret.Recipient{to}},
	} {
		if got, err := secret.Seal(c.name, secret.New(c.value), day, c.to); err == nil || got != "" || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestKeysAndRecipients(t *testing.T) {
	keys, to := newKey(t)
	if rs := keys.Recipients(); len(rs) != 1 || rs[0].String() != to.String() {
		t.Errorf("own recipients: %v, want %v", rs, to)
	}
	if rs, err := secret.ParseRecipients(to.String() + ", " + to.String()); err != nil || len(rs) != 2 {
		t.Errorf("list: %v, %v", rs, err)
	}
	private := "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQ"
	for _, bad := range []string{private, "age1falsch", "ssh-ed25519 AAAA"} {
		if _, err := secret.ParseRecipients(bad); err == nil || strings.Contains(err.Error(), bad) {
			t.Errorf("recipient %q: %v", bad, err)
		}
	}
	for _, bad := range []string{"", "# nothing", private, "geheimes Wort"} {
		if _, err := secret.ParseKeys(bad, secret.FromFile); err == nil || bad != "" && strings.Contains(err.Error(), bad) {
			t.Errorf("key %q: %v", bad, err)
		}
	}
	for _, s := range []secret.Source{secret.FromNowhere, secret.FromCredential, secret.FromFile, secret.FromEnvironment} {
		if s.Sentence() == "" || (s == secret.FromEnvironment) != strings.Contains(s.Sentence(), "zweiten Umgebungsvariablen") {
			t.Errorf("source %q says %q", s, s.Sentence())
		}
	}
}

// TestPostQuantumKeysWorkToo: age demands that all stanzas of a file say the same.
func TestPostQuantumKeysWorkToo(t *testing.T) {
	id, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := secret.ParseKeys(id.String(), secret.FromFile)
	if err != nil {
		t.Fatal(err)
	}
	text := seal(t, "A", "wert", keys.Recipients()...)
	if v, at, err := secret.Open("A", text, keys); err != nil || v.Reveal() != "wert" || at.IsZero() {
		t.Errorf("%q, %v, %v", v.Reveal(), at, err)
	}
	_, classic := newKey(t)
	if _, err := secret.Seal("A", secret.New("wert"), day, append(keys.Recipients(), classic)); err == nil {
		t.Error("classic and post-quantum recipients were mixed")
	}
}

// TestOtherProgramsReadIt: the file is plain age; the stanza of the day is passed over,
// and what another program sealed opens without a day.
func TestOtherProgramsReadIt(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := secret.ParseKeys(id.String(), secret.FromFile)
	if err != nil {
		t.Fatal(err)
	}
	file, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(seal(t, "A", "wert", keys.Recipients()...), "age:"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(strings.NewReader(string(file)), id)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || string(b) != "A\x00wert" {
		t.Errorf("age alone reads %q, %v", b, err)
	}
	var out strings.Builder
	w, err := age.Encrypt(&out, id.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, "A\x00wert")
	w.Close()
	v, at, err := secret.Open("A", "age:"+base64.StdEncoding.EncodeToString([]byte(out.String())), keys)
	if err != nil || v.Reveal() != "wert" || !at.IsZero() {
		t.Errorf("%q, %v, %v", v.Reveal(), at, err)
	}
}

// TestVectors: docs/vectors/sealed.json opens for ever.
func TestVectors(t *testing.T) {
	b, err := os.ReadFile("../../docs/vectors/sealed.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Key     string
		Vectors []struct{ Name, Sealed, Value, Day, Error string }
	}
	if err := json.Unmarshal(b, &f); err != nil || len(f.Vectors) < 5 {
		t.Fatalf("%d vectors, %v", len(f.Vectors), err)
	}
	keys, err := secret.ParseKeys(f.Key, secret.FromFile)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range f.Vectors {
		v, at, err := secret.Open(c.Name, c.Sealed, keys)
		got, when := "", ""
		if err != nil {
			got = err.Error()
		}
		if !at.IsZero() {
			when = at.Format(time.DateOnly)
		}
		if v.Reveal() != c.Value || when != c.Day || got != c.Error {
			t.Errorf("vector %d: %q of %q, error %q; want %q of %q, %q", i, v.Reveal(), when, got, c.Value, c.Day, c.Error)
		}
	}
}

// FuzzOpen: whatever stands in a variable, it opens under its name only, or not at all.
func FuzzOpen(f *testing.F) {
	b, err := os.ReadFile("../../docs/vectors/sealed.json")
	if err != nil {
		f.Fatal(err)
	}
	var vectors struct {
		Key     string
		Vectors []struct{ Name, Sealed string }
	}
	if err := json.Unmarshal(b, &vectors); err != nil {
		f.Fatal(err)
	}
	keys, err := secret.ParseKeys(vectors.Key, secret.FromFile)
	if err != nil {
		f.Fatal(err)
	}
	good := map[string]string{}
	for _, v := range vectors.Vectors {
		f.Add(v.Name, v.Sealed)
		if _, _, err := secret.Open(v.Name, v.Sealed, keys); err == nil {
			good[v.Sealed] = v.Name
		}
	}
	f.Add("A", "age:")
	f.Add("A", "age:YWdlLWVuY3J5cHRpb24ub3JnL3YxCg==")
	f.Fuzz(func(t *testing.T, name, text string) {
		v, _, err := secret.Open(name, text, keys)
		if (err == nil) == v.Empty() {
			t.Errorf("value and error do not fit: %v", err)
		}
		if err == nil && good[text] != name {
			t.Errorf("%q opens under %q: nobody sealed that", text, name)
		}
	})
}
