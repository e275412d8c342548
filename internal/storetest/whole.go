package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
)

// Broken checks what must hold over a whole database after every committed
// transaction, whatever crashed, failed or was repeated before, and gives what does
// not. Each finding is a count and a rule, or an id and a code: no content.
func Broken(t testing.TB, st *store.Store) (found []string) {
	t.Helper()
	all := make([]string, len(rules))
	for i, r := range rules {
		all[i] = "(" + r.text + ")"
	}
	for i, n := range Query(t, st, "SELECT "+strings.Join(all, ", "))[0] {
		if n != "0" {
			found = append(found, n+" "+rules[i].name)
		}
	}
	found = append(found, unreachable(t, st)...)
	return append(found, unreadable(st)...)
}

// Whole fails the test with everything that Broken finds.
func Whole(t testing.TB, st *store.Store) {
	t.Helper()
	for _, f := range Broken(t, st) {
		t.Errorf("broken: %s", f)
	}
}

// rules are counts that must be zero. chunk is 256 KiB (design §3).
var rules = []struct{ name, text string }{
	{"keys without a case or an entry", `SELECT count(*) FROM content_key WHERE id NOT IN (SELECT key_id FROM cases) AND id NOT IN (SELECT key_id FROM address_entry)`},
	{"cases without a key", `SELECT count(*) FROM cases WHERE key_id NOT IN (SELECT id FROM content_key)`},
	{"keys of two cases", `SELECT count(*) FROM (SELECT key_id FROM (SELECT key_id FROM cases UNION ALL SELECT key_id FROM address_entry) AS used GROUP BY key_id HAVING count(*) > 1) AS twice`},
	{"entries without a key", `SELECT count(*) FROM address_entry WHERE key_id NOT IN (SELECT id FROM content_key)`},
	{"entries of a firm without a book", `SELECT count(*) FROM address_entry e JOIN tenant t ON t.id = e.tenant_id WHERE t.book_months = 0`},
	{"entries that outlive the longest term", `SELECT count(*) FROM address_entry WHERE expires_at > used_at + 24 * 31 * 86400000000`},
	{"cases that outlive 30 days", `SELECT count(*) FROM cases WHERE expires_at > created_at + 30 * 86400000000`},

	{"messages without their case", `SELECT count(*) FROM message m WHERE case_id <> '' AND NOT EXISTS(SELECT 1 FROM cases c WHERE c.tenant_id = m.tenant_id AND c.id = m.case_id)`},
	{"messages in no known state", `SELECT count(*) FROM message WHERE state NOT IN ('received', 'fetched', 'transcribed', 'done', 'failed')`},
	{"finished messages without a reason", `SELECT count(*) FROM message WHERE state IN ('done', 'failed') AND reason = ''`},
	{"messages with audio outside of a case", `SELECT count(*) FROM message WHERE case_id = '' AND (audio_complete OR audio_bytes > 0)`},
	{"fetched notes without their audio", `SELECT count(*) FROM message WHERE state IN ('fetched', 'transcribed') AND NOT audio_complete`},
	{"whole notes still to be fetched", `SELECT count(*) FROM message WHERE state = 'received' AND audio_complete`},
	{"whole notes with chunks missing", `SELECT count(*) FROM message m WHERE audio_complete AND (SELECT count(*) FROM audio_chunk a WHERE a.tenant_id = m.tenant_id
		AND a.message_id = m.id AND a.seq < (m.audio_bytes + 262143) / 262144) <> (m.audio_bytes + 262143) / 262144`},
	{"whole notes with chunks too many", `SELECT count(*) FROM message m WHERE audio_complete AND EXISTS(SELECT 1 FROM audio_chunk a WHERE a.tenant_id = m.tenant_id
		AND a.message_id = m.id AND a.seq >= (m.audio_bytes + 262143) / 262144)`},
	{"chunks without their message", `SELECT count(*) FROM audio_chunk a WHERE NOT EXISTS(SELECT 1 FROM message m WHERE m.tenant_id = a.tenant_id AND m.id = a.message_id AND m.case_id <> '')`},
	{"transcripts without their message", `SELECT count(*) FROM transcript x WHERE NOT EXISTS(SELECT 1 FROM message m WHERE m.tenant_id = x.tenant_id AND m.id = x.message_id
		AND m.case_id <> '' AND m.state IN ('transcribed', 'done', 'failed'))`},
	{"transcribed messages without a transcript", `SELECT count(*) FROM message m WHERE state = 'transcribed' AND NOT EXISTS(SELECT 1 FROM transcript x WHERE x.tenant_id = m.tenant_id AND x.message_id = m.id)`},

	{"drafts without their case", `SELECT count(*) FROM draft d WHERE NOT EXISTS(SELECT 1 FROM cases c WHERE c.tenant_id = d.tenant_id AND c.id = d.case_id)`},
	{"cases whose versions have holes", `SELECT count(*) FROM cases c WHERE version <> (SELECT count(*) FROM draft d WHERE d.tenant_id = c.tenant_id AND d.case_id = c.id)
		OR version <> (SELECT COALESCE(max(d.version), 0) FROM draft d WHERE d.tenant_id = c.tenant_id AND d.case_id = c.id)`},
	{"cases in no known state", `SELECT count(*) FROM cases WHERE state NOT IN ('open', 'ready', 'issued', 'downloaded')`},
	{"ready cases without a draft", `SELECT count(*) FROM cases WHERE state <> 'open' AND version = 0`},
	{"issued cases without a document", `SELECT count(*) FROM cases c WHERE (state IN ('issued', 'downloaded')) <> EXISTS(SELECT 1 FROM document d WHERE d.tenant_id = c.tenant_id AND d.case_id = c.id)`},
	{"documents without their case", `SELECT count(*) FROM document d WHERE NOT EXISTS(SELECT 1 FROM cases c WHERE c.tenant_id = d.tenant_id AND c.id = d.case_id)`},
	{"documents without a file", `SELECT count(*) FROM document d WHERE NOT EXISTS(SELECT 1 FROM document_file f WHERE f.tenant_id = d.tenant_id AND f.document_id = d.id)`},
	{"files without their document", `SELECT count(*) FROM document_file f WHERE NOT EXISTS(SELECT 1 FROM document d WHERE d.tenant_id = f.tenant_id AND d.id = f.document_id)`},
	{"documents without a number of theirs", `SELECT count(*) FROM document d WHERE NOT EXISTS(SELECT 1 FROM number_ledger l WHERE l.tenant_id = d.tenant_id AND l.document_id = d.id
		AND l.case_id = d.case_id AND l.issued_at > 0)`},

	{"numbers that nothing explains", `SELECT count(*) FROM number_ledger l WHERE NOT EXISTS(SELECT 1 FROM cases c WHERE c.tenant_id = l.tenant_id AND c.id = l.case_id)
		AND NOT EXISTS(SELECT 1 FROM receipt r WHERE r.tenant_id = l.tenant_id AND r.case_id = l.case_id)`},
	{"issued numbers of a case without its document", `SELECT count(*) FROM number_ledger l WHERE issued_at > 0 AND EXISTS(SELECT 1 FROM cases c WHERE c.tenant_id = l.tenant_id AND c.id = l.case_id)
		AND NOT EXISTS(SELECT 1 FROM document d WHERE d.tenant_id = l.tenant_id AND d.id = l.document_id)`},
	{"series whose numbers have holes", `SELECT count(*) FROM (SELECT tenant_id, series FROM number_ledger l GROUP BY tenant_id, series HAVING max(n) - min(n) + 1 <> count(*)
		+ (SELECT COALESCE(sum(g.last - g.first + 1), 0) FROM number_gap g WHERE g.tenant_id = l.tenant_id AND g.series = l.series AND g.first > min(l.n) AND g.last < max(l.n))) AS holes`},
	{"series that are not where their numbers are", `SELECT count(*) FROM number_series s WHERE last <> (SELECT COALESCE(max(n), s.last) FROM number_ledger l WHERE l.tenant_id = s.tenant_id AND l.series = s.series)`},
	{"issued numbers without one record", `SELECT count(*) FROM number_ledger l WHERE issued_at > 0 AND (SELECT count(*) FROM audit a WHERE a.tenant_id = l.tenant_id AND a.act = 'document.issued' AND a.ref = l.document_id) <> 1`},

	{"erased cases that live", `SELECT count(*) FROM receipt r WHERE EXISTS(SELECT 1 FROM cases c WHERE c.tenant_id = r.tenant_id AND c.id = r.case_id)`},
	{"rows of erased cases", `SELECT (SELECT count(*) FROM message x JOIN receipt r ON r.tenant_id = x.tenant_id AND r.case_id = x.case_id) + (SELECT count(*) FROM draft x JOIN receipt r
		ON r.tenant_id = x.tenant_id AND r.case_id = x.case_id) + (SELECT count(*) FROM document x JOIN receipt r ON r.tenant_id = x.tenant_id AND r.case_id = x.case_id)
		+ (SELECT count(*) FROM outbox x JOIN receipt r ON r.tenant_id = x.tenant_id AND r.case_id = x.case_id)`},
	{"erased entries that live", `SELECT count(*) FROM receipt r WHERE subject = 'address' AND EXISTS(SELECT 1 FROM address_entry e WHERE e.tenant_id = r.tenant_id AND e.id = r.case_id)`},
	{"erasures of entries without one record", `SELECT count(*) FROM receipt r WHERE subject <> '' AND (SELECT count(*) FROM audit a WHERE a.tenant_id = r.tenant_id
		AND (a.ref = r.case_id AND a.act = 'address.erased.' || r.reason OR a.ref = r.id AND a.act = 'book.erased')) <> 1`},
	{"links of customers without their case", `SELECT count(*) FROM customer_link l WHERE case_id <> '' AND NOT EXISTS(SELECT 1 FROM cases c WHERE c.tenant_id = l.tenant_id AND c.id = l.case_id)`},
	{"links of customers in no known state", `SELECT count(*) FROM customer_link WHERE state NOT IN ('open', 'asked', 'agreed', 'ended') OR state IN ('asked', 'agreed') AND (who IS NULL OR case_id = '' OR phone_hash IS NULL AND bsuid_hash IS NULL)`},
	{"words of customers who have not agreed", `SELECT count(*) FROM message m JOIN customer_link l ON l.tenant_id = m.tenant_id AND l.id = m.sender_id WHERE m.customer AND l.agreed_at = 0`},
	{"challenges in no known state", `SELECT count(*) FROM link_challenge WHERE state NOT IN ('open', 'asked', 'confirm', 'done', 'refused', 'taken', 'void') OR state IN ('asked', 'confirm') AND asked_at = 0`},
	{"erasures without one record", `SELECT count(*) FROM receipt r WHERE subject = '' AND (SELECT count(*) FROM audit a WHERE a.tenant_id = r.tenant_id AND a.ref = r.case_id AND a.act = 'case.erased.' || r.reason) <> 1`},
	{"records of an erasure without a receipt", `SELECT count(*) FROM audit a WHERE act LIKE 'case.erased.%' AND NOT EXISTS(SELECT 1 FROM receipt r WHERE r.tenant_id = a.tenant_id AND r.case_id = a.ref)`},
	{"proofs that nobody waits for", `SELECT count(*) FROM receipt_check k WHERE NOT EXISTS(SELECT 1 FROM receipt r WHERE r.tenant_id = k.tenant_id AND r.id = k.receipt_id AND r.verification = 'pending')`},
	{"receipts without a proof to come", `SELECT count(*) FROM receipt r WHERE verification = 'pending' AND NOT EXISTS(SELECT 1 FROM receipt_check k WHERE k.tenant_id = r.tenant_id AND k.receipt_id = r.id)`},
	{"settled receipts without a signature", `SELECT count(*) FROM receipt WHERE (verification <> 'pending') <> (signature IS NOT NULL)`},
	{"verified receipts with hits", `SELECT count(*) FROM receipt WHERE verification = 'verified' AND hits <> 0`},

	{"outbox rows without their case", `SELECT count(*) FROM outbox o WHERE case_id <> '' AND NOT EXISTS(SELECT 1 FROM cases c WHERE c.tenant_id = o.tenant_id AND c.id = o.case_id)`},
	{"outbox rows in no known state", `SELECT count(*) FROM outbox WHERE state NOT IN ('waiting', 'sending', 'accepted', 'sent', 'failed', 'delivered', 'read')`},
	{"accepted outbox rows without the provider's id", `SELECT count(*) FROM outbox WHERE state = 'accepted' AND external IS NULL AND case_id <> ''`},
	{"sign-in links of one person beside each other", `SELECT count(*) FROM (SELECT user_id FROM sign_in_link GROUP BY user_id HAVING count(*) > 1) AS twice`},
}

// live is a job that will still run.
type live struct {
	K feierabend.JobKind `json:"k"`
	T string             `json:"t"`
	R string             `json:"r"`
}

// unreachable gives what waits for a job that is not there: a message without an
// outcome, a row to be sent, an upload to be deleted, a receipt to be proved.
func unreachable(t testing.TB, st *store.Store) (found []string) {
	t.Helper()
	text := `SELECT kind, json(args) FROM river_job WHERE state IN ('available', 'pending', 'retryable', 'running', 'scheduled')`
	if st.SQL() == nil {
		text = `SELECT kind, args::text FROM river_job WHERE state IN ('available', 'pending', 'retryable', 'running', 'scheduled')`
	}
	jobs := map[string]bool{}
	for _, r := range Query(t, st, text) {
		var j live
		dec := json.NewDecoder(strings.NewReader(r[1]))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&j); err != nil {
			found = append(found, "a job "+r[0]+" with other arguments than kind, firm and id")
		}
		jobs[r[0]+"/"+j.R] = true
	}
	needs := func(what string, rows [][]string) {
		for _, r := range rows { // kind of job, id
			if !jobs[r[0]+"/"+r[1]] {
				found = append(found, what+" "+r[1]+" has no job "+r[0])
			}
		}
	}
	messages := Query(t, st, `SELECT CASE WHEN state = 'fetched' THEN 'transcribe' WHEN state = 'transcribed' THEN 'draft' WHEN kind = 'text' AND NOT forwarded THEN 'draft'
		ELSE 'fetch' END, id, kind, button FROM message WHERE state NOT IN ('done', 'failed') AND reason <> 'forward_ask'`)
	for _, m := range messages {
		if m[2] == string(feierabend.InboundButton) {
			b, _ := feierabend.ParseButton(m[3])
			m[0] = string(b.Act.Job())
		}
	}
	needs("message", messages)
	needs("outbox row", Query(t, st, `SELECT 'send', id FROM outbox WHERE state IN ('waiting', 'sending')`))
	needs("upload", Query(t, st, `SELECT 'forget', id FROM outbox WHERE media IS NOT NULL`))
	needs("proof of erasure", Query(t, st, `SELECT DISTINCT 'scrub', '' FROM receipt_check`))
	return found
}

// unreadable opens everything that is sealed, of all firms, and checks the
// signatures of all receipts.
func unreadable(st *store.Store) (found []string) {
	ctx := context.Background()
	note := func(what, id string, err error) {
		if err != nil {
			found = append(found, fmt.Sprintf("%s %s: %v", what, id, err))
		}
	}
	firms, err := st.Tenants(ctx)
	note("firms", "", err)
	service, err := st.VerifyServiceAudit(ctx, feierabend.AuditMark{})
	note("audit of the service", "", auditError(service, err))
	for _, f := range firms {
		audit, err := st.VerifyAudit(ctx, f.ID, feierabend.AuditMark{})
		note("audit of", f.ID.String(), auditError(audit, err))
		cases, err := st.Cases(ctx, f.ID)
		note("cases of", f.ID.String(), err)
		for _, c := range cases {
			openCase(ctx, st, c, note)
		}
		_, err = st.Addresses(ctx, f.ID)
		note("address book of", f.ID.String(), err)
		_, err = st.CustomerLinks(ctx, f.ID, "")
		note("links of customers of", f.ID.String(), err)
		receipts, err := st.Receipts(ctx, f.ID)
		note("receipts of", f.ID.String(), err)
		for _, r := range receipts {
			if r.Verification != feierabend.VerifyPending {
				note("receipt", string(r.ID), seal.VerifyReceipt(r))
			}
		}
	}
	return found
}

// auditError says that a chain of audit records is not whole.
func auditError(c feierabend.AuditCheck, err error) error {
	if err == nil && len(c.Findings) > 0 {
		err = fmt.Errorf("%d findings", len(c.Findings))
	}
	return err
}

func openCase(ctx context.Context, st *store.Store, c feierabend.Case, note func(what, id string, err error)) {
	messages, err := st.Messages(ctx, c.Tenant, c.ID)
	note("messages of", string(c.ID), err)
	for _, m := range messages {
		if m.Audio.Bytes > 0 {
			a, err := st.Audio(ctx, c.Tenant, m.ID)
			note("audio", string(m.ID), err)
			if err == nil {
				note("audio", string(m.ID), readAll(ctx, a))
			}
		}
		if _, err := st.Transcript(ctx, c.Tenant, m.ID); feierabend.KindOf(err) != feierabend.NotFound {
			note("transcript", string(m.ID), err)
		}
	}
	for v := range c.Version {
		_, err := st.DraftAt(ctx, c.Tenant, c.ID, v+1)
		note("draft of", string(c.ID), err)
	}
	if c.State != feierabend.CaseIssued && c.State != feierabend.CaseDownloaded {
		return
	}
	d, err := st.CaseDocument(ctx, c.Tenant, c.ID)
	note("document of", string(c.ID), err)
	files, err := st.Files(ctx, c.Tenant, d.ID)
	note("files of", string(d.ID), err)
	for _, f := range files {
		_, err := st.File(ctx, c.Tenant, d.ID, f.Name)
		note("file of", string(d.ID), err)
	}
}

func readAll(ctx context.Context, a feierabend.Audio) error {
	r, err := a.Open(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, r)
	if err == nil && n != a.Info.Bytes {
		err = &feierabend.Error{Kind: feierabend.Internal, Code: "short"}
	}
	return err
}
