package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"time"

	"feierabend"
)

// documentOf loads the document of the path, and its case for the rights of staff.
func (s *server) documentOf(r *http.Request, v *visit) (feierabend.Document, error) {
	id := r.PathValue("doc")
	if !feierabend.ValidID(id) {
		return feierabend.Document{}, errNotFound()
	}
	d, err := s.Documents.Document(r.Context(), v.session.Tenant, feierabend.DocumentID(id))
	if err != nil {
		return feierabend.Document{}, err
	}
	if v.session.Role.MayIssue() {
		return d, nil
	}
	c, err := s.Cases.Case(r.Context(), v.session.Tenant, d.Case)
	if err != nil {
		return feierabend.Document{}, err
	}
	if _, err = s.entryOf(r.Context(), v, c); err == nil && v.hidesPrices() {
		err = &feierabend.Error{Kind: feierabend.Unauthorized, Code: "prices", Text: "In dieser Datei stehen Preise. Die sehen in Ihrer Firma nur Büro und Inhaber. Es ist nichts geändert worden. Bitte fragen Sie dort."}
	}
	return d, err
}

// fileRequest is POST /f/{doc}/{file}/download: it records the request, which
// starts the countdown (J-31), and leads to the file.
func (s *server) fileRequest(w http.ResponseWriter, r *http.Request, v *visit) error {
	d, err := s.documentOf(r, v)
	if err != nil {
		return err
	}
	name := r.PathValue("file")
	if err := s.Delivery.Download(r.Context(), v.by(), v.session.Tenant, d.ID, name); err != nil {
		return err
	}
	http.Redirect(w, r, "/f/"+string(d.ID)+"/"+url.PathEscape(name), http.StatusSeeOther)
	return nil
}

// fileSend is GET /f/{doc}/{file}: the bytes as issued, always as an attachment
// (FILE-03). It writes nothing, so a preview or a broken transfer changes nothing.
func (s *server) fileSend(w http.ResponseWriter, r *http.Request, v *visit) error {
	d, err := s.documentOf(r, v)
	if err != nil {
		return err
	}
	f, err := s.Documents.File(r.Context(), v.session.Tenant, d.ID, r.PathValue("file"))
	if err != nil {
		return err
	}
	attach(w, f.Name, f.Type)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.Bytes))
	return nil
}

// attach sets type and name of a download; types that are not ours become plain
// bytes. The name stands twice: ASCII for old programs, RFC 5987 for all others.
func attach(w http.ResponseWriter, name, mime string) {
	switch mime {
	case "application/pdf", "application/xml", "application/json", "text/csv; charset=utf-8":
	default:
		mime = "application/octet-stream"
	}
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%/;`, r) {
			return '_'
		}
		return r
	}, name)
	w.Header().Set("Content-Type", mime)
	w.Header().Set("Content-Disposition", `attachment; filename="`+ascii+`"; filename*=UTF-8''`+strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}
