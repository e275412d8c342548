package whisper

// linear is a layer y = W·x + b.
type linear struct {
	n, np, k int // rows, rows rounded up to whole panels, columns
	w        weights
	b        []float32 // nil for none
}

func (l *linear) alloc(n, k int, quantised bool) {
	l.n, l.np, l.k = n, padCols(n), k
	l.w = newWeights(n, k, quantised)
}

// start fills a row of results with the bias.
func (l *linear) start(row []float32) {
	clear(row[copy(row, l.b):])
}

// mul sets m rows of y (np wide, room for padRows(m) of them) to the layer of m rows of x.
func (l *linear) mul(c *compute, y, x []float32, ldx, m int) {
	mr := c.kern.rows()
	c.each((m+blockRows-1)/blockRows, func(s *scratch, block int) {
		m0 := block * blockRows
		mm := min(blockRows, m-m0)
		for r := m0; r < m0+mm; r++ {
			l.start(y[r*l.np : (r+1)*l.np])
		}
		for k0 := 0; k0 < l.k; k0 += blockDepth {
			kk := min(blockDepth, l.k-k0)
			packRows(s.a, x, ldx, m0, mm, k0, kk, mr)
			for p := range l.np / panel {
				l.w.widen(c.kern, s.b, p, k0, kk)
				for r := 0; r < mm; r += mr {
					c.kern.tile(kk, s.a[r*kk:], s.b, y[(m0+r)*l.np+p*panel:], l.np)
				}
			}
		}
	})
}

// vec sets y (np wide) to the layer of one row x.
func (l *linear) vec(c *compute, y, x []float32) {
	l.start(y[:l.np])
	c.parts(l.np/panel, func(from, to int) {
		for p := from; p < to; p++ {
			l.w.gemv(c.kern, p, x, y[p*panel:])
		}
	})
}

// vecs is vec for up to six rows at once, so that the weights travel through the
// memory bus once. y has room for six rows of np; pack for six of k.
func (l *linear) vecs(c *compute, y, x, pack []float32, m int) {
	if m == 1 {
		l.vec(c, y, x)
		return
	}
	for r := range batchRows {
		l.start(y[r*l.np : (r+1)*l.np])
	}
	packRows(pack, x, l.k, 0, m, 0, l.k, batchRows)
	c.parts(l.np/panel, func(from, to int) {
		for p := from; p < to; p++ {
			l.w.tile6(c.kern, p, pack, y[p*panel:], l.np)
		}
	})
}
