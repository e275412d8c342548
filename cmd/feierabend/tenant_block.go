package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"feierabend"
	"feierabend/internal/store"
)

// tenantBlock is `feierabend tenant block|unblock ID`: the operator keeps everybody of a
// firm out, or lets them in again.
func tenantBlock(ctx context.Context, st *store.Store, verb string, args []string, stdout io.Writer) error {
	if len(args) != 1 {
		return usage("feierabend tenant %s ID", verb)
	}
	t, err := feierabend.ParseTenantID(args[0])
	if err != nil {
		return usage("Die Kennung der Firma hat 26 Zeichen; feierabend tenant list zeigt sie. Es wurde nichts geändert.")
	}
	at, told := st.Now(), "Gesperrt. Niemand aus der Firma kommt hinein, neue Nachrichten werden nicht ausgewertet, die Löschfristen laufen weiter."
	if verb == "unblock" {
		at, told = time.Time{}, "Freigegeben. Sprachnachrichten der letzten sieben Tage werden nachgeholt."
	}
	if err := st.BlockTenant(ctx, t, at, feierabend.Actor{Via: feierabend.ViaCLI}); err != nil {
		return err
	}
	fmt.Fprintln(stdout, told)
	return nil
}
