package main

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/secret"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// week is one virtual week. Nothing in it asks the real clock or real chance for
// anything that it decides by.
type week struct {
	t      *testing.T
	ctx    context.Context
	seed   uint64
	random *rand.Rand // what people and the world do
	ids    *rand.Rand // public ids

	began time.Time     // wall time at the start
	up    time.Duration // since then, never backwards
	skew  time.Duration // of the wall clock
	boot  time.Duration // when this service started
	sweep time.Duration // the next sweep

	dir    string // data folder of this service
	svc    *service
	log    *safeBuffer
	chat   *weekChat
	firms  []*weekFirm
	hooks  []*weekHook
	fault  weekFaults
	clean  bool          // no fault has fired in the piece of work that is going on
	lost   []int64       // jobs whose result could not be written
	lostAt time.Duration // when the last of them was lost
	model  *weekModel

	counts   map[string]int
	problems []string
	trace    hash.Hash
}

// weekFirm is a firm with its phone and browser.
type weekFirm struct {
	tenant  feierabend.TenantID
	owner   feierabend.Actor
	email   string
	phone   string
	buyers  []string // names that only this firm's people say
	cookies map[string]string
	agreed  bool
}

// weekTemplate is an empty, migrated database that every week starts from.
func weekTemplate(t *testing.T) string {
	dsn := storetest.SQLite(t)
	st, err := store.Open(t.Context(), storetest.Options(t, dsn, storetest.NewClock()))
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(dsn, "sqlite:")
}

// weekStarts are Mondays on which weeks begin: an ordinary one, both changes of the
// clock in Berlin, the turn of the year, a leap day. All lie ahead of the real time,
// so that a row of the queue without a date of its own is due at once.
var weekStarts = []string{"2041-05-06", "2041-03-25", "2041-10-21", "2041-12-30", "2040-02-27"}

func newWeek(t *testing.T, template string, seed uint64) *week {
	t.Helper()
	w := &week{
		t: t, ctx: context.Background(), seed: seed, random: rand.New(rand.NewPCG(seed, 1)), ids: rand.New(rand.NewPCG(seed, 2)),
		log: &safeBuffer{}, counts: map[string]int{}, trace: sha256.New(),
	}
	day, err := time.Parse(time.DateOnly, weekStarts[w.random.IntN(len(weekStarts))])
	if err != nil {
		t.Fatal(err)
	}
	w.began = day.Add(7 * time.Hour)
	w.chat, w.model = newWeekChat(w), newWeekModel(w)
	w.dir = w.folder()
	b, err := os.ReadFile(template)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.dir, "feierabend.db"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	w.open()
	if _, err := w.svc.store.AcceptClock(w.ctx, feierabend.Actor{Via: feierabend.ViaCLI}); err != nil { // the template is of another year
		t.Fatal(err)
	}
	t.Cleanup(func() { w.svc.store.Close(); os.RemoveAll(w.dir) })
	for n := range 3 {
		w.found(n)
	}
	return w
}

func (w *week) folder() string {
	dir, err := os.MkdirTemp("/dev/shm", "feierabend-week-")
	if err != nil {
		return w.t.TempDir()
	}
	return dir
}

// now is the wall clock of the week.
func (w *week) now() time.Time { return w.began.Add(w.up + w.skew) }

func (w *week) newID() string {
	var b [16]byte
	for i := range b {
		b[i] = byte(w.ids.Uint32())
	}
	return base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding).EncodeToString(b[:])
}

// note adds a line to the trace.
func (w *week) note(format string, args ...any) {
	line := fmt.Sprintf("%s %s", w.now().Format("Mon 15:04:05"), fmt.Sprintf(format, args...))
	io.WriteString(w.trace, line+"\n")
	if *weekTrace {
		fmt.Println(line)
	}
}

func (w *week) traceHash() string { return hex.EncodeToString(w.trace.Sum(nil)) }

// broken notes that a promise was broken.
func (w *week) broken(format string, args ...any) {
	p := w.now().Format("Mon 15:04:05 ") + fmt.Sprintf(format, args...)
	if len(w.problems) < 20 {
		w.problems = append(w.problems, p)
	}
	w.note("BROKEN %s", p)
}

// open starts the service on the folder.
func (w *week) open() {
	quiet := w.fault
	w.fault = weekFaults{} // what fails at a start is another test's (T-02)
	defer func() { w.fault = quiet }()
	keys, err := seal.ParseKeys("1:" + storetest.MasterKey)
	if err != nil {
		w.t.Fatal(err)
	}
	root, err := seal.ParseRoot(storetest.RootKey)
	if err != nil {
		w.t.Fatal(err)
	}
	log := newLog(w.log, false, slog.LevelDebug)
	w.boot, w.sweep = w.up, w.up
	st, err := store.Open(w.ctx, w.storeOptions(keys, root, log))
	if err != nil {
		w.t.Fatalf("seed %d: open store: %v", w.seed, err)
	}
	cfg := config{Mode: "demo", WhatsAppURL: "https://graph.facebook.com", WhatsAppAPI: "v25.0", WhatsAppNumber: weekNumberID, WhatsAppToken: secret.New("t"), WhatsAppSecret: secret.New(weekSecret), Operator: "betrieb@feierabend.example", Data: w.dir, Roles: "web,worker", Tryout: "on"}
	at := surroundings{publicURL: weekURL, number: demoNumber, outside: outside{
		newID: w.newID, chat: w.chat, mail: w.chat, speech: w.chat,
	}}
	if w.svc, err = join(cfg, st, root, at, log); err != nil {
		w.t.Fatal(err)
	}
	// What the service before this one left, as at every start.
	if err := st.Beat(w.ctx, feierabend.Process{ID: w.svc.heart.ID(), Roles: []string{feierabend.ServesWork}, StartedAt: w.now()}); err != nil {
		w.t.Fatal(err)
	}
	if _, err := st.FreeDead(w.ctx, w.svc.heart.ID(), 0); err != nil {
		w.t.Fatal(err)
	}
}

func (w *week) uptime() time.Duration { return w.up - w.boot }

func (w *week) storeOptions(keys *seal.Keyring, root *seal.Root, log *slog.Logger) store.Options {
	return store.Options{
		DSN: "sqlite:" + filepath.Join(w.dir, "feierabend.db"), Keys: keys, Root: root, Now: w.now, Uptime: w.uptime, NewID: w.newID, Log: log, Gate: w.gate,
		Copies: func(channels []string, _ time.Time) []feierabend.ResidualCopy {
			return w.svc.policy.Registry().Copies(channels, w.now())
		},
	}
}

// crash drops the service as it is: a new one starts on what the disk holds.
func (w *week) crash() {
	w.counts["crashes"]++
	w.note("crash")
	image := w.folder()
	for _, name := range []string{"feierabend.db", "feierabend.db-wal"} {
		b, err := os.ReadFile(filepath.Join(w.dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(image, name), b, 0o600)
		}
		if err != nil && !os.IsNotExist(err) {
			w.t.Fatal(err)
		}
	}
	w.svc.store.Close()
	os.RemoveAll(w.dir)
	w.dir = image
	w.fault.dead, w.fault.full, w.lost = false, false, nil
	w.open()
}

// found makes a firm: the second keeps content for two days only, the third has no
// agreement yet.
func (w *week) found(n int) {
	id, err := feierabend.ParseTenantID(w.newID())
	if err != nil {
		w.t.Fatal(err)
	}
	name := []string{"Deichgrün", "Nordlicht", "Hafenkante"}[n]
	f := &weekFirm{
		tenant: id, email: strings.ToLower(fmt.Sprintf("chef%d@week.example", n)), phone: fmt.Sprintf("+49171392001%d%d", n, n),
		cookies: map[string]string{}, buyers: weekBuyers[n], agreed: n < 2,
	}
	user := feierabend.User{ID: feierabend.UserID(w.newID()), Email: f.email, Name: "Chef " + name}
	f.owner = feierabend.Actor{User: user.ID, Role: feierabend.RoleOwner, Via: feierabend.ViaSession}
	days := []int{30, 2, 7}[n]
	st := w.svc.store
	profile := weekProfile(w.t, n)
	for _, err := range []error{
		st.CreateTenant(w.ctx, feierabend.Tenant{ID: id, Name: name, CreatedAt: w.now(), RetentionDays: days, Countdown: 24 * time.Hour}, profile),
		st.AddUser(w.ctx, user),
		st.AddMembership(w.ctx, feierabend.Membership{User: user.ID, Tenant: id, Role: feierabend.RoleOwner}),
		st.AddSenderLink(w.ctx, id, feierabend.SenderLink{ID: feierabend.SenderID(w.newID()), Tenant: id, User: user.ID, Phone: f.phone, LinkedAt: w.now()}),
	} {
		if err != nil {
			w.t.Fatal(err)
		}
	}
	if f.agreed {
		w.agree(f)
	}
	w.firms = append(w.firms, f)
}

// agree concludes the processing agreement of a firm.
func (w *week) agree(f *weekFirm) {
	a := feierabend.ProcessingAgreement{Tenant: f.tenant, Version: "1", Hash: make([]byte, 32), ConcludedAt: w.now(), By: f.owner}
	if err := w.svc.store.ConcludeAgreement(w.ctx, a); err != nil {
		w.note("agreement refused %s", feierabend.CodeOf(err))
		return
	}
	f.agreed = true
}
