package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// warnAll does what the sweep does about warnings and gives "case days" of what was told.
func warnAll(t *testing.T, st *store.Store, clock *storetest.Clock) (told string) {
	t.Helper()
	ctx := context.Background()
	for {
		due, err := st.Warnings(ctx, clock.Now(), 2)
		must(t, err)
		if len(due) == 0 {
			break
		}
		for _, w := range due {
			if _, err := st.Warn(ctx, w.Tenant, w.Case); err != nil {
				t.Fatal(err)
			}
		}
	}
	must(t, st.SweepDone(ctx, clock.Now()))
	var all []string
	for _, r := range ask(t, st, `SELECT ref FROM outbox WHERE kind = 'warning' ORDER BY created_at, id`) {
		all = append(all, r[0])
	}
	return strings.Join(all, " ")
}

// TestWarnings: on days 21, 27 and 29, once each; those of a short life only where
// they say something new; after a standstill the most urgent one only.
func TestWarnings(t *testing.T) {
	for name, tc := range map[string]struct {
		days int
		look time.Duration // between sweeps
		want string
	}{
		"thirty days":                                {30, 12 * time.Hour, "9 3 1"},
		"thirty days, once a day":                    {30, day, "9 3 1"},
		"the service stands still for a week":        {30, 177 * time.Hour, "9 1"},
		"the service stood still until the last day": {30, 29 * day, "1"},
		"twenty days":                                {20, 12 * time.Hour, "9 3 1"},
		"seven days":                                 {7, 6 * time.Hour, "3 1"},
		"two days":                                   {2, 6 * time.Hour, "1"},
		"one day":                                    {1, 6 * time.Hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
				ctx := context.Background()
				a, b := storetest.Seed(t, st)
				if _, err := st.Instruct(ctx, a.Tenant.ID, feierabend.Instruction{RetentionDays: tc.days}, a.Owner); err != nil {
					t.Fatal(err)
				}
				m := typed(t, st, a, "wamid.1", "Moin")
				c, err := st.Case(ctx, a.Tenant.ID, m.Case)
				must(t, err)
				told := warnAll(t, st, clock)
				for clock.Now().Before(c.ExpiresAt.Add(-tc.look)) {
					clock.Advance(tc.look)
					told = warnAll(t, st, clock)
				}
				if told != tc.want {
					t.Errorf("told %q, want %q", told, tc.want)
				}
				if got := fmt.Sprint(ask(t, st, `SELECT count(*) FROM outbox WHERE tenant_id = $1`, b.Tenant.ID.String())); got != "[[0]]" {
					t.Errorf("the other firm was told: %s", got)
				}
				if n := len(strings.Fields(told)); n != strings.Count(strings.Join(jobs(t, st), " "), "send") {
					t.Errorf("%d warnings, jobs %v", n, jobs(t, st))
				}
			})
		})
	}
}

// TestWarningsAreNotTold: while a countdown runs, after it ended, and to nobody who is
// no longer linked; held cases are warned of.
func TestWarningsAreNotTold(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		var docs []feierabend.Document
		for i := range 3 {
			m := typed(t, st, a, fmt.Sprint("wamid.", i), "Moin")
			drafted(t, st, a, m)
			docs = append(docs, issued(t, st, a, m.Case))
		}
		clock.Advance(21*day - 30*time.Minute)
		must(t, st.MarkDownloaded(ctx, a.Tenant.ID, docs[0].ID, a.Owner, clock.Now().Add(day)))
		must(t, st.StopCountdown(ctx, a.Tenant.ID, docs[1].Case, a.Owner))
		if _, err := st.Erase(ctx, a.Tenant.ID, docs[2].Case, feierabend.EraseConfirmed, a.Owner); err != nil {
			t.Fatal(err)
		}
		if told := warnAll(t, st, clock); told != "9" {
			t.Errorf("told %q, want one", told)
		}
		if of := ask(t, st, `SELECT case_id FROM outbox WHERE kind = 'warning'`)[0][0]; of != string(docs[1].Case) {
			t.Errorf("told of %s, want the held one", of)
		}
		if told, err := st.Warn(ctx, a.Tenant.ID, docs[1].Case); err != nil || told {
			t.Errorf("warned twice: %t, %v", told, err)
		}
		do(t, st, `DELETE FROM sender_link`)
		clock.Advance(6 * day)
		if told := warnAll(t, st, clock); told != "9" {
			t.Errorf("told %q after the number was unlinked", told)
		}
	})
}

// TestInstruct: a shorter instruction brings the end of the firm's cases closer, with
// a day to save them; a longer one puts nothing off. The other firm's cases stay.
func TestInstruct(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		old, foreign := typed(t, st, a, "wamid.1", "Moin"), typed(t, st, b, "wamid.2", "Moin")
		ends := func(f storetest.Firm, id feierabend.CaseID) time.Time {
			c, err := st.Case(ctx, f.Tenant.ID, id)
			must(t, err)
			return c.ExpiresAt
		}
		was, born := ends(b, foreign.Case), clock.Now()
		clock.Advance(10 * day)
		in := a.Inbound("wamid.3", "Moin")
		in.At = clock.Now()
		young := receive(t, st, a, in)
		set := func(days int, want int) {
			t.Helper()
			if n, err := st.Instruct(ctx, a.Tenant.ID, feierabend.Instruction{RetentionDays: days, Countdown: time.Hour}, a.Owner); err != nil || n != want {
				t.Errorf("%d days: %d shortened, %v, want %d", days, n, err, want)
			}
		}
		set(20, 2)
		if got, want := ends(a, old.Case), feierabend.ExpiresAt(born, 20); !got.Equal(want) {
			t.Errorf("20 days: ends %s, want %s", got, want)
		}
		set(30, 0)
		if got, want := ends(a, old.Case), feierabend.ExpiresAt(born, 20); !got.Equal(want) {
			t.Errorf("a longer instruction moved the end to %s", got)
		}
		set(2, 2)
		if got, want := ends(a, old.Case), clock.Now().Add(day); !got.Equal(want) {
			t.Errorf("2 days: the old case ends %s, want a day of grace %s", got, want)
		}
		if got, want := ends(a, young.Case), feierabend.ExpiresAt(clock.Now(), 2); !got.Equal(want) {
			t.Errorf("2 days: the young case ends %s, want %s", got, want)
		}
		if got := fmt.Sprint(ask(t, st, `SELECT case_id, ref FROM outbox WHERE kind = 'warning'`)); got != fmt.Sprintf("[[%s 1]]", old.Case) {
			t.Errorf("warned %s", got)
		}
		if got := ends(b, foreign.Case); !got.Equal(was) {
			t.Errorf("the other firm's case moved to %s", got)
		}
		// Joining keeps the earliest end, whichever way.
		must(t, st.MoveMessage(ctx, a.Tenant.ID, old.ID, young.Case))
		if got, want := ends(a, young.Case), clock.Now().Add(day); !got.Equal(want) {
			t.Errorf("joined: ends %s, want %s", got, want)
		}
		var acts []string
		log, err := st.Audit(ctx, a.Tenant.ID)
		must(t, err)
		for _, e := range log {
			if strings.HasSuffix(e.Act, ".set") {
				acts = append(acts, e.Act+" "+e.Ref)
			}
		}
		if got := strings.Join(acts, ", "); got != "retention.set 20, countdown.set 3600, retention.set 30, retention.set 2" {
			t.Errorf("audit: %s", got)
		}
		for _, bad := range []feierabend.Instruction{{RetentionDays: 0}, {RetentionDays: 31}, {RetentionDays: 3, Countdown: time.Minute}, {RetentionDays: 3, Countdown: -1}} {
			_, err := st.Instruct(ctx, a.Tenant.ID, bad, a.Owner)
			wantCode(t, err, feierabend.Invalid, "instruction")
		}
	})
}
