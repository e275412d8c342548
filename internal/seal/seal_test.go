package seal_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/seal"
)

const (
	master = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	root   = "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="
)

func ring(t *testing.T, s string) *seal.Keyring {
	t.Helper()
	r, err := seal.ParseKeys(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestParseKeys(t *testing.T) {
	for _, tc := range []struct{ name, in, err string }{
		{"one", "1:" + master, ""},
		{"two with spaces", " 2:" + root + " , 1:" + master + " ", ""},
		{"url alphabet, no padding", "7:" + strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(master), "="), ""},
		{"empty", "", "want <id>:<base64>"},
		{"no id", master, "want <id>:<base64>"},
		{"id zero", "0:" + master, "number from 1"},
		{"id too large", "32768:" + master, "number from 1"},
		{"not base64", "1:???", "not base64"},
		{"short", "1:AAEC", "3 bytes instead of 32"},
		{"twice", "1:" + master + ",1:" + root, "twice"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := seal.ParseKeys(tc.in)
			if (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("error %v, want %q", err, tc.err)
			}
			if err != nil && strings.Contains(err.Error(), master[:8]) {
				t.Errorf("the error shows the key: %v", err)
			}
		})
	}
}

// TestWrap: the first key wraps, all open, place and master key are bound.
func TestWrap(t *testing.T) {
	at := seal.Place{Tenant: "t", Case: "c", Kind: "key"}
	old := ring(t, "1:"+master)
	key, id, wrapped, err := old.NewKey(at)
	if err != nil || id != 1 || len(wrapped) != seal.WrappedSize {
		t.Fatalf("id %d, %d bytes, %v", id, len(wrapped), err)
	}
	sealed := key.Seal([]byte("Moin"), at)
	rotated := ring(t, "2:"+root+",1:"+master)
	again, err := rotated.Unwrap(1, wrapped, at)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := again.Open(sealed, at); err != nil || string(plain) != "Moin" {
		t.Errorf("%q %v", plain, err)
	}
	if _, id, _, _ := rotated.NewKey(at); id != 2 {
		t.Errorf("wrapped by %d", id)
	}
	for name, try := range map[string]func() error{
		"other case": func() error {
			_, err := old.Unwrap(1, wrapped, seal.Place{Tenant: "t", Case: "d", Kind: "key"})
			return err
		},
		"shifted place": func() error {
			_, err := old.Unwrap(1, wrapped, seal.Place{Tenant: "tc", Case: "", Kind: "key"})
			return err
		},
		"missing master": func() error { _, err := old.Unwrap(2, wrapped, at); return err },
		"wrong master":   func() error { _, err := ring(t, "1:"+root).Unwrap(1, wrapped, at); return err },
		"short":          func() error { _, err := old.Unwrap(1, wrapped[:20], at); return err },
		"other row": func() error {
			_, err := key.Open(sealed, seal.Place{Tenant: "t", Case: "c", Kind: "key", Row: "r"})
			return err
		},
		"other seq": func() error {
			_, err := key.Open(sealed, seal.Place{Tenant: "t", Case: "c", Kind: "key", Seq: 1})
			return err
		},
		"flipped bit": func() error { b := bytes.Clone(sealed); b[14] ^= 1; _, err := key.Open(b, at); return err },
	} {
		if err := try(); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRootVectors: what is derived never changes; stored hashes depend on it.
func TestRootVectors(t *testing.T) {
	r, err := seal.ParseRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{
		"lookup":  hex.EncodeToString(r.MAC(seal.PurposeLookup, "phone", "+4917139200155")[:8]),
		"seen":    hex.EncodeToString(r.MAC(seal.PurposeSeen, "whatsapp", "wamid.1")[:8]),
		"receipt": hex.EncodeToString(r.ReceiptKey()[:8]),
	}
	want := map[string]string{"lookup": "09130d86631f2c6b", "seen": "9990440f1e08f61f", "receipt": "8b0e7f7cc759b909"}
	for k := range want {
		if got[k] != want[k] {
			t.Errorf("%s %s, want %s", k, got[k], want[k])
		}
	}
	if bytes.Equal(r.MAC(seal.PurposeLookup, "a", "bc"), r.MAC(seal.PurposeLookup, "ab", "c")) {
		t.Error("parts can be shifted into each other")
	}
	if bytes.Equal(r.MAC(seal.PurposeLookup, "a"), r.MAC(seal.PurposeOTP, "a")) {
		t.Error("two purposes share a key")
	}
	a, err := r.Account("a")
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Account("b")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Open(a.Seal([]byte("x"), seal.Place{}), seal.Place{}); err == nil {
		t.Error("two tenants share an account key")
	}
}

// TestReceipt: signed at a terminal state only, every field counts.
func TestReceipt(t *testing.T) {
	r, err := seal.ParseRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := feierabend.ParseTenantID(strings.Repeat("a", 26))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	rec := feierabend.ErasureReceipt{
		ID: "r", Tenant: tenant, Case: "c", Reason: feierabend.EraseConfirmed, By: feierabend.Actor{User: "u", Role: feierabend.RoleOwner, Via: feierabend.ViaChat},
		ErasedAt: at, Erased: map[string]int{"messages": 2, "keys": 1}, FirstContentAt: at.Add(-time.Hour), Verification: feierabend.VerifyPending,
		VerifiedAt: at, Method: "m", SearchedFiles: 3, SearchedBytes: 4, Copies: []feierabend.ResidualCopy{{Recipient: "whatsapp", Until: at}, {Recipient: "phone"}},
	}
	if err := r.Sign(&rec); err == nil {
		t.Error("a pending receipt was signed")
	}
	rec.Verification = feierabend.VerifyVerified
	if err := r.Sign(&rec); err != nil {
		t.Fatal(err)
	}
	rec.ErasedAt = rec.ErasedAt.In(time.FixedZone("CET", 3600)) // another zone, the same instant
	if err := seal.VerifyReceipt(rec); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*feierabend.ErasureReceipt){
		"id":        func(e *feierabend.ErasureReceipt) { e.ID = "x" },
		"case":      func(e *feierabend.ErasureReceipt) { e.Case = "x" },
		"reason":    func(e *feierabend.ErasureReceipt) { e.Reason = feierabend.EraseExpired },
		"by":        func(e *feierabend.ErasureReceipt) { e.By.User = "x" },
		"time":      func(e *feierabend.ErasureReceipt) { e.ErasedAt = e.ErasedAt.Add(time.Microsecond) },
		"count":     func(e *feierabend.ErasureReceipt) { e.Erased = map[string]int{"messages": 3, "keys": 1} },
		"state":     func(e *feierabend.ErasureReceipt) { e.Verification = feierabend.VerifyUnverifiable },
		"hits":      func(e *feierabend.ErasureReceipt) { e.Hits = 1 },
		"copies":    func(e *feierabend.ErasureReceipt) { e.Copies = e.Copies[:1] },
		"key":       func(e *feierabend.ErasureReceipt) { e.PublicKey = bytes.Repeat([]byte{1}, 32) },
		"no key":    func(e *feierabend.ErasureReceipt) { e.PublicKey = nil },
		"signature": func(e *feierabend.ErasureReceipt) { e.Signature = e.Signature[:10] },
	} {
		c := rec
		change(&c)
		if seal.VerifyReceipt(c) == nil {
			t.Errorf("changed %s passes", name)
		}
	}
}

// TestOneKeyOnePurpose: no derived key serves two purposes, the master key is no
// derived one, and a wrong word panics instead of making a key (KEY-05).
func TestOneKeyOnePurpose(t *testing.T) {
	r, err := seal.ParseRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]seal.Purpose{}
	purposes := []seal.Purpose{
		seal.PurposeLookup, seal.PurposeSeen, seal.PurposeOTP, seal.PurposeCounter, seal.PurposeAudit, seal.PurposeBackup, seal.PurposeCheck, seal.PurposeLog,
	}
	for _, p := range purposes {
		mac := string(r.MAC(p, "same"))
		if other, double := seen[mac]; double {
			t.Errorf("%s and %s have the same key", p, other)
		}
		seen[mac] = p
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown purpose gets a key")
		}
	}()
	r.MAC("session", "same")
}
