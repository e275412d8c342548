package simulator

import (
	"encoding/base64"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// phone is one person's side of the chat.
type phone struct {
	Person   // BSUID is the one from the start, see id
	bsuid    atomic.Pointer[string]
	version  int
	bubbles  []*Bubble
	nextID   int
	lastSent time.Time // simulated time of the person's newest message: opens the window
	typing   time.Time // real time until which the dots stand
	bucket   float64   // messages sent "on credit" (pair rate)
	bucketAt time.Time
}

func newPhone(p Person) *phone {
	if p.BSUID == "" {
		p.BSUID = "DE.8472" + strings.TrimPrefix(p.Phone, "+")
	}
	n := &phone{Person: p}
	n.bsuid.Store(&p.BSUID)
	return n
}

// digits is the number as webhooks write it.
func (p *phone) digits() string { return strings.TrimPrefix(p.Phone, "+") }

// BubbleState is how far a message has come.
type BubbleState string

// The states: of the person's messages waiting (webhook not yet accepted), sent,
// delivered (accepted with 200), read; of ours the same, seen from the business.
const (
	StateWaiting   BubbleState = "waiting"
	StateSent      BubbleState = "sent"
	StateDelivered BubbleState = "delivered"
	StateRead      BubbleState = "read"
	StateFailed    BubbleState = "failed"
)

// Bubble is one message of a chat.
type Bubble struct {
	ID      string      `json:"id"`   // "b1", for files
	From    string      `json:"from"` // "me" (the person) or "bot" (the business)
	Wamid   string      `json:"wamid"`
	At      time.Time   `json:"at"`
	State   BubbleState `json:"state"`
	Text    string      `json:"text,omitempty"`
	Buttons []Button    `json:"buttons,omitempty"`
	Pressed string      `json:"pressed,omitempty"` // id of the button that this message (from me) pressed
	// AskContact: it offers to share the person's number; Shared: this message (from me) does.
	AskContact bool   `json:"ask_contact,omitempty"`
	Shared     string `json:"shared,omitempty"`
	Document   *File  `json:"document,omitempty"`
	Voice      *Voice `json:"voice,omitempty"`
	ReplyTo    string `json:"reply_to,omitempty"`
	// Forwarded: the person has it from somebody else.
	Forwarded bool   `json:"forwarded,omitempty"`
	Callback  string `json:"callback,omitempty"`
}

// Button is a reply button as the phone shows it.
type Button struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// File is a document that the business sent; the phone has its own copy.
type File struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Bytes []byte `json:"-"`
	Size  int    `json:"size"`
}

// Voice is a voice note of the person.
type Voice struct {
	Title   string        `json:"title,omitempty"`
	Length  time.Duration `json:"-"`
	Seconds int           `json:"seconds"`
	Type    string        `json:"type"`
	Wave    []uint8       `json:"-"` // 0…100 per bar, nil until drawn
	Bytes   []byte        `json:"-"`
}

// add appends a bubble; s.mu is held.
func (p *phone) add(b *Bubble) {
	p.nextID++
	b.ID = "b" + itoa(p.nextID)
	p.bubbles = append(p.bubbles, b)
	p.version++
}

// find gives the bubble with a wamid, or nil.
func (p *phone) find(wamid string) *Bubble {
	for _, b := range p.bubbles {
		if b.Wamid == wamid {
			return b
		}
	}
	return nil
}

// wamid builds an id in the byte layout of real ones: they contain the person's
// number in clear. in is the person's message, else one of the business.
func (p *phone) wamid(in bool) string {
	who := p.digits()
	mark, hex := byte(0x11), randomHex(9)
	if in {
		mark, hex = 0x12, randomHex(10)
	}
	b := []byte{0x1c, 0x18, byte(len(who))}
	b = append(b, who...)
	b = append(b, 0x15, 0x02, 0x00, mark, 0x18, byte(len(hex)))
	b = append(b, hex...)
	b = append(b, 0x00)
	return "wamid." + base64.StdEncoding.EncodeToString(b)
}

// phone finds a phone by number, position (1, 2 …) or BSUID; s.mu may be held or not.
func (s *Simulator) phone(key string) *phone {
	for i, p := range s.all() {
		if p.Phone == key || p.digits() == strings.TrimPrefix(key, "+") || p.id() == key || itoa(i+1) == key {
			return p
		}
	}
	return nil
}

// id is the BSUID: it changes with the person's identity.
func (p *phone) id() string { return *p.bsuid.Load() }

// all gives the phones that there are; the list only grows.
func (s *Simulator) all() []*phone {
	s.phonesMu.RLock()
	defer s.phonesMu.RUnlock()
	return s.phones
}

// AddPhone gives somebody a phone, for numbers that nobody has linked, and says its
// position from 1; one that is there stays as it is.
func (s *Simulator) AddPhone(who Person) (n int, err error) {
	digits := strings.TrimPrefix(who.Phone, "+")
	if len(digits) < 7 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" || digits[0] == '0' || digits == s.digits() {
		return 0, ErrNoPhone
	}
	who.Phone = "+" + digits
	s.phonesMu.Lock()
	defer s.phonesMu.Unlock()
	for i, p := range s.phones {
		if p.Phone == who.Phone {
			return i + 1, nil
		}
	}
	if len(s.phones) >= maxPhones {
		return 0, ErrNoPhone
	}
	if who.Name == "" {
		who.Name = "Telefon " + who.Phone[len(who.Phone)-4:]
	}
	s.phones = append(slices.Clip(s.phones), newPhone(who))
	return len(s.phones), nil
}

// maxPhones is how many phones there may be.
const maxPhones = 5000
