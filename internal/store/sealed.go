package store

import (
	"encoding/json"
	"errors"
	"strconv"

	"feierabend"
	"feierabend/internal/seal"
)

// The kinds of sealed values: part of what is authenticated, so they never change.
const (
	kindKey        = "key"
	kindMessage    = "message"
	kindAudio      = "audio"
	kindTranscript = "transcript"
	kindDraft      = "draft"
	kindSummary    = "summary"
	kindDocument   = "document"
	kindFileHead   = "file_head"
	kindFile       = "file"
	kindExternal   = "external" // provider's id of a message that we sent
	kindCustomer   = "customer" // number and id of a customer
	kindMedia      = "media"    // our uploaded file at a provider
	kindEntry      = "entry"    // of the address book
	kindEntryKey   = "entry_key"
)

// keyPlace binds a wrapped data key to its case.
func keyPlace(tenant, caseName string) seal.Place {
	return seal.Place{Tenant: tenant, Case: caseName, Kind: kindKey}
}

// vault seals and opens the values of one case, or, with case "", those of a
// tenant that belong to no case any more.
type vault struct {
	key      seal.Key
	tenant   string
	caseName string
}

func (v vault) seal(kind, row string, seq int, plain []byte) []byte {
	return v.key.Seal(plain, seal.Place{Tenant: v.tenant, Case: v.caseName, Kind: kind, Row: row, Seq: seq})
}

func (v vault) open(kind, row string, seq int, sealed []byte) ([]byte, error) {
	if v.key == (seal.Key{}) {
		return nil, sealError(seal.ErrOpen)
	}
	b, err := v.key.Open(sealed, seal.Place{Tenant: v.tenant, Case: v.caseName, Kind: kind, Row: row, Seq: seq})
	if err != nil {
		return nil, sealError(err)
	}
	return b, nil
}

// sealJSON seals a value as JSON.
func (v vault) sealJSON(kind, row string, seq int, value any) ([]byte, error) {
	b, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return v.seal(kind, row, seq, b), nil
}

// openJSON opens into value; no bytes leave it as it is.
func (v vault) openJSON(kind, row string, seq int, sealed []byte, value any) error {
	if len(sealed) == 0 {
		return nil
	}
	b, err := v.open(kind, row, seq, sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, value)
}

// openText opens a text; no bytes give "".
func (v vault) openText(kind, row string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	b, err := v.open(kind, row, 0, sealed)
	return string(b), err
}

// sealText seals a text; "" gives NULL.
func (v vault) sealText(kind, row, value string) any {
	if value == "" {
		return nil
	}
	return v.seal(kind, row, 0, []byte(value))
}

// account gives the vault of a tenant's values without a case.
func (s *Store) account(tenant string) (vault, error) {
	key, err := s.root.Account(tenant)
	return vault{key: key, tenant: tenant}, err
}

// sealError says that stored content does not open: a damaged file or a wrong key.
func sealError(err error) error {
	return &feierabend.Error{Kind: feierabend.Unavailable, Code: "sealed", Text: textSealed, Err: errors.Join(err)}
}

// nonNil keeps an empty byte column from being NULL.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func itoa(n int) string { return strconv.Itoa(n) }
