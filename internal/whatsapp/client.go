package whatsapp

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/secret"
)

// Defaults of Options.
const (
	DefaultBase    = "https://graph.facebook.com"
	DefaultVersion = "v25.0" // valid to 29 Jul 2028
)

// answerLimit caps JSON answers of the Graph API.
const answerLimit = 1 << 20

// doer is the guarded client.
type doer interface {
	Do(ctx context.Context, t feierabend.TenantID, id feierabend.ProviderID, req *http.Request) (*http.Response, error)
}

// Options configure a Client. Do, PhoneNumberID, Token and one secret are required.
type Options struct {
	Do            doer
	Provider      feierabend.ProviderID // row of the registry, "" = "whatsapp"
	Base          string                // "" = DefaultBase; the simulator's address in demo mode
	Version       string                // "" = DefaultVersion
	PhoneNumberID string
	Token         secret.Secret   // system-user token
	Secrets       []secret.Secret // app secrets; two during a rotation
	VerifyToken   secret.Secret
	Timeout       time.Duration // of a call without media, 0 = 30 s
	Now           func() time.Time
}

// Client talks to the Graph API and reads its webhooks. It is safe for concurrent use.
type Client struct {
	o Options
}

// New makes a client; it does not contact anybody.
func New(o Options) *Client {
	if o.Provider == "" {
		o.Provider = "whatsapp"
	}
	if o.Base == "" {
		o.Base = DefaultBase
	}
	o.Base = strings.TrimRight(o.Base, "/")
	if o.Version == "" {
		o.Version = DefaultVersion
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Client{o}
}

// endpoint joins path elements below the version; each is escaped by the caller.
func (c *Client) endpoint(path string) string { return c.o.Base + "/" + c.o.Version + "/" + path }

// request is one call of the Graph API or of a media host.
type request struct {
	method, address string
	contentType     string
	body            io.Reader
	once            bool
}

// call sends one request with the token and gives the body of a 2xx answer. An
// answer that got lost matters only to once: what must not happen twice.
func (c *Client) call(ctx context.Context, t feierabend.TenantID, req request) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	resp, sent, err := c.do(ctx, t, req)
	if err != nil {
		return nil, noAnswer(err, sent && req.once)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	if err != nil {
		return nil, noAnswer(err, req.once)
	}
	if resp.StatusCode/100 != 2 {
		return nil, graphError(resp.StatusCode, resp.Header, b)
	}
	return b, nil
}

// do sends a request; sent says whether its headers left this machine, so that
// a lost answer is told apart from a refused connection.
func (c *Client) do(ctx context.Context, t feierabend.TenantID, r request) (resp *http.Response, sent bool, err error) {
	done := make(chan struct{}, 1)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() {
		select {
		case done <- struct{}{}:
		default:
		}
	}})
	req, err := http.NewRequestWithContext(ctx, r.method, r.address, r.body)
	if err != nil {
		return nil, false, &feierabend.Error{Kind: feierabend.Internal, Code: "chat_address", Err: errAddress}
	}
	req.Header.Set("Authorization", "Bearer "+c.o.Token.Reveal())
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	resp, err = c.o.Do.Do(ctx, t, c.o.Provider, req)
	return resp, len(done) > 0, err
}

// Ping asks for the own number's id: shows that address, token and number fit
// together. Nothing is sent to anybody.
func (c *Client) Ping(ctx context.Context) error {
	_, err := c.call(ctx, feierabend.TenantID{}, request{method: http.MethodGet, address: c.endpoint(url.PathEscape(c.o.PhoneNumberID)) + "?fields=id"})
	return err
}
