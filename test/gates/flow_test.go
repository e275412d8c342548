package gates_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/signin"
	"feierabend/internal/simulator"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// flow is one thing that the product does, from a state that is made untouched.
type flow struct {
	name    string
	prepare func(*world)
	// act is what a person does on a page; it is repeated until it succeeds. nil =
	// the provider and the queue do everything.
	act func(*world) error
	// skip names the jobs that are left for later, behind the gates.
	skip []feierabend.JobKind
	// end checks the result after all has come to rest.
	end func(*world)
}

// flows are all of them.
var flows = slices.Concat(story, numbers, customers, entries, keeping)

// story is that of a note; later ones begin where earlier ones end.
var story = []flow{
	{name: "receive", prepare: speak, skip: later(feierabend.JobFetch), end: drafted(1)},
	{name: "fetch and transcribe", prepare: after(speak, later(feierabend.JobFetch)), skip: later(feierabend.JobDraft), end: drafted(1)},
	{name: "draft", prepare: after(speak, later(feierabend.JobDraft)), skip: later(feierabend.JobSend), end: drafted(1)},
	{name: "send", prepare: after(speak, later(feierabend.JobSend)), skip: later(), end: drafted(1)},
	{name: "join", prepare: after(speak, later()), act: say("Doch zwei Stunden Arbeit."), skip: later(), end: drafted(2)},
	{name: "command", act: say("Hilfe"), skip: later(), end: replied},
	{name: "answer", prepare: after(speak, later()), act: press("Heute"), skip: later(), end: drafted(2)},
	{name: "issue", prepare: ready, act: press("Ausstellen"), skip: later(), end: issued},
	{name: "issue typed", prepare: ready, act: say("Ausstellen"), skip: later(), end: issued},
	{name: "issue on the page", prepare: ready, act: issueOnPage, skip: later(), end: issued},
	{name: "download", prepare: issuedBefore, act: download, skip: later(), end: downloaded},
	{name: "hold", prepare: arrived, act: press("Noch nicht"), skip: later(), end: held},
	{name: "confirm", prepare: arrived, act: press("Gespeichert"), skip: unhurried, end: erased(feierabend.EraseConfirmed)},
	{name: "confirm on the page", prepare: arrived, act: confirm, skip: unhurried, end: erased(feierabend.EraseConfirmed)},
	{name: "discard", prepare: after(speak, later()), act: discard, skip: unhurried, end: erased(feierabend.EraseDiscarded)},
	{name: "countdown", prepare: countdownOver, skip: unhurried, end: erased(feierabend.EraseCountedDown)},
	{name: "expiry", prepare: timeOver, end: erased(feierabend.EraseExpired)},
	{name: "sign in", act: signIn, skip: later(), end: signedIn},
	{name: "rotate keys", prepare: otherMaster, act: rotate, skip: later(), end: rotated},
	{name: "backup", prepare: issuedBefore, act: backup, skip: later(), end: backedUp},
	{name: "start", prepare: stopped, act: startAgain, skip: unhurried, end: erased(feierabend.EraseDiscarded)},
}

// order is that of the jobs of a note; scrubbing comes with the erasures only.
var order = []feierabend.JobKind{feierabend.JobFetch, feierabend.JobTranscribe, feierabend.JobDraft, feierabend.JobSend}

// unhurried is left out of all erasures but one: PostgreSQL rewrites its tables after
// an hour.
var unhurried = []feierabend.JobKind{feierabend.JobRewrite}

// later names a job and all that follow it, and the scrub.
func later(from ...feierabend.JobKind) []feierabend.JobKind {
	out := []feierabend.JobKind{feierabend.JobScrub, feierabend.JobRewrite}
	if len(from) > 0 {
		out = append(out, order[slices.Index(order, from[0]):]...)
	}
	return out
}

// after prepares and works off all but some jobs.
func after(prepare func(*world), skip []feierabend.JobKind) func(*world) {
	return func(w *world) {
		prepare(w)
		w.rest(skip)
	}
}

// rest settles everything but some kinds of jobs.
func (w *world) rest(skip []feierabend.JobKind) {
	w.t.Helper()
	w.leave(skip)
	w.settle(0)
	w.leave(nil)
}

func (w *world) leave(skip []feierabend.JobKind) {
	clear(w.skip)
	for _, k := range skip {
		w.skip[k] = true
	}
}

// silence is a recording of twelve seconds: two chunks.
func silence() []byte {
	const rate, seconds = 16000, 12
	var b bytes.Buffer
	b.WriteString("RIFF")
	binary.Write(&b, binary.LittleEndian, uint32(36+rate*seconds*2))
	b.WriteString("WAVEfmt ")
	binary.Write(&b, binary.LittleEndian, struct {
		Size            uint32
		Format, Mono    uint16
		Rate, PerSecond uint32
		Block, Bits     uint16
	}{16, 1, 1, rate, rate * 2, 2, 16})
	b.WriteString("data")
	binary.Write(&b, binary.LittleEndian, uint32(rate*seconds*2))
	b.Write(make([]byte, rate*seconds*2))
	return b.Bytes()
}

func speak(w *world) {
	_, err := w.sim.SendVoice(hauke, "note", silence())
	must(w.t, err)
}

// say and press are done once, before the first gate: the phone is not ours.
func say(text string) func(*world) error {
	return func(w *world) error {
		if w.done {
			return nil
		}
		w.done = true
		_, err := w.sim.SendText(hauke, text)
		must(w.t, err)
		return nil
	}
}

func press(title string) func(*world) error {
	return func(w *world) error {
		if w.done {
			return nil
		}
		w.done = true
		_, err := w.sim.Press(hauke, title)
		must(w.t, err)
		return nil
	}
}

// ready brings a note to a draft without questions.
func ready(w *world) {
	speak(w)
	w.rest(later())
	for _, title := range []string{"Heute", "Passt so"} {
		must(w.t, press(title)(w))
		w.rest(later())
		w.done = false
	}
}

// issuedBefore leaves the document on the page: its arrival was not noted yet.
func issuedBefore(w *world) {
	ready(w)
	must(w.t, press("Ausstellen")(w))
	w.rest(append(later(), feierabend.JobForget))
	w.done = false
}

// arrived has the document on the phone and the countdown running.
func arrived(w *world) {
	ready(w)
	must(w.t, press("Ausstellen")(w))
	w.rest(later())
	w.done = false
}

// countdownOver and timeOver move the end of a case to now: the clock that sweeps
// believe must not jump.
func countdownOver(w *world) { over(w, `erase_at = $1`) }
func timeOver(w *world)      { over(w, `expires_at = $1, erase_at = 0`) }

func over(w *world, set string) {
	arrived(w)
	storetest.Exec(w.t, w.st, `UPDATE cases SET `+set+` WHERE sender_id = $2`, w.clock.Now().UnixMicro(), string(w.firm.Sender.ID))
	must(w.t, w.st.Enqueue(context.Background(), feierabend.Job{K: feierabend.JobSweep}))
}

// kase is the one case of the firm.
func (w *world) kase() feierabend.Case {
	w.t.Helper()
	all, err := w.st.Cases(context.Background(), w.firm.Tenant.ID)
	must(w.t, err)
	if len(all) != 1 {
		w.t.Fatalf("%d cases, %s", len(all), w.last())
	}
	return all[0]
}

func issueOnPage(w *world) error {
	resume := w.gate.pause()
	c := w.kase()
	resume()
	_, err := w.invoicing.Issue(context.Background(), w.firm.Owner, w.firm.Tenant.ID, c.ID, c.Version)
	return err
}

func download(w *world) error {
	resume := w.gate.pause()
	d, err := w.st.CaseDocument(context.Background(), w.firm.Tenant.ID, w.kase().ID)
	must(w.t, err)
	resume()
	for _, ext := range []string{".xml", ".pdf"} {
		if err := w.delivery.Download(context.Background(), w.firm.Owner, w.firm.Tenant.ID, d.ID, d.Number+ext); err != nil {
			return err
		}
	}
	return nil
}

func confirm(w *world) error { return w.erase(w.erasure.Confirm) }
func discard(w *world) error { return w.erase(w.erasure.Discard) }

func (w *world) erase(how func(context.Context, feierabend.Actor, feierabend.TenantID, feierabend.CaseID) (feierabend.ErasureReceipt, error)) error {
	if w.aim == "" {
		resume := w.gate.pause()
		w.aim = w.kase().ID
		resume()
	}
	_, err := how(context.Background(), w.firm.Owner, w.firm.Tenant.ID, w.aim)
	return err
}

var linkToken = regexp.MustCompile(`link\?t=([A-Za-z0-9_-]{43})`)

// signIn asks for a mail, waits for it and opens its link. A link that was used up
// by a lost answer is asked for anew, as people do.
func signIn(w *world) error {
	ctx, bind := context.Background(), signin.Hash("browser")
	if !w.done {
		w.mails = len(w.sim.Mails())
		if err := w.signin.Request(ctx, w.firm.User.Email, feierabend.Asking{BindHash: bind, Browser: "Firefox"}); err != nil {
			return err
		}
		w.done = true
	}
	w.settle(w.patience)
	all := w.sim.Mails()
	if len(all) == w.mails {
		return errNoMail
	}
	token := linkToken.FindStringSubmatch(all[0].Text)[1]
	cookie, _, err := w.signin.Redeem(ctx, token, bind, false, "")
	if feierabend.KindOf(err) == feierabend.Unauthorized {
		w.done = false
		w.clock.Advance(time.Hour) // three mails in a quarter of an hour
		return errNoMail
	}
	w.cookie = cookie
	return err
}

// errNoMail says that a mail must come first.
var errNoMail = &feierabend.Error{Kind: feierabend.Unavailable, Code: "no_mail", Text: "x"}

// otherMaster opens the service with another current master key than the case has.
func otherMaster(w *world) {
	speak(w)
	w.rest(later())
	must(w.t, w.st.Close())
	w.keys[0], w.keys[1] = w.keys[1], w.keys[0]
	w.open()
}

func rotate(w *world) error {
	_, err := w.st.RotateKeys(context.Background(), nil)
	return err
}

// rotated wants the case readable, under the current master key alone.
func rotated(w *world) {
	drafted(1)(w)
	id, _, _ := strings.Cut(w.keys[0], ":")
	if n := storetest.Query(w.t, w.st, `SELECT count(*) FROM content_key WHERE master_id <> `+id)[0][0]; n != "0" {
		w.t.Errorf("%s: %s keys are wrapped by the old master", w.last(), n)
	}
	if n := storetest.Query(w.t, w.st, `SELECT count(*) FROM rotated_key`)[0][0]; n != "0" {
		w.t.Errorf("%s: %s old forms wait for their proof", w.last(), n)
	}
}

// backup takes a new name for each try, as an operator does.
func backup(w *world) error {
	_, err := w.st.Backup(context.Background(), filepath.Join(w.backups, feierabend.NewID()+".db"))
	return err
}

// backedUp wants one backup that can be read, and no half one.
func backedUp(w *world) {
	issued(w)
	all, err := os.ReadDir(w.backups)
	must(w.t, err)
	if len(all) != 1 {
		w.t.Errorf("%s: %d files", w.last(), len(all))
	}
	for _, f := range all {
		path := filepath.Join(w.backups, f.Name())
		if _, err := store.ReadBackup(context.Background(), path); err != nil {
			w.t.Errorf("%s: %v", w.last(), err)
		}
		must(w.t, os.Remove(path))
	}
}

// stopped has an erasure without its proof, and the service is down.
func stopped(w *world) {
	speak(w)
	w.rest(later())
	must(w.t, discard(w))
	must(w.t, w.st.Close())
	w.down = true
}

func startAgain(w *world) error {
	if !w.down {
		return nil
	}
	st, err := store.Open(context.Background(), w.options())
	if err != nil {
		return err
	}
	w.down = false
	w.join(st)
	return nil
}

// replied wants one answer to each message since the flow began, and no message of
// ours twice.
func replied(w *world) {
	w.t.Helper()
	bubbles := w.sim.Chat(hauke)
	answers, sent := map[string]int{}, map[string]int{}
	for _, b := range bubbles {
		if b.From != "bot" {
			continue
		}
		sent[b.Callback]++
		if b.ReplyTo != "" {
			answers[b.ReplyTo]++
		}
	}
	for _, b := range bubbles[w.begun:] {
		switch {
		case b.From == "bot" && sent[b.Callback] != 1:
			w.t.Errorf("%s: a message was sent %d times", w.last(), sent[b.Callback])
		case b.From == "bot" && b.State == simulator.StateFailed:
			w.t.Errorf("%s: a message failed", w.last())
		case b.From == "me" && answers[b.Wamid] != 1:
			w.t.Errorf("%s: %d answers to a message", w.last(), answers[b.Wamid])
		}
	}
	if n := storetest.Query(w.t, w.st, `SELECT count(*) FROM message WHERE state <> 'done'`)[0][0]; n != "0" {
		w.t.Errorf("%s: %s messages are not done", w.last(), n)
	}
}

// drafted wants the case with so many versions.
func drafted(version int) func(*world) {
	return func(w *world) {
		replied(w)
		if c := w.kase(); c.Version != version {
			w.t.Errorf("%s: version %d, want %d", w.last(), c.Version, version)
		}
	}
}

// issued wants one document with the next number, on the page and once on the phone.
func issued(w *world) {
	replied(w)
	d, err := w.st.CaseDocument(context.Background(), w.firm.Tenant.ID, w.kase().ID)
	must(w.t, err)
	next, err := w.st.PeekNumber(context.Background(), w.firm.Tenant.ID, series(d.Number))
	must(w.t, err)
	if want := series(d.Number).Number(w.issued + 1); d.Number != want || next != series(d.Number).Number(w.issued+2) {
		w.t.Errorf("%s: number %s, then %s; want %s", w.last(), d.Number, next, want)
	}
	files := 0
	for _, b := range w.sim.Chat(hauke)[w.begun:] {
		if b.Document != nil {
			files++
		}
	}
	if files != 1 {
		w.t.Errorf("%s: %d documents on the phone", w.last(), files)
	}
}

func series(number string) feierabend.Series { return feierabend.Series(number[:7]) }

func downloaded(w *world) {
	issued(w)
	if c := w.kase(); c.State != feierabend.CaseDownloaded || c.EraseAt.IsZero() {
		w.t.Errorf("%s: case %s, countdown %v", w.last(), c.State, c.EraseAt)
	}
}

func held(w *world) {
	issued(w)
	if c := w.kase(); !c.EraseAt.IsZero() {
		w.t.Errorf("%s: the countdown runs on", w.last())
	}
}

// erased wants the case gone, with one receipt that is proved.
func erased(why feierabend.EraseReason) func(*world) {
	return func(w *world) {
		if why != feierabend.EraseExpired {
			replied(w)
		}
		ctx, firm := context.Background(), w.firm.Tenant.ID
		if all, err := w.st.Cases(ctx, firm); err != nil || len(all) != 0 {
			w.t.Errorf("%s: %d cases live, %v", w.last(), len(all), err)
		}
		all, err := w.st.Receipts(ctx, firm)
		must(w.t, err)
		if len(all) != w.receipts+1 || all[0].Reason != why || all[0].Verification != feierabend.VerifyVerified {
			w.t.Errorf("%s: %d new receipts, the last %s, %s, %s", w.last(), len(all)-w.receipts, all[0].Reason, all[0].Verification, all[0].Method)
		}
	}
}

func signedIn(w *world) {
	if _, err := w.signin.Session(context.Background(), w.cookie); err != nil {
		w.t.Errorf("%s: no session: %v", w.last(), err)
	}
}
