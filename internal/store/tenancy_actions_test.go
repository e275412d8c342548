package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// tenantMethods finds the methods that take a tenant, and fails where it is not the
// first parameter behind the context (TEN-03).
func tenantMethods(t *testing.T, st *store.Store) (out []reflect.Method) {
	t.Helper()
	tenant := reflect.TypeFor[feierabend.TenantID]()
	typ := reflect.TypeOf(st)
	for i := range typ.NumMethod() {
		m := typ.Method(i)
		for p := 1; p < m.Type.NumIn(); p++ {
			if m.Type.In(p) != tenant {
				continue
			}
			if p != 2 {
				t.Errorf("%s takes its tenant as parameter %d, not first behind the context", m.Name, p)
			}
			out = append(out, m)
		}
	}
	return out
}

// guesser makes arguments: ids of both firms, so that each call may hit a row of its
// own or name one of the other's.
type guesser struct {
	*rand.Rand
	typed map[reflect.Type][]string // ids of rows by their type
	ids   []string                  // all of them
}

func (g guesser) value(t *testing.T, typ reflect.Type, depth int) reflect.Value {
	v := reflect.New(typ).Elem()
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = time.Date(2026, 11, 24, 8, g.IntN(60), 0, 0, time.UTC)
		return v
	case *feierabend.TenantID: // inside a struct: the method's own parameter is set by the test
		return v
	case *feierabend.EraseReason:
		*x = feierabend.EraseDiscarded
		return v
	case *feierabend.CaseState:
		*x = []feierabend.CaseState{feierabend.CaseOpen, feierabend.CaseReady}[g.IntN(2)]
		return v
	case *feierabend.Series:
		*x = "RE-2026"
		return v
	}
	switch typ.Kind() {
	case reflect.String:
		from := g.ids
		if right := g.typed[typ]; len(right) > 0 && g.IntN(4) > 0 {
			from = right
		}
		v.SetString(from[g.IntN(len(from))])
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int16:
		v.SetInt(int64(g.IntN(4)))
	case reflect.Bool:
		v.SetBool(g.IntN(2) == 0)
	case reflect.Slice:
		if depth > 3 || typ.Elem().Kind() == reflect.Interface {
			break
		}
		if typ.Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte("Moin"))
			break
		}
		for range g.IntN(2) {
			v.Set(reflect.Append(v, g.value(t, typ.Elem(), depth+1)))
		}
	case reflect.Struct:
		for i := range typ.NumField() {
			if typ.Field(i).IsExported() && depth < 4 {
				v.Field(i).Set(g.value(t, typ.Field(i).Type, depth+1))
			}
		}
	case reflect.Func: // answers as other values are made
		v.Set(reflect.MakeFunc(typ, func([]reflect.Value) (out []reflect.Value) {
			for i := range typ.NumOut() {
				out = append(out, g.value(t, typ.Out(i), depth+1))
			}
			return out
		}))
	case reflect.Uint8, reflect.Array, reflect.Map, reflect.Pointer, reflect.Float64, reflect.Float32, reflect.Interface, reflect.Uint64, reflect.Uint32:
	default:
		t.Fatalf("no value for %s: give it one in this test", typ)
	}
	return v
}

// TestOtherFirmUntouched (TEN-04): whatever the first firm does, with ids of its own
// and of the second, the rows of the second stay what they are. Methods are found by
// reflection: a new one is called without anybody adding it.
func TestOtherFirmUntouched(t *testing.T) {
	const actions, every = 8000, 50 // about eighty for each method
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		seed := uint64(time.Now().UnixNano())
		a, b := world(t, st)
		methods := tenantMethods(t, st)
		if len(methods) < 45 {
			t.Errorf("only %d methods found", len(methods))
		}
		p := newPrinter(t, st)
		before, foreign := p.of(t, b.Tenant.ID), p.ids(t, b.Tenant.ID, 100)
		g := guesser{Rand: rand.New(rand.NewPCG(seed, 0))}
		ctx, called, passed := context.Background(), map[string]int{}, map[string]int{}
		var recent []string
		for i := range actions {
			if i%every == 0 {
				in := a.Inbound(fmt.Sprint("wamid.random.", i), "Moin")
				if _, err := st.Receive(ctx, []feierabend.Inbound{in}); err != nil {
					t.Fatal(err)
				}
				g.know(p.ids(t, a.Tenant.ID, 8), foreign)
			}
			m := methods[g.IntN(len(methods))]
			args := []reflect.Value{reflect.ValueOf(st), reflect.ValueOf(ctx), reflect.ValueOf(a.Tenant.ID)}
			for p := 3; p < m.Type.NumIn() && !(m.Type.IsVariadic() && p == m.Type.NumIn()-1); p++ {
				args = append(args, g.value(t, m.Type.In(p), 0))
			}
			res := m.Func.Call(args)
			called[m.Name]++
			if err, _ := res[len(res)-1].Interface().(error); err == nil {
				passed[m.Name]++
			}
			recent = append(recent, fmt.Sprint(m.Name, args[3:]))
			if (i+1)%every == 0 {
				if p.of(t, b.Tenant.ID) != before {
					t.Fatalf("seed %d: the second firm changed in one of\n%s", seed, strings.Join(recent, "\n"))
				}
				recent = nil
			}
		}
		for _, m := range methods {
			if called[m.Name] == 0 {
				t.Errorf("seed %d: %s was never called", seed, m.Name)
			}
		}
		if len(passed) < len(methods)/2 {
			t.Errorf("seed %d: only %d of %d methods ever had an effect", seed, len(passed), len(methods))
		}
		t.Logf("seed %d: %d actions, %d methods, %d with an effect", seed, actions, len(methods), len(passed))
	})
}

// know replaces the ids to guess from.
func (g *guesser) know(own, foreign map[reflect.Type][]string) {
	g.typed, g.ids = map[reflect.Type][]string{}, []string{"h"} // the holder of the leases
	for typ := range idTables {
		g.typed[typ] = append(append(g.typed[typ], own[typ]...), foreign[typ]...)
		g.ids = append(g.ids, g.typed[typ]...)
	}
}
