package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"time"

	"feierabend"
	"feierabend/internal/book"
	"feierabend/internal/delivery"
	"feierabend/internal/drafting"
	"feierabend/internal/erasure"
	"feierabend/internal/invoicing"
	"feierabend/internal/linking"
	"feierabend/internal/profile"
	"feierabend/internal/registration"
	"feierabend/internal/seal"
	"feierabend/internal/secret"
	"feierabend/internal/signin"
	"feierabend/internal/team"
	"feierabend/internal/web"
	"feierabend/internal/whatsapp"
)

// edgeTask is what `bench edge` serves.
type edgeTask struct {
	DSN, Migrate, Scrub string
	Profile             string // file for a profile of the processor; "" = none
}

// runEdge serves pages and webhook of the product over its store, without the runner
// of jobs: the binary itself has no such mode on SQLite. It ends when stdin does.
func runEdge(ctx context.Context, stdin io.Reader, stdout io.Writer) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // as serve
	}
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 2) // as serve
	}
	in := bufio.NewReader(stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	var t edgeTask
	if err := json.Unmarshal(line, &t); err != nil {
		return err
	}
	d := &database{dsn: t.DSN, migrate: t.Migrate, scrub: t.Scrub}
	st, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	url := "http://" + ln.Addr().String()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	sign, err := signin.New(signin.Options{
		Directory: st, Links: st, Sessions: st, Proofs: st, Recoveries: st, Mailer: noMail{}, CodeKey: make([]byte, 32), PublicURL: url, Now: time.Now, NewID: feierabend.NewID, Log: log,
	})
	if err != nil {
		return err
	}
	firms, err := registration.New(registration.Options{Store: st, Links: sign, Mailer: noMail{}, Zone: time.UTC, Now: time.Now, NewID: feierabend.NewID})
	if err != nil {
		return err
	}
	people, err := team.New(team.Options{Store: st, Mailer: noMail{}, PublicURL: url, Zone: time.UTC, Now: time.Now, NewID: feierabend.NewID})
	if err != nil {
		return err
	}
	pages, err := web.New(web.Options{
		Directory: st, Cases: st, Messages: st, Documents: st, Receipts: st, Accept: st,
		Channel: whatsapp.New(whatsapp.Options{PhoneNumberID: phoneNumberID, Secrets: []secret.Secret{secret.New(appSecret)}, VerifyToken: secret.New("bench-verify"), Now: time.Now}),
		SignIn:  sign, Devices: sign, StepUp: sign, Team: people, Drafting: &drafting.Step{}, Invoicing: &invoicing.Step{}, Delivery: &delivery.Step{}, Erasure: erasure.New(erasure.Options{Store: st, Log: log}), Registration: firms, // the empty ones are not asked by what is measured
		Profile: &profile.Step{}, Book: &book.Step{}, Linking: &linking.Step{}, Numbers: st, Passkeys: sign, Operations: st,
		Clip: func(context.Context, []byte, time.Duration, time.Duration) ([]byte, error) {
			return nil, errors.ErrUnsupported
		},
		ReceiptJSON: seal.ExportReceipt, PublicURL: url, Mode: web.ModeLive, Number: ownNumber, Now: time.Now, Log: log,
	})
	if err != nil {
		return err
	}
	if t.Profile != "" {
		f, err := os.Create(t.Profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	srv := &http.Server{Handler: pages, MaxHeaderBytes: 64 << 10, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute}
	go srv.Serve(ln)
	defer srv.Close()
	fmt.Fprintf(stdout, "bereit: %s\n", url)
	io.Copy(io.Discard, in)
	return nil
}

type noMail struct{}

func (noMail) Send(context.Context, feierabend.TenantID, feierabend.Mail) error {
	return errors.ErrUnsupported
}
