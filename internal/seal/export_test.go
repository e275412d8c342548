package seal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/seal"
)

func TestExportedReceiptIsCheckedOffline(t *testing.T) {
	root, err := seal.ParseRoot(seal.RandomKey())
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := feierabend.ParseTenantID(feierabend.NewID())
	if err != nil {
		t.Fatal(err)
	}
	r := feierabend.ErasureReceipt{ID: feierabend.ReceiptID(feierabend.NewID()), Tenant: tenant, Reason: feierabend.EraseConfirmed, ErasedAt: time.UnixMicro(1771000000000000), Erased: map[string]int{"messages": 1}, Verification: feierabend.VerifyVerified, SearchedFiles: 3}
	if err := root.Sign(&r); err != nil {
		t.Fatal(err)
	}
	file, err := seal.ExportReceipt(r)
	if err != nil {
		t.Fatal(err)
	}
	at, v, key, err := seal.CheckReceiptFile(file)
	if err != nil || !at.Equal(r.ErasedAt) || v != feierabend.VerifyVerified || !bytes.Equal(key, root.ReceiptKey()) {
		t.Fatalf("got %v, %v, %v; want the receipt's own values", at, v, err)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, file, "", "  "); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := seal.CheckReceiptFile(pretty.Bytes()); err != nil {
		t.Errorf("pretty-printed: %v", err)
	}
	for name, bad := range map[string][]byte{
		"another count": bytes.Replace(file, []byte(`"messages":1`), []byte(`"messages":2`), 1),
		"hits hidden":   bytes.Replace(file, []byte(`"searched_files":3`), []byte(`"searched_files":4`), 1),
		"cut":           file[:len(file)/2],
		"empty":         nil,
		"other JSON":    []byte(`{"receipt":{"form":"x"}}`),
	} {
		if _, _, _, err := seal.CheckReceiptFile(bad); !errors.Is(err, seal.ErrSignature) && !errors.Is(err, seal.ErrNoReceipt) {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
}
