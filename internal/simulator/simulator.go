package simulator

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options configure a Simulator. Only AppSecret and Token have no default.
type Options struct {
	// Notes are the voice notes on the phone: *.ogg, and optionally notes.json
	// with [{"file","title"}] for order and titles. nil = none.
	Notes fs.FS
	// WebhookURL is where deliveries go; "" until Connect is called.
	WebhookURL string
	// BaseURL is our own address for media links; "" = as the caller reached us.
	BaseURL       string
	AppSecret     string
	VerifyToken   string
	Token         string
	PhoneNumberID string // "" = "115577990033441"
	Number        string // the business number, E.164; "" = +4930231250420
	People        []Person
	// Crowd is how many further phones there are whose windows are open from the start:
	// for load (CrowdPhone).
	Crowd int
	// SMTPAddr is where ServeSMTP listens, handed out by Settings; "" = no mailbox.
	SMTPAddr string
	// Retry is the pause before each repetition of a refused delivery; the last
	// one goes on. nil = 0, 1, 2, 5, 10, 30 s, as Meta's schedule compressed.
	Retry []time.Duration
	Now   func() time.Time
}

// Person is somebody with a phone.
type Person struct {
	Phone string // E.164
	Name  string // profile name
	Firm  string // shown on the page only
	BSUID string // "" = made from the number
	// Username hides the number from webhooks, as for people with a username.
	Username bool
}

// DemoPeople are the two senders that every demo and test knows.
func DemoPeople() []Person {
	return []Person{
		{Phone: "+4917139200155", Name: "Hauke Deichgrün", Firm: "Deichgrün Haustechnik"},
		{Phone: "+4917139200166", Name: "Inken Nord", Firm: "Malerbetrieb Nordlicht"},
	}
}

// CrowdPhone is the number of a further phone, from 0.
func CrowdPhone(i int) string { return fmt.Sprintf("+4915100%06d", i) }

// Simulator holds two or more phones, one business number and a mailbox.
type Simulator struct {
	o       Options
	handler http.Handler
	pages   *pages
	notes   []Note
	linkKey []byte

	phonesMu sync.RWMutex // of the list alone, taken last
	phones   []*phone

	mu      sync.Mutex
	version int           // counts changes
	changed chan struct{} // closed and replaced with every change
	skip    time.Duration // simulated clock ahead of the real one
	media   map[string]*media
	lookups int // media ids that were asked for
	nextID  int64
	faults  Faults
	mails   []Mail
	log     []LogLine
	hooks   hooks
}

// New makes a simulator. It listens nowhere: serve Handler, start Run, and
// ServeSMTP where mails are wanted.
func New(o Options) (*Simulator, error) {
	if o.PhoneNumberID == "" {
		o.PhoneNumberID = "115577990033441"
	}
	if o.Number == "" {
		o.Number = "+4930231250420"
	}
	if len(o.People) == 0 {
		o.People = DemoPeople()
	}
	if o.Retry == nil {
		o.Retry = []time.Duration{0, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	s := &Simulator{o: o, changed: make(chan struct{}), media: map[string]*media{}, nextID: 1290456712340000, linkKey: make([]byte, 32)}
	rand.Read(s.linkKey)
	s.hooks = newHooks(o.WebhookURL)
	for _, p := range o.People {
		s.phones = append(s.phones, newPhone(p))
	}
	for i := range o.Crowd {
		p := newPhone(Person{Phone: CrowdPhone(i), Name: "Telefon " + itoa(i+1)})
		p.lastSent = s.now()
		s.phones = append(s.phones, p)
	}
	var err error
	if s.notes, err = readNotes(o.Notes); err != nil {
		return nil, err
	}
	if s.pages, err = newPages(); err != nil {
		return nil, err
	}
	s.handler = s.routes()
	return s, nil
}

// Handler serves the Graph API, the media host and the pages.
func (s *Simulator) Handler() http.Handler { return s.handler }

// Now is the simulated time.
func (s *Simulator) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// Skip moves the simulated clock: windows, expiries and limits follow.
func (s *Simulator) Skip(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skip += max(0, d)
	s.signal()
}

func (s *Simulator) now() time.Time { return s.o.Now().Add(s.skip) }

// signal wakes everybody who waits for a change; s.mu is held.
func (s *Simulator) signal() {
	s.version++
	close(s.changed)
	s.changed = make(chan struct{})
}

// id gives the next numeric id; s.mu is held.
func (s *Simulator) id() int64 {
	s.nextID += 7
	return s.nextID
}

// LogLine is one line of what went over the wire, without content.
type LogLine struct {
	At   time.Time
	Text string
}

// MediaLookups counts how often the service asked for a file.
func (s *Simulator) MediaLookups() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lookups
}

// note adds a line to the list that the page shows; s.mu is held.
func (s *Simulator) note(text string) {
	s.log = append(s.log, LogLine{s.o.Now(), text})
	if len(s.log) > 14 {
		s.log = s.log[len(s.log)-14:]
	}
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return strings.ToUpper(hex.EncodeToString(b))
}
