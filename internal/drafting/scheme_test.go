package drafting_test

import (
	"slices"
	"testing"

	"feierabend"
)

// unsaid makes the first firm one that has not said whether it shows VAT.
func (s *stage) unsaid(change func(p *feierabend.Profile)) {
	s.Helper()
	p, err := s.st.Profile(s.Context(), s.a.Tenant.ID)
	if err != nil {
		s.Fatal(err)
	}
	p.VATScheme, p.VATRate = "", 0
	if change != nil {
		change(&p)
	}
	if err := s.st.SetProfile(s.Context(), s.a.Tenant.ID, p); err != nil {
		s.Fatal(err)
	}
}

// TestSchemeIsAsked: a firm that has not said its tax scheme gets no sums, is asked once,
// and the answer holds for all that follows (J-02; § 14c UStG).
func TestSchemeIsAsked(t *testing.T) {
	for name, c := range map[string]struct {
		answer string // code of a button, or a typed text
		typed  bool
		scheme string
		vat    feierabend.Cents
	}{
		"button yes": {feierabend.SchemeStandard, false, feierabend.SchemeStandard, 32_49},
		"button no":  {feierabend.SchemeSmallBusiness, false, feierabend.SchemeSmallBusiness, 0},
		"typed yes":  {"Ja, mit Umsatzsteuer", true, feierabend.SchemeStandard, 32_49},
		"typed no":   {"Kleinunternehmer", true, feierabend.SchemeSmallBusiness, 0},
		"typed § 19": {"§ 19", true, feierabend.SchemeSmallBusiness, 0},
	} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(s *stage) {
				s.unsaid(nil)
				id := s.say(s.a, full).Case
				v := s.draft(s.a, id)
				if !slices.Equal(v.Draft.Questions, []string{"vat_scheme"}) || v.Draft.Totals != nil {
					s.Fatalf("questions %v, totals %v", v.Draft.Questions, v.Draft.Totals)
				}
				if sum := s.getCase(s.a, id).Summary; sum.Gross != nil {
					s.Errorf("the list shows %s gross", sum.Gross)
				}
				if c.typed {
					s.say(s.a, c.answer)
				} else {
					s.tap(s.a, answer(id, 1, "vat_scheme", c.answer))
				}
				v = s.draft(s.a, id)
				if len(v.Draft.Questions) != 0 || v.Draft.Totals == nil || *v.Draft.Totals.VAT != c.vat {
					s.Fatalf("version %d: questions %v, totals %+v", v.Version, v.Draft.Questions, v.Draft.Totals)
				}
				p, err := s.st.Profile(s.Context(), s.a.Tenant.ID)
				if err != nil || p.VATScheme != c.scheme {
					s.Fatalf("profile says %q, %v", p.VATScheme, err)
				}
				if other, err := s.st.Profile(s.Context(), s.b.Tenant.ID); err != nil || other.VATScheme != feierabend.SchemeStandard {
					s.Errorf("the other firm: %q, %v", other.VATScheme, err)
				}
				if v := s.draft(s.a, s.say(s.a, "Rechnung für Frau Hansen, Süderstraße 4, 25746 Heide. Heute drei Stunden Arbeit.").Case); slices.Contains(v.Draft.Questions, "vat_scheme") {
					s.Error("asked twice")
				}
			})
		})
	}
}

// TestSchemeIsTheOwnersToSay: office and staff may answer everything else.
func TestSchemeIsTheOwnersToSay(t *testing.T) {
	onEach(t, func(s *stage) {
		s.unsaid(nil)
		id := s.say(s.a, full).Case
		office := s.a.Owner
		office.Role = feierabend.RoleOffice
		_, err := s.step.Answer(s.Context(), office, s.a.Tenant.ID, id, 1, "vat_scheme", feierabend.SchemeStandard)
		if feierabend.KindOf(err) != feierabend.Unauthorized || feierabend.CodeOf(err) != feierabend.ReasonOwner {
			s.Errorf("office: %v", err)
		}
		if p, err := s.st.Profile(s.Context(), s.a.Tenant.ID); err != nil || p.VATScheme != "" {
			s.Errorf("profile says %q, %v", p.VATScheme, err)
		}
		if v := s.draft(s.a, id); v.Version != 1 {
			s.Errorf("version %d", v.Version)
		}
		if n, err := s.step.Answer(s.Context(), s.a.Owner, s.a.Tenant.ID, id, 1, "vat_scheme", feierabend.SchemeStandard); err != nil || n != 2 {
			s.Errorf("owner: version %d, %v", n, err)
		}
		if _, err := s.step.Answer(s.Context(), s.a.Owner, s.a.Tenant.ID, id, 2, "vat_scheme", feierabend.SchemeSmallBusiness); feierabend.KindOf(err) != feierabend.Invalid {
			s.Errorf("said already: %v", err)
		}
	})
}

// TestSchemeOfGrossPrices: list prices of a gross draft become gross when the rate is known.
func TestSchemeOfGrossPrices(t *testing.T) {
	onOne(t, func(s *stage) {
		s.unsaid(nil)
		id := s.say(s.a, "Rechnung für Frau Petersen, Lindenweg 12, 25524 Itzehoe. Gestern ein Siphon für 119 Euro brutto und Anfahrt.").Case
		s.tap(s.a, answer(id, 1, "vat_scheme", feierabend.SchemeStandard))
		v := s.draft(s.a, id)
		if v.Draft.Totals == nil || *v.Draft.Totals.Gross != 119_00+41_65 {
			s.Errorf("lines %+v, totals %+v", v.Draft.Lines, v.Draft.Totals)
		}
	})
}

// TestHabitOfPrices: what the firm says of its way to name prices to private people holds
// where the note does not say otherwise.
func TestHabitOfPrices(t *testing.T) {
	const address = ", Lindenweg 12, 25524 Itzehoe. Gestern "
	for text, want := range map[string]struct {
		prices string
		gross  feierabend.Cents
	}{
		"Rechnung für Frau Petersen" + address + "ein Siphon für 119 Euro und Anfahrt.":       {"gross", 119_00 + 41_65},
		"Rechnung für Frau Petersen" + address + "ein Siphon für 100 Euro netto und Anfahrt.": {"", 119_00 + 41_65},
		"Rechnung für Frau Petersen" + address + "zwei Stunden Arbeit und Anfahrt.":           {"", 203_49},
		"Rechnung für Firma Hansen Bau GmbH" + address + "ein Siphon für 100 Euro.":           {"", 119_00},
	} {
		t.Run(text, func(t *testing.T) {
			onOne(t, func(s *stage) {
				s.unsaid(func(p *feierabend.Profile) { p.SetScheme(feierabend.SchemeStandard); p.SpokenPrices = "gross" })
				d := s.draft(s.a, s.say(s.a, text).Case).Draft
				if d.Prices != want.prices || d.Totals == nil || *d.Totals.Gross != want.gross {
					s.Errorf("prices %q, totals %+v, lines %+v, buyer %+v", d.Prices, d.Totals, d.Lines, d.Buyer)
				}
				if want.prices != "" && d.Evidence["prices"].Source != "profile" {
					s.Errorf("evidence %+v", d.Evidence["prices"])
				}
			})
		})
	}
}

// TestRenew: a firm that changes its scheme gets its open drafts summed anew, before one of
// them is issued with the wrong tax.
func TestRenew(t *testing.T) {
	onEach(t, func(s *stage) {
		id := s.say(s.a, full).Case
		if n, err := s.step.Renew(s.Context(), s.a.Owner, s.a.Tenant.ID, id, 1); err != nil || n != 1 {
			s.Fatalf("nothing new: version %d, %v", n, err)
		}
		for i, c := range []struct {
			scheme string
			gross  feierabend.Cents
		}{{feierabend.SchemeSmallBusiness, 171_00}, {feierabend.SchemeStandard, 203_49}} {
			s.unsaid(func(p *feierabend.Profile) { p.SetScheme(c.scheme) })
			n, err := s.step.Renew(s.Context(), s.a.Owner, s.a.Tenant.ID, id, i+1)
			if err != nil || n != i+2 {
				s.Fatalf("%s: version %d, %v", c.scheme, n, err)
			}
			if d := s.draft(s.a, id).Draft; d.Totals == nil || *d.Totals.Gross != c.gross {
				s.Errorf("%s: totals %+v", c.scheme, d.Totals)
			}
		}
		if _, err := s.step.Renew(s.Context(), s.a.Owner, s.a.Tenant.ID, id, 1); feierabend.KindOf(err) != feierabend.Conflict {
			s.Errorf("an old version: %v", err)
		}
		if _, err := s.step.Renew(s.Context(), s.b.Owner, s.b.Tenant.ID, id, 3); feierabend.KindOf(err) != feierabend.NotFound {
			s.Errorf("the other firm: %v", err)
		}
	})
}
