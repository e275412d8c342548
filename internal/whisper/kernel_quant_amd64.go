//go:build amd64 && !generic

package whisper

//go:noescape
func kern6x16qAVX2(blocks int, a *float32, q *int8, s, c *float32, ldc int)

//go:noescape
func kern6x16qAVX512(blocks int, a *float32, q *int8, s, c *float32, ldc int)

//go:noescape
func gemv16qAVX2(blocks int, x *float32, q *int8, s, y *float32)

//go:noescape
func widen16qAVX2(blocks int, dst *float32, q *int8, s *float32)

func (k isa) tile6qRaw(depth int, a []float32, p quant, c []float32, ldc int) {
	switch k {
	case isaAVX512:
		kern6x16qAVX512(depth/q8Values, &a[0], &p.q[0], &p.s[0], &c[0], ldc)
	case isaAVX2:
		kern6x16qAVX2(depth/q8Values, &a[0], &p.q[0], &p.s[0], &c[0], ldc)
	default:
		tile6qGo(depth, a, p, c, ldc)
	}
}

func (k isa) gemvqRaw(depth int, x []float32, p quant, y []float32) {
	if k == isaGeneric {
		gemvqGo(depth, x, p, y)
		return
	}
	gemv16qAVX2(depth/q8Values, &x[0], &p.q[0], &p.s[0], &y[0])
}

func (k isa) widenqRaw(depth int, dst []float32, p quant) {
	if k == isaGeneric {
		widenqGo(depth, dst, p)
		return
	}
	widen16qAVX2(depth/q8Values, &dst[0], &p.q[0], &p.s[0])
}
