package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"time"

	"feierabend"
	"feierabend/internal/store"
)

// adminNumbers is `feierabend numbers --tenant ID`: the firm's ledger of numbers
// without content, as CSV: what was given out when, and every gap with its reason.
func adminNumbers(ctx context.Context, st *store.Store, args []string, _ io.Reader, stdout io.Writer) error {
	if len(args) != 2 || args[0] != "--tenant" {
		return usage("feierabend numbers --tenant ID")
	}
	t, err := feierabend.ParseTenantID(args[1])
	if err != nil {
		return usage("Die Kennung der Firma hat 26 Zeichen: feierabend tenant list zeigt sie.")
	}
	entries, err := st.NumberLedger(ctx, t)
	if err != nil {
		return err
	}
	gaps, err := st.NumberGaps(ctx, t)
	if err != nil {
		return err
	}
	w := csv.NewWriter(stdout)
	w.Comma = ';'
	stamp := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.UTC().Format(time.RFC3339)
	}
	w.Write([]string{"Reihe", "von", "bis", "reserviert", "ausgestellt", "Zustand"})
	for _, e := range entries {
		state := "ausgestellt"
		if e.IssuedAt.IsZero() {
			state = "reserviert, nie ausgestellt"
		}
		w.Write([]string{string(e.Series), e.Number, e.Number, stamp(e.ReservedAt), stamp(e.IssuedAt), state})
	}
	for _, g := range gaps {
		reason := g.Reason
		if reason == feierabend.GapRestore {
			reason = "ausgelassen nach Wiederherstellung aus einer Sicherung"
		}
		w.Write([]string{string(g.Series), g.Series.Number(g.First), g.Series.Number(g.Last), "", stamp(g.At), reason})
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("write ledger: %w", err)
	}
	return nil
}
