package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// ending is a case with everything in it, of firm a; own is a living one of b's.
type ending struct {
	st    *store.Store
	clock *storetest.Clock
	a, b  storetest.Firm
	m     feierabend.Message // a voice note with audio and transcript
	doc   feierabend.Document
	out   feierabend.OutboxID
	loose feierabend.Message // a button's row without a case
	mute  feierabend.OutboxID
	young feierabend.Message // another case of a's, which ends later
	audio feierabend.Audio   // opened while it was there
}

func newEnding(t *testing.T, st *store.Store, clock *storetest.Clock) ending {
	ctx := context.Background()
	e := ending{st: st, clock: clock}
	e.a, e.b = storetest.Seed(t, st)
	press := e.a.Inbound("wamid.0", "")
	press.Kind, press.Button = feierabend.InboundButton, feierabend.Button{Act: feierabend.ActSaved, Case: feierabend.CaseID(feierabend.NewID())}.String()
	e.loose = receive(t, st, e.a, press)
	must(t, st.AddOut(ctx, e.a.Tenant.ID, feierabend.Outgoing{Sender: e.a.Sender.ID, Kind: feierabend.OutWelcome}))
	e.mute = feierabend.OutboxID(ask(t, st, `SELECT id FROM outbox`)[0][0])
	e.m = note(t, st, e.a, "wamid.1")
	must(t, st.AddAudio(ctx, e.a.Tenant.ID, e.m.ID, feierabend.AudioInfo{Type: "audio/ogg"}, []byte("OggS")))
	must(t, st.AddTranscript(ctx, e.a.Tenant.ID, e.m.ID, feierabend.Transcript{Text: "Moin"}))
	drafted(t, st, e.a, e.m)
	e.doc = issued(t, st, e.a, e.m.Case)
	must(t, st.AddOut(ctx, e.a.Tenant.ID, feierabend.Outgoing{Sender: e.a.Sender.ID, Case: e.m.Case, Kind: feierabend.OutDocument, Ref: string(e.doc.ID)}))
	e.out = feierabend.OutboxID(ask(t, st, `SELECT id FROM outbox WHERE case_id <> ''`)[0][0])
	clock.Advance(20 * day)
	in := e.a.Inbound("wamid.2", "Moin")
	in.At = clock.Now()
	e.young = receive(t, st, e.a, in)
	var err error
	e.audio, err = st.Audio(ctx, e.a.Tenant.ID, e.m.ID)
	must(t, err)
	return e
}

// reads are all methods that give content, with what they give while it is there.
func (e ending) reads() map[string]func() error {
	ctx, t := context.Background(), e.a.Tenant.ID
	listed := func(all []feierabend.Case, err error) error {
		for _, c := range all {
			if c.ID == e.m.Case {
				return err
			}
		}
		return errors.Join(err, &feierabend.Error{Kind: feierabend.NotFound, Text: "."})
	}
	return map[string]func() error{
		"Message":      func() error { return second(e.st.Message(ctx, t, e.m.ID)) },
		"Messages":     func() error { return second(e.st.Messages(ctx, t, e.m.Case)) },
		"Audio":        func() error { return second(e.st.Audio(ctx, t, e.m.ID)) },
		"Transcript":   func() error { return second(e.st.Transcript(ctx, t, e.m.ID)) },
		"Draft":        func() error { return second(e.st.Draft(ctx, t, e.m.Case)) },
		"DraftAt":      func() error { return second(e.st.DraftAt(ctx, t, e.m.Case, 1)) },
		"Case":         func() error { return second(e.st.Case(ctx, t, e.m.Case)) },
		"Cases":        func() error { return listed(e.st.Cases(ctx, t)) },
		"OpenCases":    func() error { return listed(e.st.OpenCases(ctx, t, e.a.Sender.ID)) },
		"Document":     func() error { return second(e.st.Document(ctx, t, e.doc.ID)) },
		"CaseDocument": func() error { return second(e.st.CaseDocument(ctx, t, e.m.Case)) },
		"Files":        func() error { return second(e.st.Files(ctx, t, e.doc.ID)) },
		"File":         func() error { return second(e.st.File(ctx, t, e.doc.ID, e.doc.Number+".pdf")) },
		"Outbox":       func() error { return second(e.st.Outbox(ctx, t, e.out)) },
		"Fingerprints": func() error { w, p, err := e.st.Fingerprints(ctx, t, e.m.Case); _, _ = w, p; return err },
		"Audio, opened before": func() error {
			r, err := e.audio.Open(ctx)
			if err != nil {
				return err
			}
			return second(io.ReadAll(r))
		},
	}
}

// writes are all methods that put something into a case or change it.
func (e ending) writes() map[string]func() error {
	ctx, t, by := context.Background(), e.a.Tenant.ID, e.a.Owner
	saved := feierabend.Button{Act: feierabend.ActSaved, Case: e.m.Case}.String()
	return map[string]func() error{
		"AddAudio":      func() error { return e.st.AddAudio(ctx, t, e.m.ID, feierabend.AudioInfo{}, []byte("x")) },
		"AddTranscript": func() error { return e.st.AddTranscript(ctx, t, e.m.ID, feierabend.Transcript{Text: "x"}) },
		"HoldForwarded": func() error { return second(e.st.HoldForwarded(ctx, t, e.m.ID)) },
		"SetReason":     func() error { return e.st.SetReason(ctx, t, e.m.ID, "x") },
		"FinishMessage": func() error { return e.st.FinishMessage(ctx, t, e.m.ID, feierabend.MessageFailed, "x") },
		"Dismiss":       func() error { return e.st.Dismiss(ctx, t, e.m.ID, "x") },
		"PressFor":      func() error { return e.st.PressFor(ctx, t, e.m.ID, saved) },
		"MoveMessage": func() error {
			if err := e.st.MoveMessage(ctx, t, e.m.ID, e.young.Case); feierabend.KindOf(err) != feierabend.NotFound {
				return err
			}
			return e.st.MoveMessage(ctx, t, e.young.ID, e.m.Case)
		},
		"AddDraft": func() error {
			return second(e.st.AddDraft(ctx, t, feierabend.NewDraft{Case: e.m.Case, Base: 1, State: feierabend.CaseOpen}))
		},
		"ReserveNumber": func() error { n, d, err := e.st.ReserveNumber(ctx, t, e.m.Case, "RE-2026"); _, _ = n, d; return err },
		"AddDocument": func() error {
			return e.st.AddDocument(ctx, t, feierabend.NewDocument{Document: e.doc, Version: 1, Files: []feierabend.File{{Name: "x", Bytes: []byte("x")}}})
		},
		"MarkDownloaded": func() error { return e.st.MarkDownloaded(ctx, t, e.doc.ID, by, e.clock.Now().Add(time.Hour)) },
		"StopCountdown":  func() error { return e.st.StopCountdown(ctx, t, e.m.Case, by) },
		"AddOut": func() error {
			return e.st.AddOut(ctx, t, feierabend.Outgoing{Sender: e.a.Sender.ID, Case: e.m.Case, Kind: feierabend.OutDraft})
		},
		"BeginSend": func() error { return second(e.st.BeginSend(ctx, t, e.out)) },
		"SentAs":    func() error { return e.st.SentAs(ctx, t, e.out, "w", "m") },
		"FailSend":  func() error { return e.st.FailSend(ctx, t, e.out, 1, true) },
		"Forgotten": func() error { return e.st.Forgotten(ctx, t, e.out) },
		"Warn":      func() error { return second(e.st.Warn(ctx, t, e.m.Case)) },
	}
}

// TestExpiredIsRefused: a microsecond before its end everything of a case is there,
// at its end nothing is read and nothing written, whether or not the sweep has come:
// at the end of its time and at the end of a countdown (DEL-06, J-31).
func TestExpiredIsRefused(t *testing.T) {
	ends := map[string]func(e ending) time.Time{
		"expired": func(e ending) time.Time {
			c, err := e.st.Case(context.Background(), e.a.Tenant.ID, e.m.Case)
			if err != nil {
				panic(err)
			}
			return c.ExpiresAt
		},
		"counted down": func(e ending) time.Time {
			at := e.clock.Now().Add(15 * time.Minute)
			if err := e.st.MarkDownloaded(context.Background(), e.a.Tenant.ID, e.doc.ID, e.a.Owner, at); err != nil {
				panic(err)
			}
			return at
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
				e := newEnding(t, st, clock)
				clock.Advance(end(e).Sub(clock.Now()) - time.Microsecond)
				for name, read := range e.reads() {
					if err := read(); err != nil {
						t.Errorf("%s before the end: %v", name, err)
					}
				}
				clock.Advance(time.Microsecond)
				before := dump(t, st, e.a.Tenant.ID)
				for name, read := range e.reads() {
					wantNotFound(t, name, read())
				}
				for name, write := range e.writes() {
					wantNotFound(t, name, write())
				}
				must(t, st.ReceiveStatuses(context.Background(), []feierabend.DeliveryStatus{{
					Callback: feierabend.Outbox{ID: e.out, Tenant: e.a.Tenant.ID}.Callback(), ExternalID: "w", State: feierabend.SendDelivered,
				}}))
				if _, err := st.Instruct(context.Background(), e.a.Tenant.ID, feierabend.Instruction{RetentionDays: 30, Countdown: 24 * time.Hour}, e.a.Owner); err != nil {
					t.Error(err)
				}
				if after := dump(t, st, e.a.Tenant.ID); after != before {
					t.Errorf("something was written after the end:\n%s\n---\n%s", before, after)
				}
				if _, err := st.Case(context.Background(), e.a.Tenant.ID, e.young.Case); err != nil {
					t.Errorf("the younger case: %v", err)
				}
			})
		})
	}
}

// TestWaitingMessagesEnd: the list of notes without a draft forgets a note at its
// case's end too.
func TestWaitingMessagesEnd(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		e := newEnding(t, st, clock)
		c, err := st.Case(t.Context(), e.a.Tenant.ID, e.young.Case)
		must(t, err)
		clock.Advance(c.ExpiresAt.Sub(clock.Now()) - time.Microsecond)
		for _, want := range []int{1, 0} {
			list, err := st.WaitingMessages(t.Context(), e.a.Tenant.ID)
			if must(t, err); len(list) != want {
				t.Errorf("%d notes wait, want %d", len(list), want)
			}
			clock.Advance(time.Microsecond)
		}
	})
}

// TestLooseRowsEnd: rows without a case end after thirty days too.
func TestLooseRowsEnd(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		e := newEnding(t, st, clock)
		reads := map[string]func() error{
			"Message": func() error { return second(st.Message(ctx, e.a.Tenant.ID, e.loose.ID)) },
			"Outbox":  func() error { return second(st.Outbox(ctx, e.a.Tenant.ID, e.mute)) },
		}
		clock.Advance(e.loose.ReceivedAt.Add(30*day-time.Hour).Sub(clock.Now()) - time.Microsecond)
		for name, read := range reads {
			if err := read(); err != nil {
				t.Errorf("%s before the end: %v", name, err)
			}
		}
		clock.Advance(time.Microsecond)
		for name, read := range reads {
			wantNotFound(t, name, read())
		}
		must(t, st.SweepDone(ctx, clock.Now().Add(time.Microsecond)))
		if got := fmt.Sprint(ask(t, st, `SELECT count(*) FROM message WHERE case_id = ''`), ask(t, st, `SELECT count(*) FROM outbox WHERE case_id = ''`)); got != "[[0]] [[0]]" {
			t.Errorf("left after the sweep: %s", got)
		}
	})
}

func wantNotFound(t *testing.T, name string, err error) {
	t.Helper()
	if feierabend.KindOf(err) != feierabend.NotFound {
		t.Errorf("%s at the end: %v, want not found", name, err)
	}
}

// TestNoReadIsForgotten: a method that takes a firm and is in neither list above
// must be named here with the reason.
func TestNoReadIsForgotten(t *testing.T) {
	without := map[string]string{
		"Tenant": "account", "Profile": "account", "SetProfile": "account", "Instruct": "account; shortens, see TestInstruct", "Agreement": "account", "Member": "account",
		"AddSenderLink": "account", "LinkSender": "account", "SenderLink": "account", "SenderLinks": "account", "Lease": "account", "Release": "account", "PeekNumber": "account", "NumberGaps": "account", "NumberLedger": "account",
		"Audit": "account", "Receipt": "account", "ReceiptOf": "account", "Receipts": "account", "VerifyAudit": "account",
		"Erase": "takes the case away", "LastHeard": "a time", "WaitingMessages": "its own test",
		"AddInvitation": "account", "Invitation": "account", "Invitations": "account", "SetInvitationToken": "account", "WithdrawInvitation": "account", "AcceptInvitation": "account",
		"SetRole": "account", "RemoveMember": "account", "Colleagues": "account", "SetStaffPrices": "account", "BlockTenant": "account", "ProveStepUp": "account", "StepUpWaits": "account", "ProveRecovery": "account",
		"DigestMembers": "account", "PlanDigests": "account", "TakeDigest": "account", "EndDigest": "account", "DigestOn": "account", "SetDigest": "account",
		"AddLinkChallenge": "account", "LinkChallenge": "account", "LatestLink": "account", "CancelLink": "account", "ConfirmLink": "account", "UnlinkSender": "account", "UnlinkSenders": "account",
		"SetCustomers": "account", "AddCustomerLink": "its own test", "CustomerLinks": "its own test", "CustomerLink": "its own test", "EndCustomerLink": "takes away", "DecideForwarded": "a button's own row, and what waits: its own test",
		"SetBook": "account; shortens, see TestBookTerm", "EraseBook": "takes the entries away", "EraseAddress": "takes the entry away", "AddAddress": "makes one",
		"Addresses": "TestBookExpires", "Address": "TestBookExpires", "ChangeAddress": "TestBookExpires", "TakeAddress": "TestBookExpires",
		"FirmView": "counts; of cases only those that may be read",
		"Logo":     "account", "SetLogo": "account", "ProfileVersion": "account", "ChangeProfile": "account",
	}
	have := map[string]bool{}
	st, clock := storetest.New(t)
	e := ending{st: st, clock: clock}
	for name := range e.reads() {
		have[strings.Split(name, ",")[0]] = true
	}
	for name := range e.writes() {
		have[name] = true
	}
	typ, firm := reflect.TypeOf(st), reflect.TypeOf(feierabend.TenantID{})
	for i := range typ.NumMethod() {
		m := typ.Method(i)
		if m.Type.NumIn() < 3 || m.Type.In(2) != firm || have[m.Name] || without[m.Name] != "" {
			continue
		}
		t.Errorf("%s takes a firm: does it refuse what has expired?", m.Name)
	}
}
