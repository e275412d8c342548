// Package operator is the internal listener: what the person who runs the service may
// see of it. Health, the queue and a few figures; counts, ages and codes, never
// content, never an id of content, and nothing that changes anything.
//
// It has no sign-in: it listens on this host or a private network only (Address).
package operator

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"feierabend"
)

// queue is what the store tells of the queue.
type queue interface {
	QueueView(ctx context.Context) (feierabend.QueueView, error)
}

// Check gives the state of one or more parts of the service.
type Check func(ctx context.Context) []feierabend.Health

// Options are what the listener shows.
type Options struct {
	Queue  queue
	Checks []Check
	// Figures of this process for /metrics, each with its labels.
	Figures func() []Figure
	Self    string // id of this process, marked on the page
	Now     func() time.Time
	Log     *slog.Logger // nil = discard
}

//go:embed view
var views embed.FS

type server struct {
	o    Options
	page *template.Template
	css  []byte
}

// patience is how long the database may take to answer a page.
const patience = 5 * time.Second

// New makes the handler: /healthz, /health, /queue, /metrics.
func New(o Options) (http.Handler, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	page, err := template.ParseFS(views, "view/queue.html")
	if err != nil {
		return nil, err
	}
	css, err := views.ReadFile("view/operator.css")
	if err != nil {
		return nil, err
	}
	s := &server{o: o, page: page, css: css}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/queue", http.StatusSeeOther) })
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /health", s.health)
	mux.HandleFunc("GET /queue", s.queue)
	mux.HandleFunc("GET /metrics", s.metrics)
	mux.HandleFunc("GET /operator.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Write(s.css)
	})
	return headers(mux), nil
}

// headers keeps answers from being framed, guessed at or kept.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// healthz says that the process answers; it does not ask the database, since a
// restart mends no database.
func (s *server) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte("ok\n"))
}

// health gives the rows of all checks; 503 where one is red.
func (s *server) health(w http.ResponseWriter, r *http.Request) {
	rows := s.rows(r)
	status := http.StatusOK
	if feierabend.Worst(rows) == feierabend.HealthRed {
		status = http.StatusServiceUnavailable
	}
	s.json(w, status, rows)
}

func (s *server) rows(r *http.Request) []feierabend.Health {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	rows := []feierabend.Health{}
	for _, check := range s.o.Checks {
		rows = append(rows, check(ctx)...)
	}
	return rows
}

func (s *server) json(w http.ResponseWriter, status int, v any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// fail answers 503: the database is away.
func (s *server) fail(w http.ResponseWriter, err error) {
	s.o.Log.Warn("operator's page without an answer", "code", feierabend.CodeOf(err))
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusServiceUnavailable)
	w.Write([]byte("Die Datenbank antwortet nicht. Angenommene Nachrichten sind gespeichert; sobald sie wieder da ist, geht es weiter.\n"))
}
