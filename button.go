package feierabend

import (
	"strconv"
	"strings"
)

// Button is the payload of a reply button: ids and codes only, re-authorised
// when it comes back (a tap may arrive days later or twice).
// Form: act:case:version[:question[:answer]].
type Button struct {
	Act      ButtonAct
	Case     CaseID
	Version  int    // draft version the button was made for; 0 for acts on documents
	Question string // path of a question, e.g. "supply"
	Answer   string // code of a choice, e.g. "today"; never free text
}

// ButtonAct is what a button asks for.
type ButtonAct string

// The acts, with the German titles that the chat shows.
const (
	ActApprove ButtonAct = "approve" // Passt so
	ActIssue   ButtonAct = "issue"   // Ausstellen
	ActChange  ButtonAct = "change"  // Ändern
	ActAnswer  ButtonAct = "answer"  // a choice of a question
	ActSaved   ButtonAct = "saved"   // Gespeichert
	ActNotYet  ButtonAct = "notyet"  // Noch nicht
	ActDiscard ButtonAct = "discard" // Ja, löschen
	ActErase   ButtonAct = "erase"   // 2 löschen: names the case, and is asked about
	ActSplit   ButtonAct = "split"   // Doch getrennt: undo a joining

	ActLink   ButtonAct = "link"   // Ja, verbinden; Case is the id of the challenge
	ActNotMe  ButtonAct = "notme"  // Nein, war ich nicht; Case is the id of the challenge
	ActUnlink ButtonAct = "unlink" // Ja, trennen; Case is the id of the sender link
	ActRemain ButtonAct = "remain" // Nein, bleiben; Case is the id of the sender link

	ActTake ButtonAct = "take" // Auswerten; Case is the id of the forwarded message's case, or of the sender link
	ActDrop ButtonAct = "drop" // Verwerfen; Case as of take

	ActAgree  ButtonAct = "agree"  // Einverstanden; Case is the id of the customer's link
	ActRefuse ButtonAct = "refuse" // Nicht auswerten; Case is the id of the customer's link
)

// Job names the job that works the act off.
func (a ButtonAct) Job() JobKind {
	switch a {
	case ActIssue:
		return JobIssue
	case ActSaved, ActDiscard, ActErase:
		return JobConfirm
	case ActNotYet:
		return JobHold
	case ActLink, ActNotMe, ActUnlink, ActRemain, ActAgree, ActRefuse:
		return JobLinkPress
	case ActTake, ActDrop:
		return JobForwarded
	}
	return JobAnswer
}

// String is the payload, at most 256 characters.
func (b Button) String() string {
	s := string(b.Act) + ":" + string(b.Case) + ":" + strconv.Itoa(b.Version)
	if b.Question != "" {
		s += ":" + b.Question
		if b.Answer != "" {
			s += ":" + b.Answer
		}
	}
	return s
}

// ParseButton reads a payload; ok is false for anything that is not ours.
func ParseButton(s string) (b Button, ok bool) {
	f := strings.Split(s, ":")
	if len(s) > 256 || len(f) < 3 || len(f) > 5 || !ValidID(f[1]) {
		return Button{}, false
	}
	v, err := strconv.Atoi(f[2])
	if err != nil || v < 0 {
		return Button{}, false
	}
	b = Button{Act: ButtonAct(f[0]), Case: CaseID(f[1]), Version: v}
	switch b.Act {
	case ActApprove, ActIssue, ActChange, ActAnswer, ActSaved, ActNotYet, ActDiscard, ActErase, ActSplit,
		ActLink, ActNotMe, ActUnlink, ActRemain, ActTake, ActDrop, ActAgree, ActRefuse:
	default:
		return Button{}, false
	}
	if len(f) > 3 {
		b.Question = f[3]
	}
	if len(f) > 4 {
		b.Answer = f[4]
	}
	if !code(b.Question) || !code(b.Answer) {
		return Button{}, false
	}
	return b, true
}

// code says that s is a path or a choice code of ours, or "": nothing that a
// person could have said fits into it, since payloads stand in plain columns.
func code(s string) bool {
	const signs = "abcdefghijklmnopqrstuvwxyz0123456789_.[]"
	return len(s) <= 64 && strings.Trim(s, signs) == ""
}
