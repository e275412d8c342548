package store_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// noLists are the methods without ids that write, or go by something else.
var noLists = map[string]bool{"SetProfile": true, "Instruct": true, "AddInvitation": true, "BlockTenant": true, "SetStaffPrices": true, "SetCustomers": true, "LatestLink": true, "SetLogo": true, "SetBook": true, "AddAddress": true, "TakeAddress": true, "EraseBook": true, "ChangeProfile": true}

// TestOtherFirmUnseen asks every method that takes a firm and no id, before and after
// the other firm has done something that it could tell of: the answer is the same.
func TestOtherFirmUnseen(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := world(t, st)
		answers := func(f storetest.Firm) map[string]string {
			out := map[string]string{}
			for _, m := range tenantMethods(t, st) {
				if len(idPlaces(m)) > 0 || noLists[m.Name] {
					continue
				}
				args := []reflect.Value{reflect.ValueOf(st), reflect.ValueOf(ctx), reflect.ValueOf(f.Tenant.ID)}
				for p := 3; p < m.Type.NumIn(); p++ {
					args = append(args, reflect.Zero(m.Type.In(p)))
					if m.Type.In(p) == reflect.TypeFor[feierabend.Series]() {
						args[p] = reflect.ValueOf(feierabend.Series("RE-2026"))
					}
				}
				for _, r := range m.Func.Call(args) {
					out[m.Name] += fmt.Sprintf("%+v ", r.Interface())
				}
			}
			return out
		}
		others := answers(b)
		mine := answers(a)
		actsOf(t, st, a)
		for name, was := range others {
			if now := answers(b)[name]; now != was {
				t.Errorf("%s tells of the other firm:\n%s\n---\n%s", name, was, now)
			}
			if answers(a)[name] == mine[name] && name != "Tenant" {
				t.Errorf("%s tells nothing of what the firm itself did", name)
			}
		}
		if len(others) < 10 {
			t.Errorf("only %d methods found", len(others))
		}
	})
}

// actsOf changes everything that a firm without ids can be asked for.
func actsOf(t *testing.T, st *store.Store, f storetest.Firm) {
	t.Helper()
	ctx, h := context.Background(), herd{st}
	must(t, st.SetProfile(ctx, f.Tenant.ID, feierabend.Profile{Trade: "tischler", VATScheme: "small_business"}))
	must(t, st.SetLogo(ctx, f.Tenant.ID, f.Owner, feierabend.Logo{Width: 3, Height: 1, Pixels: []byte("p"), PNG: []byte("PNG neu")}))
	must(t, st.ConcludeAgreement(ctx, feierabend.ProcessingAgreement{Tenant: f.Tenant.ID, Version: "2", ConcludedAt: time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)}))
	must(t, st.AddSenderLink(ctx, f.Tenant.ID, feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), User: f.User.ID, Phone: "+4917139200199"}))
	u := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: "malte@firma.example", Name: "Malte"}
	must(t, st.AddUser(ctx, u))
	must(t, st.AddMembership(ctx, feierabend.Membership{User: u.ID, Tenant: f.Tenant.ID, Role: feierabend.RoleStaff}))
	must(t, st.AddInvitation(ctx, f.Tenant.ID, feierabend.Invitation{ID: feierabend.NewID(), Tenant: f.Tenant.ID, Email: "inga@firma.example", Role: feierabend.RoleStaff, By: f.User.ID, CreatedAt: st.Now(), ExpiresAt: st.Now().Add(time.Hour)}))
	must(t, second(st.SetBook(ctx, f.Tenant.ID, 12, f.Owner)))
	entry(t, st, f, "Lindemann")
	confirmed(t, st, f)
	h.typed(t, f)
	h.issued(t, f)
	h.erased(t, f)
	do(t, st, `INSERT INTO number_gap(tenant_id, series, first, last, reason, at, by_user, by_role, by_via) VALUES($1, 'RE-2026', 70, 80, 'restore', 0, '', '', '')`, f.Tenant.ID.String())
}
