package whatsapp

import (
	"encoding/json"

	"feierabend"
)

// systemChange reads a notice that a person is not who they were: another number,
// another id, another device (whatsapp.md §2.1, §9.4). Other notices ask for nothing.
// What they are now is left out: nothing is ever transferred silently.
func systemChange(m message, in feierabend.Inbound) (feierabend.Inbound, bool) {
	var v struct {
		Type flexString `json:"type"`
	}
	object(m.System, &v)
	why := map[flexString]feierabend.SuspendReason{
		"user_changed_number": feierabend.SuspendedNumber, "user_changed_user_id": feierabend.SuspendedIdentity, "customer_identity_changed": feierabend.SuspendedDevice,
	}[v.Type]
	return feierabend.Inbound{Channel: channel, ExternalID: in.ExternalID, From: in.From, BSUID: in.BSUID, Kind: feierabend.InboundChange, Text: string(why), At: in.At, Dated: in.Dated}, why != ""
}

// idUpdate reads one element of the field user_id_update (whatsapp.md §2.4).
func idUpdate(raw json.RawMessage) (in feierabend.Inbound, ok bool) {
	var v struct {
		Phone flexString      `json:"wa_id"`
		ID    json.RawMessage `json:"user_id"`
	}
	var id struct {
		Previous flexString `json:"previous"`
	}
	if !object(raw, &v) {
		return in, false
	}
	object(v.ID, &id)
	in = feierabend.Inbound{Channel: channel, From: phone(string(v.Phone)), BSUID: bsuid(string(id.Previous)), Kind: feierabend.InboundChange, Text: string(feierabend.SuspendedIdentity)}
	return in, in.From != "" || in.BSUID != ""
}
