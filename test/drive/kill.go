package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"time"
)

// killing is a run of the kill loop: a world, what the people did in it, and what
// was seen of it that must never change again.
type killing struct {
	*world
	engine   string
	random   *rand.Rand
	voices   int             // notes to be spoken, the rest is typed
	notes    map[string]bool // wamid of each dictated note
	pressed  map[string]bool // payload of each pressed button
	presses  map[string]string
	receipts map[string]bool // tenant and case of every erasure that was ever seen
}

// killLoop kills the service with SIGKILL at random moments while notes come in,
// are approved, issued, confirmed and erased, and checks what T-01 asks for:
// nothing acknowledged lost, nothing doubled, nothing told twice, nothing erased
// back again, every erasure proved. A seed of 0 is a new one.
func killLoop(bin, engine string, cycles, voices int, seed uint64) error {
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	begin := time.Now()
	w, err := newWorldOn(bin, engine)
	if err != nil {
		return err
	}
	defer w.close()
	k := &killing{
		world: w, engine: engine, random: rand.New(rand.NewPCG(seed, 1)), voices: min(voices, len(spoken)),
		notes: map[string]bool{}, pressed: map[string]bool{}, presses: map[string]string{}, receipts: map[string]bool{},
	}
	for cycle := range cycles {
		if err := k.cycle(cycle); err != nil {
			return fmt.Errorf("%s, seed %d, cycle %d: %w", engine, seed, cycle+1, err)
		}
	}
	if err := k.end(); err != nil {
		return fmt.Errorf("%s, seed %d: %w\nservice said: %s", engine, seed, err, w.service.said())
	}
	fmt.Printf("kill: %s cycles=%d violations=0 notes=%d documents=%d erased=%d seconds=%d seed=%d\n",
		engine, cycles, len(k.notes), k.count2("issue"), len(k.receipts), int(time.Since(begin).Seconds()), seed)
	return nil
}

// cycle lets people act, kills at a random moment and starts again.
func (k *killing) cycle(n int) error {
	// Five minutes of the phone's clock: a phone takes only so many messages a minute.
	if err := k.post("/sim/v1/clock", url.Values{"skip": {"5m"}}, nil); err != nil {
		return err
	}
	if err := k.post("/sim/v1/faults", k.faults(), nil); err != nil {
		return err
	}
	for range 1 + k.random.IntN(4) {
		if err := k.act(); err != nil {
			return err
		}
	}
	time.Sleep(time.Duration(k.random.IntN(500)) * time.Millisecond)
	k.service.kill()
	if k.random.IntN(8) == 0 { // on its way up, too
		if err := k.startAndKill(time.Duration(k.random.IntN(120)) * time.Millisecond); err != nil {
			return err
		}
	}
	if err := k.start(); err != nil {
		return fmt.Errorf("restart: %w", err)
	}
	if n%10 != 9 {
		return nil
	}
	// On PostgreSQL the jobs of a dead process are taken over after its heartbeat has
	// stopped for 20 s; without a pause no case would ever come to its end.
	if k.engine == "postgres" {
		if err := until("everything answered", 3*time.Minute, k.patiently(k.atRest)); err != nil {
			return err
		}
	}
	return k.nothingResurrected()
}

// faults are on for a cycle: deliveries twice or out of order, an answer lost.
func (k *killing) faults() url.Values {
	v := url.Values{}
	for name, odds := range map[string]int{"duplicate": 4, "reorder": 4, "lost_answer": 12} {
		if k.random.IntN(odds) == 0 {
			v.Set(name, "1")
		}
	}
	return v
}

// act is one thing that a person does: a new note, or a tap on a button that
// waits. Buttons come first, so that cases reach their end.
func (k *killing) act() error {
	phone := hauke
	if k.random.IntN(2) == 1 {
		phone = inken
	}
	var id struct{ ID string }
	button, err := k.waiting(phone)
	switch {
	case err != nil:
		return err
	case button != "" && k.random.IntN(6) > 0:
		if err := k.post("/sim/v1/press", url.Values{"phone": {phone}, "button": {button}}, &id); err != nil {
			return err
		}
		k.pressed[button], k.presses[id.ID] = true, button
	case k.voices > 0 && k.random.IntN(3) == 0:
		k.voices--
		if err := k.post("/sim/v1/voice?"+url.Values{"phone": {phone}, "note": {spoken[k.voices]}}.Encode(), nil, &id); err != nil {
			return err
		}
		k.notes[id.ID] = true
	default:
		if err := k.post("/sim/v1/text", url.Values{"phone": {phone}, "text": {dictation(k.random, len(k.notes))}}, &id); err != nil {
			return err
		}
		k.notes[id.ID] = true
	}
	return nil
}

// waiting gives a button of the story that nobody has pressed, or "".
func (k *killing) waiting(phone string) (string, error) {
	bubbles, err := k.chat(phone)
	if err != nil {
		return "", err
	}
	var open []string
	for _, b := range bubbles {
		for _, o := range b.Buttons {
			if story[act(o.ID)] && b.From == "bot" && !k.pressed[o.ID] {
				open = append(open, o.ID)
			}
		}
	}
	if len(open) == 0 {
		return "", nil
	}
	return open[k.random.IntN(len(open))], nil
}

// story are the acts of the buttons that lead to the end of a case.
var story = map[string]bool{"approve": true, "issue": true, "saved": true}

// spoken are shipped notes that each name a buyer of their own: the same note twice
// would rightly be taken as an addition to the first.
var spoken = []string{"dach-05.ogg", "maler-04.ogg", "schluessel-01.ogg", "elektro-05.ogg", "galabau-03.ogg", "tischler-01.ogg", "fliesen-02.ogg", "reinigung-05.ogg"}

// buyer is the name in the n-th dictation.
func buyer(n int) string {
	first := []string{"Ahrens", "Brandt", "Carstens", "Detlefsen", "Ehlers", "Frahm", "Gosch", "Harder", "Iversen", "Jessen"}
	last := []string{"mann", "sen", "kamp", "hof", "berg", "feld", "horst", "bek", "dorf", "wald", "stedt", "brook"}
	return first[n%len(first)] + last[n/len(first)%len(last)]
}

// dictation makes a text of its own for each note: another buyer, another street.
func dictation(r *rand.Rand, n int) string {
	return fmt.Sprintf("Rechnung für Frau %s, Lindenweg %d, 25524 Itzehoe. Heute %d Stunden gearbeitet und Anfahrt.", buyer(n), 1+n%200, 1+r.IntN(8))
}

// number reads a figure of the command line.
func number(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is no number", s)
	}
	return n, nil
}
