package store

import (
	"context"
	"strings"

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
	blocked   bool // the firm
}

// findSenders looks all senders up in one statement.
func (a *acceptance) findSenders(ctx context.Context) error {
	var phones, ids [][]byte
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
	if len(phones)+len(ids) == 0 {
		return nil
	}
	find := a.linksOf
	if a.t.fenced() {
		find = a.linksOfPG
	}
	links, err := find(ctx, phones, ids)
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

// linksOf gives the sender links of keyed numbers and ids.
func (a *acceptance) linksOf(ctx context.Context, phones, ids [][]byte) ([]*acceptLink, error) {
	var where []string
	var args []any
	for n, column := range []string{`l.phone_hash`, `l.bsuid_hash`} {
		var list []any
		for _, h := range [][][]byte{phones, ids}[n] {
			list = append(list, h)
		}
		if list = padded(list); len(list) > 0 {
			where = append(where, column+` IN `+values(1, len(list), len(args)+1))
			args = append(args, list...)
		}
	}
	return collect(ctx, a.t, scanAcceptLink, `SELECT l.id, l.tenant_id, l.phone_hash, l.bsuid_hash, t.retention_days,
		EXISTS(SELECT 1 FROM agreement a WHERE a.tenant_id = l.tenant_id), t.blocked_at > 0 FROM sender_link l JOIN tenant t ON t.id = l.tenant_id WHERE `+strings.Join(where, ` OR `), args...)
}

func scanAcceptLink(r row) (*acceptLink, error) {
	var l acceptLink
	var tenant string
	var phone, bsuid []byte
	if err := r.Scan(&l.id, &tenant, &phone, &bsuid, &l.days, &l.agreement, &l.blocked); err != nil {
		return nil, err
	}
	l.phone, l.bsuid = string(phone), string(bsuid)
	var err error
	l.tenant, err = feierabend.ParseTenantID(tenant)
	return &l, err
}
