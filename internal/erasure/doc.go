// Package erasure ends a case: because the firm says that the file is stored
// (Confirm), because it throws the case away (Discard), or because a clock ran
// out (Sweep): the countdown after the download or the end of the retention.
// Each way ends in an ErasureReceipt; Scrub proves it (design §7).
//
// The step decides who may and when. How rows and keys go, how the database is
// scrubbed and searched and how receipts are signed is the store's work.
package erasure
