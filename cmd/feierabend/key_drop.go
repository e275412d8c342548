package main

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
)

// keyDrop is `feierabend key drop NUMMER`: asks the store whether the master key is
// free, and prints the setting without it. The key itself stands only in the
// operator's environment, so the store never sees that value.
func keyDrop(env environment, number string, admin func(args ...string) error, stdout io.Writer) error {
	id, err := strconv.ParseInt(number, 10, 16)
	if err != nil || id < 1 {
		return usage(keyUsage)
	}
	setting, err := masterKeys(env)
	if err != nil {
		return err
	}
	rest, err := seal.Dropped(setting, int16(id))
	if err != nil {
		return usage("Hauptschlüssel %d steht nicht in FEIERABEND_MASTER_KEYS dieser Umgebung, oder er ist der einzige dort.", id)
	}
	if err := admin("drop", strconv.Itoa(int(id))); err != nil {
		return err
	}
	if rest, err = settingLine(env, "FEIERABEND_MASTER_KEYS", rest); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, `# Hauptschlüssel %[1]d verschließt nichts mehr. Diese Einstellung an allen Prozessen setzen und alle neu starten:
%[2]s
# Danach alle Kopien von Hauptschlüssel %[1]d vernichten: im Tresor oder Passwortmanager, in alten Ständen der Umgebungsvariablen
# der Plattform, in Startskripten, Sicherungen und Verläufen der Kommandozeile. Erst damit sind Reste, die in abgenutzten
# Speicherblöcken oder Abbildern des Anbieters liegen könnten, für niemanden mehr zu öffnen.
# Startet ein Prozess ohne ihn nicht, so ist nichts verloren: er wird noch gebraucht, und der Satz nennt die Nummer.
`, id, rest)
	return err
}

// keyFree refuses while a master key is still in use somewhere.
func keyFree(ctx context.Context, st *store.Store, number string) error {
	ks, err := st.MasterKeys(ctx)
	if err != nil {
		return err
	}
	for _, k := range ks {
		if strconv.Itoa(int(k.ID)) != number {
			continue
		}
		why := ""
		switch {
		case k.Wraps:
			why = "er steht vorn und verschließt neue Vorgänge. Bitte zuerst: feierabend key add"
		case k.Processes > 0:
			why = fmt.Sprintf("%d laufende Prozesse verschließen noch mit ihm. Bitte alle mit der neuen Einstellung starten, dann: feierabend key rotate", k.Processes)
		case k.Keys > 0:
			why = fmt.Sprintf("er verschließt noch %d Vorgänge. Bitte zuerst: feierabend key rotate", k.Keys)
		case k.Unproved > 0:
			why = fmt.Sprintf("nach %d alten Formen ist noch nicht erfolgreich gesucht worden. Bitte noch einmal: feierabend key rotate", k.Unproved)
		default:
			return nil
		}
		return &feierabend.Error{Kind: feierabend.Conflict, Code: "master_in_use", Text: fmt.Sprintf("Hauptschlüssel %s wird noch gebraucht: %s.", number, why)}
	}
	return nil
}
