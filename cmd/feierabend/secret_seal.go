package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"feierabend/internal/secret"
)

// secretSeal is `feierabend secret seal NAME`: seals what comes from standard input.
func secretSeal(args []string, env environment, stdin io.Reader, stdout io.Writer) error {
	to, rest, err := recipientFlags(args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usage(secretUsage)
	}
	name := rest[0]
	if err := knownSecret(name); err != nil {
		return err
	}
	if len(to) == 0 {
		if to, err = ownRecipients(env); err != nil {
			return err
		}
	}
	if len(to) == 0 {
		return usage("Für wen soll verschlossen werden? Bitte --recipient age1… nennen, oder FEIERABEND_AGE_RECIPIENTS setzen. feierabend secret keygen erzeugt einen Schlüssel.")
	}
	b, err := io.ReadAll(io.LimitReader(stdin, secret.MaxSize+2))
	if err != nil {
		return failure("stdin", err, "Die Standardeingabe lässt sich nicht lesen. Es wurde nichts verschlossen.")
	}
	value := strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r")
	if value == "" || strings.ContainsAny(value, "\x00\r\n") || len(value) > secret.MaxSize || secret.IsSealed(value) {
		return usage("Die Standardeingabe muss den Wert enthalten, eine einzige Zeile Klartext. Es wurde nichts verschlossen. Beispiel: feierabend secret seal %s < datei", name)
	}
	sealed, err := secret.Seal(name, secret.New(value), time.Now(), to)
	if err != nil {
		return failure("seal", err, "Die Empfänger passen nicht zusammen (klassische und quantensichere Schlüssel von age lassen sich nicht mischen). Es wurde nichts verschlossen.")
	}
	return sealLine(stdout, name, sealed)
}

// secretKeygen is `feierabend secret keygen`: a fresh key as a file, or printed.
func secretKeygen(args []string, stdout io.Writer) error {
	fs := flag.NewFlagSet("keygen", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	path := fs.String("out", "", "")
	if fs.Parse(args) != nil || fs.NArg() > 0 {
		return usage(secretUsage)
	}
	text, to, err := secret.NewKey(time.Now())
	if err != nil {
		return err
	}
	if *path == "" {
		_, err := io.WriteString(stdout, text)
		return err
	}
	f, err := os.OpenFile(*path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return failure("key_file", err, "Die Datei %s lässt sich nicht anlegen. Eine vorhandene wird nie überschrieben.", *path)
	}
	w := bufio.NewWriter(f)
	w.WriteString(text)
	if err := w.Flush(); err != nil {
		f.Close()
		return notWritable(*path, err)
	}
	if err := f.Close(); err != nil {
		return notWritable(*path, err)
	}
	_, err = fmt.Fprintln(stdout, to)
	return err
}
