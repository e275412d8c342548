package whatsapp

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"feierabend"
)

// channel is the name of the channel in Inbound and DeliveryStatus.
const channel = "whatsapp"

// message is one element of value.messages. Objects of the kinds stay raw: each
// is read by its own kind only.
type message struct {
	From        flexString      `json:"from"`
	BSUID       flexString      `json:"from_user_id"`
	ID          flexString      `json:"id"`
	Group       flexString      `json:"group_id"`
	Timestamp   flexString      `json:"timestamp"`
	Type        flexString      `json:"type"`
	Context     json.RawMessage `json:"context"`
	Text        json.RawMessage `json:"text"`
	Audio       json.RawMessage `json:"audio"`
	Interactive json.RawMessage `json:"interactive"`
	Button      json.RawMessage `json:"button"`
	System      json.RawMessage `json:"system"`
	Contacts    json.RawMessage `json:"contacts"`
}

type messageContext struct {
	Forwarded  flexBool `json:"forwarded"`
	Frequently flexBool `json:"frequently_forwarded"`
}

type audio struct {
	ID     flexString `json:"id"`
	Type   flexString `json:"mime_type"`
	SHA256 flexString `json:"sha256"`
	Size   flexInt    `json:"file_size"`
	Voice  flexBool   `json:"voice"`
}

type reply struct {
	ID flexString `json:"id"`
}

type interactive struct {
	Type   flexString      `json:"type"`
	Button json.RawMessage `json:"button_reply"`
	List   json.RawMessage `json:"list_reply"`
}

// inbound reads one message; ok is false for what asks for no outcome: group
// messages, reactions, edits, revocations, system notices but those about an identity, our own echo, and
// messages that name neither an id nor a sender.
func (c *Client) inbound(raw json.RawMessage, own string) (in feierabend.Inbound, ok bool) {
	var m message
	if !object(raw, &m) {
		return in, false
	}
	in = feierabend.Inbound{
		Channel: channel, ExternalID: string(m.ID), From: phone(string(m.From)), BSUID: bsuid(string(m.BSUID)),
		Raw: bytes.Clone(raw),
	}
	in.At, in.Dated = c.sentAt(string(m.Timestamp))
	if in.ExternalID == "" || len(in.ExternalID) > 512 || m.Group != "" || in.From == "" && in.BSUID == "" || in.From != "" && in.From == own {
		return in, false
	}
	switch m.Type {
	case "system":
		return systemChange(m, in)
	case "reaction", "edit", "revoke", "request_welcome", "message_echo":
		return in, false
	}
	var ctx messageContext
	object(m.Context, &ctx)
	in.Forwarded = bool(ctx.Forwarded || ctx.Frequently)
	in.Kind = feierabend.InboundUnsupported
	switch m.Type {
	case "text":
		readText(m.Text, &in)
	case "audio":
		readAudio(m.Audio, &in)
	case "interactive":
		readInteractive(m.Interactive, &in)
	case "button":
		readTemplateButton(m.Button, &in)
	case "contacts":
		readContacts(m.Contacts, &in)
	}
	return in, true
}

func readText(raw json.RawMessage, in *feierabend.Inbound) {
	var v struct {
		Body flexString `json:"body"`
	}
	if object(raw, &v) && strings.TrimSpace(string(v.Body)) != "" {
		in.Kind, in.Text = feierabend.InboundText, string(v.Body)
	}
}

// readAudio takes voice notes and audio files. A view-once note and one that
// Meta could not fetch (131052) come without an id: unsupported.
func readAudio(raw json.RawMessage, in *feierabend.Inbound) {
	var a audio
	if !object(raw, &a) || a.ID == "" || len(a.ID) > 128 {
		return
	}
	in.Kind, in.MediaID, in.MediaType = feierabend.InboundAudio, string(a.ID), string(a.Type)
	in.SHA256, in.MediaSize, in.Voice = string(a.SHA256), max(0, int64(a.Size)), bool(a.Voice)
}

func readInteractive(raw json.RawMessage, in *feierabend.Inbound) {
	var v interactive
	var r reply
	if !object(raw, &v) {
		return
	}
	if v.Type == "button_reply" && object(v.Button, &r) || v.Type == "list_reply" && object(v.List, &r) {
		press(r.ID, in)
	}
}

// readTemplateButton reads the quick reply of a template.
func readTemplateButton(raw json.RawMessage, in *feierabend.Inbound) {
	var v struct {
		Payload flexString `json:"payload"`
	}
	if object(raw, &v) {
		press(v.Payload, in)
	}
}

func press(id flexString, in *feierabend.Inbound) {
	if id != "" && len(id) <= feierabend.ChatButtonIDMax {
		in.Kind, in.Button = feierabend.InboundButton, string(id)
	}
}

// sentAt reads a timestamp in Unix seconds. Missing, unreadable or absurd ones,
// and those ahead of our clock, become now; then dated is false.
func (c *Client) sentAt(s string) (at time.Time, dated bool) {
	var n flexInt
	n.UnmarshalJSON([]byte(`"` + s + `"`))
	now := c.o.Now()
	const launch = 1230768000 // 2009-01-01: no WhatsApp message is older
	if int64(n) < launch || int64(n) > now.Unix() {
		return now, false
	}
	return time.Unix(int64(n), 0).UTC(), true
}

// phone makes E.164 of digits with or without +, "" of anything else.
func phone(s string) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "+")
	if len(s) < 5 || len(s) > 15 || strings.Trim(s, "0123456789") != "" || s[0] == '0' {
		return ""
	}
	return "+" + s
}

// bsuid checks the form of a business-scoped user id: "DE.…" or "DE.ENT.…",
// at most 128 letters and digits after the country.
func bsuid(s string) string {
	cc, rest, ok := strings.Cut(s, ".")
	rest = strings.TrimPrefix(rest, "ENT.")
	if !ok || len(cc) != 2 || rest == "" || len(rest) > 128 {
		return ""
	}
	for _, r := range cc + rest {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return ""
		}
	}
	return s
}
