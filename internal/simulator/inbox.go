package simulator

import (
	"bytes"
	"encoding/base64"
	"errors"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Mail is one received mail.
type Mail struct {
	ID      int       `json:"id"`
	At      time.Time `json:"at"`
	From    string    `json:"from"` // envelope
	To      []string  `json:"to"`   // envelope
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	HTML    string    `json:"html,omitempty"`
	Links   []Link    `json:"links,omitempty"` // of the HTML part, else of the text
}

// Link is an address in a mail.
type Link struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// Mails gives the received mails, newest first.
func (s *Simulator) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.mails)
	slices.Reverse(out)
	return out
}

// receive reads a mail and keeps it.
func (s *Simulator) receive(from string, to []string, raw []byte) error {
	m, err := readMail(raw)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m.ID, m.At, m.From, m.To = len(s.mails)+1, s.o.Now(), from, to
	s.mails = append(s.mails, m)
	s.signal()
	return nil
}

func readMail(raw []byte) (Mail, error) {
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, errors.New("mail cannot be read")
	}
	subject := msg.Header.Get("Subject")
	if s, err := new(mime.WordDecoder).DecodeHeader(subject); err == nil {
		subject = s
	}
	m := Mail{Subject: subject}
	m.part(msg.Header.Get("Content-Type"), msg.Header.Get("Content-Transfer-Encoding"), msg.Body, 0)
	if m.HTML != "" {
		m.Links = htmlLinks(m.HTML)
	}
	if len(m.Links) == 0 {
		m.Links = textLinks(m.Text)
	}
	return m, nil
}

// part takes the first text and the first HTML part out of a MIME tree.
func (m *Mail) part(contentType, encoding string, r io.Reader, depth int) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") && depth < 8 {
		mr := multipart.NewReader(r, params["boundary"])
		for {
			p, err := mr.NextRawPart()
			if err != nil {
				return
			}
			m.part(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p, depth+1)
		}
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	}
	b, _ := io.ReadAll(io.LimitReader(r, 1<<20)) // what could be read is shown
	text := strings.ReplaceAll(strings.ToValidUTF8(string(b), "\ufffd"), "\r\n", "\n")
	switch {
	case kind == "text/plain" && m.Text == "":
		m.Text = strings.TrimSpace(text)
	case kind == "text/html" && m.HTML == "":
		m.HTML = text
	}
}

var (
	anchor = regexp.MustCompile(`(?is)<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>(.*?)</a\s*>`)
	markup = regexp.MustCompile(`(?s)<[^>]*>`)
)

// htmlLinks takes the addresses out of an HTML part. The part itself is never
// put on a page.
func htmlLinks(s string) (links []Link) {
	for _, m := range anchor.FindAllStringSubmatch(s, 50) {
		to := html.UnescapeString(m[1] + m[2])
		if webLink(to) {
			text := html.UnescapeString(markup.ReplaceAllString(m[3], " "))
			links = append(links, Link{Text: strings.Join(strings.Fields(text), " "), URL: to})
		}
	}
	return links
}

func textLinks(s string) (links []Link) {
	for _, w := range strings.Fields(s) {
		if w = strings.Trim(w, "<>()[].,;!?"); webLink(w) {
			links = append(links, Link{Text: w, URL: w})
		}
	}
	return links
}

func webLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
