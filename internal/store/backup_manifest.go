package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash"
	"strconv"
	"strings"
)

// manifest is what the file says about itself. MAC is a keyed hash over the rest: who
// has the file but not the root key cannot change it unseen.
type manifest struct {
	Form   string         `json:"form"`
	Schema int64          `json:"schema"`
	MadeAt int64          `json:"made_at"` // microseconds since 1970 UTC
	Rows   map[string]int `json:"rows"`
	Sum    string         `json:"sha256"`
	Root   string         `json:"root"` // check value of the root key
	MAC    string         `json:"mac"`

	seal func(manifest) string
}

// parts is what MAC covers.
func (m manifest) parts() []string {
	return []string{m.Form, strconv.FormatInt(m.Schema, 10), strconv.FormatInt(m.MadeAt, 10), m.Sum, m.Root}
}

// sumRows is the SHA-256 over all rows: table, then each value with its type and length.
func sumRows(ctx context.Context, db *sql.DB, cols map[string][]string) ([]byte, error) {
	h := sha256.New()
	for _, t := range backupTables {
		if len(cols[t.name]) == 0 {
			continue
		}
		sumValue(h, t.name+"("+strings.Join(cols[t.name], ",")+")")
		if err := eachRow(ctx, db, t.name, cols[t.name], func(vals []any) error {
			for _, v := range vals {
				sumValue(h, v)
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return h.Sum(nil), nil
}

func sumValue(h hash.Hash, v any) {
	var kind byte
	var b []byte
	switch v := v.(type) {
	case nil:
		kind = 'n'
	case int64:
		kind, b = 'i', strconv.AppendInt(nil, v, 10)
	case string:
		kind, b = 's', []byte(v)
	case []byte:
		kind, b = 'b', v
	default:
		kind, b = 'x', fmt.Append(nil, v)
	}
	h.Write(binary.BigEndian.AppendUint64([]byte{kind}, uint64(len(b))))
	h.Write(b)
}
