package storetest_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lives brings one note to a document and another to a proved erasure, with a row
// to be sent, and leaves a third one half-way.
func lives(t *testing.T, st *store.Store, f storetest.Firm) {
	t.Helper()
	ctx, id := context.Background(), f.Tenant.ID
	for _, name := range []string{"erased", "issued", "waits"} {
		in := f.Inbound("wamid."+name+string(f.Sender.ID), "")
		in.Kind, in.MediaID = feierabend.InboundAudio, "media-"+name
		out, err := st.Receive(ctx, []feierabend.Inbound{in})
		must(t, err)
		m, err := st.Message(ctx, id, out[0].Message)
		must(t, err)
		if name == "waits" {
			return
		}
		must(t, st.AddAudio(ctx, id, m.ID, feierabend.AudioInfo{Type: "audio/ogg"}, bytes.Repeat([]byte("Ton"), 200_000), feierabend.Job{K: feierabend.JobTranscribe, Tenant: id.String(), Ref: string(m.ID)}))
		must(t, st.AddTranscript(ctx, id, m.ID, feierabend.Transcript{Text: "Rechnung"}, feierabend.Job{K: feierabend.JobDraft, Tenant: id.String(), Ref: string(m.ID)}))
		_, err = st.AddDraft(ctx, id, feierabend.NewDraft{
			Case: m.Case, State: feierabend.CaseReady, Message: m.ID, Reason: feierabend.ReasonDrafted,
			Out: []feierabend.Outgoing{{Sender: f.Sender.ID, Case: m.Case, Kind: feierabend.OutDraft, Ref: "1"}},
		})
		must(t, err)
		number, doc, err := st.ReserveNumber(ctx, id, m.Case, "RE-2026")
		must(t, err)
		must(t, st.AddDocument(ctx, id, feierabend.NewDocument{
			Document: feierabend.Document{ID: doc, Case: m.Case, Number: number}, Version: 1, By: f.Owner,
			Files: []feierabend.File{{Name: "a.pdf", Bytes: []byte("%PDF")}, {Name: "a.xml", Bytes: []byte("<x/>")}},
		}))
		if name == "erased" {
			_, err := st.Erase(ctx, id, m.Case, feierabend.EraseConfirmed, f.Owner)
			must(t, err)
			_, err = st.ScrubAndVerify(ctx)
			must(t, err)
		}
	}
}

// people gives a firm an entry of its address book, a Kundenlink and a number to link.
func people(t *testing.T, st *store.Store, f storetest.Firm, code string) {
	t.Helper()
	ctx, id := context.Background(), f.Tenant.ID
	must(t, st.SetCustomers(ctx, id, feierabend.CustomerVoices{Links: true}, f.Owner))
	_, err := st.SetBook(ctx, id, 24, f.Owner)
	must(t, err)
	_, err = st.AddAddress(ctx, id, feierabend.AddressEntry{Buyer: feierabend.Buyer{Name: "Petersen"}}, f.Owner)
	must(t, err)
	at := st.Now()
	must(t, st.AddCustomerLink(ctx, id, feierabend.CustomerLink{
		ID: feierabend.NewID(), Tenant: id, By: f.User.ID, Session: []byte("s"), State: feierabend.CustomerOpen, CreatedAt: at, ExpiresAt: at.Add(feierabend.CustomerTerm),
	}, code))
	must(t, st.AddLinkChallenge(ctx, id, feierabend.LinkChallenge{
		ID: feierabend.NewID(), Tenant: id, User: f.User.ID, By: f.User.ID, Session: []byte("s"), Phone: "+4917139203456", State: feierabend.LinkOpen, CreatedAt: at, ExpiresAt: at.Add(feierabend.LinkTerm),
	}, code))
}

// TestWhole: a story breaks no rule, and each break of it is found and named.
func TestWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, b := storetest.Seed(t, st)
		lives(t, st, a)
		lives(t, st, b)
		people(t, st, a, "K7QF2M9XATE4R")
		people(t, st, b, "0123456789ABC")
		storetest.Whole(t, st)
		for _, tc := range []struct{ name, change string }{
			{"numbers that nothing explains", `DELETE FROM receipt WHERE tenant_id = (SELECT min(id) FROM tenant)`},
			{"records of an erasure without a receipt", ``},
			{"keys of two cases", `UPDATE cases SET key_id = (SELECT min(key_id) FROM cases)`},
			{"keys without a case or an entry", ``},
			{"has no job fetch", `DELETE FROM river_job WHERE kind = 'fetch'`},
			{"has no job send", `DELETE FROM river_job WHERE kind = 'send'`},
			{"whole notes with chunks missing", `DELETE FROM audio_chunk WHERE seq = 1`},
			{"whole notes still to be fetched", `UPDATE message SET state = 'received' WHERE audio_complete`},
			{"transcripts without their message", ``},
			{"series whose numbers have holes", `UPDATE number_ledger SET n = n + 5 WHERE n = (SELECT max(n) FROM number_ledger)`},
			{"series that are not where their numbers are", ``},
			{"cases whose versions have holes", `UPDATE draft SET version = 2`},
			{"documents without a number of theirs", `UPDATE number_ledger SET issued_at = 0`},
			{"files without their document", `DELETE FROM document`},
			{"issued cases without a document", ``},
			{"settled receipts without a signature", `UPDATE receipt SET signature = NULL`},
			{"receipts without a proof to come", `UPDATE receipt SET verification = 'pending'`},
			{"erased cases that live", `UPDATE receipt SET case_id = (SELECT min(c.id) FROM cases c WHERE c.tenant_id = receipt.tenant_id AND c.state = 'issued')`},
			{"rows of erased cases", ``},
			{"cases without a key", `DELETE FROM content_key`},
			{"entries without a key", ``},
			{"cases that outlive 30 days", `UPDATE cases SET expires_at = created_at + 2592000000001`},
			{"drafts without their case", `DELETE FROM cases`},
			{"messages without their case", ``},
			{"outbox rows without their case", ``},
			{"chunks without their message", `DELETE FROM message`},
			{"entries of a firm without a book", `UPDATE tenant SET book_months = 0`},
			{"entries that outlive the longest term", `UPDATE address_entry SET expires_at = used_at + 70000000000000`},
			{"links of customers in no known state", `UPDATE customer_link SET state = 'asked'`},
			{"links of customers without their case", `UPDATE customer_link SET case_id = 'x'`},
			{"challenges in no known state", `UPDATE link_challenge SET state = 'asked'`},
			{"erased entries that live", `UPDATE receipt SET subject = 'address', case_id = (SELECT min(e.id) FROM address_entry e WHERE e.tenant_id = receipt.tenant_id)`},
			{"erasures of entries without one record", ``},
		} {
			if tc.change != "" {
				storetest.Exec(t, st, tc.change)
			}
			found := storetest.Broken(t, st)
			if !slices.ContainsFunc(found, func(f string) bool { return strings.Contains(f, tc.name) }) {
				t.Errorf("after %q nobody says %q, only:\n%s", tc.change, tc.name, strings.Join(found, "\n"))
			}
		}
	})
}
