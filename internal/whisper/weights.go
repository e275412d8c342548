package whisper

import "encoding/binary"

// weights is a matrix packed in panels of 16 rows, either in half precision or
// quantised as in the file; missing rows of the last panel are zero.
type weights struct {
	k     int      // columns
	half  []uint16 // [rows/16][k][16]
	quant quant    // [rows/16][k][16] and [rows/16][k/32][16]
}

func newWeights(rows, k int, quantised bool) weights {
	np := padCols(rows)
	if quantised {
		return weights{k: k, quant: quant{make([]int8, np*k), make([]float32, np*k/q8Values)}}
	}
	return weights{k: k, half: make([]uint16, np*k)}
}

// panel gives the quantised panel p.
func (w *weights) panel(p int) quant {
	return quant{w.quant.q[p*w.k*panel:], w.quant.s[p*w.k/q8Values*panel:]}
}

// setRow stores row r, whose bytes are as in the file.
func (w *weights) setRow(r int, b []byte, kind tensorType) bool {
	if kind == typeQ8 {
		return w.setQuantRow(r, b)
	}
	at := r/panel*panel*w.k + r%panel
	ok := true
	for i := range w.k {
		var h uint16
		if kind == typeF16 {
			h = binary.LittleEndian.Uint16(b[2*i:])
		} else {
			h = ToHalf(float32At(b, i))
		}
		ok = ok && finiteHalf(h)
		w.half[at] = h
		at += panel
	}
	return ok
}

func (w *weights) setQuantRow(r int, b []byte) bool {
	q := w.quant.q[r/panel*panel*w.k+r%panel:]
	s := w.quant.s[r/panel*panel*w.k/q8Values+r%panel:]
	ok := true
	for i := range w.k / q8Values {
		block := b[i*q8Bytes:][:q8Bytes]
		scale := binary.LittleEndian.Uint16(block)
		ok = ok && finiteHalf(scale)
		s[i*panel] = FromHalf(scale)
		at := i * q8Values * panel
		for _, v := range block[2:] {
			q[at] = int8(v)
			at += panel
		}
	}
	return ok
}

// row reads row r.
func (w *weights) row(dst []float32, r int) {
	at := r/panel*panel*w.k + r%panel
	if w.half != nil {
		for i := range dst[:w.k] {
			dst[i] = FromHalf(w.half[at+i*panel])
		}
		return
	}
	s := w.quant.s[r/panel*panel*w.k/q8Values+r%panel:]
	for i := range dst[:w.k] {
		dst[i] = s[i/q8Values*panel] * float32(w.quant.q[at+i*panel])
	}
}

// widen writes columns [k0,k0+n) of panel p to dst; k0 and n are multiples of 32 if quantised.
func (w *weights) widen(kern isa, dst []float32, p, k0, n int) {
	if w.half != nil {
		at := (p*w.k + k0) * panel
		kern.widen(dst, w.half[at:at+n*panel])
		return
	}
	kern.widenq(n, dst, w.panel(p).from(k0))
}

// gemv adds panel p times x to y.
func (w *weights) gemv(kern isa, p int, x, y []float32) {
	if w.half != nil {
		kern.gemvh(w.k, x, w.half[p*w.k*panel:], y)
		return
	}
	kern.gemvq(w.k, x, w.panel(p), y)
}

// tile6 adds panel p times six packed rows a to c.
func (w *weights) tile6(kern isa, p int, a, c []float32, ldc int) {
	if w.half != nil {
		kern.tile6h(w.k, a, w.half[p*w.k*panel:], c, ldc)
		return
	}
	kern.tile6q(w.k, a, w.panel(p), c, ldc)
}
