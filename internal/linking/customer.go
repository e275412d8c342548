package linking

import (
	"context"

	"feierabend"
)

// SetCustomers stores the instructions about customers' own words (J-20): the owner's
// to give, since the firm answers for it that its customers know.
func (s *Step) SetCustomers(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, v feierabend.CustomerVoices) error {
	if by.Role != feierabend.RoleOwner {
		return &feierabend.Error{
			Kind: feierabend.Unauthorized, Code: "role",
			Text: "Ob Nachrichten von Kunden ausgewertet werden, bestimmt, wer Inhaberin oder Inhaber ist. Es ist nichts geändert worden. Bitte fragen Sie dort.",
		}
	}
	return s.o.Store.SetCustomers(ctx, t, v, by)
}
