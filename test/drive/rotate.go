package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// rotateUnderLoad replaces the master key as docs/keys.md says while notes come in, and
// searches every file for the rows that the old one wrapped: there before, nowhere
// after. The old key opens nothing any more, and every note ends in a draft.
func rotateUnderLoad(bin, engine string) error {
	w, err := newWorldOn(bin, engine)
	if err != nil {
		return err
	}
	defer w.close()
	l := &load{w: w, random: rand.New(rand.NewPCG(4, 7))}
	if err := w.get("/sim/v1/settings", &l.s); err != nil {
		return err
	}
	if err := l.send(40); err != nil {
		return err
	}
	old, last, first, err := w.addedKey()
	if err != nil {
		return err
	}
	for _, keys := range []string{last, first} { // the two roll-outs
		if err := w.restartWith(keys); err != nil {
			return err
		}
	}
	wrapped, err := w.query(`SELECT wrapped FROM content_key WHERE master_id = 1`)
	if err != nil || len(wrapped) < 40 {
		return errors.Join(err, fmt.Errorf("%d rows under the old key", len(wrapped)))
	}
	before, files, _, err := w.filesWith(wrapped)
	if err != nil || before == 0 {
		return errors.Join(err, fmt.Errorf("%d of %d old rows found in %d files before: the search proves nothing", before, len(wrapped), files))
	}
	stop := l.goOn()
	out, err := w.command("key", "rotate", "--json")
	if lerr := stop(); err != nil || lerr != nil {
		return errors.Join(err, lerr)
	}
	var r struct{ Keys, Searched, Hits int }
	if err := json.Unmarshal(out, &r); err != nil {
		return fmt.Errorf("%s: %w", out, err)
	}
	after, files, size, err := w.filesWith(wrapped)
	if err != nil || after != 0 || r.Hits != 0 || r.Searched < r.Keys {
		return errors.Join(err, fmt.Errorf("%d of %d old rows are still in the files; %+v", after, len(wrapped), r))
	}
	if err := l.drafted(); err != nil {
		return err
	}
	if err := w.onlyNewOpens(old); err != nil {
		return err
	}
	if err := l.send(1); err != nil {
		return err
	}
	if err := l.drafted(); err != nil {
		return err
	}
	fmt.Printf("rotate %s: %d keys wrapped anew while %d of %d notes came in, all drafted; old rows in the files: %d of %d before, 0 in %d files (%d KB) after; the old key opens nothing\n",
		engine, r.Keys, l.during, l.sent, before, len(wrapped), files, size>>10)
	return nil
}

// load sends dictations, each of another buyer.
type load struct {
	w            *world
	s            settings
	random       *rand.Rand
	sent, during int
}

func (l *load) send(n int) error {
	for range n {
		phone := []string{hauke, inken}[l.sent%2]
		body := textWebhook(l.s, phone, fmt.Sprintf("wamid.ROTATE%d", l.sent), dictation(l.random, l.sent))
		code, err := l.w.deliver(body, sign(l.s.AppSecret, body))
		if err != nil || code != http.StatusOK {
			return errors.Join(err, fmt.Errorf("note %d answered %d", l.sent, code))
		}
		l.sent++
	}
	return nil
}

// goOn sends until it is stopped, fifty more at most.
func (l *load) goOn() (stop func() error) {
	done, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		for range 50 {
			select {
			case <-done:
				ended <- nil
				return
			case <-time.After(20 * time.Millisecond):
			}
			if err := l.send(1); err != nil {
				ended <- err
				return
			}
			l.during++
		}
		ended <- nil
	}()
	return func() error { close(done); return <-ended }
}

func (l *load) drafted() error {
	return until("all notes drafted", 90*time.Second, func() (bool, error) {
		n, err := l.w.count(`SELECT count(*) FROM message WHERE state = 'done' AND reason = 'drafted'`)
		if err == nil && n != l.sent {
			err = fmt.Errorf("%d of %d", n, l.sent)
		}
		return err == nil, err
	})
}

// addedKey asks for a new master key beside that of the running demo.
func (w *world) addedKey() (old, last, first string, err error) {
	b, err := os.ReadFile(filepath.Join(w.dir, "data", "demo-keys.json"))
	if err != nil {
		return "", "", "", err
	}
	var k struct{ Master, Root string }
	if err := json.Unmarshal(b, &k); err != nil {
		return "", "", "", err
	}
	w.db.env = append(w.db.env, "FEIERABEND_ROOT_KEY="+k.Root, "FEIERABEND_MASTER_KEYS="+k.Master)
	out, err := w.command("key", "add")
	if err != nil {
		return "", "", "", err
	}
	m := regexp.MustCompile(`(?m)^FEIERABEND_MASTER_KEYS=(.*)$`).FindAllStringSubmatch(string(out), -1)
	if len(m) != 2 {
		return "", "", "", fmt.Errorf("key add printed %d settings", len(m))
	}
	return k.Master, m[0][1], m[1][1], nil
}

// stop asks a program to end, and waits: a killed one counts as living for a while.
func (p *process) stop() {
	if p != nil && p.cmd.Process != nil {
		p.cmd.Process.Signal(syscall.SIGTERM)
		p.cmd.Wait()
	}
}

// restartWith ends the service and starts it with other master keys.
func (w *world) restartWith(keys string) error {
	w.service.stop()
	w.db.env[len(w.db.env)-1] = "FEIERABEND_MASTER_KEYS=" + keys
	return w.start()
}

// command runs a subcommand with the settings of the service.
func (w *world) command(args ...string) ([]byte, error) {
	cmd := exec.Command(w.bin, args...)
	cmd.Env = append(surroundings(), w.env()...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, said.String())
	}
	return out, err
}

// onlyNewOpens drops the old key: the service starts without it, and not with it alone.
func (w *world) onlyNewOpens(old string) error {
	out, err := w.command("key", "drop", "1")
	if err != nil {
		return err
	}
	m := regexp.MustCompile(`(?m)^FEIERABEND_MASTER_KEYS=(.*)$`).FindSubmatch(out)
	if m == nil {
		return fmt.Errorf("key drop printed no setting")
	}
	if err := w.restartWith(old); err == nil || !strings.Contains(err.Error(), "Hauptschlüssel Nummer 2") {
		return fmt.Errorf("started with the old key alone: %v", err)
	}
	w.db.env[len(w.db.env)-1] = "FEIERABEND_MASTER_KEYS=" + string(m[1])
	return w.start()
}

// filesWith counts, by a search of its own, how many of the values are in the files of
// the database: the data folder, or the whole cluster of PostgreSQL.
func (w *world) filesWith(values []string) (found, files int, size int64, err error) {
	dir := filepath.Join(w.dir, "data")
	if w.db.driver == "pgx" {
		is, err := w.query(`SELECT current_setting('data_directory')`)
		if err != nil {
			return 0, 0, 0, err
		}
		dir = is[0]
	}
	heads, seen := map[uint64][]string{}, map[string]bool{}
	for _, v := range values {
		h := binary.LittleEndian.Uint64([]byte(v))
		heads[h] = append(heads[h], v)
	}
	look := func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		files, size = files+1, size+int64(len(b))
		for i := 0; i+8 <= len(b); i++ {
			for _, v := range heads[binary.LittleEndian.Uint64(b[i:])] {
				if bytes.HasPrefix(b[i:], []byte(v)) {
					seen[v] = true
				}
			}
		}
		return err
	}
	if err = filepath.WalkDir(dir, look); err != nil || w.db.driver != "pgx" {
		return len(seen), files, size, err
	}
	wal, err := filepath.EvalSymlinks(filepath.Join(dir, "pg_wal"))
	if err == nil && filepath.Dir(wal) != dir { // the log may lie elsewhere, behind a link
		err = filepath.WalkDir(wal, look)
	}
	return len(seen), files, size, err
}
