package seal

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Keyring holds the master keys: the first wraps new data keys, all open old ones.
type Keyring struct {
	first int16
	keys  map[int16]Key
	marks map[int16][]byte
}

// ParseKeys reads "1:<base64>,2:<base64>": ids 1…32767, keys of 32 bytes in
// standard or URL base64. Errors name ids and lengths, never key bytes.
func ParseKeys(s string) (*Keyring, error) {
	r := &Keyring{keys: map[int16]Key{}, marks: map[int16][]byte{}}
	for i, part := range strings.Split(strings.TrimSpace(s), ",") {
		id, value, ok := strings.Cut(strings.TrimSpace(part), ":")
		if !ok {
			return nil, fmt.Errorf("master key %d: want <id>:<base64>", i+1)
		}
		n, err := strconv.ParseInt(id, 10, 16)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("master key %d: the id must be a number from 1 to 32767", i+1)
		}
		secret, err := decodeKey(value)
		if err != nil {
			return nil, fmt.Errorf("master key %d: %w", n, err)
		}
		if _, double := r.keys[int16(n)]; double {
			return nil, fmt.Errorf("master key %d stands there twice", n)
		}
		if r.keys[int16(n)], err = newKey(secret); err != nil {
			return nil, fmt.Errorf("master key %d: %w", n, err)
		}
		if r.marks[int16(n)], err = hkdf.Key(sha256.New, secret, nil, "feierabend/v1/master-check", KeySize); err != nil {
			return nil, fmt.Errorf("master key %d: %w", n, err)
		}
		if r.first == 0 {
			r.first = int16(n)
		}
	}
	return r, nil
}

// RandomKey gives a fresh key in base64, for ParseKeys and ParseRoot.
func RandomKey() string { return base64.StdEncoding.EncodeToString(randomKey()) }

// Has says whether the ring can open keys wrapped by the master key id.
func (r *Keyring) Has(id int16) bool { _, ok := r.keys[id]; return ok }

// IDs gives the ids of all master keys, in order.
func (r *Keyring) IDs() []int16 { return slices.Sorted(maps.Keys(r.keys)) }

// Current is the id of the master key that wraps new keys.
func (r *Keyring) Current() int16 { return r.first }

// Mark is a value (32 bytes) that recognises a master key and from which nothing of
// it can be computed; nil for an id that is not in the ring.
func (r *Keyring) Mark(id int16) []byte { return r.marks[id] }

// NewKey makes a data key for the place and gives it with its wrapped form
// (WrappedSize bytes) and the id of the master key that wraps it.
func (r *Keyring) NewKey(at Place) (key Key, master int16, wrapped []byte, err error) {
	secret := randomKey()
	if key, err = newKey(secret); err != nil {
		return Key{}, 0, nil, err
	}
	return key, r.first, r.keys[r.first].Seal(secret, at), nil
}

// Unwrap opens a data key, or gives ErrOpen for an unknown master key or another place.
func (r *Keyring) Unwrap(master int16, wrapped []byte, at Place) (Key, error) {
	m, ok := r.keys[master]
	if !ok {
		return Key{}, fmt.Errorf("master key %d is missing: %w", master, ErrOpen)
	}
	secret, err := m.Open(wrapped, at)
	if err != nil {
		return Key{}, err
	}
	return newKey(secret)
}

// Rewrap wraps a data key anew under the current master key, or gives ErrOpen as
// Unwrap does. The data key itself stays what it is.
func (r *Keyring) Rewrap(master int16, wrapped []byte, at Place) (current int16, again []byte, err error) {
	m, ok := r.keys[master]
	if !ok {
		return 0, nil, fmt.Errorf("master key %d is missing: %w", master, ErrOpen)
	}
	secret, err := m.Open(wrapped, at)
	if err != nil {
		return 0, nil, err
	}
	return r.first, r.keys[r.first].Seal(secret, at), nil
}

// decodeKey reads 32 bytes in one of the base64 alphabets, padded or not.
func decodeKey(s string) ([]byte, error) {
	s = strings.TrimRight(strings.TrimSpace(s), "=")
	s = strings.NewReplacer("-", "+", "_", "/").Replace(s)
	b, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("not base64")
	}
	if len(b) != KeySize {
		return nil, fmt.Errorf("%d bytes instead of %d", len(b), KeySize)
	}
	return b, nil
}
