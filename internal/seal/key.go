package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
)

// KeySize is the length of every symmetric key in bytes.
const KeySize = 32

// Overhead is what sealing adds to a value: nonce (12 bytes) and tag (16 bytes).
const Overhead = 28

// WrappedSize is the length of a wrapped data key in bytes.
const WrappedSize = KeySize + Overhead

// ErrOpen says that a sealed value is damaged, belongs elsewhere, or that the key is another one.
var ErrOpen = errors.New("open sealed value: damaged, moved or other key")

// Key seals and opens values. It is safe for use by several goroutines.
type Key struct{ aead cipher.AEAD }

// newKey makes a Key of exactly KeySize bytes.
func newKey(secret []byte) (Key, error) {
	block, err := aes.NewCipher(secret)
	if err != nil {
		return Key{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return Key{}, err
	}
	return Key{aead: aead}, nil
}

// Seal encrypts plain and binds it to its place.
func (k Key) Seal(plain []byte, at Place) []byte {
	return k.aead.Seal(make([]byte, 0, len(plain)+Overhead), nil, plain, at.bytes())
}

// Open decrypts what Seal made for the same place, or gives ErrOpen.
func (k Key) Open(sealed []byte, at Place) ([]byte, error) {
	plain, err := k.aead.Open(nil, nil, sealed, at.bytes())
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

// Place is where a sealed value belongs: it is authenticated with the value, so
// that no row can be moved to another tenant, case, kind, row or sequence number.
type Place struct {
	Tenant string
	Case   string // "" for values under an account key
	Kind   string // "message", "audio", "transcript", …
	Row    string // id of the row
	Seq    int    // chunk, version or 0
}

// bytes gives each part with its length in front, so that no two places look alike.
func (p Place) bytes() []byte {
	b := make([]byte, 0, 128)
	for _, s := range [...]string{p.Tenant, p.Case, p.Kind, p.Row} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return binary.BigEndian.AppendUint64(b, uint64(p.Seq))
}

// randomKey gives KeySize bytes from the system's random source.
func randomKey() []byte {
	b := make([]byte, KeySize)
	rand.Read(b) // never fails: crypto/rand aborts the program instead
	return b
}
