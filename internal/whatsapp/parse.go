package whatsapp

import (
	"encoding/json"
	"errors"
	"net/http"

	"feierabend"
)

// envelope, entry, change and value are the four levels of a webhook. Lists stay
// raw, so that one odd element costs only itself.
type envelope struct {
	Object flexString      `json:"object"`
	Entry  json.RawMessage `json:"entry"`
}

type entry struct {
	Changes json.RawMessage `json:"changes"`
}

type change struct {
	Field flexString      `json:"field"`
	Value json.RawMessage `json:"value"`
}

type value struct {
	Metadata json.RawMessage `json:"metadata"`
	Messages json.RawMessage `json:"messages"`
	Statuses json.RawMessage `json:"statuses"`
}

type metadata struct {
	Display flexString `json:"display_phone_number"`
}

// Parse reads one webhook delivery. The signature is checked over the raw bytes
// first: err is then Unauthorized ("webhook_signature"). Authentic bytes that
// are no JSON object give Invalid ("webhook_json"): answer 200, since a retry
// would bring the same bytes. Everything else never fails. Messages keep the
// order of the delivery; duplicates are the store's business.
func (c *Client) Parse(h http.Header, raw []byte) (in []feierabend.Inbound, st []feierabend.DeliveryStatus, err error) {
	if err := c.signed(h, raw); err != nil {
		return nil, nil, err
	}
	var env envelope
	if !object(raw, &env) {
		return nil, nil, &feierabend.Error{Kind: feierabend.Invalid, Code: "webhook_json", Err: errors.New("not a JSON object")}
	}
	if env.Object != "whatsapp_business_account" {
		return nil, nil, nil
	}
	for _, e := range list(env.Entry) {
		var en entry
		if !object(e, &en) {
			continue
		}
		for _, ch := range list(en.Changes) {
			i, s := c.change(ch)
			in = append(in, i...)
			st = append(st, s...)
		}
	}
	return in, st, nil
}

// change reads one change. Only the field "messages" carries what people sent
// and what became of our messages; echoes and account events do not.
func (c *Client) change(raw json.RawMessage) (in []feierabend.Inbound, st []feierabend.DeliveryStatus) {
	var ch change
	var v value
	if !object(raw, &ch) || ch.Field != "messages" || !object(ch.Value, &v) {
		return nil, nil
	}
	var md metadata
	object(v.Metadata, &md)
	own := phone(string(md.Display))
	for _, m := range list(v.Messages) {
		if msg, ok := c.inbound(m, own); ok {
			in = append(in, msg)
		}
	}
	for _, s := range list(v.Statuses) {
		if status, ok := c.status(s); ok {
			st = append(st, status)
		}
	}
	return in, st
}
