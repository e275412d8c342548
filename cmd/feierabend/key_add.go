package main

import (
	"fmt"
	"io"

	"feierabend/internal/seal"
)

// keyAdd is `feierabend key add`: prints a fresh master key in both roll-outs and the
// whole order of steps. Every process must be able to open with the new key before
// any wraps with it: else what one wraps the next one could not read.
func keyAdd(env environment, stdout io.Writer) error {
	setting, err := masterKeys(env)
	if err != nil {
		return err
	}
	old, err := seal.ParseKeys(setting)
	if err != nil {
		return err
	}
	id, last, first, err := seal.Added(setting)
	if err != nil {
		return failure("no_number", err, "Es gibt keine freie Nummer mehr über der höchsten. Bitte einen Schlüssel mit kleinerer Nummer von Hand anlegen.")
	}
	if last, err = settingLine(env, "FEIERABEND_MASTER_KEYS", last); err != nil {
		return err
	}
	if first, err = settingLine(env, "FEIERABEND_MASTER_KEYS", first); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, `# Neuer Hauptschlüssel %[1]d. Die Reihenfolge zählt: erst müssen alle Prozesse mit ihm öffnen können, dann darf einer mit ihm verschließen.
# 1. Diese Einstellung an allen Prozessen setzen und alle neu starten. Hauptschlüssel %[2]d verschließt weiter, beide öffnen.
#    (Läuft nur ein Prozess, genügt Schritt 2.)
%[3]s
# 2. Erst wenn alle so laufen: diese Einstellung an allen Prozessen setzen und alle neu starten. Jetzt verschließt Hauptschlüssel %[1]d.
%[4]s
# 3. feierabend key list: an keinem anderen Hauptschlüssel stehen noch laufende Prozesse.
# 4. feierabend key rotate: verschließt alle Vorgänge neu und sucht die alten Formen in allen Dateien. Der Dienst läuft weiter.
# 5. feierabend key drop %[2]d: nennt die Einstellung ohne den alten Schlüssel und was mit Ihren Kopien zu tun ist.
# Bewahren Sie den neuen Schlüssel getrennt von der Datenbank auf, bevor Sie Schritt 2 beginnen: ohne ihn ist danach nichts mehr lesbar.
`, id, old.Current(), last, first)
	return err
}
