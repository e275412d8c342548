package feierabend

import "time"

// AuditEvent is a content-free record of an act: ids and codes only (ADM-02).
type AuditEvent struct {
	At     time.Time
	Tenant TenantID // zero for service-wide acts
	By     Actor
	Act    string // "tenant.created", "document.issued", "case.erased", …
	Ref    string // id
}

// Acts of the audit chain about itself.
const (
	ActChainBegun  = "chain.begun"  // service-wide, ref = the firm; or first of a chain, ref = what was before it
	ActChainBroken = "chain.broken" // the end of the chain was not what this program had left there
)

// AuditMark names one record of a chain with the value that covers it and all
// before: what `audit verify` prints and can be compared with later.
type AuditMark struct {
	N   int64  // counted from 1; 0 = nothing recorded yet
	MAC []byte // 32 bytes
}

// AuditFault says what is wrong with a chain.
type AuditFault string

// The faults of a chain.
const (
	AuditChanged   AuditFault = "changed"   // a record does not fit its value
	AuditMissing   AuditFault = "missing"   // records N to To are not there
	AuditInserted  AuditFault = "inserted"  // a record that is not of the chain
	AuditTruncated AuditFault = "truncated" // the chain ends before its noted end
	AuditHead      AuditFault = "head"      // the noted end is missing or forged
	AuditBroken    AuditFault = "broken"    // the program itself found the end forged when it went on
	AuditRewound   AuditFault = "rewound"   // not the chain of the earlier mark
	AuditBegun     AuditFault = "begun"     // a firm's chain began more than once
)

// AuditFinding is a fault at a place of a chain.
type AuditFinding struct {
	Fault AuditFault
	N, To int64  // where, counted from 1; To = N for a single record
	Ref   string // AuditBegun: the firm
}

// AuditCheck is the outcome of verifying one chain.
type AuditCheck struct {
	First    int64 // of the records that are kept; older ones went with their time
	Head     AuditMark
	Findings []AuditFinding
}
