// Package gates sweeps failpoints (T-02, T-03): every statement, commit, file access
// and call of a flow passes a gate; the sweep refuses them one after the other, once
// and from there on, checks the whole database, lets the world be well again, and
// wants each result exactly once. See docs/decisions/0020.
package gates_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/address"
	"feierabend/internal/book"
	"feierabend/internal/compliance"
	"feierabend/internal/delivery"
	"feierabend/internal/drafting"
	"feierabend/internal/erasure"
	"feierabend/internal/intake"
	"feierabend/internal/invoicing"
	"feierabend/internal/linking"
	"feierabend/internal/notice"
	"feierabend/internal/outbound"
	"feierabend/internal/pdf"
	"feierabend/internal/registration"
	"feierabend/internal/seal"
	"feierabend/internal/secret"
	"feierabend/internal/signin"
	"feierabend/internal/simulator"
	"feierabend/internal/smtp"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
	"feierabend/internal/transcription"
	"feierabend/internal/whatsapp"
)

// mark is a word of the content: it may stand in no error and no log line.
const mark = "Wachtelbrand"

// spoken is what the recogniser hears in every note.
const spoken = "Rechnung für Frau " + mark + ", Zinnobersteig 12 in 25524 Itzehoe, anderthalb Stunden Arbeit, Anfahrt."

// The people with a phone: two that are linked, one that is about to be, a customer.
const (
	hauke = "+4917139200155"
	inken = "+4917139200166"
	malte = "+4917139200177"
	kunde = "+4917139204747"
)

func phones() []string { return []string{hauke, inken, malte, kunde} }

// marks are what no error and no log line may hold.
var marks = []string{mark, "Zinnobersteig", "4917139200155", "25524", "hauke@deichgruen", "app-secret", malte[1:], kunde[1:], "Türkisweiher"}

// world is the product with its real steps on a virtual clock, its jobs worked off
// one after the other, and the simulated outside.
type world struct {
	t      *testing.T
	gate   *gate
	clock  *storetest.Clock
	dsn    string
	engine storetest.Engine
	st     *store.Store
	firm   storetest.Firm
	log    *safeLog
	zone   *time.Location

	sim      *simulator.Simulator
	graph    *httptest.Server
	hook     *hook
	mailAddr string
	letters  *pdf.Renderer

	chat      *whatsapp.Client
	erasure   *erasure.Step
	delivery  *delivery.Step
	invoicing *invoicing.Step
	signin    *signin.Step
	linking   *linking.Step
	book      *book.Step
	handlers  map[feierabend.JobKind]func(context.Context, feierabend.Job) error

	due     map[string]time.Time // of jobs that failed or snoozed
	tries   map[string]int
	inbox   []waiting
	struck  int // strikes after which the database was checked
	skip    map[feierabend.JobKind]bool
	backups string    // a folder
	keys    [2]string // of the content, the current one first

	// of the run under way
	patience int
	begun    int  // messages on the phone before it
	done     bool // the person has done their part
	aim      feierabend.CaseID
	cookie   string
	mails    int
	receipts int // before it
	issued   int // numbers before it
	down     bool
	rounds   int
	people   people
}

// safeLog keeps log lines of several goroutines.
type safeLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *safeLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newWorld makes a world on a fresh database.
func newWorld(t *testing.T, e storetest.Engine) *world {
	t.Helper()
	w := &world{
		t: t, gate: &gate{open: true}, clock: storetest.NewClock(), engine: e, dsn: e.DSN(t), log: &safeLog{},
		due: map[string]time.Time{}, tries: map[string]int{}, skip: map[feierabend.JobKind]bool{},
		backups: t.TempDir(),
		keys:    [2]string{"1:" + storetest.MasterKey, "2:" + seal.RandomKey()},
	}
	// The queue stamps jobs with real time: the virtual clock runs ahead of it.
	w.clock.Advance(time.Until(w.clock.Now()) * -1)
	w.clock.Advance(time.Hour)
	var err error
	w.zone, err = time.LoadLocation("Europe/Berlin")
	must(t, err)
	w.letters, err = pdf.New()
	must(t, err)
	w.outside()
	w.open()
	t.Cleanup(func() { must(t, w.st.Close()) })
	w.firm, _ = storetest.Seed(t, w.st)
	return w
}

// outside starts the simulator, its mailbox and the webhook that keeps deliveries.
func (w *world) outside() {
	t := w.t
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	t.Cleanup(func() { cancel(); running.Wait() })
	sim, err := simulator.New(simulator.Options{AppSecret: "app-secret", VerifyToken: "own-word", Token: "token", Now: w.clock.Now, Retry: []time.Duration{0}})
	must(t, err)
	w.sim, w.graph, w.hook = sim, httptest.NewServer(sim.Handler()), &hook{came: make(chan webhook, 1024)}
	t.Cleanup(w.graph.Close)
	for _, phone := range phones() {
		_, err := sim.AddPhone(simulator.Person{Phone: phone})
		must(t, err)
	}
	hooks := httptest.NewServer(w.hook)
	t.Cleanup(hooks.Close)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	w.mailAddr = ln.Addr().String()
	running.Go(func() { sim.ServeSMTP(ctx, ln) })
	running.Go(func() { sim.Run(ctx) })
	must(t, sim.Connect(ctx, hooks.URL+"/webhooks/whatsapp"))
}

// options are those of the store behind the gate.
func (w *world) options() store.Options {
	o := storetest.Options(w.t, w.dsn, w.clock)
	ring := w.keys[0] + "," + w.keys[1]
	if w.people.dropped {
		ring = w.keys[0]
	}
	keys, err := seal.ParseKeys(ring)
	must(w.t, err)
	o.Keys = keys
	o.Gate, o.Log = w.gate.pass, slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return o
}

// open opens the store and joins the steps, as at a start.
func (w *world) open() {
	w.t.Helper()
	st, err := store.Open(context.Background(), w.options())
	must(w.t, err)
	w.join(st)
}

func (w *world) join(st *store.Store) {
	t, log, now := w.t, slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})), w.clock.Now
	w.st = st
	host, err := url.Parse(w.graph.URL)
	must(t, err)
	registry := compliance.NewRegistry(compliance.Settings{WhatsApp: true, Simulator: []string{host.Host}, SMTP: w.mailAddr, SMTPLoopback: true})
	policy := compliance.New(registry, st)
	out := outbound.New(registry, policy, true)
	out.Gate = w.gate.pass
	w.chat = whatsapp.New(whatsapp.Options{
		Do: out, Base: w.graph.URL, PhoneNumberID: "115577990033441", Token: secret.New("token"), Secrets: []secret.Secret{secret.New("app-secret")}, VerifyToken: secret.New("own-word"), Now: now,
	})
	addr, err := net.ResolveTCPAddr("tcp", w.mailAddr)
	must(t, err)
	mail, err := smtp.New(smtp.Options{
		Host: "127.0.0.1", Port: addr.Port, TLS: smtp.TLSOff, From: "Feierabend <anmelden@feierabend.example>",
		Dial: func(ctx context.Context, f feierabend.TenantID, a string) (net.Conn, error) {
			return out.Dial(ctx, f, compliance.Mail, a)
		},
	})
	must(t, err)
	fetch := intake.New(intake.Options{Store: st, Channel: w.chat, Log: log})
	hear := transcription.New(transcription.Options{Store: st, Policy: policy, Engine: recogniser{w.gate}, Log: log})
	draft := drafting.New(drafting.Options{Store: st, Policy: policy, Zone: w.zone, Now: now, Log: log})
	w.invoicing = invoicing.New(invoicing.Options{Store: st, Renderer: w.letters, Zone: w.zone, Now: now})
	w.delivery = delivery.New(delivery.Options{Store: st, Channel: w.chat, Contact: "hilfe@feierabend.example", Zone: w.zone, Now: now, Log: log})
	w.erasure = erasure.New(erasure.Options{Store: st, Log: log})
	w.signin, err = signin.New(signin.Options{
		Directory: st, Links: st, Sessions: st, Proofs: st, Recoveries: st, Mailer: mail, CodeKey: bytes.Repeat([]byte{7}, 32),
		PublicURL: "http://localhost", Zone: w.zone, Now: now, NewID: feierabend.NewID, Log: log,
	})
	must(t, err)
	w.book = book.New(book.Options{Store: st, Place: registration.Place})
	w.linking, err = linking.New(linking.Options{
		Store: st, Channel: w.chat, Mailer: mail, ReadPhone: address.ReadPhone, PublicURL: "http://localhost", Now: now, NewID: feierabend.NewID, Log: log,
	})
	must(t, err)
	tell, err := notice.New(notice.Options{Store: st, Mailer: mail, PublicURL: "http://localhost", Zone: w.zone})
	must(t, err)
	w.handlers = map[feierabend.JobKind]func(context.Context, feierabend.Job) error{
		feierabend.JobFetch: fetch.Fetch, feierabend.JobTranscribe: hear.Run, feierabend.JobDraft: draft.Run, feierabend.JobAnswer: draft.Press,
		feierabend.JobIssue: w.invoicing.Press, feierabend.JobConfirm: w.erasure.Press, feierabend.JobHold: w.delivery.Press,
		feierabend.JobSend: w.delivery.Send, feierabend.JobForget: w.delivery.Forget, feierabend.JobMail: w.signin.Mail,
		feierabend.JobLinkAsk: w.linking.Ask, feierabend.JobLinkMail: w.linking.Mail, feierabend.JobNotice: tell.Send,
		feierabend.JobScrub: w.erasure.Scrub, feierabend.JobRewrite: w.erasure.Rewrite, feierabend.JobSweep: w.erasure.Sweep,
	}
}

// recogniser hears the same words in every note; the model itself takes seconds.
type recogniser struct{ gate *gate }

func (r recogniser) Transcribe(context.Context, []byte, feierabend.RecognitionOptions) (feierabend.Recognition, error) {
	if err := r.gate.pass("speech"); err != nil {
		return feierabend.Recognition{}, &feierabend.Error{Kind: feierabend.Unavailable, Code: "speech_ill", Err: err}
	}
	words := strings.Fields(spoken)
	win := feierabend.HeardWindow{End: 6 * time.Second, Text: spoken, P: 0.97, NoSpeech: 0.01, German: 0.99, Compression: 1.3}
	for i, x := range words {
		at := time.Duration(i) * 400 * time.Millisecond
		win.Words = append(win.Words, feierabend.HeardWord{Text: " " + x, Start: at, End: at + 300*time.Millisecond, P: 0.97})
	}
	return feierabend.Recognition{Engine: "local", Model: "script", Type: "audio/ogg", Duration: 6 * time.Second, Peak: 0.5, Windows: []feierabend.HeardWindow{win}}, nil
}

// webhook is one delivery of the simulator.
type webhook struct {
	header http.Header
	body   []byte
}

// hook answers the handshake and keeps the deliveries for the one thread of the test.
type hook struct {
	came chan webhook
	seen int // taken ever
}

// ServeHTTP is the webhook's address.
func (h *hook) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		io.WriteString(rw, r.URL.Query().Get("hub.challenge"))
		return
	}
	b, err := io.ReadAll(r.Body)
	if err != nil {
		rw.WriteHeader(http.StatusBadRequest)
		return
	}
	h.came <- webhook{r.Header.Clone(), b}
}

// take gives what came since the last time; in all it waits for want deliveries.
func (h *hook) take(want int) (all []webhook, err error) {
	for h.seen < want {
		select {
		case d := <-h.came:
			h.seen++
			all = append(all, d)
		case <-time.After(20 * time.Second):
			return nil, fmt.Errorf("%d of %d deliveries came", h.seen, want)
		}
	}
	return all, nil
}
