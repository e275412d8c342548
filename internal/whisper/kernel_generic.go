package whisper

// The plain Go kernels: what the assembler ones are compared with, and what
// runs where there are none.

func tile6Go(depth int, a, b, c []float32, ldc int) {
	a, b = a[:6*depth], b[:panel*depth]
	for r := range 6 {
		for j := 0; j < panel; j += 4 {
			var s0, s1, s2, s3 float32
			for i, o := r, j; i < len(a); i, o = i+6, o+panel {
				v, w := a[i], b[o:o+4:o+4]
				s0 += v * w[0]
				s1 += v * w[1]
				s2 += v * w[2]
				s3 += v * w[3]
			}
			d := c[r*ldc+j : r*ldc+j+4]
			d[0] += s0
			d[1] += s1
			d[2] += s2
			d[3] += s3
		}
	}
}

// tile6hGo widens a stretch of b at a time, so that it needs no memory of its own.
func tile6hGo(depth int, a []float32, b []uint16, c []float32, ldc int) {
	const step = 64
	var wide [step * panel]float32
	for d := 0; d < depth; d += step {
		n := min(step, depth-d)
		widenGo(wide[:n*panel], b[d*panel:(d+n)*panel])
		tile6Go(n, a[d*6:], wide[:], c, ldc)
	}
}

func gemvGo(depth int, x, w, y []float32) {
	y = y[:panel]
	for i, v := range x[:depth] {
		for j, u := range w[i*panel : (i+1)*panel] {
			y[j] += v * u
		}
	}
}

func gemvhGo(depth int, x []float32, w []uint16, y []float32) {
	table := halfTable()
	y = y[:panel]
	for i, v := range x[:depth] {
		for j, h := range w[i*panel : (i+1)*panel] {
			y[j] += v * table[h]
		}
	}
}

func widenGo(dst []float32, src []uint16) {
	table := halfTable()
	for i, h := range src {
		dst[i] = table[h]
	}
}

func dotGo(a, b []float32) float32 {
	var s float32
	b = b[:headWidth]
	for i, v := range a[:headWidth] {
		s += v * b[i]
	}
	return s
}

func axpyGo(alpha float32, x, y []float32) {
	y = y[:headWidth]
	for i, v := range x[:headWidth] {
		y[i] += alpha * v
	}
}

func maxGo(x []float32) float32 {
	m := x[0]
	for _, v := range x {
		m = max(m, v)
	}
	return m
}

func sumExpGo(x []float32, top float32) float64 {
	var s float64
	for _, v := range x {
		s += float64(exp32(v - top))
	}
	return s
}

func expGo(x []float32, top float32) float32 {
	var s float32
	for i, v := range x {
		e := exp32(v - top)
		x[i] = e
		s += e
	}
	return s
}

func scaleGo(x []float32, f float32) {
	for i := range x {
		x[i] *= f
	}
}

func softmaxGo(x []float32) {
	s := expGo(x, maxGo(x))
	scaleGo(x, 1/s)
}
