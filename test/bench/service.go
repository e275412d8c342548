package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// service is a started server: the real binary, or `bench edge`.
type service struct {
	cmd   *exec.Cmd
	url   string
	addr  string
	stdin io.WriteCloser
	mu    sync.Mutex
	said  bytes.Buffer
}

// start starts the real binary as a demo, the chat being our stub, with all roles.
func (b *bench) start(ctx context.Context, d *database) (*service, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &service{cmd: exec.CommandContext(ctx, b.bin, "serve", "--demo", "--quiet")}
	s.cmd.Env = append(environment(), d.env()...)
	s.cmd.Env = append(s.cmd.Env, "FEIERABEND_LISTEN="+addr, "FEIERABEND_SIMULATOR="+b.stub.url, "FEIERABEND_MODELS="+b.dir+"/no-models",
		"FEIERABEND_MASTER_KEYS=1:"+masterKey, "FEIERABEND_ROOT_KEY="+rootKey)
	return s, s.launch()
}

// edge starts pages and webhook without workers, over the same store.
func (b *bench) edge(ctx context.Context, d *database) (*service, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	task, err := json.Marshal(edgeTask{DSN: d.dsn, Migrate: d.migrate, Scrub: d.scrub, Profile: b.profile})
	if err != nil {
		return nil, err
	}
	s := &service{cmd: exec.CommandContext(ctx, self, "edge")}
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	go fmt.Fprintf(s.stdin, "%s\n", task)
	return s, s.launch()
}

// launch waits until the server says that it is ready.
func (s *service) launch() error {
	s.cmd.Stderr = s
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.cmd.Start(); err != nil {
		return err
	}
	ready := make(chan string, 1)
	go func() {
		defer close(ready)
		sc := bufio.NewScanner(out)
		for sc.Scan() {
			if rest, ok := strings.CutPrefix(sc.Text(), "bereit: "); ok {
				ready <- strings.Fields(rest)[0]
				break
			}
		}
		io.Copy(io.Discard, out)
	}()
	select {
	case url, ok := <-ready:
		if ok {
			s.url, s.addr = url, strings.TrimPrefix(url, "http://")
			return nil
		}
	case <-time.After(time.Minute):
	}
	s.stop()
	return fmt.Errorf("the service did not start: %s", s.words())
}

// environment is ours without the service's settings.
func environment() (out []string) {
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "FEIERABEND_") && !strings.HasPrefix(v, "DATABASE_URL=") && !strings.HasPrefix(v, "PORT=") {
			out = append(out, v)
		}
	}
	return out
}

// Write keeps what the server says on stderr.
func (s *service) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.Write(p)
}

func (s *service) words() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.said.String()
	return all[:min(len(all), 2500)]
}

func (s *service) pid() int { return s.cmd.Process.Pid }

// stop ends the server as an operator would.
func (s *service) stop() {
	if s.stdin != nil {
		s.stdin.Close()
	} else {
		s.cmd.Process.Signal(syscall.SIGTERM)
	}
	finished := make(chan struct{})
	go func() {
		s.cmd.Wait()
		close(finished)
	}()
	select {
	case <-finished:
	case <-time.After(30 * time.Second):
		s.cmd.Process.Kill()
		<-finished
	}
}

func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer ln.Close()
	return ln.Addr().String(), nil
}
