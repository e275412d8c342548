package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// outage is a world whose database fails while messages come in. What the service
// answers 503 is delivered again, as Meta does.
type outage struct {
	*world
	settings
	random *rand.Rand
	sent   int // acknowledged with 200
	codes  map[int]int
}

// cluster turns the cluster of FEIERABEND_PG_NOTE off and on.
func cluster(act string) error {
	out, err := exec.Command("test/pg.sh", act).CombinedOutput()
	if err != nil {
		return fmt.Errorf("pg.sh %s: %w: %s", act, err, out)
	}
	return nil
}

// outages goes through the faults of PostgreSQL, one service for all but the first.
func outages(bin string) error {
	w, err := newWorldOn(bin, "postgres")
	if err != nil {
		return err
	}
	defer w.close()
	o := &outage{world: w, random: rand.New(rand.NewPCG(1, 1)), codes: map[int]int{}}
	if err := w.get("/sim/v1/settings", &o.settings); err != nil {
		return err
	}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"away at start", o.awayAtStart},
		{"gone in the middle", o.goneInTheMiddle},
		{"connections killed", o.connectionsKilled},
		{"read-only", o.readOnly},
		{"disk full", o.fullDisk},
	} {
		if err := step.do(); err != nil {
			return fmt.Errorf("postgresql %s: %w\nservice said: %s", step.name, err, o.service.said())
		}
	}
	return o.nothingLost()
}

// deliverNote delivers one note until it is acknowledged.
func (o *outage) deliverNote() error {
	body := textWebhook(o.settings, hauke, fmt.Sprintf("wamid.OUTAGE%d", o.sent), dictation(o.random, o.sent))
	return until("a note acknowledged", 60*time.Second, func() (bool, error) {
		code, err := o.deliver(body, sign(o.AppSecret, body))
		if err != nil { // nobody is ever turned away without an answer
			return false, err
		}
		o.codes[code]++
		if code != http.StatusOK && code != http.StatusServiceUnavailable {
			return false, fmt.Errorf("answer %d", code)
		}
		if code == http.StatusOK {
			o.sent++
		}
		return code == http.StatusOK, nil
	})
}

// refused checks that a note is answered 503 now, with the code in the log.
func (o *outage) refused(code string) error {
	body := textWebhook(o.settings, hauke, fmt.Sprintf("wamid.OUTAGE%d", o.sent), dictation(o.random, o.sent))
	return until("503 for "+code, 30*time.Second, func() (bool, error) {
		answer, err := o.deliver(body, sign(o.AppSecret, body))
		o.codes[answer]++
		if answer == http.StatusOK { // the database had not failed yet; this one is in
			o.sent++
			body = textWebhook(o.settings, hauke, fmt.Sprintf("wamid.OUTAGE%d", o.sent), dictation(o.random, o.sent))
		}
		return answer == http.StatusServiceUnavailable && strings.Contains(o.service.said(), code), err
	})
}

func (o *outage) healthz(want int) error {
	return until(fmt.Sprintf("/healthz %d", want), 30*time.Second, func() (bool, error) {
		res, err := http.Get(o.pages + "/healthz")
		if err != nil {
			return false, err
		}
		res.Body.Close()
		return res.StatusCode == want, nil
	})
}

// awayAtStart: a bounded wait ends with a sentence, a longer one with a service.
func (o *outage) awayAtStart() error {
	o.service.kill()
	if err := cluster("down"); err != nil {
		return err
	}
	cmd := exec.Command(o.bin, "serve", "--demo", "--quiet")
	cmd.Env = append(append(surroundings(), o.env()...), "FEIERABEND_DATABASE_WAIT=1s")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "Die Datenbank ist nicht erreichbar") {
		return fmt.Errorf("exit %v: %s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	fmt.Printf("outage: postgresql away at start, 1 s: %s\n", lines[len(lines)-1])
	began, up := time.Now(), make(chan error, 1)
	go func() {
		time.Sleep(2 * time.Second)
		up <- cluster("up")
	}()
	if err := o.start(); err != nil {
		return err
	}
	if err := <-up; err != nil {
		return err
	}
	if !strings.Contains(o.service.said(), "waiting for the database") {
		return fmt.Errorf("nothing said about waiting")
	}
	fmt.Printf("outage: postgresql away at start, then back after 2 s: ready after %.1f s\n", time.Since(began).Seconds())
	return o.deliverNote()
}

func (o *outage) goneInTheMiddle() error {
	if err := o.deliverNote(); err != nil {
		return err
	}
	if err := cluster("down"); err != nil {
		return err
	}
	if err := o.refused("database_down"); err != nil {
		return err
	}
	if err := o.healthz(http.StatusServiceUnavailable); err != nil {
		return err
	}
	if err := cluster("up"); err != nil {
		return err
	}
	began := time.Now()
	if err := o.deliverNote(); err != nil {
		return err
	}
	fmt.Printf("outage: postgresql stopped hard and started: 503 database_down, /healthz 503, next note 200 after %.1f s\n", time.Since(began).Seconds())
	return o.healthz(http.StatusOK)
}

// connectionsKilled kills every connection of the service again and again.
func (o *outage) connectionsKilled() error {
	db, err := sql.Open(o.db.driver, o.db.address)
	if err != nil {
		return err
	}
	defer db.Close()
	killed := 0
	for range 10 {
		var n int
		if err := db.QueryRow(`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`).Scan(&n); err != nil {
			return err
		}
		killed += n
		if err := o.deliverNote(); err != nil {
			return err
		}
	}
	fmt.Printf("outage: %d connections of the service killed while 10 notes came in: all acknowledged\n", killed)
	return nil
}

func (o *outage) readOnly() error {
	if err := o.admin(`ALTER SYSTEM SET default_transaction_read_only = on`, `SELECT pg_reload_conf()`); err != nil {
		return err
	}
	err := o.refused("read_only")
	if e := o.admin(`BEGIN READ WRITE`, `COMMIT`, `ALTER SYSTEM RESET default_transaction_read_only`, `SELECT pg_reload_conf()`); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	fmt.Println("outage: postgresql read-only: 503 read_only, then goes on")
	return o.deliverNote()
}

// admin runs statements as the owner of the cluster, on one connection.
func (o *outage) admin(texts ...string) error {
	db, err := sql.Open("pgx", os.Getenv("FEIERABEND_TEST_PG"))
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(context.Background())
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, q := range texts {
		if _, err := conn.ExecContext(context.Background(), q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

// fullDisk moves the database to a small file system of its own and fills that up.
func (o *outage) fullDisk() error {
	dir := os.Getenv("DRIVE_SMALL_PG")
	if dir == "" {
		return fmt.Errorf("DRIVE_SMALL_PG names no small file system that PostgreSQL may write")
	}
	var name string
	if rows, err := o.query(`SELECT current_database()`); err != nil {
		return err
	} else {
		name = rows[0]
	}
	o.service.kill()
	if err := o.admin(`CREATE TABLESPACE small LOCATION '`+dir+`'`, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '`+name+`'`, `ALTER DATABASE `+name+` SET TABLESPACE small`); err != nil {
		return err
	}
	if err := o.start(); err != nil {
		return err
	}
	if err := fill(filepath.Join(dir, "filler")); err != nil {
		return err
	}
	if err := o.refused("disk_full"); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(dir, "filler")); err != nil {
		return err
	}
	fmt.Println("outage: postgresql disk full: 503 disk_full, then goes on")
	return o.deliverNote()
}

// fill writes a file until there is no space left.
func fill(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for block := make([]byte, 64<<10); len(block) > 0; {
		if _, err := f.Write(block); err != nil {
			block = block[:len(block)/2]
		}
	}
	return nil
}

// nothingLost waits until all work is done and counts.
func (o *outage) nothingLost() error {
	if err := until("all notes done", 90*time.Second, func() (bool, error) {
		n, err := o.count(`SELECT count(*) FROM draft WHERE version = 1`)
		return n >= o.sent, err
	}); err != nil {
		return err
	}
	for what, text := range map[string]string{
		"notes": `SELECT count(*) FROM message WHERE kind = 'text'`, "cases": `SELECT count(*) FROM cases`, "first drafts": `SELECT count(*) FROM draft WHERE version = 1`,
	} {
		if n, err := o.count(text); err != nil || n != o.sent {
			return fmt.Errorf("%d %s, want %d (%v)\nservice said: %s", n, what, o.sent, err, o.service.said())
		}
	}
	fmt.Printf("outage: %d notes acknowledged, %d answers 503: each one message and one draft\n", o.sent, o.codes[http.StatusServiceUnavailable])
	return nil
}
