package profile

import (
	"context"
	"fmt"
	"slices"

	"feierabend"
	"feierabend/internal/pricelist"
)

// Items gives the firm's price list in the order in which it is kept.
func (s *Step) Items(ctx context.Context, t feierabend.TenantID) ([]feierabend.PriceItem, error) {
	p, _, err := s.store.ProfileVersion(ctx, t)
	if err != nil {
		return nil, fmt.Errorf("load profile: %w", err)
	}
	return p.PriceList, nil
}

// SaveItem adds what was typed as a new item (was ""), or changes the one of that name,
// which must still be as stand says (pricelist.Stand of it alone); else it is a Conflict
// (code profile_changed). Mistakes come as an Invalid error with one text per field.
func (s *Step) SaveItem(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, was, stand string, typed map[string]string) error {
	return s.changeList(ctx, by, t, func(list []feierabend.PriceItem) ([]feierabend.PriceItem, error) {
		own := -1
		if was != "" {
			if own = unchangedItem(list, was, stand); own < 0 {
				return nil, errChanged()
			}
		}
		it, wrong := pricelist.Read(typed)
		if shared, other, found := pricelist.Clash(list, it, own); found && len(wrong) == 0 {
			wrong = []feierabend.FieldError{clashError(it, shared, other)}
		}
		if err := feierabend.InvalidFields("price_item", wrong); err != nil {
			return nil, err
		}
		if own >= 0 {
			list[own] = it
			return list, nil
		}
		if len(list) >= pricelist.MaxItems {
			return nil, &feierabend.Error{Kind: feierabend.Invalid, Code: "list_full", Text: "Ihre Preisliste hat schon 5.000 Posten, mehr gehen nicht. Es ist nichts gespeichert. Bitte nehmen Sie zuerst einen heraus."}
		}
		return append(list, it), nil
	})
}

// clashError stands at the field whose name another item has.
func clashError(it feierabend.PriceItem, shared, other string) feierabend.FieldError {
	if pricelist.Fold(it.Name) == pricelist.Fold(shared) {
		return feierabend.FieldError{Field: pricelist.FieldName, Text: "So heißt schon ein anderer Posten: „" + other + "“. Beim Sprechen wäre unklar, welcher gemeint ist."}
	}
	return feierabend.FieldError{Field: pricelist.FieldAliases, Text: "„" + shared + "“ heißt schon ein anderer Posten: „" + other + "“. Beim Sprechen wäre unklar, welcher gemeint ist."}
}

// RemoveItem takes the item of that name out of the list, where it is still as stand says.
// One that is gone already is no mistake.
func (s *Step) RemoveItem(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, was, stand string) error {
	return s.changeList(ctx, by, t, func(list []feierabend.PriceItem) ([]feierabend.PriceItem, error) {
		i := unchangedItem(list, was, stand)
		if i < 0 && !slices.ContainsFunc(list, named(was)) {
			return list, nil
		}
		if i < 0 {
			return nil, errChanged()
		}
		return slices.Delete(list, i, i+1), nil
	})
}

// PlanList says what taking over a table would do to the list. Nothing is kept.
func (s *Step) PlanList(ctx context.Context, t feierabend.TenantID, table pricelist.Table, r pricelist.Reading) (pricelist.Plan, error) {
	list, err := s.Items(ctx, t)
	if err != nil {
		return pricelist.Plan{}, err
	}
	return pricelist.NewPlan(list, table, r)
}

// ImportList takes a table over as planned. Where the plan is no longer the one that agreed
// names (its Digest), because the list or the reading changed since, it is a Conflict (code
// profile_changed) and nothing is kept.
func (s *Step) ImportList(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, table pricelist.Table, r pricelist.Reading, agreed string) error {
	return s.changeList(ctx, by, t, func(list []feierabend.PriceItem) ([]feierabend.PriceItem, error) {
		plan, err := pricelist.NewPlan(list, table, r)
		if err != nil {
			return nil, err
		}
		if plan.Digest != agreed {
			return nil, errChanged()
		}
		return plan.After, nil
	})
}

// changeList changes the list by what change makes of a copy. Only the owner may (J-15).
// Changes of other parts of the profile in the same moment do not matter.
func (s *Step) changeList(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, change func([]feierabend.PriceItem) ([]feierabend.PriceItem, error)) error {
	if by.Role != feierabend.RoleOwner {
		return errOwner()
	}
	const tries = 4
	for range tries {
		p, version, err := s.store.ProfileVersion(ctx, t)
		if err != nil {
			return fmt.Errorf("load profile: %w", err)
		}
		before := pricelist.Stand(p.PriceList)
		if p.PriceList, err = change(slices.Clone(p.PriceList)); err != nil {
			return err
		}
		if pricelist.Stand(p.PriceList) == before {
			return nil
		}
		err = s.store.ChangeProfile(ctx, t, by, version, "profile.prices", p)
		if feierabend.CodeOf(err) == "profile_version" {
			continue
		}
		if err != nil {
			return fmt.Errorf("change profile: %w", err)
		}
		return nil
	}
	return errChanged()
}

func named(name string) func(feierabend.PriceItem) bool {
	folded := pricelist.Fold(name)
	return func(it feierabend.PriceItem) bool { return pricelist.Fold(it.Name) == folded }
}

// unchangedItem finds the item of a name that is as stand says, -1 = none.
func unchangedItem(list []feierabend.PriceItem, name, stand string) int {
	i := slices.IndexFunc(list, named(name))
	if i >= 0 && pricelist.Stand(list[i:i+1]) != stand {
		return -1
	}
	return i
}
