package main

import (
	"net/url"
	"slices"

	"feierabend"
)

// roles gives what this process does: web, worker or both. Split they need a database
// that several processes can work on.
func (c config) roles() ([]string, error) {
	roles := splitList(c.Roles)
	slices.Sort(roles)
	roles = slices.Compact(roles)
	for _, r := range roles {
		if r != feierabend.ServesWeb && r != feierabend.ServesWork {
			return nil, usage("Die Rolle „%s“ gibt es nicht. Möglich sind web und worker: feierabend serve --roles web,worker", r)
		}
	}
	switch {
	case len(roles) == 0:
		return nil, usage("Ein Prozess braucht eine Rolle: feierabend serve --roles web,worker")
	case len(roles) == 1 && c.demo():
		return nil, usage("Der Probebetrieb ist ein einziger Prozess mit beiden Rollen. Bitte --roles weglassen.")
	case len(roles) == 1 && c.DatabaseURL.Empty():
		return nil, usage("--roles %s allein geht nicht mit SQLite: Die Datei gehört einem einzigen Prozess, und die andere Hälfte der Arbeit bliebe liegen. "+
			"Bitte --roles weglassen, oder mit FEIERABEND_DATABASE_URL eine PostgreSQL-Datenbank nennen.", roles[0])
	}
	return roles, nil
}

// simulatorHere is the host of a WhatsApp simulator on this machine, where
// FEIERABEND_WHATSAPP_URL names one: it stands in for Meta, and nothing leaves the host.
func (c config) simulatorHere() []string {
	u, err := url.Parse(c.WhatsAppURL)
	if err != nil || u.Scheme != "http" || !loopbackHost(u.Hostname()) {
		return nil
	}
	return []string{u.Host}
}

// onLoopback says whether recipients on this machine may be dialled.
func (c config) onLoopback() bool {
	return c.demo() || c.SMTPTLS == "off" || len(c.simulatorHere()) > 0
}
