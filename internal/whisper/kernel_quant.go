package whisper

// Kernels for q8_0 weights as they are: panels of int8, [k][16], with a scale for
// each 32 of a row, [k/32][16]. Half the memory traffic of half precision.

// quant is one panel, or its part from some block on.
type quant struct {
	q []int8
	s []float32
}

// from gives the panel from depth k0 on, a multiple of 32.
func (p quant) from(k0 int) quant {
	return quant{p.q[k0*panel:], p.s[k0/q8Values*panel:]}
}

// check says that the panel holds depth values, a positive multiple of 32.
func (p quant) check(depth int) {
	_, _ = p.q[panel*depth-1], p.s[panel*depth/q8Values-1]
	if depth <= 0 || depth%q8Values != 0 {
		panic("whisper: quantised panel: bad depth")
	}
}

// tile6q is tile6 for quantised weights.
func (k isa) tile6q(depth int, a []float32, p quant, c []float32, ldc int) {
	p.check(depth)
	_, _ = a[batchRows*depth-1], c[(batchRows-1)*ldc+panel-1]
	if ldc < panel {
		panic("whisper: tile6q: bad shape")
	}
	k.tile6qRaw(depth, a, p, c, ldc)
}

// gemvq is gemv for quantised weights.
func (k isa) gemvq(depth int, x []float32, p quant, y []float32) {
	p.check(depth)
	_, _ = x[depth-1], y[panel-1]
	k.gemvqRaw(depth, x, p, y)
}

// widenq turns depth × 16 quantised weights into float32.
func (k isa) widenq(depth int, dst []float32, p quant) {
	p.check(depth)
	_ = dst[panel*depth-1]
	k.widenqRaw(depth, dst, p)
}

func tile6qGo(depth int, a []float32, p quant, c []float32, ldc int) {
	var wide [q8Values * panel]float32
	for d := 0; d < depth; d += q8Values {
		widenqGo(q8Values, wide[:], p.from(d))
		tile6Go(q8Values, a[d*batchRows:], wide[:], c, ldc)
	}
}

func gemvqGo(depth int, x []float32, p quant, y []float32) {
	for d := 0; d < depth; d += q8Values {
		var sum [panel]float32
		for i, v := range x[d : d+q8Values] {
			for j, w := range p.q[(d+i)*panel : (d+i+1)*panel] {
				sum[j] += v * float32(w)
			}
		}
		for j, s := range p.s[d/q8Values*panel : (d/q8Values+1)*panel] {
			y[j] += s * sum[j]
		}
	}
}

func widenqGo(depth int, dst []float32, p quant) {
	for d := range depth {
		s := p.s[d/q8Values*panel:][:panel]
		for j, w := range p.q[d*panel : (d+1)*panel] {
			dst[d*panel+j] = s[j] * float32(w)
		}
	}
}
