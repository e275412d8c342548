package main

import (
	"errors"
	"net"
	"strconv"
	"syscall"
)

// listen opens the address. In demo mode a taken port is no reason to stop: the
// next free one is used and printed (day-one decision 4); live refuses.
func listen(addr string, demo bool) (net.Listener, error) {
	ln, err := net.Listen("tcp", addr)
	if err == nil || !demo || !errors.Is(err, syscall.EADDRINUSE) {
		return ln, listenError(addr, err)
	}
	host, port, splitErr := net.SplitHostPort(addr)
	n, convErr := strconv.Atoi(port)
	if splitErr != nil || convErr != nil {
		return nil, listenError(addr, err)
	}
	for next := n + 1; next <= n+100 && next < 65536; next++ {
		ln, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(next)))
		if err == nil {
			return ln, nil
		}
	}
	return nil, listenError(addr, err)
}

func listenError(addr string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EADDRINUSE):
		return failure("port_in_use", err, "Die Adresse %s ist schon belegt. Läuft Feierabend bereits? Sonst mit FEIERABEND_LISTEN eine andere nennen.", addr)
	case errors.Is(err, syscall.EACCES):
		return failure("port_denied", err, "Die Adresse %s darf dieser Benutzer nicht öffnen. Bitte mit FEIERABEND_LISTEN einen Port über 1023 nennen.", addr)
	}
	return failure("listen", err, "Die Adresse %s lässt sich nicht öffnen. Bitte FEIERABEND_LISTEN prüfen.", addr)
}
