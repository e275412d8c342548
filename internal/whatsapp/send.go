package whatsapp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"feierabend"
)

// outgoing is the body of POST /{phone_number_id}/messages.
type outgoing struct {
	Product     string          `json:"messaging_product"`
	Recipients  string          `json:"recipient_type,omitempty"`
	To          string          `json:"to,omitempty"`        // with +, else our own country code may be prepended
	Recipient   string          `json:"recipient,omitempty"` // BSUID
	Type        string          `json:"type,omitempty"`
	Context     *outContext     `json:"context,omitempty"`
	Callback    string          `json:"biz_opaque_callback_data,omitempty"`
	Text        *outText        `json:"text,omitempty"`
	Document    *outDocument    `json:"document,omitempty"`
	Interactive *outInteractive `json:"interactive,omitempty"`
}

type outContext struct {
	MessageID string `json:"message_id"`
}

type outText struct {
	Preview bool   `json:"preview_url"`
	Body    string `json:"body"`
}

type outDocument struct {
	ID       string `json:"id"`
	Filename string `json:"filename,omitempty"`
	Caption  string `json:"caption,omitempty"`
}

type outInteractive struct {
	Type   string     `json:"type"`
	Header *outHeader `json:"header,omitempty"`
	Body   outBody    `json:"body"`
	Action outAction  `json:"action"`
}

type outHeader struct {
	Type     string       `json:"type"`
	Document *outDocument `json:"document,omitempty"`
}

type outBody struct {
	Text string `json:"text"`
}

type outAction struct {
	Name    string      `json:"name,omitempty"`
	Buttons []outButton `json:"buttons,omitempty"`
}

type outButton struct {
	Type  string   `json:"type"`
	Reply outReply `json:"reply"`
}

type outReply struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Send hands one message over and gives its wamid: accepted, not yet sent; what
// became of it comes as a status with m.Callback. Errors are *feierabend.ChatError,
// except a message that breaks a limit (Invalid) and refusals of the guard.
func (c *Client) Send(ctx context.Context, t feierabend.TenantID, m feierabend.ChatMessage) (externalID string, err error) {
	if err := m.Check(); err != nil {
		return "", err
	}
	b, err := c.post(ctx, t, body(m), true)
	if err != nil {
		return "", err
	}
	var answer struct {
		Messages []struct {
			ID flexString `json:"id"`
		} `json:"messages"`
	}
	if json.Unmarshal(b, &answer) != nil || len(answer.Messages) == 0 || answer.Messages[0].ID == "" {
		return "", noAnswer(errors.New("accepted without an id"), true)
	}
	return string(answer.Messages[0].ID), nil
}

// askContact is the interactive message with the button to share the own number (whatsapp.md §4).
const askContact = "request_contact_info"

// body chooses the shape: the request for the number, a document alone, buttons (with the document as
// header), or plain text.
func body(m feierabend.ChatMessage) outgoing {
	o := outgoing{Product: "whatsapp", Recipients: "individual", To: m.To, Callback: m.Callback}
	if m.To == "" {
		o.Recipient = m.ToBSUID
	}
	if m.ReplyTo != "" {
		o.Context = &outContext{m.ReplyTo}
	}
	var doc *outDocument
	if m.DocumentMedia != "" {
		doc = &outDocument{ID: m.DocumentMedia, Filename: m.DocumentName}
	}
	switch {
	case m.AskContact:
		o.Type = "interactive"
		o.Interactive = &outInteractive{Type: askContact, Body: outBody{m.Text}, Action: outAction{Name: askContact}}
	case len(m.Buttons) > 0:
		o.Type = "interactive"
		o.Interactive = &outInteractive{Type: "button", Body: outBody{m.Text}}
		if doc != nil {
			o.Interactive.Header = &outHeader{Type: "document", Document: doc}
		}
		for _, b := range m.Buttons {
			o.Interactive.Action.Buttons = append(o.Interactive.Action.Buttons, outButton{"reply", outReply{b.ID, b.Title}})
		}
	case doc != nil:
		doc.Caption = m.Text
		o.Type, o.Document = "document", doc
	default:
		o.Type, o.Text = "text", &outText{Body: m.Text}
	}
	return o
}

// Read marks a received message (and all before it) as read; typing shows the
// dots for at most 25 s, a repeated call keeps them. Neither is billed.
func (c *Client) Read(ctx context.Context, t feierabend.TenantID, externalID string, typing bool) error {
	o := struct {
		Product string   `json:"messaging_product"`
		Status  string   `json:"status"`
		ID      string   `json:"message_id"`
		Typing  *outType `json:"typing_indicator,omitempty"`
	}{Product: "whatsapp", Status: "read", ID: externalID}
	if typing {
		o.Typing = &outType{"text"}
	}
	_, err := c.post(ctx, t, o, false)
	return err
}

type outType struct {
	Type string `json:"type"`
}

func (c *Client) post(ctx context.Context, t feierabend.TenantID, v any, once bool) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, &feierabend.Error{Kind: feierabend.Internal, Code: "chat_message", Err: errors.New("encode message")}
	}
	address := c.endpoint(url.PathEscape(c.o.PhoneNumberID) + "/messages")
	return c.call(ctx, t, request{http.MethodPost, address, "application/json", bytes.NewReader(b), once})
}
