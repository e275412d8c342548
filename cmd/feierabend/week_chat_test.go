package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"time"

	"feierabend"
)

const (
	weekURL      = "http://localhost:8080"
	weekNumberID = "115577990033441"
	weekSecret   = "geheim"
)

// weekBubble is a message of ours on a phone.
type weekBubble struct {
	callback, wamid, replyTo, text, document string
	buttons                                  []string
	at                                       time.Time
}

// weekChat is the chat provider, the mail server and the recogniser of a week.
type weekChat struct {
	w        *week
	phones   map[string][]weekBubble
	lastIn   map[string]time.Time // last message of a person
	told     map[string]bool      // outbox rows whose status was acknowledged
	media    map[string][]byte
	uploads  map[string]bool
	fresh    []string             // uploaded in the piece of work that is going on
	tried    map[string]time.Time // when an outbox row last reached us
	nameless map[string]bool      // uploads whose name may have been lost by a fault
	said     map[string]string    // text by hash of the recording
	mails    map[string]string    // newest by address
	n        int
}

func newWeekChat(w *week) *weekChat {
	return &weekChat{
		w: w, phones: map[string][]weekBubble{}, lastIn: map[string]time.Time{}, told: map[string]bool{}, media: map[string][]byte{},
		uploads: map[string]bool{}, nameless: map[string]bool{}, tried: map[string]time.Time{}, said: map[string]string{}, mails: map[string]string{},
	}
}

// errLine is what a broken line gives.
var errLine = errors.New("connection reset")

// Do answers as the Graph API does, or fails in one of its ways.
func (c *weekChat) Do(ctx context.Context, _ feierabend.TenantID, _ feierabend.ProviderID, r *http.Request) (*http.Response, error) {
	if c.w.fault.dead {
		return nil, errLine
	}
	if c.w.random.IntN(200) == 0 && c.w.fault.crash { // between our call and its effect
		c.w.fault.dead = true
		return nil, errLine
	}
	fault := c.w.providerFault()
	if fault == faultRefused {
		return nil, errLine
	}
	if t := httptrace.ContextClientTrace(r.Context()); t != nil && t.WroteHeaders != nil {
		t.WroteHeaders()
	}
	switch fault {
	case faultTimeout:
		return nil, context.DeadlineExceeded
	case faultBusy:
		return answer(http.StatusTooManyRequests, `{"error":{"code":130429,"message":"rate"}}`), nil
	case faultBroken:
		return answer(http.StatusInternalServerError, `{"error":{"code":131000,"message":"something"}}`), nil
	case faultWrong:
		return answer(http.StatusBadGateway, `<html>proxy</html>`), nil
	}
	res := c.serve(r)
	if c.w.fault.crash && c.w.random.IntN(100) == 0 { // it happened, and we die before we know
		c.w.fault.dead = true
		return nil, errLine
	}
	switch fault {
	case faultLost:
		c.w.counts["lost answers"]++
		return nil, errLine
	case faultGarbled:
		c.w.counts["lost answers"]++
		return answer(http.StatusOK, `{"messages":[]`), nil
	}
	return res, nil
}

func answer(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

func (c *weekChat) serve(r *http.Request) *http.Response {
	path := strings.TrimPrefix(r.URL.Path, "/v25.0/")
	switch {
	case r.Method == http.MethodPost && path == weekNumberID+"/messages":
		return c.message(r)
	case r.Method == http.MethodPost && path == weekNumberID+"/media":
		io.Copy(io.Discard, r.Body)
		id := c.next("up")
		c.uploads[id], c.fresh = true, append(c.fresh, id)
		return answer(200, `{"id":"`+id+`"}`)
	case r.Method == http.MethodDelete:
		if !c.uploads[path] {
			return answer(400, `{"error":{"code":100,"error_subcode":33}}`)
		}
		delete(c.uploads, path)
		return answer(200, `{"success":true}`)
	case r.URL.Host == "lookaside.fbsbx.com":
		b := c.media[strings.TrimPrefix(r.URL.Path, "/")]
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"audio/ogg"}}, Body: io.NopCloser(bytes.NewReader(b)), ContentLength: int64(len(b))}
	}
	b, ok := c.media[path]
	if !ok {
		return answer(400, `{"error":{"code":100,"error_subcode":33}}`)
	}
	sum := sha256.Sum256(b)
	return answer(200, fmt.Sprintf(`{"url":"https://lookaside.fbsbx.com/%s","mime_type":"audio/ogg","sha256":"%x","file_size":%d}`, path, sum, len(b)))
}

func (c *weekChat) next(kind string) string {
	c.n++
	return fmt.Sprintf("%s%08d", kind, c.n)
}

// message takes one message to a person; read marks have no effect here.
func (c *weekChat) message(r *http.Request) *http.Response {
	var m struct {
		Status, To string
		Callback   string `json:"biz_opaque_callback_data"`
		Context    struct {
			MessageID string `json:"message_id"`
		} `json:"context"`
		Text        struct{ Body string }                  `json:"text"`
		Document    struct{ ID, Filename, Caption string } `json:"document"`
		Interactive struct {
			Body   struct{ Text string }
			Header struct{ Document struct{ ID, Filename string } }
			Action struct {
				Buttons []struct{ Reply struct{ ID string } }
			}
		} `json:"interactive"`
	}
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		return answer(400, `{"error":{"code":100}}`)
	}
	if m.Status == "read" {
		return answer(200, `{"success":true}`)
	}
	b := weekBubble{
		callback: m.Callback, wamid: "wamid." + c.next("out"), replyTo: m.Context.MessageID, at: c.w.now(),
		text: m.Text.Body + m.Document.Caption + m.Interactive.Body.Text, document: m.Document.Filename + m.Interactive.Header.Document.Filename,
	}
	for _, k := range m.Interactive.Action.Buttons {
		b.buttons = append(b.buttons, k.Reply.ID)
	}
	if id := m.Document.ID + m.Interactive.Header.Document.ID; id != "" && !c.uploads[id] {
		return answer(400, `{"error":{"code":131053}}`)
	}
	c.w.sent(m.To, b)
	return answer(200, `{"messages":[{"id":"`+b.wamid+`"}]}`)
}

// Send takes a mail.
func (c *weekChat) Send(_ context.Context, _ feierabend.TenantID, m feierabend.Mail) error {
	if c.w.fault.dead || c.w.providerFault() != "" {
		return &feierabend.Error{Kind: feierabend.Unavailable, Code: "mail_server"}
	}
	c.mails[m.To] = m.Text
	return nil
}

// Transcribe gives what the script says about a recording.
func (c *weekChat) Transcribe(_ context.Context, b []byte, _ feierabend.RecognitionOptions) (feierabend.Recognition, error) {
	if c.w.fault.dead || c.w.providerFault() != "" {
		return feierabend.Recognition{}, &feierabend.Error{Kind: feierabend.Unavailable, Code: "speech_busy"}
	}
	sum := sha256.Sum256(b)
	text, ok := c.said[hex.EncodeToString(sum[:])]
	if !ok {
		c.w.broken("a recording that nobody made was recognised")
	}
	return heardAs(text), nil
}
