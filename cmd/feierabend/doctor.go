package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/compliance"
	"feierabend/internal/outbound"
	"feierabend/internal/smtp"
	"feierabend/internal/store"
	"feierabend/internal/whatsapp"
)

// The three kinds of a doctor's line; a finding makes the exit code 1.
const (
	lineGood    = "gut     "
	lineNote    = "Hinweis "
	lineFinding = "BEFUND  "
)

// report collects the lines of the doctor.
type report struct{ w io.Writer }

func (r report) good(format string, a ...any)    { fmt.Fprintf(r.w, lineGood+format+"\n", a...) }
func (r report) note(format string, a ...any)    { fmt.Fprintf(r.w, lineNote+format+"\n", a...) }
func (r report) finding(format string, a ...any) { fmt.Fprintf(r.w, lineFinding+format+"\n", a...) }

// cmdDoctor is `feierabend doctor`: says of settings, machine and database what is
// well and what is not. It changes nothing but for --accept-clock.
func cmdDoctor(ctx context.Context, args []string, env environment, _ io.Reader, stdout, _ io.Writer) error {
	fs := flag.NewFlagSet("doctor", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	live := fs.Bool("live", false, "")
	accept := fs.Bool("accept-clock", false, "")
	if fs.Parse(args) != nil || fs.NArg() > 0 {
		return usage("feierabend doctor [--live] [--accept-clock]")
	}
	cfg, err := loadConfig(env)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	r := report{&out}
	r.settings(cfg)
	r.machine()
	if cfg.DatabaseURL.Empty() {
		r.folder(cfg.dataPath())
	}
	if path, err := modelStore(cfg).Path(cfg.Model); err != nil {
		r.finding("Sprachmodell %s fehlt: Sprachnachrichten warten, bis es da ist. feierabend model pull holt es.", cfg.Model)
	} else {
		r.good("Sprachmodell %s", path)
	}
	r.database(ctx, cfg, env, *accept)
	r.recipients(ctx, cfg, *live)
	if _, err := stdout.Write(out.Bytes()); err != nil {
		return err
	}
	n := bytes.Count(append([]byte("\n"), out.Bytes()...), []byte("\n"+lineFinding))
	if n > 0 {
		return failure("doctor", fmt.Errorf("%d findings", n), "%d Befunde stehen oben.", n)
	}
	return nil
}

// settings prints what is set, secrets only as set.
func (r report) settings(cfg config) {
	v := reflect.ValueOf(cfg)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name := f.Tag.Get("env")
		if name == "" {
			continue
		}
		text := fmt.Sprint(v.Field(i).Interface())
		if f.Tag.Get("secret") != "" {
			if text = cfg.vault.how(name); text == "nicht gesetzt" {
				continue
			}
		}
		if text == "" || text == f.Tag.Get("default") {
			continue
		}
		r.good("%s = %s", name, text)
	}
	r.note("%s", cfg.vault.source().Sentence())
	for _, err := range []error{cfg.checkLive(), cfg.checkSealed()} {
		if err != nil {
			r.finding("%s", sentence(err))
		}
	}
}

// database looks at the version first: an old or missing database is not touched.
func (r report) database(ctx context.Context, cfg config, env environment, accept bool) {
	have, want, err := store.SchemaVersions(ctx, store.Options{DSN: cfg.dsn(), MigrateDSN: cfg.DatabaseOwner.Reveal()})
	switch {
	case err != nil:
		r.finding("%s", sentence(err))
		return
	case have == 0:
		r.note("Eine Datenbank gibt es noch nicht; der erste Start oder feierabend migrate legt sie an.")
		return
	case have < want:
		r.finding("Die Datenbank hat Schema %d, dieses Programm arbeitet mit %d. feierabend migrate stellt sie um.", have, want)
		return
	case have > want:
		r.finding("Die Datenbank gehört zu einer neueren Version von Feierabend (Schema %d, dieses Programm kennt %d).", have, want)
		return
	}
	var args []string
	if accept {
		args = []string{"--accept-clock"}
	}
	if err := viaStore("doctor")(ctx, args, env, strings.NewReader(""), r.w, io.Discard); err != nil {
		r.finding("%s", sentence(err))
	}
}

// adminDoctor looks at the open database.
func adminDoctor(ctx context.Context, st *store.Store, args []string, _ io.Reader, stdout io.Writer) error {
	r := report{stdout}
	if len(args) == 1 && args[0] == "--accept-clock" {
		at, err := st.AcceptClock(ctx, feierabend.Actor{Via: feierabend.ViaCLI})
		if err != nil {
			return err
		}
		r.good("Die Uhr gilt: %s", at.Local().Format("02.01.2006, 15:04:05"))
	}
	i, err := st.Inspect(ctx)
	if err != nil {
		return err
	}
	wall, _ := clocks()
	r.inspection(i, st.ClockHealth(), wall())
	v, err := st.QueueView(ctx)
	if err != nil {
		return err
	}
	r.mails(v)
	return nil
}

// inspection says what the database is like; now is the machine's clock.
func (r report) inspection(i feierabend.Inspection, clock feierabend.Health, now time.Time) {
	r.good("Datenbank %s %s, Schema %d, %d Firmen", i.Engine, i.Version, i.Schema, i.Tenants)
	for _, code := range i.Unprovable {
		r.finding("Löschungen lassen sich auf dieser Datenbank nicht beweisen: %s (docs/postgresql.md nennt die Abhilfe)", code)
	}
	if i.Unfenced {
		r.finding("Die Rolle des Dienstes geht am Zeilenschutz vorbei. Bitte eine eigene Rolle geben (docs/postgresql.md).")
	}
	if d := store.ClockDrift(i, now); d > time.Minute {
		r.finding("Die Uhren von Rechner und Datenbank gehen %s auseinander. Bitte die Zeit abgleichen.", d.Round(time.Second))
	}
	if clock.Level == feierabend.HealthRed {
		r.finding("Der Uhr wird nicht geglaubt, es wird nichts gelöscht (%s). Uhr stellen oder mit --accept-clock bestätigen.", clock.Code)
	}
	switch ago := now.Sub(i.LastSweep); {
	case i.LastSweep.IsZero():
		r.note("Der Löschdienst lief hier noch nie.")
	case ago > 2*time.Hour:
		r.finding("Der Löschdienst lief zuletzt vor %s. Läuft ein Prozess mit der Rolle worker?", ago.Round(time.Minute))
	default:
		r.good("Löschdienst zuletzt vor %s", ago.Round(time.Second))
	}
	if i.Pending > 0 {
		r.note("%d Löschungen warten auf ihren Beweis (feierabend erase --verify wiederholt ihn).", i.Pending)
	}
}

// recipients names everybody who may be reached, and with live calls them harmlessly.
func (r report) recipients(ctx context.Context, cfg config, live bool) {
	loopback := cfg.demo() || cfg.SMTPTLS == "off"
	registry := compliance.NewRegistry(compliance.Settings{
		WhatsApp: cfg.WhatsAppNumber != "", Simulator: cfg.simulatorHere(), SMTP: cfg.smtpAddr(), SMTPLoopback: loopback, Models: !cfg.demo(),
	})
	for _, row := range registry {
		if len(row.Hosts) > 0 {
			r.good("erreichbar: %s (%s)", row.Name, strings.Join(row.Hosts, ", "))
		}
	}
	if loopback {
		r.note("Verbindungen zu diesem Rechner selbst sind erlaubt (Probebetrieb oder FEIERABEND_SMTP_TLS=off).")
	}
	if !live {
		return
	}
	out := outbound.New(registry, nil, loopback)
	defer out.Close()
	if cfg.WhatsAppNumber != "" {
		chat := whatsapp.New(whatsapp.Options{Do: out, Base: cfg.WhatsAppURL, Version: cfg.WhatsAppAPI, PhoneNumberID: cfg.WhatsAppNumber, Token: cfg.WhatsAppToken, Now: time.Now})
		r.answer("WhatsApp", chat.Ping(ctx))
	}
	m, err := mailer(cfg, out)
	if s, ok := m.(*smtp.Sender); ok && err == nil {
		r.answer("Mailserver", s.Ping(ctx))
	}
	if err != nil {
		r.finding("%s", sentence(err))
	}
}

func (r report) answer(who string, err error) {
	var e *feierabend.Error
	switch {
	case err == nil:
		r.good("%s antwortet", who)
	case errors.As(err, &e):
		r.finding("%s antwortet nicht wie erwartet (%s).", who, feierabend.CodeOf(err))
	default:
		r.finding("%s antwortet nicht.", who)
	}
}
