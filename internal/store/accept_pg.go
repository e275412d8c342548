package store

import (
	"bytes"
	"context"
	"slices"

	"feierabend"
)

// On PostgreSQL a batch is one statement for each table, whatever its size and however
// many firms it holds (decision 0025). Row-level security stays as it is: each row names
// its own firm, by set_config, before it is checked and inserted; a row of another firm
// than it has named is refused. set_config gives the firm back, which is the row's tenant_id.

// The order of names in the rows: one array for each column that differs.
const (
	sendersPG = `SELECT l.id, l.firm, l.phone_hash, l.bsuid_hash, l.retention_days, (SELECT count(*) FROM agreement a WHERE a.tenant_id = l.firm) > 0, l.blocked_at > 0 FROM (
		SELECT l.id, set_config('app.tenant_id', l.tenant_id, true) AS firm, l.phone_hash, l.bsuid_hash, t.retention_days, t.blocked_at
		FROM sender_link l JOIN tenant t ON t.id = l.tenant_id
		WHERE l.id IN (SELECT p.id FROM unnest($1::bytea[]) AS v(hash) JOIN sender_link p ON p.phone_hash = v.hash
			UNION ALL SELECT b.id FROM unnest($2::bytea[]) AS v(hash) JOIN sender_link b ON b.bsuid_hash = v.hash) OFFSET 0) l`
	seenPG  = `INSERT INTO seen_message(hash, at) SELECT v.hash, $2 FROM unnest($1::bytea[]) AS v(hash) ON CONFLICT DO NOTHING RETURNING hash`
	casesPG = `WITH k AS (INSERT INTO content_key(master_id, wrapped) SELECT v.master_id, v.wrapped FROM unnest($6::smallint[], $7::bytea[]) AS v(master_id, wrapped) RETURNING id, wrapped)
		INSERT INTO cases(tenant_id, id, key_id, sender_id, state, version, created_at, changed_at, expires_at, erase_at, held, attention)
		SELECT set_config('app.tenant_id', v.tenant_id, true), v.id, k.id, v.sender_id, $8, 0, v.at, v.at, v.expires_at, 0, false, ''
		FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $7::bytea[]) AS v(tenant_id, id, sender_id, at, expires_at, wrapped) JOIN k ON k.wrapped = v.wrapped`
	messagesPG = `INSERT INTO message(tenant_id, id, case_id, sender_id, channel, kind, state, reason, button, media_size, voice, forwarded,
		audio_type, audio_bytes, audio_length, audio_complete, at, received_at, body)
		SELECT set_config('app.tenant_id', v.tenant_id, true), v.id, v.case_id, v.sender_id, v.channel, v.kind, v.state, v.reason, v.button, v.media_size, v.voice, v.forwarded,
		'', 0, 0, false, v.at, v.received_at, v.body
		FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::boolean[], $12::boolean[],
		$13::bigint[], $14::bigint[], $15::bytea[]) AS v(tenant_id, id, case_id, sender_id, channel, kind, state, reason, button, media_size, voice, forwarded, at, received_at, body)`
)

// linksOfPG gives the sender links, and whether their firms have an agreement.
func (a *acceptance) linksOfPG(ctx context.Context, phones, ids [][]byte) (links []*acceptLink, err error) {
	err = a.t.run(ctx, []step{{own: true, text: sendersPG, args: []any{phones, ids}, scan: func(r row) error {
		l, err := scanAcceptLink(r)
		links = append(links, l)
		return err
	}}})
	return links, err
}

// markSeenPG inserts the keyed ids in their order, so that two processes that are sent
// the same messages never wait for each other.
func (a *acceptance) markSeenPG(hashes [][]byte, scan func(row) error) []step {
	slices.SortFunc(hashes, bytes.Compare)
	return []step{{text: seenPG, args: []any{hashes, micros(a.now)}, scan: scan}}
}

// openCasesPG inserts keys and cases.
func (a *acceptance) openCasesPG() []step {
	var tenants, ids, senders []string
	var at, expires []int64
	var masters []int16
	var wrapped [][]byte
	for _, i := range a.items {
		if i.outcome.Message == "" || !i.content() {
			continue
		}
		tenants, ids, senders = append(tenants, i.vault.tenant), append(ids, string(i.caseID)), append(senders, string(i.link.id))
		at, expires = append(at, a.at(i.n)), append(expires, micros(feierabend.ExpiresAt(a.now, i.link.days)))
		masters, wrapped = append(masters, i.master), append(wrapped, i.wrapped)
	}
	if len(ids) == 0 {
		return nil
	}
	return []step{{own: true, text: casesPG, args: []any{tenants, ids, senders, at, expires, masters, wrapped, string(feierabend.CaseOpen)}}}
}

// addMessagesPG inserts the messages and names the first job of each.
func (a *acceptance) addMessagesPG() ([]step, error) {
	var tenants, ids, cases, senders, channels, kinds, states, reasons, buttons []string
	var sizes, at, received []int64
	var voice, forwarded []bool
	var bodies [][]byte
	for _, i := range a.items {
		if i.outcome.Message == "" {
			continue
		}
		state, reason, sealed, err := a.describe(i)
		if err != nil {
			return nil, err
		}
		tenants, ids, cases, senders = append(tenants, i.vault.tenant), append(ids, string(i.outcome.Message)), append(cases, string(i.caseID)), append(senders, string(i.link.id))
		channels, kinds, states, reasons = append(channels, i.Channel), append(kinds, string(i.Kind)), append(states, string(state)), append(reasons, reason)
		buttons, sizes, voice, forwarded = append(buttons, i.button), append(sizes, i.MediaSize), append(voice, i.Voice), append(forwarded, i.Forwarded)
		at, received, bodies = append(at, micros(i.At)), append(received, a.at(i.n)), append(bodies, sealed)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return []step{{own: true, text: messagesPG, args: []any{tenants, ids, cases, senders, channels, kinds, states, reasons, buttons, sizes, voice, forwarded, at, received, bodies}}}, nil
}
