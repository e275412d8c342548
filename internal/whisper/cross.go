package whisper

// crossAttention holds the decoder's view of a window: keys and values of each
// layer, packed by head as the kernels want them, since every step reads all.
type crossAttention struct {
	positions    int
	keys, values [][]float32 // per layer [head][panels of positions] and [head][4][depth][16]
}

func newCrossAttention(h header) crossAttention {
	return crossAttention{keys: make([][]float32, h.textLayers), values: make([][]float32, h.textLayers)}
}

// depth is the number of positions rounded up for gemv.
func (a *crossAttention) depth() int { return (a.positions + 3) &^ 3 }

// keep packs the keys and values of a layer, [position][width].
func (a *crossAttention) keep(c *compute, layer int, k, v []float32, width int) {
	n, depth := a.positions, a.depth()
	perHead := padCols(n) * headWidth
	keys := grow(&a.keys[layer], perHead*width/headWidth)
	values := grow(&a.values[layer], depth*width)
	a.keys[layer], a.values[layer] = keys, values
	c.each(width/headWidth, func(_ *scratch, head int) {
		packKeys(keys[head*perHead:(head+1)*perHead], k, width, head*headWidth, n)
		packValues(values[head*depth*headWidth:(head+1)*depth*headWidth], v, width, head*headWidth, n, depth)
	})
}

// attend sets one head's columns of z to the attention of n rows of q over the window.
func (a *crossAttention) attend(c *compute, s *scratch, layer, head int, z, q []float32, width, n int, see observer) {
	np, depth := padCols(a.positions), a.depth()
	keys := a.keys[layer][head*np*headWidth : (head+1)*np*headWidth]
	values := a.values[layer][head*depth*headWidth : (head+1)*depth*headWidth]
	score := grow(&s.score, batchRows*np)
	clear(score)
	sum := grow(&s.out, batchRows*headWidth)
	clear(sum)
	from := head * headWidth
	c.multiply(s, score, np, q[from:], width, n, np/panel, headWidth, keys)
	for r := range n {
		row := score[r*np : (r+1)*np]
		c.kern.scale(row, attentionScale)
		c.kern.softmax(row[:a.positions])
		clear(row[a.positions:])
		if see != nil {
			see(layer, head, r, row[:a.positions])
		}
	}
	c.multiply(s, sum, headWidth, score, np, n, headWidth/panel, depth, values)
	for r := range n {
		copy(z[r*width+from:r*width+from+headWidth], sum[r*headWidth:])
	}
}

// multiply adds n ≤ 6 rows × depth of x times packed panels to out, which has room for six rows.
func (c *compute) multiply(s *scratch, out []float32, ldc int, x []float32, ldx, n, panels, depth int, b []float32) {
	if n == 1 {
		for p := range panels {
			c.kern.gemv(depth, x, b[p*depth*panel:], out[p*panel:])
		}
		return
	}
	pack := grow(&s.keys, batchRows*depth)
	packRows(pack, x, ldx, 0, n, 0, depth, batchRows)
	for p := range panels {
		c.kern.tile6(depth, pack, b[p*depth*panel:], out[p*panel:], ldc)
	}
}
