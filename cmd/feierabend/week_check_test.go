package main

import (
	"fmt"
	"strings"

	"feierabend"
	"feierabend/internal/seal"
)

// busy says what is still on its way, "" for nothing.
func (m *weekModel) busy() string {
	if n := len(m.w.hooks); n > 0 {
		return fmt.Sprintf("%d webhooks", n)
	}
	for what, text := range map[string]string{
		"messages without an outcome": `SELECT count(*) FROM message WHERE state NOT IN ('done', 'failed')`,
		"messages to be sent":         `SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')`,
		"proofs":                      `SELECT count(*) FROM receipt WHERE verification = 'pending'`,
	} {
		if n := m.count(text); n > 0 {
			return fmt.Sprintf("%d %s", n, what)
		}
	}
	return ""
}

// end checks what must hold when all is quiet.
func (m *weekModel) end() {
	m.day()
	for _, f := range m.w.firms {
		m.outcomes(f)
		if _, err := m.w.svc.store.VerifyAudit(m.w.ctx, f.tenant, feierabend.AuditMark{}); err != nil {
			m.w.broken("audit chain: %v", err)
		}
		m.proofs(f)
	}
	m.none("cases beyond their end", fmt.Sprintf(`SELECT count(*) FROM cases WHERE expires_at < %d`, m.w.now().Add(-2*60*60*1e9).UnixMicro()))
	m.none("proofs outstanding", `SELECT count(*) FROM receipt_check`)
	m.none("jobs given up for an internal reason", `SELECT count(*) FROM river_job WHERE state = 'discarded' AND json(errors) LIKE '%panic%'`)
	m.uploads()
	m.secret()
	m.w.counts["documents"] += m.count(`SELECT count(*) FROM number_ledger WHERE issued_at > 0`)
	for _, r := range m.rows(`SELECT reason FROM receipt`) {
		m.w.counts["erased "+r]++
	}
	m.w.counts["refused for want of an agreement"] += m.count(`SELECT count(*) FROM message WHERE reason = 'no_agreement'`)
}

// outcomes checks that every acknowledged message of a firm is there exactly once,
// with one outcome, or went with its case; and that no other is.
func (m *weekModel) outcomes(f *weekFirm) {
	said := 0
	for _, ok := range m.messages[f.phone] {
		if ok {
			said++
		}
	}
	kept := m.count(`SELECT count(*) FROM message WHERE tenant_id = $1`, f.tenant.String())
	erased := m.count(`SELECT COALESCE(sum(json_extract(erased, '$.messages')), 0) FROM receipt WHERE tenant_id = $1`, f.tenant.String())
	if kept+erased != said {
		m.w.broken("%d messages were acknowledged, %d are kept and %d went with their cases", said, kept, erased)
	}
	for _, r := range m.rows(`SELECT id FROM message WHERE tenant_id = $1 AND reason = ''`, f.tenant.String()) {
		m.w.broken("message %s ended without a reason", r)
	}
	for _, r := range m.rows(`SELECT id || ' ' || state FROM outbox WHERE tenant_id = $1 AND state IN ('accepted', 'sent', 'delivered', 'read')`, f.tenant.String()) {
		id, state, _ := strings.Cut(r, " ")
		if m.outbox["o:"+f.tenant.String()+":"+id] == 0 {
			m.w.broken("outbox row %s is %s, but no phone has it", id, state)
		}
	}
}

// proofs checks that each receipt is at its end and bears a valid signature.
func (m *weekModel) proofs(f *weekFirm) {
	all, err := m.w.svc.store.Receipts(m.w.ctx, f.tenant)
	if err != nil {
		m.w.broken("receipts: %v", err)
	}
	for _, r := range all {
		if r.Verification != feierabend.VerifyVerified {
			m.w.broken("a receipt is %s", r.Verification)
		}
		if err := seal.VerifyReceipt(r); err != nil {
			m.w.broken("a receipt's signature: %v", err)
		}
	}
}

// uploads checks that nothing of an erased case lies at the provider: only what rows
// still name, and what a fault kept us from ever knowing the name of.
func (m *weekModel) uploads() {
	open, lie := m.count(`SELECT count(*) FROM outbox WHERE media IS NOT NULL`), 0
	for id := range m.w.chat.uploads {
		if !m.w.chat.nameless[id] {
			lie++
		}
	}
	if lie > open {
		m.w.broken("%d uploads lie at the provider, %d are known", lie, open)
	}
}

// secret checks that neither the log nor the queue says anything that a person said.
func (m *weekModel) secret() {
	said := []string{"Lindenweg", "Itzehoe", weekStranger, weekStranger[1:]}
	for _, f := range m.w.firms {
		said = append(append(said, f.buyers...), f.phone[1:], f.email)
	}
	queue := strings.Join(m.rows(`SELECT json(args) || COALESCE(json(errors), '') FROM river_job`), "\n")
	log := m.w.log.String()
	for _, s := range said {
		if strings.Contains(queue, s) {
			m.w.broken("%q stands in the queue", s)
		}
		if strings.Contains(log, s) {
			m.w.broken("%q stands in the log", s)
		}
	}
}
