package whatsapp

import (
	"encoding/json"
	"errors"
	"net/http"

	"feierabend"
)

// delivery is the usual shape of a webhook: one pass reads all four levels.
// Messages and statuses stay raw, so that one odd element costs only itself.
type delivery struct {
	Object flexString `json:"object"`
	Entry  []struct {
		Changes []change `json:"changes"`
	} `json:"entry"`
}

type change struct {
	Field flexString `json:"field"`
	Value struct {
		Metadata struct {
			Display flexString `json:"display_phone_number"`
		} `json:"metadata"`
		Messages []json.RawMessage `json:"messages"`
		Statuses []json.RawMessage `json:"statuses"`
		Updates  []json.RawMessage `json:"user_id_update"`
	} `json:"value"`
}

// envelope, entry and odd are the same levels for a delivery of another shape:
// each list and object is taken for itself, what does not fit is left out.
type envelope struct {
	Object flexString      `json:"object"`
	Entry  json.RawMessage `json:"entry"`
}

type entry struct {
	Changes json.RawMessage `json:"changes"`
}

type odd struct {
	Field flexString      `json:"field"`
	Value json.RawMessage `json:"value"`
}

type oddValue struct {
	Metadata json.RawMessage `json:"metadata"`
	Messages json.RawMessage `json:"messages"`
	Statuses json.RawMessage `json:"statuses"`
	Updates  json.RawMessage `json:"user_id_update"`
}

// Parse reads one webhook delivery. The signature is checked over the raw bytes
// first: err is then Unauthorized ("webhook_signature"). Authentic bytes that
// are no JSON object give Invalid ("webhook_json"). Everything else never fails.
// Messages keep the order of the delivery; duplicates are the store's business.
func (c *Client) Parse(h http.Header, raw []byte) (in []feierabend.Inbound, st []feierabend.DeliveryStatus, err error) {
	if err := c.signed(h, raw); err != nil {
		return nil, nil, err
	}
	changes, ok := changes(raw)
	if !ok {
		return nil, nil, &feierabend.Error{Kind: feierabend.Invalid, Code: "webhook_json", Err: errors.New("not a JSON object")}
	}
	for _, ch := range changes {
		if ch.Field == "user_id_update" {
			for _, u := range ch.Value.Updates {
				if c, ok := idUpdate(u); ok {
					in = append(in, c)
				}
			}
			continue
		}
		// Only this field carries what people sent and what became of our
		// messages; echoes and account events do not.
		if ch.Field != "messages" {
			continue
		}
		own := phone(string(ch.Value.Metadata.Display))
		for _, m := range ch.Value.Messages {
			if msg, ok := c.inbound(m, own); ok {
				in = append(in, msg)
			}
		}
		for _, s := range ch.Value.Statuses {
			if status, ok := c.status(s); ok {
				st = append(st, status)
			}
		}
	}
	return in, st, nil
}

// changes walks entries and changes of a delivery for a WhatsApp account; ok is
// false when the bytes are no JSON object.
func changes(raw []byte) (out []change, ok bool) {
	const account = "whatsapp_business_account"
	var d delivery
	if object(raw, &d) {
		if d.Object != account {
			return nil, true
		}
		for _, e := range d.Entry {
			out = append(out, e.Changes...)
		}
		return out, true
	}
	var env envelope
	if !object(raw, &env) {
		return nil, false
	}
	if env.Object != account {
		return nil, true
	}
	for _, e := range list(env.Entry) {
		var en entry
		if !object(e, &en) {
			continue
		}
		for _, ch := range list(en.Changes) {
			out = append(out, oddChange(ch))
		}
	}
	return out, true
}

func oddChange(raw json.RawMessage) (ch change) {
	var o odd
	var v oddValue
	if !object(raw, &o) || !object(o.Value, &v) {
		return ch
	}
	ch.Field = o.Field
	object(v.Metadata, &ch.Value.Metadata)
	ch.Value.Messages, ch.Value.Statuses, ch.Value.Updates = list(v.Messages), list(v.Statuses), list(v.Updates)
	return ch
}
