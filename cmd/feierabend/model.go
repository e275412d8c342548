package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/compliance"
	"feierabend/internal/outbound"
	"feierabend/internal/speech"
)

const modelUsage = "Aufruf: feierabend model pull [--name base|small] · model import DATEI · model path [--name base|small] · model list"

// cmdModel fetches, imports and shows speech models.
func cmdModel(ctx context.Context, args []string, env func(string) string, _ io.Reader, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		return usage(modelUsage)
	}
	cfg := modelConfig(env)
	flags := flag.NewFlagSet("model "+args[0], flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	name := flags.String("name", cfg.Model, "")
	if err := flags.Parse(args[1:]); err != nil {
		return usage(modelUsage)
	}
	m := modelStore(cfg)
	switch args[0] {
	case "pull":
		return modelPull(ctx, m, *name, flags.Args(), stdout, stderr)
	case "import":
		return modelImport(ctx, m, flags.Args(), stdout)
	case "path":
		path, err := m.Path(*name)
		if err != nil {
			return err
		}
		fmt.Fprintln(stdout, path)
		return nil
	case "list":
		modelList(m, stdout)
		return nil
	}
	return usage(modelUsage)
}

// modelConfig reads the settings that models need, so that fetching one does not
// ask for the rest.
func modelConfig(env func(string) string) config {
	c := config{Models: env("FEIERABEND_MODELS"), ModelFile: env("FEIERABEND_MODEL_FILE"), Model: env("FEIERABEND_MODEL")}
	if c.Model == "" {
		c.Model = speech.DefaultModel
	}
	return c
}

// modelStore is the folder of models with every way to fill it.
func modelStore(c config) *speech.Models {
	return &speech.Models{
		Dir: c.modelsPath(), File: c.ModelFile, HTTP: modelSource{},
		Pip: speech.FindPip(), Environ: os.Environ(),
	}
}

// modelSource reaches the publisher of the model files through the guarded
// client: a recipient of class infrastructure that gets no personal data.
type modelSource struct{}

// Do sends one request; redirects are followed by the guard.
func (modelSource) Do(req *http.Request) (*http.Response, error) {
	registry := compliance.NewRegistry(compliance.Settings{Models: true})
	client := outbound.New(registry, compliance.New(registry, nil), false)
	ctx, cancel := context.WithTimeout(req.Context(), 6*time.Hour) // a stalled download is ended by the caller
	resp, err := client.Do(ctx, feierabend.TenantID{}, compliance.Models, req)
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = cancelBody{resp.Body, cancel}
	return resp, nil
}

type cancelBody struct {
	io.ReadCloser
	cancel func()
}

func (b cancelBody) Close() error {
	b.cancel()
	return b.ReadCloser.Close()
}

func modelPull(ctx context.Context, m *speech.Models, name string, rest []string, stdout, stderr io.Writer) error {
	if len(rest) > 1 {
		return usage(modelUsage)
	}
	if len(rest) == 1 {
		name = rest[0]
	}
	if k, err := m.Model(name); err == nil {
		if free, ok := speech.FreeMemory(); ok && free < k.Memory {
			fmt.Fprintf(stderr, "Hinweis: Das Sprachmodell %s braucht %d MB freien Arbeitsspeicher, frei sind %d MB. Es wird geholt, aber die Erkennung kann daran scheitern.\n", k.Name, k.Memory>>20, free>>20)
		}
	}
	bar := progressBar{w: stderr, live: isTerminal(stderr), now: time.Now}
	path, err := m.Pull(ctx, name, bar.show)
	bar.end()
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout, path)
	return nil
}

func modelImport(ctx context.Context, m *speech.Models, files []string, stdout io.Writer) error {
	if len(files) != 1 {
		return usage(modelUsage)
	}
	_, path, err := m.Import(ctx, files[0])
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout, path)
	return nil
}

func modelList(m *speech.Models, stdout io.Writer) {
	for _, s := range m.List() {
		state := "fehlt"
		switch {
		case s.Path != "":
			state = s.Path
		case s.Err != nil:
			state = "beschädigt"
		}
		fmt.Fprintf(stdout, "%-10s %-22s %4d MB  %s\n", s.Name, s.File, s.Bytes/1e6, state)
	}
}

// progressBar shows a pull: one moving line on a terminal, a plain line for each
// way and each fifth elsewhere.
type progressBar struct {
	w    io.Writer
	live bool
	now  func() time.Time

	way   speech.Way // being shown
	fifth int        // last fifth that was written
	width int        // of the moving line
	shown time.Time
}

func (p *progressBar) show(s speech.Progress) {
	label := map[speech.Way]string{
		speech.WayCache: "schon da", speech.WayFile: "aus Datei", speech.WayUpstream: "von huggingface.co",
		speech.WayPip: "über pip", speech.WayConvert: "umrechnen",
	}[s.Way]
	fresh := s.Way != p.way
	if fresh {
		p.end()
		p.way, p.fifth = s.Way, -1
	}
	part := 0.0
	if s.Total > 0 {
		part = float64(s.Done) / float64(s.Total)
	}
	line := fmt.Sprintf("Sprachmodell %s: %3.0f %% (%d von %d MB)", label, 100*part, s.Done/1e6, s.Total/1e6)
	if !p.live {
		if n := int(5 * part); n > p.fifth {
			p.fifth = n
			fmt.Fprintln(p.w, line)
		}
		return
	}
	if now := p.now(); fresh || s.Done == s.Total || now.Sub(p.shown) > 100*time.Millisecond {
		p.shown = now
		full := int(20 * part)
		line = "[" + strings.Repeat("#", full) + strings.Repeat(".", 20-full) + "] " + line
		fmt.Fprintf(p.w, "\r%-*s", p.width, line)
		p.width = len(line)
	}
}

// end leaves the moving line.
func (p *progressBar) end() {
	if p.live && p.width > 0 {
		fmt.Fprintln(p.w)
		p.width = 0
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}
