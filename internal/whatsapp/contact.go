package whatsapp

import (
	"encoding/json"
	"strings"

	"feierabend"
)

// contact is one element of a message of type contacts. Names and all else that a card
// may hold have no field here.
type contact struct {
	Origin flexString      `json:"origin"`
	Phones json.RawMessage `json:"phones"`
}

// readContacts takes the sender's own number out of the answer to request_contact_info
// (whatsapp.md §2.1). Only origin contact_request says that WhatsApp itself vouches for it:
// any other card is somebody's word, and stays what it was, a kind that is not read. Of an
// answer nothing but the number is kept, so its JSON goes too.
func readContacts(raw json.RawMessage, in *feierabend.Inbound) {
	const request = "contact_request"
	cards := list(raw)
	numbers, asked := map[string]bool{}, 0
	for _, card := range cards {
		var c contact
		if !object(card, &c) || c.Origin != request {
			continue
		}
		asked++
		for _, p := range list(c.Phones) {
			numbers[ownNumber(p)] = true
		}
	}
	if asked == 0 {
		return
	}
	in.Raw = nil
	if len(cards) != 1 || len(numbers) != 1 || in.Forwarded {
		return // no single number: nobody can say which is the sender's
	}
	for n := range numbers {
		in.Contact = n
	}
}

// ownNumber gives the number of one entry, E.164: the account's own digits where they are
// said, else the number as it is written on the card.
func ownNumber(raw json.RawMessage) string {
	var p struct {
		Phone   flexString `json:"phone"`
		Account flexString `json:"wa_id"`
	}
	if !object(raw, &p) {
		return ""
	}
	if p.Account != "" {
		return phone(string(p.Account))
	}
	return phone(strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(string(p.Phone)))
}
