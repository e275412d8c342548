// Package secrets is a fixture: what secrets_test.go must see.
package secrets

import "bytes"

type holder interface{ Reveal() string }

func leak(s holder) string { return s.Reveal() }

func sameToken(token, givenToken string) bool { return token == givenToken }

func sameHash(hash, stored []byte) bool { return bytes.Equal(hash, stored) }

func noKind(kind, code string) bool { return kind == code }
