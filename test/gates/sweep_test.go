package gates_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/storetest"
)

// patience is how many refusals a fault that stays may cause before it is mended.
const patience = 5

// run makes one pass through a flow with the nth gate refusing; 0 = none. It gives
// the gates that were passed until the fault was mended, and whether it struck.
func (w *world) run(f flow, n int, m mode, fa fault) (passed []string, struck bool) {
	w.t.Helper()
	w.begin(f)
	w.patience = 0
	if m == onward && n > 0 {
		w.patience = patience
	}
	w.gate.arm(n, m, fa.at)
	w.leave(f.skip)
	w.struck = 0
	todo := f.act != nil
	for range 4 {
		if todo {
			if err := f.act(w); err != nil {
				w.noted(f.name, err)
				if m == onward && n > 0 {
					break
				}
				continue
			}
			todo = false
		}
		break
	}
	if !w.down {
		w.settle(w.patience)
	}
	passed, strikes := w.gate.lift()
	w.finish(f, todo, n%3 == 1 && m == onward)
	return passed, strikes > 0
}

// begin brings the world to the state before the flow.
func (w *world) begin(f flow) {
	w.t.Helper()
	w.gate.lift()
	w.clock.Advance(time.Hour)
	w.begun, w.done, w.aim, w.cookie, w.mails = len(w.sim.Chat(hauke)), false, "", "", len(w.sim.Mails())
	w.people.fresh(w)
	all, err := w.st.Receipts(context.Background(), w.firm.Tenant.ID)
	must(w.t, err)
	w.receipts = len(all)
	w.issued = w.numbers()
	if f.prepare != nil {
		f.prepare(w)
	}
}

// finish mends the world: what was begun comes to its end by itself, at times after
// a restart; a person repeats what did not work. Then everything is checked.
func (w *world) finish(f flow, todo, restart bool) {
	w.t.Helper()
	if restart && !w.down {
		must(w.t, w.st.Close())
		w.open()
	}
	for i := 0; todo && i < 3; i++ {
		w.patience = 0
		if err := f.act(w); err == nil {
			todo = false
		} else if i == 2 {
			w.t.Errorf("%s, %s: does not go on: %v", f.name, w.last(), err)
		}
	}
	w.leave(nil)
	for _, k := range []feierabend.JobKind{feierabend.JobScrub, feierabend.JobRewrite} {
		w.skip[k] = slices.Contains(f.skip, k)
	}
	w.settle(0)
	f.end(w)
	w.whole(f.name + " in the end")
	w.clean()
}

// clean throws away what the flow left; scrubs are coalesced, as they cost time.
func (w *world) clean() {
	w.t.Helper()
	ctx := context.Background()
	all, err := w.st.Cases(ctx, w.firm.Tenant.ID)
	must(w.t, err)
	for _, c := range all {
		_, err := w.st.Erase(ctx, w.firm.Tenant.ID, c.ID, feierabend.EraseDiscarded, w.firm.Owner)
		must(w.t, err)
	}
	w.leave(later())
	if w.rounds++; w.rounds%15 == 0 {
		w.leave(nil)
	}
	w.settle(0)
	w.leave(nil)
}

// numbers is how many numbers were given out.
func (w *world) numbers() int {
	number, err := w.st.PeekNumber(context.Background(), w.firm.Tenant.ID, "RE-2026")
	must(w.t, err)
	n, err := strconv.Atoi(strings.TrimPrefix(number, "RE-2026-"))
	must(w.t, err)
	return n - 1
}

// TestGates sweeps all flows on all engines. The short tier takes every kth gate,
// others with each seed, once or from there on, with one of the faults. The long
// tier (FEIERABEND_LONG=1) counts up until a pass remains untouched, each once and
// from there on; on SQLite with every fault. FEIERABEND_SEED repeats a run.
func TestGates(t *testing.T) {
	seed, long := seedOf(t), os.Getenv("FEIERABEND_LONG") != ""
	least := floor(t)
	var lines []string
	total := 0
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			for _, f := range flows {
				t.Run(f.name, func(t *testing.T) {
					w := newWorld(t, e)
					w.run(f, 0, once, fault{}) // statements come to be prepared
					passed, _ := w.run(f, 0, once, fault{})
					name := e.Name + " " + f.name
					if len(passed) < least[name] {
						t.Errorf("%d gates, there were %d: a flow lost some; where that is right, lower test/gates/gates.txt", len(passed), least[name])
					}
					s := sweep{w: w, f: f, gates: len(passed), faults: faults(t, e.Name), random: rand.New(rand.NewPCG(seed, uint64(len(passed))))}
					if long {
						s.all(e.Name == "sqlite")
					} else {
						k := every[e.Name]
						if f.name == "restore" || !slices.Contains(f.skip, feierabend.JobScrub) { // each of its runs scrubs, or fills a database
							k *= 3
						}
						s.some(min(k, len(passed)))
					}
					for _, m := range marks {
						if strings.Contains(w.log.String(), m) {
							t.Errorf("content in the log")
						}
					}
					total += s.runs
					lines = append(lines, fmt.Sprintf("%s: %d gates, %d runs", name, len(passed), s.runs))
				})
			}
		})
	}
	if long {
		t.Logf("long: %d", total)
	}
	report(t, lines)
}

// every is k of the short tier: a run takes 30 ms on SQLite, and ten times that on
// PostgreSQL, whose scrub goes through the whole cluster.
var every = map[string]int{"sqlite": 8 * slow, "postgres": 32 * slow}

// sweep goes through the gates of one flow.
type sweep struct {
	w      *world
	f      flow
	gates  int
	faults []fault
	random *rand.Rand
	runs   int
}

// some takes every kth gate.
func (s *sweep) some(k int) {
	for n := 1 + s.random.IntN(k); n <= s.gates && !s.w.t.Failed(); n += k {
		if !s.try(n, mode(s.random.IntN(2)), s.faults[s.random.IntN(len(s.faults))]) {
			s.w.t.Errorf("gate %d of %d was not reached", n, s.gates)
		}
	}
}

// all counts up until a pass remains untouched.
func (s *sweep) all(everyFault bool) {
	for n := 1; !s.w.t.Failed(); n++ {
		faults := s.faults
		if !everyFault {
			faults = faults[s.random.IntN(len(faults)):][:1]
		}
		struck := false
		for _, f := range faults {
			struck = s.try(n, once, f) || struck
			struck = s.try(n, onward, f) || struck
		}
		if !struck {
			return
		}
	}
}

func (s *sweep) try(n int, m mode, f fault) (struck bool) {
	s.runs++
	_, struck = s.w.run(s.f, n, m, f)
	if s.w.t.Failed() {
		s.w.t.Logf("%s: gate %d of %d, %s, fault %q", s.f.name, n, s.gates, m, f.name)
	}
	return struck
}

// floor reads the committed numbers of gates: they may only grow.
func floor(t *testing.T) map[string]int {
	t.Helper()
	b, err := os.ReadFile("gates.txt")
	must(t, err)
	out := map[string]int{}
	for line := range strings.Lines(string(b)) {
		name, count, ok := strings.Cut(strings.TrimSpace(line), ": ")
		n, err := strconv.Atoi(count)
		if !ok || err != nil {
			t.Fatalf("gates.txt: %q", line)
		}
		out[name] = n
	}
	if len(out) != 2*len(flows) {
		t.Errorf("gates.txt has %d lines for %d flows on two engines", len(out), len(flows))
	}
	return out
}

// report prints the numbers and leaves them for the summary of `make test`.
func report(t *testing.T, lines []string) {
	t.Helper()
	text := strings.Join(lines, "\n") + "\n"
	t.Log("\n" + text)
	must(t, os.MkdirAll("../../out/ci", 0o755))
	must(t, os.WriteFile("../../out/ci/gates.txt", []byte(text), 0o644))
}

func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("FEIERABEND_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		must(t, err)
		seed = n
	}
	t.Logf("FEIERABEND_SEED=%d", seed)
	return seed
}
