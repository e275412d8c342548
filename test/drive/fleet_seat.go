package main

import (
	"fmt"
	"sync"
	"syscall"
	"time"
)

// seat is a place in the fleet: killed and taken again by a new process.
type seat struct {
	name   string
	listen string // "" for a worker
	env    []string
	args   []string

	mu      sync.Mutex
	process *process
	starts  int
}

func (s *seat) start(bin string) error {
	p, _, err := launch(bin, s.env, s.args...)
	if err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.process = p
	s.starts++
	return nil
}

func (s *seat) now() *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.process
}

// kill is kill -9; the seat is empty until start.
func (s *seat) kill() bool {
	s.mu.Lock()
	p := s.process
	s.process = nil
	s.mu.Unlock()
	if p == nil {
		return false
	}
	p.kill()
	return true
}

// term tells a process to stop, which must end well, and starts the next one.
func (f *fleet) term(s *seat) error {
	s.mu.Lock()
	p := s.process
	s.process = nil
	s.mu.Unlock()
	if p == nil {
		return nil // just killed
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	begin := time.Now()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("%s after SIGTERM: %w: %s", s.name, err, p.said())
	}
	fmt.Printf("fleet: %s stopped under load in %.1f s\n", s.name, time.Since(begin).Seconds())
	return s.start(f.bin)
}
