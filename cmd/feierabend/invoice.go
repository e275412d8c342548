package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"feierabend"
	"feierabend/internal/einvoice"
	"feierabend/internal/pdf"
	"feierabend/internal/profile"
)

const invoiceUsage = "Aufruf: feierabend invoice --out ORDNER [--format zugferd|xrechnung-cii|xrechnung-ubl] [--logo BILD] DATEI.json…  (Aufbau: docs/document.schema.json)"

// maxDocumentJSON is the largest description that is read: some ten thousand lines.
const maxDocumentJSON = 8 << 20

// invoiceFormat is how documents are written: which XML, and whether in a PDF.
type invoiceFormat struct {
	profile feierabend.DocumentProfile // "" = as the document says
	write   func(feierabend.Document) ([]byte, error)
	pdf     bool
}

func invoiceFormats() map[string]invoiceFormat {
	return map[string]invoiceFormat{
		"zugferd":       {"", einvoice.CII, true},
		"xrechnung-cii": {feierabend.ProfileXRechnung, einvoice.CII, true},
		"xrechnung-ubl": {feierabend.ProfileXRechnung, einvoice.UBL, false},
	}
}

// cmdInvoice writes NAME.pdf and NAME.xml for each NAME.json (UBL: the XML only).
// Sums are computed, never read. A document with an error is not written; the
// others are, and the exit code is 1.
func cmdInvoice(_ context.Context, args []string, _ func(string) string, stdin io.Reader, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("invoice", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	out := flags.String("out", "", "")
	name := flags.String("format", "zugferd", "")
	picture := flags.String("logo", "", "")
	if err := flags.Parse(args); err != nil || *out == "" || flags.NArg() == 0 {
		return usage("%s", invoiceUsage)
	}
	format, ok := invoiceFormats()[*name]
	if !ok {
		return usage("Das Format „%s“ gibt es nicht. %s", *name, invoiceUsage)
	}
	targets := map[string]bool{}
	for _, f := range flags.Args() {
		if b := targetName(f); targets[b] {
			return usage("Zwei Dateien heißen „%s“; sie würden einander überschreiben.", b)
		} else {
			targets[b] = true
		}
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return failure("out_folder", err, "Der Ordner %s lässt sich nicht anlegen. Bitte wählen Sie einen anderen.", *out)
	}
	renderer, err := pdf.New()
	if err != nil {
		return err
	}
	logo, err := readLogo(*picture)
	if err != nil {
		return err
	}
	failed := false
	for _, f := range flags.Args() {
		if err := writeInvoice(f, filepath.Join(*out, targetName(f)), format, renderer, logo, stdin, stdout, stderr); err != nil {
			fmt.Fprintf(stderr, "%s: %s\n", f, sentence(err))
			failed = true
		}
	}
	if failed {
		return errSilent
	}
	return nil
}

// targetName is the name of the written files without their ending.
func targetName(path string) string {
	if path == "-" {
		return "rechnung"
	}
	base := filepath.Base(path)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// readLogo reads the picture for the letters, none without a path.
func readLogo(path string) (*feierabend.Logo, error) {
	if path == "" {
		return nil, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, failure("logo", err, "Das Bild %s lässt sich nicht lesen.", path)
	}
	l, err := profile.ReadLogo(b)
	return &l, err
}

func writeInvoice(path, target string, format invoiceFormat, renderer *pdf.Renderer, logo *feierabend.Logo, stdin io.Reader, stdout, stderr io.Writer) error {
	d, err := readDocument(path, stdin)
	if err != nil {
		return err
	}
	if format.profile != "" {
		d.Profile = format.profile
	}
	d.Compute()
	list := einvoice.Check(d)
	for _, x := range list {
		fmt.Fprintf(stderr, "%s: %s\n", path, findingLine(x))
	}
	if !einvoice.Valid(list) {
		return failure("not_valid", nil, "Diese Rechnung wäre so nicht gültig und wurde nicht geschrieben.")
	}
	xml, err := format.write(d)
	if err != nil {
		return err
	}
	files := [][2]string{{target + ".xml", string(xml)}}
	d.Logo = logo
	if format.pdf {
		page, err := renderer.Render(d, xml)
		if err != nil {
			return err
		}
		files = append(files, [2]string{target + ".pdf", string(page)})
	}
	for _, f := range files {
		if err := os.WriteFile(f[0], []byte(f[1]), 0o644); err != nil {
			return failure("out_file", err, "Die Datei %s lässt sich nicht schreiben. Bitte prüfen Sie Platz und Rechte.", f[0])
		}
		fmt.Fprintln(stdout, f[0])
	}
	return nil
}

// readDocument reads a description strictly: unknown keys are errors, so that a
// misspelt one does not vanish from an invoice.
func readDocument(path string, stdin io.Reader) (d feierabend.Document, err error) {
	b, err := readAll(path, stdin, maxDocumentJSON)
	if err != nil {
		return d, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return d, failure("document_json", err, "Die Datei ist keine Rechnungsbeschreibung nach docs/document.schema.json: %v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return d, failure("document_json", err, "In der Datei steht mehr als eine Rechnungsbeschreibung.")
	}
	switch d.Kind {
	case "":
		d.Kind = feierabend.KindInvoice
	case feierabend.KindInvoice:
	case feierabend.KindInterimInvoice, feierabend.KindFinalInvoice:
		if d.TypeCode == "" {
			d.TypeCode = map[feierabend.DraftKind]string{feierabend.KindInterimInvoice: "326", feierabend.KindFinalInvoice: "877"}[d.Kind]
		}
	default:
		return d, failure("document_kind", nil, "Die Art „%s“ kann dieser Befehl nicht schreiben; möglich sind invoice, interim_invoice und final_invoice.", d.Kind)
	}
	switch d.Profile {
	case "", feierabend.ProfileEN16931, feierabend.ProfileXRechnung:
	default:
		return d, failure("document_profile", nil, "Das Profil „%s“ gibt es nicht; möglich sind en16931 und xrechnung.", d.Profile)
	}
	if d.Account == "" {
		d.Account = d.Seller.Name
	}
	return d, nil
}

// readAll reads a file, or standard input for "-", up to a limit.
func readAll(path string, stdin io.Reader, limit int64) ([]byte, error) {
	r := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, failure("in_file", err, "Die Datei lässt sich nicht lesen: Gibt es sie, und dürfen Sie sie öffnen?")
		}
		defer f.Close()
		r = f
	}
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, failure("in_file", err, "Die Datei lässt sich nicht lesen.")
	}
	if int64(len(b)) > limit {
		return nil, failure("in_file", nil, "Die Datei ist größer als %d MB und wurde nicht gelesen.", limit>>20)
	}
	return b, nil
}

// findingLine is a finding as one line.
func findingLine(x einvoice.Finding) string {
	word := "Fehler"
	if x.Severity == einvoice.Warning {
		word = "Hinweis"
	}
	return word + " " + x.Rule + ": " + x.Text
}
