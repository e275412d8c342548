package drafting

import (
	"context"
	"fmt"

	"feierabend"
)

// Renew works a draft out anew after the firm has changed what it says about itself: the
// tax scheme follows the profile unless it was said in the note, and sums and questions
// follow from that; prices stay as they were read. It gives the version that holds then,
// the same one where nothing is different. Another newest version is a Conflict.
func (s *Step) Renew(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.CaseID, version int) (int, error) {
	c, err := s.store.Case(ctx, t, id)
	if err != nil {
		return 0, fmt.Errorf("load case %s: %w", id, err)
	}
	v, err := s.store.Draft(ctx, t, id)
	if err != nil {
		return 0, fmt.Errorf("load draft of %s: %w", id, err)
	}
	if c.State == feierabend.CaseIssued || c.State == feierabend.CaseDownloaded {
		return v.Version, nil
	}
	if v.Version != version {
		return 0, conflict(id, version, v.Version)
	}
	p, err := s.store.Profile(ctx, t)
	if err != nil {
		return 0, fmt.Errorf("load profile: %w", err)
	}
	d := renewed(v.Draft, p)
	if unchanged(v.Draft, d) {
		return v.Version, nil
	}
	n, err := s.store.AddDraft(ctx, t, feierabend.NewDraft{
		Case: id, Base: v.Version, Draft: d, By: by, Engine: engineLocal, State: stateOf(d), Summary: s.summaryAfter([]feierabend.Case{c}, id, d, p),
	})
	if feierabend.KindOf(err) == feierabend.Conflict {
		return 0, conflict(id, version, v.Version+1)
	}
	if err != nil {
		return 0, fmt.Errorf("add draft to %s: %w", id, err)
	}
	return n, nil
}

func renewed(d feierabend.Draft, p feierabend.Profile) feierabend.Draft {
	d = clone(d)
	const small = feierabend.SchemeSmallBusiness
	said := d.Evidence["vat_scheme"].Source == sourceSaid
	switch {
	case d.VATScheme == small && p.VATScheme == feierabend.SchemeStandard && !said:
		d.VATScheme = ""
		delete(d.Evidence, "vat_scheme")
	case d.VATScheme == "" && p.VATScheme == small && d.Kind.Priced():
		d.VATScheme = small
		d.Evidence["vat_scheme"] = feierabend.Evidence{Source: sourceRule}
	}
	return check(d, p)
}
