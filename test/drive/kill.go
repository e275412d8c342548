package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
	acted    map[string]bool // callbacks of the bubbles whose button was pressed
	answered map[string]int  // questions that were answered, by case
	seats    map[string]*visitor
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
		acted: map[string]bool{}, answered: map[string]int{}, seats: map[string]*visitor{},
	}
	for _, phone := range []string{hauke, inken} {
		if k.seats[phone], err = w.signIn(phone); err != nil {
			return err
		}
	}
	for cycle := range cycles {
		if err := k.cycle(cycle); err != nil {
			return fmt.Errorf("%s, seed %d, cycle %d: %w", engine, seed, cycle+1, err)
		}
	}
	if err := k.end(); err != nil {
		return fmt.Errorf("%s, seed %d: %w\nservice said: %s", engine, seed, err, w.service.said())
	}
	fmt.Printf("kill: %s cycles=%d violations=0 notes=%d answers=%d documents=%d erased=%d seconds=%d seed=%d\n",
		engine, cycles, len(k.notes), k.count2("answer"), k.count2("issue"), len(k.receipts), int(time.Since(begin).Seconds()), seed)
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

// act is one thing that a person does: a new note, or what a button that waits asks
// for. Buttons come first, and whoever has begun much waits a little for them, so that
// cases reach their end.
func (k *killing) act() error {
	phone := hauke
	if k.random.IntN(2) == 1 {
		phone = inken
	}
	begun, patience := len(k.notes)-k.count2("issue"), time.Duration(0)
	if begun >= 3 {
		patience = 500 * time.Millisecond
	}
	b, err := k.awaited(phone, patience)
	var id struct{ ID string }
	switch {
	case err != nil:
		return err
	case b.payload != "" && (begun >= 3 || k.random.IntN(6) > 0):
		return k.follow(phone, b)
	case begun >= 8: // the service has enough to do
		return nil
	case k.voices > 0 && k.random.IntN(3) == 0:
		k.voices--
		if err := k.post("/sim/v1/voice?"+url.Values{"phone": {phone}, "note": {spoken[k.voices]}}.Encode(), nil, &id); err != nil {
			return err
		}
	default:
		text := dictation(k.random, len(k.notes))
		if k.random.IntN(4) == 0 { // the day will be asked for
			text = strings.Replace(text, "Heute ", "", 1)
		}
		if err := k.post("/sim/v1/text", url.Values{"phone": {phone}, "text": {text}}, &id); err != nil {
			return err
		}
	}
	k.notes[id.ID] = true
	return nil
}

// tap is a button that waits.
type tap struct{ payload, bubble string }

// follow presses a button. What is to be confirmed is often downloaded first, and
// sometimes confirmed on the page.
func (k *killing) follow(phone string, b tap) error {
	of := strings.Split(b.payload, ":")[1]
	way := 0
	if act(b.payload) == "saved" {
		way = k.random.IntN(3)
	}
	if way > 0 {
		if err := k.seats[phone].download(of); err != nil {
			return err
		}
	}
	k.pressed[b.payload], k.acted[b.bubble] = true, true
	if act(b.payload) == "answer" {
		k.answered[of]++
	}
	if way == 2 {
		_, err := k.seats[phone].page("/v/"+of+"/gespeichert", url.Values{})
		return err
	}
	var id struct{ ID string }
	err := k.post("/sim/v1/press", url.Values{"phone": {phone}, "button": {b.payload}}, &id)
	k.presses[id.ID] = b.payload
	return err
}

// awaited gives a button of the story that nobody has pressed, one of the newest
// message of its case; an empty one where none comes within the time.
func (k *killing) awaited(phone string, patience time.Duration) (tap, error) {
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		bubbles, err := k.chat(phone)
		if err != nil {
			return tap{}, err
		}
		newest := map[string][]tap{} // by case
		for _, b := range bubbles {
			var own []tap
			of := ""
			for _, o := range b.Buttons {
				of = strings.Split(o.ID+":", ":")[1]
				if story[act(o.ID)] && b.From == "bot" && !k.acted[b.Callback] {
					own = append(own, tap{o.ID, b.Callback})
				}
			}
			if of != "" {
				newest[of] = own
			}
		}
		var open []tap
		for _, own := range newest {
			open = append(open, own...)
		}
		if len(open) > 0 {
			slices.SortFunc(open, func(a, b tap) int { return strings.Compare(a.payload, b.payload) })
			return open[k.random.IntN(len(open))], nil
		}
		if time.Now().After(end) {
			return tap{}, nil
		}
	}
}

// story are the acts of the buttons that lead to the end of a case.
var story = map[string]bool{"answer": true, "approve": true, "issue": true, "saved": true}

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
