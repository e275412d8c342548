package store_test

import (
	"context"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// herd brings rows of firms into states, each time of a new case.
type herd struct{ st *store.Store }

func (h herd) typed(t *testing.T, f storetest.Firm) feierabend.Message {
	t.Helper()
	return typed(t, h.st, f, "wamid."+feierabend.NewID(), "Moin")
}

func (h herd) issued(t *testing.T, f storetest.Firm) feierabend.Document {
	t.Helper()
	m := h.typed(t, f)
	drafted(t, h.st, f, m)
	return issued(t, h.st, f, m.Case)
}

// message is a text that waits for its draft.
func (h herd) message(t *testing.T, f storetest.Firm) refs {
	t.Helper()
	return refs{"MessageID": string(h.typed(t, f).ID)}
}

// told is message, with what is told of it.
func (h herd) told(t *testing.T, f storetest.Firm) refs {
	t.Helper()
	m := h.typed(t, f)
	return refs{"MessageID": string(m.ID), "Outgoing.Sender": string(f.Sender.ID), "Outgoing.Case": string(m.Case), "Outgoing.ReplyTo": string(m.ID)}
}

// ofCase is a case with a draft.
func (h herd) ofCase(t *testing.T, f storetest.Firm) refs {
	t.Helper()
	m := h.typed(t, f)
	drafted(t, h.st, f, m)
	return refs{"CaseID": string(m.Case)}
}

// document is an issued one.
func (h herd) document(t *testing.T, f storetest.Firm) refs {
	t.Helper()
	return refs{"DocumentID": string(h.issued(t, f).ID)}
}

// outbox is a row that is being sent, and has an uploaded file.
func (h herd) outbox(t *testing.T, f storetest.Firm) refs {
	t.Helper()
	id := h.waiting(t, f)
	must(t, second(h.st.BeginSend(context.Background(), f.Tenant.ID, id)))
	must(t, h.st.SentAs(context.Background(), f.Tenant.ID, id, "", "media"))
	return refs{"OutboxID": string(id)}
}

func (h herd) waiting(t *testing.T, f storetest.Firm) feierabend.OutboxID {
	t.Helper()
	m := h.typed(t, f)
	must(t, h.st.AddOut(context.Background(), f.Tenant.ID, feierabend.Outgoing{Sender: f.Sender.ID, Case: m.Case, Kind: feierabend.OutDraft, Ref: "1"}))
	return feierabend.OutboxID(ask(t, h.st, `SELECT id FROM outbox WHERE case_id = $1`, string(m.Case))[0][0])
}

// erased is a receipt and its case.
func (h herd) erased(t *testing.T, f storetest.Firm) feierabend.ErasureReceipt {
	t.Helper()
	rec, err := h.st.Erase(context.Background(), f.Tenant.ID, h.typed(t, f).Case, feierabend.EraseDiscarded, f.Owner)
	must(t, err)
	return rec
}

func (h herd) sender(_ *testing.T, f storetest.Firm) refs {
	return refs{"SenderID": string(f.Sender.ID)}
}

func out(r refs) feierabend.Outgoing {
	return feierabend.Outgoing{
		Sender: feierabend.SenderID(r["Outgoing.Sender"]), Case: feierabend.CaseID(r["Outgoing.Case"]), Kind: feierabend.OutDraft, Ref: "1", ReplyTo: feierabend.MessageID(r["Outgoing.ReplyTo"]),
	}
}

func foreignRows(st *store.Store, clock *storetest.Clock) map[string]foreignRow {
	rows := messageRows(st)
	for _, more := range []map[string]foreignRow{caseRows(st, clock), bookRows(st), documentRows(st, clock), otherRows(st), linkRows(st), customerRows(st), teamRows(st, clock), digestRows(st, clock)} {
		for name, row := range more {
			rows[name] = row
		}
	}
	return rows
}

func messageRows(st *store.Store) map[string]foreignRow {
	ctx, h := context.Background(), herd{st}
	id := func(r refs) feierabend.MessageID { return feierabend.MessageID(r["MessageID"]) }
	type firm = storetest.Firm
	spoken := func(t *testing.T, f firm) refs { // with audio and words
		m := note(t, st, f, "wamid."+feierabend.NewID())
		must(t, st.AddAudio(ctx, f.Tenant.ID, m.ID, feierabend.AudioInfo{Type: "audio/ogg"}, []byte("OggS")))
		must(t, st.AddTranscript(ctx, f.Tenant.ID, m.ID, feierabend.Transcript{Text: "Moin"}))
		return refs{"MessageID": string(m.ID)}
	}
	voice := func(t *testing.T, f firm) refs {
		return refs{"MessageID": string(note(t, st, f, "wamid."+feierabend.NewID()).ID)}
	}
	return map[string]foreignRow{
		"Message": {true, spoken, func(f firm, r refs) (any, error) { return gave(st.Message(ctx, f.Tenant.ID, id(r))) }},
		"Audio": {true, spoken, func(f firm, r refs) (any, error) {
			a, err := st.Audio(ctx, f.Tenant.ID, id(r))
			return a.Info, err
		}},
		"Transcript": {true, spoken, func(f firm, r refs) (any, error) { return gave(st.Transcript(ctx, f.Tenant.ID, id(r))) }},
		"AddAudio": {false, voice, func(f firm, r refs) (any, error) {
			return done(st.AddAudio(ctx, f.Tenant.ID, id(r), feierabend.AudioInfo{Type: "audio/ogg"}, []byte("OggS")))
		}},
		"AddTranscript": {false, voice, func(f firm, r refs) (any, error) {
			return done(st.AddTranscript(ctx, f.Tenant.ID, id(r), feierabend.Transcript{Text: "Moin"}))
		}},
		"SetReason": {false, h.told, func(f firm, r refs) (any, error) { return done(st.SetReason(ctx, f.Tenant.ID, id(r), "x", out(r))) }},
		"FinishMessage": {false, h.told, func(f firm, r refs) (any, error) {
			return done(st.FinishMessage(ctx, f.Tenant.ID, id(r), feierabend.MessageFailed, "x", out(r)))
		}},
		"Dismiss": {false, h.told, func(f firm, r refs) (any, error) { return done(st.Dismiss(ctx, f.Tenant.ID, id(r), "x", out(r))) }},
		"PressFor": {false, h.message, func(f firm, r refs) (any, error) {
			return done(st.PressFor(ctx, f.Tenant.ID, id(r), feierabend.Button{Act: feierabend.ActIssue, Case: feierabend.CaseID(feierabend.NewID()), Version: 1}.String()))
		}},
		"MoveMessage": {false, func(t *testing.T, f firm) refs {
			return refs{"MessageID": string(h.typed(t, f).ID), "CaseID": string(h.typed(t, f).Case)}
		}, func(f firm, r refs) (any, error) {
			return done(st.MoveMessage(ctx, f.Tenant.ID, id(r), feierabend.CaseID(r["CaseID"])))
		}},
		"LastHeard": {true, h.sender, func(f firm, r refs) (any, error) {
			return gave(st.LastHeard(ctx, f.Tenant.ID, feierabend.SenderID(r["SenderID"])))
		}},
	}
}

func caseRows(st *store.Store, clock *storetest.Clock) map[string]foreignRow {
	ctx, h := context.Background(), herd{st}
	id := func(r refs) feierabend.CaseID { return feierabend.CaseID(r["CaseID"]) }
	type firm = storetest.Firm
	return map[string]foreignRow{
		"Case":     {true, h.ofCase, func(f firm, r refs) (any, error) { return gave(st.Case(ctx, f.Tenant.ID, id(r))) }},
		"Messages": {true, h.ofCase, func(f firm, r refs) (any, error) { return gave(st.Messages(ctx, f.Tenant.ID, id(r))) }},
		"Draft":    {true, h.ofCase, func(f firm, r refs) (any, error) { return gave(st.Draft(ctx, f.Tenant.ID, id(r))) }},
		"DraftAt":  {true, h.ofCase, func(f firm, r refs) (any, error) { return gave(st.DraftAt(ctx, f.Tenant.ID, id(r), 1)) }},
		"Fingerprints": {true, h.ofCase, func(f firm, r refs) (any, error) {
			a, b, err := st.Fingerprints(ctx, f.Tenant.ID, id(r))
			return [][]byte{a, b}, err
		}},
		"OpenCases": {true, h.sender, func(f firm, r refs) (any, error) {
			return gave(st.OpenCases(ctx, f.Tenant.ID, feierabend.SenderID(r["SenderID"])))
		}},
		"ReserveNumber": {false, h.ofCase, func(f firm, r refs) (any, error) {
			n, d, err := st.ReserveNumber(ctx, f.Tenant.ID, id(r), "RE-2026")
			return n + string(d), err
		}},
		"StopCountdown": {false, h.ofCase, func(f firm, r refs) (any, error) { return done(st.StopCountdown(ctx, f.Tenant.ID, id(r), f.Owner)) }},
		"Warn": {false, func(t *testing.T, f firm) refs {
			r := h.ofCase(t, f)
			do(t, st, `UPDATE cases SET expires_at = $1 WHERE id = $2`, clock.Now().Add(20*time.Hour).UnixMicro(), r["CaseID"])
			return r
		}, func(f firm, r refs) (any, error) { return gave(st.Warn(ctx, f.Tenant.ID, id(r))) }},
		"Erase": {false, func(t *testing.T, f firm) refs {
			r := h.ofCase(t, f)
			r["Outgoing.Sender"], r["Outgoing.Case"], r["Outgoing.ReplyTo"] = string(f.Sender.ID), string(h.typed(t, f).Case), string(h.typed(t, f).ID)
			return r
		}, func(f firm, r refs) (any, error) {
			rec, err := st.Erase(ctx, f.Tenant.ID, id(r), feierabend.EraseDiscarded, f.Owner, out(r))
			return rec.Reason, err // the receipt has an id of its own
		}},
		"AddDraft": {false, func(t *testing.T, f firm) refs {
			m := h.typed(t, f)
			withBook(t, st, f, 24)
			e := string(entry(t, st, f, "Wohlers").ID)
			return refs{"NewDraft.Entry": e, "Draft.Entries": e, "NewDraft.Case": string(m.Case), "NewDraft.Message": string(m.ID), "Outgoing.Sender": string(f.Sender.ID), "Outgoing.Case": string(m.Case), "Outgoing.ReplyTo": string(m.ID)}
		}, func(f firm, r refs) (any, error) {
			return gave(st.AddDraft(ctx, f.Tenant.ID, feierabend.NewDraft{
				Case: feierabend.CaseID(r["NewDraft.Case"]), Message: feierabend.MessageID(r["NewDraft.Message"]), State: feierabend.CaseReady, Reason: feierabend.ReasonDrafted, Out: []feierabend.Outgoing{out(r)},
				Entry: feierabend.AddressID(r["NewDraft.Entry"]), Draft: feierabend.Draft{Entries: []feierabend.AddressID{feierabend.AddressID(r["Draft.Entries"])}},
			}))
		}},
	}
}

func documentRows(st *store.Store, clock *storetest.Clock) map[string]foreignRow {
	ctx, h := context.Background(), herd{st}
	id := func(r refs) feierabend.DocumentID { return feierabend.DocumentID(r["DocumentID"]) }
	type firm = storetest.Firm
	return map[string]foreignRow{
		"Document": {true, h.document, func(f firm, r refs) (any, error) { return gave(st.Document(ctx, f.Tenant.ID, id(r))) }},
		"CaseDocument": {true, func(t *testing.T, f firm) refs { return refs{"CaseID": string(h.issued(t, f).Case)} }, func(f firm, r refs) (any, error) {
			return gave(st.CaseDocument(ctx, f.Tenant.ID, feierabend.CaseID(r["CaseID"])))
		}},
		"Files": {true, h.document, func(f firm, r refs) (any, error) { return gave(st.Files(ctx, f.Tenant.ID, id(r))) }},
		"File": {true, func(t *testing.T, f firm) refs {
			d := h.issued(t, f)
			return refs{"DocumentID": string(d.ID), "name": d.Number + ".pdf"}
		}, func(f firm, r refs) (any, error) { return gave(st.File(ctx, f.Tenant.ID, id(r), r["name"])) }},
		"MarkDownloaded": {false, h.document, func(f firm, r refs) (any, error) {
			return done(st.MarkDownloaded(ctx, f.Tenant.ID, id(r), f.Owner, clock.Now().Add(time.Hour)))
		}},
		"AddDocument": {false, func(t *testing.T, f firm) refs {
			m := h.typed(t, f)
			drafted(t, st, f, m)
			number, doc, err := st.ReserveNumber(ctx, f.Tenant.ID, m.Case, "RE-2026")
			must(t, err)
			tap := h.typed(t, f)
			return refs{
				"Document.ID": string(doc), "Document.Case": string(m.Case), "NewDocument.Message": string(tap.ID), "number": number,
				"Outgoing.Sender": string(f.Sender.ID), "Outgoing.Case": string(m.Case), "Outgoing.ReplyTo": string(tap.ID),
			}
		}, func(f firm, r refs) (any, error) {
			return done(st.AddDocument(ctx, f.Tenant.ID, feierabend.NewDocument{
				Document: feierabend.Document{ID: feierabend.DocumentID(r["Document.ID"]), Case: feierabend.CaseID(r["Document.Case"]), Kind: feierabend.KindInvoice, Number: r["number"]},
				Version:  1, By: f.Owner, Message: feierabend.MessageID(r["NewDocument.Message"]), Files: []feierabend.File{{Name: "x.pdf", Type: "application/pdf", Bytes: []byte("%PDF")}},
				Out: []feierabend.Outgoing{out(r)},
			}))
		}},
	}
}

func otherRows(st *store.Store) map[string]foreignRow {
	ctx, h := context.Background(), herd{st}
	id := func(r refs) feierabend.OutboxID { return feierabend.OutboxID(r["OutboxID"]) }
	type firm = storetest.Firm
	return map[string]foreignRow{
		"Outbox": {true, h.outbox, func(f firm, r refs) (any, error) { return gave(st.Outbox(ctx, f.Tenant.ID, id(r))) }},
		"BeginSend": {false, func(t *testing.T, f firm) refs { return refs{"OutboxID": string(h.waiting(t, f))} }, func(f firm, r refs) (any, error) {
			return gave(st.BeginSend(ctx, f.Tenant.ID, id(r)))
		}},
		"SentAs":    {false, h.outbox, func(f firm, r refs) (any, error) { return done(st.SentAs(ctx, f.Tenant.ID, id(r), "wamid.x", "m2")) }},
		"FailSend":  {false, h.outbox, func(f firm, r refs) (any, error) { return done(st.FailSend(ctx, f.Tenant.ID, id(r), 131047, true)) }},
		"Forgotten": {false, h.outbox, func(f firm, r refs) (any, error) { return done(st.Forgotten(ctx, f.Tenant.ID, id(r))) }},
		"AddOut": {false, func(t *testing.T, f firm) refs {
			r := h.told(t, f)
			delete(r, "MessageID")
			return r
		}, func(f firm, r refs) (any, error) { return done(st.AddOut(ctx, f.Tenant.ID, out(r))) }},
		"Lease": {false, h.sender, func(f firm, r refs) (any, error) {
			return gave(st.Lease(ctx, f.Tenant.ID, feierabend.SenderID(r["SenderID"]), "h", time.Minute))
		}},
		"Release": {false, func(t *testing.T, f firm) refs {
			must(t, second(st.Lease(ctx, f.Tenant.ID, f.Sender.ID, "h", time.Minute)))
			return h.sender(t, f)
		}, func(f firm, r refs) (any, error) {
			return done(st.Release(ctx, f.Tenant.ID, feierabend.SenderID(r["SenderID"]), "h"))
		}},
		"SenderLink": {true, h.sender, func(f firm, r refs) (any, error) {
			return gave(st.SenderLink(ctx, f.Tenant.ID, feierabend.SenderID(r["SenderID"])))
		}},
		"AddSenderLink": {false, func(_ *testing.T, f firm) refs {
			return refs{"SenderLink.User": string(f.User.ID)}
		}, func(f firm, r refs) (any, error) {
			return done(st.AddSenderLink(ctx, f.Tenant.ID, feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), User: feierabend.UserID(r["SenderLink.User"]), Phone: feierabend.NewID()}))
		}},
		"LinkSender": {false, func(_ *testing.T, f firm) refs {
			return refs{"SenderLink.User": string(f.User.ID)}
		}, func(f firm, r refs) (any, error) {
			return done(st.LinkSender(ctx, f.Tenant.ID, feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), User: feierabend.UserID(r["SenderLink.User"]), Phone: feierabend.NewID()}, f.Owner))
		}},
		"Member": {true, func(_ *testing.T, f firm) refs { return refs{"UserID": string(f.User.ID)} }, func(f firm, r refs) (any, error) {
			return gave(st.Member(ctx, f.Tenant.ID, feierabend.UserID(r["UserID"])))
		}},
		"Receipt": {true, func(t *testing.T, f firm) refs { return refs{"ReceiptID": string(h.erased(t, f).ID)} }, func(f firm, r refs) (any, error) {
			return gave(st.Receipt(ctx, f.Tenant.ID, feierabend.ReceiptID(r["ReceiptID"])))
		}},
		"ReceiptOf": {true, func(t *testing.T, f firm) refs { return refs{"CaseID": string(h.erased(t, f).Case)} }, func(f firm, r refs) (any, error) {
			return gave(st.ReceiptOf(ctx, f.Tenant.ID, feierabend.CaseID(r["CaseID"])))
		}},
	}
}
