//go:build !noscrub

package store_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// ring opens the store of a database with other master keys.
func ring(t *testing.T, dsn string, clock *storetest.Clock, masters string) (*store.Store, error) {
	t.Helper()
	o := storetest.Options(t, dsn, clock)
	var err error
	o.Keys, err = seal.ParseKeys(masters)
	must(t, err)
	return store.Open(t.Context(), o)
}

const oldMaster = "1:" + storetest.MasterKey

// onRing runs fn with a database of 70 cases and 3 entries of each of two firms, all under master
// key 1, opened with a second key in front.
func onRing(t *testing.T, fn func(t *testing.T, r *rotating)) {
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			r := &rotating{clock: storetest.NewClock(), dsn: e.DSN(t), fresh: "2:" + seal.RandomKey()}
			st, err := ring(t, r.dsn, r.clock, oldMaster)
			must(t, err)
			r.a, r.b = storetest.Seed(t, st)
			var in []feierabend.Inbound
			for i := range 70 {
				in = append(in, r.a.Inbound(fmt.Sprint("wamid.a", i), fmt.Sprint("Notiz ", i)), r.b.Inbound(fmt.Sprint("wamid.b", i), fmt.Sprint("Notiz ", i)))
			}
			out, err := st.Receive(t.Context(), in)
			must(t, err)
			for _, f := range []storetest.Firm{r.a, r.b} {
				withBook(t, st, f, 24)
				for i := range 3 {
					r.entries = append(r.entries, entry(t, st, f, fmt.Sprint("Wohlers", i)))
				}
			}
			for _, o := range out {
				m, err := st.Message(t.Context(), o.Tenant, o.Message)
				must(t, err)
				r.messages = append(r.messages, m)
			}
			for _, row := range ask(t, st, `SELECT wrapped FROM content_key ORDER BY id`) {
				b, err := hex.DecodeString(row[0])
				must(t, err)
				r.old = append(r.old, b)
			}
			must(t, st.Close())
			r.st, err = ring(t, r.dsn, r.clock, r.fresh+","+oldMaster)
			must(t, err)
			t.Cleanup(func() { r.st.Close() })
			fn(t, r)
		})
	}
}

type rotating struct {
	st       *store.Store
	clock    *storetest.Clock
	dsn      string
	a, b     storetest.Firm
	fresh    string // "2:…"
	messages []feierabend.Message
	entries  []feierabend.BookEntry
	old      [][]byte // every wrapped key under master key 1
}

// opens reads every message that was there.
func (r *rotating) opens(t *testing.T, st *store.Store) {
	t.Helper()
	for _, m := range r.messages {
		if got, err := st.Message(t.Context(), m.Tenant, m.ID); err != nil || got.Text != m.Text {
			t.Fatalf("message after the rotation: %q, %v", got.Text, err)
		}
	}
	for _, e := range r.entries {
		if got, err := st.Address(t.Context(), e.Tenant, e.ID); err != nil || got.Name != e.Name {
			t.Fatalf("entry after the rotation: %q, %v", got.Name, err)
		}
	}
}

// found searches the files for the old forms and counts those that are there.
func (r *rotating) found(t *testing.T) (n int) {
	t.Helper()
	res, err := r.st.Search(t.Context(), r.old)
	must(t, err)
	for _, h := range res.Hits {
		if h > 0 {
			n++
		}
	}
	return n
}

// TestRotateKeys: every data key is wrapped anew, all opens, the old forms are found
// before and nowhere after, and the old master key opens nothing any more.
func TestRotateKeys(t *testing.T) {
	onRing(t, func(t *testing.T, r *rotating) {
		if r.st.SQL() == nil {
			do(t, r.st, `CHECKPOINT`) // a form may lie across two pages of the log
		}
		if n := r.found(t); n != len(r.old) || n != 146 {
			t.Fatalf("%d of %d old forms found before: the search proves nothing", n, len(r.old))
		}
		var heard []string
		res, err := r.st.RotateKeys(t.Context(), func(done, all int) { heard = append(heard, fmt.Sprintf("%d/%d", done, all)) })
		must(t, err)
		if res.To != 2 || res.Keys != 146 || res.Searched != 146 || res.Hits != 0 || !res.Sure || res.Files == 0 || res.Bytes == 0 || res.Orphans != 0 {
			t.Errorf("%+v", res)
		}
		if got := strings.Join(heard, " "); got != "0/146 50/146 70/146 73/146 123/146 143/146 146/146" {
			t.Errorf("told %s", got)
		}
		if n := r.found(t); n != 0 {
			t.Errorf("%d old forms are still in the files", n)
		}
		if got := ask(t, r.st, `SELECT master_id, count(*) FROM content_key GROUP BY master_id`); len(got) != 1 || got[0][0] != "2" || got[0][1] != "146" {
			t.Errorf("keys by master: %v", got)
		}
		if count(t, r.st, "rotated_key") != "0" {
			t.Error("fingerprints stay after the proof")
		}
		r.opens(t, r.st)
		again, err := r.st.RotateKeys(t.Context(), nil)
		if err != nil || again.Keys != 0 || again.Searched != 0 {
			t.Errorf("a second time: %+v, %v", again, err)
		}
		must(t, r.st.Close())
		_, err = ring(t, r.dsn, r.clock, oldMaster)
		wantCode(t, err, feierabend.Invalid, "master_key")
		r.st, err = ring(t, r.dsn, r.clock, r.fresh)
		must(t, err)
		r.opens(t, r.st)
	})
}

// TestRotationResumed: a call that breaks off between two batches loses nothing, and
// the next one proves its old forms too. A case erased in between is proved gone in
// its old form as well.
func TestRotationResumed(t *testing.T) {
	onRing(t, func(t *testing.T, r *rotating) {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := r.st.RotateKeys(ctx, func(done, _ int) {
			if done >= 70 {
				cancel()
			}
		})
		wantCode(t, err, feierabend.Unavailable, "canceled")
		if got := ask(t, r.st, `SELECT master_id, count(*) FROM content_key GROUP BY master_id ORDER BY master_id`); len(got) != 2 || got[0][1] != "76" || got[1][1] != "70" {
			t.Fatalf("keys by master: %v", got)
		}
		r.opens(t, r.st)
		must(t, r.st.Close())
		_, err = ring(t, r.dsn, r.clock, r.fresh) // both are needed now
		wantCode(t, err, feierabend.Invalid, "master_key")
		_, err = ring(t, r.dsn, r.clock, oldMaster)
		wantCode(t, err, feierabend.Invalid, "master_key")
		r.st, err = ring(t, r.dsn, r.clock, r.fresh+","+oldMaster)
		must(t, err)
		done := ask(t, r.st, `SELECT c.tenant_id, c.id FROM cases c JOIN content_key k ON k.id = c.key_id WHERE k.master_id = 2 ORDER BY c.id LIMIT 1`)[0]
		tenant, err := feierabend.ParseTenantID(done[0])
		must(t, err)
		must(t, second(r.st.Erase(t.Context(), tenant, feierabend.CaseID(done[1]), feierabend.EraseDiscarded, feierabend.Actor{Via: feierabend.ViaCLI})))
		if n := len(ask(t, r.st, `SELECT pieces FROM receipt_check`)[0][0]) / 2; n != 2*3*40 {
			t.Errorf("%d bytes of fingerprints for the new and the old form", n)
		}
		res, err := r.st.RotateKeys(t.Context(), nil)
		must(t, err)
		if res.Keys != 76 || res.Searched != 146 || res.Hits != 0 {
			t.Errorf("%+v", res)
		}
		if n := r.found(t); n != 0 {
			t.Errorf("%d old forms are still in the files", n)
		}
	})
}

// TestRotateTwice: fingerprints of two rotations follow the case.
func TestRotateTwice(t *testing.T) {
	onRing(t, func(t *testing.T, r *rotating) {
		for _, masters := range []string{r.fresh + "," + oldMaster, "3:" + seal.RandomKey() + "," + r.fresh} {
			must(t, r.st.Close())
			var err error
			r.st, err = ring(t, r.dsn, r.clock, masters)
			must(t, err)
			ctx, cancel := context.WithCancel(t.Context())
			_, err = r.st.RotateKeys(ctx, func(done, all int) {
				if done == all {
					cancel() // before the proof
				}
			})
			wantCode(t, err, feierabend.Unavailable, "canceled")
		}
		must(t, second(r.st.Erase(t.Context(), r.a.Tenant.ID, r.messages[0].Case, feierabend.EraseDiscarded, r.a.Owner)))
		if n := len(ask(t, r.st, `SELECT pieces FROM receipt_check`)[0][0]) / 2; n != 3*3*40 {
			t.Errorf("%d bytes of fingerprints for three forms", n)
		}
		if n, err := r.st.ScrubAndVerify(t.Context()); err != nil || n != 1 || count(t, r.st, "rotated_key") != "0" {
			t.Errorf("%d verified, %v", n, err)
		}
	})
}

// TestRotateUnderLoad: messages that arrive, drafts that are made and cases that are
// erased while the keys rotate are neither lost nor refused.
func TestRotateUnderLoad(t *testing.T) {
	onRing(t, func(t *testing.T, r *rotating) {
		stop := make(chan struct{})
		var wg sync.WaitGroup
		var mu sync.Mutex
		var came []feierabend.Message
		erased := map[feierabend.CaseID]bool{}
		for w, f := range []storetest.Firm{r.a, r.b} {
			wg.Go(func() { // a firm that goes on dictating
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
					}
					out, err := r.st.Receive(t.Context(), []feierabend.Inbound{f.Inbound(fmt.Sprint("wamid.late", w, i), fmt.Sprint("Spät ", i))})
					if err != nil || out[0].Code != feierabend.Accepted {
						t.Errorf("arriving: %+v, %v", out, err)
						return
					}
					m, err := r.st.Message(t.Context(), f.Tenant.ID, out[0].Message)
					if err != nil {
						t.Errorf("arrived: %v", err)
						return
					}
					mu.Lock()
					came = append(came, m)
					mu.Unlock()
				}
			})
			wg.Go(func() { // and erases and drafts old ones
				for i, m := range r.messages {
					if m.Tenant != f.Tenant.ID {
						continue
					}
					var err error
					if i%7 < 2 {
						_, err = r.st.Erase(t.Context(), m.Tenant, m.Case, feierabend.EraseDiscarded, f.Owner)
						mu.Lock()
						erased[m.Case] = true
						mu.Unlock()
					} else {
						_, err = r.st.AddDraft(t.Context(), m.Tenant, feierabend.NewDraft{Case: m.Case, State: feierabend.CaseReady, Message: m.ID, Reason: feierabend.ReasonDrafted})
					}
					if err != nil {
						t.Errorf("while rotating: %v", err)
					}
				}
			})
		}
		res, err := r.st.RotateKeys(t.Context(), nil)
		close(stop)
		wg.Wait()
		for feierabend.CodeOf(err) == "residue" { // erased during the search: the next one proves it
			_, err = r.st.RotateKeys(t.Context(), nil)
		}
		must(t, err)
		t.Logf("%d keys rotated, %d messages came meanwhile, %d cases erased", res.Keys, len(came), len(erased))
		must(t, second(r.st.ScrubAndVerify(t.Context())))
		if n := r.found(t); n != 0 {
			t.Errorf("%d old forms are still in the files", n)
		}
		must(t, r.st.Close())
		r.st, err = ring(t, r.dsn, r.clock, r.fresh)
		must(t, err)
		for _, m := range append(came, r.messages...) {
			got, err := r.st.Message(t.Context(), m.Tenant, m.ID)
			if erased[m.Case] != (feierabend.KindOf(err) == feierabend.NotFound) || err == nil && got.Text != m.Text {
				t.Fatalf("message afterwards: %q, %v (erased %v)", got.Text, err, erased[m.Case])
			}
		}
	})
}

// TestRotateOrphans: an old key without a case does not keep its master in use.
func TestRotateOrphans(t *testing.T) {
	onRing(t, func(t *testing.T, r *rotating) {
		do(t, r.st, `INSERT INTO content_key(master_id, wrapped) VALUES(1, $1)`, []byte(strings.Repeat("verwaist", 8))[:seal.WrappedSize])
		res, err := r.st.RotateKeys(t.Context(), nil)
		must(t, err)
		if res.Keys != 146 || res.Orphans != 1 || res.Searched != 147 || count(t, r.st, "content_key") != "146" {
			t.Errorf("%+v", res)
		}
		r.opens(t, r.st)
	})
}

// TestRotateRefused: on PostgreSQL nothing begins while another process wraps with
// the old key; one that has fallen silent counts no more. MasterKeys tells of it.
func TestRotateRefused(t *testing.T) {
	onRing(t, func(t *testing.T, r *rotating) {
		ctx := t.Context()
		must(t, r.st.Beat(ctx, feierabend.Process{ID: "old", Roles: []string{feierabend.ServesWork}, Master: 1, StartedAt: r.clock.Now()}))
		must(t, r.st.Beat(ctx, feierabend.Process{ID: "new", Roles: []string{feierabend.ServesWeb}, Master: 2, StartedAt: r.clock.Now()}))
		ks, err := r.st.MasterKeys(ctx)
		must(t, err)
		pg := r.st.SQL() == nil
		want := []feierabend.MasterKey{{ID: 1, Known: true, Keys: 146}, {ID: 2, Known: true, Wraps: true, Processes: 1}}
		if pg {
			want[0].Processes = 1
			_, err = r.st.RotateKeys(ctx, nil)
			wantCode(t, err, feierabend.Conflict, "old_master_in_use")
			if got := ask(t, r.st, `SELECT count(*) FROM content_key WHERE master_id = 1`)[0][0]; got != "146" {
				t.Errorf("%s old keys left by a refused call", got)
			}
			do(t, r.st, `UPDATE process SET seen_at = seen_at - 20000001 WHERE id = 'old'`)
		}
		if len(ks) != 2 || ks[0] != want[0] || ks[1] != want[1] {
			t.Errorf("master keys %+v, want %+v", ks, want)
		}
		must(t, second(r.st.RotateKeys(ctx, nil)))
	})
}

// TestMasterKeysAtStart: every master key that wraps something must be there and
// open the newest and the oldest of it, and beside a living process the number of
// the key that wraps means one key.
func TestMasterKeysAtStart(t *testing.T) {
	onRing(t, func(t *testing.T, r *rotating) {
		newer := typed(t, r.st, r.a, "wamid.new", "unter dem neuen")
		must(t, r.st.Close())
		for name, masters := range map[string]string{
			"without the old":      r.fresh,
			"without the new":      oldMaster,
			"another of the old":   r.fresh + ",1:" + seal.RandomKey(),
			"another of the new":   "2:" + seal.RandomKey() + "," + oldMaster,
			"two numbers mixed up": "1:" + r.fresh[2:] + ",2:" + storetest.MasterKey,
		} {
			if st, err := ring(t, r.dsn, r.clock, masters); feierabend.CodeOf(err) != "master_key" {
				t.Errorf("%s: %v", name, err)
				if err == nil {
					st.Close()
				}
			}
		}
		var err error
		r.st, err = ring(t, r.dsn, r.clock, oldMaster+","+r.fresh)
		must(t, err)
		do(t, r.st, `UPDATE content_key SET wrapped = $1 WHERE id = (SELECT min(id) FROM content_key)`, make([]byte, seal.WrappedSize)) // the oldest under a lost key
		must(t, r.st.Close())
		_, err = ring(t, r.dsn, r.clock, oldMaster+","+r.fresh)
		wantCode(t, err, feierabend.Invalid, "master_key")
		_ = newer
	})
}

// TestMasterNumberTwice: two operators make a key of the same number. While a process
// lives that wraps with one, the other is refused; where nothing is wrapped by it
// and nobody lives, the number is free.
func TestMasterNumberTwice(t *testing.T) {
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			clock, dsn := storetest.NewClock(), e.DSN(t)
			st, err := ring(t, dsn, clock, "5:"+seal.RandomKey())
			must(t, err)
			defer st.Close()
			must(t, st.Beat(t.Context(), feierabend.Process{ID: "p", Roles: []string{feierabend.ServesWeb}, StartedAt: clock.Now()}))
			other, err := ring(t, dsn, clock, "5:"+seal.RandomKey())
			if st.SQL() == nil {
				wantCode(t, err, feierabend.Invalid, "master_key")
				must(t, st.EndProcess(t.Context(), "p"))
				other, err = ring(t, dsn, clock, "5:"+seal.RandomKey())
			}
			must(t, err)
			must(t, errors.Join(other.Close()))
		})
	}
}
