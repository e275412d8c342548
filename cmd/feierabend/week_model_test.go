package main

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
)

// weekModel is the little that a week must add up to: what was said and acknowledged,
// what was ever erased, when each case ends.
type weekModel struct {
	w        *week
	messages map[string]map[string]bool // by phone: wamid → acknowledged
	receipts map[string]bool            // tenant and case, ever seen
	ends     map[string]time.Time       // by case: the earliest end that was ever promised
	owner    map[string]*weekFirm       // by case
	outbox   map[string]int             // bubbles by outbox row
	numbers  map[string]string          // by firm and document name: the outbox row that brought it
}

func newWeekModel(w *week) *weekModel {
	return &weekModel{w: w, messages: map[string]map[string]bool{}, receipts: map[string]bool{}, ends: map[string]time.Time{}, owner: map[string]*weekFirm{}, outbox: map[string]int{}, numbers: map[string]string{}}
}

func (m *weekModel) said(phone, wamid, kind string) {
	if m.messages[phone] == nil {
		m.messages[phone] = map[string]bool{}
	}
	m.messages[phone][wamid] = false
	m.w.counts["said "+kind]++
}

func (m *weekModel) acked(phone, wamid string) { m.messages[phone][wamid] = true }

// firmOf gives the firm of a phone.
func (m *weekModel) firmOf(phone string) *weekFirm {
	for _, f := range m.w.firms {
		if f.phone == phone {
			return f
		}
	}
	return nil
}

// shown checks a message of ours as it reaches a phone: nothing of another firm, no
// quote of somebody else's message, each document's number once.
func (m *weekModel) shown(phone string, b weekBubble) {
	f := m.firmOf(phone)
	if f == nil {
		m.w.broken("a stranger got a message")
		return
	}
	m.seen(f, b.text)
	if !strings.HasPrefix(b.callback, "o:"+f.tenant.String()+":") {
		m.w.broken("a firm got a message of another: %s", b.callback)
	}
	if _, own := m.messages[phone][b.replyTo]; b.replyTo != "" && !own {
		m.w.broken("a message quotes what this person never said")
	}
	if m.outbox[b.callback]++; m.outbox[b.callback] > 1 {
		m.w.counts["told again before a status came"]++
	}
	if b.document == "" {
		return
	}
	key := f.tenant.String() + " " + b.document
	if before := m.numbers[key]; before != "" && before != b.callback {
		m.w.broken("two documents are called %s", b.document)
	}
	m.numbers[key] = b.callback
}

// seen checks that what a firm sees says nothing of another firm's.
func (m *weekModel) seen(f *weekFirm, text string) {
	for _, o := range m.w.firms {
		if o == f {
			continue
		}
		for _, name := range o.buyers {
			if strings.Contains(text, name) {
				m.w.broken("a firm sees %q, whom another firm named", name)
			}
		}
	}
}

// casesOf gives the cases of a firm that were ever seen, in order.
func (m *weekModel) casesOf(f *weekFirm) (ids []string) {
	for id, o := range m.owner {
		if o == f {
			ids = append(ids, id)
		}
	}
	sort.Strings(ids)
	return ids
}

// day checks what must hold at any time.
func (m *weekModel) day() {
	m.look()
	m.gone()
	m.expired()
	for _, q := range weekAlways {
		m.none(q[0], q[1])
	}
}

// weekAlways are statements that must count nothing at any time.
var weekAlways = [][2]string{
	{"rows of an erased case", `SELECT (SELECT count(*) FROM cases WHERE id IN (SELECT case_id FROM receipt)) + (SELECT count(*) FROM message WHERE case_id IN (SELECT case_id FROM receipt))
		+ (SELECT count(*) FROM draft WHERE case_id IN (SELECT case_id FROM receipt)) + (SELECT count(*) FROM document WHERE case_id IN (SELECT case_id FROM receipt))
		+ (SELECT count(*) FROM outbox WHERE case_id IN (SELECT case_id FROM receipt))`},
	{"keys without a case", `SELECT count(*) FROM content_key WHERE id NOT IN (SELECT key_id FROM cases)`},
	{"cases without a key", `SELECT count(*) FROM cases WHERE key_id NOT IN (SELECT id FROM content_key)`},
	{"messages without their case", `SELECT count(*) FROM message WHERE case_id <> '' AND case_id NOT IN (SELECT id FROM cases)`},
	{"chunks or transcripts without their message", `SELECT (SELECT count(*) FROM audio_chunk WHERE message_id NOT IN (SELECT id FROM message)) + (SELECT count(*) FROM transcript WHERE message_id NOT IN (SELECT id FROM message))`},
	{"drafts missing or doubled", `SELECT count(*) FROM cases c WHERE c.version <> (SELECT count(*) FROM draft d WHERE d.case_id = c.id) OR c.version <> (SELECT COALESCE(max(version), 0) FROM draft d WHERE d.case_id = c.id)`},
	{"documents without files", `SELECT count(*) FROM document d WHERE NOT EXISTS(SELECT 1 FROM document_file f WHERE f.document_id = d.id)`},
	{"documents without a number", `SELECT count(*) FROM document d WHERE NOT EXISTS(SELECT 1 FROM number_ledger l WHERE l.document_id = d.id AND l.issued_at > 0)`},
	{"numbers of documents that never were", `SELECT count(*) FROM number_ledger l WHERE l.issued_at > 0 AND l.document_id NOT IN (SELECT id FROM document) AND l.case_id NOT IN (SELECT case_id FROM receipt)`},
	{"gaps in a series", `SELECT COALESCE(sum(gap), 0) FROM (SELECT max(n) - min(n) + 1 - count(*) AS gap FROM number_ledger GROUP BY tenant_id, series)`},
	{"rows of one firm that name a case of another", `SELECT count(*) FROM message m JOIN cases c ON c.id = m.case_id WHERE c.tenant_id <> m.tenant_id`},
	{"receipts verified with a finding", `SELECT count(*) FROM receipt WHERE verification = 'verified' AND (hits <> 0 OR signature IS NULL)`},
}

// none runs a counting statement that must give 0.
func (m *weekModel) none(what, text string) {
	if n := m.count(text); n != 0 {
		m.w.broken("%d %s", n, what)
	}
}

func (m *weekModel) count(text string, args ...any) (n int) {
	if err := m.w.svc.store.SQL().QueryRowContext(m.w.ctx, text, args...).Scan(&n); err != nil {
		m.w.t.Fatalf("seed %d: %v", m.w.seed, err)
	}
	return n
}

func (m *weekModel) rows(text string, args ...any) (out []string) {
	rs, err := m.w.svc.store.SQL().QueryContext(m.w.ctx, text, args...)
	if err != nil {
		m.w.t.Fatal(err)
	}
	defer rs.Close()
	for rs.Next() {
		var s string
		if err := rs.Scan(&s); err != nil {
			m.w.t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// look takes down the cases that there are, with their ends, which may only come nearer.
func (m *weekModel) look() {
	for _, f := range m.w.firms {
		for _, row := range m.rows(`SELECT id || ' ' || expires_at FROM cases WHERE tenant_id = $1 ORDER BY id`, f.tenant.String()) {
			var id string
			var us int64
			fmt.Sscanf(row, "%s %d", &id, &us)
			at, before := time.UnixMicro(us), m.ends[id]
			if !before.IsZero() && at.After(before) {
				m.w.broken("the end of a case moved away by %s", at.Sub(before))
			}
			m.ends[id], m.owner[id] = at, f
		}
	}
}

// gone checks that nothing erased ever loses its receipt.
func (m *weekModel) gone() {
	now := m.rows(`SELECT tenant_id || ' ' || case_id FROM receipt`)
	for r := range m.receipts {
		if !slices.Contains(now, r) {
			m.w.broken("the receipt of an erased case is gone")
		}
	}
	for _, r := range now {
		m.receipts[r] = true
	}
}

// expired checks that nothing is read after its end: what is erased, and what the
// sweep has not reached yet.
func (m *weekModel) expired() {
	for id, at := range m.ends {
		if !at.After(m.w.now()) {
			m.refused(m.owner[id], id)
		}
	}
}

// overdue does so for the cases that the sweep is about to take.
func (m *weekModel) overdue() {
	for _, f := range m.w.firms {
		for _, id := range m.rows(`SELECT id FROM cases WHERE tenant_id = $1 AND (expires_at <= $2 OR erase_at > 0 AND erase_at <= $2) ORDER BY id`, f.tenant.String(), m.w.now().UnixMicro()) {
			m.refused(f, id)
			m.w.counts["read before the sweep"]++
		}
	}
}

func (m *weekModel) refused(f *weekFirm, id string) {
	st, c := m.w.svc.store, feierabend.CaseID(id)
	_, one := st.Case(m.w.ctx, f.tenant, c)
	_, two := st.Draft(m.w.ctx, f.tenant, c)
	_, three := st.CaseDocument(m.w.ctx, f.tenant, c)
	for _, err := range []error{one, two, three} {
		if k := feierabend.KindOf(err); k != feierabend.NotFound && k != feierabend.Gone {
			m.w.broken("a case is read after its end: %v", err)
		}
	}
	m.w.counts["read after the end"]++
}

// weekSum adds up what weeks have seen.
type weekSum struct {
	mu     sync.Mutex
	weeks  int
	counts map[string]int
}

func (s *weekSum) add(w *week) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.counts == nil {
		s.counts = map[string]int{}
	}
	s.weeks++
	for k, n := range w.counts {
		s.counts[k] += n
	}
}

// String gives the figures of the summary line.
func (s *weekSum) String() string {
	keys := make([]string, 0, len(s.counts))
	for k := range s.counts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	out := []string{fmt.Sprintf("seeds=%d", s.weeks)}
	for _, k := range keys {
		out = append(out, fmt.Sprintf("%s=%d", strings.ReplaceAll(k, " ", "-"), s.counts[k]))
	}
	return strings.Join(out, " ")
}

// enough fails where many weeks never saw what they are for: then they prove little.
func (s *weekSum) enough(t *testing.T) {
	if s.weeks < 50 {
		return
	}
	for _, k := range []string{
		"crashes", "database faults", "provider faults", "lost answers", "full disks", "clock steps", "late hooks", "doubled hooks", "refused hooks",
		"said text", "said audio", "said interactive", "downloads", "sign-ins", "peeks", "read after the end", "read before the sweep",
		"documents", "erased confirmed", "erased discarded", "erased counted_down", "erased expired", "refused for want of an agreement",
	} {
		if s.counts[k] == 0 {
			t.Errorf("in %d weeks there was never one of: %s", s.weeks, k)
		}
	}
}
