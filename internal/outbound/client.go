package outbound

import (
	"context"
	"net"
	"net/http"
	"time"

	"feierabend"
)

// Limits of every call.
const (
	maxRedirects   = 3
	dialTimeout    = 10 * time.Second
	defaultTimeout = 60 * time.Second // where the caller's context has no deadline
	headerLimit    = 64 << 10
)

// gate says whether data of a tenant may go to a recipient at all.
type gate interface {
	Allowed(t feierabend.TenantID, id feierabend.ProviderID) error
}

// Client is the guarded client. It is safe for concurrent use.
type Client struct {
	// UserAgent is sent with every request; media hosts refuse library defaults.
	UserAgent string
	// Gate is asked before a call goes out, when its answer is there and when its
	// body is read; its error stands for one of the network. Only tests set one
	// (decision 0020).
	Gate func(point string) error

	recipients map[feierabend.ProviderID]feierabend.Recipient
	gate       gate
	loopback   bool
	transports map[reach]*http.Transport
}

// New makes a client for the recipients of the registry. gate may be nil.
// loopback allows what Recipient.Loopback asks for: demo and tests only.
func New(recipients []feierabend.Recipient, gate gate, loopback bool) *Client {
	c := &Client{
		UserAgent:  "feierabend/1.0",
		recipients: make(map[feierabend.ProviderID]feierabend.Recipient, len(recipients)),
		gate:       gate,
		loopback:   loopback,
		transports: map[reach]*http.Transport{},
	}
	for _, r := range recipients {
		c.recipients[r.ID] = r
	}
	for _, r := range []reach{reachPublic, reachLoopback, reachOwnPlain, reachOwn} {
		c.transports[r] = transport(r)
	}
	return c
}

// transport makes one connection pool for a reach, so that no connection
// allowed for one kind of recipient is ever reused by another.
func transport(r reach) *http.Transport {
	p := new(http.Protocols)
	p.SetHTTP1(true) // HTTP/2 stays off below Go 1.26.9 (LIB-02)
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer(r).DialContext,
		Protocols:              p,
		TLSHandshakeTimeout:    dialTimeout,
		ResponseHeaderTimeout:  0, // the deadline of the call governs: speech takes its time
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConnsPerHost:    16,
		MaxResponseHeaderBytes: headerLimit,
	}
}

func dialer(r reach) *net.Dialer {
	return &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second, Control: r.control}
}

// recipient finds the registry row and asks the gate. Without a tenant only
// mail, chat and model recipients may be called (replies to unknown senders,
// sign-in mails): engines that read content always need one.
func (c *Client) recipient(t feierabend.TenantID, id feierabend.ProviderID) (feierabend.Recipient, error) {
	r, ok := c.recipients[id]
	if !ok {
		return r, refused("unknown_recipient", "recipient is not in the registry")
	}
	if t.IsZero() {
		for _, p := range r.Purposes {
			if p == feierabend.PurposeSpeech || p == feierabend.PurposeDrafting {
				return r, refused("tenant_missing", "no tenant named")
			}
		}
		return r, nil
	}
	if c.gate != nil {
		if err := c.gate.Allowed(t, id); err != nil {
			return r, err
		}
	}
	return r, nil
}

// Dial opens a connection that is not HTTP (SMTP). addr is host:port and must
// stand in the recipient's Hosts with that port; a host without a port there
// allows the mail ports 465 and 587.
func (c *Client) Dial(ctx context.Context, t feierabend.TenantID, id feierabend.ProviderID, addr string) (net.Conn, error) {
	r, err := c.recipient(t, id)
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, refused("bad_address", "address is not host:port")
	}
	if !allowed(r.Hosts, host, port, "465") && !allowed(r.Hosts, host, port, "587") {
		return nil, refused("host_not_allowed", "host and port are not in the registry")
	}
	to := reachPublic
	switch {
	case c.loopback && r.Loopback:
		to = reachLoopback
	case r.Class == feierabend.OwnServer:
		to = reachOwn
	}
	if err := c.at("mail dial"); err != nil {
		return nil, unreachable(err)
	}
	conn, err := dialer(to).DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, unreachable(err)
	}
	if c.Gate != nil {
		conn = &gatedConn{Conn: conn, at: c.Gate}
	}
	return conn, nil
}

// at asks the gate; no gate lets everything pass.
func (c *Client) at(point string) error {
	if c.Gate == nil {
		return nil
	}
	return c.Gate(point)
}

// Close drops idle connections.
func (c *Client) Close() {
	for _, t := range c.transports {
		t.CloseIdleConnections()
	}
}
