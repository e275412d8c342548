package feierabend

import "time"

// Inspection is what the operator should know about the database (`feierabend doctor`).
type Inspection struct {
	Engine  string // "sqlite" or "postgres"
	Version string
	Schema  int64
	// Unprovable are the codes of what stands against the proof of erasures (docs/postgresql.md).
	Unprovable []string
	// Unfenced: the service's role passes row-level security.
	Unfenced  bool
	Time      time.Time // of the database's clock; zero on SQLite
	LastSweep time.Time // zero before the first
	Pending   int       // receipts whose proof is outstanding
	Tenants   int
}
