package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // reads the database of the herd past the service

	"feierabend"
	"feierabend/internal/simulator"
	"feierabend/internal/storetest"
)

// canaryCases is how many cases TestCanaryHerd leads through the story on each
// database; test/shows/2-canary.sh asks for 300, and searches a whole cluster.
var (
	canaryCases   = flag.Int("canary.cases", 8, "cases of TestCanaryHerd on each database")
	canaryCluster = flag.Bool("canary.cluster", false, "search the whole cluster of PostgreSQL, which is the test's own")
)

// TestCanaryHerd leads many marked cases of many firms through the whole story, from
// the message to the download, and erases them in all four ways. Then every byte of
// every file is searched: for what was said, in all shapes, for the wrapped keys, and
// for the beginnings of all sealed values (DEL-05). Before the erasure the sealed
// forms are all there and nothing in plain; afterwards nothing is, unless the build
// does not scrub.
func TestCanaryHerd(t *testing.T) {
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			h := newHerd(t, e)
			h.tellStory(t)
			h.collect(t)
			before := h.search(t, "before")
			h.eraseByHand(t)
			h.close()
			h.sweep(t)
			after := h.search(t, "after")
			h.judge(t, before, after)
		})
	}
}

// herd is the canary with many firms and cases.
type herd struct {
	*canary
	engine  string
	dsn     string // PostgreSQL as the service's role, "" = SQLite
	firms   []*canaryFirm
	all     []*herdCase
	prey    *hunt
	keys    map[string]bool // every wrapped key that was ever seen
	db      *sql.DB         // past the service, over all firms
	values  int             // sealed values collected
	entries int             // of address books
}

// herdCase is one marked case.
type herdCase struct {
	n     int
	firm  *canaryFirm
	id    feierabend.CaseID
	doc   feierabend.Document
	voice bool
	way   feierabend.EraseReason
}

var ways = []feierabend.EraseReason{feierabend.EraseConfirmed, feierabend.EraseDiscarded, feierabend.EraseCountedDown, feierabend.EraseExpired}

// newHerd starts the service beside a simulator with a phone for each firm.
func newHerd(t *testing.T, e storetest.Engine) *herd {
	t.Helper()
	h := &herd{engine: e.Name, prey: newHunt(), keys: map[string]bool{}}
	var people []simulator.Person
	var firms []newTenant
	// A phone takes 45 messages at once and then one in six seconds: few cases each.
	for i := range max(2, *canaryCases/5) {
		n := newTenant{Name: fmt.Sprintf("Werkstatt %02d", i), Owner: fmt.Sprintf("Inhaber Nummer%02d", i), Email: fmt.Sprintf("w%02d@canary.example", i), Phone: fmt.Sprintf("+49171392%05d", 10100+i)}
		firms = append(firms, n)
		people = append(people, simulator.Person{Phone: n.Phone, Name: n.Owner, Firm: n.Name})
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + ln.Addr().String()
	sim, err := simulator.New(simulator.Options{BaseURL: base, People: people, AppSecret: randomKey(), VerifyToken: "herd-verify", Token: randomKey(), Number: demoNumber})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	srv := &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go srv.Serve(ln)
	go sim.Run(ctx)
	t.Cleanup(func() { cancel(); srv.Close() })
	settings := []string{"FEIERABEND_SIMULATOR=" + base}
	if e.Name == "postgres" {
		h.dsn = e.DSN(t)
		settings = append(settings, "FEIERABEND_ROOT_KEY="+storetest.RootKey, "FEIERABEND_DATABASE_URL="+h.dsn, "FEIERABEND_DATABASE_SCRUB_URL="+storetest.As(t, h.dsn, storetest.ScrubRole))
	}
	h.canary = newCanaryOn(t, firms, nil, settings...)
	h.sim = sim
	h.open(t)
	for i, n := range firms {
		f := h.firm(n.Phone, "", "")
		for k := i; k < *canaryCases; k += len(firms) {
			h.all = append(h.all, &herdCase{n: k, firm: f, way: ways[(k/len(firms)+i)%len(ways)], voice: k%25 == 7})
		}
		h.firms = append(h.firms, f)
	}
	return h
}

// open looks into the database past the service.
func (h *herd) open(t *testing.T) {
	t.Helper()
	driver, dsn := "sqlite", "file:"+filepath.Join(h.dirs["data"], "feierabend.db")+"?mode=ro&_pragma=busy_timeout(5000)"
	if h.dsn != "" {
		driver, dsn = "pgx", storetest.As(t, h.dsn, "")+"&search_path=account,content,queue"
	}
	var err error
	if h.db, err = sql.Open(driver, dsn); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.db.Close() })
}

// syllables write a number so that it looks like a name.
func syllables(n int) string {
	const consonants, vowels = "bdfgklmnprstvwz", "aeiou"
	n = (n*7919 + 12345) % 421875 // 75³: neighbours look different
	var b strings.Builder
	for range 3 {
		s := n % 75
		n /= 75
		b.WriteByte(consonants[s/5])
		b.WriteByte(vowels[s%5])
	}
	return strings.ToUpper(b.String()[:1]) + b.String()[1:]
}

// marks are a case's own: buyer, street and what was built in.
func (k *herdCase) marks() (buyer, street, built string) {
	s := func(i int) string { return syllables(3*k.n + i) }
	return s(0) + "moor", s(1) + "steig", s(2) + "siphon"
}

// tellStory leads each firm's cases through the story, the firms side by side.
func (h *herd) tellStory(t *testing.T) {
	t.Helper()
	stop := h.watchKeys(t)
	defer stop()
	var wg sync.WaitGroup
	for _, f := range h.firms {
		wg.Go(func() {
			for _, k := range h.all {
				if k.firm == f && !t.Failed() {
					h.tell(t, k)
				}
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		t.FailNow()
	}
	h.rest(t)
}

// tell is one case from the message to the download.
func (h *herd) tell(t *testing.T, k *herdCase) {
	f := k.firm
	buyer, street, built := k.marks()
	f.buyer, f.street, f.built = buyer, street+" 12", built
	for _, m := range []string{buyer, street, built} {
		h.mark(m)
	}
	if k.voice {
		k.id = f.speak(t, f.dictation())
	} else {
		k.id = f.dictate(t, f.dictation())
	}
	k.doc = f.finish(t, k.id)
	for _, ext := range []string{".pdf", ".xml"} {
		if _, err := f.store.File(f.ctx, f.tenant, k.doc.ID, k.doc.Number+ext); err != nil {
			t.Errorf("file: %v", err)
		}
		if err := f.delivery.Download(f.ctx, f.owner(), f.tenant, k.doc.ID, k.doc.Number+ext); err != nil {
			t.Errorf("download: %v", err)
		}
	}
	h.writeDown(t, k)
	if k.way == feierabend.EraseExpired { // „Noch nicht gespeichert“: until day 30
		if err := f.delivery.Hold(f.ctx, f.owner(), f.tenant, k.id); err != nil {
			t.Errorf("hold: %v", err)
		}
	}
}

// owner is the firm's person, signed in.
func (f *canaryFirm) owner() feierabend.Actor {
	u, err := f.store.UserByEmail(f.ctx, f.email)
	if err != nil {
		return feierabend.Actor{}
	}
	return feierabend.Actor{User: u.ID, Role: feierabend.RoleOwner, Via: feierabend.ViaSession}
}

// speak sends a voice note whose bytes hold the mark; where the recogniser would
// write down the words, the test does: no shipped note says marked ones.
func (f *canaryFirm) speak(t *testing.T, text string) feierabend.CaseID {
	t.Helper()
	f.mark(text)
	var id feierabend.CaseID
	var note feierabend.Message
	wamid, err := f.sim.SendVoice(f.phone, "Notiz", markedWAV(f.buyer))
	if err != nil {
		t.Fatal(err)
	}
	f.until(t, "the note waits for the recogniser", func() bool {
		for _, c := range f.cases(t) {
			ms, err := f.store.Messages(f.ctx, f.tenant, c.ID)
			if err == nil && len(ms) == 1 && ms[0].ExternalID == wamid && ms[0].Reason == feierabend.ReasonWaitsModel {
				id, note = c.ID, ms[0]
				return true
			}
		}
		return false
	})
	draft := feierabend.Job{K: feierabend.JobDraft, Tenant: f.tenant.String(), Ref: string(note.ID)}
	if err := f.store.AddTranscript(f.ctx, f.tenant, note.ID, feierabend.Transcript{Text: text, Engine: "local"}, draft); err != nil {
		t.Fatal(err)
	}
	f.until(t, "the draft of the note", func() bool {
		m, err := f.store.Message(f.ctx, f.tenant, note.ID)
		return err == nil && m.State == feierabend.MessageDone
	})
	f.keep(t, id)
	return id
}

// markedWAV is a second of silence with a comment.
func markedWAV(mark string) []byte {
	const rate = 8000
	note := "ICMT" + string([]byte{byte(len(mark) + len(mark)%2), 0, 0, 0}) + mark + strings.Repeat("\x00", len(mark)%2)
	list := "LIST" + string([]byte{byte(4 + len(note)), 0, 0, 0}) + "INFO" + note
	data := strings.Repeat("\x80", rate)
	size := func(n int) string { return string([]byte{byte(n), byte(n >> 8), byte(n >> 16), 0}) }
	head := "WAVEfmt " + size(16) + "\x01\x00\x01\x00" + size(rate) + size(rate) + "\x01\x00\x08\x00" + list + "data" + size(rate) + data
	return []byte("RIFF" + size(len(head)) + head)
}

func (f *canaryFirm) until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for !is() {
		if f.ctx.Err() != nil {
			t.Fatal(what)
		}
		wait(f.ctx)
	}
}

// rest waits until no job is waiting or at work, planned ones aside, and the scrub,
// which comes back for ever where nothing is scrubbed.
func (h *herd) rest(t *testing.T) {
	t.Helper()
	h.firms[0].until(t, "jobs never came to rest", func() bool {
		var n int
		if err := h.db.QueryRow(`SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'retryable') AND kind <> 'scrub'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n == 0
	})
}

// watchKeys notes every wrapped key that appears, those of notes that join another
// case at once too.
func (h *herd) watchKeys(t *testing.T) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
				h.noteKeys(t)
			}
		}
	}()
	return func() { close(done); <-ended; h.noteKeys(t) }
}

func (h *herd) noteKeys(t *testing.T) {
	for _, v := range h.blobs(t, `SELECT '', wrapped FROM content_key`) {
		h.keys[string(v.b)] = true
	}
}

type blob struct {
	of string
	b  []byte
}

// blobs reads pairs of case and bytes past the service.
func (h *herd) blobs(t *testing.T, text string) (out []blob) {
	t.Helper()
	rows, err := h.db.Query(text)
	if err != nil {
		t.Error(err)
		return nil
	}
	defer rows.Close()
	for rows.Next() {
		var v blob
		if err := rows.Scan(&v.of, &v.b); err != nil {
			t.Error(err)
			return nil
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		t.Error(err)
	}
	return out
}

// sealedValues are all columns of cases that hold sealed bytes (docs/data-map.md).
var sealedValues = []string{
	`SELECT id, summary FROM cases`,
	`SELECT case_id, body FROM message`,
	`SELECT m.case_id, a.body FROM audio_chunk a JOIN message m ON m.tenant_id = a.tenant_id AND m.id = a.message_id`,
	`SELECT m.case_id, x.body FROM transcript x JOIN message m ON m.tenant_id = x.tenant_id AND m.id = x.message_id`,
	`SELECT case_id, body FROM draft`,
	`SELECT case_id, body FROM document`,
	`SELECT d.case_id, f.head FROM document_file f JOIN document d ON d.tenant_id = f.tenant_id AND d.id = f.document_id`,
	`SELECT d.case_id, f.body FROM document_file f JOIN document d ON d.tenant_id = f.tenant_id AND d.id = f.document_id`,
	`SELECT case_id, external FROM outbox WHERE external IS NOT NULL`,
	`SELECT case_id, media FROM outbox WHERE media IS NOT NULL`,
}

// collect gathers what must not be found later: marks, wrapped keys, beginnings of
// sealed values, each in pieces.
func (h *herd) collect(t *testing.T) {
	t.Helper()
	byID := map[string]int{}
	for _, k := range h.all {
		byID[string(k.id)] = k.n
		buyer, street, built := k.marks()
		for _, m := range []string{buyer, street, built} {
			h.prey.addMark("plain", k.n, m)
		}
	}
	for m := range h.marks {
		h.prey.addMark("plain", -1, m)
	}
	own := h.blobs(t, `SELECT c.id, k.wrapped FROM cases c JOIN content_key k ON k.id = c.key_id`)
	for _, v := range own {
		n, ours := byID[v.of]
		if !ours {
			n = -1 // of a message that came to nothing
		}
		h.prey.addPieces("key", n, 20, v.b)
		delete(h.keys, string(v.b))
	}
	h.collectBook(t)
	for k := range h.keys {
		h.prey.addPieces("joined key", -1, 20, []byte(k))
	}
	for _, text := range sealedValues {
		vs := h.blobs(t, text)
		if len(vs) == 0 && !strings.Contains(text, "media") { // may be deleted at the provider already
			t.Errorf("nothing sealed: %s", text)
		}
		for _, v := range vs {
			if n, ours := byID[v.of]; ours {
				h.prey.addPieces("cipher", n, 16, v.b[:min(48, len(v.b))])
				h.values++
			}
		}
	}
	if len(own) < len(h.all) || h.values < 12*len(h.all) {
		t.Fatalf("%d keys and %d sealed values of %d cases", len(own), h.values, len(h.all))
	}
}

// quiesce makes PostgreSQL write what it holds in memory.
func (h *herd) quiesce(t *testing.T) (folders []string) {
	t.Helper()
	if h.dsn == "" {
		return nil
	}
	conn, err := pgx.Connect(context.Background(), storetest.As(t, h.dsn, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var dir, base string
	if err := conn.QueryRow(context.Background(), `SELECT current_setting('data_directory'), (SELECT oid::text FROM pg_database WHERE datname = current_database())`).Scan(&dir, &base); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(context.Background(), `CHECKPOINT`); err != nil {
		t.Fatal(err)
	}
	if *canaryCluster {
		return []string{dir, filepath.Join(dir, "pg_wal")} // which may be a link
	}
	return []string{filepath.Join(dir, "base", base), filepath.Join(dir, "pg_wal")} // others work in this cluster
}

// search goes through every byte that the service has left anywhere.
func (h *herd) search(t *testing.T, when string) *hunt {
	t.Helper()
	began := time.Now()
	g := h.prey.again()
	for _, dir := range append(h.quiesce(t), h.dirs["data"], h.dirs["temp"]) {
		g.search(t, dir)
	}
	for _, said := range []string{h.logs.String(), h.urls.String()} {
		if err := g.read(strings.NewReader(said)); err != nil {
			t.Fatal(err)
		}
	}
	g.search(t, filepath.Dir(h.std.Name()))
	for _, m := range h.sim.Mails() {
		if err := g.read(strings.NewReader(m.Text)); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("canary %s %s: %s in %d files, %d MB, %d ms", h.engine, when, g.tell(len(h.all)), g.files, g.bytes>>20, time.Since(began).Milliseconds())
	return g
}

// tell says in how many cases each kind was found.
func (h *hunt) tell(all int) string {
	var out []string
	for _, kind := range []string{"plain", "key", "cipher"} {
		of := maps.Clone(h.found[kind])
		delete(of, -1)
		out = append(out, fmt.Sprintf("%s %d of %d", kind, len(of), all))
	}
	return strings.Join(append(out, fmt.Sprintf("joined keys %d hits", h.hits["joined key"])), ", ")
}

// cases gives the cases in which a kind was found, and -1 for what is of none.
func (h *hunt) cases(kind string) []int { return slices.Sorted(maps.Keys(h.found[kind])) }
