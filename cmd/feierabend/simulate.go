package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"

	"feierabend/internal/simulator"
)

// simulateUsage is shown for a wrong call.
const simulateUsage = "Aufruf: feierabend simulate whatsapp [--listen 127.0.0.1:8081] [--webhook http://localhost:8080/webhooks/whatsapp] [--notes ORDNER] [--smtp 127.0.0.1:0] [--phones ANZAHL]"

// cmdSimulate runs the WhatsApp simulator as a process of its own, with the phone
// in the browser and a mailbox. Secrets come from the same settings as those of
// the service, else they are random and told at /sim/v1/settings.
func cmdSimulate(ctx context.Context, args []string, env func(string) string, _ io.Reader, stdout, _ io.Writer) error {
	if len(args) == 0 || args[0] != "whatsapp" {
		return usage(simulateUsage)
	}
	f := flag.NewFlagSet("simulate whatsapp", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	addr := f.String("listen", "127.0.0.1:8081", "")
	webhook := f.String("webhook", "", "")
	folder := f.String("notes", "", "")
	smtp := f.String("smtp", "127.0.0.1:0", "")
	phones := f.Uint("phones", 0, "")
	if err := f.Parse(args[1:]); err != nil || f.NArg() > 0 {
		return usage(simulateUsage)
	}
	notes, err := simulateNotes(*folder)
	if err != nil {
		return err
	}
	ln, err := listen("--listen", *addr, true)
	if err != nil {
		return err
	}
	defer ln.Close()
	mail, err := net.Listen("tcp", *smtp)
	if err != nil {
		return listenError("--smtp", *smtp, err)
	}
	defer mail.Close()
	sim, err := simulator.New(simulator.Options{
		Notes: notes, WebhookURL: *webhook, BaseURL: "http://" + ln.Addr().String(), SMTPAddr: mail.Addr().String(), Number: demoNumber, Crowd: int(min(*phones, 100_000)),
		AppSecret: orRandom(env("FEIERABEND_WHATSAPP_APP_SECRET")), VerifyToken: orRandom(env("FEIERABEND_WHATSAPP_VERIFY_TOKEN")),
		Token: orRandom(env("FEIERABEND_WHATSAPP_TOKEN")), PhoneNumberID: env("FEIERABEND_WHATSAPP_PHONE_NUMBER_ID"),
	})
	if err != nil {
		return failure("notes", err, "Die Sprachnachrichten lassen sich nicht lesen. Erwartet werden Dateien *.ogg mit Opus, dazu wahlweise notes.json.")
	}
	return serveSimulator(ctx, sim, ln, mail, stdout)
}

// simulateNotes is the folder of voice notes, else the shipped ones.
func simulateNotes(folder string) (fs.FS, error) {
	if folder == "" {
		return fs.Sub(demoFiles, "demo/notes")
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, usage("--notes nennt keinen Ordner: %s", folder)
	}
	return os.DirFS(folder), nil
}

// serveSimulator prints the addresses and serves until ctx ends.
func serveSimulator(ctx context.Context, sim *simulator.Simulator, ln, mail net.Listener, stdout io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	srv := bounded(sim.Handler())
	srv.BaseContext = func(net.Listener) context.Context { return ctx }
	context.AfterFunc(ctx, func() { srv.Close() })
	go sim.ServeSMTP(ctx, mail)
	go sim.Run(ctx)
	page := "http://" + ln.Addr().String()
	fmt.Fprintf(stdout, "bereit: %s %s/postfach smtp://%s\n", page, page, mail.Addr())
	if err := srv.Serve(ln); err != nil && ctx.Err() == nil {
		return fmt.Errorf("serve simulator: %w", err)
	}
	return nil
}
