package seal_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"feierabend/internal/seal"
)

const first, second = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="

func masters(t *testing.T, setting string) *seal.Keyring {
	t.Helper()
	r, err := seal.ParseKeys(setting)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRewrap: the data key stays, its wrapping changes, and only the new master opens it.
func TestRewrap(t *testing.T) {
	at := seal.Place{Tenant: "t", Case: "c", Kind: "key"}
	key, master, wrapped, err := masters(t, "1:"+first).NewKey(at)
	if err != nil || master != 1 {
		t.Fatal(master, err)
	}
	sealed := key.Seal([]byte("Moin"), at)
	both := masters(t, "2:"+second+",1:"+first)
	master, again, err := both.Rewrap(1, wrapped, at)
	if err != nil || master != 2 || len(again) != seal.WrappedSize || bytes.Equal(again, wrapped) {
		t.Fatal(master, len(again), err)
	}
	opened, err := masters(t, "2:"+second).Unwrap(2, again, at)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := opened.Open(sealed, at); err != nil || string(got) != "Moin" {
		t.Errorf("%q, %v", got, err)
	}
	for name, do := range map[string]func() error{
		"another place": func() error {
			_, _, err := both.Rewrap(1, wrapped, seal.Place{Tenant: "u", Case: "c", Kind: "key"})
			return err
		},
		"the new form again": func() error { _, _, err := both.Rewrap(1, again, at); return err },
		"a missing master":   func() error { _, _, err := both.Rewrap(3, wrapped, at); return err },
		"the old master":     func() error { _, err := masters(t, "2:"+first).Unwrap(2, again, at); return err },
	} {
		if err := do(); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMark: one value per key, whatever its number, and none of an unknown one.
func TestMark(t *testing.T) {
	r := masters(t, "1:"+first+",2:"+second)
	if bytes.Equal(r.Mark(1), r.Mark(2)) || !bytes.Equal(r.Mark(1), masters(t, "7:"+first).Mark(7)) || r.Mark(3) != nil || len(r.Mark(1)) != 32 {
		t.Error("marks do not tell keys apart")
	}
}

// TestAddedAndDropped: the settings of a change, number by number.
func TestAddedAndDropped(t *testing.T) {
	setting := " 01:" + first + ", 7:" + strings.TrimRight(second, "=")
	id, last, front, err := seal.Added(setting)
	if err != nil || id != 8 {
		t.Fatal(id, err)
	}
	fresh := strings.TrimPrefix(last, "1:"+first+",7:"+strings.TrimRight(second, "=")+",")
	if !strings.HasPrefix(fresh, "8:") || front != fresh+",1:"+first+",7:"+strings.TrimRight(second, "=") {
		t.Errorf("last %q, first %q", last, front)
	}
	if masters(t, last).Current() != 1 || masters(t, front).Current() != 8 {
		t.Error("the wrong key wraps")
	}
	rest, err := seal.Dropped(front, 1)
	if err != nil || masters(t, rest).Has(1) || !masters(t, rest).Has(7) || masters(t, rest).Current() != 8 {
		t.Errorf("%q, %v", rest, err)
	}
	for name, do := range map[string]func() error{
		"the only one":   func() error { _, err := seal.Dropped("1:"+first, 1); return err },
		"an unknown one": func() error { _, err := seal.Dropped(front, 3); return err },
		"no number left": func() error { _, _, _, err := seal.Added("32767:" + first); return err },
		"no setting":     func() error { _, _, _, err := seal.Added(""); return err },
	} {
		if err := do(); err == nil || strings.Contains(err.Error(), first[:10]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
