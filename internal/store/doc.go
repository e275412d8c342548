// Package store keeps everything in one database, SQLite or PostgreSQL: queries,
// transactions, sealing, the queue's inserts, migrations, and erasure with proof.
//
// One hand-written SQL text serves both engines ($n placeholders, times as BIGINT
// microseconds, ids from Go). No transaction leaves the package: each method is one
// outcome of a step, and the jobs that follow are inserted in the same transaction.
// Only this package seals and opens content. It does not decide anything about
// drafts, documents or people; it runs no jobs.
//
//	open.go tx.go tx_sqlite.go tx_pg.go      the two engines behind one small interface
//	fence.go fence_pg.go roles_pg.go         row-level security and roles of PostgreSQL
//	promise_pg.go                            what stands against a proof there
//	receive.go                               the accept path: group commit
//	message.go audio.go transcript.go draft.go document.go case.go outbox.go  the stages of a case
//	erase.go scrub.go scrub_sqlite.go scrub_pg.go search.go receipt.go        erasure and its proof
//	tenant.go user.go sender.go signin.go session.go counter.go number.go     accounts
package store
