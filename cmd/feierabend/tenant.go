package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"feierabend"
	"feierabend/internal/address"
	"feierabend/internal/store"
)

// agreementVersion names the text that `tenant create` and the demo conclude;
// the texts themselves come with the contract part.
const agreementVersion = "cli-1"

// adminTenant is `feierabend tenant create|set|block|unblock|list`.
func adminTenant(ctx context.Context, st *store.Store, args []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) == 0 {
		return usage("feierabend tenant create --name … --owner … --email … [--phone +49…] [--profile DATEI] oder feierabend tenant set … oder feierabend tenant block|unblock ID oder feierabend tenant list")
	}
	switch args[0] {
	case "create":
		return tenantCreate(ctx, st, args[1:], stdin, stdout)
	case "set":
		return tenantSet(ctx, st, args[1:], stdout)
	case "block", "unblock":
		return tenantBlock(ctx, st, args[0], args[1:], stdout)
	case "list":
		ts, err := st.Tenants(ctx)
		if err != nil {
			return err
		}
		for _, t := range ts {
			state := ""
			if !t.BlockedAt.IsZero() {
				state = "\tgesperrt seit " + t.BlockedAt.UTC().Format("02.01.2006, 15:04") + " UTC"
			}
			fmt.Fprintf(stdout, "%s\t%s%s\n", t.ID, t.Name, state)
		}
		return nil
	}
	return usage("feierabend tenant kennt create, set, block, unblock und list, nicht „%s“.", args[0])
}

func tenantCreate(ctx context.Context, st *store.Store, args []string, stdin io.Reader, stdout io.Writer) error {
	fs := flag.NewFlagSet("tenant create", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	var n newTenant
	fs.StringVar(&n.Name, "name", "", "")
	fs.StringVar(&n.Owner, "owner", "", "")
	fs.StringVar(&n.Email, "email", "", "")
	fs.StringVar(&n.Phone, "phone", "", "")
	fs.IntVar(&n.RetentionDays, "days", feierabend.MaxRetentionDays, "")
	profile := fs.String("profile", "", "")
	if err := fs.Parse(args); err != nil || fs.NArg() > 0 {
		return usage("feierabend tenant create --name … --owner … --email … [--phone +49…] [--days 1…30] [--profile DATEI oder -]")
	}
	if n.Name == "" || n.Owner == "" || n.Email == "" {
		return usage("Es fehlen Angaben: --name, --owner und --email gehören dazu. Es wurde nichts angelegt.")
	}
	email, ok := address.ReadEmail(n.Email)
	if !ok {
		return usage("Das ist keine vollständige E-Mail-Adresse. Bitte so angeben: --email name@beispiel.de. Es wurde nichts angelegt.")
	}
	n.Email = email.Shown
	if *profile != "" {
		if err := readProfile(*profile, stdin, &n.Profile); err != nil {
			return err
		}
	} else {
		n.Profile = feierabend.Profile{Seller: feierabend.Seller{Name: n.Name, Contact: n.Owner, Email: n.Email, Phone: n.Phone}}
	}
	id, err := n.create(ctx, st)
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout, id)
	return nil
}

func readProfile(path string, stdin io.Reader, p *feierabend.Profile) error {
	b, err := io.ReadAll(io.LimitReader(stdin, 4<<20))
	if path != "-" {
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return usage("Die Profildatei lässt sich nicht lesen. Es wurde nichts angelegt.")
	}
	if err := json.Unmarshal(b, p); err != nil {
		return usage("Die Profildatei ist kein gültiges JSON der Form docs/dictation-format.md. Es wurde nichts angelegt.")
	}
	return nil
}

// newTenant is what one firm needs to begin: the firm, its owner, its number.
type newTenant struct {
	Name, Owner, Email, Phone string
	RetentionDays             int
	Profile                   feierabend.Profile
}

// create writes firm, owner, agreement and, where given, the number: all or nothing.
func (n newTenant) create(ctx context.Context, st *store.Store) (feierabend.TenantID, error) {
	if n.RetentionDays == 0 {
		n.RetentionDays = feierabend.MaxRetentionDays
	}
	if n.RetentionDays < 1 || n.RetentionDays > feierabend.MaxRetentionDays {
		return feierabend.TenantID{}, usage("--days muss zwischen 1 und %d liegen.", feierabend.MaxRetentionDays)
	}
	phone, err := parsePhone(n.Phone)
	if err != nil {
		return feierabend.TenantID{}, err
	}
	id, err := feierabend.ParseTenantID(feierabend.NewID())
	if err != nil {
		return id, err
	}
	now := time.Now()
	t := feierabend.Tenant{ID: id, Name: n.Name, CreatedAt: now, RetentionDays: n.RetentionDays, Countdown: 24 * time.Hour}
	owner := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: n.Email, Name: n.Owner}
	by := feierabend.Actor{User: owner.ID, Role: feierabend.RoleOwner, Via: feierabend.ViaCLI}
	hash := sha256.Sum256([]byte(agreementVersion))
	agreement := feierabend.ProcessingAgreement{Tenant: id, Version: agreementVersion, Hash: hash[:], ConcludedAt: now, By: by}
	var link *feierabend.SenderLink
	if phone != "" {
		link = &feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), Tenant: id, User: owner.ID, Phone: phone, LinkedAt: now}
	}
	return id, st.Found(ctx, t, n.Profile, owner, agreement, link)
}

// parsePhone gives E.164, or "" for none; German numbers may be written nationally.
func parsePhone(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	n, ok := address.ReadPhone(s)
	if !ok {
		return "", usage("Die Telefonnummer ist nicht vollständig. Bitte mit Vorwahl angeben, zum Beispiel +49 171 3920015.")
	}
	return n, nil
}
