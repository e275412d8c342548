package feierabend

import (
	"slices"
	"strings"
)

// mailKinds are the jobs that send mails.
var mailKinds = []JobKind{JobMail, JobInvite, JobRegister, JobAddress, JobLinkMail, JobLinkPause, JobRecover, JobNotice, JobDigest}

// settingCodes are failures of mails that only the operator can mend: no mail goes out
// until the settings are right.
var settingCodes = []string{"mail_auth", "mail_tls", "mail_sender", "mail_settings", "no_mail_server"}

// MailFailures are the mails that did not go out, by kind and code: those that are tried
// again and, for an hour, those that were given up.
func (v QueueView) MailFailures() (out []QueueError) {
	for _, e := range v.Errors {
		if slices.Contains(mailKinds, e.Kind) {
			out = append(out, e)
		}
	}
	return out
}

// OfSettings says that the failure lies with us: settings or certificate.
func (e QueueError) OfSettings() bool { return slices.Contains(settingCodes, e.Code) }

// ofSending says that the mail itself failed, not what its job does besides.
func (e QueueError) ofSending() bool {
	return e.Code == "no_mail_server" || strings.HasPrefix(e.Code, "mail_")
}

// MailHealth is the state of sending mails: red where settings or certificate are wrong,
// yellow where the server is away or slow. An address that refuses a mail is nothing to
// mend, and a job that failed before its mail says nothing of the server.
func (v QueueView) MailHealth() Health {
	h := Health{Name: "mail", Level: HealthGreen}
	for _, e := range v.MailFailures() {
		switch {
		case !e.ofSending():
		case e.OfSettings():
			return Health{Name: "mail", Level: HealthRed, Code: e.Code}
		case e.Code != "mail_refused" && h.Level == HealthGreen:
			h.Level, h.Code = HealthYellow, e.Code
		}
	}
	return h
}
