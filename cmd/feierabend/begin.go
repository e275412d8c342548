package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"feierabend"
	"feierabend/internal/journal"
)

// begin starts jobs, pages, the operator's listener and the admin socket.
func (r *running) begin(ctx context.Context, ln net.Listener) error {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r.later(cancel)
	r.later(func() { r.speech.Close() })
	if err := r.beginWork(work); err != nil {
		return err
	}
	if err := r.beginInternal(); err != nil {
		return err
	}
	if r.data != nil {
		stop, err := serveAdmin(r.data.path, r.store, r.logs)
		if err != nil {
			return err
		}
		r.later(stop)
	}
	if ln != nil {
		r.intake.Start(work)
		r.linking.Start(work)
		r.beginPages(ln)
	}
	if r.demo != nil {
		return r.demo.connect(ctx)
	}
	return nil
}

// beginWork says that we live and works jobs, where that is our role.
func (r *running) beginWork(work context.Context) error {
	if err := r.heart.Start(work); err != nil {
		return err
	}
	r.later(func() {
		soft, done := context.WithTimeout(context.Background(), 5*time.Second)
		defer done()
		if err := r.heart.Stop(soft); err != nil {
			r.log.Warn("could not say goodbye: the others notice in a few seconds", "code", feierabend.CodeOf(err))
		}
	})
	if r.jobs == nil {
		return nil
	}
	if err := r.jobs.Start(work); err != nil {
		return err
	}
	r.later(func() {
		soft, done := context.WithTimeout(context.Background(), r.timeout)
		defer done()
		r.jobs.Stop(soft)
	})
	return nil
}

// beginPages serves pages and webhook.
func (r *running) beginPages(ln net.Listener) {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true) // HTTP/2 stays off below Go 1.26.9 (LIB-02)
	r.server = bounded(r.pages)
	r.server.Protocols, r.server.ErrorLog = protocols, journal.Complaints(r.log, "pages")
	go func() { r.failed <- r.server.Serve(ln) }()
	r.later(func() {
		soft, done := context.WithTimeout(context.Background(), 10*time.Second)
		defer done()
		if r.server.Shutdown(soft) != nil { // somebody reads very slowly
			r.server.Close()
		}
	})
}
