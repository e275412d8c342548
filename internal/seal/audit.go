package seal

import (
	"strconv"

	"feierabend"
)

// AuditRow is the value that covers an audit record, its number in the firm's chain
// (from 1) and, by prev, all records before it: HMAC-SHA-256 under the key of
// PurposeAudit. docs/vectors/audit-chain.json shows it with numbers.
func (r *Root) AuditRow(n int64, e feierabend.AuditEvent, prev []byte) []byte {
	return r.MAC(PurposeAudit, "row", e.Tenant.String(), strconv.FormatInt(n, 10), strconv.FormatInt(micros(e.At), 10),
		string(e.By.User), string(e.By.Role), string(e.By.Via), e.Act, e.Ref, string(prev))
}

// AuditHead covers the noted end of a chain and its checkpoint, the last record of
// those that went with their time (base).
func (r *Root) AuditHead(tenant feierabend.TenantID, end, base feierabend.AuditMark) []byte {
	return r.MAC(PurposeAudit, "head", tenant.String(), strconv.FormatInt(end.N, 10), string(end.MAC), strconv.FormatInt(base.N, 10), string(base.MAC))
}
