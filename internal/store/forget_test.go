//go:build !noscrub

package store_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestForgottenLeaveNoBytes: numbers, addresses and rows without a case that go while
// the key that opens them lives on leave the files as well, without any erasure
// (DEL-05). Each way plans that. The other firm's stay.
func TestForgottenLeaveNoBytes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := t.Context()
		a, b := storetest.Seed(t, st)
		phone := func(f storetest.Firm) []byte {
			sealed, err := hex.DecodeString(ask(t, st, `SELECT phone FROM sender_link WHERE id = $1`, string(f.Sender.ID))[0][0])
			must(t, err)
			return sealed
		}
		body := func(what string) []byte { return bytes.Repeat([]byte("sealed "+what+" "), 8) }
		now := clock.Now().UnixMicro()
		do(t, st, `INSERT INTO notice(id, at, body) VALUES('n', $1, $2)`, now, body("notice"))
		link := feierabend.NewID()
		do(t, st, `INSERT INTO customer_link(id, tenant_id, case_id, own, by_user, session_hash, code_hash, state, created_at, expires_at, asked_at, agreed_at, who)
			VALUES($1, $2, '', false, 'u', $4, $4, 'asked', $3, $3, 0, 0, $4)`, link, a.Tenant.ID.String(), now, body("customer"))
		m := typed(t, st, a, "wamid.1", "Hilfe")
		must(t, st.Dismiss(ctx, a.Tenant.ID, m.ID, feierabend.ReasonCommand))
		loose, err := hex.DecodeString(ask(t, st, `SELECT body FROM message WHERE id = $1`, string(m.ID))[0][0])
		must(t, err)
		gone, stays := [][]byte{phone(a), body("customer"), body("notice"), loose}, phone(b)
		kind := map[bool]string{true: string(feierabend.JobScrub), false: string(feierabend.JobRewrite)}[st.SQL() != nil]
		for _, way := range []struct {
			name string
			do   func() error
		}{
			{"unlink", func() error { return st.UnlinkSender(ctx, a.Tenant.ID, a.Sender.ID, a.Owner) }},
			{"customer link", func() error { return st.EndCustomerLink(ctx, a.Tenant.ID, link, a.Owner) }},
			{"notice", func() error { return st.SweepDone(ctx, clock.Now().Add(feierabend.NoticeTerm+time.Minute)) }},
			{"loose message", func() error { return st.SweepDone(ctx, clock.Now().Add(31*24*time.Hour)) }},
		} {
			do(t, st, `DELETE FROM river_job`)
			do(t, st, `UPDATE clock SET planned_at = 0`)
			must(t, way.do())
			if !slices.Contains(jobs(t, st), kind) {
				t.Errorf("%s: jobs %v, want %s among them", way.name, jobs(t, st), kind)
			}
		}
		find := func() []int {
			res, err := st.Search(ctx, append(gone[:len(gone):len(gone)], stays))
			must(t, err)
			return res.Hits
		}
		flushed(t, st)
		for i, n := range find()[:len(gone)] {
			if n == 0 && (i == 0 || st.SQL() == nil) { // what SQLite still has in its log is by chance, but for the first
				t.Errorf("value %d is in no file before: it proves nothing", i)
			}
		}
		must(t, second(st.ScrubAndVerify(ctx)))
		if done, err := st.RewriteContent(ctx); !done || err != nil {
			t.Errorf("rewriting: %v, %v", done, err)
		}
		if after := find(); !slices.Equal(after[:len(gone)], make([]int, len(gone))) || after[len(gone)] == 0 {
			t.Errorf("hits afterwards %v: none of the first %d, the last one stays", after, len(gone))
		}
	})
}

// TestRewriteComesBack: while a transaction may still see deleted rows the rewriting is
// not done, and says so.
func TestRewriteComesBack(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := context.Background()
	st := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
	conn := storetest.Owner(t, st)
	defer conn.Close(ctx)
	dump, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	must(t, err)
	_, err = dump.Exec(ctx, `SELECT count(*) FROM person`)
	must(t, err)
	do(t, st, `DELETE FROM clock`) // after it began: it still sees the rows
	done, err := st.RewriteContent(ctx)
	wantCode(t, err, feierabend.Unavailable, "busy")
	must(t, dump.Rollback(ctx))
	if again, err := st.RewriteContent(ctx); done || !again || err != nil {
		t.Error(fmt.Sprint(done, again, err))
	}
}
