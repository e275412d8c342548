package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"feierabend/internal/secret"
)

const secretUsage = "feierabend secret keygen [--out DATEI] | seal NAME [--recipient age1…]… | check | rotate --recipient age1… [--recipient age1…]"

// cmdSecret is `feierabend secret …`: makes keys, seals settings, looks at them
// (docs/keys.md). A value comes from standard input only, never from an argument,
// and is never printed.
func cmdSecret(_ context.Context, args []string, env environment, stdin io.Reader, stdout, _ io.Writer) error {
	if len(args) == 0 {
		return usage(secretUsage)
	}
	switch verb, rest := args[0], args[1:]; verb {
	case "keygen":
		return secretKeygen(rest, stdout)
	case "seal":
		return secretSeal(rest, env, stdin, stdout)
	case "check":
		return secretCheck(rest, env, stdout)
	case "rotate":
		return secretRotate(rest, env, stdout)
	}
	return usage(secretUsage)
}

// recipientFlags reads --recipient, as often as it stands there, and what is no flag.
func recipientFlags(args []string) (to []secret.Recipient, rest []string, err error) {
	fs := flag.NewFlagSet("secret", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Func("recipient", "", func(text string) error {
		rs, err := secret.ParseRecipients(text)
		to = append(to, rs...)
		return err
	})
	for len(args) > 0 { // flags may stand before and after the name
		if err := fs.Parse(args); err != nil {
			return nil, nil, usage("%s\n--recipient nennt einen öffentlichen Schlüssel, er beginnt mit age1.", secretUsage)
		}
		if args = fs.Args(); len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	return to, rest, nil
}

// ownRecipients are those of FEIERABEND_AGE_RECIPIENTS, else those of the own key;
// none where there is neither.
func ownRecipients(env environment) ([]secret.Recipient, error) {
	if list := env.get("FEIERABEND_AGE_RECIPIENTS"); list != "" {
		to, err := secret.ParseRecipients(list)
		if err != nil {
			return nil, usage("FEIERABEND_AGE_RECIPIENTS nennt öffentliche Schlüssel von age (age1…), mehrere mit Komma. Einer davon ist keiner.")
		}
		return to, nil
	}
	keys, err := ageKeys(env)
	if err != nil || keys == nil {
		return nil, err
	}
	return keys.Recipients(), nil
}

// settingLine is NAME=value for the operator, sealed where it can be.
func settingLine(env environment, name, value string) (string, error) {
	to, err := ownRecipients(env)
	if err != nil {
		return "", err
	}
	if len(to) > 0 {
		if value, err = secret.Seal(name, secret.New(value), time.Now(), to); err != nil {
			return "", err
		}
	}
	return name + "=" + value, nil
}

// knownSecret refuses a name that is no secret setting.
func knownSecret(name string) error {
	names := secretNames()
	if slices.Contains(names, name) {
		return nil
	}
	if strings.Contains(name, "=") { // somebody has put the value into the arguments
		return usage("Der Wert gehört nicht in die Befehlszeile, dort ist er für andere sichtbar. Bitte nur den Namen nennen und den Wert über die Standardeingabe geben. Den gezeigten Wert bitte ersetzen.")
	}
	return usage("%s ist keine geheime Einstellung. Meinten Sie %s? Alle: %s", name, nearest(name, names), strings.Join(names, ", "))
}

// sealLine prints NAME=age:….
func sealLine(w io.Writer, name, sealed string) error {
	_, err := fmt.Fprintf(w, "%s=%s\n", name, sealed)
	return err
}
