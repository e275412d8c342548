package delivery_test

import (
	"context"
	"strings"
	"testing"

	"feierabend"
)

// TestStaffSeeNoPrices (J-15): a draft told to a member of the staff names no price and
// no sum, until the firm allows it.
func TestStaffSeeNoPrices(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx, by := context.Background(), feierabend.Actor{Via: feierabend.ViaCLI}
		told := func(what string) string {
			s.Helper()
			_, row := s.drafted(s.a)
			if err := s.send(s.a, row); err != nil {
				s.Fatal(what, err)
			}
			return s.ch.sent[len(s.ch.sent)-1].Text
		}
		if text := told("owner"); !strings.Contains(text, "€") {
			s.Fatalf("the owner's draft names no price: the test proves nothing\n%s", text)
		}
		if err := s.st.AddMembership(ctx, feierabend.Membership{User: s.a.User.ID, Tenant: s.a.Tenant.ID, Role: feierabend.RoleStaff}); err != nil {
			s.Fatal(err)
		}
		if text := told("staff"); strings.Contains(text, "€") || strings.Contains(text, "offen") {
			s.Errorf("staff read\n%s", text)
		}
		if err := s.st.SetStaffPrices(ctx, s.a.Tenant.ID, true, by); err != nil {
			s.Fatal(err)
		}
		if text := told("allowed"); !strings.Contains(text, "€") {
			s.Errorf("allowed staff read no price\n%s", text)
		}
	})
}
