package web

import (
	"context"
	"encoding/hex"
	"net/http"

	"feierabend"
)

// contractPage shows what the firm concludes, and to whom it does not belong that
// somebody else must.
type contractPage struct {
	Text      feierabend.ContractText
	Hash      string // of the shown text, comes back with the button
	Firm      string
	Concluded bool
	Owner     bool   // may conclude it
	Stale     bool   // must prove first who they are
	Problem   string // why nothing was concluded
}

// withoutContract leads away from the pages of a firm that has no contract yet:
// its owner to the contract, everybody else to the page that says who must. done =
// the answer is written.
func (s *server) withoutContract(w http.ResponseWriter, r *http.Request, v *visit, rt route) (done bool, err error) {
	if rt.early || v.session.Tenant.IsZero() {
		return false, nil
	}
	ok, err := s.Registration.Concluded(r.Context(), v.session.Tenant)
	if ok || err != nil {
		return false, err
	}
	if rt.method == http.MethodGet && rt.class.isPage() {
		http.Redirect(w, r, "/vertrag", http.StatusSeeOther)
		return true, nil
	}
	return false, &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "agreement_missing",
		Text: "Für Ihren Betrieb ist der Vertrag noch nicht abgeschlossen. Die Eingabe wurde nicht übernommen. Bitte schließen Sie ihn zuerst auf der Seite „Vertrag“ ab.",
	}
}

// contractShow is GET /vertrag.
func (s *server) contractShow(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.contractPage(w, r, v, http.StatusOK, "")
}

func (s *server) contractPage(w http.ResponseWriter, r *http.Request, v *visit, status int, problem string) error {
	done, err := s.Registration.Concluded(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	text := s.Registration.Contract()
	p := contractPage{
		Text: text, Hash: hex.EncodeToString(text.Hash()), Firm: v.tenant.Name, Concluded: done,
		Owner: v.session.Role == feierabend.RoleOwner, Stale: s.Now().Sub(v.session.ProvedAt) >= proofTerm, Problem: problem,
	}
	nav := ""
	if done {
		nav = "einstellungen"
	}
	return s.show(w, v, status, page{View: "contract", Title: "Vertrag", Nav: nav, Content: p})
}

// contractConclude is POST /vertrag. Within ten minutes of signing in no second
// proof is asked for (J-02); later the person proves first who they are (AUTH-13).
func (s *server) contractConclude(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	hash, err := hex.DecodeString(r.PostForm.Get("text"))
	if err != nil {
		hash = nil
	}
	err = s.Registration.Conclude(r.Context(), v.by(), v.session.Tenant, hash)
	if feierabend.KindOf(err) == feierabend.Conflict {
		return s.contractPage(w, r, v, http.StatusConflict, feierabend.TextOf(err))
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, s.afterContract(r.Context(), v), http.StatusSeeOther)
	return nil
}

// afterContract is the next step of the first day (J-02): the number that the person
// gave with the registration is asked to prove itself at once. Whatever hinders that
// is said on the page where a number is given.
func (s *server) afterContract(ctx context.Context, v *visit) string {
	linked, err := s.linked(ctx, v)
	if err != nil || linked {
		return "/"
	}
	wish := feierabend.LinkWish{User: v.session.User, Phone: v.user.Phone, Cookie: v.cookie, Session: v.session.TokenHash}
	if v.user.Phone == "" {
		return "/nummern/neu"
	}
	if _, err := s.Linking.Begin(ctx, v.by(), v.session.Tenant, wish); err != nil {
		return "/nummern/neu"
	}
	return "/nummern/verbinden"
}
