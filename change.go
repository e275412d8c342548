package feierabend

import "time"

// NewDraft is what a drafting step stores in one transaction.
type NewDraft struct {
	Case    CaseID
	Base    int // version it builds on; 0 for the first. Another newest version = Conflict
	Draft   Draft
	By      Actor
	Engine  string
	State   CaseState // open or ready
	Summary CaseSummary
	Message MessageID // set to done with Reason; "" for changes by page
	Reason  string
	Out     []Outgoing
	Entry   AddressID // of the address book, from which the draft has its buyer; "" = none, or before already
}

// NewDocument is what an issuing step stores in one transaction.
type NewDocument struct {
	Document Document
	Version  int // draft version it was made from; another newest version = Conflict
	Files    []File
	By       Actor
	Summary  CaseSummary
	Message  MessageID // the button message that asked for it, "" for a page
	Out      []Outgoing
}

// DueCase is a case that the sweep must erase.
type DueCase struct {
	Tenant TenantID
	Case   CaseID
	Reason EraseReason
	Sender SenderID  // who began the case, "" = none
	At     time.Time // since when it is due
}

// DueWarning is a case whose sender must be warned before its end.
type DueWarning struct {
	Tenant TenantID
	Case   CaseID
}

// SearchResult says what a byte search over all data files found.
type SearchResult struct {
	Files int
	Bytes int64
	Hits  []int // per needle, in the order given
}
