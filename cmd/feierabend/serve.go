package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"feierabend"
	"feierabend/internal/seal"
)

// garbage is how much may be allocated, in percent of what is in use, before the
// collector runs: about a sixteenth of the processor time of accepting a message was the
// collector's at Go's 100. The operator's GOGC goes before.
const garbage = 200

// waiting is how many threads may run the service's own code beyond one for each
// processor. On SQLite the writer and the keeper of the log wait for the disk in calls to the
// system, and Go takes a processor back from such a call after up to ten milliseconds: on two
// processors nobody read the requests that came meanwhile (decision 0028). The operator's
// GOMAXPROCS goes before.
const waiting = 2

// setRuntime sets what Go's scheduler and collector do otherwise than they would; back
// undoes it.
func setRuntime() (back func()) {
	var undo []func()
	if os.Getenv("GOGC") == "" {
		before := debug.SetGCPercent(garbage)
		undo = append(undo, func() { debug.SetGCPercent(before) })
	}
	if os.Getenv("GOMAXPROCS") == "" {
		before := runtime.GOMAXPROCS(0)
		runtime.GOMAXPROCS(before + waiting)
		undo = append(undo, func() { runtime.GOMAXPROCS(before) })
	}
	return func() {
		for _, f := range undo {
			f()
		}
	}
}

// cmdServe runs the service until it is told to stop.
func cmdServe(ctx context.Context, args []string, env environment, _ io.Reader, stdout, stderr io.Writer) error {
	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	demo := fs.Bool("demo", false, "")
	quiet := fs.Bool("quiet", false, "") // demo without its own first note, for tests
	roles := fs.String("roles", "", "")
	if err := fs.Parse(args); err != nil || fs.NArg() > 0 {
		return usage("feierabend serve [--demo] [--roles web,worker]")
	}
	cfg, err := loadConfig(env)
	if err != nil {
		return err
	}
	if *demo {
		cfg.Mode = "demo"
	}
	if *roles != "" {
		cfg.Roles = *roles
	}
	noCoreDumps()
	cfg.stderr = stderr
	defer setRuntime()()
	log := newLog(stderr, cfg.demo(), slog.LevelWarn)
	foreignLogs(log)
	r, err := start(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer r.close()
	fmt.Fprintf(stdout, "bereit: %s\n", r.readyLine())
	if r.demo != nil && !*quiet {
		if err := r.firstNote(ctx); err != nil && ctx.Err() == nil { // told to stop meanwhile is no failure
			return err
		}
	}
	return r.wait(ctx)
}

// running is a started service with all that must be stopped again, in reverse order.
type running struct {
	*service
	data *dataDir
	logs *logs
	demo *demoWorld // nil in live mode
	url  string
	// internalURL is the operator's address, "" where there is none.
	internalURL string
	server      *http.Server
	failed      chan error
	stops       []func()
	timeout     time.Duration
}

// start opens everything in order; what fails closes what was opened.
func start(ctx context.Context, cfg config, log *slog.Logger) (_ *running, err error) {
	r := &running{failed: make(chan error, 1), timeout: cfg.StopTimeout}
	defer func() {
		if err != nil {
			r.close()
		}
	}()
	roles, err := cfg.roles()
	if err != nil {
		return nil, err
	}
	if err := cfg.checkLive(); err != nil {
		return nil, err
	}
	if err := cfg.checkInternal(); err != nil {
		return nil, err
	}
	if err := cfg.checkSealed(); err != nil {
		return nil, err
	}
	if err := cfg.checkLogs(); err != nil {
		return nil, err
	}
	if err := r.openData(&cfg); err != nil {
		return nil, err
	}
	st, root, err := awaitStore(ctx, cfg, log, r.copies)
	if err != nil {
		return nil, err
	}
	r.later(func() { st.Close() })
	if err := r.openLogs(cfg, root, log); err != nil {
		return nil, err
	}
	var ln net.Listener // none for a process that only works
	if r.url = cfg.PublicURL; slices.Contains(roles, feierabend.ServesWeb) {
		if ln, err = listen("FEIERABEND_LISTEN", cfg.Listen, cfg.demo()); err != nil {
			return nil, err
		}
		r.later(func() { ln.Close() })
		r.url = cfg.publicURL(ln.Addr())
	}
	at := surroundings{publicURL: r.url, simulator: cfg.simulatorHere()}
	if cfg.demo() {
		if r.demo, err = openDemo(ctx, &cfg, st, r.url); err != nil {
			return nil, err
		}
		r.later(r.demo.close)
		at.phoneURL, at.mailURL, at.number, at.simulator = r.demo.phoneURL, r.demo.mailURL, demoNumber, r.demo.hosts
	}
	at.logs = r.logs
	if r.service, err = join(cfg, st, root, at, log); err != nil {
		return nil, err
	}
	return r, r.begin(ctx, ln)
}

// openData takes the data folder; the demo's default folder is emptied.
func (r *running) openData(cfg *config) error {
	if !cfg.DatabaseURL.Empty() && !cfg.demo() { // nothing lies in a folder, so any number may run on a host
		return nil
	}
	d, err := openDataDir(cfg.dataPath())
	if errors.Is(err, errLocked) {
		return failure("data_in_use", err, "Der Ordner %s gehört einem laufenden Feierabend. Bitte erst dieses beenden oder mit FEIERABEND_DATA einen anderen Ordner nennen.", cfg.dataPath())
	}
	if err != nil {
		return err
	}
	r.data = d
	r.later(d.close)
	if cfg.demo() && cfg.Data == "" {
		if err := d.empty(); err != nil {
			return err
		}
	}
	return demoKeys(cfg)
}

// openLogs opens access and security log, and deletes old files while we live.
func (r *running) openLogs(cfg config, root *seal.Root, log *slog.Logger) (err error) {
	stderr := cfg.stderr
	if stderr == nil {
		stderr = io.Discard
	}
	if r.logs, err = openLogs(cfg, root, stderr); err != nil {
		return err
	}
	r.later(r.logs.close)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		r.logs.prune(stop, log)
	}()
	r.later(func() { close(stop); <-done })
	r.logs.security.Event(feierabend.SecurityEvent{Act: feierabend.SecurityStarted, Route: "serve", Code: cfg.fingerprint(root)})
	return nil
}

// copies names what a receipt must say about copies elsewhere. The moment of
// erasure is the safe date: nothing of the case was sent after it.
func (r *running) copies(channels []string, _ time.Time) []feierabend.ResidualCopy {
	return r.policy.Registry().Copies(channels, r.store.Now())
}

func (r *running) readyLine() string {
	switch {
	case r.server == nil:
		return "worker " + r.internalURL
	case r.demo == nil:
		return r.url
	}
	return r.url + " " + r.demo.phoneURL + " " + r.demo.mailURL
}

// wait ends with the signal or when the server cannot go on.
func (r *running) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-r.failed:
		return failure("server", err, "Der Dienst kann keine Verbindungen mehr annehmen und hat sich beendet. Nichts ging verloren; bitte neu starten.")
	}
}

func (r *running) later(f func()) { r.stops = append(r.stops, f) }

// close stops in reverse order.
func (r *running) close() {
	for i := len(r.stops) - 1; i >= 0; i-- {
		r.stops[i]()
	}
	r.stops = nil
}
