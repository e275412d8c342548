package feierabend

import (
	"fmt"
	"time"
)

// Series names a sequence of document numbers: letters and year.
type Series string

// SeriesOf gives the series of a kind in the year of t: "RE-2026" for invoices.
func SeriesOf(k DraftKind, t time.Time) Series {
	prefix := "RE"
	switch k {
	case KindOffer:
		prefix = "AN"
	case KindOrderConfirmation:
		prefix = "AB"
	case KindWorkReport:
		prefix = "RB"
	case KindReminder:
		prefix = "ZE"
	}
	return Series(fmt.Sprintf("%s-%04d", prefix, t.Year()))
}

// Number is the n-th number of a series: "RE-2026-0042" (§ 14 Abs. 4 Nr. 4 UStG:
// consecutive and unique).
func (s Series) Number(n int) string { return fmt.Sprintf("%s-%04d", s, n) }

// NumberEntry is one number of the ledger: no names, no sums (§ 14 UStG asks for
// unique numbers, the books for an explanation of those that are missing).
type NumberEntry struct {
	Series     Series
	Number     string
	ReservedAt time.Time
	IssuedAt   time.Time // zero: reserved, but no document came of it
}

// NumberGap is a part of a series that this database never gave out, with the reason:
// a number may be missing, but must be explainable (UStAE 14.5 Abs. 10).
type NumberGap struct {
	Series      Series
	First, Last int
	Reason      string // GapRestore
	At          time.Time
	By          Actor
}

// GapRestore: numbers that were, or may have been, given out between a backup and the
// loss of the database.
const GapRestore = "restore"
