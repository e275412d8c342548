package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"feierabend"
	"feierabend/internal/dictation"
)

const draftUsage = "Aufruf: feierabend draft --profiles PROFILE.json [--engine local] [--evidence] < diktate.jsonl  (je Zeile {\"id\",\"profile\",\"at\",\"text\"})"

// maxDictationLine is the longest line of input that is read, in bytes.
const maxDictationLine = 1 << 20

// dictationLine is a line of input (docs/dictation-format.md); other keys are ignored.
type dictationLine struct {
	ID      string `json:"id"`
	Profile string `json:"profile"`
	At      string `json:"at"`
	Text    string `json:"text"`
}

type draftLine struct {
	ID    string           `json:"id"`
	Draft feierabend.Draft `json:"draft"`
}

// cmdDraft reads dictations, one JSON object a line, and prints their drafts in the same order.
// A line that cannot be read stops it with exit code 2; lines before it are already printed.
func cmdDraft(ctx context.Context, args []string, _ func(string) string, stdin io.Reader, stdout, _ io.Writer) error {
	flags := flag.NewFlagSet("draft", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	profilesFile := flags.String("profiles", "", "")
	engine := flags.String("engine", "local", "")
	evidence := flags.Bool("evidence", false, "")
	if err := flags.Parse(args); err != nil || *profilesFile == "" || flags.NArg() > 0 {
		return usage("%s", draftUsage)
	}
	switch *engine {
	case "local":
	case "anthropic", "chat":
		return usage("Die Auswertung „%s“ ist in dieser Version noch nicht enthalten; sie kommt mit einem späteren Teil. Bitte nehmen Sie --engine local.", *engine)
	default:
		return usage("Die Auswertung „%s“ gibt es nicht. Möglich ist --engine local.", *engine)
	}
	profiles, err := readProfiles(*profilesFile)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return failure("zone", err, "Die Zeitzone Europe/Berlin fehlt.")
	}
	return draftLines(ctx, profiles, zone, *evidence, stdin, stdout)
}

// readProfiles reads an object of profile name → profile.
func readProfiles(path string) (map[string]feierabend.Profile, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, usage("Die Profile in %s lassen sich nicht lesen. Bitte prüfen Sie den Pfad.", path)
	}
	var profiles map[string]feierabend.Profile
	if err := json.Unmarshal(b, &profiles); err != nil {
		return nil, usage("Die Profile in %s sind nicht in der erwarteten Form (ein JSON-Objekt: Name → Profil).", path)
	}
	return profiles, nil
}

func draftLines(ctx context.Context, profiles map[string]feierabend.Profile, zone *time.Location, evidence bool, stdin io.Reader, stdout io.Writer) error {
	out := bufio.NewWriter(stdout)
	in := bufio.NewScanner(stdin)
	in.Buffer(make([]byte, 64<<10), maxDictationLine)
	n := 0
	var stop error
	for stop == nil && in.Scan() {
		n++
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		if stop = ctx.Err(); stop == nil {
			stop = draftLineOut(in.Bytes(), n, profiles, zone, evidence, out)
		}
	}
	if stop == nil && errors.Is(in.Err(), bufio.ErrTooLong) {
		stop = usage("Zeile %d ist länger als 1 MB. Bitte teilen Sie das Diktat.", n+1)
	} else if stop == nil && in.Err() != nil {
		stop = failure("stdin", in.Err(), "Die Eingabe ließ sich nach Zeile %d nicht weiter lesen.", n)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write drafts: %w", err)
	}
	return stop
}

func draftLineOut(b []byte, n int, profiles map[string]feierabend.Profile, zone *time.Location, evidence bool, out io.Writer) error {
	var l dictationLine
	if err := json.Unmarshal(b, &l); err != nil {
		return usage("Zeile %d ist kein JSON-Objekt mit Texten in id, profile, at und text.", n)
	}
	if l.ID == "" {
		return usage("In Zeile %d fehlt die id.", n)
	}
	p, ok := profiles[l.Profile]
	if !ok {
		return usage("Zeile %d nennt ein Profil, das in der Profildatei nicht steht.", n)
	}
	at, err := time.Parse(time.RFC3339, l.At)
	if err != nil {
		return usage("In Zeile %d ist „at“ kein Zeitpunkt wie 2026-02-10T17:42:00+01:00.", n)
	}
	d := dictation.Draft(dictation.Input{Text: l.Text, At: at.In(zone), Profile: p})
	if !evidence {
		d.Evidence = nil
	}
	line, err := json.Marshal(draftLine{ID: l.ID, Draft: d})
	if err != nil {
		return fmt.Errorf("write draft of line %d: %w", n, err)
	}
	_, err = out.Write(append(line, '\n'))
	return err
}
