package delivery_test

import (
	"strings"
	"testing"
	"time"

	"feierabend"
)

// warned brings a case to the moment of its first warning and gives its row.
func (s *stage) warned(f func() feierabend.CaseID) (feierabend.CaseID, feierabend.OutboxID) {
	s.Helper()
	id := f()
	c := s.getCase(s.a, id)
	s.clock.Advance(c.ExpiresAt.Add(-9 * 24 * time.Hour).Sub(s.clock.Now()))
	before := s.rows()
	told, err := s.st.Warn(s.Context(), s.a.Tenant.ID, id)
	if err != nil || !told {
		s.Fatalf("warn: %t, %v", told, err)
	}
	return id, s.newest(before)
}

// TestWarningIsTold: the words say what goes when and what to do; a person who wrote
// about something else within a day gets it, the others cannot be reached by chat,
// and the row ends as failed with the reason.
func TestWarningIsTold(t *testing.T) {
	onEach(t, func(s *stage) {
		id, row := s.warned(func() feierabend.CaseID { m, _ := s.drafted(s.a); return m.Case })
		if err := s.send(s.a, row); err != nil {
			s.Fatal(err)
		}
		if ob := s.row(s.a, row); ob.State != feierabend.SendFailed || ob.Code != 131047 || len(s.ch.sent) != 0 {
			s.Errorf("outside the window: %s %d, %d sent", ob.State, ob.Code, len(s.ch.sent))
		}
		s.drafted(s.a) // the person writes about something else
		s.drafted(s.b)
		s.clock.Advance(3 * 24 * time.Hour)
		s.drafted(s.a)
		s.clock.Advance(3*24*time.Hour - time.Minute) // 3 days before the end
		s.drafted(s.a)
		s.clock.Advance(time.Minute)
		before := s.rows()
		if told, err := s.st.Warn(s.Context(), s.a.Tenant.ID, id); err != nil || !told {
			s.Fatalf("warn: %t, %v", told, err)
		}
		row = s.newest(before)
		if err := s.send(s.a, row); err != nil {
			s.Fatal(err)
		}
		if ob := s.row(s.a, row); ob.State != feierabend.SendAccepted || len(s.ch.sent) != 1 {
			s.Fatalf("inside the window: %s %d, %d sent", ob.State, ob.Code, len(s.ch.sent))
		}
		m := s.ch.sent[0]
		for _, want := range []string{"*Rechnung für Frau Petersen*", "in 3\u00a0Tagen gelöscht", "24.12.2026, 07:00\u00a0Uhr", "auch bei uns", "ausstellen und speichern", "/v/" + string(id)} {
			if !strings.Contains(m.Text, want) {
				s.Errorf("warning without %q:\n%s", want, m.Text)
			}
		}
		if len(m.Buttons) != 0 {
			s.Errorf("buttons %v", m.Buttons)
		}
	})
}

// TestWarningOfADocument offers „Gespeichert“; once a countdown runs there is nothing
// to warn of any more.
func TestWarningOfADocument(t *testing.T) {
	onEach(t, func(s *stage) {
		var doc feierabend.DocumentID
		_, row := s.warned(func() feierabend.CaseID {
			m, d, _ := s.issued(s.a)
			doc = d
			return m.Case
		})
		s.drafted(s.a)
		if err := s.send(s.a, row); err != nil {
			s.Fatal(err)
		}
		if n := len(s.ch.sent); n != 1 || len(s.ch.sent[0].Buttons) != 1 || s.ch.sent[0].Buttons[0].Title != "Gespeichert" || !strings.Contains(s.ch.sent[0].Text, "speichern Sie den Beleg") {
			s.Fatalf("sent %+v", s.ch.sent)
		}
		before := s.rows()
		if err := s.st.AddOut(s.Context(), s.a.Tenant.ID, feierabend.Outgoing{Sender: s.a.Sender.ID, Case: s.row(s.a, row).Case, Kind: feierabend.OutWarning, Ref: "3"}); err != nil {
			s.Fatal(err)
		}
		row = s.newest(before)
		if err := s.step.Download(s.Context(), s.a.Owner, s.a.Tenant.ID, doc, s.file(doc)); err != nil {
			s.Fatal(err)
		}
		if err := s.send(s.a, row); err != nil {
			s.Fatal(err)
		}
		if ob := s.row(s.a, row); ob.State != feierabend.SendFailed || len(s.ch.sent) != 1 {
			s.Errorf("after the download: %s, %d sent", ob.State, len(s.ch.sent))
		}
	})
}

// file names the PDF of a document.
func (s *stage) file(id feierabend.DocumentID) string {
	s.Helper()
	files, err := s.st.Files(s.Context(), s.a.Tenant.ID, id)
	if err != nil {
		s.Fatal(err)
	}
	return files[0].Name
}
