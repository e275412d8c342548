package web_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/address"
	"feierabend/internal/book"
	"feierabend/internal/delivery"
	"feierabend/internal/drafting"
	"feierabend/internal/erasure"
	"feierabend/internal/invoicing"
	"feierabend/internal/linking"
	"feierabend/internal/pdf"
	"feierabend/internal/profile"
	"feierabend/internal/registration"
	"feierabend/internal/seal"
	"feierabend/internal/signin"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
	"feierabend/internal/team"
	"feierabend/internal/web"
)

const publicURL = "http://localhost:8080"

// world is the real product behind the pages: store on SQLite, drafting,
// invoicing, delivery, erasure and sign-in; mails are caught, the chat is not there.
type world struct {
	t        testing.TB
	store    *store.Store
	clock    *storetest.Clock
	a, b     storetest.Firm
	signin   *signin.Step
	firms    *registration.Step
	team     *team.Step
	mailJobs *mailJobs
	draft    *drafting.Step
	invoice  *invoicing.Step
	erasure  *erasure.Step
	linking  *linking.Step
	chat     *outbox // what the linking step says
	mails    *mailbox
	channel  *chat
	options  web.Options
	handler  http.Handler
	routes   []web.RouteInfo
	logs     *logBook
}

type mailbox struct {
	mu   sync.Mutex
	sent []feierabend.Mail
}

func (m *mailbox) Send(_ context.Context, _ feierabend.TenantID, mail feierabend.Mail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, mail)
	return nil
}

func (m *mailbox) last(t testing.TB) feierabend.Mail {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.sent) == 0 {
		t.Fatal("no mail was sent")
	}
	return m.sent[len(m.sent)-1]
}

// outbox keeps what is said in the chat.
type outbox struct {
	mu   sync.Mutex
	sent []feierabend.ChatMessage
}

func (o *outbox) Send(_ context.Context, _ feierabend.TenantID, m feierabend.ChatMessage) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = append(o.sent, m)
	return "wamid.out", m.Check()
}

// logBook keeps all log output, to be searched for content.
type logBook struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// chat stands for a parsed webhook: the signature is the word "gut".
type chat struct {
	in       []feierabend.Inbound
	statuses []feierabend.DeliveryStatus
}

func (c *chat) Parse(h http.Header, raw []byte) ([]feierabend.Inbound, []feierabend.DeliveryStatus, error) {
	switch {
	case h.Get("X-Hub-Signature-256") != "gut":
		return nil, nil, &feierabend.Error{Kind: feierabend.Unauthorized, Code: "signature"}
	case !strings.HasPrefix(string(raw), "{"):
		return nil, nil, &feierabend.Error{Kind: feierabend.Invalid, Code: "json"}
	}
	return c.in, c.statuses, nil
}

func (c *chat) Verify(mode, token, challenge string) (string, bool) {
	return challenge, mode == "subscribe" && token == "geheim"
}

// template is a migrated database with the two firms: making it takes longer than
// most tests, so all share one and each works on a copy.
var template struct {
	once sync.Once
	file []byte
	a, b storetest.Firm
}

// seeded gives the template.
func seeded(t testing.TB, w *world) []byte {
	t.Helper()
	template.once.Do(func() {
		dsn := storetest.SQLite(t)
		st, err := store.Open(context.Background(), storetest.Options(t, dsn, w.clock))
		must(t, err)
		template.a, template.b = storetest.Seed(t, st)
		must(t, st.Close())
		template.file, err = os.ReadFile(strings.TrimPrefix(dsn, "sqlite:"))
		must(t, err)
	})
	w.a, w.b = template.a, template.b
	return template.file
}

// snapshot is a copy of the database as it is.
func (w *world) snapshot() []byte {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "snapshot.db")
	_, err := w.store.SQL().ExecContext(context.Background(), `VACUUM INTO '`+path+`'`)
	must(w.t, err)
	file, err := os.ReadFile(path)
	must(w.t, err)
	return file
}

// letters is the renderer of all tests: reading the fonts takes its time.
var letters = sync.OnceValues(pdf.New)

type policy struct{}

func (policy) Providers(context.Context, feierabend.TenantID, feierabend.Purpose) ([]feierabend.ProviderID, error) {
	return []feierabend.ProviderID{"local"}, nil
}

func newWorld(t testing.TB) *world { return newWorldOn(t, nil) }

// newWorldOn begins with a snapshot of a world's database; nil = the template.
func newWorldOn(t testing.TB, file []byte) *world {
	t.Helper()
	w := &world{t: t, mails: &mailbox{}, channel: &chat{}, logs: &logBook{}}
	w.clock = storetest.NewClock()
	if begin := seeded(t, w); file == nil {
		file = begin
	}
	dsn := storetest.SQLite(t)
	must(t, os.WriteFile(strings.TrimPrefix(dsn, "sqlite:"), file, 0o600))
	w.store = storetest.Open(t, dsn, w.clock)
	w.mailJobs = &mailJobs{Store: w.store}
	log := slog.New(slog.NewTextHandler(w.logs, nil))
	zone := time.FixedZone("MEZ", 3600)
	renderer, err := letters()
	must(t, err)
	w.invoice = invoicing.New(invoicing.Options{Store: w.store, Renderer: renderer, Zone: zone, Now: w.store.Now})
	w.erasure = erasure.New(erasure.Options{Store: w.store, Log: log})
	send := delivery.New(delivery.Options{
		Store: w.store, Zone: zone, Now: w.store.Now, Log: log,
		CaseURL: func(feierabend.CaseID) string { return "" }, ReceiptURL: func(feierabend.ReceiptID) string { return "" },
	})
	w.signin, err = signin.New(signin.Options{
		Directory: w.store, Links: w.mailJobs, Sessions: w.store, Proofs: w.store, Recoveries: w.store, Mailer: w.mails, Keys: w.store, OperatorByMail: true, CodeKey: make([]byte, 32),
		Arrive: func(ctx context.Context, u feierabend.UserID) (feierabend.UserID, error) {
			return w.firms.Complete(ctx, u)
		},
		PublicURL: publicURL, Zone: zone, Now: w.store.Now, NewID: feierabend.NewID, Log: log,
	})
	must(t, err)
	w.draft = drafting.New(drafting.Options{Store: w.store, Policy: policy{}, Proofs: w.signin, Zone: zone, Now: w.store.Now, Log: log})
	w.chat = &outbox{}
	w.linking, err = linking.New(linking.Options{
		Store: w.store, Channel: w.chat, Mailer: w.mails, ReadPhone: address.ReadPhone, Number: "+4930231250420",
		PublicURL: publicURL, Now: w.store.Now, NewID: feierabend.NewID, Log: log,
	})
	must(t, err)
	w.team, err = team.New(team.Options{Store: w.mailJobs, Mailer: w.mails, PublicURL: publicURL, Zone: zone, Now: w.store.Now, NewID: feierabend.NewID})
	must(t, err)
	w.firms, err = registration.New(registration.Options{
		Store: w.mailJobs, Links: w.signin, Mailer: w.mails, Text: registration.Demonstration(), Zone: zone, Now: w.store.Now, NewID: feierabend.NewID, Log: log,
	})
	must(t, err)
	w.options = web.Options{
		Directory: w.store, Cases: w.store, Messages: w.store, Documents: w.store, Receipts: w.store, Accept: w.store, Channel: w.channel,
		SignIn: w.signin, Devices: w.signin, StepUp: w.signin, Team: w.team, Drafting: w.draft, Invoicing: w.invoice, Delivery: send, Erasure: w.erasure, Linking: w.linking, Numbers: w.store, Passkeys: w.signin, Operations: w.store, Registration: w.firms,
		Profile: profile.New(profile.Options{Store: w.store}), Book: book.New(book.Options{Store: w.store, Place: registration.Place}),
		Clip: func(_ context.Context, audio []byte, from, to time.Duration) ([]byte, error) {
			if string(audio) == "kaputt" {
				return nil, errors.New("cut clip: exit status 1")
			}
			return append([]byte("RIFF"), audio...), nil
		},
		ReceiptJSON: seal.ExportReceipt, PublicURL: publicURL, Mode: web.ModeDemo, PhoneURL: "http://127.0.0.1:8081/", MailURL: "http://127.0.0.1:8081/mails",
		Number: "+4930231250420", Zone: zone, Now: w.store.Now, Log: log,
	}
	w.build()
	return w
}

// build makes the handler anew after a change of the options.
func (w *world) build() {
	w.t.Helper()
	var err error
	w.handler, w.routes, err = web.Table(w.options)
	must(w.t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// browser is one cookie jar.
type browser struct {
	w       *world
	cookies map[string]string
	addr    string // where it comes from, "" = this machine
}

func (w *world) browser() *browser { return &browser{w: w, cookies: map[string]string{}} }

// signedIn gives a browser with a session of the firm's owner.
func (w *world) signedIn(f storetest.Firm) *browser {
	return w.session(f.User.ID, f.Tenant.ID, feierabend.RoleOwner)
}

func (w *world) session(u feierabend.UserID, t feierabend.TenantID, role feierabend.Role) *browser {
	w.t.Helper()
	token := signin.NewToken()
	now := w.store.Now()
	must(w.t, w.store.AddSession(context.Background(), feierabend.Session{
		TokenHash: signin.Hash(token), User: u, Tenant: t, Role: role,
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour), ProvedAt: now,
	}))
	b := w.browser()
	b.cookies["s"] = token
	return b
}

// colleague signs in somebody else of the firm, with a role.
func (w *world) colleague(f storetest.Firm, role feierabend.Role) *browser {
	w.t.Helper()
	u := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: feierabend.NewID() + "@" + string(role) + ".example", Name: "Malte " + string(role)}
	must(w.t, w.store.AddUser(context.Background(), u))
	must(w.t, w.store.AddMembership(context.Background(), feierabend.Membership{User: u.ID, Tenant: f.Tenant.ID, Role: role}))
	return w.session(u.ID, f.Tenant.ID, role)
}

// do sends a request as a browser on the same page would, and keeps the cookies.
func (b *browser) do(method, target string, form url.Values, header ...string) *http.Response {
	b.w.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, publicURL+target, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0")
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
			continue
		}
		r.Header.Set(header[i], header[i+1])
	}
	for k, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	r.RemoteAddr = b.addr
	if b.addr == "" {
		r.RemoteAddr = "127.0.0.1:5555"
	}
	rec := httptest.NewRecorder()
	b.w.handler.ServeHTTP(rec, r)
	res := rec.Result()
	for _, c := range res.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return res
}

// page fetches a page that must answer 200 and gives its HTML.
func (b *browser) page(target string) string {
	b.w.t.Helper()
	res := b.do("GET", target, nil)
	body := text(b.w.t, res)
	if res.StatusCode != http.StatusOK {
		b.w.t.Fatalf("GET %s: %d\n%s", target, res.StatusCode, body)
	}
	return body
}

// post sends a form that must answer 303 and gives where it leads.
func (b *browser) post(target string, form url.Values) string {
	b.w.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	res := b.do("POST", target, form)
	if res.StatusCode != http.StatusSeeOther {
		b.w.t.Fatalf("POST %s: %d, want 303\n%s\n%s", target, res.StatusCode, text(b.w.t, res), b.w.logs)
	}
	return res.Header.Get("Location")
}

func text(t testing.TB, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	must(t, err)
	return string(b)
}

// dictated takes in a typed dictation and drafts it.
func (w *world) dictated(f storetest.Firm, id, text string) feierabend.CaseID {
	w.t.Helper()
	ctx := context.Background()
	in := f.Inbound(id, text)
	in.At = w.clock.Now()
	out, err := w.store.Receive(ctx, []feierabend.Inbound{in})
	must(w.t, err)
	if out[0].Code != feierabend.Accepted {
		w.t.Fatalf("outcome %v", out[0])
	}
	must(w.t, w.draft.Run(ctx, feierabend.Job{K: feierabend.JobDraft, Tenant: f.Tenant.ID.String(), Ref: string(out[0].Message)}))
	m, err := w.store.Message(ctx, f.Tenant.ID, out[0].Message)
	must(w.t, err)
	return m.Case
}

// spoken takes in a voice note with a transcript whose words have times.
func (w *world) spoken(f storetest.Firm, id, said string) (feierabend.CaseID, feierabend.MessageID) {
	w.t.Helper()
	ctx := context.Background()
	in := f.Inbound(id, "")
	in.At, in.Kind, in.MediaID, in.MediaType, in.Voice = w.clock.Now(), feierabend.InboundAudio, "media-"+id, "audio/ogg", true
	out, err := w.store.Receive(ctx, []feierabend.Inbound{in})
	must(w.t, err)
	m := out[0].Message
	must(w.t, w.store.AddAudio(ctx, f.Tenant.ID, m, feierabend.AudioInfo{Type: "audio/ogg", Duration: 30 * time.Second}, []byte("Opus")))
	tr := feierabend.Transcript{Text: said, Engine: "local", Duration: 30 * time.Second}
	for i, span := range regexp.MustCompile(`\S+`).FindAllStringIndex(said, -1) {
		from, to := len([]rune(said[:span[0]])), len([]rune(said[:span[1]]))
		at := time.Duration(i) * 400 * time.Millisecond
		tr.Words = append(tr.Words, feierabend.Word{From: from, To: to, Start: at, End: at + 350*time.Millisecond, P: .9})
	}
	job := feierabend.Job{K: feierabend.JobDraft, Tenant: f.Tenant.ID.String(), Ref: string(m)}
	must(w.t, w.store.AddTranscript(ctx, f.Tenant.ID, m, tr, job))
	must(w.t, w.draft.Run(ctx, job))
	msg, err := w.store.Message(ctx, f.Tenant.ID, m)
	must(w.t, err)
	return msg.Case, m
}

// find gives the first group of a pattern in a page.
func find(t testing.TB, page, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no %s in\n%s", pattern, page)
	}
	return m[1]
}
