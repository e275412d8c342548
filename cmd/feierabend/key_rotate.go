package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"feierabend"
	"feierabend/internal/store"
)

// keyRotate is `feierabend key rotate`: wraps every data key with the first master
// key and searches for the old forms. wraps is the number that the operator expects
// to be the first; "" = whichever it is.
func keyRotate(ctx context.Context, st *store.Store, wraps string, asJSON bool, stdout io.Writer) error {
	if err := expectFirst(ctx, st, wraps); err != nil {
		return err
	}
	last := time.Time{}
	r, err := st.RotateKeys(ctx, func(done, all int) {
		if now := time.Now(); !asJSON && (done == all || now.Sub(last) > time.Second) {
			fmt.Fprintf(stdout, "%d von %d Vorgängen neu verschlossen\n", done, all)
			last = now
		}
	})
	if err != nil && r.Hits == 0 {
		return err
	}
	if asJSON {
		if jerr := json.NewEncoder(stdout).Encode(r); jerr != nil {
			return jerr
		}
		return err
	}
	tellRotation(r, stdout)
	return err
}

// expectFirst refuses where the running service does not have the operator's new
// setting yet: it would rotate towards the old key.
func expectFirst(ctx context.Context, st *store.Store, wraps string) error {
	if wraps == "" {
		return nil
	}
	ks, err := st.MasterKeys(ctx)
	if err != nil {
		return err
	}
	for _, k := range ks {
		if k.Wraps && strconv.Itoa(int(k.ID)) != wraps {
			return &feierabend.Error{Kind: feierabend.Conflict, Code: "old_master_in_use", Text: fmt.Sprintf("Der laufende Dienst verschließt noch mit Hauptschlüssel %d, in dieser Umgebung steht %s vorn. "+
				"Es wurde nichts verändert. Bitte den Dienst mit der neuen Einstellung starten und feierabend key rotate noch einmal.", k.ID, wraps)}
		}
	}
	return nil
}

func tellRotation(r feierabend.Rotation, w io.Writer) {
	if r.Orphans > 0 {
		fmt.Fprintf(w, "%d alte Schlüssel gehörten zu keinem Vorgang und sind gelöscht.\n", r.Orphans)
	}
	switch {
	case r.Searched == 0:
		fmt.Fprintf(w, "Alle Vorgänge sind mit Hauptschlüssel %d verschlossen; es gab nichts zu tun.\n", r.To)
		return
	case !r.Sure:
		fmt.Fprintf(w, "Alle Vorgänge sind mit Hauptschlüssel %d verschlossen. Die Dateien dieser Datenbank lassen sich nicht durchsuchen (%s): "+
			"Kopien der alten Formen öffnet nur der alte Hauptschlüssel. Vernichten Sie ihn.\n", r.To, r.Method)
	default:
		fmt.Fprintf(w, "Alle Vorgänge sind mit Hauptschlüssel %d verschlossen. %d alte Formen gesucht, in %d Dateien mit %d Bytes: %d Treffer.\n", r.To, r.Searched, r.Files, r.Bytes, r.Hits)
	}
	if r.Hits == 0 {
		fmt.Fprintln(w, "Als Nächstes: feierabend key drop NUMMER mit der Nummer des alten Hauptschlüssels.")
	}
}
