package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"feierabend"
)

// TestStaffSeeNoPrices (J-15): own cases of the staff show no price, no sum and no
// file on any page, until the firm allows it; the office sees them always.
func TestStaffSeeNoPrices(t *testing.T) {
	w := newWorld(t)
	malte, gesa := w.member(w.a, "Malte", feierabend.RoleStaff), w.member(w.a, "Gesa", feierabend.RoleOffice)
	f := w.a
	f.Sender = feierabend.SenderLink{ID: "sender-malte", User: malte.ID, Phone: "+4917139200177"}
	must(t, w.store.AddSenderLink(context.Background(), f.Tenant.ID, f.Sender))
	open := w.dictated(f, "wamid.open", complete)
	issued := w.issued(f, "wamid.issued")
	staff, office := w.session(malte.ID, f.Tenant.ID, feierabend.RoleStaff), w.session(gesa.ID, f.Tenant.ID, feierabend.RoleOffice)
	pages := []string{"/", "/v/" + string(open), "/v/" + string(open) + "?f=lines%5B0%5D.price", "/v/" + string(issued.Case)}
	file := "/f/" + string(issued.ID) + "/" + issued.Number + ".pdf"
	for _, p := range pages {
		if page := office.page(p); !strings.Contains(page, "€") {
			t.Errorf("%s: the office sees no price: the test proves nothing", p)
		}
		if page := staff.page(p); strings.Contains(page, "€") || strings.Contains(page, "Preis fehlt") {
			t.Errorf("%s: staff read\n%s", p, page)
		}
	}
	for _, c := range [][2]string{{"GET", file}, {"POST", file + "/download"}} {
		if res := staff.do(c[0], c[1], url.Values{}); res.StatusCode != http.StatusForbidden {
			t.Errorf("%v as staff: %d", c, res.StatusCode)
		}
	}
	owner := w.signedIn(w.a)
	owner.post("/team/preise", url.Values{"preise": {"1"}})
	for _, p := range pages {
		if page := staff.page(p); !strings.Contains(page, "€") {
			t.Errorf("%s: allowed staff see no price", p)
		}
	}
	if res := staff.do("GET", file, nil); res.StatusCode != http.StatusOK {
		t.Errorf("the file for allowed staff: %d", res.StatusCode)
	}
	owner.post("/team/preise", nil)
	if page := staff.page(pages[0]); strings.Contains(page, "€") {
		t.Error("taken back, and staff still read prices")
	}
}
