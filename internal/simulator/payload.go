package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// waba is the id of the business account in envelopes.
const waba = "104455667788990"

// change is a value of the field "messages" as Meta delivers it.
func (s *Simulator) change(p *phone, contact bool, rest map[string]any) any {
	value := map[string]any{
		"messaging_product": "whatsapp",
		"metadata":          map[string]any{"display_phone_number": s.digits(), "phone_number_id": s.o.PhoneNumberID},
	}
	if contact {
		c := map[string]any{"profile": map[string]any{"name": p.Name}, "user_id": p.id()}
		if p.Username {
			c["profile"] = map[string]any{"name": p.Name, "username": "telefon." + p.id()[len(p.id())-4:]}
		} else {
			c["wa_id"] = p.digits()
		}
		value["contacts"] = []any{c}
	}
	maps.Copy(value, rest)
	return map[string]any{"field": "messages", "value": value}
}

// envelope makes the bytes of a delivery of some changes, spread over two
// entries where there are several: receivers must loop over all levels.
func envelope(changes []any) []byte {
	var entries []any
	for _, part := range [][]any{changes[:len(changes)/2], changes[len(changes)/2:]} {
		if len(part) > 0 {
			entries = append(entries, map[string]any{"id": waba, "changes": part})
		}
	}
	return ascii(map[string]any{"object": "whatsapp_business_account", "entry": entries})
}

// messageHook is the change of one message of a person.
func (s *Simulator) messageHook(p *phone, b *Bubble, fields map[string]any) any {
	m := map[string]any{"from_user_id": p.id(), "id": b.Wamid, "timestamp": unix(b.At)}
	if !p.Username {
		m["from"] = p.digits()
	}
	maps.Copy(m, fields)
	return s.change(p, true, map[string]any{"messages": []any{m}})
}

// statusHook is the change that tells what became of a message of the business.
// contacts accompany all but "failed"; pricing comes with "sent" and "delivered".
func (s *Simulator) statusHook(p *phone, b *Bubble, status string, code int) any {
	st := map[string]any{"id": b.Wamid, "status": status, "timestamp": unix(s.o.Now())}
	if !p.Username {
		st["recipient_id"] = p.digits()
	}
	if status != "failed" {
		st["recipient_user_id"] = p.id()
	}
	if b.Callback != "" {
		st["biz_opaque_callback_data"] = b.Callback
	}
	if status == "sent" || status == "delivered" {
		st["pricing"] = map[string]any{"billable": true, "pricing_model": "PMP", "type": "regular", "category": "service"}
	}
	if code != 0 {
		title := graphTitles[code]
		st["errors"] = []any{map[string]any{
			"code": code, "title": title, "message": title, "error_data": map[string]any{"details": title + "."},
			"href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
		}}
	}
	return s.change(p, status != "failed", map[string]any{"statuses": []any{st}})
}

func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// ascii writes JSON as Meta does: everything beyond ASCII as \u00fc and every
// slash as \/. The signature is made over exactly these bytes.
func ascii(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return nil // only maps, strings and numbers come here
	}
	src := bytes.TrimRight(b.Bytes(), "\n")
	out := make([]byte, 0, len(src)+len(src)/8)
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		switch {
		case r == '/':
			out = append(out, '\\', '/')
		case r < utf8.RuneSelf:
			out = append(out, src[:n]...)
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		src = src[n:]
	}
	return out
}
