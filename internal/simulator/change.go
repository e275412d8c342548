package simulator

import (
	"errors"
	"net/http"
	"strconv"
)

// The changes of an identity that WhatsApp tells of (whatsapp.md §2.1, §2.4, §9.4).
const (
	ChangeNumber   = "user_changed_number"
	ChangeID       = "user_changed_user_id"
	ChangeUpdate   = "user_id_update" // the same as a field of its own
	ChangeIdentity = "customer_identity_changed"
)

// Change has something happen to a person's identity: WhatsApp tells the business so,
// and all but ChangeIdentity give the person another BSUID.
func (s *Simulator) Change(phone, kind string) error {
	p := s.phone(phone)
	if p == nil {
		return ErrNoPhone
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before := p.id()
	after := before + "X"
	m := map[string]any{"from": p.digits(), "from_user_id": before, "id": p.wamid(true), "timestamp": unix(s.o.Now()), "type": "system"}
	system := map[string]any{"type": kind}
	var change any
	switch kind {
	case ChangeNumber:
		system["body"], system["wa_id"] = "User "+p.Name+" changed", "4915228817386"
	case ChangeID:
		system["body"], system["user_id"] = "User "+p.Name+" changed from "+before+" to "+after, after
	case ChangeIdentity:
		after = before
		system["body"], system["identity"] = "The identity of "+p.Name+" changed", randomHex(8)
	case ChangeUpdate:
		change = map[string]any{"field": ChangeUpdate, "value": map[string]any{
			"messaging_product": "whatsapp", "metadata": map[string]any{"display_phone_number": s.digits(), "phone_number_id": s.o.PhoneNumberID},
			"contacts": []any{map[string]any{"profile": map[string]any{"name": p.Name}, "wa_id": p.digits()}},
			"user_id_update": []any{map[string]any{
				"wa_id": p.digits(), "detail": "User id for " + p.Name + " has been updated.",
				"user_id": map[string]any{"previous": before, "current": after}, "timestamp": unix(s.o.Now()),
			}},
		}}
	default:
		return errors.New("no such change")
	}
	if change == nil {
		m["system"] = system
		change = s.change(p, false, map[string]any{"messages": []any{m}})
	}
	p.bsuid.Store(&after)
	s.enqueue(delivery{what: "Änderung der Kennung", change: change})
	s.signal()
	return nil
}

// apiChange is POST /sim/v1/change.
func (s *Simulator) apiChange(w http.ResponseWriter, r *http.Request) {
	sent(w, "", s.Change(r.FormValue("phone"), r.FormValue("kind")))
}

// apiPhone is POST /sim/v1/phone: a phone for a number that nobody has linked.
func (s *Simulator) apiPhone(w http.ResponseWriter, r *http.Request) {
	n, err := s.AddPhone(Person{Phone: r.FormValue("phone"), Name: r.FormValue("name"), Username: r.FormValue("username") == "1"})
	sent(w, strconv.Itoa(n), err)
}
