package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"feierabend"
	"feierabend/internal/seal"
)

// cmdReceipt is `feierabend receipt verify FILE…`: checks erasure receipts
// offline, with the public key inside them or the one given.
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
		var r feierabend.ErasureReceipt
		if err := json.Unmarshal(b, &r); err != nil {
			fmt.Fprintf(stdout, "FEHLER %s: keine Löschquittung\n", path)
			bad++
			continue
		}
		if err := seal.VerifyReceipt(r); err != nil {
			fmt.Fprintf(stdout, "FEHLER %s: die Unterschrift passt nicht zum Inhalt\n", path)
			bad++
			continue
		}
		fmt.Fprintf(stdout, "gültig %s: gelöscht am %s, Prüfung %s\n", path, r.ErasedAt.Format("02.01.2006 15:04:05"), r.Verification)
	}
	if bad > 0 {
		return errSilent
	}
	return nil
}
