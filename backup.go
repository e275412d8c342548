package feierabend

import "time"

// Backup describes a backup file: what a restored database will know.
type Backup struct {
	MadeAt time.Time
	Schema int64          // version of the tables in it
	Rows   map[string]int // per table
	Sum    []byte         // SHA-256 over all rows
	Series []BackupSeries // in the order of firms and series
}

// BackupSeries is a series of document numbers as the backup knows it. Numbers given
// out after the backup are not in it: see SeriesAnswer.
type BackupSeries struct {
	Tenant TenantID
	Firm   string // name
	Series Series
	Last   int // highest number in the backup
}

// SeriesAnswer says how a series goes on after a restore, so that no number is given
// out twice: behind the last number that was really used, or with a jump.
type SeriesAnswer struct {
	Tenant TenantID
	Series Series
	Last   int  // last number used; not read where Jump is set
	Jump   bool // nobody knows: leave a gap
}

// JumpFrom is the last number of a series after a jump: at least gap numbers are
// left out, up to the next full gap (57 and 100 give 200).
func JumpFrom(last, gap int) int { return (last + 2*gap - 1) / gap * gap }
