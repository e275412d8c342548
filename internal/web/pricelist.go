package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"feierabend"
	"feierabend/internal/pricelist"
)

// priceLister is the step behind the price list.
type priceLister interface {
	Items(ctx context.Context, t feierabend.TenantID) ([]feierabend.PriceItem, error)
	SaveItem(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, was, stand string, typed map[string]string) error
	RemoveItem(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, was, stand string) error
	PlanList(ctx context.Context, t feierabend.TenantID, table pricelist.Table, r pricelist.Reading) (pricelist.Plan, error)
	ImportList(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, table pricelist.Table, r pricelist.Reading, agreed string) error
}

// priceListPage is the list, one page of it, or what a search found.
type priceListPage struct {
	Saved      string // what has just happened
	MayEdit    bool
	All        int // items of the list
	Searched   bool
	Query      string
	Rows       []priceRow
	Shown      string // "51 bis 100 von 1.000", "" = everything is on this page
	Back, More string
}

// Count is the number of items in words.
func (p priceListPage) Count() string { return postings(p.All) }

func postings(n int) string {
	if n == 1 {
		return "1" + nbsp + "Posten"
	}
	return thousands(n) + nbsp + "Posten"
}

// priceRow is one item = one link for whoever may change it.
type priceRow struct{ URL, Name, Price, Text string }

// priceShown is the list with its saved places: what stands where.
type priceShown struct {
	n    int // from 1
	item feierabend.PriceItem
}

// sortedItems gives the list as people look for things: by name.
func sortedItems(list []feierabend.PriceItem) []priceShown {
	out := make([]priceShown, len(list))
	key := make([]string, len(list))
	plain := strings.NewReplacer("ä", "a", "ö", "o", "ü", "u", "ß", "ss")
	for i, it := range list {
		out[i], key[i] = priceShown{i + 1, it}, plain.Replace(pricelist.Fold(it.Name))
	}
	slices.SortStableFunc(out, func(a, b priceShown) int { return cmp.Compare(key[a.n-1], key[b.n-1]) })
	return out
}

func newPriceRow(p priceShown, mayEdit bool) priceRow {
	row := priceRow{Name: p.item.Name, Price: price(p.item.Price), Text: itemText(p.item)}
	if mayEdit {
		row.URL = "/preisliste/" + strconv.Itoa(p.n)
	}
	return row
}

// itemText is what a row says below name and price.
func itemText(it feierabend.PriceItem) string {
	out := []string{per(it.Unit), pricelist.KindLabel(it.Kind)}
	if it.VAT != nil {
		out = append(out, it.VAT.German(0)+nbsp+"% USt.")
	}
	if len(it.Aliases) > 0 {
		out = append(out, "auch: "+strings.Join(it.Aliases, ", "))
	}
	return strings.Join(out, " · ")
}

// per is the unit behind a price: "je Stück", "pauschal".
func per(unit string) string {
	if unit == "LS" {
		return "pauschal"
	}
	return "je " + pricelist.UnitLabel(unit)
}

// priceList is GET /preisliste.
func (s *server) priceList(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, err := s.Profile.Items(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	p := priceListView(list, pageNumber(r.URL.Query().Get("seite")), v.session.Role)
	p.Saved = map[string]string{"1": "Gespeichert. Ab jetzt gilt dieser Preis in neuen Entwürfen.", "2": "Herausgenommen. Bestehende Entwürfe bleiben, wie sie sind.", "3": "Übernommen. Ab jetzt gilt diese Liste in neuen Entwürfen."}[r.URL.Query().Get("neu")]
	return s.priceListPage(w, v, p)
}

func (s *server) priceListPage(w http.ResponseWriter, v *visit, p priceListPage) error {
	return s.show(w, v, http.StatusOK, page{View: "pricelist", Title: "Preisliste", Nav: "einstellungen", Content: p})
}

// priceListView is one page of the list.
func priceListView(list []feierabend.PriceItem, number int, role feierabend.Role) priceListPage {
	p := priceListPage{MayEdit: owner.admits(role), All: len(list)}
	order := sortedItems(list)
	last := max(1, (len(order)+pageRows-1)/pageRows)
	number = min(number, last)
	first, end := (number-1)*pageRows, min(number*pageRows, len(order))
	for _, it := range order[first:end] {
		p.Rows = append(p.Rows, newPriceRow(it, p.MayEdit))
	}
	at := func(n int) string {
		if n == 1 {
			return "/preisliste"
		}
		return "/preisliste?seite=" + strconv.Itoa(n)
	}
	if last > 1 {
		p.Shown = fmt.Sprintf("%s bis %s von %s", thousands(first+1), thousands(end), thousands(len(order)))
	}
	if number > 1 {
		p.Back = at(number - 1)
	}
	if number < last {
		p.More = at(number + 1)
	}
	return p
}

// priceSearch is POST /preisliste/suche: it changes nothing, but what is looked for does
// not belong into an address.
func (s *server) priceSearch(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	list, err := s.Profile.Items(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	return s.priceListPage(w, v, priceSearchView(list, r.PostForm.Get("suche"), v.session.Role))
}

// priceSearchView finds the items in whose names all words stand.
func priceSearchView(list []feierabend.PriceItem, query string, role feierabend.Role) priceListPage {
	p := priceListPage{MayEdit: owner.admits(role), All: len(list), Searched: true, Query: firstRunes(strings.ToValidUTF8(query, ""), 80)}
	words, found := strings.Fields(pricelist.Fold(p.Query)), 0
	for _, it := range sortedItems(list) {
		text := pricelist.Fold(it.item.Name + " " + strings.Join(it.item.Aliases, " "))
		if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			continue
		}
		if found++; found <= pageRows {
			p.Rows = append(p.Rows, newPriceRow(it, p.MayEdit))
		}
	}
	if found > pageRows {
		p.Shown = "Die ersten " + strconv.Itoa(pageRows) + " von " + thousands(found) + ". Mehr Wörter finden genauer."
	}
	return p
}

func firstRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// priceExport is GET /preisliste.csv.
func (s *server) priceExport(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, err := s.Profile.Items(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	return sendCSV(w, "Preisliste.csv", pricelist.Write(list))
}

// priceTemplate is GET /preisliste/vorlage.csv.
func (s *server) priceTemplate(w http.ResponseWriter, _ *http.Request, _ *visit) error {
	return sendCSV(w, "Preisliste-Vorlage.csv", pricelist.Template())
}

func sendCSV(w http.ResponseWriter, name string, file []byte) error {
	attach(w, name, "text/csv; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(file)))
	w.Write(file)
	return nil
}
