package profile_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/profile"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

func TestSave(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, b := storetest.Seed(t, st)
		ctx, step := context.Background(), profile.New(profile.Options{Store: st})
		other, err := st.Profile(ctx, b.Tenant.ID)
		if err != nil {
			t.Fatal(err)
		}
		save := func(typed map[string]string, names ...string) error {
			_, stand, err := step.Values(ctx, a.Tenant.ID, names)
			if err != nil {
				t.Fatal(err)
			}
			return step.Save(ctx, a.Owner, a.Tenant.ID, names, stand, typed)
		}
		for name, c := range map[string]struct {
			typed map[string]string
			names []string
			wrong string // field, "" = saved
			check func(p feierabend.Profile) bool
		}{
			"bank": {map[string]string{"iban": "DE89 3704 0044 0532 0130 00", "bic": "cobadeff", "inhaber": " Hauke\tDeichgrün "}, []string{"iban", "bic", "inhaber"}, "", func(p feierabend.Profile) bool {
				return p.Seller.IBAN == "DE89370400440532013000" && p.Seller.BIC == "COBADEFF" && p.Seller.AccountHolder == "Hauke Deichgrün"
			}},
			"bank of two lands": {map[string]string{"iban": "AT611904300234573201", "bic": "COBADEFF"}, []string{"iban", "bic"}, "bic", nil},
			"a link for a name": {map[string]string{"name": "Gewinn: WWW.boese.example"}, []string{"name"}, "name", nil},
			"scheme":            {map[string]string{"verfahren": "small_business"}, []string{"verfahren"}, "", func(p feierabend.Profile) bool { return p.VATScheme == "small_business" && p.VATRate == 0 }},
			"no scheme":         {map[string]string{"verfahren": ""}, []string{"verfahren"}, "verfahren", nil},
			"form of a letter":  {map[string]string{"rechtsform": "gmbh", "gericht": "Amtsgericht Pinneberg", "register": "HRB 1"}, []string{"rechtsform", "gericht", "register", "vertretung"}, "vertretung", nil},
			"unknown form":      {map[string]string{"rechtsform": "ltd"}, []string{"rechtsform"}, "rechtsform", nil},
			"rates": {map[string]string{"meister": "90", "geselle": "68,50", "rolle": "geselle", "tag": "7,5"}, []string{"meister", "geselle", "helfer", "azubi", "rolle", "tag"}, "", func(p feierabend.Profile) bool {
				return len(p.Rates) == 2 && p.Rates["geselle"].String() == "68.5" && p.DayHours.String() == "7.5"
			}},
			"role without rate": {map[string]string{"meister": "90", "rolle": "azubi"}, []string{"meister", "geselle", "helfer", "azubi", "rolle"}, "rolle", nil},
			"a rate of cents":   {map[string]string{"meister": "6800"}, []string{"meister"}, "meister", nil},
			"a rate of words":   {map[string]string{"meister": "viel"}, []string{"meister"}, "meister", nil},
			"travel": {map[string]string{"fahrt": "km", "fahrtpreis": "0,70", "fahrttext": "Fahrtkosten"}, []string{"fahrt", "fahrtpreis", "fahrttext"}, "", func(p feierabend.Profile) bool {
				return *p.Travel == feierabend.Travel{Mode: "km", Price: 7000, Unit: "KMT", Label: "Fahrtkosten"}
			}},
			"travel for nothing": {map[string]string{"fahrt": "flat"}, []string{"fahrt", "fahrtpreis"}, "fahrtpreis", nil},
			"garage": {map[string]string{"einheit": "AW", "minuten": "5"}, []string{"einheit", "minuten"}, "", func(p feierabend.Profile) bool {
				return p.TimeUnit.Name == "AW" && p.TimeUnit.Minutes == feierabend.Dec(5)
			}},
			"garage without": {map[string]string{"einheit": "AW"}, []string{"einheit", "minuten"}, "minuten", nil},
			"term":           {map[string]string{"ziel": "30"}, []string{"ziel"}, "", func(p feierabend.Profile) bool { return p.DueDays == 30 }},
			"endless term":   {map[string]string{"ziel": "365"}, []string{"ziel"}, "ziel", nil},
			"no number yet":  {map[string]string{"nummer": " Keine "}, []string{"nummer"}, "", func(p feierabend.Profile) bool { return p.Seller.LastNumber == feierabend.NoNumber }},
			"number unsaid":  {map[string]string{}, []string{"nummer"}, "nummer", nil},
			"other series": {map[string]string{"nummern": "an-2026-12; AB-2026-0003"}, []string{"nummern"}, "", func(p feierabend.Profile) bool {
				return strings.Join(p.Seller.LastNumbers, " ") == "AN-2026-0012 AB-2026-0003"
			}},
			"no series":       {map[string]string{"nummern": "XX-2026-12"}, []string{"nummern"}, "nummern", nil},
			"cash basis":      {map[string]string{"ist": "1", "umsatz": "above"}, []string{"ist", "umsatz"}, "", func(p feierabend.Profile) bool { return p.CashBasis && p.Turnover == "above" }},
			"postcode":        {map[string]string{"plz": "2552"}, []string{"plz"}, "plz", nil},
			"long name":       {map[string]string{"name": strings.Repeat("ä", 101)}, []string{"name"}, "name", nil},
			"control letters": {map[string]string{"name": "Deich\x00grün\r\n\u202eHaustechnik"}, []string{"name"}, "", func(p feierabend.Profile) bool { return p.Seller.Name == "Deich grün Haustechnik" }},
			"phone":           {map[string]string{"telefon": "12"}, []string{"telefon"}, "telefon", nil},
			"mail":            {map[string]string{"email": "kein@"}, []string{"email"}, "email", nil},
		} {
			before, _, err := st.ProfileVersion(ctx, a.Tenant.ID)
			if err != nil {
				t.Fatal(err)
			}
			err = save(c.typed, c.names...)
			now, _, loadErr := st.ProfileVersion(ctx, a.Tenant.ID)
			if loadErr != nil {
				t.Fatal(loadErr)
			}
			switch fields := feierabend.FieldsOf(err); {
			case c.wrong == "" && (err != nil || !c.check(now)):
				t.Errorf("%s: %v %+v, saved %+v", name, err, fields, now)
			case c.wrong != "" && (len(fields) != 1 || fields[0].Field != c.wrong || !strings.HasSuffix(fields[0].Text, ".")):
				t.Errorf("%s: %v, fields %+v, want %s", name, err, fields, c.wrong)
			case c.wrong != "":
				if diff := cmp.Diff(before, now); diff != "" {
					t.Errorf("%s: refused, and changed\n%s", name, diff)
				}
			}
		}
		tenant, err := st.Tenant(ctx, a.Tenant.ID)
		if err != nil || tenant.Name != "Deich grün Haustechnik" {
			t.Errorf("the firm is called %q, %v", tenant.Name, err)
		}
		now, err := st.Profile(ctx, b.Tenant.ID)
		if diff := cmp.Diff(other, now); err != nil || diff != "" {
			t.Errorf("the other firm changed: %v\n%s", err, diff)
		}
		office := a.Owner
		office.Role = feierabend.RoleOffice
		if err := step.Save(ctx, office, a.Tenant.ID, []string{"ziel"}, "", nil); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Errorf("office: %v", err)
		}
		if _, _, err := step.Values(ctx, a.Tenant.ID, []string{"gibtesnicht"}); err == nil {
			t.Error("an unknown field is given")
		}
	})
}

// TestSaveAtOnce: of many who save the same field from the same stand one wins and the
// others are told; who saves other fields is not disturbed.
func TestSaveAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		ctx, step := context.Background(), profile.New(profile.Options{Store: st})
		_, term, err := step.Values(ctx, a.Tenant.ID, []string{"ziel"})
		if err != nil {
			t.Fatal(err)
		}
		_, day, err := step.Values(ctx, a.Tenant.ID, []string{"tag"})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var wg sync.WaitGroup
		won, told := 0, 0
		for i := range 8 {
			wg.Go(func() {
				err := step.Save(ctx, a.Owner, a.Tenant.ID, []string{"ziel"}, term, map[string]string{"ziel": strconv.Itoa(30 + i)})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case feierabend.CodeOf(err) == "profile_changed":
					told++
				default:
					t.Errorf("save: %v", err)
				}
			})
		}
		wg.Go(func() {
			if err := step.Save(ctx, a.Owner, a.Tenant.ID, []string{"tag"}, day, map[string]string{"tag": "9"}); err != nil {
				t.Errorf("another field: %v", err)
			}
		})
		wg.Wait()
		p, err := st.Profile(ctx, a.Tenant.ID)
		if won != 1 || told != 7 || err != nil || p.DayHours == nil || p.DueDays < 30 {
			t.Errorf("%d won, %d told, %v, term %d", won, told, err, p.DueDays)
		}
	})
}
