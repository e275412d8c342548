package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"
)

// act is what a button asks for: the first part of its payload.
func act(payload string) string {
	a, _, _ := strings.Cut(payload, ":")
	return a
}

// count2 says how many buttons of an act were pressed.
func (k *killing) count2(name string) (n int) {
	for b := range k.pressed {
		if act(b) == name {
			n++
		}
	}
	return n
}

// nothingResurrected looks while the loop runs: what was erased stays erased, and
// its receipt stays.
func (k *killing) nothingResurrected() error {
	rows, err := k.query(`SELECT tenant_id, case_id FROM receipt`)
	if err != nil {
		return err
	}
	now := map[string]bool{}
	for _, r := range rows {
		now[r] = true
	}
	if len(now) != len(rows) {
		return fmt.Errorf("%d receipts for %d erased cases", len(rows), len(now))
	}
	for r := range k.receipts {
		if !now[r] {
			return fmt.Errorf("the receipt of %s is gone", r)
		}
	}
	k.receipts = now
	for what, text := range map[string]string{
		"cases":          `SELECT count(*) FROM cases c WHERE EXISTS(SELECT 1 FROM receipt r WHERE r.case_id = c.id)`,
		"messages":       `SELECT count(*) FROM message m WHERE EXISTS(SELECT 1 FROM receipt r WHERE r.case_id = m.case_id)`,
		"drafts":         `SELECT count(*) FROM draft d WHERE EXISTS(SELECT 1 FROM receipt r WHERE r.case_id = d.case_id)`,
		"documents":      `SELECT count(*) FROM document d WHERE EXISTS(SELECT 1 FROM receipt r WHERE r.case_id = d.case_id)`,
		"keys too many":  `SELECT count(*) FROM content_key k WHERE NOT EXISTS(SELECT 1 FROM cases c WHERE c.key_id = k.id)`,
		"keys too few":   `SELECT count(*) FROM cases c WHERE NOT EXISTS(SELECT 1 FROM content_key k WHERE k.id = c.key_id)`,
		"orphan notes":   `SELECT count(*) FROM message m WHERE case_id <> '' AND NOT EXISTS(SELECT 1 FROM cases c WHERE c.id = m.case_id)`,
		"orphan chunks":  `SELECT count(*) FROM audio_chunk a WHERE NOT EXISTS(SELECT 1 FROM message m WHERE m.id = a.message_id)`,
		"orphan words":   `SELECT count(*) FROM transcript a WHERE NOT EXISTS(SELECT 1 FROM message m WHERE m.id = a.message_id)`,
		"orphan files":   `SELECT count(*) FROM document_file f WHERE NOT EXISTS(SELECT 1 FROM document d WHERE d.id = f.document_id)`,
		"half documents": `SELECT count(*) FROM document d WHERE (SELECT count(*) FROM document_file f WHERE f.document_id = d.id) = 0`,
	} {
		n, err := k.count(text)
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if n != 0 {
			return fmt.Errorf("after an erasure or a kill: %d %s", n, what)
		}
	}
	return nil
}

// end lets everything come to rest and checks the whole.
func (k *killing) end() error {
	if err := k.post("/sim/v1/faults", nil, nil); err != nil {
		return err
	}
	if err := until("everything answered", rest(), k.patiently(k.atRest)); err != nil {
		return err
	}
	// Before the proof is waited for: it does not come where a key has stayed.
	if err := k.nothingResurrected(); err != nil {
		return err
	}
	// A start plans the proof of what waits at once; else it comes within a minute.
	k.service.kill()
	if err := k.start(); err != nil {
		return err
	}
	if err := until("every erasure proved", 2*time.Minute, func() (bool, error) {
		n, err := k.count(`SELECT count(*) FROM receipt WHERE verification = 'pending'`)
		return n == 0, err
	}); err != nil {
		return err
	}
	return errors.Join(k.nothingResurrected(), k.rowsOnce(), k.toldOnce())
}

// rest is how long everything may take to come to rest; DRIVE_REST shortens it for
// binaries that are known to lose something.
func rest() time.Duration {
	if d, err := time.ParseDuration(os.Getenv("DRIVE_REST")); err == nil {
		return d
	}
	return 6 * time.Minute
}

// patiently moves the phone's clock every two seconds while we wait, at most eight
// hours in all: a phone takes 45 messages at once and then one every six seconds.
func (k *killing) patiently(ok func() (bool, error)) func() (bool, error) {
	last, skips := time.Now(), 0
	return func() (bool, error) {
		if time.Since(last) > 2*time.Second && skips < 96 {
			last, skips = time.Now(), skips+1
			if err := k.post("/sim/v1/clock", url.Values{"skip": {"5m"}}, nil); err != nil {
				return false, err
			}
		}
		return ok()
	}
}

// atRest says that nothing is on its way: no message without an outcome, no row
// that waits to be sent, and an answer on the phone for all that was said.
func (k *killing) atRest() (bool, error) {
	for what, text := range map[string]string{
		"messages under way": `SELECT count(*) FROM message WHERE state NOT IN ('done', 'failed')`,
		"rows to be sent":    `SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')`,
	} {
		if n, err := k.count(text); err != nil || n > 0 {
			return false, errors.Join(err, fmt.Errorf("%d %s", n, what))
		}
	}
	answers, _, err := k.answers()
	if err != nil {
		return false, err
	}
	for id := range k.notes {
		if answers[id] == 0 {
			return false, errors.New("a note without an answer")
		}
	}
	for id, button := range k.presses {
		if answers[id] == 0 && act(button) != "saved" {
			return false, fmt.Errorf("a tap on %q without an answer", act(button))
		}
	}
	n, err := k.count(`SELECT count(*) FROM receipt`)
	if err != nil || n < k.count2("saved") {
		return false, errors.Join(err, fmt.Errorf("%d erased of %d", n, k.count2("saved")))
	}
	return true, nil
}

// answers counts the bot's messages by the message that they quote, and gives the
// names of documents by phone.
func (k *killing) answers() (answers map[string]int, documents map[string][]string, err error) {
	answers, documents = map[string]int{}, map[string][]string{}
	for _, phone := range []string{hauke, inken} {
		bubbles, err := k.chat(phone)
		if err != nil {
			return nil, nil, err
		}
		for _, b := range bubbles {
			switch {
			case b.From == "me" && b.State == "waiting":
				return nil, nil, errors.New("a delivery is not accepted yet")
			case b.From == "bot":
				answers[b.ReplyTo]++
				if b.Document != nil {
					documents[phone] = append(documents[phone], b.Document.Name)
				}
			}
		}
	}
	return answers, documents, nil
}

// furtherDrafts is how many answers changed drafts that are still there.
func (k *killing) furtherDrafts() (n int) {
	for of, answers := range k.answered {
		gone := false
		for b := range k.pressed {
			gone = gone || strings.HasPrefix(b, "saved:"+of+":")
		}
		if !gone {
			n += answers
		}
	}
	return n
}

// rowsOnce checks the rows: each note one draft, each issue one document and one
// number, each confirmation one verified receipt.
func (k *killing) rowsOnce() error {
	issued, saved := k.count2("issue"), k.count2("saved")
	for _, check := range []struct {
		what, text string
		want       int
	}{
		{"cases and receipts", `SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM receipt)`, len(k.notes)},
		{"first drafts", `SELECT count(*) FROM draft WHERE version = 1`, len(k.notes) - saved},
		{"notes failed", `SELECT count(*) FROM message WHERE kind <> 'button' AND (state <> 'done' OR reason <> 'drafted')`, 0},
		{"documents", `SELECT count(*) FROM document`, issued - saved},
		{"numbers", `SELECT count(*) FROM number_ledger WHERE issued_at > 0`, issued},
		{"numbers without a document", `SELECT count(*) FROM number_ledger WHERE issued_at = 0`, 0},
		{"gaps between numbers", `SELECT COALESCE(sum(gap), 0) FROM (SELECT max(n) - min(n) + 1 - count(*) AS gap FROM number_ledger GROUP BY tenant_id, series) AS g`, 0},
		{"receipts", `SELECT count(*) FROM receipt WHERE reason = 'confirmed'`, saved},
		{"receipts verified", `SELECT count(*) FROM receipt WHERE verification = 'verified' AND hits = 0 AND signature IS NOT NULL`, saved},
		{"proofs that wait", `SELECT count(*) FROM receipt_check`, 0},
		{"messages not sent", `SELECT count(*) FROM outbox WHERE state = 'failed'`, 0},
	} {
		n, err := k.count(check.text)
		if err != nil {
			return fmt.Errorf("%s: %w", check.what, err)
		}
		if n != check.want {
			reasons, _ := k.query(`SELECT kind, state, reason, count(*) FROM message GROUP BY kind, state, reason`)
			return fmt.Errorf("%s: %d, want %d (%q)", check.what, n, check.want, reasons)
		}
	}
	// An answer may be refused for a newer draft, so it makes one draft at most.
	n, err := k.count(`SELECT count(*) FROM draft WHERE version > 1`)
	if most := k.furtherDrafts(); err == nil && n > most {
		err = fmt.Errorf("further drafts: %d of %d answers", n, most)
	}
	return err
}

// toldOnce checks the phones: no outbox row twice, one answer for each note and
// tap, each document with a number of its own.
func (k *killing) toldOnce() error {
	for _, phone := range []string{hauke, inken} {
		bubbles, err := k.chat(phone)
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, b := range bubbles {
			if b.From == "bot" && seen[b.Callback] {
				return fmt.Errorf("outbox row %s was told twice", b.Callback)
			}
			seen[b.Callback] = true
		}
	}
	answers, documents, err := k.answers()
	if err != nil {
		return err
	}
	for id := range k.notes {
		if answers[id] != 1 {
			return fmt.Errorf("a note has %d answers", answers[id])
		}
	}
	for id, button := range k.presses {
		if answers[id] > 1 {
			return fmt.Errorf("a tap on %q has %d answers", act(button), answers[id])
		}
	}
	total := 0
	for _, names := range documents {
		seen := map[string]bool{}
		for _, name := range names {
			if seen[name] {
				return fmt.Errorf("document %s came twice", name)
			}
			seen[name] = true
		}
		total += len(names)
	}
	if want := k.count2("issue"); total != want {
		return fmt.Errorf("%d documents on the phones, want %d", total, want)
	}
	return nil
}
