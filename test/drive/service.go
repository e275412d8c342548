package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a started program and what it has said.
type process struct {
	cmd *exec.Cmd
	mu  sync.Mutex
	err bytes.Buffer
}

// launch starts a program and waits for its "bereit: …" line.
func launch(bin string, env []string, args ...string) (*process, []string, error) {
	p := &process{cmd: exec.Command(bin, args...)}
	p.cmd.Env = append(surroundings(), env...)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	p.cmd.Stderr = p
	if err := p.cmd.Start(); err != nil {
		return nil, nil, err
	}
	ready := make(chan []string, 1)
	go func() {
		defer close(ready)
		sc := bufio.NewScanner(out)
		for sc.Scan() {
			if rest, ok := strings.CutPrefix(sc.Text(), "bereit: "); ok {
				ready <- strings.Fields(rest)
				break
			}
		}
		io.Copy(io.Discard, out)
	}()
	select {
	case urls, ok := <-ready:
		if !ok {
			p.cmd.Wait()
			return nil, nil, fmt.Errorf("%s ended before it was ready: %s", args[0], p.said())
		}
		return p, urls, nil
	case <-time.After(60 * time.Second):
		p.kill()
		return nil, nil, fmt.Errorf("%s was not ready within a minute: %s", args[0], p.said())
	}
}

// surroundings are our own without settings of the product: those of the tests are
// none of its.
func surroundings() (env []string) {
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "FEIERABEND_") || strings.HasPrefix(e, "FEIERABEND_MODELS=") {
			env = append(env, e)
		}
	}
	return env
}

// Write keeps what the program says on stderr.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err.Write(b)
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.err.String()
	return s[max(0, len(s)-2000):]
}

// kill is kill -9.
func (p *process) kill() {
	if p != nil && p.cmd.Process != nil {
		p.cmd.Process.Signal(syscall.SIGKILL)
		p.cmd.Wait()
	}
}

// world is a simulator as a process of its own and a service beside it.
type world struct {
	bin     string
	dir     string
	db      database
	listen  string
	sim     *process
	simURL  string
	service *process
	pages   string
}

func newWorld(bin string) (*world, error) { return newWorldOn(bin, "sqlite") }

// newWorldOn takes the engine "sqlite" or "postgres".
func newWorldOn(bin, engine string) (*world, error) {
	dir, err := os.MkdirTemp("", "feierabend-drive-")
	if err != nil {
		return nil, err
	}
	db := onSQLite(dir)
	if engine == "postgres" {
		if db, err = onPostgres(); err != nil {
			return nil, err
		}
	}
	return open(&world{bin: bin, dir: dir, db: db})
}

// newWorldIn keeps SQLite and all else in a given folder.
func newWorldIn(bin, dir string) (*world, error) {
	return open(&world{bin: bin, dir: dir, db: onSQLite(dir)})
}

// open starts the simulator and the service.
func open(w *world) (_ *world, err error) {
	if w.listen, err = freeAddress(); err != nil {
		return nil, err
	}
	simAt, err := freeAddress()
	if err != nil {
		return nil, err
	}
	var urls []string
	if w.sim, urls, err = launch(w.bin, nil, "simulate", "whatsapp", "--listen", simAt); err != nil {
		return nil, err
	}
	w.simURL = urls[0]
	return w, w.start()
}

// start starts the service on the kept folder.
func (w *world) start() (err error) {
	var urls []string
	if w.service, urls, err = launch(w.bin, w.env(), "serve", "--demo"); err != nil {
		return err
	}
	w.pages = urls[0]
	return nil
}

// freshKey makes a key as the settings take it.
func freshKey() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.StdEncoding.EncodeToString(b)
}

// env are the settings of the service.
func (w *world) env() []string {
	return append([]string{"FEIERABEND_DATA=" + filepath.Join(w.dir, "data"), "FEIERABEND_LISTEN=" + w.listen, "FEIERABEND_SIMULATOR=" + w.simURL}, w.db.env...)
}

// startAndKill kills the service on its way up.
func (w *world) startAndKill(after time.Duration) error {
	cmd := exec.Command(w.bin, "serve", "--demo")
	cmd.Env = append(surroundings(), w.env()...)
	if err := cmd.Start(); err != nil {
		return err
	}
	time.Sleep(after)
	cmd.Process.Signal(syscall.SIGKILL)
	cmd.Wait()
	return nil
}

func (w *world) close() {
	w.service.kill()
	w.sim.kill()
	w.db.drop()
	os.RemoveAll(w.dir)
}

// freeAddress finds a free port below the kernel's own range: a port that the
// kernel hands out could be taken by a client connection while the service is down.
func freeAddress() (string, error) { return freeAddressFrom(20000 + os.Getpid()%8000) }

// freeAddressFrom looks from a port on: two places that do not hold what they have
// found yet begin apart.
func freeAddressFrom(port int) (string, error) {
	for ; port < 32000; port++ {
		addr := fmt.Sprintf("127.0.0.1:%d", port)
		if ln, err := net.Listen("tcp", addr); err == nil {
			return addr, ln.Close()
		}
	}
	return "", fmt.Errorf("no free port")
}

// until polls a condition; what names it in the error.
func until(what string, limit time.Duration, ok func() (bool, error)) error {
	deadline := time.Now().Add(limit)
	for {
		done, err := ok()
		if err == nil && done {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s: not within %s (%v)", what, limit, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// post sends a form to the simulator and decodes its JSON answer.
func (w *world) post(path string, form url.Values, into any) error {
	res, err := http.PostForm(w.simURL+path, form)
	if err != nil {
		return err
	}
	return decode(res, into)
}

func (w *world) get(path string, into any) error {
	res, err := http.Get(w.simURL + path)
	if err != nil {
		return err
	}
	return decode(res, into)
}

func decode(res *http.Response, into any) error {
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %d: %.200s", res.Request.URL.Path, res.StatusCode, b)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(b, into)
}

// bubble is one message of a simulated chat, as GET /sim/v1/chat shows it.
type bubble struct {
	From    string `json:"from"`
	Wamid   string `json:"wamid"`
	State   string `json:"state"`
	Text    string `json:"text"`
	Buttons []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	} `json:"buttons"`
	Pressed  string `json:"pressed"`
	Document *struct {
		Name string `json:"name"`
	} `json:"document"`
	ReplyTo  string `json:"reply_to"`
	Callback string `json:"callback"`
}

func (w *world) chat(phone string) ([]bubble, error) {
	var c struct{ Bubbles []bubble }
	err := w.get("/sim/v1/chat?phone="+url.QueryEscape(phone), &c)
	return c.Bubbles, err
}

const (
	hauke = "+4917139200155"
	inken = "+4917139200166"
)
