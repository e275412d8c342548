package feierabend

import (
	"crypto/sha256"
	"strings"
)

// ContractText is the text that a firm concludes: terms of use and processing
// agreement in one act. The zero value says that there is none, and then no firm
// can register.
type ContractText struct {
	Version    string
	Title      string
	Demo       bool // no real contract: a demonstration
	Paragraphs []string
}

// IsZero says that there is no text.
func (c ContractText) IsZero() bool { return c.Version == "" }

// Hash is the SHA-256 of the shown words: what a firm concluded can be compared
// with it later (LEG-02).
func (c ContractText) Hash() []byte {
	h := sha256.Sum256([]byte(c.Version + "\n" + c.Title + "\n" + strings.Join(c.Paragraphs, "\n")))
	return h[:]
}
