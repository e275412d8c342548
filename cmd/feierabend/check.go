package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"strings"

	"feierabend"
	"feierabend/internal/einvoice"
	"feierabend/internal/pdf"
)

const checkUsage = "Aufruf: feierabend check [--json] DATEI.pdf|DATEI.xml…"

// maxInvoiceFile is the largest PDF or XML that check reads.
const maxInvoiceFile = 64 << 20

// checked is one line of check --json.
type checked struct {
	File     string             `json:"file"`
	OK       bool               `json:"ok"`
	Error    string             `json:"error,omitempty"`    // why it could not be read
	XML      string             `json:"xml,omitempty"`      // attachment in a PDF
	Number   string             `json:"number,omitempty"`   // BT-1
	Sums     *feierabend.Sums   `json:"sums,omitempty"`     // as stated in the file
	Prepaid  *feierabend.Cents  `json:"prepaid,omitempty"`  // BT-113
	Findings []einvoice.Finding `json:"findings,omitempty"` // errors and hints
}

// cmdCheck reads e-invoices of anybody and prints sums and findings. Exit code 1
// where one has an error or cannot be read.
func cmdCheck(_ context.Context, args []string, _ func(string) string, stdin io.Reader, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	asJSON := flags.Bool("json", false, "")
	if err := flags.Parse(args); err != nil || flags.NArg() == 0 {
		return usage("%s", checkUsage)
	}
	failed := false
	for _, f := range flags.Args() {
		c, d := checkFile(f, stdin)
		failed = failed || !c.OK
		if *asJSON {
			if err := json.NewEncoder(stdout).Encode(c); err != nil {
				return err
			}
			continue
		}
		printChecked(stdout, c, d)
	}
	if failed {
		return errSilent
	}
	return nil
}

func checkFile(path string, stdin io.Reader) (checked, feierabend.Document) {
	c := checked{File: path}
	b, err := readAll(path, stdin, maxInvoiceFile)
	if err == nil && bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")) {
		c.XML, b, err = pdf.ExtractXML(b)
	}
	var d feierabend.Document
	if err == nil {
		d, err = einvoice.Parse(b)
	}
	if err != nil {
		c.Error = sentence(err)
		return c, d
	}
	c.Number, c.Sums, c.Prepaid = d.Number, &d.Sums, &d.Prepaid
	c.Findings = einvoice.Check(d)
	c.OK = einvoice.Valid(c.Findings)
	return c, d
}

func printChecked(w io.Writer, c checked, d feierabend.Document) {
	if c.Error != "" {
		fmt.Fprintf(w, "%s: %s\n", c.File, c.Error)
		return
	}
	what := "EN 16931 (ZUGFeRD)"
	if d.Profile == feierabend.ProfileXRechnung {
		what = "XRechnung"
	}
	if c.XML != "" {
		what += ", im PDF als " + c.XML
	}
	fmt.Fprintf(w, "%s: Rechnung %s vom %s, %s\n", c.File, d.Number, d.IssuedOn.German(), what)
	type row struct {
		key   string
		value feierabend.Cents
	}
	rows := []row{{"Positionen", d.Sums.Lines}}
	if d.Sums.Allowances != 0 {
		rows = append(rows, row{"Nachlässe", -d.Sums.Allowances})
	}
	if d.Sums.Charges != 0 {
		rows = append(rows, row{"Zuschläge", d.Sums.Charges})
	}
	rows = append(rows, row{"Netto", d.Sums.Net})
	for _, t := range d.Sums.Taxes {
		rows = append(rows, row{"Umsatzsteuer " + t.Rate.German(0) + " % auf " + t.Basis.German() + " €", t.Amount})
	}
	rows = append(rows, row{"Brutto", d.Sums.Gross})
	if d.Prepaid != 0 {
		rows = append(rows, row{"Schon bezahlt", -d.Prepaid})
	}
	if d.Rounding != 0 {
		rows = append(rows, row{"Rundung", d.Rounding})
	}
	rows = append(rows, row{"Zu zahlen", d.Sums.Payable})
	for _, r := range rows {
		pad := max(1, 44-len([]rune(r.key)))
		fmt.Fprintf(w, "  %s%s%14s €\n", r.key, strings.Repeat(" ", pad), r.value.German())
	}
	for _, x := range c.Findings {
		fmt.Fprintf(w, "  %s\n", findingLine(x))
	}
	if len(c.Findings) == 0 {
		fmt.Fprintln(w, "  Keine Beanstandung.")
	}
}
