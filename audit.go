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
