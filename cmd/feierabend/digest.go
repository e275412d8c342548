package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"feierabend"
	"feierabend/internal/digest"
	"feierabend/internal/store"
)

// adminDigest is `feierabend digest --now`: the mails of the day go out at once instead
// of at half past five, also at weekends. The running service sends them; whoever had
// one that day gets no second one.
func adminDigest(ctx context.Context, st *store.Store, args []string, _ io.Reader, stdout io.Writer) error {
	fs := flag.NewFlagSet("digest", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	now := fs.Bool("now", false, "")
	if fs.Parse(args) != nil || fs.NArg() > 0 || !*now {
		return usage("feierabend digest --now")
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return fmt.Errorf("load zone: %w", err)
	}
	p := digest.Planner{Store: st, Zone: zone, Now: st.Now}
	n, err := p.AtOnce(ctx)
	if err != nil {
		return &feierabend.Error{Kind: feierabend.KindOf(err), Code: "digest", Text: fmt.Sprintf("%d Mails sind auf dem Weg, bei einigen Firmen ging es nicht. Bitte den Befehl noch einmal starten: Doppelt kommt keine.", n), Err: err}
	}
	switch n {
	case 0:
		fmt.Fprintln(stdout, "Keine Mail: Es wartet nichts, oder alle hatten ihre heute schon. Wer sich noch nie per Mail angemeldet hat, bekommt keine.")
	case 1:
		fmt.Fprintln(stdout, "1 Mail ist auf dem Weg.")
	default:
		fmt.Fprintf(stdout, "%d Mails sind auf dem Weg.\n", n)
	}
	return nil
}
