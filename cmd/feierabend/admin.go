package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"feierabend"
	"feierabend/internal/store"
)

// Commands that write go through the running service, since it owns the data
// folder: data/admin.sock, readable by the owner of the process only. Without a
// running service the command takes the folder's lock itself.

// adminCommand is a command that works on an open store.
type adminCommand func(ctx context.Context, st *store.Store, args []string, stdin io.Reader, stdout io.Writer) error

func adminCommands() map[string]adminCommand {
	return map[string]adminCommand{"tenant": adminTenant, "operator": adminOperator, "sender": adminSender, "user": adminUser, "digest": adminDigest, "erase": adminErase, "key": adminKey, "audit": adminAudit, "backup": adminBackup, "numbers": adminNumbers, "doctor": adminDoctor}
}

type adminRequest struct {
	Command string   `json:"command"`
	Args    []string `json:"args"`
	Stdin   []byte   `json:"stdin"`
}

// adminAnswer is one piece of the answer: what the command prints comes as it is
// printed, in pieces of its own, and the last one says how it ended.
type adminAnswer struct {
	Stdout []byte          `json:"stdout,omitempty"`
	Done   bool            `json:"done,omitempty"`
	Kind   feierabend.Kind `json:"kind,omitempty"`
	Code   string          `json:"code,omitempty"`
	Text   string          `json:"text,omitempty"`
}

// viaStore makes the command-line form of an adminCommand.
func viaStore(name string) func(context.Context, []string, environment, io.Reader, io.Writer, io.Writer) error {
	return func(ctx context.Context, args []string, env environment, stdin io.Reader, stdout, _ io.Writer) error {
		cfg, err := loadConfig(env)
		if err != nil {
			return err
		}
		if cfg.DatabaseURL.Empty() {
			d, err := openDataDir(cfg.dataPath())
			if errors.Is(err, errLocked) {
				return forward(ctx, cfg, adminRequest{Command: name, Args: args, Stdin: readStdin(stdin, args)}, stdout)
			}
			if err != nil {
				return err
			}
			defer d.close()
		}
		st, root, err := openStore(ctx, cfg, newLog(io.Discard, true, 0), nil)
		if err != nil {
			return err
		}
		defer st.Close()
		err = adminCommands()[name](ctx, st, args, stdin, stdout)
		commandDone(cfg, root, name, err)
		return err
	}
}

// readStdin reads stdin only where a command asks for it by "-".
func readStdin(stdin io.Reader, args []string) []byte {
	for _, a := range args {
		if a == "-" {
			b, _ := io.ReadAll(io.LimitReader(stdin, 4<<20))
			return b
		}
	}
	return nil
}

func adminSocket(dir string) string { return filepath.Join(dir, "admin.sock") }

func forward(ctx context.Context, cfg config, q adminRequest, stdout io.Writer) error {
	path := adminSocket(cfg.dataPath())
	// A command may take long; its first piece, and be it the last one, may not.
	client := &http.Client{Transport: &http.Transport{
		ResponseHeaderTimeout: time.Minute,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		},
	}}
	body, err := json.Marshal(q)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://admin/run", bytes.NewReader(body))
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return failure("busy", err, "Der Ordner %s gehört einem laufenden Feierabend, das nicht antwortet. Bitte beenden Sie es oder versuchen Sie es gleich noch einmal.", cfg.dataPath())
	}
	defer res.Body.Close()
	return readAnswer(res.Body, stdout)
}

// readAnswer passes on what the service prints, and gives the command's error.
func readAnswer(body io.Reader, stdout io.Writer) error {
	pieces := json.NewDecoder(body)
	for {
		var a adminAnswer
		if err := pieces.Decode(&a); err != nil {
			return failure("busy", err, "Das laufende Feierabend hat mitten in der Antwort aufgehört. Es ist nichts verloren. Bitte den Befehl noch einmal starten.")
		}
		if _, err := stdout.Write(a.Stdout); err != nil {
			return err
		}
		switch {
		case a.Kind != "":
			return &feierabend.Error{Kind: a.Kind, Code: a.Code, Text: a.Text}
		case a.Done:
			return nil
		}
	}
}

// serveAdmin answers commands on the socket until stop is called. stop ends the
// listener itself, before the folder's lock goes: closing removes the socket's
// file, which might by then be that of the next service.
func serveAdmin(dir string, st *store.Store, l *logs) (stop func(), err error) {
	path := adminSocket(dir)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, notWritable(dir, err)
	}
	ln, err := net.Listen("unix", path)
	if err != nil {
		return nil, notWritable(dir, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		ln.Close()
		return nil, notWritable(dir, err)
	}
	srv := bounded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		runAdmin(w, r, st, l)
	}))
	srv.WriteTimeout = 0 // a rotation or a backup takes its time; only the operator on this machine gets here
	done := make(chan struct{})
	go func() {
		defer close(done)
		srv.Serve(ln)
	}()
	return func() {
		soft, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if srv.Shutdown(soft) != nil { // a command is still at work
			srv.Close()
		}
		<-done
	}, nil
}

func runAdmin(w http.ResponseWriter, r *http.Request, st *store.Store, l *logs) {
	var q adminRequest
	if err := json.NewDecoder(io.LimitReader(r.Body, 8<<20)).Decode(&q); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	out := &adminOut{json: json.NewEncoder(w), flush: http.NewResponseController(w).Flush}
	err := fmt.Errorf("unknown command")
	if f, ok := adminCommands()[q.Command]; ok {
		err = f(r.Context(), st, q.Args, bytes.NewReader(q.Stdin), out)
		if l != nil {
			l.command(q.Command, err)
		}
	}
	a := adminAnswer{Done: true}
	if err != nil {
		a.Kind, a.Code, a.Text = feierabend.KindOf(err), feierabend.CodeOf(err), sentence(err)
	}
	out.json.Encode(a)
}

// adminOut sends what a command prints as a piece of the answer, at once.
type adminOut struct {
	json  *json.Encoder
	flush func() error
}

func (o *adminOut) Write(p []byte) (int, error) {
	if err := o.json.Encode(adminAnswer{Stdout: p}); err != nil {
		return 0, err
	}
	return len(p), o.flush()
}
