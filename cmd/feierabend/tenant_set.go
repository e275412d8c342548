package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/store"
)

const tenantSetUsage = "feierabend tenant set --tenant ID [--days 1…30] [--countdown 15m|1h|24h|tag30]"

// countdownOf reads a value of --countdown.
func countdownOf(word string) (d time.Duration, ok bool) {
	d, ok = map[string]time.Duration{"15m": 15 * time.Minute, "1h": time.Hour, "24h": 24 * time.Hour, "tag30": feierabend.CountdownOff}[strings.ToLower(word)]
	return d, ok
}

// tenantSet is `feierabend tenant set`: the firm's instruction about how long its
// content is kept. The operator carries it out on the firm's word; it is recorded.
func tenantSet(ctx context.Context, st *store.Store, args []string, stdout io.Writer) error {
	fs := flag.NewFlagSet("tenant set", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	id := fs.String("tenant", "", "")
	days := fs.Int("days", 0, "")
	countdown := fs.String("countdown", "", "")
	if err := fs.Parse(args); err != nil || fs.NArg() > 0 || *id == "" || *days == 0 && *countdown == "" {
		return usage(tenantSetUsage)
	}
	if *days < 0 || *days > feierabend.MaxRetentionDays {
		return usage("--days muss zwischen 1 und %d liegen. Es wurde nichts geändert.", feierabend.MaxRetentionDays)
	}
	t, err := feierabend.ParseTenantID(*id)
	if err != nil {
		return usage("Die Kennung der Firma hat 26 Zeichen; feierabend tenant list zeigt sie. Es wurde nichts geändert.")
	}
	have, err := st.Tenant(ctx, t)
	if err != nil {
		return err
	}
	n := feierabend.Instruction{RetentionDays: have.RetentionDays, Countdown: have.Countdown}
	if *days > 0 {
		n.RetentionDays = *days
	}
	if *countdown != "" {
		var ok bool
		if n.Countdown, ok = countdownOf(*countdown); !ok {
			return usage("--countdown kennt 15m, 1h, 24h und tag30 (kein Countdown). Es wurde nichts geändert.")
		}
	}
	shortened, err := st.Instruct(ctx, t, n, feierabend.Actor{Via: feierabend.ViaCLI})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Aufbewahrung %d Tage, nach dem Herunterladen %s. Kürzer geworden: %d Vorgänge.\n", n.RetentionDays, countdownGerman(n.Countdown), shortened)
	return nil
}

func countdownGerman(d time.Duration) string {
	switch d {
	case feierabend.CountdownOff:
		return "keine Frist bis Tag 30"
	case 15 * time.Minute:
		return "15 Minuten"
	case time.Hour:
		return "1 Stunde"
	}
	return "24 Stunden"
}
