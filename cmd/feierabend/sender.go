package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"feierabend"
	"feierabend/internal/store"
)

// adminSender is `feierabend sender add|list`.
func adminSender(ctx context.Context, st *store.Store, args []string, _ io.Reader, stdout io.Writer) error {
	fs := flag.NewFlagSet("sender", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	tenant := fs.String("tenant", "", "")
	email := fs.String("email", "", "")
	phone := fs.String("phone", "", "")
	const how = "feierabend sender add --tenant ID --email … --phone +49… oder feierabend sender list --tenant ID"
	if len(args) == 0 || fs.Parse(args[1:]) != nil || fs.NArg() > 0 {
		return usage(how)
	}
	t, err := feierabend.ParseTenantID(*tenant)
	if err != nil {
		return usage("Die Kennung der Firma hat 26 Zeichen: feierabend tenant list zeigt sie.")
	}
	switch args[0] {
	case "add":
		return senderAdd(ctx, st, t, *email, *phone, stdout)
	case "list":
		links, err := st.SenderLinks(ctx, t)
		if err != nil {
			return err
		}
		for _, l := range links {
			fmt.Fprintf(stdout, "%s\t%s\n", l.ID, l.Mask())
		}
		return nil
	}
	return usage(how)
}

func senderAdd(ctx context.Context, st *store.Store, t feierabend.TenantID, email, phone string, stdout io.Writer) error {
	e164, err := parsePhone(phone)
	if err != nil {
		return err
	}
	if e164 == "" || email == "" {
		return usage("Es fehlen Angaben: --email der Person und --phone gehören dazu. Es wurde nichts verbunden.")
	}
	u, err := st.UserByEmail(ctx, email)
	if err != nil {
		return usage("Zu dieser Mailadresse gibt es keine Person. Es wurde nichts verbunden.")
	}
	if _, err := st.Member(ctx, t, u.ID); err != nil {
		return usage("Diese Person gehört nicht zu der Firma. Es wurde nichts verbunden.")
	}
	l := feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), Tenant: t, User: u.ID, Phone: e164, LinkedAt: time.Now()}
	if err := st.LinkSender(ctx, t, l, feierabend.Actor{Via: feierabend.ViaCLI}); err != nil {
		if feierabend.KindOf(err) == feierabend.Conflict {
			return failure("number_taken", err, "Diese Nummer ist schon verbunden. Eine Nummer gehört immer nur zu einer Firma.")
		}
		return err
	}
	fmt.Fprintln(stdout, l.ID)
	return nil
}
