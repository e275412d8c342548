package feierabend_test

import (
	"testing"

	"feierabend"
)

func TestMailHealth(t *testing.T) {
	for _, c := range []struct {
		errors []feierabend.QueueError
		want   feierabend.Health
	}{
		{nil, feierabend.Health{Level: feierabend.HealthGreen}},
		{[]feierabend.QueueError{{Kind: feierabend.JobDraft, Code: "mail_auth"}}, feierabend.Health{Level: feierabend.HealthGreen}},
		{[]feierabend.QueueError{{Kind: feierabend.JobMail, Code: "mail_refused"}}, feierabend.Health{Level: feierabend.HealthGreen}},
		{[]feierabend.QueueError{{Kind: feierabend.JobMail, Code: "mail_refused"}, {Kind: feierabend.JobInvite, Code: "mail_later"}}, feierabend.Health{Level: feierabend.HealthYellow, Code: "mail_later"}},
		{[]feierabend.QueueError{{Kind: feierabend.JobMail, Code: "mail_timeout"}, {Kind: feierabend.JobLinkMail, Code: "mail_tls"}}, feierabend.Health{Level: feierabend.HealthRed, Code: "mail_tls"}},
		{[]feierabend.QueueError{{Kind: feierabend.JobRecover, Code: "busy"}, {Kind: feierabend.JobMail, Code: "database"}}, feierabend.Health{Level: feierabend.HealthGreen}},
		{[]feierabend.QueueError{{Kind: feierabend.JobMail, Code: "database"}, {Kind: feierabend.JobRecover, Code: "mail_lost"}}, feierabend.Health{Level: feierabend.HealthYellow, Code: "mail_lost"}},
		{[]feierabend.QueueError{{Kind: feierabend.JobNotice, Code: "no_mail_server"}}, feierabend.Health{Level: feierabend.HealthRed, Code: "no_mail_server"}},
	} {
		c.want.Name = "mail"
		if got := (feierabend.QueueView{Errors: c.errors}).MailHealth(); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.errors, got, c.want)
		}
	}
}
