package outbound

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"feierabend"
)

// Do sends req to the recipient id on behalf of tenant t and gives the first
// answer that is not a redirect. The caller closes the body and reads it with a
// limit. Errors are *feierabend.Error: refusals of the guard are marked
// Permanent and were not sent; Unavailable means no or no complete answer.
func (c *Client) Do(ctx context.Context, t feierabend.TenantID, id feierabend.ProviderID, req *http.Request) (*http.Response, error) {
	r, err := c.recipient(t, id)
	if err != nil {
		return nil, err
	}
	cancel := func() {}
	if _, ok := ctx.Deadline(); !ok {
		ctx, cancel = context.WithTimeout(ctx, defaultTimeout)
	}
	resp, err := c.follow(ctx, r, req)
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = &body{ReadCloser: resp.Body, cancel: cancel, gate: c.Gate}
	return resp, nil
}

// follow walks at most maxRedirects hops. Only GET and HEAD are redirected:
// a body is never sent a second time to a place the provider chose.
func (c *Client) follow(ctx context.Context, r feierabend.Recipient, req *http.Request) (*http.Response, error) {
	first := req.URL.Host
	for hop := 0; ; hop++ {
		to, err := c.check(r, req.URL)
		if err != nil {
			return nil, err
		}
		out := req.Clone(ctx)
		out.Host = "" // the URL decides, never a header
		out.RequestURI = ""
		c.headers(r, out, first)
		if err := c.at("call send"); err != nil {
			return nil, unreachable(err)
		}
		resp, err := c.transports[to].RoundTrip(out)
		if err != nil {
			return nil, unreachable(err)
		}
		if err := c.at("call answer"); err != nil { // it was carried out, its answer is lost
			resp.Body.Close()
			return nil, unreachable(err)
		}
		if !redirects(resp) {
			return resp, nil
		}
		io.Copy(io.Discard, io.LimitReader(resp.Body, 4<<10))
		resp.Body.Close()
		if req.Method != http.MethodGet && req.Method != http.MethodHead {
			return nil, refused("redirect", "redirect of a request with a body")
		}
		if hop == maxRedirects {
			return nil, refused("redirect", "too many redirects")
		}
		next, err := req.URL.Parse(resp.Header.Get("Location"))
		if err != nil {
			return nil, refused("redirect", "redirect to an unreadable address")
		}
		req = req.Clone(ctx)
		req.URL = next
	}
}

func redirects(resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return resp.Header.Get("Location") != ""
	}
	return false
}

// headers sets our name and takes credentials away from every host that is not
// the first one and a BearerHost of the recipient.
func (c *Client) headers(r feierabend.Recipient, req *http.Request, first string) {
	req.Header.Set("User-Agent", c.UserAgent)
	req.Header.Del("Cookie")
	req.Header.Del("Proxy-Authorization")
	host, port := hostPort(req.URL)
	if !strings.EqualFold(req.URL.Host, first) || !allowed(r.BearerHosts, host, port, defaultPort(req.URL)) {
		req.Header.Del("Authorization")
		req.Header.Del("X-Api-Key")
	}
}

// check applies the allow-list to one URL and gives what may be dialled for it.
func (c *Client) check(r feierabend.Recipient, u *url.URL) (reach, error) {
	host, port := hostPort(u)
	local := c.loopback && r.Loopback
	own := r.Class == feierabend.OwnServer
	switch {
	case u.User != nil:
		return 0, refused("userinfo", "user information in the address")
	case u.Scheme != "https" && u.Scheme != "http":
		return 0, refused("scheme", "neither https nor http")
	case !allowed(r.Hosts, host, port, defaultPort(u)):
		return 0, refused("host_not_allowed", "host is not in the registry")
	case u.Scheme == "http" && local:
		return reachLoopback, nil
	case u.Scheme == "http" && own:
		return reachOwnPlain, nil
	case u.Scheme == "http":
		return 0, refused("plain", "plain http")
	case own:
		return reachOwn, nil
	case port != "443":
		return 0, refused("port", "https on another port")
	}
	return reachPublic, nil
}

func hostPort(u *url.URL) (host, port string) {
	if port = u.Port(); port == "" {
		port = defaultPort(u)
	}
	return u.Hostname(), port
}

func defaultPort(u *url.URL) string {
	if u.Scheme == "http" {
		return "80"
	}
	return "443"
}

// allowed compares host and port with a list of "host", "host:port" and
// "*.domain" (any name below, not the domain itself). Entries without a port
// mean the default one. Names are compared whole: "x.example.evil" is not
// "x.example", and a trailing dot is another name.
func allowed(list []string, host, port, std string) bool {
	host = strings.ToLower(host)
	if host == "" {
		return false
	}
	for _, e := range list {
		h, p := strings.ToLower(e), std
		if u, err := url.Parse("//" + h); err == nil && !strings.HasPrefix(h, "*") {
			h = u.Hostname()
			if u.Port() != "" {
				p = u.Port()
			}
		}
		if p != port {
			continue
		}
		if h == host {
			return true
		}
		if rest, ok := strings.CutPrefix(h, "*"); ok && strings.HasPrefix(rest, ".") && strings.HasSuffix(host, rest) && len(host) > len(rest) {
			return true
		}
	}
	return false
}

// body frees the deadline of a call when the caller is done reading.
type body struct {
	io.ReadCloser
	cancel context.CancelFunc
	gate   func(string) error // at the first read
}

// Read turns the transport's errors, which may name addresses, into ours.
func (b *body) Read(p []byte) (int, error) {
	if gate := b.gate; gate != nil {
		b.gate = nil
		if err := gate("call body"); err != nil {
			return 0, unreachable(err)
		}
	}
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = unreachable(err)
	}
	return n, err
}

func (b *body) Close() error {
	err := b.ReadCloser.Close()
	b.cancel()
	return err
}
