package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"

	"feierabend"
	"feierabend/internal/pricelist"
)

// Body limits of the import: the file, and its text again with what the preview adds.
const (
	listBody  = pricelist.MaxFile + 16<<10
	listAgain = pricelist.MaxCarried + 64<<10
)

// importPage is the form for a file.
type importPage struct{ Form form }

const (
	modeAdd     = "ergaenzen"
	modeReplace = "ersetzen"
)

func modeField() field {
	return field{Name: "weise", Label: "Was soll mit der jetzigen Liste geschehen?", Kind: "select", Value: modeAdd, Options: []option{
		{modeAdd, "Ergänzen: alles andere bleibt"}, {modeReplace, "Ersetzen: was nicht in der Datei steht, kommt weg"},
	}}
}

func newImportPage() importPage {
	return importPage{newForm(
		field{Name: "datei", Label: "Datei auswählen", Kind: "file", Accept: ".csv,.txt,text/csv,text/plain", Hint: "CSV aus Excel, Numbers oder Ihrem Rechnungsprogramm, höchstens 1 MB und 5.000 Posten."},
		modeField(),
	)}
}

// importForm is GET /preisliste/datei.
func (s *server) importForm(w http.ResponseWriter, _ *http.Request, v *visit) error {
	return s.importPage(w, v, http.StatusOK, newImportPage())
}

func (s *server) importPage(w http.ResponseWriter, v *visit, status int, p importPage) error {
	return s.show(w, v, status, page{View: "priceimport", Title: "Preisliste aus Datei", Nav: "einstellungen", Detail: true, Content: p})
}

// importRead is POST /preisliste/datei: the file is read in memory, shown as a preview, and
// kept nowhere: its text goes to the browser and comes back with the confirmation.
func (s *server) importRead(w http.ResponseWriter, r *http.Request, v *visit) error {
	p := newImportPage()
	parts, err := formParts(r)
	p.Form.read(parts)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = pricelist.TooLarge()
	}
	var plan planPage
	if err == nil {
		plan, err = s.firstPlan(r, v, []byte(parts.Get("datei")), parts.Get("weise") == modeReplace)
	}
	if feierabend.KindOf(err) == feierabend.Invalid && feierabend.TextOf(err) != "" {
		p.Form.fail("datei", feierabend.TextOf(err))
		return s.importPage(w, v, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	return s.planPage(w, v, http.StatusOK, plan)
}

// firstPlan reads a file and recognises its columns.
func (s *server) firstPlan(r *http.Request, v *visit, file []byte, replace bool) (planPage, error) {
	text, windows, err := pricelist.Decode(file)
	if err != nil {
		return planPage{}, err
	}
	table, err := pricelist.ReadTable(text)
	if err != nil {
		return planPage{}, err
	}
	layout, sure := pricelist.Recognise(table)
	p := newPlanPage(text, windows, table, pricelist.Reading{Layout: layout, Replace: replace, Kind: feierabend.LineMaterial})
	if !sure {
		p.Asked = true
		return p, nil
	}
	return p, s.plan(r, v, &p)
}

// plan fills the page with what taking the file over would do.
func (s *server) plan(r *http.Request, v *visit, p *planPage) error {
	plan, err := s.Profile.PlanList(r.Context(), v.session.Tenant, p.table, p.reading)
	if err == nil {
		p.fill(plan)
	}
	return err
}

// againPlan reads what the preview carried, checked as if it came for the first time.
func (s *server) againPlan(r *http.Request) (p planPage, agreed string, err error) {
	parts, err := formParts(r)
	if err != nil {
		return p, "", err
	}
	text, err := pricelist.DecodeAgain([]byte(parts.Get("liste")))
	if err != nil {
		return p, "", err
	}
	table, err := pricelist.ReadTable(text)
	if err != nil {
		return p, "", err
	}
	return newPlanPage(text, parts.Get("alt") != "", table, readReading(parts, table)), parts.Get("stand"), nil
}

// importAgain is POST /preisliste/vorschau: the same file, read otherwise.
func (s *server) importAgain(w http.ResponseWriter, r *http.Request, v *visit) error {
	p, _, err := s.againPlan(r)
	if err == nil {
		err = s.plan(r, v, &p)
	}
	return s.planAnswer(w, v, p, err)
}

// importTake is POST /preisliste/uebernehmen: what the preview has shown, and nothing else.
func (s *server) importTake(w http.ResponseWriter, r *http.Request, v *visit) error {
	p, agreed, err := s.againPlan(r)
	if err == nil {
		err = s.Profile.ImportList(r.Context(), v.by(), v.session.Tenant, p.table, p.reading, agreed)
	}
	switch {
	case err == nil:
		http.Redirect(w, r, "/preisliste?neu=3", http.StatusSeeOther)
		return nil
	case feierabend.CodeOf(err) == "profile_changed":
		if err = s.plan(r, v, &p); err == nil {
			p.Problem = "Das ist eine neue Vorschau: Die Liste oder die Zuordnung hat sich seit der letzten geändert. Übernommen ist noch nichts. Bitte sehen Sie sie an."
			return s.planPage(w, v, http.StatusConflict, p)
		}
	}
	return s.planAnswer(w, v, p, err)
}

// planAnswer shows a preview, or what is wrong with it: with the columns where the file can
// be read, else with the form for another file.
func (s *server) planAnswer(w http.ResponseWriter, v *visit, p planPage, err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = pricelist.TooLarge()
	}
	switch text := feierabend.TextOf(err); {
	case err == nil:
		return s.planPage(w, v, http.StatusOK, p)
	case feierabend.KindOf(err) != feierabend.Invalid || text == "":
		return err
	case p.Text != "":
		p.Problem, p.Asked = text, true
		return s.planPage(w, v, http.StatusUnprocessableEntity, p)
	default:
		empty := newImportPage()
		empty.Form.fail("datei", text)
		return s.importPage(w, v, http.StatusUnprocessableEntity, empty)
	}
}

// maxParts bounds the parts of a form with a file.
const maxParts = 64

// formParts reads a posted form with a file in memory, never on disk. Of equal names the
// first counts.
func formParts(r *http.Request) (url.Values, error) {
	out := url.Values{}
	parts, err := r.MultipartReader()
	if err != nil {
		return out, &feierabend.Error{Kind: feierabend.Invalid, Code: "form"}
	}
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, uploadError(err)
		}
		b, err := readPart(part, listAgain)
		if err != nil {
			return out, err
		}
		if name := part.FormName(); name != "" && !out.Has(name) {
			out.Set(name, string(b))
		}
	}
	return out, &feierabend.Error{Kind: feierabend.Invalid, Code: "form"}
}
