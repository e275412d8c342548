package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"

	"feierabend"
)

// visitor is the demo's stand-in for a browser: cookies, forms, nothing else.
type visitor struct {
	base   string
	client *http.Client
}

func newVisitor(base string) (*visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &visitor{base: base, client: &http.Client{Jar: jar, Timeout: 30 * time.Second}}, nil
}

// do sends one request (a form when it is not nil) and gives the body of a 200.
func (v *visitor) do(ctx context.Context, path string, form url.Values) ([]byte, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, v.base+path, body)
	if err != nil {
		return nil, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := v.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 32<<20))
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("page answered %d", res.StatusCode)
	}
	return b, nil
}

var linkToken = regexp.MustCompile(`/anmelden/link\?t=([A-Za-z0-9_-]+)`)

// signIn asks for a mail, reads it in the simulated mailbox and uses its link.
func (s *story) signIn(ctx context.Context) (*visitor, error) {
	v, err := newVisitor(s.url)
	if err != nil {
		return nil, err
	}
	if _, err := v.do(ctx, "/anmelden", url.Values{"email": {demoEmail}}); err != nil {
		return nil, fmt.Errorf("ask for a link: %w", err)
	}
	for {
		for _, m := range s.demo.sim.Mails() {
			t := linkToken.FindStringSubmatch(m.Text)
			if t == nil {
				continue
			}
			_, err := v.do(ctx, "/anmelden/link", url.Values{"t": {t[1]}})
			return v, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// download signs in and fetches every file of the document, as the firm does:
// a POST for each, then the bytes, whose hash must be the stored one.
func (s *story) download(ctx context.Context) error {
	v, err := s.signIn(ctx)
	if err != nil {
		return err
	}
	s.visitor = v
	files, err := s.store.Files(ctx, s.tenant, s.doc.ID)
	if err != nil {
		return err
	}
	for _, f := range files {
		b, err := v.do(ctx, "/f/"+string(s.doc.ID)+"/"+url.PathEscape(f.Name)+"/download", url.Values{})
		if err != nil {
			return fmt.Errorf("download: %w", err)
		}
		if sha256.Sum256(b) != f.SHA256 {
			return failure("hash", nil, "Die heruntergeladene Datei ist nicht die ausgestellte.")
		}
		if err := s.save(f.Name, b); err != nil {
			return err
		}
	}
	return nil
}

// confirm says „Ich habe die Datei gespeichert“ on the page.
func (s *story) confirm(ctx context.Context) error {
	b, err := s.visitor.do(ctx, "/v/"+string(s.kase)+"/gespeichert", url.Values{})
	if err != nil {
		return fmt.Errorf("confirm: %w", err)
	}
	if !bytes.Contains(b, []byte("Quittung")) {
		return failure("no_receipt", nil, "Auf die Bestätigung folgte keine Quittung.")
	}
	return nil
}

// verify waits for the terminal receipt and saves it, then searches the files itself.
func (s *story) verify(ctx context.Context) error {
	deadline := time.Now().Add(90 * time.Second)
	for {
		r, err := s.store.ReceiptOf(ctx, s.tenant, s.kase)
		if err != nil {
			return err
		}
		s.receipt = r
		if r.Verification != feierabend.VerifyPending || r.Hits > 0 {
			break // settled, or searched with a finding: the verdict says so
		}
		if time.Now().After(deadline) {
			break // the verdict says that it is not proved
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	if s.receipt.Verification == feierabend.VerifyVerified {
		b, err := s.visitor.do(ctx, "/q/"+string(s.receipt.ID)+"/quittung.json", nil)
		if err != nil {
			return fmt.Errorf("fetch receipt: %w", err)
		}
		if err := s.save("quittung.json", b); err != nil {
			return err
		}
	}
	var err error
	s.after, err = s.needles.search(s.cfg.dataPath())
	return err
}
