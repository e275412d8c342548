package dictation

import (
	"strconv"

	"feierabend"
)

// worker is a person of a work report with the minutes worked.
type worker struct {
	name   string
	role   bool
	min    int
	known  bool
	i, j   int // words of the hours, at first of the name
	ni, nj int // words of the name
}

// crew collects persons and hours of a work report in the order they are said.
type crew struct {
	all  []worker
	open []int // persons without hours yet
	last []int // persons of the last hours, for a break
	prev []int // and those before, for "beide"
}

func (c *crew) add(w worker) {
	w.ni, w.nj = w.i, w.j
	if n := len(c.open); n > 0 && c.all[c.open[n-1]].role && !w.role && w.name != "Ich" && w.i-c.all[c.open[n-1]].j <= 1 {
		c.all[c.open[n-1]] = w // "der Lehrling, der Finn"
		return
	}
	for n, x := range c.all {
		if x.name == w.name {
			if !x.known {
				c.open = append(c.open, n)
			}
			return
		}
	}
	c.all = append(c.all, w)
	c.open = append(c.open, len(c.all)-1)
}

func (c *crew) hours(m int, e *engine, i, j int) {
	if len(c.open) == 0 {
		if len(c.last) == 1 && !c.all[c.last[0]].known {
			c.all[c.last[0]].min = m
		}
		e.take(i, j, people)
		return
	}
	c.prev = append(c.last[:len(c.last):len(c.last)], c.open...)
	c.last = c.open
	for _, n := range c.open {
		c.all[n].min, c.all[n].known = m, true
		e.take(c.all[n].i, c.all[n].j, people)
		c.all[n].i, c.all[n].j = i, j
	}
	c.open = nil
	e.take(i, j, people)
}

// rest takes a break off the last persons, or off all so far.
func (c *crew) rest(m int, both bool, e *engine, i, j int) {
	list := c.last
	if both {
		list = c.prev
	}
	for _, n := range list {
		if c.all[n].known && c.all[n].min > m {
			c.all[n].min -= m
			c.all[n].j = j
		}
	}
	e.take(i, j, people)
}

func (e *engine) setPeople(c *crew) {
	for _, w := range c.all {
		if !w.known || w.min <= 0 {
			continue
		}
		h := feierabend.Dec4(feierabend.MulDiv(int64(w.min), int64(feierabend.One), 60))
		path := "people[" + strconv.Itoa(len(e.d.People)) + "]."
		e.d.People = append(e.d.People, feierabend.Person{Name: w.name, Hours: h})
		e.saidRule(path+"hours", w.i, w.j)
		e.said(path+"name", w.ni, w.nj)
	}
}
