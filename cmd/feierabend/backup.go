package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"feierabend"
	"feierabend/internal/store"
)

const backupHow = "feierabend backup --out DATEI oder feierabend backup --check DATEI"

// cmdBackup is `feierabend backup`: --out writes the account tables into a new file,
// while the service runs; --check reads one, without keys and without a database.
func cmdBackup(ctx context.Context, args []string, env environment, stdin io.Reader, stdout, stderr io.Writer) error {
	fs := flag.NewFlagSet("backup", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	out := fs.String("out", "", "")
	check := fs.String("check", "", "")
	if fs.Parse(args) != nil || fs.NArg() > 0 || (*out == "") == (*check == "") {
		return usage(backupHow)
	}
	if *check != "" {
		b, err := store.ReadBackup(ctx, *check)
		if err != nil {
			return err
		}
		printBackup(stdout, "heil", b)
		return nil
	}
	path, err := filepath.Abs(*out) // the service that may write it stands in another folder
	if err != nil {
		return usage(backupHow)
	}
	return viaStore("backup")(ctx, []string{path}, env, stdin, stdout, stderr)
}

// adminBackup writes the backup from inside the process that owns the database.
func adminBackup(ctx context.Context, st *store.Store, args []string, _ io.Reader, stdout io.Writer) error {
	if len(args) != 1 || !filepath.IsAbs(args[0]) {
		return usage(backupHow)
	}
	b, err := st.Backup(ctx, args[0])
	if err != nil {
		return err
	}
	printBackup(stdout, "gesichert", b)
	fmt.Fprintln(stdout, "Der Stammschlüssel (FEIERABEND_ROOT_KEY) ist nicht darin. Ohne ihn ist die Sicherung wertlos: bitte getrennt aufbewahren.")
	return nil
}

func printBackup(w io.Writer, what string, b feierabend.Backup) {
	rows := 0
	for _, n := range b.Rows {
		rows += n
	}
	fmt.Fprintf(w, "%s: Stand %s, Schema %d, %d Firmen, %d Zeilen, SHA-256 %x\n", what, b.MadeAt.Local().Format("02.01.2006, 15:04:05"), b.Schema, b.Rows["tenant"], rows, b.Sum)
	firms := map[feierabend.TenantID]bool{}
	for _, s := range b.Series {
		if !firms[s.Tenant] {
			firms[s.Tenant] = true
			fmt.Fprintf(w, "%s %s\n", s.Tenant, s.Firm)
		}
		fmt.Fprintf(w, "  letzte Nummer %s\n", s.Series.Number(s.Last))
	}
}

// seriesFlag collects --last FIRMA:REIHE=NUMMER.
type seriesFlag []feierabend.SeriesAnswer

func (*seriesFlag) String() string { return "" }

func (f *seriesFlag) Set(s string) error {
	a, err := parseLast(s)
	*f = append(*f, a)
	return err
}

// jumpFlag is --jump or --jump=500.
type jumpFlag struct {
	set bool
	gap int
}

func (*jumpFlag) String() string   { return "" }
func (*jumpFlag) IsBoolFlag() bool { return true }
func (f *jumpFlag) Set(s string) (err error) {
	f.set = true
	if s == "true" {
		return nil
	}
	if _, err = fmt.Sscanf(s, "%d", &f.gap); err == nil && (f.gap < 1 || fmt.Sprint(f.gap) != s) {
		err = fmt.Errorf("gap")
	}
	return err
}

func answered(answers []feierabend.SeriesAnswer, s feierabend.BackupSeries) bool {
	return slices.ContainsFunc(answers, func(a feierabend.SeriesAnswer) bool { return a.Tenant == s.Tenant && a.Series == s.Series })
}
