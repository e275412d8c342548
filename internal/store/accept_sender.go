package store

import (
	"context"

	"feierabend"
)

// acceptLink is the sender link of a message with what accepting needs of its firm.
type acceptLink struct {
	id        feierabend.SenderID
	tenant    feierabend.TenantID
	phone     string // hash, as string for comparing
	bsuid     string
	days      int
	agreement bool
}

// findSenders looks all senders up in one statement.
func (a *acceptance) findSenders(ctx context.Context) error {
	var phones, ids []any
	known := map[string]bool{}
	for _, i := range a.items {
		if i.phone != nil && !known[string(i.phone)] {
			phones = append(phones, i.phone)
		}
		if i.bsuid != nil && !known[string(i.bsuid)] {
			ids = append(ids, i.bsuid)
		}
		known[string(i.phone)], known[string(i.bsuid)] = true, true
	}
	phones, ids = padded(phones), padded(ids)
	if len(phones)+len(ids) == 0 {
		return nil
	}
	where, args := "", append(phones, ids...)
	if len(phones) > 0 {
		where = `l.phone_hash IN ` + values(1, len(phones), 1)
	}
	if len(ids) > 0 {
		if where != "" {
			where += ` OR `
		}
		where += `l.bsuid_hash IN ` + values(1, len(ids), len(phones)+1)
	}
	links, err := collect(ctx, a.t, scanAcceptLink, `SELECT l.id, l.tenant_id, l.phone_hash, l.bsuid_hash, t.retention_days,
		EXISTS(SELECT 1 FROM agreement a WHERE a.tenant_id = l.tenant_id) FROM sender_link l JOIN tenant t ON t.id = l.tenant_id WHERE `+where, args...)
	if err != nil {
		return err
	}
	byPhone, byBSUID := map[string]*acceptLink{}, map[string]*acceptLink{}
	for _, l := range links {
		byPhone[l.phone], byBSUID[l.bsuid] = l, l
	}
	for _, i := range a.items {
		if i.bsuid != nil {
			i.link = byBSUID[string(i.bsuid)]
		}
		if i.link == nil && i.phone != nil {
			i.link = byPhone[string(i.phone)]
			// A number that WhatsApp now gives to another person is not ours.
			if i.link != nil && i.link.bsuid != "" && i.bsuid != nil {
				i.link = nil
			}
		}
	}
	return nil
}

func scanAcceptLink(r row) (*acceptLink, error) {
	var l acceptLink
	var tenant string
	var phone, bsuid []byte
	if err := r.Scan(&l.id, &tenant, &phone, &bsuid, &l.days, &l.agreement); err != nil {
		return nil, err
	}
	l.phone, l.bsuid = string(phone), string(bsuid)
	var err error
	l.tenant, err = feierabend.ParseTenantID(tenant)
	return &l, err
}

// askAgreements asks, where the database shows one firm at a time, which firms of
// the batch have an agreement: there findSenders could not see it.
func (a *acceptance) askAgreements() (out []step) {
	if !a.t.fenced() {
		return nil
	}
	links := map[feierabend.TenantID][]*acceptLink{}
	for _, i := range a.items {
		if i.link == nil {
			continue
		}
		t := i.link.tenant
		if links[t] == nil {
			out = append(out, step{tenant: t.String(), text: `SELECT EXISTS(SELECT 1 FROM agreement WHERE tenant_id = $1)`, args: []any{t.String()}, scan: func(r row) error {
				var has bool
				err := r.Scan(&has)
				for _, l := range links[t] {
					l.agreement = has
				}
				return err
			}})
		}
		links[t] = append(links[t], i.link)
	}
	return out
}
