package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/address"
	"feierabend/internal/signin"
	"feierabend/internal/store"
)

// operatorTerm is how long the link of an operator's invitation may be used.
const operatorTerm = 24 * time.Hour

const operatorUsage = "feierabend operator invite MAIL oder feierabend operator list oder feierabend operator remove MAIL"

// cmdOperator is `feierabend operator`. The link of an invitation begins with the public
// address, which the store does not know: it goes along.
func cmdOperator(ctx context.Context, args []string, env environment, stdin io.Reader, stdout, stderr io.Writer) error {
	cfg, err := loadConfig(env)
	if err != nil {
		return err
	}
	if len(args) > 0 && args[0] == "invite" {
		url := strings.TrimSuffix(cfg.PublicURL, "/")
		if url == "" {
			url = "http://" + cfg.Listen
		}
		args = append([]string{"invite", "--url", url}, args[1:]...)
	}
	return viaStore("operator")(ctx, args, env, stdin, stdout, stderr)
}

// adminOperator is `feierabend operator invite|list|remove`.
func adminOperator(ctx context.Context, st *store.Store, args []string, _ io.Reader, stdout io.Writer) error {
	fs := flag.NewFlagSet("operator", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	url := fs.String("url", "", "")
	if len(args) == 0 || fs.Parse(args[1:]) != nil {
		return usage(operatorUsage)
	}
	if args[0] == "list" && fs.NArg() == 0 {
		return operatorList(ctx, st, stdout)
	}
	if fs.NArg() != 1 || args[0] != "invite" && args[0] != "remove" {
		return usage(operatorUsage)
	}
	email, ok := address.ReadEmail(fs.Arg(0))
	if !ok {
		return usage("Das ist keine vollständige E-Mail-Adresse. Bitte so angeben: name@beispiel.de. Es wurde nichts geändert.")
	}
	if args[0] == "remove" {
		return operatorRemove(ctx, st, email.Normal, stdout)
	}
	token := signin.NewToken()
	until := st.Now().Add(operatorTerm)
	if _, err := st.InviteOperator(ctx, email.Shown, feierabend.UserID(feierabend.NewID()), signin.Hash(token), until, feierabend.Actor{Via: feierabend.ViaCLI}); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s/betrieb/einladung?t=%s\nDer Link gilt bis %s UTC und nur einmal. Geben Sie ihn nur der Person, der die Adresse gehört: Ohne ihr Postfach nützt er niemandem.\n",
		*url, token, until.UTC().Format("02.01.2006, 15:04"))
	return nil
}

// operatorList shows who runs the service: by address, since they work for the operator.
func operatorList(ctx context.Context, st *store.Store, stdout io.Writer) error {
	all, err := st.Operators(ctx)
	if err != nil {
		return err
	}
	for _, o := range all {
		state := fmt.Sprintf("%d Passkeys", o.Passkeys)
		switch {
		case o.Passkeys == 0 && st.Now().Before(o.InvitedUntil):
			state = "eingeladen bis " + o.InvitedUntil.UTC().Format("02.01.2006, 15:04") + " UTC"
		case o.Passkeys == 0:
			state = "ohne Passkey, Einladung abgelaufen"
		case o.Passkeys == 1:
			state = "1 Passkey"
		}
		if !o.SeenAt.IsZero() {
			state += ", zuletzt " + o.SeenAt.UTC().Format("02.01.2006, 15:04") + " UTC"
		}
		fmt.Fprintf(stdout, "%s\t%s\n", o.Email, state)
	}
	return nil
}

func operatorRemove(ctx context.Context, st *store.Store, normal string, stdout io.Writer) error {
	u, err := st.UserByEmail(ctx, normal)
	if err == nil {
		err = st.RemoveOperator(ctx, u.ID, feierabend.Actor{Via: feierabend.ViaCLI})
	}
	if feierabend.KindOf(err) == feierabend.NotFound {
		return failure("operator", err, "Diese Adresse gehört niemandem, der Feierabend betreibt. Es wurde nichts geändert. Wer es tut, zeigt: feierabend operator list")
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout, "Entfernt. Die Person ist aus dem Betrieb abgemeldet, ihre Passkeys dafür gelten nicht mehr.")
	return nil
}
