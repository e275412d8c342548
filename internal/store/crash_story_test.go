package store

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"feierabend"
)

// TestKillInTheStory kills a process that lives the whole life of cases over and
// over, from the note in chunks to the proved erasure, at moments that move. After
// each start nothing is half there: no key without its case, no content without its
// key, no note with a chunk missing, no document without both files, no number
// twice, and each erased case has one receipt, which is then proved.
func TestKillInTheStory(t *testing.T) {
	if dir := os.Getenv("FEIERABEND_STORY_DIR"); dir != "" {
		liveForEver(t, dir)
	}
	dir := t.TempDir()
	erased := 0
	for round := range 5 {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestKillInTheStory$")
		cmd.Env = append(os.Environ(), "FEIERABEND_STORY_DIR="+dir)
		out, err := cmd.StdoutPipe()
		check(t, err)
		check(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if strings.HasPrefix(lines.Text(), "erased ") {
				erased++
			}
			if n == 7+9*round { // each line is one step: another one every round
				time.Sleep(time.Duration(round*1700) * time.Microsecond)
				check(t, cmd.Process.Kill())
			}
		}
		cmd.Wait()
		wholeAfterKill(t, dir, erased)
	}
	if erased < 5 {
		t.Errorf("only %d cases were erased: the test proves little", erased)
	}
}

// liveForEver is the child: one case after the other, a line for each step.
func liveForEver(t *testing.T, dir string) {
	st, ctx := crashStore(t, dir), context.Background()
	tenant, err := feierabend.ParseTenantID(strings.Repeat("a", 26))
	check(t, err)
	by := feierabend.Actor{User: "u", Role: feierabend.RoleOwner, Via: feierabend.ViaCLI}
	_, err = st.SetBook(ctx, tenant, 24, by)
	check(t, err)
	note := bytes.Repeat([]byte("Ton"), 5*chunkSize/3)
	for {
		id := feierabend.NewID()
		out, err := st.Receive(ctx, []feierabend.Inbound{{Channel: "whatsapp", ExternalID: id, From: "+491", Kind: feierabend.InboundAudio, MediaID: "m", At: time.Now()}})
		check(t, err)
		m, err := st.Message(ctx, tenant, out[0].Message)
		check(t, err)
		fmt.Println("received")
		check(t, st.AddAudio(ctx, tenant, m.ID, feierabend.AudioInfo{Type: "audio/ogg"}, note, feierabend.Job{K: feierabend.JobTranscribe, Ref: string(m.ID)}))
		fmt.Println("fetched")
		check(t, st.AddTranscript(ctx, tenant, m.ID, feierabend.Transcript{Text: "Rechnung"}))
		_, err = st.AddDraft(ctx, tenant, feierabend.NewDraft{Case: m.Case, By: by, State: feierabend.CaseReady, Message: m.ID, Reason: feierabend.ReasonDrafted})
		check(t, err)
		fmt.Println("drafted")
		number, doc, err := st.ReserveNumber(ctx, tenant, m.Case, "RE-2026")
		check(t, err)
		fmt.Println("reserved")
		check(t, st.AddDocument(ctx, tenant, feierabend.NewDocument{
			Document: feierabend.Document{ID: doc, Case: m.Case, Number: number}, Version: 1, By: by,
			Files: []feierabend.File{{Name: "a.pdf", Bytes: note[:chunkSize]}, {Name: "a.xml", Bytes: []byte("<x/>")}},
		}))
		fmt.Println("issued")
		_, err = st.Erase(ctx, tenant, m.Case, feierabend.EraseConfirmed, by)
		check(t, err)
		fmt.Println("erased", m.Case)
		e, err := st.AddAddress(ctx, tenant, feierabend.AddressEntry{Buyer: feierabend.Buyer{Name: "Wohlers"}}, by)
		check(t, err)
		fmt.Println("written down")
		_, err = st.EraseAddress(ctx, tenant, e.ID, feierabend.EraseDiscarded, by)
		check(t, err)
		fmt.Println("erased entry", e.ID)
		_, err = st.ScrubAndVerify(ctx)
		check(t, err)
		fmt.Println("proved")
	}
}

// wholeAfterKill opens the folder of a killed process and checks what must hold.
func wholeAfterKill(t *testing.T, dir string, erased int) {
	t.Helper()
	st, ctx := crashStore(t, dir), context.Background()
	defer st.Close()
	for name, text := range map[string]string{
		"damaged pages":                    `SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'`,
		"keys without a case":              `SELECT count(*) FROM content_key WHERE id NOT IN (SELECT key_id FROM cases UNION ALL SELECT key_id FROM address_entry)`,
		"entries without a key":            `SELECT count(*) FROM address_entry WHERE key_id NOT IN (SELECT id FROM content_key)`,
		"cases without a key":              `SELECT count(*) FROM cases WHERE key_id NOT IN (SELECT id FROM content_key)`,
		"messages without their case":      `SELECT count(*) FROM message WHERE case_id <> '' AND case_id NOT IN (SELECT id FROM cases)`,
		"chunks without their message":     `SELECT count(*) FROM audio_chunk WHERE message_id NOT IN (SELECT id FROM message)`,
		"whole notes with chunks missing":  `SELECT count(*) FROM message m WHERE audio_complete AND (SELECT count(*) FROM audio_chunk a WHERE a.message_id = m.id) <> 5`,
		"whole notes without a job":        `SELECT count(*) FROM message m WHERE audio_complete AND NOT EXISTS(SELECT 1 FROM river_job j WHERE j.kind = 'transcribe' AND json_extract(j.args, '$.r') = m.id)`,
		"drafts without their case":        `SELECT count(*) FROM draft WHERE case_id NOT IN (SELECT id FROM cases)`,
		"documents without their case":     `SELECT count(*) FROM document WHERE case_id NOT IN (SELECT id FROM cases)`,
		"documents without both files":     `SELECT count(*) FROM document d WHERE (SELECT count(*) FROM document_file f WHERE f.document_id = d.id) <> 2`,
		"issued cases without a document":  `SELECT count(*) FROM cases WHERE state = 'issued' AND id NOT IN (SELECT case_id FROM document)`,
		"gaps in the numbers":              `SELECT coalesce(max(n), 0) - count(*) FROM number_ledger`,
		"receipts of cases that live":      `SELECT count(*) FROM receipt WHERE case_id IN (SELECT id FROM cases UNION ALL SELECT id FROM address_entry)`,
		"proofs that nobody waits for":     `SELECT count(*) FROM receipt_check WHERE receipt_id NOT IN (SELECT id FROM receipt WHERE verification = 'pending')`,
		"receipts without a proof to come": `SELECT count(*) FROM receipt WHERE verification = 'pending' AND id NOT IN (SELECT receipt_id FROM receipt_check)`,
	} {
		var n int
		check(t, st.SQL().QueryRow(text).Scan(&n))
		if n != 0 {
			t.Errorf("%d %s", n, name)
		}
	}
	_, err := st.ScrubAndVerify(ctx)
	check(t, err)
	var all, proved int
	check(t, st.SQL().QueryRow(`SELECT count(*), coalesce(sum(verification = 'verified' AND hits = 0 AND signature IS NOT NULL), 0) FROM receipt`).Scan(&all, &proved))
	if proved != all || all < erased {
		t.Errorf("%d receipts, %d proved, %d erasures acknowledged", all, proved, erased)
	}
}
