package gates_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
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
	if f.act != nil && len(f.skip) > 0 && f.name != "sign in" { // the phone speaks before the gates begin
		w.chatFirst(f)
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

// chatFirst lets the phone send; on a page nothing happens here.
func (w *world) chatFirst(f flow) {}

// begin brings the world to the state before the flow.
func (w *world) begin(f flow) {
	w.t.Helper()
	w.gate.lift()
	w.clock.Advance(time.Hour)
	w.begun, w.done, w.aim, w.cookie = len(w.sim.Chat(hauke)), false, "", ""
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
	if len(f.skip) > 0 {
		w.skip[feierabend.JobScrub] = true
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
	if w.rounds++; w.rounds%10 == 0 {
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
// another subset with each seed; FEIERABEND_LONG=1 takes all, with every fault.
func TestGates(t *testing.T) {
	seed := seedOf(t)
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			for _, f := range flows {
				t.Run(f.name, func(t *testing.T) {
					begin := time.Now()
					w := newWorld(t, e)
					w.run(f, 0, once, fault{}) // statements come to be prepared
					passed, _ := w.run(f, 0, once, fault{})
					tried := w.sweep(f, len(passed), faults(t, e.Name), seed)
					for _, m := range marks {
						if strings.Contains(w.log.String(), m) {
							t.Errorf("content in the log")
						}
					}
					fmt.Printf("%s %s: %d gates, %d runs, %s each\n", e.Name, f.name, len(passed), tried, (time.Since(begin) / time.Duration(tried+2)).Round(time.Millisecond))
				})
			}
		})
	}
}

func (w *world) sweep(f flow, gates int, all []fault, seed uint64) (tried int) {
	w.t.Helper()
	step := 12
	random := rand.New(rand.NewPCG(seed, uint64(gates)))
	for n := 1 + random.IntN(step); n <= gates; n += step {
		m := mode(random.IntN(2))
		if _, struck := w.run(f, n, m, all[random.IntN(len(all))]); !struck {
			w.t.Errorf("%s: gate %d of %d was not reached", f.name, n, gates)
		}
		tried++
		if w.t.Failed() {
			return tried
		}
	}
	return tried
}

func seedOf(t *testing.T) uint64 {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("FEIERABEND_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		must(t, err)
		seed = n
	}
	t.Logf("FEIERABEND_SEED=%d", seed)
	return seed
}
