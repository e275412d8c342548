package feierabend_test

import (
	"testing"
	"time"

	"feierabend"
)

func TestBookExpiresAt(t *testing.T) {
	for _, c := range []struct {
		used   string
		months int
		want   string
	}{
		{"2026-11-24T10:00:00Z", 24, "2028-11-24T09:00:00Z"},
		{"2026-11-24T10:00:00Z", 3, "2027-02-24T09:00:00Z"},
		{"2026-11-30T10:00:00Z", 3, "2027-02-28T09:00:00Z"},
		{"2026-08-31T00:30:00Z", 6, "2027-02-27T23:30:00Z"},
		{"2028-02-29T10:00:00Z", 12, "2029-02-28T09:00:00Z"},
	} {
		used, err := time.Parse(time.RFC3339, c.used)
		if err != nil {
			t.Fatal(err)
		}
		if got := feierabend.BookExpiresAt(used, c.months).Format(time.RFC3339); got != c.want {
			t.Errorf("%s after %d months: %s, want %s", c.used, c.months, got, c.want)
		}
	}
	for _, m := range []int{-1, 0, 1, 23, 25, 1200} {
		if feierabend.ValidBookTerm(m) {
			t.Errorf("%d months are a term", m)
		}
	}
}
