package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clocked is a world whose service was built with the tag shiftclock: its clock, and
// that of its database, are set by a file.
type clocked struct {
	*world
	set      settings
	random   *rand.Rand
	file     string
	internal string
	ahead    time.Duration // of the service's clock
	notes    []string      // the buyers of the notes that were accepted, in order
	reader   *visitor
}

const (
	fortyDays = 40 * 24 * time.Hour
	// Words of the sentences that people read.
	saidAhead, saidBehind = "weit vorgesprungen", "geht nach"
	doctorDoubts          = "Der Uhr wird nicht geglaubt"
	pageDoubts            = "Die Uhr unseres Dienstes geht falsch"
)

// clockJumps sets the clock forty days ahead amid the work and before a start, and to
// 1970: nothing is erased that is not due, nothing over-age is read, everybody is told
// in clear words, and it goes on by itself or by doctor --accept-clock.
func clockJumps(bin, engine string) error {
	begin := time.Now()
	c, err := newClocked(bin, engine)
	if err != nil {
		return err
	}
	defer c.close()
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"right", c.right},
		{"ahead amid the work", c.aheadAmid},
		{"right again", c.rightAgain},
		{"ahead at start", c.aheadAtStart},
		{"accepted", c.accepted},
		{"1970 amid the work", c.behindAmid},
		{"1970 at start", c.behindAtStart},
		{"right at last", c.rightAtLast},
	} {
		if err := step.do(); err != nil {
			return fmt.Errorf("%s, clock %s: %w\nservice said: %s", engine, step.name, err, c.service.said())
		}
	}
	fmt.Printf("clock: %s: %d notes; 40 days ahead amid and at start: 0 erased before doctor --accept-clock, none read, 503; 1970 amid and at start: 0 erased, notes accepted; %d seconds\n",
		engine, len(c.notes), int(time.Since(begin).Seconds()))
	return nil
}

func newClocked(bin, engine string) (*clocked, error) {
	dir, err := os.MkdirTemp("", "feierabend-drive-")
	if err != nil {
		return nil, err
	}
	w := &world{bin: bin, dir: dir, db: onSQLite(dir)}
	if engine == "postgres" {
		if w.db, err = onPostgres(); err != nil {
			return nil, err
		}
	}
	c := &clocked{world: w, random: rand.New(rand.NewPCG(6, 1)), file: filepath.Join(dir, "shift")}
	if c.internal, err = freeAddressFrom(29000 + os.Getpid()%2000); err != nil {
		return nil, err
	}
	w.db.env = append(w.db.env, "SHIFTCLOCK="+c.file, "FEIERABEND_INTERNAL_LISTEN="+c.internal, "FEIERABEND_MASTER_KEYS=1:"+freshKey(), "FEIERABEND_ROOT_KEY="+freshKey())
	if _, err = open(w); err != nil {
		return nil, err
	}
	return c, c.get("/sim/v1/settings", &c.set)
}

// shift makes the clocks of machine and database wrong from now on.
func (c *clocked) shift(machine, database time.Duration) error {
	c.ahead = machine
	return os.WriteFile(c.file, []byte(machine.String()+" "+database.String()), 0o600)
}

// restart kills the service, sets the clocks and starts it.
func (c *clocked) restart(machine, database time.Duration) error {
	c.service.kill()
	if err := c.shift(machine, database); err != nil {
		return err
	}
	return c.start()
}

// right is the beginning: three notes become drafts that can be read.
func (c *clocked) right() (err error) {
	for range 3 {
		if err := c.note(0); err != nil {
			return err
		}
	}
	if c.reader, err = c.signIn(hauke); err != nil {
		return err
	}
	return errors.Join(c.drafted(), c.swept(""), c.expect("green", ""), c.readable(3), c.erased(0))
}

func (c *clocked) aheadAmid() error {
	if err := c.shift(fortyDays, fortyDays); err != nil {
		return err
	}
	return c.doubted()
}

// doubted is how it is while the clock is not believed.
func (c *clocked) doubted() error {
	if code, err := c.deliverNote("wamid.REFUSED", 0); err != nil || code != http.StatusServiceUnavailable {
		return errors.Join(err, fmt.Errorf("a note was answered %d, want 503", code))
	}
	err := errors.Join(c.swept("clock_jump"), c.expect("red", "clock_jump"), c.readable(0), c.erased(0), c.doctorSays(doctorDoubts))
	body, perr := c.reader.page("/", nil)
	if perr == nil && !strings.Contains(body, pageDoubts) {
		perr = errors.New("the page does not say that the clock is wrong")
	}
	return errors.Join(err, perr)
}

func (c *clocked) rightAgain() error {
	if err := c.shift(0, 0); err != nil {
		return err
	}
	if err := c.note(0); err != nil { // by itself
		return err
	}
	return errors.Join(c.drafted(), c.swept(""), c.expect("green", ""), c.readable(4), c.erased(0))
}

func (c *clocked) aheadAtStart() error {
	if err := c.restart(fortyDays, fortyDays); err != nil {
		return err
	}
	if err := until("sentence in the log", 5*time.Second, func() (bool, error) { return strings.Contains(c.service.said(), saidAhead), nil }); err != nil {
		return err
	}
	return c.doubted()
}

// accepted: the operator says that the clock is right, so that the notes are over-age.
func (c *clocked) accepted() error {
	out, err := c.command("doctor", "--accept-clock")
	if out := string(out); !strings.Contains(out, "Die Uhr gilt: "+time.Now().Add(fortyDays).Format("02.01.2006")) || strings.Contains(out, doctorDoubts) {
		return errors.Join(err, fmt.Errorf("doctor --accept-clock says: %s", out))
	}
	if err := errors.Join(c.readable(0), c.swept(""), c.expect("green", ""), c.erased(4)); err != nil {
		return err
	}
	if err := c.note(fortyDays); err != nil {
		return err
	}
	if c.reader, err = c.signIn(hauke); err != nil { // the session is over-age too
		return err
	}
	return errors.Join(c.drafted(), c.readable(1))
}

func (c *clocked) behindAmid() error {
	if err := c.shift(-time.Since(time.Unix(86400, 0)), fortyDays); err != nil {
		return err
	}
	return c.behind(2)
}

func (c *clocked) behindAtStart() error {
	if err := c.restart(-time.Since(time.Unix(86400, 0)), fortyDays); err != nil {
		return err
	}
	if err := until("sentence in the log", 5*time.Second, func() (bool, error) { return strings.Contains(c.service.said(), saidBehind), nil }); err != nil {
		return err
	}
	return c.behind(3)
}

// behind is how it is with a clock in 1970: work goes on from the highest time seen,
// nothing is due before and nothing lives longer.
func (c *clocked) behind(notes int) error {
	if err := c.note(fortyDays); err != nil {
		return err
	}
	if err := errors.Join(c.drafted(), c.swept(""), c.expect("yellow", "clock_behind"), c.readable(notes), c.erased(4)); err != nil {
		return err
	}
	from, to := time.Now().Add(fortyDays+28*24*time.Hour).UnixMicro(), time.Now().Add(fortyDays+30*24*time.Hour).UnixMicro()
	n, err := c.count(`SELECT count(*) FROM cases WHERE expires_at BETWEEN $1 AND $2`, from, to)
	if err == nil && n != notes {
		err = fmt.Errorf("%d of %d cases end when they must", n, notes)
	}
	return err
}

func (c *clocked) rightAtLast() error {
	if err := c.shift(fortyDays, fortyDays); err != nil {
		return err
	}
	return errors.Join(c.note(fortyDays), c.drafted(), c.swept(""), c.expect("green", ""), c.readable(4), c.erased(4))
}

// deliverNote delivers a dictation that the provider dates as told.
func (c *clocked) deliverNote(id string, ahead time.Duration) (int, error) {
	text := dictation(c.random, len(c.notes))
	body := messageWebhook(c.set, hauke, map[string]any{
		"id": id, "type": "text", "text": map[string]string{"body": text}, "timestamp": strconv.FormatInt(time.Now().Add(ahead).Unix(), 10),
	})
	return c.deliver(body, sign(c.set.AppSecret, body))
}

// note is a dictation that must be accepted.
func (c *clocked) note(ahead time.Duration) error {
	code, err := c.deliverNote(fmt.Sprint("wamid.CLOCK", len(c.notes)), ahead)
	if err != nil || code != http.StatusOK {
		return errors.Join(err, fmt.Errorf("a note was answered %d", code))
	}
	c.notes = append(c.notes, buyer(len(c.notes)))
	return nil
}

func (c *clocked) drafted() error {
	return until("every note drafted", 20*time.Second, func() (bool, error) {
		n, err := c.count(`SELECT (SELECT count(*) FROM draft WHERE version = 1) + (SELECT count(*) FROM receipt)`)
		return n == len(c.notes), err
	})
}
