package store_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestPowerLoss records the writes and syncs of a process that lives (T-04), makes
// disks as a power cut at any moment could leave them, and opens each: it opens, it is
// whole, what was acknowledged is there, what was erased stays erased, where a
// receipt is signed its key is in no byte, and a pending proof comes to its end.
// FEIERABEND_LONG=1 makes 20,000 disks, FEIERABEND_POWER another number, and
// FEIERABEND_SEED makes the same choices.
func TestPowerLoss(t *testing.T) {
	count, seed := 500, uint64(time.Now().UnixNano())
	if raceOn {
		count = 40
	}
	if os.Getenv("FEIERABEND_LONG") != "" {
		count = 20_000
	}
	if s := os.Getenv("FEIERABEND_POWER"); s != "" {
		count = number(t, s)
	}
	if s := os.Getenv("FEIERABEND_SEED"); s != "" {
		seed = uint64(number(t, s))
	}
	if os.Getenv("FEIERABEND_LONG") != "" {
		t.Logf("long: %d", count)
	}
	begin := time.Now()
	ops := record(t)
	t.Logf("FEIERABEND_SEED=%d: %d calls recorded in %s", seed, len(ops), time.Since(begin).Round(time.Millisecond))
	random := rand.New(rand.NewPCG(seed, 4))
	moments := make([]int, count)
	for i := range moments {
		moments[i] = moment(random, ops, i%8)
	}
	slices.Sort(moments)
	type image struct {
		moment int
		files  map[string][]byte
	}
	images := make(chan image)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range images {
				if found := examine(t, i.files, ops[:i.moment], ops); len(found) > 0 {
					t.Errorf("seed %d, moment %d of %d:\n%s", seed, i.moment, len(ops), strings.Join(found, "\n"))
				}
			}
		})
	}
	d := &disk{sure: map[string][]byte{}}
	for _, m := range moments {
		d.advance(ops, m)
		images <- image{m, d.cut(random)}
		if t.Failed() {
			break
		}
	}
	close(images)
	workers.Wait()
	must(t, os.MkdirAll("../../out/ci", 0o755))
	must(t, os.WriteFile("../../out/ci/power.txt", fmt.Appendf(nil, "%d\n", count), 0o644))
	t.Logf("%d disks after a power cut, %s", count, time.Since(begin).Round(time.Second))
}

// moment picks when the power goes: at any call, or, so that short stretches between
// two syncs are not missed, in any stretch, or in one in which the log is zeroed.
func moment(random *rand.Rand, ops []op, turn int) int {
	if turn%2 == 0 {
		return random.IntN(len(ops) + 1)
	}
	var all, zeroing [][2]int
	from, large := 0, false
	for n, o := range ops {
		large = large || len(o.data) > 16<<10
		if o.kind != opSync {
			continue
		}
		if all = append(all, [2]int{from, n}); large {
			zeroing = append(zeroing, all[len(all)-1])
		}
		from, large = n+1, false
	}
	if turn == 1 || turn == 3 {
		all = zeroing
	}
	s := all[random.IntN(len(all))]
	return s[0] + random.IntN(s[1]-s[0]+1)
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	must(t, err)
	return n
}

// record runs the child under strace and reads what it did.
func record(t *testing.T) []op {
	t.Helper()
	dir := t.TempDir()
	trace := filepath.Join(t.TempDir(), "trace")
	data, err := filepath.EvalSymlinks(dir)
	must(t, err)
	cmd := exec.Command("strace", "-f", "-y", "-xx", "-s", "4194304", "-e", "trace="+tracedCalls, "-o", trace, os.Args[0], "-test.run", "^TestPowerChild$")
	cmd.Env = append(os.Environ(), "FEIERABEND_POWER_DIR="+data)
	if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("ack end")) {
		t.Fatalf("strace (Debian's package) is needed and must be allowed to trace: %v\n%.2000s", err, out)
	}
	f, err := os.Open(trace)
	must(t, err)
	defer f.Close()
	ops, err := readTrace(f, data)
	must(t, err)
	kinds := map[opKind]int{}
	for _, o := range ops {
		kinds[o.kind]++
	}
	if kinds[opWrite] < 1000 || kinds[opSync] < 50 || kinds[opTruncate] < 3 || kinds[opAck] < 50 {
		t.Fatalf("the trace shows too little: %v", kinds)
	}
	return ops
}

// promises are the acknowledgements of a stretch of the trace: kind → lines.
func promises(ops []op) map[string][][]string {
	out := map[string][][]string{}
	for _, o := range ops {
		if o.kind == opAck {
			f := strings.Fields(o.ack)
			out[f[0]] = append(out[f[0]], f[1:])
		}
	}
	return out
}

// examine opens a disk and says what is wrong with it.
func examine(t *testing.T, files map[string][]byte, before, all []op) (found []string) {
	bad := func(form string, args ...any) { found = append(found, fmt.Sprintf(form, args...)) }
	dir, err := os.MkdirTemp("/dev/shm", "feierabend-power-")
	if err != nil {
		dir, err = os.MkdirTemp("", "feierabend-power-")
	}
	must(t, err)
	defer os.RemoveAll(dir)
	must(t, write(dir, files))
	ctx := context.Background()
	st, err := store.Open(ctx, storetest.Options(t, "sqlite:"+filepath.Join(dir, "feierabend.db"), storetest.NewClock()))
	if err != nil {
		return []string{fmt.Sprintf("does not open: %v", err)}
	}
	defer st.Close()
	if ok := ask(t, st, `PRAGMA integrity_check`); ok[0][0] != "ok" {
		bad("integrity: %v", ok[0][0])
	}
	for _, f := range storetest.Broken(t, st) {
		bad("broken: %s", f)
	}
	found = append(found, kept(t, st, promises(before))...)
	keys := promises(all)["key"]
	for _, r := range ask(t, st, `SELECT case_id FROM receipt WHERE verification = 'verified'`) {
		for _, k := range keys {
			if k[0] == r[0] && holds(files, k[1]) {
				bad("the key of case %s is on the disk, its receipt is signed", k[0])
			}
		}
	}
	if _, err := st.ScrubAndVerify(ctx); err != nil {
		bad("the proof does not go on: %v", err)
	}
	if n := ask(t, st, `SELECT count(*) FROM receipt WHERE verification <> 'verified'`); n[0][0] != "0" {
		bad("%s receipts without a proof", n[0][0])
	}
	return found
}

// kept compares with what was acknowledged before the cut.
func kept(t *testing.T, st *store.Store, acks map[string][][]string) (found []string) {
	have := func(text string) map[string]bool {
		out := map[string]bool{}
		for _, r := range ask(t, st, text) {
			out[r[0]] = true
		}
		return out
	}
	erased := have(`SELECT case_id FROM receipt`)
	of := map[string]string{} // message → case
	for _, m := range acks["message"] {
		if len(m) > 1 {
			of[m[0]] = m[1]
		}
	}
	need := func(kind, text string) {
		there := have(text)
		for _, a := range acks[kind] {
			if !there[a[0]] && !erased[a[0]] && !erased[of[a[0]]] {
				found = append(found, fmt.Sprintf("acknowledged %s %s is lost", kind, a[0]))
			}
		}
	}
	need("firm", `SELECT id FROM tenant`)
	need("message", `SELECT id FROM message`)
	need("audio", `SELECT id FROM message WHERE audio_complete`)
	need("transcript", `SELECT message_id FROM transcript`)
	need("draft", `SELECT case_id FROM draft`)
	need("document", `SELECT case_id FROM document`)
	need("erased", `SELECT case_id FROM receipt`)
	live := have(`SELECT id FROM cases`)
	for _, a := range acks["erased"] {
		if live[a[0]] {
			found = append(found, "erased case "+a[0]+" lives again")
		}
	}
	proved := have(`SELECT case_id FROM receipt WHERE verification = 'verified' AND signature IS NOT NULL`)
	for _, a := range acks["proved"] {
		if !proved[a[0]] {
			found = append(found, "acknowledged proof of "+a[0]+" is lost")
		}
	}
	return found
}

// holds says whether any part of a wrapped key stands in the files.
func holds(files map[string][]byte, digits string) bool {
	key, err := hex.DecodeString(digits)
	if err != nil {
		return true
	}
	for _, b := range files {
		for at := 0; at+20 <= len(key); at += 20 {
			if bytes.Contains(b, key[at:at+20]) {
				return true
			}
		}
	}
	return false
}
