package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"feierabend"
)

// profiler is the step behind the Stammdaten.
type profiler interface {
	priceLister
	Values(ctx context.Context, t feierabend.TenantID, names []string) (values map[string]string, stand string, err error)
	Logo(ctx context.Context, t feierabend.TenantID) (feierabend.Logo, error)
	SetLogo(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, file []byte) error
	Save(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, names []string, stand string, typed map[string]string) error
}

// profilePage lists the parts of the Stammdaten.
type profilePage struct {
	Saved   string // title of the part that has just been saved
	Missing string // "Steuernummer, IBAN", "" = a first invoice needs nothing more
	MayEdit bool
	Parts   []profileRow
	Prices  string // "212 Posten"
}

// profileRow is one part = one link.
type profileRow struct{ URL, Title, Text, Missing string }

// profileShow is GET /stammdaten.
func (s *server) profileShow(w http.ResponseWriter, r *http.Request, v *visit) error {
	profile, err := s.Directory.Profile(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	p := profileOverview(profile, v.session.Role)
	if part, ok := profilePartOf(r.URL.Query().Get("gespeichert")); ok {
		p.Saved = part.title
	}
	return s.show(w, v, http.StatusOK, page{View: "profile", Title: "Stammdaten", Nav: "einstellungen", Content: p})
}

func profileOverview(profile feierabend.Profile, role feierabend.Role) profilePage {
	needed, asked := profile.Missing()
	p := profilePage{Missing: feierabend.FactWords(needed), MayEdit: owner.admits(role), Prices: "Was Sie oft verkaufen, zum festen Preis"}
	if n := len(profile.PriceList); n > 0 {
		p.Prices = postings(n)
	}
	for _, part := range profileParts() {
		row := profileRow{URL: "/stammdaten/" + part.slug, Title: part.title, Text: profileLine(part.slug, profile)}
		if row.Text == "" {
			row.Text = part.text
		}
		for _, f := range append(needed, asked...) {
			if factPart(f) == part.slug {
				row.Missing = "Fehlt noch"
			}
		}
		p.Parts = append(p.Parts, row)
	}
	return p
}

// factPart is the part in which a fact stands.
func factPart(f feierabend.Fact) string {
	switch f {
	case feierabend.FactTax, feierabend.FactScheme:
		return "steuer"
	case feierabend.FactIBAN:
		return "bank"
	case feierabend.FactNumber, feierabend.FactPrices:
		return "rechnung"
	}
	return "firma"
}

// profileLine says in one line what a part holds, "" = nothing yet.
func profileLine(slug string, p feierabend.Profile) string {
	s := p.Seller
	var out []string
	add := func(text string, has bool) {
		if has {
			out = append(out, text)
		}
	}
	switch slug {
	case "firma":
		add(s.Name, s.Name != "")
		add(s.Street+", "+s.Postcode+" "+s.City, s.Street != "")
	case "steuer":
		add(s.TaxNumber, s.TaxNumber != "")
		add(s.VATID, s.VATID != "")
		add("mit Umsatzsteuer", p.VATScheme == feierabend.SchemeStandard)
		add("Kleinunternehmer, § 19", p.VATScheme == feierabend.SchemeSmallBusiness)
	case "bank":
		add(groups(s.IBAN), s.IBAN != "")
	case "rechnung":
		add("Ziel "+count(p.DueDays, "Tag", "Tage"), p.DueDays > 0)
		add("letzte Nummer "+s.LastNumber, s.LastNumber != "" && s.LastNumber != feierabend.NoNumber)
		add("Privat netto", p.SpokenPrices == "net")
		add("Privat brutto", p.SpokenPrices == "gross")
	case "preise":
		for _, role := range [][2]string{{"meister", "Meister"}, {"geselle", "Geselle"}, {"helfer", "Helfer"}, {"azubi", "Azubi"}} {
			rate, ok := p.Rates[role[0]]
			add(role[1]+" "+price(rate), ok)
		}
		if p.Travel != nil {
			out = append(out, p.Travel.Label+" "+price(p.Travel.Price))
		}
	}
	return strings.Join(out, " · ")
}

// profilePartPage is one part, as a form for the owner and to be read by the office.
type profilePartPage struct {
	Back, Action string
	Title, Text  string
	Button       string
	Stand        string
	Hidden       []option // further values that the form carries
	MayEdit      bool
	Form         form
	Prove        string // what was typed waits for a proof: where it is given, in a tab of its own; "" = it does not
}

// profilePart is GET /stammdaten/{teil}.
func (s *server) profilePart(w http.ResponseWriter, r *http.Request, v *visit) error {
	part, ok := profilePartOf(r.PathValue("teil"))
	if !ok {
		return errNotFound()
	}
	values, stand, err := s.Profile.Values(r.Context(), v.session.Tenant, part.names())
	if err != nil {
		return err
	}
	return s.profileForm(w, v, http.StatusOK, profilePartView(part, values, stand, v.session.Role))
}

func profilePartView(part profilePart, values map[string]string, stand string, role feierabend.Role) profilePartPage {
	p := profilePartPage{
		Back: "/stammdaten", Action: "/stammdaten/" + part.slug, Title: part.title, Text: part.text, Button: "Speichern",
		Stand: stand, MayEdit: owner.admits(role), Form: newForm(part.fields...),
	}
	for name, value := range values {
		p.Form.set(name, value)
	}
	return p
}

func (s *server) profileForm(w http.ResponseWriter, v *visit, status int, p profilePartPage) error {
	return s.show(w, v, status, page{View: "profilepart", Title: p.Title, Nav: "einstellungen", Detail: true, Content: p})
}

// bankPart is GET /stammdaten/bank: a row of its own, because whoever changes the
// account gets the money of every later invoice, so the person proves themselves first.
func (s *server) bankPart(w http.ResponseWriter, r *http.Request, v *visit) error {
	r.SetPathValue("teil", "bank")
	return s.profilePart(w, r, v)
}

// bankSave is POST /stammdaten/bank.
func (s *server) bankSave(w http.ResponseWriter, r *http.Request, v *visit) error {
	r.SetPathValue("teil", "bank")
	return s.profileSave(w, r, v)
}

// profileSave is POST /stammdaten/{teil}.
func (s *server) profileSave(w http.ResponseWriter, r *http.Request, v *visit) error {
	part, ok := profilePartOf(r.PathValue("teil"))
	if !ok {
		return errNotFound()
	}
	if err := parseForm(r); err != nil {
		return err
	}
	p := profilePartView(part, nil, r.PostForm.Get("stand"), v.session.Role)
	status, err := s.profileTake(r, v, &p, part.names())
	if err != nil {
		return err
	}
	if status != 0 {
		return s.profileForm(w, v, status, p)
	}
	http.Redirect(w, r, "/stammdaten?gespeichert="+part.slug, http.StatusSeeOther)
	return nil
}

// requireFacts marks what is still empty of the facts that are asked; a USt-IdNr. stands in
// for the Steuernummer.
func (p *profilePartPage) requireFacts() bool {
	for _, f := range p.Form.fields {
		if f.Value == "" && !f.Optional && (f.Name != "steuernummer" || p.Form.value("ustid") == "") {
			p.Form.fail(f.Name, "Das fehlt noch: Ohne diese Angabe gibt es keine Rechnung.")
		}
	}
	return !p.Form.Wrong()
}

// profileTake saves the fields of a posted form. status 0 = saved; else the page is to be
// shown again with it: mistakes marked, or what somebody else saved meanwhile.
func (s *server) profileTake(r *http.Request, v *visit, p *profilePartPage, names []string) (status int, err error) {
	p.Form.read(r.PostForm)
	typed := map[string]string{}
	for _, n := range names {
		typed[n] = p.Form.value(n)
	}
	err = s.Profile.Save(r.Context(), v.by(), v.session.Tenant, names, r.PostForm.Get("stand"), typed)
	switch {
	case err == nil:
		return 0, nil
	case feierabend.CodeOf(err) == "profile_changed":
		values, stand, loadErr := s.Profile.Values(r.Context(), v.session.Tenant, names)
		if loadErr != nil {
			return 0, loadErr
		}
		p.changed(values, stand, feierabend.TextOf(err))
		return http.StatusConflict, nil
	case p.Form.take(err):
		return http.StatusUnprocessableEntity, nil
	}
	return 0, err
}

// changed shows beside what was typed what is saved now; saving again overwrites it.
func (p *profilePartPage) changed(now map[string]string, stand, text string) {
	p.Stand, p.Form.Problem = stand, text
	for _, f := range p.Form.fields {
		if f.Value == now[f.Name] {
			continue
		}
		is := shownChoice(*f, now[f.Name])
		if is == "" {
			is = "nichts"
		}
		f.Hint = "Jetzt gespeichert: " + is
	}
}

// shownChoice is a value in the words of the form.
func shownChoice(f field, value string) string {
	for _, o := range f.Options {
		if o.Value == value {
			return o.Label
		}
	}
	if f.Kind == "checkbox" {
		return map[bool]string{true: "ja", false: "nein"}[value != ""]
	}
	return value
}

// Shown is the value of a field to be read, with its unit.
func (p profilePartPage) Shown(f *field) string {
	text := shownChoice(*f, f.Value)
	switch {
	case f.Value == "" && f.Kind != "checkbox":
		return "–"
	case f.Unit != "":
		return text + nbsp + f.Unit
	}
	return text
}

// factsPage asks on one page for what the first invoice needs, and goes on from there (J-02).
func (s *server) factsPage(r *http.Request, v *visit, e entry) (p profilePartPage, names []string, err error) {
	profile, err := s.Directory.Profile(r.Context(), v.session.Tenant)
	if err != nil {
		return p, nil, err
	}
	draft, err := s.Cases.Draft(r.Context(), v.session.Tenant, e.ID)
	if err != nil {
		return p, nil, err
	}
	p = factsView(profile, draft.Draft, string(e.ID), v.session.Role)
	p.Hidden = []option{{"version", strconv.Itoa(draft.Version)}}
	for _, f := range p.Form.fields {
		names = append(names, f.Name)
	}
	return p, names, nil
}

// factsView has no fields where nothing is missing.
func factsView(profile feierabend.Profile, d feierabend.Draft, id string, role feierabend.Role) profilePartPage {
	needed, asked := profile.Missing()
	p := profilePartPage{
		Back: "/v/" + id, Action: "/v/" + id + "/angaben", Title: "Noch kurz, dann kommt die Rechnung", Button: "Speichern und ausstellen",
		Text: "Das wird nur einmal gefragt. Später steht es in den Stammdaten.", MayEdit: owner.admits(role),
	}
	var fields []field
	for _, fact := range needed {
		if fact == feierabend.FactIBAN && d.Paid != nil && d.Paid.All {
			continue
		}
		fields = append(fields, factFields(fact)...)
	}
	if len(fields) == 0 {
		return p
	}
	for _, fact := range asked {
		fields = append(fields, factFields(fact)...)
	}
	for i := range fields {
		fields[i].Optional = fields[i].Name == "ustid"
	}
	p.Form = newForm(fields...)
	if !p.MayEdit {
		p.Text = "Für die erste Rechnung fehlen noch Angaben zum Betrieb: " + feierabend.FactWords(needed) + ". Eintragen kann sie, wer Inhaberin oder Inhaber ist. Der Entwurf bleibt, wie er ist."
	}
	return p
}
