package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// secretAge is the age from which the operator is told to replace a secret (ASVS 13.3.4).
const secretAge = 365 * 24 * time.Hour

// secretCheck is `feierabend secret check`: names, ages and where the key comes from.
func secretCheck(args []string, env environment, stdout io.Writer) error {
	if len(args) > 0 {
		return usage(secretUsage)
	}
	r, v, bad, set := report{stdout}, &vault{}, 0, 0
	for _, name := range secretNames() {
		text, err := setting(env, name, true)
		if err == nil {
			_, err = v.open(env, name, text)
		}
		switch day, sealed := v.sealed[name]; {
		case err != nil:
			bad++
			r.finding("%s", sentence(err))
		case text == "":
			continue
		case slices.Contains(v.plain, name):
			bad++
			r.finding("%s steht im Klartext da; im Echtbetrieb startet Feierabend so nicht.", name)
		case !sealed:
			r.good("%s enthält kein Passwort", name)
		default:
			r.sealedAge(name, day, time.Now())
		}
		set++
	}
	if set == 0 {
		return usage("In dieser Umgebung steht keine geheime Einstellung. Bitte den Befehl mit denselben Einstellungen starten wie den Dienst.")
	}
	r.note("%s", v.source().Sentence())
	if bad > 0 {
		return failure("secrets", nil, "%d Befunde stehen oben.", bad)
	}
	return nil
}

// sealedAge says how old a sealed setting is.
func (r report) sealedAge(name string, day, now time.Time) {
	days := int(now.Sub(day).Hours() / 24)
	switch {
	case day.IsZero():
		r.note("%s verschlossen, ohne Tag: Ein anderes Programm hat es getan.", name)
	case now.Sub(day) > secretAge:
		r.note("%s verschlossen seit %s, %d Tage: älter als ein Jahr. Bitte den Wert beim Anbieter ersetzen und neu verschließen.", name, day.Format(time.DateOnly), days)
	default:
		r.good("%s verschlossen seit %s, %s", name, day.Format(time.DateOnly), fmt.Sprintf("%d Tage", max(days, 0)))
	}
}
