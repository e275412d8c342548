package gates_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/storetest"
)

// maxSteps bounds one way to rest: a story takes some dozens.
const maxSteps = 400

// job is a row of the queue.
type job struct {
	id  string
	job feierabend.Job
	due time.Time
}

// settle works off what there is, deliveries of the provider and jobs, the clock
// moving on to the next that waits, until nothing is left. With patience it gives
// up after so many refusals: the fault stays.
func (w *world) settle(patience int) {
	w.t.Helper()
	for range maxSteps {
		w.checkStrike()
		if patience > 0 && w.gate.strikes() >= patience {
			return
		}
		w.collect()
		j, more := w.next()
		if len(w.inbox) > 0 && (!more || !w.inbox[0].due.After(j.due) || !w.inbox[0].due.After(w.clock.Now())) {
			w.reach(w.inbox[0].due)
			w.accept()
			continue
		}
		if !more {
			return
		}
		w.reach(j.due)
		w.work(j)
	}
	w.t.Fatalf("never comes to rest: %d deliveries, jobs %v", len(w.inbox), w.jobs())
}

// reach moves the clock on to a moment.
func (w *world) reach(at time.Time) {
	if d := at.Sub(w.clock.Now()); d > 0 {
		w.clock.Advance(d)
	}
}

// collect waits for everything that the simulator has sent: one delivery for each
// message of a person, three statuses for each of ours.
func (w *world) collect() {
	w.t.Helper()
	want := 0
	for _, p := range phones() {
		for _, b := range w.sim.Chat(p) {
			if want++; b.From == "bot" {
				want += 2
			}
		}
	}
	all, err := w.hook.take(want)
	must(w.t, err)
	for _, d := range all {
		w.inbox = append(w.inbox, waiting{d, w.clock.Now()})
	}
}

// waiting is a delivery that was not accepted yet, and when it comes again.
type waiting struct {
	webhook
	due time.Time
}

// accept takes the first delivery as the webhook's handler does. A refused one
// comes again.
func (w *world) accept() {
	d := w.inbox[0]
	w.inbox = w.inbox[1:]
	if err := w.take(d); err != nil {
		w.noted("webhook", err)
		d.due = w.clock.Now().Add(5 * time.Second)
		w.inbox = append(w.inbox, d)
	}
}

func (w *world) take(d waiting) error {
	ctx := context.Background()
	in, statuses, err := w.chat.Parse(d.header, d.body)
	must(w.t, err)
	if len(in) > 0 {
		if _, err := w.st.Receive(ctx, in); err != nil {
			return err
		}
	}
	if len(statuses) > 0 {
		if err := w.st.ReceiveStatuses(ctx, statuses); err != nil {
			return err
		}
	}
	return w.gate.pass("webhook answer") // lost: the provider sends it again
}

// jobs gives the live jobs, the next one first. Kinds to skip are left out.
func (w *world) jobs() (out []job) {
	w.t.Helper()
	resume := w.gate.pause()
	defer resume()
	for _, r := range w.ask(`SELECT id, kind, json(args), CAST(strftime('%s', scheduled_at) AS INTEGER) FROM river_job WHERE finalized_at IS NULL ORDER BY scheduled_at, id`,
		`SELECT id, kind, args::text, extract(epoch FROM scheduled_at)::bigint FROM river_job WHERE finalized_at IS NULL ORDER BY scheduled_at, id`) {
		j := job{id: r[0]}
		must(w.t, json.Unmarshal([]byte(r[2]), &j.job))
		j.job.K = feierabend.JobKind(r[1])
		if w.skip[j.job.K] {
			continue
		}
		at, err := strconv.ParseInt(r[3], 10, 64)
		must(w.t, err)
		j.due = time.Unix(at, 0)
		if later, known := w.due[j.id]; known {
			j.due = later
		}
		out = append(out, j)
	}
	return out
}

func (w *world) next() (first job, more bool) {
	for _, j := range w.jobs() {
		if !more || j.due.Before(first.due) {
			first, more = j, true
		}
	}
	return first, more
}

// work runs a job as the queue does: done, later, or again with a longer pause.
func (w *world) work(j job) {
	w.t.Helper()
	handle := w.handlers[j.job.K]
	if handle == nil {
		w.t.Fatalf("no handler for %s", j.job.K)
	}
	err := handle(context.Background(), j.job)
	if err == nil {
		err = w.gate.pass("job done") // lost: it runs again
	}
	var snooze *feierabend.SnoozeError
	switch {
	case err == nil:
		resume := w.gate.pause()
		w.do(`DELETE FROM river_job WHERE id = $1`, j.id)
		resume()
		delete(w.due, j.id)
	case errors.As(err, &snooze):
		w.due[j.id] = w.clock.Now().Add(max(snooze.After, time.Millisecond))
	case feierabend.IsPermanent(err):
		w.t.Errorf("%s gave up for ever: %v", j.job.K, err)
		w.do(`DELETE FROM river_job WHERE id = $1`, j.id)
	default:
		w.noted(string(j.job.K), err)
		w.tries[j.id]++
		w.due[j.id] = w.clock.Now().Add(time.Second << min(w.tries[j.id]-1, 12))
	}
}

// noted looks at an error that an injected fault has caused: no content in it, and
// a kind that says „later“, with a sentence for people.
func (w *world) noted(where string, err error) {
	w.t.Helper()
	if w.gate.strikes() == 0 {
		w.t.Errorf("%s fails without a fault: %v", where, err)
	}
	if kind, _, _ := strings.Cut(w.gate.where, " "); kind == "job" || kind == "webhook" {
		return // the test's own
	}
	for _, m := range marks {
		if strings.Contains(err.Error(), m) || strings.Contains(feierabend.TextOf(err), m) {
			w.t.Errorf("%s: content in an error", where)
		}
	}
	if k := feierabend.KindOf(err); k != feierabend.Unavailable {
		w.t.Errorf("%s: %s is %s, not a passing fault: %v", where, w.last(), k, err)
	}
}

// last names the gate that refused last.
func (w *world) last() string {
	w.gate.mu.Lock()
	defer w.gate.mu.Unlock()
	return fmt.Sprintf("refused %q (pass %d, %s)", w.gate.where, w.gate.n, w.gate.mode)
}

// checkStrike checks the whole database after the first refusals.
func (w *world) checkStrike() {
	w.t.Helper()
	n := w.gate.strikes()
	if n == w.struck || n > 2 {
		return
	}
	w.struck = n
	w.whole("after the fault")
}

// whole checks the database past the gate.
func (w *world) whole(when string) {
	w.t.Helper()
	resume := w.gate.pause()
	defer resume()
	for _, f := range storetest.Broken(w.t, w.st) {
		w.t.Errorf("%s, %s: %s", when, w.last(), f)
	}
}

// ask runs a query on the service's own connections.
func (w *world) ask(sqlite, postgres string, args ...any) (out [][]string) {
	w.t.Helper()
	if w.st.SQL() != nil {
		return storetest.Query(w.t, w.st, sqlite, args...)
	}
	rows, err := w.st.Pool().Query(context.Background(), postgres, args...)
	must(w.t, err)
	defer rows.Close()
	for rows.Next() {
		values, err := rows.Values()
		must(w.t, err)
		line := make([]string, len(values))
		for i, v := range values {
			line[i] = fmt.Sprint(v)
		}
		out = append(out, line)
	}
	must(w.t, rows.Err())
	return out
}

func (w *world) do(text string, args ...any) {
	w.t.Helper()
	if w.st.SQL() != nil {
		storetest.Exec(w.t, w.st, text, args...)
		return
	}
	for i, a := range args { // ids come as text
		if n, err := strconv.ParseInt(fmt.Sprint(a), 10, 64); err == nil {
			args[i] = n
		}
	}
	_, err := w.st.Pool().Exec(context.Background(), text, args...)
	must(w.t, err)
}
