package feierabend

// Stage is where a case stands for the person who looks at it.
type Stage int

// The stages, in the order in which lists show them.
const (
	StageRunning  Stage = iota // note is being fetched, heard or drafted
	StageWaits                 // note waits for the speech model
	StageCustomer              // a Kundenlink's: the customer has said nothing yet
	StageForward               // forwarded: waits for a word in the chat
	StageFailed                // note could not be used: a person must look
	StageAsking                // draft with questions
	StageReady                 // draft without questions
	StageNote                  // nothing to bill: tasks only
	StageIssued                // document, not downloaded
	StageCounting              // downloaded, countdown runs
	StageHeld                  // downloaded, countdown stopped
)

// StageOf reads the stage of a case; messages are those of a case without a draft.
func StageOf(c Case, messages []Message) Stage {
	switch {
	case c.State == CaseDownloaded && !c.EraseAt.IsZero():
		return StageCounting
	case c.State == CaseDownloaded:
		return StageHeld
	case c.State == CaseIssued:
		return StageIssued
	case c.Version > 0 && c.Summary.Kind == KindNote:
		return StageNote
	case c.Version > 0 && c.State == CaseReady:
		return StageReady
	case c.Version > 0:
		return StageAsking
	}
	failed := c.Attention != ""
	if len(messages) == 0 && !failed && c.Sender == "" {
		return StageCustomer
	}
	for _, m := range messages {
		switch {
		case m.State == MessageFailed:
			failed = true
		case m.State == MessageDone:
		case m.Reason == ReasonWaitsModel:
			return StageWaits
		case m.Reason == ReasonForwardAsk:
			return StageForward
		default:
			return StageRunning
		}
	}
	if failed {
		return StageFailed
	}
	return StageRunning
}

// Yours says that a person has the next step.
func (g Stage) Yours() bool {
	return g != StageRunning && g != StageWaits && g != StageCustomer && g != StageCounting
}

// Pending says that something happens by itself within seconds.
func (g Stage) Pending() bool { return g == StageRunning || g == StageWaits }
