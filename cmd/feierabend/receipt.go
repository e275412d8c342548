package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"

	"feierabend"
	"feierabend/internal/seal"
)

// cmdReceipt is `feierabend receipt verify FILE…`: checks downloaded erasure
// receipts offline and prints whose key signed them.
func cmdReceipt(_ context.Context, args []string, _ environment, _ io.Reader, stdout, _ io.Writer) error {
	if len(args) < 2 || args[0] != "verify" {
		return usage("feierabend receipt verify DATEI…")
	}
	bad := 0
	for _, path := range args[1:] {
		b, err := os.ReadFile(path)
		if err != nil {
			return usage("Die Datei %s lässt sich nicht lesen.", path)
		}
		at, v, key, err := seal.CheckReceiptFile(b)
		switch {
		case errors.Is(err, seal.ErrNoReceipt):
			fmt.Fprintf(stdout, "FEHLER %s: das ist keine Löschquittung\n", path)
		case err != nil:
			fmt.Fprintf(stdout, "FEHLER %s: die Unterschrift passt nicht zum Inhalt\n", path)
		default:
			how := map[feierabend.Verification]string{
				feierabend.VerifyVerified:     "Prüfung bestanden, nichts mehr gefunden",
				feierabend.VerifyUnverifiable: "gelöscht, aber auf dieser Datenbank nicht nachprüfbar",
			}[v]
			fmt.Fprintf(stdout, "gültig %s: gelöscht am %s; %s; Schlüssel %s\n", path, at.Local().Format("02.01.2006, 15:04:05"), how, base64.StdEncoding.EncodeToString(key))
			continue
		}
		bad++
	}
	if bad > 0 {
		return errSilent
	}
	return nil
}
