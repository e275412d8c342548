package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"feierabend"
)

type directory interface {
	Tenant(ctx context.Context, t feierabend.TenantID) (feierabend.Tenant, error)
	Profile(ctx context.Context, t feierabend.TenantID) (feierabend.Profile, error)
	User(ctx context.Context, id feierabend.UserID) (feierabend.User, error)
	Memberships(ctx context.Context, id feierabend.UserID) ([]feierabend.Membership, error)
	SenderLinks(ctx context.Context, t feierabend.TenantID) ([]feierabend.SenderLink, error)
	DigestOn(ctx context.Context, t feierabend.TenantID, u feierabend.UserID) (bool, error)
	SetDigest(ctx context.Context, t feierabend.TenantID, u feierabend.UserID, on bool, by feierabend.Actor) error
	SwitchDigest(ctx context.Context, token string, on bool) error
	SenderLink(ctx context.Context, t feierabend.TenantID, id feierabend.SenderID) (feierabend.SenderLink, error)
}

type cases interface {
	Cases(ctx context.Context, t feierabend.TenantID) ([]feierabend.Case, error)
	Case(ctx context.Context, t feierabend.TenantID, id feierabend.CaseID) (feierabend.Case, error)
	Addresses(ctx context.Context, t feierabend.TenantID) ([]feierabend.BookEntry, error)
	Draft(ctx context.Context, t feierabend.TenantID, id feierabend.CaseID) (feierabend.DraftVersion, error)
	DraftAt(ctx context.Context, t feierabend.TenantID, id feierabend.CaseID, version int) (feierabend.DraftVersion, error)
	PeekNumber(ctx context.Context, t feierabend.TenantID, s feierabend.Series) (string, error)
}

type messages interface {
	Message(ctx context.Context, t feierabend.TenantID, id feierabend.MessageID) (feierabend.Message, error)
	Messages(ctx context.Context, t feierabend.TenantID, id feierabend.CaseID) ([]feierabend.Message, error)
	WaitingMessages(ctx context.Context, t feierabend.TenantID) ([]feierabend.Message, error)
	Transcript(ctx context.Context, t feierabend.TenantID, id feierabend.MessageID) (feierabend.Transcript, error)
	Audio(ctx context.Context, t feierabend.TenantID, id feierabend.MessageID) (feierabend.Audio, error)
}

type documents interface {
	Document(ctx context.Context, t feierabend.TenantID, id feierabend.DocumentID) (feierabend.Document, error)
	CaseDocument(ctx context.Context, t feierabend.TenantID, id feierabend.CaseID) (feierabend.Document, error)
	Files(ctx context.Context, t feierabend.TenantID, id feierabend.DocumentID) ([]feierabend.File, error)
	File(ctx context.Context, t feierabend.TenantID, id feierabend.DocumentID, name string) (feierabend.File, error)
}

type receipts interface {
	Receipt(ctx context.Context, t feierabend.TenantID, id feierabend.ReceiptID) (feierabend.ErasureReceipt, error)
	Receipts(ctx context.Context, t feierabend.TenantID) ([]feierabend.ErasureReceipt, error)
	ReceiptOf(ctx context.Context, t feierabend.TenantID, id feierabend.CaseID) (feierabend.ErasureReceipt, error)
	LastSweep(ctx context.Context) (time.Time, error)
}

type accepter interface {
	Receive(ctx context.Context, in []feierabend.Inbound) ([]feierabend.Outcome, error)
	ReceiveStatuses(ctx context.Context, st []feierabend.DeliveryStatus) error
}

type channel interface {
	Parse(h http.Header, raw []byte) ([]feierabend.Inbound, []feierabend.DeliveryStatus, error)
	Verify(mode, token, challenge string) (string, bool)
}

type signIn interface {
	addressChanger
	recoverer
	Request(ctx context.Context, email string, from feierabend.Asking) error
	Remember(user feierabend.UserID) string
	Redeem(ctx context.Context, token string, bindHash []byte, stay bool, userAgent string) (string, feierabend.Session, error)
	RedeemCode(ctx context.Context, code string, bindHash []byte, stay bool, userAgent string) (string, feierabend.Session, error)
	Choose(ctx context.Context, cookie string, t feierabend.TenantID) (string, feierabend.Session, error)
	Session(ctx context.Context, cookie string) (feierabend.Session, error)
	SignOut(ctx context.Context, cookie string) error
}

type answerer interface {
	Answer(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.CaseID, version int, path, value string) (int, error)
	Renew(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.CaseID, version int) (int, error)
}

type issuer interface {
	Issue(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.CaseID, version int) (feierabend.Document, error)
}

type deliverer interface {
	Download(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.DocumentID, file string) error
	Hold(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.CaseID) error
}

type eraser interface {
	Confirm(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.CaseID) (feierabend.ErasureReceipt, error)
	Discard(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.CaseID) (feierabend.ErasureReceipt, error)
	Overdue(ctx context.Context) (code string, err error)
}

// Modes of a service.
const (
	ModeDemo = "demo"
	ModeLive = "live"
)

// Options are what the edge needs. The store stands in several fields, each
// with the few methods that its handlers use.
type Options struct {
	Directory directory
	Cases     cases
	Messages  messages
	Documents documents
	Receipts  receipts
	Accept    accepter
	Channel   channel
	SignIn    signIn
	Devices   devices
	StepUp    stepUp
	Team      teams
	Drafting  answerer
	Invoicing issuer
	Delivery  deliverer
	Erasure   eraser
	Linking   linker
	Numbers   numbers
	Passkeys  passkeys
	// Operations and Health are what whoever runs the service sees.
	Operations operations
	Health     []func(ctx context.Context) []feierabend.Health
	// Registration lets firms in and concludes their contract.
	Registration registrar
	Profile      profiler
	Book         booker
	Try          tryer // the page for strangers; nil = not offered
	// Clip cuts audio (any container the product reads) to a WAV of from…to.
	Clip func(ctx context.Context, audio []byte, from, to time.Duration) ([]byte, error)
	// ReceiptJSON is the downloadable form of a receipt, as `feierabend receipt verify` reads it.
	ReceiptJSON func(feierabend.ErasureReceipt) ([]byte, error)
	// RecipientName gives the name of a recipient of the registry; nil shows the key.
	RecipientName func(key string) string
	// Seen is told after the answer to the webhook, once per message. It must not
	// block; nil = nobody wants to know. Nothing durable hangs on it.
	Seen func(feierabend.Inbound, feierabend.Outcome)

	PublicURL string // "https://app.example.de" or "http://localhost:8080", no slash at the end
	Mode      string // demo or live
	// Proxies are the peers whose X-Forwarded-For is believed (WEB-04); none believes nobody.
	Proxies  []netip.Prefix
	PhoneURL string // demo: the simulator's phone, else ""
	MailURL  string // demo: the simulator's inbox, else ""
	// Number is the WhatsApp number people speak to, E.164, or "". With one, people prove
	// themselves by their linked number too (AUTH-13).
	Number string
	Zone   *time.Location
	Now    func() time.Time
	Log    *slog.Logger // nil = discard
	// Visit and Security feed the access log and the security log; nil = none. They
	// must not block.
	Visit    func(feierabend.PageView)
	Security func(feierabend.SecurityEvent)
}

// server holds what all handlers share; it is read-only after New.
type server struct {
	Options
	host     string // of PublicURL, with the port where it names one
	secure   bool   // PublicURL is https: cookies get __Host- and Secure
	loopback bool
	routes   []route
	mux      *http.ServeMux
	views    views
	assets   assets
	flood    *flood        // mails and link challenges, an hour
	asks     *flood        // for a passkey before anybody is known, an hour
	tries    *flood        // on the page for strangers, a minute
	trying   chan struct{} // one entry for each stranger whose words are being read
	begun    time.Time
}

// New makes the handler of the public listener. It fails on missing options and
// on templates that do not parse.
func New(o Options) (http.Handler, error) {
	s, err := newServer(o)
	if err != nil {
		return nil, err
	}
	return s.handler(), nil
}

func newServer(o Options) (*server, error) {
	if o.Directory == nil || o.Cases == nil || o.Messages == nil || o.Documents == nil || o.Receipts == nil || o.Accept == nil || o.Channel == nil {
		return nil, errors.New("web: a reading or accepting option is missing")
	}
	if o.SignIn == nil || o.Devices == nil || o.StepUp == nil || o.Team == nil || o.Drafting == nil || o.Invoicing == nil || o.Delivery == nil || o.Erasure == nil || o.Registration == nil || o.Profile == nil || o.Book == nil || o.Linking == nil || o.Numbers == nil || o.Passkeys == nil || o.Operations == nil || o.Clip == nil || o.ReceiptJSON == nil || o.Now == nil {
		return nil, errors.New("web: a step, Clip, ReceiptJSON or Now is missing")
	}
	if o.Mode != ModeDemo && o.Mode != ModeLive {
		return nil, errors.New("web: Mode must be demo or live")
	}
	u, err := url.Parse(o.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.TrimSuffix(u.Path, "/") != "" {
		return nil, errors.New("web: PublicURL must be http(s)://host without a path")
	}
	o.PublicURL = u.Scheme + "://" + u.Host
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.RecipientName == nil {
		o.RecipientName = func(key string) string { return key }
	}
	if o.Zone == nil {
		if o.Zone, err = time.LoadLocation("Europe/Berlin"); err != nil {
			o.Zone = time.UTC
		}
	}
	s := &server{Options: o, host: u.Host, secure: u.Scheme == "https", loopback: isLoopback(u.Host), flood: newFlood(floodKeys, time.Hour), asks: newFlood(floodKeys, time.Hour), tries: newFlood(floodKeys, time.Minute), trying: make(chan struct{}, triesAtOnce), begun: o.Now()}
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if s.views, err = loadViews(s.assets, s.Zone); err != nil {
		return nil, err
	}
	s.routes = s.table()
	s.mux = http.NewServeMux()
	for _, r := range s.routes {
		s.mux.Handle(r.method+" "+r.pattern, s.serve(r))
	}
	return s, nil
}

// isLoopback says whether a Host header names this machine only.
func isLoopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	ip := net.ParseIP(strings.Trim(name, "[]"))
	return name == "localhost" || ip != nil && ip.IsLoopback()
}
