package web

import (
	"net/http"
	"strconv"

	"feierabend"
	"feierabend/internal/pricelist"
)

// priceItemPage is the form of one item, a new one where Was is "".
type priceItemPage struct {
	Was    string // its name when the form was made
	Stand  string
	Remove string // the page that asks whether to take it out, "" = a new one
	Form   form
}

// Title is the heading of the page.
func (p priceItemPage) Title() string {
	if p.Was == "" {
		return "Neuer Posten"
	}
	return "Posten ändern"
}

func choices(first option, list []pricelist.Choice) []option {
	out := []option{first}
	for _, c := range list {
		out = append(out, option{c.Code, c.Label})
	}
	return out
}

func itemForm() form {
	return newForm(
		field{Name: pricelist.FieldName, Label: "Bezeichnung", Max: 80, Hint: "So steht es auf der Rechnung, und so können Sie es sagen. Zum Beispiel: Röhrensiphon."},
		field{Name: pricelist.FieldPrice, Label: "Preis netto", Mode: "decimal", Max: 20, Unit: "€", Hint: "Für eine Einheit, ohne Umsatzsteuer."},
		field{Name: pricelist.FieldUnit, Label: "Einheit", Kind: "select", Options: choices(option{"", "Bitte wählen"}, pricelist.Units())},
		field{Name: pricelist.FieldKind, Label: "Was ist das?", Kind: "select", Options: choices(option{"", "Bitte wählen"}, pricelist.Kinds()), Hint: "Arbeit weist die Rechnung für Privatleute eigens aus (§ 35a EStG)."},
		field{Name: pricelist.FieldAliases, Label: "Andere Namen", Max: 400, Optional: true, Hint: "Wie Sie es sonst noch sagen, mit Komma getrennt. Zum Beispiel: Siphon, Geruchsverschluss."},
		field{Name: pricelist.FieldVAT, Label: "Umsatzsteuer", Kind: "select", Optional: true, Options: []option{{"", "Wie sonst in Ihrem Betrieb"}, {"7", "7 %"}, {"0", "0 %"}}, Hint: "0 % nur, wo es das Gesetz sagt, etwa bei Photovoltaik (§ 12 Abs. 3 UStG)."},
	)
}

func newItemPage() priceItemPage { return priceItemPage{Form: itemForm()} }

// itemPage is the form of the item at place n of the list, counted from 0.
func itemPage(list []feierabend.PriceItem, n int) priceItemPage {
	p := priceItemPage{Form: itemForm(), Was: list[n].Name, Stand: pricelist.Stand(list[n : n+1]), Remove: "/preisliste/" + strconv.Itoa(n+1) + "/entfernen"}
	for name, value := range pricelist.Show(list[n]) {
		p.Form.set(name, value)
	}
	return p
}

// itemOf loads the list and finds the item of the path, which names its place.
func (s *server) itemOf(r *http.Request, v *visit) (list []feierabend.PriceItem, n int, err error) {
	if list, err = s.Profile.Items(r.Context(), v.session.Tenant); err != nil {
		return nil, 0, err
	}
	n, err = strconv.Atoi(r.PathValue("nr"))
	if err != nil || n < 1 || n > len(list) {
		return nil, 0, errNotFound()
	}
	return list, n - 1, nil
}

// priceItem is GET /preisliste/{nr}.
func (s *server) priceItem(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, n, err := s.itemOf(r, v)
	if err != nil {
		return err
	}
	return s.priceItemPage(w, v, http.StatusOK, itemPage(list, n))
}

// priceNew is GET /preisliste/neu.
func (s *server) priceNew(w http.ResponseWriter, _ *http.Request, v *visit) error {
	p := newItemPage()
	p.Form.fields[0].Focus = true
	return s.priceItemPage(w, v, http.StatusOK, p)
}

func (s *server) priceItemPage(w http.ResponseWriter, v *visit, status int, p priceItemPage) error {
	return s.show(w, v, status, page{View: "priceitem", Title: p.Title(), Nav: "einstellungen", Detail: true, Content: p})
}

// priceSave is POST /preisliste/posten: a new item, or a change of the one that the form
// was made for.
func (s *server) priceSave(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	p := newItemPage()
	p.Form.read(r.PostForm)
	p.Was, p.Stand = r.PostForm.Get("war"), r.PostForm.Get("stand")
	typed := map[string]string{}
	for _, f := range p.Form.fields {
		typed[f.Name] = f.Value
	}
	err := s.Profile.SaveItem(r.Context(), v.by(), v.session.Tenant, p.Was, p.Stand, typed)
	switch {
	case err == nil:
		http.Redirect(w, r, "/preisliste?neu=1", http.StatusSeeOther)
		return nil
	case feierabend.CodeOf(err) == "profile_changed":
		list, loadErr := s.Profile.Items(r.Context(), v.session.Tenant)
		if loadErr != nil {
			return loadErr
		}
		p.changed(list)
		return s.priceItemPage(w, v, http.StatusConflict, p)
	case p.Form.take(err):
		if p.Was != "" {
			if p.Remove, err = s.removePage(r, v, p.Was); err != nil {
				return err
			}
		}
		return s.priceItemPage(w, v, http.StatusUnprocessableEntity, p)
	}
	return err
}

// removePage is where the item of a name can be taken out, "" = it is gone.
func (s *server) removePage(r *http.Request, v *visit, name string) (string, error) {
	list, err := s.Profile.Items(r.Context(), v.session.Tenant)
	if i := placeOf(list, name); err == nil && i >= 0 {
		return "/preisliste/" + strconv.Itoa(i+1) + "/entfernen", nil
	}
	return "", err
}

func placeOf(list []feierabend.PriceItem, name string) int {
	for i, it := range list {
		if pricelist.Fold(it.Name) == pricelist.Fold(name) {
			return i
		}
	}
	return -1
}

// changed shows what was typed beside what is saved now: saving again overwrites it. Where
// the item is gone, saving adds it anew.
func (p *priceItemPage) changed(list []feierabend.PriceItem) {
	i := placeOf(list, p.Was)
	if i < 0 {
		p.Was, p.Stand, p.Remove = "", "", ""
		p.Form.Problem = "Diesen Posten hat inzwischen jemand herausgenommen oder umbenannt. Ihre Eingabe steht noch da, gespeichert ist sie nicht. „Speichern“ legt ihn neu an."
		return
	}
	now := itemPage(list, i)
	p.Was, p.Stand, p.Remove = now.Was, now.Stand, now.Remove
	p.Form.Problem = "Dieser Posten ist inzwischen an anderer Stelle geändert worden. Ihre Eingabe steht noch da, gespeichert ist sie nicht. Bitte vergleichen Sie und speichern Sie dann noch einmal."
	for _, f := range p.Form.fields {
		is := now.Form.value(f.Name)
		if f.Value == is {
			continue
		}
		if is = shownChoice(*f, is); is == "" {
			is = "nichts"
		}
		f.Hint = "Jetzt gespeichert: " + is
	}
}

// priceRemovePage asks before an item goes.
type priceRemovePage struct {
	Name, Text, Stand, Back string
	Changed                 bool // somebody changed it since the page was made
}

func newPriceRemove(list []feierabend.PriceItem, n int) priceRemovePage {
	return priceRemovePage{
		Name: list[n].Name, Text: price(list[n].Price) + " " + per(list[n].Unit), Stand: pricelist.Stand(list[n : n+1]),
		Back: "/preisliste/" + strconv.Itoa(n+1),
	}
}

// priceAsk is GET /preisliste/{nr}/entfernen.
func (s *server) priceAsk(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, n, err := s.itemOf(r, v)
	if err != nil {
		return err
	}
	return s.priceRemovePage(w, v, http.StatusOK, newPriceRemove(list, n))
}

func (s *server) priceRemovePage(w http.ResponseWriter, v *visit, status int, p priceRemovePage) error {
	return s.show(w, v, status, page{View: "priceremove", Title: "Posten herausnehmen?", Nav: "einstellungen", Detail: true, Content: p})
}

// priceRemove is POST /preisliste/entfernen.
func (s *server) priceRemove(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	was := r.PostForm.Get("war")
	err := s.Profile.RemoveItem(r.Context(), v.by(), v.session.Tenant, was, r.PostForm.Get("stand"))
	if feierabend.CodeOf(err) == "profile_changed" {
		list, loadErr := s.Profile.Items(r.Context(), v.session.Tenant)
		if i := placeOf(list, was); loadErr == nil && i >= 0 {
			p := newPriceRemove(list, i)
			p.Changed = true
			return s.priceRemovePage(w, v, http.StatusConflict, p)
		}
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/preisliste?neu=2", http.StatusSeeOther)
	return nil
}
