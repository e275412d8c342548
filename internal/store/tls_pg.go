package store

import (
	"crypto/tls"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// VerifiesServer says whether every way that an address of PostgreSQL may be dialled
// checks the server's certificate: by verify-full, or by verify-ca with a root of one's
// own. A unix socket and this machine need none. The address is read as pgx reads it,
// PGSSLMODE and its like included: without sslmode it is "prefer", which takes what it
// gets.
func VerifiesServer(dsn string) (bool, error) {
	cfg, err := pgconn.ParseConfig(dsn)
	if err != nil {
		return false, badAddress()
	}
	ways := []*pgconn.FallbackConfig{{Host: cfg.Host, TLSConfig: cfg.TLSConfig}}
	for _, w := range append(ways, cfg.Fallbacks...) {
		if !here(w.Host) && !verifies(w.TLSConfig) {
			return false, nil
		}
	}
	return true, nil
}

// here says that a host is a unix socket or this machine.
func here(host string) bool {
	ip := net.ParseIP(host)
	return strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || host == "localhost" || ip != nil && ip.IsLoopback()
}

// verifies says that a connection is only made to a server with a good certificate: of
// the host's name, or of the pinned root (pgx skips Go's own check there for one
// without the name).
func verifies(c *tls.Config) bool {
	if c == nil {
		return false
	}
	return !c.InsecureSkipVerify || c.RootCAs != nil && c.VerifyPeerCertificate != nil
}
