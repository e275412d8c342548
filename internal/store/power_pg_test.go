package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"feierabend"
	"feierabend/internal/storetest"
)

// TestPostgresStopsDead: a PostgreSQL that is stopped in the midst of its work, as a
// power cut would, three times, with fsync on: its own log brings back everything
// that was acknowledged (decision 0021). The store that stays open goes on by itself.
func TestPostgresStopsDead(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	c := ownCluster(t)
	t.Setenv(storetest.Env, c.dsn)
	ctx := context.Background()
	st := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
	a, _ := storetest.Seed(t, st)
	for round := range 3 {
		var acknowledged sync.Map
		var n atomic.Int32
		stop, enough := make(chan struct{}), make(chan struct{})
		var senders sync.WaitGroup
		for s := range 8 {
			senders.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
					}
					out, err := st.Receive(ctx, []feierabend.Inbound{a.Inbound(fmt.Sprint("wamid.", round, ".", s, ".", i), "Moin")})
					if err != nil {
						continue
					}
					acknowledged.Store(string(out[0].Message), true)
					if n.Add(1) == 200 {
						close(enough)
					}
				}
			})
		}
		<-enough
		c.restart(t)
		close(stop)
		senders.Wait()
		st.Pool().Reset() // idle ones from before the restart fail once each, until one second has passed
		there := map[string]bool{}
		for _, r := range storetest.Query(t, st, `SELECT id FROM message`) {
			there[r[0]] = true
		}
		acknowledged.Range(func(id, _ any) bool {
			if !there[id.(string)] {
				t.Errorf("round %d: acknowledged message lost", round)
			}
			return true
		})
		storetest.Whole(t, st)
		t.Logf("round %d: %d acknowledged", round, n.Load())
	}
}

// cluster is a PostgreSQL of the test's own.
type cluster struct{ script, note, dsn, bin, data string }

func ownCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{note: filepath.Join(t.TempDir(), "note")}
	var err error
	c.script, err = filepath.Abs("../../test/pg.sh")
	must(t, err)
	c.run(t, "start")
	t.Cleanup(func() { c.run(t, "stop") })
	c.dsn, c.bin = c.run(t, "dsn"), c.run(t, "bin")
	folder, err := os.ReadFile(c.note)
	must(t, err)
	c.data = strings.TrimSpace(string(folder)) + "/data"
	return c
}

func (c *cluster) run(t *testing.T, what string) string {
	t.Helper()
	cmd := exec.Command(c.script, what)
	cmd.Env = append(os.Environ(), "FEIERABEND_PG_NOTE="+c.note, "FEIERABEND_PG_FSYNC=on")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pg.sh %s: %v\n%s", what, err, errs.String())
	}
	return strings.TrimSpace(string(out))
}

// restart stops the cluster without a checkpoint and starts it again.
func (c *cluster) restart(t *testing.T) {
	t.Helper()
	args := []string{c.bin + "/pg_ctl", "-D", c.data, "-m", "immediate", "-w", "-l", c.data + "/server.log", "restart"}
	if os.Geteuid() == 0 {
		args = append([]string{"runuser", "-u", "postgres", "--"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = "/"
	if err := cmd.Run(); err != nil { // its output would be the server's, which goes on
		t.Fatalf("restart: %v", err)
	}
}
