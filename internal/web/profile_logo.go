package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"

	"feierabend"
)

// logoBody is what an uploaded logo may have at most, with what the form adds.
const logoBody = 1<<20 + 16<<10

// logoPage shows the logo as it stands on letters, with the form for another one.
type logoPage struct {
	Saved         string // what has just happened
	Has, MayEdit  bool
	Width, Height int
	Form          form
}

func newLogoPage(l feierabend.Logo, role feierabend.Role) logoPage {
	return logoPage{Has: l.Width > 0, Width: l.Width, Height: l.Height, MayEdit: owner.admits(role), Form: newForm(field{
		Name: "logo", Label: "Bild auswählen", Kind: "file", Accept: "image/png,image/jpeg",
		Hint: "PNG oder JPEG, höchstens 1 MB. Am schönsten ab 700 Pixel Breite, auf weißem Grund.",
	})}
}

// logoShow is GET /stammdaten/logo.
func (s *server) logoShow(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, err := s.Profile.Logo(r.Context(), v.session.Tenant)
	if err != nil && !absent(err) {
		return err
	}
	p := newLogoPage(l, v.session.Role)
	p.Saved = map[string]string{"1": "Gespeichert. So steht es ab jetzt auf Ihren Rechnungen.", "0": "Entfernt. Ihre Rechnungen tragen jetzt kein Logo mehr."}[r.URL.Query().Get("neu")]
	return s.logoPage(w, v, http.StatusOK, p)
}

func (s *server) logoPage(w http.ResponseWriter, v *visit, status int, p logoPage) error {
	return s.show(w, v, status, page{View: "logo", Title: "Logo", Nav: "einstellungen", Detail: true, Content: p})
}

// logoSave is POST /stammdaten/logo. The file is read in memory and is never a file here.
func (s *server) logoSave(w http.ResponseWriter, r *http.Request, v *visit) error {
	file, err := uploaded(r, "logo", logoBody)
	if err == nil {
		err = s.Profile.SetLogo(r.Context(), v.by(), v.session.Tenant, file)
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = &feierabend.Error{Kind: feierabend.Invalid, Code: "logo_too_large", Text: "Die Datei ist größer als 1 MB. Bitte speichern Sie das Bild kleiner und versuchen Sie es noch einmal. Am bisherigen Logo hat sich nichts geändert."}
	}
	if feierabend.KindOf(err) == feierabend.Invalid && feierabend.TextOf(err) != "" {
		l, loadErr := s.Profile.Logo(r.Context(), v.session.Tenant)
		if loadErr != nil && !absent(loadErr) {
			return loadErr
		}
		p := newLogoPage(l, v.session.Role)
		p.Form.fail("logo", feierabend.TextOf(err))
		return s.logoPage(w, v, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/stammdaten/logo?neu=1", http.StatusSeeOther)
	return nil
}

// uploaded reads one file of a posted form, not nil, in memory.
func uploaded(r *http.Request, name string, limit int64) ([]byte, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, &feierabend.Error{Kind: feierabend.Invalid, Code: "form"}
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return []byte{}, nil
		}
		if err != nil {
			return nil, uploadError(err)
		}
		if part.FormName() == name {
			return readPart(part, limit)
		}
	}
}

func readPart(part *multipart.Part, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(part, limit))
	if err != nil {
		return nil, uploadError(err)
	}
	return b, nil
}

func uploadError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return &feierabend.Error{Kind: feierabend.Invalid, Code: "form"}
}

// logoRemove is POST /stammdaten/logo/entfernen.
func (s *server) logoRemove(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := s.Profile.SetLogo(r.Context(), v.by(), v.session.Tenant, nil); err != nil {
		return err
	}
	http.Redirect(w, r, "/stammdaten/logo?neu=0", http.StatusSeeOther)
	return nil
}

// logoSend is GET /stammdaten/logo.png.
func (s *server) logoSend(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, err := s.Profile.Logo(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Content-Length", strconv.Itoa(len(l.PNG)))
	w.Write(l.PNG)
	return nil
}
