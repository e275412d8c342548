package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"time"
)

// killLoop kills the service at random moments while notes come in, and checks
// afterwards that each acknowledged note ended in exactly one draft and each
// outbox row in at most one chat message.
func killLoop(bin string, cycles int) error {
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	fmt.Printf("kill: seed %d\n", seed)
	w, err := newWorld(bin)
	if err != nil {
		return err
	}
	defer w.close()
	sent := map[string]string{} // wamid → phone
	voices := 0
	for cycle := range cycles {
		for range 1 + random.IntN(4) {
			phone := hauke
			if random.IntN(2) == 1 {
				phone = inken
			}
			var id struct{ ID string }
			if random.IntN(5) == 0 && voices < len(spoken) {
				err = w.post("/sim/v1/voice?"+url.Values{"phone": {phone}, "note": {spoken[voices]}}.Encode(), nil, &id)
				voices++
			} else {
				err = w.post("/sim/v1/text", url.Values{"phone": {phone}, "text": {dictation(random, len(sent))}}, &id)
			}
			if err != nil {
				return err
			}
			sent[id.ID] = phone
		}
		time.Sleep(time.Duration(random.IntN(900)) * time.Millisecond)
		w.service.kill()
		if err := w.start(); err != nil {
			return fmt.Errorf("restart after kill %d: %w", cycle+1, err)
		}
	}
	fmt.Printf("kill: %d cycles, %d notes (%d voices)\n", cycles, len(sent), voices)
	if err := w.settled(len(sent)); err != nil {
		return fmt.Errorf("%w\nservice said: %s", err, w.service.said())
	}
	return w.checkOnce(sent)
}

// spoken are shipped notes that each name a buyer of their own: the same note twice
// would rightly be taken as an addition to the first.
var spoken = []string{"dach-05.ogg", "maler-04.ogg", "schluessel-01.ogg", "elektro-05.ogg", "galabau-03.ogg", "tischler-01.ogg", "fliesen-02.ogg", "reinigung-05.ogg"}

// dictation makes a text of its own for each note: another buyer, another amount.
func dictation(r *rand.Rand, n int) string {
	first := []string{"Ahrens", "Brandt", "Carstens", "Detlefsen", "Ehlers", "Frahm", "Gosch", "Harder", "Iversen", "Jessen"}
	last := []string{"mann", "sen", "kamp", "hof", "berg", "feld", "horst", "bek"}
	name := first[n%10] + last[n/10%8]
	return fmt.Sprintf("Rechnung für Frau %s, Lindenweg %d, 25524 Itzehoe. Heute %d Stunden gearbeitet und Anfahrt.", name, 1+n, 1+r.IntN(8))
}

// settled waits until every message is accepted and done.
func (w *world) settled(notes int) error {
	return until("all notes done", 5*time.Minute, func() (bool, error) {
		done, err := w.count("SELECT count(*) FROM message WHERE kind <> 'button' AND state IN ('done', 'failed')")
		if err != nil || done < notes {
			return false, errors.Join(err, fmt.Errorf("%d of %d done", done, notes))
		}
		waiting, err := w.count("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')")
		return waiting == 0, err
	})
}

func (w *world) checkOnce(sent map[string]string) error {
	for _, check := range []struct {
		what, query string
		want        int
	}{
		{"notes stored", "SELECT count(*) FROM message WHERE kind <> 'button'", len(sent)},
		{"notes drafted", "SELECT count(*) FROM message WHERE kind <> 'button' AND state = 'done' AND reason = 'drafted'", len(sent)},
		{"cases with a draft", "SELECT count(DISTINCT case_id) FROM draft", len(sent)},
		{"first versions", "SELECT count(*) FROM draft WHERE version = 1", len(sent)},
		{"further versions", "SELECT count(*) FROM draft WHERE version > 1", 0},
	} {
		n, err := w.count(check.query)
		if err != nil {
			return err
		}
		if n != check.want {
			reasons, _ := w.text("SELECT group_concat(reason || ' ' || n, ', ') FROM (SELECT reason, count(*) AS n FROM message GROUP BY reason)")
			return fmt.Errorf("%s: %d, want %d (%s)", check.what, n, check.want, reasons)
		}
	}
	replies, twice := 0, 0
	for _, phone := range []string{hauke, inken} {
		bubbles, err := w.chat(phone)
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, b := range bubbles {
			if b.From != "bot" {
				continue
			}
			replies++
			if seen[b.Callback] {
				twice++
			}
			seen[b.Callback] = true
		}
	}
	fmt.Printf("kill: %d drafts, %d replies, %d outbox rows told twice\n", len(sent), replies, twice)
	if twice > 0 {
		return fmt.Errorf("%d chat messages were sent twice", twice)
	}
	if replies < len(sent) {
		return fmt.Errorf("%d replies for %d notes", replies, len(sent))
	}
	return nil
}
