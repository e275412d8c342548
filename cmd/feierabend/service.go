package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"time"

	"feierabend"
	"feierabend/internal/address"
	"feierabend/internal/book"
	"feierabend/internal/compliance"
	"feierabend/internal/delivery"
	"feierabend/internal/digest"
	"feierabend/internal/drafting"
	"feierabend/internal/erasure"
	"feierabend/internal/intake"
	"feierabend/internal/invoicing"
	"feierabend/internal/jobs"
	"feierabend/internal/linking"
	"feierabend/internal/notice"
	"feierabend/internal/outbound"
	"feierabend/internal/pdf"
	"feierabend/internal/profile"
	"feierabend/internal/registration"
	"feierabend/internal/seal"
	"feierabend/internal/signin"
	"feierabend/internal/speech"
	"feierabend/internal/store"
	"feierabend/internal/team"
	"feierabend/internal/transcription"
	"feierabend/internal/tryout"
	"feierabend/internal/web"
	"feierabend/internal/whatsapp"
)

// service is the joined product: pages, webhook and jobs over one store.
type service struct {
	cfg       config
	log       *slog.Logger
	zone      *time.Location
	store     *store.Store
	policy    *compliance.Policy
	chat      *whatsapp.Client
	speech    *speech.Engine
	models    *speech.Models
	intake    *intake.Step
	transcr   *transcription.Step
	drafting  *drafting.Step
	invoicing *invoicing.Step
	delivery  *delivery.Step
	erasure   *erasure.Step
	signin    *signin.Step
	linking   *linking.Step
	profile   *profile.Step
	book      *book.Step
	register  *registration.Step
	team      *team.Step
	notice    *notice.Step
	digests   *digest.Planner
	digest    *digest.Step
	tryout    *tryout.Step // nil = not offered
	heart     *jobs.Heart
	jobs      *jobs.Runner // nil without the role worker
	pages     http.Handler
}

// surroundings are the addresses that only the start knows.
type surroundings struct {
	publicURL string
	phoneURL  string // demo only
	mailURL   string // demo only
	number    string // that people speak to, E.164
	simulator []string
	outside   outside
	logs      *logs // nil = none are kept
}

// join builds the service. Nothing runs yet and nobody is contacted.
func join(cfg config, st *store.Store, root *seal.Root, at surroundings, log *slog.Logger) (*service, error) {
	s := &service{cfg: cfg, store: st, log: log}
	var err error
	if at.number == "" && cfg.WhatsAppPhone != "" {
		var ok bool
		if at.number, ok = address.ReadPhone(cfg.WhatsAppPhone); !ok {
			return nil, usage("FEIERABEND_WHATSAPP_NUMBER ist keine vollständige Telefonnummer. Bitte mit Ländervorwahl angeben, zum Beispiel +49 30 23125042.")
		}
	}
	if s.zone, err = time.LoadLocation("Europe/Berlin"); err != nil {
		return nil, fmt.Errorf("load zone: %w", err)
	}
	registry := compliance.NewRegistry(compliance.Settings{
		WhatsApp: cfg.WhatsAppNumber != "", Simulator: at.simulator,
		SMTP: cfg.smtpAddr(), SMTPLoopback: cfg.onLoopback(),
		Models: !cfg.demo(),
	})
	s.policy = compliance.New(registry, st)
	out := outbound.New(registry, s.policy, cfg.onLoopback())
	if at.outside, err = at.outside.orReal(cfg, out); err != nil {
		return nil, err
	}
	s.chat = whatsapp.New(whatsapp.Options{
		Do: at.outside.chat, Base: cfg.WhatsAppURL, Version: cfg.WhatsAppAPI, PhoneNumberID: cfg.WhatsAppNumber,
		Token: cfg.WhatsAppToken, Secrets: secretList(cfg.WhatsAppSecret), VerifyToken: cfg.WhatsAppVerify, Now: s.store.Now,
	})
	if err := s.joinSignIn(root, at); err != nil {
		return nil, err
	}
	if err := s.joinSteps(at); err != nil {
		return nil, err
	}
	if err := s.joinEdges(at); err != nil {
		return nil, err
	}
	return s, nil
}

// joinSignIn joins how people get in: others hand codes on to it.
func (s *service) joinSignIn(root *seal.Root, at surroundings) (err error) {
	s.signin, err = signin.New(signin.Options{
		Directory: s.store, Links: s.store, Sessions: s.store, Proofs: s.store, Recoveries: s.store, Mailer: at.outside.mail, CodeKey: codeKey(root), Keys: s.store, OperatorByMail: s.cfg.demo(),
		PublicURL: at.publicURL, Zone: s.zone, Now: s.store.Now, NewID: at.outside.newID, Log: s.log,
		Arrive: func(ctx context.Context, u feierabend.UserID) (feierabend.UserID, error) {
			return s.register.Complete(ctx, u)
		},
	})
	return err
}

func (s *service) joinSteps(at surroundings) error {
	s.models = modelStore(s.cfg)
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find own program: %w", err)
	}
	s.speech = speech.New(speech.Options{Executable: exe, Log: s.log, Threads: s.cfg.SpeechThreads, ModelPath: s.modelPath, Now: time.Now})
	renderer, err := pdf.New()
	if err != nil {
		return fmt.Errorf("prepare letter: %w", err)
	}
	recogniser := at.outside.speech
	if recogniser == nil {
		recogniser = s.speech
	}
	s.intake = intake.New(intake.Options{Store: s.store, Channel: s.chat, Log: s.log})
	s.transcr = transcription.New(transcription.Options{Store: s.store, Policy: s.policy, Engine: recogniser, Log: s.log})
	s.drafting = drafting.New(drafting.Options{Store: s.store, Policy: s.policy, Proofs: s.signin, Zone: s.zone, Now: s.store.Now, Log: s.log})
	s.invoicing = invoicing.New(invoicing.Options{Store: s.store, Renderer: renderer, Zone: s.zone, Now: s.store.Now})
	s.delivery = delivery.New(delivery.Options{
		Store: s.store, Channel: s.chat, Contact: s.cfg.Operator, Zone: s.zone, Now: s.store.Now, Log: s.log,
		StopURL:    s.signin.StopURL,
		CaseURL:    func(c feierabend.CaseID) string { return at.publicURL + "/v/" + string(c) },
		ReceiptURL: func(r feierabend.ReceiptID) string { return at.publicURL + "/q/" + string(r) },
	})
	s.profile = profile.New(profile.Options{Store: s.store})
	s.book = book.New(book.Options{Store: s.store, Place: registration.Place})
	if err := s.joinTryout(renderer); err != nil {
		return err
	}
	s.erasure = erasure.New(erasure.Options{Store: s.store, Log: s.log})
	if s.linking, err = linking.New(linking.Options{
		Store: s.store, Channel: s.chat, Mailer: at.outside.mail, ReadPhone: address.ReadPhone, Number: at.number,
		PublicURL: at.publicURL, Now: s.store.Now, NewID: at.outside.newID, Log: s.log,
	}); err != nil {
		return err
	}
	var text feierabend.ContractText // of live mode: comes with the contract part, and until then nobody registers
	if s.cfg.demo() {
		text = registration.Demonstration()
	}
	s.register, err = registration.New(registration.Options{
		Store: s.store, Links: s.signin, Mailer: at.outside.mail, Text: text, Zone: s.zone, Now: s.store.Now, NewID: at.outside.newID, Log: s.log,
	})
	if err != nil {
		return err
	}
	if s.notice, err = notice.New(notice.Options{Store: s.store, Mailer: at.outside.mail, PublicURL: at.publicURL, Zone: s.zone}); err != nil {
		return err
	}
	s.digests = &digest.Planner{Store: s.store, Zone: s.zone, Now: s.store.Now}
	if s.digest, err = digest.New(digest.Options{Store: s.store, Mailer: at.outside.mail, PublicURL: at.publicURL, Now: s.store.Now}); err != nil {
		return err
	}
	s.team, err = team.New(team.Options{Store: s.store, Mailer: at.outside.mail, PublicURL: at.publicURL, Zone: s.zone, Now: s.store.Now, NewID: at.outside.newID})
	return err
}

func (s *service) joinEdges(at surroundings) error {
	roles, err := s.cfg.roles()
	if err != nil {
		return err
	}
	s.heart = jobs.NewHeart(jobs.HeartOptions{
		Processes: s.store, Alone: s.store.SQL() != nil, Log: s.log,
		Process: feierabend.Process{ID: feierabend.NewID(), Roles: roles, StartedAt: time.Now()},
	})
	if slices.Contains(roles, feierabend.ServesWork) {
		if s.jobs, err = s.runner(s.handlers()); err != nil {
			return err
		}
	}
	mode := web.ModeLive
	if s.cfg.demo() {
		mode = web.ModeDemo
	}
	proxies, err := s.cfg.proxies()
	if err != nil {
		return err
	}
	o := web.Options{
		Directory: s.store, Cases: s.store, Messages: s.store, Documents: s.store, Receipts: s.store, Accept: s.store,
		Channel: s.chat, SignIn: s.signin, Devices: s.signin, StepUp: s.signin, Team: s.team, Drafting: s.drafting, Invoicing: s.invoicing, Delivery: s.delivery, Erasure: s.erasure, Registration: s.register,
		Profile: s.profile, Book: s.book,
		Clip: s.speech.Clip, ReceiptJSON: seal.ExportReceipt, RecipientName: s.policy.Registry().Name, Seen: s.seen,
		Linking: s.linking, Numbers: s.store, Passkeys: s.signin, Operations: s.store,
		Health:    []func(context.Context) []feierabend.Health{s.checkDatabase, s.checkWorkers, s.erasure.Health},
		PublicURL: at.publicURL, Mode: mode, Proxies: proxies, PhoneURL: at.phoneURL, MailURL: at.mailURL, Number: at.number,
		Zone: s.zone, Now: s.store.Now, Log: s.log, Visit: at.logs.visit, Security: at.logs.event,
	}
	if s.tryout != nil { // a nil pointer in an interface would not be nil
		o.Try = s.tryout
	}
	s.pages, err = web.New(o)
	return err
}

// seen hands what came of a message on, after the answer to the webhook.
func (s *service) seen(in feierabend.Inbound, o feierabend.Outcome) {
	s.intake.Seen(in, o)
	s.linking.Heard(in, o)
}

// runner works jobs with the handlers.
func (s *service) runner(handlers map[feierabend.JobKind]jobs.Handler) (*jobs.Runner, error) {
	return jobs.New(jobs.Options{
		SQL: s.store.SQL(), Pool: s.store.Pool(), Heart: s.heart, Queue: s.store, Handlers: handlers, GaveUp: s.gaveUp, Log: s.log,
		Periodic: map[feierabend.JobKind]time.Duration{feierabend.JobSweep: time.Minute, feierabend.JobDigests: time.Minute},
	})
}

// handlers ties each kind of job to its step.
func (s *service) handlers() map[feierabend.JobKind]jobs.Handler {
	return map[feierabend.JobKind]jobs.Handler{
		feierabend.JobFetch:      s.intake.Fetch,
		feierabend.JobTranscribe: s.transcr.Run,
		feierabend.JobDraft:      s.drafting.Run,
		feierabend.JobAnswer:     s.drafting.Press,
		feierabend.JobIssue:      s.invoicing.Press,
		feierabend.JobConfirm:    s.erasure.Press,
		feierabend.JobHold:       s.delivery.Press,
		feierabend.JobLinkAsk:    s.linking.Ask,
		feierabend.JobLinkMail:   s.linking.Mail,
		feierabend.JobLinkPause:  s.linking.Paused,
		feierabend.JobLinkPress:  s.linking.Press,
		feierabend.JobForwarded:  s.intake.Press,
		feierabend.JobSend:       s.delivery.Send,
		feierabend.JobForget:     s.delivery.Forget,
		feierabend.JobMail:       s.signin.Mail,
		feierabend.JobAddress:    s.signin.AddressMail,
		feierabend.JobRegister:   s.register.Mail,
		feierabend.JobInvite:     s.team.Mail,
		feierabend.JobRecover:    s.signin.Recover,
		feierabend.JobNotice:     s.notice.Send,
		feierabend.JobDigests:    s.digests.Evening,
		feierabend.JobDigest:     s.digest.Send,
		feierabend.JobScrub:      s.erasure.Scrub,
		feierabend.JobRewrite:    s.erasure.Rewrite,
		feierabend.JobSweep:      s.erasure.Sweep,
	}
}

// gaveUp gives a message whose job used up its tries its visible outcome.
func (s *service) gaveUp(ctx context.Context, j feierabend.Job, code string) {
	reason := map[feierabend.JobKind]string{
		feierabend.JobFetch:      feierabend.ReasonMediaExpired,
		feierabend.JobTranscribe: feierabend.ReasonSpeechFailed,
		feierabend.JobDraft:      feierabend.ReasonDraftFailed,
		feierabend.JobAnswer:     feierabend.ReasonPressFailed,
		feierabend.JobIssue:      feierabend.ReasonPressFailed,
		feierabend.JobConfirm:    feierabend.ReasonPressFailed,
		feierabend.JobHold:       feierabend.ReasonPressFailed,
		feierabend.JobLinkPress:  feierabend.ReasonPressFailed,
		feierabend.JobForwarded:  feierabend.ReasonPressFailed,
	}[j.K]
	if reason == "" {
		return
	}
	t, err := feierabend.ParseTenantID(j.Tenant)
	if err != nil {
		return
	}
	m, err := s.store.Message(ctx, t, feierabend.MessageID(j.Ref))
	if err != nil || m.State == feierabend.MessageDone || m.State == feierabend.MessageFailed {
		return
	}
	about := m.Case
	if b, ok := feierabend.ParseButton(m.Button); ok { // the page it belongs to, while there is one
		if _, err := s.store.Case(ctx, t, b.Case); err == nil {
			about = b.Case
		}
	}
	out := feierabend.Outgoing{Sender: m.Sender.ID, Case: about, Kind: feierabend.OutFailed, Ref: reason, ReplyTo: m.ID}
	if err := s.store.FinishMessage(ctx, t, m.ID, feierabend.MessageFailed, reason, out); err != nil {
		s.log.Error("message without outcome", "kind", string(j.K), "ref", j.Ref, "code", code, "err", err)
	}
}

func (c config) smtpAddr() string {
	if c.SMTPHost == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", c.SMTPHost, c.SMTPPort)
}

// hostOf is the host:port of a URL, for the registry's rows of the demo.
func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Host
}
