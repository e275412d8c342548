package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"feierabend"
	"feierabend/internal/address"
	"feierabend/internal/store"
)

const userRecoverUsage = "feierabend user recover --email ALTE-ADRESSE --to NEUE-ADRESSE"

// adminUser is `feierabend user recover`: the operator begins the three days of waiting
// for an owner who has lost mailbox and number and has shown who they are
// (docs/runbook/lost-mailbox.md). It shortens nothing: the running service tells
// everybody, and anybody told can stop it.
func adminUser(ctx context.Context, st *store.Store, args []string, _ io.Reader, stdout io.Writer) error {
	fs := flag.NewFlagSet("user", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	old := fs.String("email", "", "")
	next := fs.String("to", "", "")
	if len(args) == 0 || args[0] != "recover" || fs.Parse(args[1:]) != nil || fs.NArg() > 0 || *old == "" || *next == "" {
		return usage(userRecoverUsage)
	}
	to, ok := address.ReadEmail(*next)
	if !ok {
		return usage("Die neue Adresse ist keine vollständige E-Mail-Adresse. Es hat nichts begonnen.")
	}
	u, err := st.UserByEmail(ctx, *old)
	if feierabend.KindOf(err) == feierabend.NotFound {
		return usage("Zu der alten Adresse gibt es keine Person. Es hat nichts begonnen.")
	}
	if err != nil {
		return err
	}
	if _, err := st.UserByEmail(ctx, to.Normal); err == nil {
		return usage("Die neue Adresse gehört schon zu einem Zugang. Es hat nichts begonnen.")
	} else if feierabend.KindOf(err) != feierabend.NotFound {
		return err
	}
	now := st.Now()
	r := feierabend.Recovery{ID: feierabend.NewID(), User: u.ID, New: to.Shown, At: now, Due: now.Add(feierabend.RecoveryWait)}
	err = st.StartRecovery(ctx, r, feierabend.Actor{Via: feierabend.ViaCLI}, func(id string) feierabend.Job {
		return feierabend.Job{K: feierabend.JobRecover, Ref: id}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Die Wartezeit läuft bis %s UTC. Alle Beteiligten bekommen Mails und können sie anhalten.\n", r.Due.UTC().Format(time.DateTime))
	return nil
}
