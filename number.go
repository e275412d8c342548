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
