package dictation

import (
	"slices"
	"sync"

	"feierabend"
)

// maxLists is how many firms' price lists Lists keeps made ready.
const maxLists = 16

// Lists keeps price lists made ready for reading: making one of 5,000 items ready costs
// more than reading a note with it. A list is found by all of its values, so that a
// changed one is another one, whoever changed it. In memory only, the last maxLists that
// were used; the zero value is empty. It may be used by several goroutines.
type Lists struct {
	mu    sync.Mutex
	ready []catalog // the last used one first
}

// of gives the list made ready; a nil l makes it each time.
func (l *Lists) of(items []feierabend.PriceItem) catalog {
	if l == nil || len(items) == 0 {
		return newCatalog(items)
	}
	l.mu.Lock()
	at := slices.IndexFunc(l.ready, func(c catalog) bool { return slices.EqualFunc(c.items, items, sameItem) })
	if at >= 0 {
		c := l.ready[at]
		l.ready = slices.Insert(slices.Delete(l.ready, at, at+1), 0, c)
		l.mu.Unlock()
		return c
	}
	l.mu.Unlock()
	c := newCatalog(slices.Clone(items))
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ready = slices.Insert(l.ready, 0, c)
	l.ready = l.ready[:min(len(l.ready), maxLists)]
	return c
}

func sameItem(a, b feierabend.PriceItem) bool {
	return a.Name == b.Name && a.Kind == b.Kind && a.Unit == b.Unit && a.Price == b.Price &&
		(a.VAT == b.VAT || a.VAT != nil && b.VAT != nil && *a.VAT == *b.VAT) && slices.Equal(a.Aliases, b.Aliases)
}
