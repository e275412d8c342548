package delivery_test

import (
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/storetest"
)

// issued is a drafted case with a document that is told by an outbox row.
func (s *stage) issued(f storetest.Firm) (feierabend.Message, feierabend.DocumentID, feierabend.OutboxID) {
	s.Helper()
	m, _ := s.drafted(f)
	before := s.rows()
	n, id, err := s.st.ReserveNumber(s.Context(), f.Tenant.ID, m.Case, "RE-2026")
	if err != nil {
		s.Fatal(err)
	}
	err = s.st.AddDocument(s.Context(), f.Tenant.ID, feierabend.NewDocument{
		Document: feierabend.Document{
			ID: id, Case: m.Case, Number: n, Kind: feierabend.KindInvoice, Buyer: feierabend.Party{Salutation: "Frau", Name: "Petersen"},
			Sums: feierabend.Sums{Net: 10000, VAT: 1900, Gross: 11900},
		},
		Version: 1, By: f.Owner,
		Files: []feierabend.File{
			{Name: n + ".pdf", Type: "application/pdf", Bytes: []byte("%PDF-1.7")},
			{Name: n + ".xml", Type: "application/xml", Bytes: []byte("<x/>")},
		},
		Out: []feierabend.Outgoing{{Sender: f.Sender.ID, Case: m.Case, Kind: feierabend.OutDocument, Ref: string(id), ReplyTo: m.ID}},
	})
	if err != nil {
		s.Fatal(err)
	}
	return m, id, s.newest(before)
}

func (s *stage) getCase(f storetest.Firm, c feierabend.CaseID) feierabend.Case {
	s.Helper()
	got, err := s.st.Case(s.Context(), f.Tenant.ID, c)
	if err != nil {
		s.Fatal(err)
	}
	return got
}

func TestDocumentArrivesAndIsForgotten(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := s.Context()
		m, _, id := s.issued(s.a)
		s.ch.err = []error{&feierabend.ChatError{Code: 131016, Retry: true}} // the second try uses the upload again
		s.clock.Advance(snooze(s.T, s.send(s.a, id)))
		if err := s.send(s.a, id); err != nil {
			s.Fatal(err)
		}
		if len(s.ch.uploads) != 1 || len(s.ch.sent) != 1 {
			s.Fatalf("%d uploads, %d messages", len(s.ch.uploads), len(s.ch.sent))
		}
		got := s.ch.sent[0]
		if got.DocumentMedia != "media1" || got.DocumentName != "RE-2026-0042.pdf" || string(s.ch.uploads["media1"]) != "%PDF-1.7" || len(got.Buttons) != 2 {
			s.Errorf("got %+v", got)
		}
		forget := job(feierabend.JobForget, s.a, string(id))
		if refs := jobRefs(s.T, s.st, feierabend.JobForget); len(refs) != 1 || refs[0] != string(id) {
			s.Errorf("watch jobs: %v", refs)
		}
		snooze(s.T, s.step.Forget(ctx, forget)) // not there yet
		if len(s.ch.deleted) != 0 || !s.getCase(s.a, m.Case).EraseAt.IsZero() {
			s.Fatal("forgotten before it arrived")
		}
		err := s.st.ReceiveStatuses(ctx, []feierabend.DeliveryStatus{{Channel: "whatsapp", ExternalID: "wamid.out1", Callback: got.Callback, State: feierabend.SendDelivered}})
		if err != nil {
			s.Fatal(err)
		}
		for range 2 {
			if err := s.step.Forget(ctx, forget); err != nil {
				s.Fatal(err)
			}
		}
		if len(s.ch.deleted) != 1 || s.ch.deleted[0] != "media1" {
			s.Errorf("deleted %v", s.ch.deleted)
		}
		c := s.getCase(s.a, m.Case)
		if c.State != feierabend.CaseDownloaded || !c.EraseAt.Equal(s.clock.Now().Add(24*time.Hour)) {
			s.Errorf("case %s, erased at %v", c.State, c.EraseAt)
		}
	})
}

// An erased case leaves nothing at the provider, whatever became of the message.
func TestUploadOfAnErasedCaseIsDeleted(t *testing.T) {
	onEach(t, func(s *stage) {
		m, _, id := s.issued(s.a)
		if err := s.send(s.a, id); err != nil {
			s.Fatal(err)
		}
		if _, err := s.st.Erase(s.Context(), s.a.Tenant.ID, m.Case, feierabend.EraseConfirmed, s.a.Owner); err != nil {
			s.Fatal(err)
		}
		if err := s.step.Forget(s.Context(), job(feierabend.JobForget, s.a, string(id))); err != nil {
			s.Fatal(err)
		}
		if len(s.ch.deleted) != 1 || s.ch.deleted[0] != "media1" {
			s.Errorf("deleted %v", s.ch.deleted)
		}
		if _, err := s.st.Outbox(s.Context(), s.a.Tenant.ID, id); feierabend.KindOf(err) != feierabend.NotFound {
			s.Errorf("row is still there: %v", err)
		}
	})
}

func TestDownloadStartsTheCountdownOnce(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := s.Context()
		m, doc, _ := s.issued(s.a)
		do := func(by feierabend.Actor, f storetest.Firm, file string) error {
			return s.step.Download(ctx, by, f.Tenant.ID, doc, file)
		}
		staff := s.a.Owner
		staff.Role = feierabend.RoleStaff
		if err := do(staff, s.a, "RE-2026-0042.pdf"); feierabend.KindOf(err) != feierabend.Unauthorized {
			s.Errorf("staff: %v", err)
		}
		if err := do(s.b.Owner, s.b, "RE-2026-0042.pdf"); feierabend.KindOf(err) != feierabend.NotFound {
			s.Errorf("the other firm: %v", err)
		}
		if err := do(s.a.Owner, s.a, "other.pdf"); feierabend.CodeOf(err) != "file" {
			s.Errorf("no such file: %v", err)
		}
		if c := s.getCase(s.a, m.Case); c.State != feierabend.CaseIssued {
			s.Fatalf("a refused request changed the state to %s", c.State)
		}
		if err := do(s.a.Owner, s.a, "RE-2026-0042.xml"); err != nil {
			s.Fatal(err)
		}
		if c := s.getCase(s.a, m.Case); !c.EraseAt.IsZero() {
			s.Error("the XML of a ZUGFeRD invoice started the countdown")
		}
		if err := do(s.a.Owner, s.a, "RE-2026-0042.pdf"); err != nil {
			s.Fatal(err)
		}
		end := s.getCase(s.a, m.Case).EraseAt
		if !end.Equal(s.clock.Now().Add(24 * time.Hour)) {
			s.Errorf("ends at %v", end)
		}
		s.clock.Advance(time.Hour)
		if err := do(s.a.Owner, s.a, "RE-2026-0042.pdf"); err != nil {
			s.Fatal(err)
		}
		if again := s.getCase(s.a, m.Case).EraseAt; !again.Equal(end) {
			s.Errorf("a second download moved the end to %v", again)
		}
	})
}

func TestHold(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := s.Context()
		m, doc, _ := s.issued(s.a)
		if err := s.step.Download(ctx, s.a.Owner, s.a.Tenant.ID, doc, "RE-2026-0042.pdf"); err != nil {
			s.Fatal(err)
		}
		in := s.a.Inbound("wamid."+feierabend.NewID(), "")
		in.Kind, in.Button = feierabend.InboundButton, feierabend.Button{Act: feierabend.ActNotYet, Case: m.Case, Version: 1}.String()
		foreign := in
		foreign.ExternalID, foreign.From = "wamid.b", s.b.Sender.Phone
		out, err := s.st.Receive(ctx, []feierabend.Inbound{in, foreign})
		if err != nil {
			s.Fatal(err)
		}
		before := s.rows()
		if err := s.step.Press(ctx, job(feierabend.JobHold, s.b, string(out[1].Message))); err != nil {
			s.Fatal(err)
		}
		if c := s.getCase(s.a, m.Case); c.EraseAt.IsZero() {
			s.Fatal("the other firm stopped the countdown")
		}
		if m, err := s.st.Message(ctx, s.b.Tenant.ID, out[1].Message); err != nil || m.Reason != feierabend.ReasonGone {
			s.Errorf("foreign tap: %s, %v", m.Reason, err)
		}
		if err := s.send(s.b, s.newest(before)); err != nil || !strings.Contains(s.ch.sent[0].Text, "schon gelöscht") {
			s.Errorf("foreign tap is told: %v, %+v", err, s.ch.sent)
		}
		before = s.rows()
		for range 2 {
			if err := s.step.Press(ctx, job(feierabend.JobHold, s.a, string(out[0].Message))); err != nil {
				s.Fatal(err)
			}
		}
		if c := s.getCase(s.a, m.Case); !c.EraseAt.IsZero() {
			s.Errorf("countdown still runs to %v", c.EraseAt)
		}
		if err := s.send(s.a, s.newest(before)); err != nil || !strings.Contains(s.ch.sent[1].Text, "ich lösche noch nicht") {
			s.Errorf("held is told: %v, %+v", err, s.ch.sent)
		}
	})
}
