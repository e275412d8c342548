package store_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestBatchOfManyFirms: one batch holds messages of several firms, one of them without
// an agreement, and of strangers; each gets what its own firm allows, in its own rows.
func TestBatchOfManyFirms(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		do(t, st, `DELETE FROM agreement WHERE tenant_id = $1`, b.Tenant.ID.String())
		var in []feierabend.Inbound
		for i := range 60 {
			f := []storetest.Firm{b, a, a}[i%3]
			m := f.Inbound(fmt.Sprint("wamid.", i), "Moin")
			m.At = clock.Now()
			if i%10 == 9 {
				m.From, m.BSUID = "+4915100000000", ""
			}
			in = append(in, m)
		}
		in = append(in, in[1]) // twice in one batch
		out, err := st.Receive(ctx, in)
		must(t, err)
		for i, o := range out {
			want, firm := feierabend.Accepted, a.Tenant.ID
			switch {
			case i == 60:
				want = feierabend.Duplicate
			case i%10 == 9:
				want, firm = feierabend.UnknownSender, feierabend.TenantID{}
			case i%3 == 0:
				want, firm = feierabend.NoAgreement, b.Tenant.ID
			}
			if o.Code != want || o.Tenant != firm {
				t.Errorf("message %d: %s of %s, want %s", i, o.Code, o.Tenant, want)
			}
			if o.Message == "" {
				continue
			}
			m, err := st.Message(ctx, firm, o.Message)
			if err != nil || (want == feierabend.Accepted) != (m.Case != "") || want == feierabend.Accepted && m.Text != "Moin" {
				t.Errorf("message %d: %+v, %v", i, m, err)
			}
		}
		for q, want := range map[string]string{
			`SELECT count(*) FROM message`:     "54",
			`SELECT count(*) FROM cases`:       "36",
			`SELECT count(*) FROM content_key`: "36",
			`SELECT count(*) FROM cases c JOIN message m ON m.tenant_id = c.tenant_id AND m.case_id = c.id AND m.received_at = c.created_at JOIN content_key k ON k.id = c.key_id`: "36",
			`SELECT count(*) FROM river_job WHERE kind = 'draft'`: "36",
		} {
			if got := ask(t, st, q)[0][0]; got != want {
				t.Errorf("%s: %s, want %s", q, got, want)
			}
		}
	})
}

// TestRowsNameTheirFirm: a statement whose rows name their firms one by one passes row-level
// security for each, and none of its rows gets in under another firm's name.
func TestRowsNameTheirFirm(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := context.Background()
	st := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
	a, b := storetest.Seed(t, st)
	firms := []string{a.Tenant.ID.String(), b.Tenant.ID.String(), a.Tenant.ID.String()}
	insert := func(named []string) error {
		return store.Update(ctx, st, "", func(w store.Work) error {
			return w.Exec(ctx, `INSERT INTO lease(tenant_id, sender_id, holder, until) SELECT v.tenant_id, v.sender_id, set_config('app.tenant_id', v.named, true), 0
				FROM unnest($1::text[], $2::text[], $3::text[]) AS v(tenant_id, sender_id, named)`, firms, []string{"1", "2", "3"}, named)
		})
	}
	if err := insert(firms); err != nil {
		t.Errorf("rows of two firms, each named: %v", err)
	}
	if n := ask(t, st, `SELECT count(*) FROM lease`)[0][0]; n != "3" {
		t.Errorf("%s rows, want 3", n)
	}
	do(t, st, `DELETE FROM lease`)
	for i := range firms {
		named := append([]string(nil), firms...)
		named[i] = firms[(i+1)%2]
		if err := insert(named); err == nil {
			t.Errorf("row %d got in under another firm's name", i)
		}
	}
	if n := ask(t, st, `SELECT count(*) FROM lease`)[0][0]; n != "0" {
		t.Errorf("%s rows got in under another firm's name", n)
	}
}
