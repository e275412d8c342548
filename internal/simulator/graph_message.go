package simulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// typingFor is how long the dots stand unless a message comes first.
const typingFor = 25 * time.Second

// graphMessages takes messages, read marks and the typing indicator.
func (s *Simulator) graphMessages(w http.ResponseWriter, r *http.Request) *graphFault {
	if r.PathValue("id") != s.o.PhoneNumberID {
		return gone(r.PathValue("id"))
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return &graphFault{400, 100, 0, "Body cannot be read"}
	}
	var m outMessage
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return &graphFault{400, 100, 0, "Invalid JSON or unexpected key"}
	}
	if m.Product != "whatsapp" {
		return &graphFault{400, 100, 0, "The parameter messaging_product is required"}
	}
	if m.Status != "" {
		return s.graphRead(w, m)
	}
	return s.graphSend(w, r, m)
}

// graphRead marks a message of the person, and all before it, as read.
func (s *Simulator) graphRead(w http.ResponseWriter, m outMessage) *graphFault {
	if m.Status != "read" || m.To != "" || m.Typing != nil && m.Typing.Type != "text" {
		return &graphFault{400, 100, 0, "status must be read, without to"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.all() {
		target := p.find(m.MessageID)
		if target == nil || target.From != "me" {
			continue
		}
		for _, b := range p.bubbles {
			if b.From == "me" {
				b.State = StateRead
			}
			if b == target {
				break
			}
		}
		what := "← gelesen"
		if m.Typing != nil {
			p.typing = s.o.Now().Add(typingFor)
			what = "← gelesen, schreibt"
		}
		p.version++
		s.note(what)
		s.signal()
		writeJSON(w, 200, map[string]any{"success": true})
		return nil
	}
	return &graphFault{400, 131009, 0, "message_id is unknown"}
}

// graphSend accepts a message: "accepted", not yet sent.
func (s *Simulator) graphSend(w http.ResponseWriter, r *http.Request, m outMessage) *graphFault {
	b, fault := s.bubble(m)
	if fault != nil {
		return fault
	}
	s.mu.Lock()
	p, input, unreachable := s.recipient(m)
	if p == nil {
		s.mu.Unlock()
		return unreachable
	}
	if !p.credit(s.now()) {
		s.mu.Unlock()
		return &graphFault{429, 131056, 0, "Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time"}
	}
	b.Wamid, b.At, b.State, b.Callback = p.wamid(false), s.o.Now(), StateWaiting, m.Callback
	if m.Context != nil {
		b.ReplyTo = m.Context.MessageID
	}
	s.deliver(p, b, unreachable != nil)
	lost := s.faults.LostAnswer > 0
	if lost {
		s.faults.LostAnswer--
	}
	s.signal()
	s.mu.Unlock()
	if lost { // accepted, but the answer never comes
		select {
		case <-r.Context().Done():
		case <-time.After(2 * time.Minute):
		}
		panic(http.ErrAbortHandler)
	}
	contact := map[string]any{"input": input}
	if m.To != "" {
		contact["wa_id"] = strings.TrimPrefix(input, "+")
	} else {
		contact["user_id"] = input
	}
	writeJSON(w, 200, map[string]any{"messaging_product": "whatsapp", "contacts": []any{contact}, "messages": []any{map[string]any{"id": b.Wamid}}})
	return nil
}

// recipient finds the person. A number without + gets the country code of the
// business number in front, as documented; one that nobody has is accepted and
// fails later (131026): then a phone without a page comes with a fault.
func (s *Simulator) recipient(m outMessage) (p *phone, input string, fault *graphFault) {
	if m.To == "" && m.Recipient == "" {
		return nil, "", &graphFault{400, 131008, 0, "The parameter to is required"}
	}
	if input = m.To; input == "" {
		input = m.Recipient
	}
	number := input
	if m.To != "" && !strings.HasPrefix(number, "+") {
		number = s.o.Number[:3] + number
	}
	for _, q := range s.all() {
		if m.To != "" && q.Phone == number || m.To == "" && q.id() == m.Recipient {
			return q, input, nil
		}
	}
	return newPhone(Person{Phone: "+" + strings.TrimLeft(number, "+")}), input, &graphFault{}
}

// The pair rate: 45 messages "on credit", then one every six seconds.
const (
	pairBurst = 45
	pairEvery = 6 * time.Second
)

// credit takes one message off the person's credit; s.mu is held.
func (p *phone) credit(now time.Time) bool {
	if p.bucketAt.IsZero() {
		p.bucket = pairBurst
	} else {
		p.bucket = min(pairBurst, p.bucket+float64(now.Sub(p.bucketAt))/float64(pairEvery))
	}
	p.bucketAt = now
	if p.bucket < 1 {
		return false
	}
	p.bucket--
	return true
}

// deliver puts an accepted message on the phone and queues its statuses; s.mu is
// held. Outside the window the API accepts and fails afterwards (131047).
func (s *Simulator) deliver(p *phone, b *Bubble, unknown bool) {
	b.From = "bot"
	switch {
	case unknown:
		s.note("← Nachricht an eine unbekannte Nummer")
		s.enqueue(delivery{what: "Status nicht zustellbar", change: s.statusHook(p, b, "failed", 131026)})
		return
	case p.lastSent.IsZero() || s.now().Sub(p.lastSent) > 24*time.Hour:
		s.note("← Nachricht außerhalb der 24 Stunden")
		s.enqueue(delivery{what: "Status nicht gesendet", change: s.statusHook(p, b, "failed", 131047)})
		return
	}
	b.State = StateSent
	p.typing = time.Time{}
	p.add(b)
	s.note("← Nachricht")
	s.enqueue(delivery{what: "Status gesendet", change: s.statusHook(p, b, "sent", 0)})
	if !s.faults.SkipDelivered {
		b.State = StateDelivered
		s.enqueue(delivery{what: "Status zugestellt", change: s.statusHook(p, b, "delivered", 0)})
	}
	b.State = StateRead
	s.enqueue(delivery{what: "Status gelesen", change: s.statusHook(p, b, "read", 0)})
}

// bubble checks type and limits and gives what the phone will show.
func (s *Simulator) bubble(m outMessage) (*Bubble, *graphFault) {
	b := &Bubble{}
	switch {
	case m.RecipientType != "" && m.RecipientType != "individual":
		return nil, &graphFault{400, 131009, 0, "recipient_type"}
	case len(m.Callback) > 512:
		return nil, &graphFault{400, 131009, 0, "biz_opaque_callback_data is too long"}
	}
	switch m.Type {
	case "text", "":
		if m.Text == nil || outside(m.Text.Body, 1, 4096) {
			return nil, &graphFault{400, 131009, 0, "text.body"}
		}
		b.Text = m.Text.Body
	case "document":
		if m.Document == nil || outside(m.Document.Caption, 0, 1024) {
			return nil, &graphFault{400, 131009, 0, "document"}
		}
		b.Text = m.Document.Caption
		return b, s.attach(b, m.Document)
	case "interactive":
		return b, s.interactive(b, m.Interactive)
	case "reaction":
		if m.Reaction == nil || m.Reaction.MessageID == "" {
			return nil, &graphFault{400, 131009, 0, "reaction"}
		}
		b.Text, b.ReplyTo = m.Reaction.Emoji, m.Reaction.MessageID
	default:
		return nil, &graphFault{400, 131051, 0, "type"}
	}
	return b, nil
}

// askContact is the interactive message that offers to share the own number.
const askContact = "request_contact_info"

// interactive checks reply buttons and the request for the number: the interactive kinds
// that are simulated.
func (s *Simulator) interactive(b *Bubble, m *outInteractive) *graphFault {
	if m != nil && m.Type == askContact {
		if m.Body == nil || m.Action == nil || m.Action.Name != askContact || outside(m.Body.Text, 1, 1024) || m.Header != nil || m.Footer != nil || len(m.Action.Buttons) > 0 {
			return &graphFault{400, 131009, 0, "interactive"}
		}
		b.Text, b.AskContact = m.Body.Text, true
		return nil
	}
	if m == nil || m.Type != "button" || m.Body == nil || m.Action == nil || m.Action.Name != "" || outside(m.Body.Text, 1, 1024) ||
		m.Footer != nil && outside(m.Footer.Text, 1, 60) || len(m.Action.Buttons) < 1 || len(m.Action.Buttons) > 3 {
		return &graphFault{400, 131009, 0, "interactive"}
	}
	seen := map[string]bool{}
	for _, k := range m.Action.Buttons {
		if k.Type != "reply" || outside(k.Reply.ID, 1, 256) || outside(k.Reply.Title, 1, 20) || seen[k.Reply.ID] || seen["="+k.Reply.Title] {
			return &graphFault{400, 131009, 0, "interactive.action.buttons"}
		}
		seen[k.Reply.ID], seen["="+k.Reply.Title] = true, true
		b.Buttons = append(b.Buttons, k.Reply)
	}
	b.Text = m.Body.Text
	switch h := m.Header; {
	case h == nil:
	case h.Type == "text" && !outside(h.Text, 1, 60):
		b.Text = h.Text + "\n" + b.Text
	case h.Type == "document" && h.Document != nil && h.Document.Caption == "":
		return s.attach(b, h.Document)
	default:
		return &graphFault{400, 131009, 0, "interactive.header"}
	}
	return nil
}

// attach copies an uploaded file onto the phone.
func (s *Simulator) attach(b *Bubble, d *outDocument) *graphFault {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.media[d.ID]
	if d.Link != "" || m == nil || m.inbound || m.expired(s.now()) {
		return &graphFault{400, 131053, 0, "Media id is unknown, or link is not simulated"}
	}
	name := d.Filename
	if name == "" {
		name = "Dokument"
	}
	b.Document = &File{Name: name, Type: m.mime, Bytes: m.data, Size: len(m.data)}
	return nil
}

// outside says whether s is outside lo…hi characters.
func outside(s string, lo, hi int) bool {
	n := utf8.RuneCountInString(s)
	return n < lo || n > hi
}
