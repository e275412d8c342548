package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"feierabend"
)

// setTenant names the firm of a transaction; the policies of row-level security
// compare with it (migration 00002). It ends with the transaction, so a pooled
// connection carries nothing over.
const setTenant = `SELECT set_config('app.tenant_id', $1, true)`

// begin opens a transaction and names its firm in one round trip. Several
// statements in one message cannot have parameters; a firm's id is 26 letters and
// digits, which is checked here once more.
func begin(text, tenant string) (pgx.TxOptions, error) {
	if tenant != "" {
		if !feierabend.ValidID(tenant) {
			return pgx.TxOptions{}, invalid("tenant")
		}
		text += `; SELECT set_config('app.tenant_id', '` + tenant + `', true)`
	}
	return pgx.TxOptions{BeginQuery: text}, nil
}

func (r pgReader) bind(ctx context.Context, tenant string) error {
	_, err := r.t.Exec(ctx, setTenant, tenant)
	return err
}

func (pgReader) fenced() bool { return true }

// run sends all steps in one pipeline and reads their answers.
func (r pgReader) run(ctx context.Context, steps []step) (err error) {
	var b pgx.Batch
	bound := ""
	for _, st := range steps {
		if st.tenant != "" && st.tenant != bound {
			bound = st.tenant
			b.Queue(setTenant, bound)
		}
		b.Queue(st.text, st.args...)
	}
	res := r.t.SendBatch(ctx, &b)
	defer func() {
		if done := res.Close(); err == nil {
			err = done
		}
	}()
	bound = ""
	for _, st := range steps {
		if st.tenant != "" && st.tenant != bound {
			bound = st.tenant
			if _, err := res.Exec(); err != nil {
				return err
			}
		}
		rs, err := res.Query()
		if err != nil {
			return err
		}
		if err := drainRows(rs, st.scan); err != nil {
			return err
		}
	}
	return nil
}
