package whatsapp_test

import (
	"net/http"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/whatsapp"
)

// TestVector is the published vector of whatsapp.md §1.3: the bytes as Meta sends
// them pass, the same JSON re-serialised does not.
func TestVector(t *testing.T) {
	raw := `{"object":"whatsapp_business_account","entry":[{"id":"104455667788990","changes":[{"field":"messages","value":{"t":"M\u00fcller \/ Gr\u00fc\u00dfe"}}]}]}`
	if len(raw) != 153 {
		t.Fatalf("vector has %d bytes, want 153", len(raw))
	}
	h := http.Header{"X-Hub-Signature-256": {"sha256=5d8f6f61ae7331b2ef51cc00f8b26fbb4e4be33872c97e1e509e1a4c864185c0"}}
	if _, _, err := client().Parse(h, []byte(raw)); err != nil {
		t.Errorf("vector refused: %v", err)
	}
	again := strings.NewReplacer(`\u00fc`, "ü", `\u00df`, "ß", `\/`, "/").Replace(raw)
	if _, _, err := client().Parse(h, []byte(again)); feierabend.KindOf(err) != feierabend.Unauthorized {
		t.Errorf("re-serialised body: %v, want unauthorized", err)
	}
}

func TestSignature(t *testing.T) {
	body := messages(`{"from":"491713920012","id":"wamid.1","timestamp":"1791273600","type":"text","text":{"body":"x"}}`)
	good := sign(body, appSecret).Get("X-Hub-Signature-256")
	one := func(v ...string) http.Header { return http.Header{"X-Hub-Signature-256": v} }
	for name, tc := range map[string]struct {
		h  http.Header
		ok bool
	}{
		"right":           {one(good), true},
		"older secret":    {sign(body, "older-secret"), true},
		"upper-case hex":  {one("sha256=" + strings.ToUpper(good[7:])), true},
		"missing":         {http.Header{}, false},
		"empty":           {one(""), false},
		"empty secret":    {sign(body, ""), false},
		"verify token":    {sign(body, "own-string"), false},
		"no prefix":       {one(good[7:]), false},
		"sha1 header":     {http.Header{"X-Hub-Signature": {good}}, false},
		"sha1 prefix":     {one("sha1=" + good[7:]), false},
		"short":           {one(good[:40]), false},
		"long":            {one(good + "00"), false},
		"not hex":         {one("sha256=" + strings.Repeat("zz", 32)), false},
		"other body":      {sign(body+" ", appSecret), false},
		"two headers":     {one(good, good), false},
		"spaces":          {one(good + " "), false},
		"other secret":    {sign(body, "test-app-secreT"), false},
		"one bit":         {one(flip(good)), false},
		"signature twice": {one(good + "," + good), false},
	} {
		t.Run(name, func(t *testing.T) {
			in, _, err := client().Parse(tc.h, []byte(body))
			if tc.ok && (err != nil || len(in) != 1) {
				t.Errorf("got %d messages, %v", len(in), err)
			}
			if !tc.ok && (feierabend.KindOf(err) != feierabend.Unauthorized || in != nil) {
				t.Errorf("got %d messages, %v, want unauthorized", len(in), err)
			}
		})
	}
}

func flip(s string) string {
	last := "0"
	if strings.HasSuffix(s, "0") {
		last = "1"
	}
	return s[:len(s)-1] + last
}

func TestVerify(t *testing.T) {
	for _, tc := range []struct {
		mode, token, challenge string
		ok                     bool
	}{
		{"subscribe", "own-string", "1158201444", true},
		{"subscribe", "other", "1158201444", false},
		{"subscribe", "", "1158201444", false},
		{"unsubscribe", "own-string", "1158201444", false},
		{"", "own-string", "1158201444", false},
	} {
		got, ok := client().Verify(tc.mode, tc.token, tc.challenge)
		if ok != tc.ok || ok && got != tc.challenge {
			t.Errorf("Verify(%q, %q) = %q, %v", tc.mode, tc.token, got, ok)
		}
	}
	if _, ok := whatsapp.New(whatsapp.Options{}).Verify("subscribe", "", "1"); ok {
		t.Error("handshake without a configured token passed")
	}
}
