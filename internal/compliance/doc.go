// Package compliance says who may receive what. The Registry is the one place
// with the names and hosts of recipients: it is the egress allow-list of the
// outbound client and, later, the annex of the processing agreement. Policy
// asks before any engine or channel is used whether the tenant has concluded an
// agreement (Art. 28 GDPR; day-one decision 11) and which recipients serve a
// purpose.
//
// The package does not open connections and reads no content.
package compliance
