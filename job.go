package feierabend

import "time"

// JobKind names a kind of work.
type JobKind string

// The kinds of jobs. Ref is the id named in the comment.
const (
	JobFetch      JobKind = "fetch"      // message: download the media
	JobTranscribe JobKind = "transcribe" // message: audio to transcript
	JobDraft      JobKind = "draft"      // message: transcript or text to draft, answer or correction
	JobAnswer     JobKind = "answer"     // message: a button that answers, approves or changes a draft
	JobIssue      JobKind = "issue"      // message: the button "Ausstellen"
	JobConfirm    JobKind = "confirm"    // message: the buttons "Gespeichert", "Ja, löschen" and "2 löschen"
	JobHold       JobKind = "hold"       // message: the button "Noch nicht"
	JobSend       JobKind = "send"       // outbox row: send it through its channel
	JobLinkAsk    JobKind = "link_ask"   // link challenge: tell the sender in the chat where it stands
	JobLinkMail   JobKind = "link_mail"  // link challenge, or challenge:owner: tell the owners, each by a job, what came of it
	JobLinkPause  JobKind = "link_pause" // sender link, or link:owner: tell the owners, each by a job, that it is suspended
	JobLinkPress  JobKind = "link_press" // message: a button about the link itself
	JobForwarded  JobKind = "forwarded"  // message: the buttons "Auswerten" and "Verwerfen"
	JobMail       JobKind = "mail"       // sign-in request: make the token, send the mail
	JobInvite     JobKind = "invite"     // invitation: make the token, send the mail
	JobRegister   JobKind = "register"   // registration: make the token, send the mail
	JobAddress    JobKind = "address"    // change of address: code to the new one, notice to the old one
	JobRecover    JobKind = "recover"    // recovery: code to the new address, notices, the change after three days
	JobNotice     JobKind = "notice"     // notice: tell an owner by mail what happened
	JobDigests    JobKind = "digests"    // no tenant: plan the mails at the end of the working day
	JobDigest     JobKind = "digest"     // digest: tell a member by mail how much waits
	JobForget     JobKind = "forget"     // outbox row: delete our uploaded file at the provider
	JobScrub      JobKind = "scrub"      // no tenant: scrub and verify pending receipts
	JobRewrite    JobKind = "rewrite"    // no tenant: rewrite content tables in which rows were deleted (PostgreSQL)
	JobSweep      JobKind = "sweep"      // no tenant: erase what is expired or counted down
)

// Job holds ids only. It satisfies river.JobArgs without importing River:
// store inserts it, jobs works it. Rows, logs and errors of jobs never hold content.
type Job struct {
	K      JobKind   `json:"k"`
	Tenant string    `json:"t,omitempty"` // 26 characters, or "" for service-wide work
	Ref    string    `json:"r,omitempty"` // the id that the kind's comment names
	At     time.Time `json:"-"`           // not before; zero = at once
}

// Kind names the kind for the queue.
func (j Job) Kind() string { return string(j.K) }

// Queue names the queue of a job: local speech takes seconds of CPU a note and
// has its own, so that a full evening of notes never holds up a button.
func (j Job) Queue() string {
	if j.K == JobTranscribe {
		return QueueSpeech
	}
	return QueueDefault
}

// The queues of the job runner.
const (
	QueueDefault = "default"
	QueueSpeech  = "speech"
)
