package store_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
)

// TestVerifiesServer goes over the forms of an address.
func TestVerifiesServer(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true},
		&x509.Certificate{SerialNumber: big.NewInt(1)}, &key.PublicKey, key)
	must(t, err)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	must(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	t.Setenv("HOME", t.TempDir()) // no ~/.postgresql of the machine
	for _, tc := range []struct {
		name, dsn, mode string
		want            bool
	}{
		{"no sslmode is prefer", "postgres://db.example/f", "", false},
		{"disable", "postgres://db.example/f?sslmode=disable", "", false},
		{"allow", "postgres://db.example/f?sslmode=allow", "", false},
		{"prefer", "postgres://db.example/f?sslmode=prefer", "", false},
		{"require", "postgres://db.example/f?sslmode=require", "", false},
		{"require with a root is verify-ca", "postgres://db.example/f?sslmode=require&sslrootcert=" + ca, "", true},
		{"verify-ca by the roots of the system", "postgres://db.example/f?sslmode=verify-ca", "", false},
		{"verify-ca by a pinned root", "postgres://db.example/f?sslmode=verify-ca&sslrootcert=" + ca, "", true},
		{"verify-full", "postgres://db.example/f?sslmode=verify-full", "", true},
		{"verify-full by a pinned root", "postgres://db.example/f?sslmode=verify-full&sslrootcert=" + ca, "", true},
		{"keywords", "host=db.example dbname=f sslmode=verify-full", "", true},
		{"keywords, weak", "host=db.example dbname=f", "", false},
		{"address", "postgres://10.0.0.7/f", "", false},
		{"loopback", "postgres://127.0.0.1/f?sslmode=disable", "", true},
		{"loopback v6", "postgres://[::1]/f", "", true},
		{"localhost", "postgres://localhost/f", "", true},
		{"a name like localhost", "postgres://localhost.example/f", "", false},
		{"socket", "postgres:///f?host=/var/run/postgresql", "", true},
		{"socket by keyword", "host=/var/run/postgresql sslmode=disable", "", true},
		{"two hosts, one is here", "postgres://localhost,db.example/f?sslmode=prefer", "", false},
		{"two hosts, other order", "postgres://db.example,localhost/f?sslmode=prefer", "", false},
		{"two hosts, both verified", "postgres://a.example,b.example/f?sslmode=verify-full", "", true},
		{"environment, strong", "postgres://db.example/f", "verify-full", true},
		{"environment, weak", "postgres://db.example/f", "require", false},
		{"the address is stronger than the environment", "postgres://db.example/f?sslmode=verify-full", "disable", true},
		{"the address is weaker than the environment", "postgres://db.example/f?sslmode=require", "verify-full", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Setenv("PGSSLMODE", tc.mode)
			t.Setenv("PGHOST", "")
			got, err := store.VerifiesServer(tc.dsn)
			must(t, err)
			if got != tc.want {
				t.Errorf("%s: %t, want %t", tc.dsn, got, tc.want)
			}
		})
	}
	_, err = store.VerifiesServer("postgres://db.example/f?sslmode=sehr")
	wantCode(t, err, feierabend.Invalid, "database_url")
}
