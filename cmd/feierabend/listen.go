package main

import (
	"errors"
	"net"
	"strconv"
	"syscall"
)

// listen opens the address of a setting. In demo mode a taken port is no reason to stop: the
// next free one is used and printed (day-one decision 4); live refuses.
func listen(setting, addr string, demo bool) (net.Listener, error) {
	ln, err := net.Listen("tcp", addr)
	if err == nil || !demo || !errors.Is(err, syscall.EADDRINUSE) {
		return ln, listenError(setting, addr, err)
	}
	host, port, splitErr := net.SplitHostPort(addr)
	n, convErr := strconv.Atoi(port)
	if splitErr != nil || convErr != nil {
		return nil, listenError(setting, addr, err)
	}
	for next := n + 1; next <= n+100 && next < 65536; next++ {
		ln, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(next)))
		if err == nil {
			return ln, nil
		}
	}
	return nil, listenError(setting, addr, err)
}

func listenError(setting, addr string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EADDRINUSE):
		return failure("port_in_use", err, "Die Adresse %s ist schon belegt. Läuft Feierabend bereits? Sonst mit %s eine andere nennen.", addr, setting)
	case errors.Is(err, syscall.EACCES):
		return failure("port_denied", err, "Die Adresse %s darf dieser Benutzer nicht öffnen. Bitte mit %s einen Port über 1023 nennen.", addr, setting)
	}
	return failure("listen", err, "Die Adresse %s lässt sich nicht öffnen. Bitte %s prüfen.", addr, setting)
}
