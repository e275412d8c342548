package notice_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/notice"
)

type box struct {
	notices map[string]feierabend.Notice
	sent    []feierabend.Mail
	fail    error
}

func (b *box) Notice(_ context.Context, id string) (feierabend.Notice, error) {
	n, ok := b.notices[id]
	if !ok {
		return n, &feierabend.Error{Kind: feierabend.NotFound, Code: "notice"}
	}
	return n, nil
}

func (b *box) DropNotice(_ context.Context, id string) error {
	delete(b.notices, id)
	return nil
}

func (b *box) Send(_ context.Context, _ feierabend.TenantID, m feierabend.Mail) error {
	if b.fail == nil {
		b.sent = append(b.sent, m)
	}
	return b.fail
}

// TestWords: each kind says what happened, who did it and what to do; the subject and
// the link name nobody.
func TestWords(t *testing.T) {
	for kind, want := range map[feierabend.NoticeKind]string{
		feierabend.NoticeBank: "endet jetzt auf 2051", feierabend.NoticeOwnerAdded: "Gesa Büro darf jetzt alles", feierabend.NoticeOwnerRemoved: "Gesa Büro hat die Rolle",
		feierabend.NoticeLinked: "Nummer 2051 ist jetzt mit Gesa Büro verbunden", feierabend.NoticeUnlinked: "Nummer 2051 von Gesa Büro", feierabend.NoticeAddress: "Gesa Büro meldet sich jetzt",
	} {
		b := &box{notices: map[string]feierabend.Notice{"n": {
			ID: "n", Kind: kind, To: "hauke@deichgruen.example", Firm: "Deichgrün <b>", About: "Gesa Büro", By: "Hauke\r\nBcc: x", Detail: "2051", At: time.Date(2026, 11, 24, 9, 5, 0, 0, time.UTC),
		}}}
		s, err := notice.New(notice.Options{Store: b, Mailer: b, PublicURL: "https://app.example", Zone: time.FixedZone("MEZ", 3600)})
		if err != nil {
			t.Fatal(err)
		}
		b.fail = errors.New("mail server")
		if err := s.Send(context.Background(), feierabend.Job{Ref: "n"}); !errors.Is(err, b.fail) || len(b.notices) != 1 {
			t.Errorf("%s: %v, %d left", kind, err, len(b.notices))
		}
		b.fail = nil
		for range 2 {
			if err := s.Send(context.Background(), feierabend.Job{Ref: "n"}); err != nil {
				t.Fatal(err)
			}
		}
		if len(b.sent) != 1 || len(b.notices) != 0 {
			t.Fatalf("%s: %d mails, %d left", kind, len(b.sent), len(b.notices))
		}
		m := b.sent[0]
		for _, part := range []string{want, "Deichgrün <b>", "24.11.2026, 10:05 Uhr von Hauke Bcc: x", "Geräte", "https://app.example/"} {
			if !strings.Contains(m.Text, part) && !(part == "Geräte" && (kind == feierabend.NoticeOwnerRemoved || kind == feierabend.NoticeAddress)) {
				t.Errorf("%s without %q:\n%s", kind, part, m.Text)
			}
		}
		if strings.Contains(m.Subject, "Gesa") || strings.Contains(m.HTML, "<b>") || m.To != "hauke@deichgruen.example" {
			t.Errorf("%s: subject %q to %q\n%s", kind, m.Subject, m.To, m.HTML)
		}
	}
}
