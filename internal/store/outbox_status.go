package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"feierabend"
)

// rank orders the states of a row; only forward moves count, and failed only
// before delivered.
func rank(st feierabend.SendState) int {
	switch st {
	case feierabend.SendWaiting:
		return 0
	case feierabend.SendSending:
		return 1
	case feierabend.SendAccepted:
		return 2
	case feierabend.SendSent:
		return 3
	case feierabend.SendFailed:
		return 4
	case feierabend.SendDelivered:
		return 5
	case feierabend.SendRead:
		return 6
	}
	return -1
}

// report is one status on its way to its row.
type report struct {
	feierabend.DeliveryStatus
	tenant  feierabend.TenantID
	id      feierabend.OutboxID
	in      feierabend.CaseID
	kind    feierabend.OutKind
	there   bool
	arrived bool // a document has reached the phone
	c       caseRow
}

// ReceiveStatuses notes the provider's reports by their callback. They come in any
// order and more than once: a row's state only moves forward. Reports on rows that
// are gone, whose case has ended, or that are not ours, change nothing. The first
// report that a document has arrived starts the countdown of its case (J-31).
//
// Rows are taken in the order that everybody keeps who takes several: all cases by firm
// and id, then all rows of the outbox by firm and id, then the heads of the audit chains.
// So no two batches, and no batch and erasure, wait for each other.
func (s *Store) ReceiveStatuses(ctx context.Context, in []feierabend.DeliveryStatus) error {
	var all []*report
	for _, d := range in {
		if tenant, id, ok := feierabend.ParseCallback(d.Callback); ok {
			all = append(all, &report{DeliveryStatus: d, tenant: tenant, id: id})
		}
	}
	slices.SortStableFunc(all, func(a, b *report) int {
		return cmp.Or(strings.Compare(a.tenant.String(), b.tenant.String()), strings.Compare(string(a.id), string(b.id)))
	})
	if len(all) == 0 {
		return nil
	}
	return s.updateAll(ctx, func(t tx) error {
		for _, r := range all {
			*r = report{DeliveryStatus: r.DeliveryStatus, tenant: r.tenant, id: r.id}
		}
		if err := t.run(ctx, ofReports(all, `SELECT case_id, kind FROM outbox WHERE tenant_id = $1 AND id = $2`, func(r *report, row row) error {
			r.there = true
			return row.Scan(&r.in, &r.kind)
		})); err != nil {
			return err
		}
		if err := s.lockArrived(ctx, t, all); err != nil {
			return err
		}
		have := map[*report]feierabend.SendState{}
		there := slices.DeleteFunc(slices.Clone(all), func(r *report) bool { return !r.there })
		if err := t.run(ctx, ofReports(there, `UPDATE outbox SET tries = tries WHERE tenant_id = $1 AND id = $2 RETURNING state`, func(r *report, row row) error {
			var st feierabend.SendState
			err := row.Scan(&st)
			have[r] = st
			return err
		})); err != nil {
			return err
		}
		for _, r := range there {
			if _, ok := have[r]; !ok { // gone in between
				continue
			}
			if err := t.bind(ctx, r.tenant.String()); err != nil {
				return err
			}
			if err := s.noteStatus(ctx, t, r); err != nil && feierabend.KindOf(err) != feierabend.NotFound {
				return err
			}
		}
		return nil
	})
}

// ofReports gives the steps that ask one statement for each row, once.
func ofReports(all []*report, text string, scan func(*report, row) error) (out []step) {
	for _, r := range all {
		out = append(out, step{tenant: r.tenant.String(), text: text, args: []any{r.tenant.String(), r.id}, scan: func(got row) error { return scan(r, got) }})
	}
	return out
}

// lockArrived locks the cases whose document has arrived. Reports of those that have
// ended are left out.
func (s *Store) lockArrived(ctx context.Context, t tx, all []*report) error {
	var of []*report
	for _, r := range all {
		r.arrived = r.there && r.kind == feierabend.OutDocument && r.in != "" && (r.State == feierabend.SendDelivered || r.State == feierabend.SendRead)
		if r.arrived {
			of = append(of, r)
		}
	}
	slices.SortStableFunc(of, func(a, b *report) int {
		return cmp.Or(strings.Compare(a.tenant.String(), b.tenant.String()), strings.Compare(string(a.in), string(b.in)))
	})
	for _, r := range of {
		if err := t.bind(ctx, r.tenant.String()); err != nil {
			return err
		}
		var err error
		if r.c, err = s.lockCase(ctx, t, r.tenant, r.in); feierabend.KindOf(err) == feierabend.NotFound {
			r.there = false
		} else if err != nil {
			return err
		}
	}
	return nil
}

// noteStatus moves a locked row on; an earlier report of the same batch may have.
func (s *Store) noteStatus(ctx context.Context, t tx, r *report) error {
	o, v, err := s.outbox(ctx, t, r.tenant, r.id)
	if err != nil || rank(r.State) <= rank(o.State) {
		return err
	}
	external := o.ExternalID
	if external == "" { // the answer to our sending was lost
		external = r.ExternalID
	}
	if _, err := t.exec(ctx, `UPDATE outbox SET state = $3, code = $4, external = $5 WHERE tenant_id = $1 AND id = $2`, r.tenant.String(), r.id, r.State, r.Code,
		v.sealText(kindExternal, string(r.id), external)); err != nil {
		return err
	}
	if r.arrived && rank(o.State) < rank(feierabend.SendDelivered) {
		return s.documentArrived(ctx, t, r.c, o)
	}
	return nil
}

// documentArrived starts the countdown, unless it runs or was stopped, once the chat
// has brought the document to a person who may say that it is stored, and with the
// file that its kind needs: of an XRechnung the chat brings only the PDF.
func (s *Store) documentArrived(ctx context.Context, t tx, c caseRow, o feierabend.Outbox) error {
	if !c.EraseAt.IsZero() || c.held {
		return nil
	}
	tenant := c.vault.tenant
	var body []byte
	if err := t.queryRow(ctx, `SELECT body FROM document WHERE tenant_id = $1 AND id = $2 AND case_id = $3`, tenant, o.Ref, c.ID).Scan(&body); err != nil {
		if absent(err) {
			err = nil
		}
		return err
	}
	var doc feierabend.Document
	if err := c.openJSON(kindDocument, o.Ref, 0, body, &doc); err != nil || !doc.Completes(feierabend.ChatFile) {
		return err
	}
	by := feierabend.Actor{Via: feierabend.ViaChat}
	err := t.queryRow(ctx, `SELECT m.user_id, m.role FROM sender_link l JOIN membership m ON m.user_id = l.user_id AND m.tenant_id = l.tenant_id WHERE l.tenant_id = $1 AND l.id = $2`,
		tenant, o.Sender).Scan(&by.User, &by.Role)
	if err != nil && !absent(err) {
		return err
	}
	if !by.Role.MayIssue() {
		return nil
	}
	firm, err := scanTenant(t.queryRow(ctx, `SELECT `+tenantColumns+` FROM tenant WHERE id = $1`, tenant))
	if err != nil {
		return err
	}
	return s.downloaded(ctx, t, c, feierabend.DocumentID(o.Ref), by, firm.CountdownEnd(s.now()), "document.delivered")
}
