package signin

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"time"

	"feierabend"
)

// Limits of codes that are sent to a number (OTP-02, OTP-03). The tries are counted
// by the store.
const (
	NumberCodeTerm = 10 * time.Minute
	codesPerNumber = 10 // sent a day
)

// SendNumberCode sends a code of six digits to a number of the person. Where the
// operator has no way to send one it is Unavailable "number_codes".
func (s *Step) SendNumberCode(ctx context.Context, t feierabend.TenantID, user feierabend.UserID, phone string) error {
	if s.o.Numbers == nil {
		return &feierabend.Error{Kind: feierabend.Unavailable, Code: "number_codes", Text: "Codes an Nummern werden hier nicht verschickt. Es ist nichts geändert worden. Bitte nehmen Sie den anderen Weg."}
	}
	now := s.o.Now()
	ok, err := s.o.Directory.Allow(ctx, "number-code:"+phone, codesPerNumber, 24*time.Hour, now)
	if err != nil {
		return err
	}
	if !ok {
		return errCodeLimit()
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return fmt.Errorf("make number code: %w", err)
	}
	code := fmt.Sprintf("%06d", n)
	if err := s.o.Proofs.AddNumberCode(ctx, user, phone, s.numberHash(phone, code), now.Add(NumberCodeTerm)); err != nil {
		return fmt.Errorf("store number code: %w", err)
	}
	return s.o.Numbers.SendCode(ctx, t, phone, code)
}

// CheckNumberCode accepts the code that was sent last to the number, once. Errors are
// Unauthorized: "code_wrong"; "code_limit" after ten tries a number and day;
// "code_locked" after a hundred wrong ones in a row. No new code sets a counter back.
func (s *Step) CheckNumberCode(ctx context.Context, user feierabend.UserID, phone, typed string) error {
	code := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, typed)
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
		return &feierabend.Error{Kind: feierabend.Invalid, Code: "code_form", Text: "Der Code hat sechs Ziffern. Es ist nichts geändert worden. Bitte vergleichen Sie ihn mit der Nachricht."}
	}
	return s.o.Proofs.ConsumeNumberCode(ctx, user, phone, s.numberHash(phone, code), s.o.Now())
}

func errCodeLimit() error {
	return &feierabend.Error{Kind: feierabend.Unauthorized, Code: "code_limit", Text: "Für diese Nummer gibt es heute keine Codes mehr. Es ist nichts geändert worden. Bitte versuchen Sie es morgen noch einmal."}
}

func (s *Step) numberHash(phone, code string) []byte { return s.keyed("number-code\x00"+phone, code) }
