package feierabend

import (
	"strconv"
	"strings"
)

// Without takes out of the draft what messages said that are taken back: tasks in their
// words go, whatever else had its evidence there stands without. In a customer's own note a
// task whose words are nobody's by evidence counts as theirs. It gives the words of the tasks. Prices, lines and names never come from a customer's words (J-20), so they stay.
func (d *Draft) Without(messages map[MessageID]bool) (words []string) {
	theirs, others := map[int]bool{}, map[int]bool{}
	for path, e := range d.Evidence {
		if i, _, ok := taskOf(path); ok {
			theirs[i] = theirs[i] || messages[e.Message]
			others[i] = others[i] || e.Message != "" && !messages[e.Message]
		}
	}
	for i := range d.Tasks {
		theirs[i] = theirs[i] || d.Customer && !others[i]
	}
	place := make([]int, len(d.Tasks)) // where a task stands afterwards
	var left []Task
	for i, t := range d.Tasks {
		if place[i] = len(left); theirs[i] {
			words = append(words, t.Text)
			continue
		}
		left = append(left, t)
	}
	moved := func(path string) (string, bool) {
		i, rest, ok := taskOf(path)
		switch {
		case !ok:
			return path, true
		case theirs[i] || i >= len(place):
			return "", false
		}
		return "tasks[" + strconv.Itoa(place[i]) + "]" + rest, true
	}
	evidence := map[string]Evidence{}
	for path, e := range d.Evidence {
		if q, ok := moved(path); ok && !messages[e.Message] {
			evidence[q] = e
		}
	}
	var questions []string
	for _, path := range d.Questions {
		if q, ok := moved(path); ok {
			questions = append(questions, q)
		}
	}
	if d.Tasks, d.Evidence, d.Questions = left, evidence, questions; len(evidence) == 0 {
		d.Evidence = nil
	}
	return words
}

// taskOf reads the place of a task out of a path like "tasks[1].due".
func taskOf(path string) (i int, rest string, ok bool) {
	path, ok = strings.CutPrefix(path, "tasks[")
	if !ok {
		return 0, "", false
	}
	n, rest, ok := strings.Cut(path, "]")
	if !ok {
		return 0, "", false
	}
	i, err := strconv.Atoi(n)
	return i, rest, err == nil && i >= 0
}
