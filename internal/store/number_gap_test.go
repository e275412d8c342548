package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestJumpFrom: at least the gap, up to the next full one.
func TestJumpFrom(t *testing.T) {
	for _, tc := range [][3]int{{57, 100, 200}, {100, 100, 200}, {101, 100, 300}, {0, 100, 100}, {0, 1, 1}, {57, 1, 58}, {57, 10, 70}, {1999, 1000, 3000}} {
		if got := feierabend.JumpFrom(tc[0], tc[1]); got != tc[2] || got < tc[0]+tc[1] {
			t.Errorf("from %d by %d: %d, want %d", tc[0], tc[1], got, tc[2])
		}
	}
}

// TestNumbersAfterRestore: what was given out between backup and loss is never given
// out again, and every number that is left out stands in the ledger with its reason.
func TestNumbersAfterRestore(t *testing.T) {
	ctx := context.Background()
	for _, tc := range []struct {
		name    string
		answer  func(feierabend.TenantID) []feierabend.SeriesAnswer
		code    string
		next    string // of RE-2026
		gaps    []string
		year    int // of the restore
		another string
		other   string // next number of another series
	}{
		{"unanswered", func(feierabend.TenantID) []feierabend.SeriesAnswer { return nil }, "series_unanswered", "", nil, 2026, "", ""},
		{"last number named", last("RE-2026", 57), "", "RE-2026-0058", []string{"RE-2026 44-57"}, 2026, "", ""},
		{"nothing lost", last("RE-2026", 43), "", "RE-2026-0044", nil, 2026, "", ""},
		{"less than the backup knows", last("RE-2026", 42), "series_answer", "", nil, 2026, "", ""},
		{"jump", jumping("RE-2026"), "", "RE-2026-0201", []string{"RE-2026 44-200"}, 2026, "", ""},
		{"a series begun after the backup", jumping("RE-2026"), "", "RE-2026-0201", []string{"RE-2026 44-200", "AN-2026 1-100"}, 2026, "AN-2026", "AN-2026-0101"},
		{"restored in the next year", jumping("RE-2026"), "", "RE-2026-0201", []string{"RE-2026 44-200", "RE-2027 1-100"}, 2027, "RE-2027", "RE-2027-0101"},
		{"a year that nobody had reached", jumping("RE-2026"), "", "RE-2026-0201", []string{"RE-2026 44-200"}, 2026, "RE-2028", "RE-2028-0001"},
		{"named although not in the backup", func(id feierabend.TenantID) []feierabend.SeriesAnswer {
			return append(last("RE-2026", 57)(id), last("AN-2026", 3)(id)...)
		}, "", "RE-2026-0058", []string{"AN-2026 1-3", "RE-2026 44-57"}, 2026, "AN-2026", "AN-2026-0004"},
		{"twice", func(id feierabend.TenantID) []feierabend.SeriesAnswer {
			return append(last("RE-2026", 57)(id), jumping("RE-2026")(id)...)
		}, "series_answer", "", nil, 2026, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			old, clock := storetest.New(t)
			a, b := storetest.Seed(t, old)
			for i := range 2 {
				m := typed(t, old, a, fmt.Sprint("wamid.", i), "Moin")
				drafted(t, old, a, m)
				issued(t, old, a, m.Case)
			}
			path, _ := backup(t, old)
			if tc.year > 2026 {
				clock.Advance(60 * 24 * time.Hour)
			}
			st := storetest.Open(t, storetest.SQLite(t), clock)
			_, err := st.Restore(ctx, path, tc.answer(a.Tenant.ID), 100)
			if tc.code != "" {
				wantCode(t, err, feierabend.Invalid, tc.code)
				if n := count(t, st, "tenant"); n != "0" {
					t.Errorf("%s firms after a refused restore", n)
				}
				return
			}
			must(t, err)
			reprove(t, st, a)
			series := []feierabend.Series{"RE-2026", feierabend.Series(tc.another)}
			for i, want := range []string{tc.next, tc.other} {
				if want == "" {
					continue
				}
				if peek, err := st.PeekNumber(ctx, a.Tenant.ID, series[i]); err != nil || peek != want {
					t.Errorf("peek %s %v, want %s", peek, err, want)
				}
				in := a.Inbound("wamid.new"+want, "Moin")
				in.At = clock.Now()
				m := receive(t, st, a, in)
				number, _, err := st.ReserveNumber(ctx, a.Tenant.ID, m.Case, series[i])
				if err != nil || number != want {
					t.Errorf("number %s %v, want %s", number, err, want)
				}
				in.ExternalID = "wamid.second" + want
				m = receive(t, st, a, in)
				if _, _, err := st.ReserveNumber(ctx, a.Tenant.ID, m.Case, series[i]); err != nil {
					t.Error(err)
				}
			}
			wantGaps(t, st, a.Tenant.ID, tc.gaps)
			wantGaps(t, st, b.Tenant.ID, nil)
			wantFaults(t, "audit", st, a.Tenant.ID)
		})
	}
}

func last(series feierabend.Series, n int) func(feierabend.TenantID) []feierabend.SeriesAnswer {
	return func(id feierabend.TenantID) []feierabend.SeriesAnswer {
		return []feierabend.SeriesAnswer{{Tenant: id, Series: series, Last: n}}
	}
}

func jumping(series feierabend.Series) func(feierabend.TenantID) []feierabend.SeriesAnswer {
	return func(id feierabend.TenantID) []feierabend.SeriesAnswer {
		return []feierabend.SeriesAnswer{{Tenant: id, Series: series, Jump: true}}
	}
}

// wantGaps compares the gaps of a firm, each with reason and record.
func wantGaps(t *testing.T, st *store.Store, tenant feierabend.TenantID, want []string) {
	t.Helper()
	gaps, err := st.NumberGaps(context.Background(), tenant)
	must(t, err)
	got := map[string]bool{}
	for _, g := range gaps {
		got[fmt.Sprintf("%s %d-%d", g.Series, g.First, g.Last)] = true
		if g.Reason != feierabend.GapRestore || g.At.IsZero() {
			t.Errorf("gap %+v", g)
		}
	}
	wanted := map[string]bool{}
	for _, w := range want {
		wanted[w] = true
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Error(diff)
	}
	jumps := 0
	events, err := st.Audit(context.Background(), tenant)
	must(t, err)
	for _, e := range events {
		if e.Act == "number.jumped" {
			jumps++
		}
	}
	if jumps != len(want) {
		t.Errorf("%d records of jumps, want %d", jumps, len(want))
	}
}
