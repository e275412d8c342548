package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"

	"feierabend"
	"feierabend/internal/store"
)

const auditHow = "feierabend audit verify [--tenant ID] [--against -] (- liest die Ausgabe eines früheren Laufs)"

// adminAudit is `feierabend audit verify`: goes over the chains of audit records.
// Its output, kept elsewhere, proves later that nothing was put back (--against).
func adminAudit(ctx context.Context, st *store.Store, args []string, stdin io.Reader, stdout io.Writer) error {
	fs := flag.NewFlagSet("audit", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	tenant := fs.String("tenant", "", "")
	against := fs.String("against", "", "")
	if len(args) == 0 || args[0] != "verify" || fs.Parse(args[1:]) != nil || fs.NArg() > 0 || *against != "" && *against != "-" {
		return usage(auditHow)
	}
	marks := map[string]feierabend.AuditMark{}
	if *against == "-" {
		var err error
		if marks, err = readMarks(stdin); err != nil {
			return err
		}
	}
	chains, err := chainsOf(ctx, st, *tenant)
	if err != nil {
		return err
	}
	bad := 0
	for _, t := range chains {
		name := "dienst"
		verify := func(m feierabend.AuditMark) (feierabend.AuditCheck, error) { return st.VerifyServiceAudit(ctx, m) }
		if !t.IsZero() {
			name = t.String()
			verify = func(m feierabend.AuditMark) (feierabend.AuditCheck, error) { return st.VerifyAudit(ctx, t, m) }
		}
		c, err := verify(marks[name])
		if err != nil {
			return err
		}
		for _, f := range c.Findings {
			bad++
			fmt.Fprintf(stdout, "FEHLER %s %s\n", name, auditSentence(f))
		}
		if len(c.Findings) == 0 {
			fmt.Fprintf(stdout, "heil %s %d-%d %x\n", name, c.First, c.Head.N, c.Head.MAC)
		}
	}
	if bad > 0 {
		return failure("audit", fmt.Errorf("%d findings", bad), "Das Protokoll wurde verändert: %d Befunde stehen oben. Die Aufzeichnungen sind so nicht mehr verlässlich; bitte klären, wer Zugriff auf die Datenbank hatte.", bad)
	}
	return nil
}

// chainsOf gives the chains to verify; the zero tenant is the service's own.
func chainsOf(ctx context.Context, st *store.Store, only string) ([]feierabend.TenantID, error) {
	if only != "" {
		t, err := feierabend.ParseTenantID(only)
		if err != nil {
			return nil, usage("Die Kennung der Firma hat 26 Zeichen: feierabend tenant list zeigt sie.")
		}
		return []feierabend.TenantID{t}, nil
	}
	out := []feierabend.TenantID{{}}
	ts, err := st.Tenants(ctx)
	for _, t := range ts {
		out = append(out, t.ID)
	}
	return out, err
}

// readMarks reads the "heil" lines of an earlier run.
func readMarks(r io.Reader) (map[string]feierabend.AuditMark, error) {
	out := map[string]feierabend.AuditMark{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) != 4 || f[0] != "heil" {
			continue
		}
		_, last, _ := strings.Cut(f[2], "-")
		n, err := strconv.ParseInt(last, 10, 64)
		mac, hexErr := hex.DecodeString(f[3])
		if err != nil || hexErr != nil {
			return nil, usage("Das ist keine Ausgabe von feierabend audit verify: „%s“.", lines.Text())
		}
		out[f[1]] = feierabend.AuditMark{N: n, MAC: mac}
	}
	if lines.Err() != nil || len(out) == 0 {
		return nil, usage("In der früheren Ausgabe steht keine heile Kette. %s", auditHow)
	}
	return out, nil
}

func auditSentence(f feierabend.AuditFinding) string {
	switch f.Fault {
	case feierabend.AuditChanged:
		return fmt.Sprintf("Eintrag %d wurde verändert", f.N)
	case feierabend.AuditMissing:
		return fmt.Sprintf("Einträge %d bis %d fehlen", f.N, f.To)
	case feierabend.AuditInserted:
		return fmt.Sprintf("Eintrag %d gehört nicht zur Kette", f.N)
	case feierabend.AuditTruncated:
		return fmt.Sprintf("das Ende fehlt: Einträge %d bis %d", f.N, f.To)
	case feierabend.AuditHead:
		return fmt.Sprintf("das vermerkte Ende (%d) ist gefälscht oder fehlt", f.N)
	case feierabend.AuditBroken:
		return fmt.Sprintf("bei Eintrag %d war das Ende der Kette nicht mehr das, was Feierabend dort hinterlassen hatte", f.N)
	case feierabend.AuditRewound:
		return fmt.Sprintf("Eintrag %d ist nicht mehr der von damals: ein älterer Stand wurde zurückgespielt", f.N)
	case feierabend.AuditBegun:
		return fmt.Sprintf("die Kette der Firma %s begann bei Eintrag %d ein zweites Mal", f.Ref, f.N)
	}
	return string(f.Fault)
}
