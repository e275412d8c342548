package seal_test

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/seal"
)

// auditVectors is docs/vectors/audit-chain.json: a chain that anyone can compute again.
type auditVectors struct {
	About   string        `json:"about"`
	RootKey string        `json:"root_key"`
	Label   string        `json:"hkdf_sha256_info"`
	Key     string        `json:"chain_key"`
	Tenant  string        `json:"tenant"`
	Rows    []auditVector `json:"rows"`
	Head    string        `json:"head_mac"`
	HeadN   int64         `json:"head_n"`
}

type auditVector struct {
	N    int64  `json:"n"`
	At   int64  `json:"at"`
	User string `json:"by_user"`
	Role string `json:"by_role"`
	Via  string `json:"by_via"`
	Act  string `json:"act"`
	Ref  string `json:"ref"`
	MAC  string `json:"mac"`
}

// TestAuditVectors: chains that exist are checked with these values, so they never change.
func TestAuditVectors(t *testing.T) {
	file, err := os.ReadFile("../../docs/vectors/audit-chain.json")
	if err != nil {
		t.Fatal(err)
	}
	var v auditVectors
	if err := json.Unmarshal(file, &v); err != nil {
		t.Fatal(err)
	}
	r, err := seal.ParseRoot(v.RootKey)
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := feierabend.ParseTenantID(v.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := base64.StdEncoding.DecodeString(v.RootKey)
	if err != nil {
		t.Fatal(err)
	}
	key, err := hkdf.Key(sha256.New, secret, nil, v.Label, 32)
	if err != nil || hex.EncodeToString(key) != v.Key {
		t.Errorf("chain key %x, want %s (%v)", key, v.Key, err)
	}
	got := v
	got.Rows = nil
	var last feierabend.AuditMark
	for _, row := range v.Rows {
		at := time.Time{}
		if row.At != 0 {
			at = time.UnixMicro(row.At)
		}
		by := feierabend.Actor{User: feierabend.UserID(row.User), Role: feierabend.Role(row.Role), Via: feierabend.Via(row.Via)}
		e := feierabend.AuditEvent{At: at, Tenant: tenant, By: by, Act: row.Act, Ref: row.Ref}
		last = feierabend.AuditMark{N: row.N, MAC: r.AuditRow(row.N, e, last.MAC)}
		row.MAC = hex.EncodeToString(last.MAC)
		got.Rows = append(got.Rows, row)
	}
	got.HeadN = last.N
	got.Head = hex.EncodeToString(r.AuditHead(tenant, last, feierabend.AuditMark{}))
	if diff := cmp.Diff(v, got); diff != "" {
		t.Error(diff)
	}
}
