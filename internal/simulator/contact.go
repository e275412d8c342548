package simulator

import (
	"errors"
	"net/http"
	"strings"
)

// The origins of a shared contact (whatsapp.md §2.1): WhatsApp vouches for the number of
// the answer to request_contact_info only; any other card is somebody's word.
const (
	originRequest = "contact_request"
	originOther   = "other"
)

// ShareContact shares the person's own number, in answer to the newest message that asks
// for it.
func (s *Simulator) ShareContact(phone string) (wamid string, err error) {
	p := s.phone(phone)
	if p == nil {
		return "", ErrNoPhone
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(p.bubbles) - 1; i >= 0; i-- {
		if b := p.bubbles[i]; b.From == "bot" && b.AskContact {
			return s.card(p, b.Wamid, originRequest, p.Person, false), nil
		}
	}
	return "", errors.New("no message asks for the number")
}

// SendCard sends a contact from the person's address book: anybody's, also their own.
func (s *Simulator) SendCard(phone string, of Person, forwarded bool) (wamid string, err error) {
	p := s.phone(phone)
	if p == nil {
		return "", ErrNoPhone
	}
	if strings.Trim(of.Phone, "+0123456789") != "" || len(of.Phone) < 7 {
		return "", errors.New("no number")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.card(p, "", originOther, of, forwarded), nil
}

// card says a message of type contacts; s.mu is held.
func (s *Simulator) card(p *phone, asked, origin string, of Person, forwarded bool) string {
	digits := strings.TrimPrefix(of.Phone, "+")
	contact := map[string]any{"origin": origin, "phones": []any{map[string]any{"phone": "+" + digits, "wa_id": digits}}}
	if origin == originOther {
		contact["name"] = map[string]any{"formatted_name": of.Name, "first_name": of.Name}
	}
	fields := map[string]any{"type": "contacts", "contacts": []any{contact}}
	if asked != "" {
		fields["context"] = map[string]any{"from": s.digits(), "id": asked}
	}
	return s.say(p, &Bubble{From: "me", Text: "Kontakt: +" + digits, Shared: "+" + digits, ReplyTo: asked, Forwarded: forwarded}, as(forwarded, fields))
}

// apiContact is POST /sim/v1/contact: without number= the answer to the request, else a
// card from the address book.
func (s *Simulator) apiContact(w http.ResponseWriter, r *http.Request) {
	if number := r.FormValue("number"); number != "" {
		id, err := s.SendCard(r.FormValue("phone"), Person{Phone: number, Name: r.FormValue("name")}, r.FormValue("forwarded") == "1")
		sent(w, id, err)
		return
	}
	id, err := s.ShareContact(r.FormValue("phone"))
	sent(w, id, err)
}

// pageContact is POST /kontakt: the button „Nummer teilen“.
func (s *Simulator) pageContact(w http.ResponseWriter, r *http.Request) {
	_, p := s.chosen(r)
	_, err := s.ShareContact(p.Phone)
	s.back(w, r, "knopf", err)
}
