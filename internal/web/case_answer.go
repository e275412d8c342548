package web

import (
	"net/http"
	"strconv"

	"feierabend"
)

// maxAnswer is the longest typed answer in bytes.
const maxAnswer = 2000

// caseAnswer is POST /v/{case}/antwort: path, version and the value as typed. A
// value that drafting does not take is said in place and kept in its field.
func (s *server) caseAnswer(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	e, err := s.caseOf(r.Context(), r, v)
	if absent(err) {
		return s.toReceipt(w, r, v, err)
	}
	if err != nil {
		return err
	}
	asked := r.PostForm.Get("path")
	path, value := answerOf(asked, r.PostForm.Get)
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil || len(path) > 100 || len(value) > maxAnswer {
		return &feierabend.Error{Kind: feierabend.Invalid, Code: "answer_form"}
	}
	if value == "" {
		err = &feierabend.Error{Kind: feierabend.Invalid, Code: "answer_empty", Text: "Hier steht noch nichts. Bitte füllen Sie das Feld aus."}
	} else {
		_, err = s.Drafting.Answer(r.Context(), v.by(), v.session.Tenant, e.ID, version, path, value)
	}
	switch feierabend.KindOf(err) {
	case "":
		http.Redirect(w, r, "/v/"+string(e.ID)+"?neu=1", http.StatusSeeOther)
		return nil
	case feierabend.Conflict:
		return s.conflict(w, r, v, e, version, &pendingAnswer{Path: path, Value: value})
	case feierabend.Invalid:
		return s.answerRefused(w, r, v, e, asked, err)
	}
	return err
}

// answerRefused shows the case again with the reason at the question.
func (s *server) answerRefused(w http.ResponseWriter, r *http.Request, v *visit, e entry, path string, cause error) error {
	pr := refusedAnswer(r, path, cause)
	q := r.URL.Query()
	q.Set("f", path)
	r.URL.RawQuery = q.Encode()
	return s.casePage(w, r, v, e, http.StatusUnprocessableEntity, pr)
}

// refusedAnswer keeps what was typed beside the reason.
func refusedAnswer(r *http.Request, path string, cause error) problem {
	pr := problem{Path: path, Text: feierabend.TextOf(cause), Input: map[string]string{}}
	if pr.Text == "" {
		pr.Text = "Das haben wir nicht verstanden. Bitte schreiben Sie es anders."
	}
	for _, f := range []string{"wert", "tag", "strasse", "plz", "ort"} {
		pr.Input[f] = r.PostForm.Get(f)
	}
	return pr
}
