package seal_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/seal"
)

// vectorReceipts are what the vectors were made of, by name.
func vectorReceipts(t *testing.T) map[string]feierabend.ErasureReceipt {
	t.Helper()
	tenant, err := feierabend.ParseTenantID(strings.Repeat("a", 26))
	if err != nil {
		t.Fatal(err)
	}
	r := feierabend.ErasureReceipt{
		ID: feierabend.ReceiptID(strings.Repeat("b", 26)), Tenant: tenant, Case: feierabend.CaseID(strings.Repeat("c", 26)), Reason: feierabend.EraseConfirmed,
		By:       feierabend.Actor{User: feierabend.UserID(strings.Repeat("d", 26)), Role: feierabend.RoleOwner, Via: feierabend.ViaSession},
		ErasedAt: time.UnixMicro(1795500000000000), Erased: map[string]int{"messages": 2, "audio": 1, "keys": 1}, FirstContentAt: time.UnixMicro(1795400000000000),
		Verification: feierabend.VerifyVerified, VerifiedAt: time.UnixMicro(1795500060000000), Method: "sqlite_zero_wal_search", SearchedFiles: 3, SearchedBytes: 4096000,
		Copies: []feierabend.ResidualCopy{{Recipient: "whatsapp", Until: time.UnixMicro(1798000000000000)}},
	}
	entry, book := r, r
	entry.Subject, entry.Case, entry.Entry, entry.Reason, entry.Copies = feierabend.SubjectAddress, "", feierabend.AddressID(strings.Repeat("e", 26)), feierabend.EraseDiscarded, nil
	entry.Erased = map[string]int{"addresses": 1, "keys": 1}
	book.Subject, book.Case, book.Reason, book.Copies = feierabend.SubjectBook, "", feierabend.EraseDiscarded, nil
	book.Erased = map[string]int{"addresses": 312, "keys": 312}
	return map[string]feierabend.ErasureReceipt{"a case, before there was an address book": r, "an entry of the address book": entry, "the whole address book": book}
}

// TestReceiptVectors: docs/vectors/receipts.json passes for ever, and what is signed
// today is the same to the byte: a receipt that a firm has kept is checked by any later
// version, and one of today by an earlier one that reads the same form.
func TestReceiptVectors(t *testing.T) {
	b, err := os.ReadFile("../../docs/vectors/receipts.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		RootKey string `json:"root_key"`
		Vectors []struct{ Name, File string }
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	root, err := seal.ParseRoot(doc.RootKey)
	if err != nil {
		t.Fatal(err)
	}
	made := vectorReceipts(t)
	if len(doc.Vectors) != len(made) {
		t.Errorf("%d vectors, want %d", len(doc.Vectors), len(made))
	}
	for _, v := range doc.Vectors {
		at, how, _, err := seal.CheckReceiptFile([]byte(v.File))
		if err != nil || how != feierabend.VerifyVerified || !at.Equal(time.UnixMicro(1795500000000000)) {
			t.Errorf("%s: %s, %s, %v", v.Name, at, how, err)
		}
		r, ok := made[v.Name]
		if !ok {
			t.Errorf("unknown vector %q", v.Name)
			continue
		}
		if err := root.Sign(&r); err != nil {
			t.Fatal(err)
		}
		if err := seal.VerifyReceipt(r); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
		file, err := seal.ExportReceipt(r)
		if err != nil {
			t.Fatal(err)
		}
		if string(file) != v.File {
			t.Errorf("%s: today it is\n%s", v.Name, file)
		}
	}
}
