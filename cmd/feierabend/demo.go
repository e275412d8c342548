package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"feierabend"
	"feierabend/internal/secret"
)

// cmdDemo tells the whole story against a fresh demo service without a browser:
// note in, draft, issued, downloaded, confirmed, erased. Exit 0 only if the
// erasure was verified and our own byte search found nothing any more.
func cmdDemo(ctx context.Context, args []string, env environment, _ io.Reader, stdout, stderr io.Writer) error {
	fs := flag.NewFlagSet("demo", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	out := fs.String("out", "out", "")
	asJSON := fs.Bool("json", false, "")
	text := fs.String("text", "", "")
	if err := fs.Parse(args); err != nil || fs.NArg() > 0 {
		return usage("feierabend demo [--out ORDNER] [--json] [--text „Rechnung für …“]")
	}
	cfg, err := loadConfig(env)
	if err != nil {
		return err
	}
	cfg.Mode, cfg.Listen, cfg.SimulatorAt, cfg.Simulator, cfg.PublicURL, cfg.DatabaseURL = "demo", "localhost:0", "127.0.0.1:0", "", "", secret.Secret{}
	cfg.InternalListen = "off"
	cfg.MasterKeys, cfg.RootKey = secret.New("1:"+randomKey()), secret.New(randomKey())
	if cfg.Data, err = os.MkdirTemp("", "feierabend-demo-"); err != nil {
		return failure("temp", err, "Im Ordner für Zwischendateien ist kein Platz. Bitte Platz schaffen oder TMPDIR setzen.")
	}
	defer os.RemoveAll(cfg.Data)
	if _, err := modelStore(cfg).Path(cfg.Model); err != nil && *text == "" {
		return failure("model_missing", err, "Das Sprachmodell fehlt noch: feierabend model pull holt es. Ohne Modell: feierabend demo --text „Rechnung für …“")
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	s := &story{out: *out, text: *text, asJSON: *asJSON, stdout: stdout, begin: time.Now()}
	r, err := start(ctx, cfg, newLog(stderr, true, slog.LevelError))
	if err != nil {
		return err
	}
	defer r.close()
	s.running = r
	return s.run(ctx)
}

// tell prints a step with its time, for people or as one JSON object a line.
func (s *story) tell(step, german string) {
	ms := time.Since(s.begin).Milliseconds()
	s.begin = time.Now()
	if s.asJSON {
		json.NewEncoder(s.stdout).Encode(struct {
			Step string `json:"step"`
			MS   int64  `json:"ms"`
		}{step, ms})
		return
	}
	fmt.Fprintf(s.stdout, "%7d ms  %s\n", ms, german)
}

// story is one run; each method is one step of it.
type story struct {
	*running
	out     string
	text    string
	asJSON  bool
	stdout  io.Writer
	begin   time.Time
	visitor *visitor

	tenant  feierabend.TenantID
	kase    feierabend.CaseID
	doc     feierabend.Document
	needles needles
	before  hits
	after   hits
	receipt feierabend.ErasureReceipt
}

func (s *story) run(ctx context.Context) error {
	if err := os.MkdirAll(s.out, 0o755); err != nil {
		return failure("out", err, "Der Ordner %s lässt sich nicht anlegen.", s.out)
	}
	steps := []struct {
		name, german string
		do           func(context.Context) error
	}{
		{"start", "Dienst gestartet, zwei Firmen angelegt", func(context.Context) error { return nil }},
		{"note", "Nachricht angenommen und als gelesen bestätigt", s.send},
		{"draft", "Entwurf fertig, Antwort im Chat", s.awaitDraft},
		{"answers", "Offene Fragen im Chat beantwortet", s.answer},
		{"issued", "Rechnung im Chat ausgestellt und zugestellt", s.issue},
		{"downloaded", "Angemeldet und Dateien heruntergeladen", s.download},
		{"searched", "Datenbank durchsucht: nur Verschlossenes gefunden", s.searchBefore},
		{"erased", "Als gespeichert bestätigt und gelöscht", s.confirm},
		{"verified", "Löschung geprüft, Quittung unterschrieben", s.verify},
	}
	for _, step := range steps {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("demo %s: %w", step.name, err)
		}
		s.tell(step.name, step.german)
	}
	return s.verdict()
}

// verdict prints the proof and fails where it is none.
func (s *story) verdict() error {
	verified := s.receipt.Verification == feierabend.VerifyVerified && s.after == hits{} && s.before.Plain == 0 && s.before.Key > 0 && s.before.Cipher > 0
	s.tellProof(verified)
	if !verified {
		return failure("not_verified", nil, "Die Löschung ist nicht bewiesen: In den Dateien war danach noch etwas zu finden, oder die Suche davor fand nichts.")
	}
	return nil
}

// save writes a downloaded file below the output folder.
func (s *story) save(name string, b []byte) error {
	if err := os.WriteFile(filepath.Join(s.out, filepath.Base(name)), b, 0o644); err != nil {
		return failure("out", err, "In den Ordner %s lässt sich nicht schreiben.", s.out)
	}
	return nil
}
