package main

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/secret"
	"feierabend/internal/simulator"
	"feierabend/internal/store"
)

//go:embed demo
var demoFiles embed.FS

// Facts of the demo that scripts and pages rely on.
const (
	demoNumber    = "+4930231250420" // the business number people speak to
	demoOwner     = "+4917139200155" // Hauke Deichgrün, the first phone
	demoEmail     = "hauke@deichgruen.example"
	demoFirstNote = "shk-05.ogg"
)

// demoWorld stands in for the world outside: WhatsApp with a phone, a mailbox.
type demoWorld struct {
	sim      *simulator.Simulator // nil when another process simulates
	settings simulator.Settings
	phoneURL string
	mailURL  string
	hosts    []string
	webhook  string
	stops    []func()
}

// openDemo seeds two firms and starts the simulator or finds the running one;
// it fills in the settings of WhatsApp and mail.
func openDemo(ctx context.Context, cfg *config, st *store.Store, publicURL string) (*demoWorld, error) {
	if err := seedDemo(ctx, st); err != nil {
		return nil, err
	}
	w := &demoWorld{webhook: publicURL + "/webhooks/whatsapp"}
	var err error
	if cfg.Simulator != "" {
		err = w.find(ctx, strings.TrimSuffix(cfg.Simulator, "/"))
	} else {
		err = w.build(ctx, *cfg)
	}
	if err != nil {
		w.close()
		return nil, err
	}
	w.mailURL = w.phoneURL + "/postfach"
	w.hosts = []string{hostOf(w.phoneURL)}
	cfg.WhatsAppURL, cfg.WhatsAppNumber = w.phoneURL, w.settings.PhoneNumberID
	cfg.WhatsAppToken, cfg.WhatsAppSecret, cfg.WhatsAppVerify = secret.New(w.settings.Token), secret.New(w.settings.AppSecret), secret.New(w.settings.VerifyToken)
	if w.settings.SMTP != "" {
		host, port, err := net.SplitHostPort(w.settings.SMTP)
		if err != nil {
			return nil, fmt.Errorf("simulator's mail address: %w", err)
		}
		cfg.SMTPHost, cfg.SMTPTLS = host, "off"
		if cfg.SMTPPort, err = strconv.Atoi(port); err != nil {
			return nil, fmt.Errorf("simulator's mail port: %w", err)
		}
	}
	if cfg.MailFrom == "" {
		cfg.MailFrom = "Feierabend <feierabend@deichgruen.example>"
	}
	if cfg.Operator == "" {
		cfg.Operator = "betrieb@feierabend.example (Probebetrieb)"
	}
	return w, nil
}

// build starts the built-in simulator with a mailbox, both on loopback.
func (w *demoWorld) build(ctx context.Context, cfg config) error {
	ln, err := listen("FEIERABEND_SIMULATOR_LISTEN", cfg.SimulatorAt, true)
	if err != nil {
		return err
	}
	mail, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		ln.Close()
		return listenError("FEIERABEND_SIMULATOR_LISTEN", "127.0.0.1:0", err)
	}
	notes, err := fs.Sub(demoFiles, "demo/notes")
	if err != nil {
		return err
	}
	w.phoneURL = "http://" + ln.Addr().String()
	w.settings = simulator.Settings{
		PhoneNumberID: "115577990033441", Token: orRandom(cfg.WhatsAppToken.Reveal()), AppSecret: orRandom(cfg.WhatsAppSecret.Reveal()),
		VerifyToken: orRandom(cfg.WhatsAppVerify.Reveal()), SMTP: mail.Addr().String(),
	}
	w.sim, err = simulator.New(simulator.Options{
		Notes: notes, BaseURL: w.phoneURL, AppSecret: splitList(w.settings.AppSecret)[0], VerifyToken: w.settings.VerifyToken, Token: w.settings.Token,
		PhoneNumberID: w.settings.PhoneNumberID, Number: demoNumber, SMTPAddr: w.settings.SMTP, Now: time.Now,
	})
	if err != nil {
		ln.Close()
		mail.Close()
		return err
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	srv := bounded(w.sim.Handler())
	w.stops = append(w.stops, cancel, func() { srv.Close() }, func() { mail.Close() })
	go srv.Serve(ln)
	go w.sim.ServeSMTP(run, mail)
	go w.sim.Run(run)
	return nil
}

// find asks a running `feierabend simulate whatsapp` for what it expects of us.
func (w *demoWorld) find(ctx context.Context, url string) error {
	w.phoneURL = url
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/sim/v1/settings", nil)
	if err != nil {
		return usage("FEIERABEND_SIMULATOR ist keine Adresse.")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return failure("simulator", err, "Unter FEIERABEND_SIMULATOR antwortet kein Simulator. Bitte zuerst starten: feierabend simulate whatsapp")
	}
	defer res.Body.Close()
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<16)).Decode(&w.settings); err != nil || w.settings.Token == "" {
		return failure("simulator", err, "Unter FEIERABEND_SIMULATOR antwortet etwas anderes als ein Simulator dieser Version.")
	}
	return nil
}

// connect registers our webhook, once our own pages answer.
func (w *demoWorld) connect(ctx context.Context) error {
	if w.sim != nil {
		return w.sim.Connect(ctx, w.webhook)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.phoneURL+"/sim/v1/connect", strings.NewReader("webhook="+w.webhook))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return failure("simulator", err, "Der Simulator unter FEIERABEND_SIMULATOR antwortet nicht mehr.")
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return failure("simulator", nil, "Der Simulator konnte den Webhook nicht anmelden.")
	}
	return nil
}

// firstNote sends one shipped note from the first phone, so that the dashboard
// has something to show; it only does so in a fresh demo.
func (r *running) firstNote(ctx context.Context) error {
	if r.demo.sim == nil {
		return nil
	}
	ts, err := r.store.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, t := range ts {
		cases, err := r.store.Cases(ctx, t.ID)
		if err != nil {
			return err
		}
		receipts, err := r.store.Receipts(ctx, t.ID)
		if err != nil {
			return err
		}
		if len(cases)+len(receipts) > 0 {
			return nil
		}
	}
	_, err = r.demo.sim.SendNote(demoOwner, demoFirstNote)
	return err
}

func (w *demoWorld) close() {
	for i := len(w.stops) - 1; i >= 0; i-- {
		w.stops[i]()
	}
	w.stops = nil
}

func orRandom(s string) string {
	if s != "" {
		return s
	}
	return rand.Text()
}

// seedDemo makes the two firms of every demo, each once. A folder that holds other
// firms only is left as it is.
func seedDemo(ctx context.Context, st *store.Store) error {
	ts, err := st.Tenants(ctx)
	if err != nil {
		return err
	}
	var missing []newTenant
	firms := []newTenant{
		{Name: "demo/deichgruen.json", Owner: "Hauke Deichgrün", Email: demoEmail, Phone: demoOwner},
		{Name: "demo/nordlicht.json", Owner: "Inken Nord", Email: "inken@nordlicht.example", Phone: "+4917139200166"},
	}
	for _, n := range firms {
		_, err := st.UserByEmail(ctx, n.Email)
		if feierabend.KindOf(err) == feierabend.NotFound {
			missing = append(missing, n)
		} else if err != nil {
			return err
		}
	}
	if len(ts) > 0 && len(missing) == len(firms) {
		return nil
	}
	for _, n := range missing {
		b, err := demoFiles.ReadFile(n.Name)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(b, &n.Profile); err != nil {
			return fmt.Errorf("read %s: %w", n.Name, err)
		}
		n.Name = n.Profile.Seller.Name
		if _, err := n.create(ctx, st); err != nil {
			return err
		}
	}
	return nil
}
