package outbound

import "net"

// gatedConn is a mail connection whose every write, and the first read after one,
// passes a gate: how many reads an answer takes depends on the network. One that was
// refused is broken for good, as a real one is: nobody waits for its answers.
type gatedConn struct {
	net.Conn
	at    func(point string) error
	asked bool // since the last write
}

func (c *gatedConn) Write(p []byte) (int, error) {
	if err := c.at("mail write"); err != nil {
		c.Conn.Close()
		return 0, err
	}
	c.asked = false
	return c.Conn.Write(p)
}

func (c *gatedConn) Read(p []byte) (int, error) {
	if !c.asked {
		c.asked = true
		if err := c.at("mail answer"); err != nil {
			c.Conn.Close()
			return 0, err
		}
	}
	return c.Conn.Read(p)
}
