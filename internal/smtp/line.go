package smtp

import (
	"errors"
	"net"
	"sync"
)

// mostAnswers is how much a server may say in one conversation, in bytes: real ones say
// a few hundred. The library reads a line to its end, however long it is.
const mostAnswers = 256 << 10

// line is the connection of one conversation and what became of it.
type line struct {
	refused  error // why it was not opened
	insecure bool  // it was opened, and could not be secured

	mu   sync.Mutex
	conn *limited
}

// hold keeps the connection, so that it can be cut.
func (l *line) hold(c net.Conn) net.Conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = &limited{Conn: c, left: mostAnswers}
	return l.conn
}

// cut closes the connection; whoever reads or writes gets an error at once.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		l.conn.Close()
	}
}

// broken says that the connection ended before we did.
func (l *line) broken() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn != nil && l.conn.failed()
}

var errTooMuch = errors.New("the server says too much")

// limited ends when the other side has said too much.
type limited struct {
	net.Conn
	mu    sync.Mutex
	left  int
	ended bool
}

// Read reads while the server has not said too much.
func (c *limited) Read(p []byte) (int, error) {
	c.mu.Lock()
	left := c.left
	c.mu.Unlock()
	if left <= 0 {
		return 0, errTooMuch
	}
	n, err := c.Conn.Read(p[:min(len(p), left)])
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left -= n
	c.ended = c.ended || err != nil
	return n, err
}

func (c *limited) failed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended
}
