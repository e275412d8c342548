package main

import (
	"io"

	"feierabend/internal/secret"
)

// secretRotate is `feierabend secret rotate`: prints every sealed setting of this
// environment, sealed anew for other recipients. The values stay what they are, and so
// does the day from which their age counts.
func secretRotate(args []string, env environment, stdout io.Writer) error {
	to, rest, err := recipientFlags(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || len(to) == 0 {
		return usage(secretUsage)
	}
	v, lines := &vault{}, [][2]string{}
	for _, name := range secretNames() {
		text, err := setting(env, name, true)
		if err != nil {
			return err
		}
		if !secret.IsSealed(text) {
			continue
		}
		value, err := v.open(env, name, text)
		if err != nil {
			return err
		}
		again, err := secret.Seal(name, secret.New(value), v.sealed[name], to)
		if err != nil {
			return failure("seal", err, "Die Empfänger passen nicht zusammen (klassische und quantensichere Schlüssel von age lassen sich nicht mischen). Es wurde nichts verschlossen.")
		}
		lines = append(lines, [2]string{name, again})
	}
	if len(lines) == 0 {
		return usage("In dieser Umgebung steht keine verschlossene Einstellung. Bitte den Befehl mit denselben Einstellungen starten wie den Dienst.")
	}
	for _, l := range lines { // all or nothing
		if err := sealLine(stdout, l[0], l[1]); err != nil {
			return err
		}
	}
	return nil
}
