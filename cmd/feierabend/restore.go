package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"feierabend"
	"feierabend/internal/store"
)

const (
	restoreHow = "feierabend restore DATEI [--last FIRMA:REIHE=NUMMER]… [--jump oder --jump=500]"
	usualGap   = 100 // numbers that a series leaves out at least
)

// cmdRestore is `feierabend restore FILE`: fills an empty database from a backup. No
// number may be given out twice, so it wants to know of each series the last number
// that was used, from --last or by asking; --jump leaves a gap instead.
func cmdRestore(ctx context.Context, args []string, env environment, stdin io.Reader, stdout, _ io.Writer) error {
	fs := flag.NewFlagSet("restore", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	var last seriesFlag
	jump := jumpFlag{gap: usualGap}
	fs.Var(&last, "last", "")
	fs.Var(&jump, "jump", "")
	path := ""
	for rest := args; ; { // the file may stand anywhere between the flags
		if fs.Parse(rest) != nil {
			return usage(restoreHow)
		}
		if fs.NArg() == 0 {
			break
		}
		if path != "" {
			return usage(restoreHow)
		}
		path, rest = fs.Arg(0), fs.Args()[1:]
	}
	if path == "" {
		return usage(restoreHow)
	}
	cfg, err := loadConfig(env)
	if err != nil {
		return err
	}
	b, err := store.ReadBackup(ctx, path)
	if err != nil {
		return err
	}
	answers, err := answerSeries(b, last, jump, stdin, stdout)
	if err != nil {
		return err
	}
	if cfg.DatabaseURL.Empty() {
		d, err := openDataDir(cfg.dataPath())
		if errors.Is(err, errLocked) {
			return failure("data_in_use", err, "Der Ordner %s gehört einem laufenden Feierabend. Es wurde nichts verändert. Bitte erst dieses beenden.", cfg.dataPath())
		}
		if err != nil {
			return err
		}
		defer d.close()
	}
	st, _, err := openStore(ctx, cfg, newLog(io.Discard, true, 0), nil)
	if err != nil {
		return err
	}
	defer st.Close()
	if _, err := st.Restore(ctx, path, answers, jump.gap); err != nil {
		return err
	}
	return sayRestored(ctx, st, b, stdout)
}

// answerSeries completes the answers of the command line: by --jump, by asking on a
// terminal, or not at all.
func answerSeries(b feierabend.Backup, last []feierabend.SeriesAnswer, jump jumpFlag, stdin io.Reader, stdout io.Writer) ([]feierabend.SeriesAnswer, error) {
	answers := append([]feierabend.SeriesAnswer(nil), last...)
	var open []feierabend.BackupSeries
	for _, s := range b.Series {
		switch {
		case answered(last, s):
		case jump.set:
			answers = append(answers, feierabend.SeriesAnswer{Tenant: s.Tenant, Series: s.Series, Jump: true})
		default:
			open = append(open, s)
		}
	}
	if len(open) == 0 {
		return answers, nil
	}
	if terminal(stdin) {
		return ask(open, answers, jump.gap, stdin, stdout)
	}
	var list strings.Builder
	for _, s := range open {
		fmt.Fprintf(&list, "\n  --last %s:%s=%s   (%s, Stand der Sicherung)", s.Tenant, s.Series, s.Series.Number(s.Last), s.Firm)
	}
	return nil, usage("Nach der Sicherung vom %s können Rechnungsnummern vergeben worden sein; keine darf ein zweites Mal vergeben werden. Es wurde nichts verändert. "+
		"Bitte je Reihe die letzte wirklich vergebene Nummer nennen, oder mit --jump eine begründete Lücke lassen:%s", b.MadeAt.Local().Format("02.01.2006, 15:04"), list.String())
}

// ask asks for each series; an empty answer is a jump.
func ask(open []feierabend.BackupSeries, answers []feierabend.SeriesAnswer, gap int, stdin io.Reader, stdout io.Writer) ([]feierabend.SeriesAnswer, error) {
	lines := bufio.NewScanner(stdin)
	for _, s := range open {
		for {
			fmt.Fprintf(stdout, "%s, Reihe %s: letzte wirklich vergebene Nummer? (Sicherung: %s; leer = weiter bei %s) ", s.Firm, s.Series,
				s.Series.Number(s.Last), s.Series.Number(feierabend.JumpFrom(s.Last, gap)+1))
			if !lines.Scan() {
				return nil, usage("Die Antwort fehlt. Es wurde nichts verändert.")
			}
			text := strings.TrimSpace(lines.Text())
			a := feierabend.SeriesAnswer{Tenant: s.Tenant, Series: s.Series, Jump: text == ""}
			var err error
			if text != "" {
				a.Last, err = numberIn(s.Series, text)
			}
			if err != nil || !a.Jump && a.Last < s.Last {
				fmt.Fprintf(stdout, "Das ist keine Nummer der Reihe ab %s.\n", s.Series.Number(s.Last))
				continue
			}
			answers = append(answers, a)
			break
		}
	}
	return answers, nil
}

// terminal says whether a person sits at the other end.
func terminal(r io.Reader) bool {
	f, ok := r.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && info.Name() != "null"
}

// parseLast reads FIRMA:REIHE=NUMMER.
func parseLast(s string) (a feierabend.SeriesAnswer, err error) {
	firm, rest, _ := strings.Cut(s, ":")
	series, number, ok := strings.Cut(rest, "=")
	if a.Tenant, err = feierabend.ParseTenantID(firm); err != nil || !ok || series == "" {
		return a, errors.New("form")
	}
	a.Series = feierabend.Series(series)
	a.Last, err = numberIn(a.Series, number)
	return a, err
}

// numberIn reads "RE-2026-0057", or just "57", of a series.
func numberIn(series feierabend.Series, s string) (int, error) {
	s = strings.TrimPrefix(s, string(series)+"-")
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, errors.New("number")
	}
	return n, nil
}

// sayRestored tells what the firms must know: how their series go on.
func sayRestored(ctx context.Context, st *store.Store, b feierabend.Backup, stdout io.Writer) error {
	printBackup(stdout, "zurückgespielt", b)
	ts, err := st.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, t := range ts {
		gaps, err := st.NumberGaps(ctx, t.ID)
		if err != nil {
			return err
		}
		for _, g := range gaps {
			fmt.Fprintf(stdout, "%s %s: ausgelassen %s bis %s, Grund: Wiederherstellung\n", t.ID, t.Name, g.Series.Number(g.First), g.Series.Number(g.Last))
		}
	}
	fmt.Fprintln(stdout, "Inhalte (Nachrichten, Entwürfe, Rechnungen) sind nicht zurückgekommen: sie stehen in keiner Sicherung. Alle melden sich neu an.")
	fmt.Fprintf(stdout, restoredWarning, b.MadeAt.Local().Format("02.01.2006, 15:04"))
	return nil
}

// restoredWarning says what a backup cannot know, and what is to be done about it.
const restoredWarning = `
Die Sicherung ist vom Stand %s. Was danach entzogen wurde, weiß sie nicht. Deshalb gilt jetzt:
- WhatsApp-Nummern sind ausgesetzt. Jede Person verbindet ihre auf der Seite „Nummern“ neu; die Inhaberinnen und Inhaber bekommen dazu eine Mail.
- Passkeys und der Zugang zum Betrieb sind fort. Bitte neu einladen: feierabend operator invite
Bitte vor dem Start prüfen, es ist wieder wie damals:
- Wer seitdem eine Firma verlassen hat, ist wieder Mitglied, mit der alten Rolle und der alten Mail-Adresse. Bitte die Inhaberinnen und Inhaber, die Seite „Team“ durchzusehen.
- Seitdem gesperrte Firmen sind wieder offen: feierabend tenant block FIRMA
- Seitdem verkürzte Fristen sind wieder länger, abgeschaltete Funktionen (Adressbuch, Stimmen von Kunden) wieder an. Bitte die Firmen, beides nachzusehen.
`
