package web

import (
	"context"
	"net/http"

	"feierabend"
)

// linker is the step that ties numbers to people.
type linker interface {
	customers
	Begin(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, w feierabend.LinkWish) (feierabend.LinkChallenge, error)
	Latest(ctx context.Context, t feierabend.TenantID, cookie string, session []byte) (feierabend.LinkPending, error)
	Confirm(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, session []byte) error
	Cancel(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, session []byte) error
	Unlink(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.SenderID) error
}

// numbers is what the pages of the numbers read.
type numbers interface {
	SenderLinks(ctx context.Context, t feierabend.TenantID) ([]feierabend.SenderLink, error)
	SenderLink(ctx context.Context, t feierabend.TenantID, id feierabend.SenderID) (feierabend.SenderLink, error)
	Colleagues(ctx context.Context, t feierabend.TenantID) ([]feierabend.Colleague, error)
}

// numbersPage lists the numbers of a firm.
type numbersPage struct {
	Rows    []numberRow
	Flash   string // what has just happened, "" = nothing
	Waiting bool   // a challenge of this browser is open
}

// numberRow is one number.
type numberRow struct {
	Who, Mask, Meta string
	Tag             tag
	Unlink          string // "" = not this person's to end
	Again           string // suspended: where it is proved anew, "" = not here
	Why             string
}

// flashes are the sentences that a redirect may ask for; the code stands in the URL.
var numberFlashes = map[string]string{
	"getrennt":    "Die Nummer ist getrennt. Von dort nehmen wir nichts mehr an.",
	"abgebrochen": "Der Code gilt nicht mehr. Verbunden wurde nichts.",
}

// numbers is GET /nummern.
func (s *server) numbers(w http.ResponseWriter, r *http.Request, v *visit) error {
	links, err := s.Numbers.SenderLinks(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	if len(links) == 0 && r.URL.RawQuery == "" {
		http.Redirect(w, r, "/nummern/neu", http.StatusSeeOther) // the first number: one page less
		return nil
	}
	people, err := s.Numbers.Colleagues(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	p := s.numbersPage(links, people, v.session)
	p.Flash = numberFlashes[r.URL.Query().Get("meldung")]
	if c, err := s.Linking.Latest(r.Context(), v.session.Tenant, v.cookie, v.session.TokenHash); err == nil {
		p.Waiting = c.Waits(s.Now())
	} else if !absent(err) {
		return err
	}
	return s.show(w, v, http.StatusOK, page{View: "numbers", Title: "WhatsApp-Nummern", Nav: "einstellungen", Content: p})
}

func (s *server) numbersPage(links []feierabend.SenderLink, people []feierabend.Colleague, me feierabend.Session) (p numbersPage) {
	names := map[feierabend.UserID]string{}
	for _, c := range people {
		names[c.User.ID] = c.User.Name
	}
	f := format{s.Zone}
	for _, l := range links {
		mine := l.User == me.User
		row := numberRow{Who: names[l.User], Mask: l.Mask(), Tag: tag{"done", "check", "Verbunden"}, Meta: "seit " + f.date(l.LinkedAt)}
		if row.Who == "" {
			row.Who = "Nicht mehr in der Firma"
		}
		if l.Phone == "" {
			row.Mask = "ohne sichtbare Nummer"
		}
		if mine || me.Role == feierabend.RoleOwner {
			row.Unlink = "/nummern/" + string(l.ID) + "/trennen"
		}
		if l.Standing == feierabend.SenderSuspended {
			row.Tag, row.Meta, row.Why = tag{"turn", "alert", "Bitte neu verbinden"}, "ausgesetzt seit "+f.date(l.Since), l.Why.German()
			if row.Unlink != "" {
				row.Again = "/nummern/" + string(l.ID) + "/neu"
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// unlinkPage asks once before a number is unlinked.
type unlinkPage struct {
	ID, Who, Mask string
	Own           bool
}

// unlinkForm is GET /nummern/{sender}/trennen.
func (s *server) unlinkForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, err := s.senderOf(r, v)
	if err != nil {
		return err
	}
	if l.User != v.session.User && v.session.Role != feierabend.RoleOwner {
		return errRole(owner)
	}
	people, err := s.Numbers.Colleagues(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	p := unlinkPage{ID: string(l.ID), Mask: l.Mask(), Own: l.User == v.session.User}
	for _, c := range people {
		if c.User.ID == l.User {
			p.Who = c.User.Name
		}
	}
	return s.show(w, v, http.StatusOK, page{View: "number_unlink", Title: "Nummer trennen?", Nav: "einstellungen", Content: p})
}

// unlink is POST /nummern/{sender}/trennen.
func (s *server) unlink(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, err := s.senderOf(r, v)
	if err != nil {
		return err
	}
	if err := s.Linking.Unlink(r.Context(), v.by(), v.session.Tenant, l.ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/nummern?meldung=getrennt", http.StatusSeeOther)
	return nil
}

// senderOf gives the link of the path, where it is the firm's and stands.
func (s *server) senderOf(r *http.Request, v *visit) (feierabend.SenderLink, error) {
	id := r.PathValue("sender")
	if !feierabend.ValidID(id) {
		return feierabend.SenderLink{}, errNotFound()
	}
	l, err := s.Numbers.SenderLink(r.Context(), v.session.Tenant, feierabend.SenderID(id))
	if absent(err) || err == nil && l.Standing == feierabend.SenderEnded {
		return feierabend.SenderLink{}, errNotFound()
	}
	return l, err
}
