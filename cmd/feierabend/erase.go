package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"feierabend"
	"feierabend/internal/store"
)

// adminErase is `feierabend erase --verify`: repeats scrub and search for every
// receipt whose proof is outstanding and says how many are proved now. Content tables
// of PostgreSQL are rewritten too, ahead of their time.
func adminErase(ctx context.Context, st *store.Store, args []string, _ io.Reader, stdout io.Writer) error {
	if len(args) != 1 || args[0] != "--verify" {
		return usage("feierabend erase --verify")
	}
	n, err := st.ScrubAndVerify(ctx)
	if err != nil {
		return err
	}
	if _, err := st.RewriteContent(ctx); err != nil {
		return err
	}
	open := 0
	ts, err := st.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, t := range ts {
		rs, err := st.Receipts(ctx, t.ID)
		if err != nil {
			return err
		}
		for _, r := range rs {
			if r.Verification == feierabend.VerifyPending {
				open++
			}
		}
	}
	if err := json.NewEncoder(stdout).Encode(map[string]int{"verified_now": n, "pending": open}); err != nil {
		return err
	}
	if open > 0 {
		return failure("pending", fmt.Errorf("%d receipts", open), "%d Löschungen sind noch nicht bewiesen. Bitte in einer Minute noch einmal versuchen.", open)
	}
	return nil
}
