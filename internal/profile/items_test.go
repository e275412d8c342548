package profile_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"feierabend"
	"feierabend/internal/pricelist"
	"feierabend/internal/profile"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

func typed(name, price string) map[string]string {
	return map[string]string{"bezeichnung": name, "preis": price, "einheit": "Stk", "art": "Material"}
}

// TestItems: additions of the same moment are all there or said to be not; what changed
// since is not overwritten; nobody but the owner changes the list; the other firm has its own.
func TestItems(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, b := storetest.Seed(t, st)
		ctx, step := context.Background(), profile.New(profile.Options{Store: st})
		var wg sync.WaitGroup
		var mu sync.Mutex
		saved := map[string]bool{}
		for i := range 4 {
			wg.Go(func() {
				name := fmt.Sprintf("Rohr %d", i)
				switch err := step.SaveItem(ctx, a.Owner, a.Tenant.ID, "", "", typed(name, "4,50")); {
				case err == nil:
					mu.Lock()
					saved[name] = true
					mu.Unlock()
				case feierabend.CodeOf(err) != "profile_changed":
					t.Error(err)
				}
			})
		}
		wg.Wait()
		list, err := step.Items(ctx, a.Tenant.ID)
		if err != nil || len(list) != len(saved) || len(saved) == 0 {
			t.Fatalf("saved %v, there %v, %v", saved, list, err)
		}
		first, office := list[0], a.Owner
		office.Role = feierabend.RoleOffice
		stand := pricelist.Stand(list[:1])
		for name, c := range map[string]struct {
			err  error
			code string
		}{
			"office adds":    {step.SaveItem(ctx, office, a.Tenant.ID, "", "", typed("Knie", "1")), "role"},
			"office removes": {step.RemoveItem(ctx, office, a.Tenant.ID, first.Name, stand), "role"},
			"old stand":      {step.SaveItem(ctx, a.Owner, a.Tenant.ID, first.Name, "00", typed(first.Name, "1")), "profile_changed"},
			"removed behind": {step.RemoveItem(ctx, a.Owner, a.Tenant.ID, first.Name, "00"), "profile_changed"},
			"same name":      {step.SaveItem(ctx, a.Owner, a.Tenant.ID, "", "", typed("rohr  "+first.Name[5:], "1")), "price_item"},
			"the other firm": {step.SaveItem(ctx, b.Owner, b.Tenant.ID, first.Name, stand, typed(first.Name, "1")), "profile_changed"},
		} {
			if feierabend.CodeOf(c.err) != c.code {
				t.Errorf("%s: %v, want %s", name, c.err, c.code)
			}
		}
		if now, _ := step.Items(ctx, a.Tenant.ID); pricelist.Stand(now) != pricelist.Stand(list) {
			t.Errorf("something changed: %v", now)
		}
		if err := step.SaveItem(ctx, a.Owner, a.Tenant.ID, first.Name, stand, typed(first.Name, "9")); err != nil {
			t.Error(err)
		}
		if err := step.RemoveItem(ctx, a.Owner, a.Tenant.ID, "gibt es nicht", "00"); err != nil {
			t.Error(err)
		}
		if other, err := step.Items(ctx, b.Tenant.ID); err != nil || len(other) != 0 {
			t.Errorf("the other firm: %v, %v", other, err)
		}
	})
}
