package whisper

// isa names the set of kernels in use. Every kernel is called through one method
// here that checks lengths first, because assembler sees no bounds. A failed
// check is a programmer's error and panics like any index out of range.
type isa uint8

const (
	isaGeneric isa = iota // plain Go
	isaAVX2               // AVX2 + FMA + F16C
	isaAVX512             // the same and AVX-512F for the widest tile
)

const (
	panel     = 16 // columns of a packed panel of weights
	headWidth = 64 // of every Whisper size
	batchRows = 6  // rows of the fused f16 tile: hypotheses or tokens per step
)

func (k isa) String() string {
	switch k {
	case isaAVX512:
		return "avx512"
	case isaAVX2:
		return "avx2"
	}
	return "generic"
}

// Kernels names the kernels that Load chooses on this machine: "avx512", "avx2"
// or "generic" (plain Go, about ten times slower).
func Kernels() string { return detect().String() }

// rows is the number of rows that one call of tile handles.
func (k isa) rows() int {
	if k == isaAVX512 {
		return 12
	}
	return 6
}

// tile adds the product of a (depth × rows, packed) and b (depth × 16, packed) to
// rows × 16 values of c, whose rows are ldc apart. depth must be positive.
func (k isa) tile(depth int, a, b, c []float32, ldc int) {
	rows := k.rows()
	_, _, _ = a[rows*depth-1], b[panel*depth-1], c[(rows-1)*ldc+panel-1]
	if depth <= 0 || ldc < panel {
		panic("whisper: tile: bad shape")
	}
	k.tileRaw(depth, a, b, c, ldc)
}

// tile6 is tile for six rows whatever the kernels.
func (k isa) tile6(depth int, a, b, c []float32, ldc int) {
	_, _, _ = a[batchRows*depth-1], b[panel*depth-1], c[(batchRows-1)*ldc+panel-1]
	if depth <= 0 || ldc < panel {
		panic("whisper: tile6: bad shape")
	}
	k.tile6Raw(depth, a, b, c, ldc)
}

// tile6h is tile for six rows with b in half precision.
func (k isa) tile6h(depth int, a []float32, b []uint16, c []float32, ldc int) {
	_, _, _ = a[batchRows*depth-1], b[panel*depth-1], c[(batchRows-1)*ldc+panel-1]
	if depth <= 0 || ldc < panel {
		panic("whisper: tile6h: bad shape")
	}
	k.tile6hRaw(depth, a, b, c, ldc)
}

// gemv adds the product of x and one panel of w to 16 values of y. depth must be a
// positive multiple of 4.
func (k isa) gemv(depth int, x, w, y []float32) {
	_, _, _ = x[depth-1], w[panel*depth-1], y[panel-1]
	if depth <= 0 || depth%4 != 0 {
		panic("whisper: gemv: bad shape")
	}
	k.gemvRaw(depth, x, w, y)
}

// gemvh is gemv for weights in half precision.
func (k isa) gemvh(depth int, x []float32, w []uint16, y []float32) {
	_, _, _ = x[depth-1], w[panel*depth-1], y[panel-1]
	if depth <= 0 || depth%4 != 0 {
		panic("whisper: gemvh: bad shape")
	}
	k.gemvhRaw(depth, x, w, y)
}

// widen turns half precision into float32; len(src) must be a positive multiple of 16.
func (k isa) widen(dst []float32, src []uint16) {
	n := len(src)
	_ = dst[n-1]
	if n%panel != 0 {
		panic("whisper: widen: bad shape")
	}
	k.widenRaw(dst[:n], src)
}

// dot is the inner product of two rows of one head.
func (k isa) dot(a, b []float32) float32 {
	_, _ = a[headWidth-1], b[headWidth-1]
	return k.dotRaw(a, b)
}

// axpy adds alpha times x to y for one head.
func (k isa) axpy(alpha float32, x, y []float32) {
	_, _ = x[headWidth-1], y[headWidth-1]
	k.axpyRaw(alpha, x, y)
}

// maximum is the largest value of x, which must not be empty.
func (k isa) maximum(x []float32) float32 {
	n := len(x) &^ 7
	if k == isaGeneric || n == 0 {
		return maxGo(x)
	}
	m := k.maxRaw(x[:n])
	for _, v := range x[n:] {
		m = max(m, v)
	}
	return m
}

// sumExp is the sum of exp(x-top).
func (k isa) sumExp(x []float32, top float32) float64 {
	n := len(x) &^ 7
	if k == isaGeneric || n == 0 {
		return sumExpGo(x, top)
	}
	return float64(k.sumExpRaw(x[:n], top)) + sumExpGo(x[n:], top)
}

// softmax replaces x, which must not be empty, by its softmax.
func (k isa) softmax(x []float32) {
	n := len(x) &^ 7
	if k == isaGeneric || n == 0 {
		softmaxGo(x)
		return
	}
	top := k.maximum(x)
	s := k.expRaw(x[:n], top)
	for i, v := range x[n:] {
		e := exp32(v - top)
		x[n+i] = e
		s += e
	}
	s = 1 / s
	k.scale(x, s)
}

// scale multiplies x by f.
func (k isa) scale(x []float32, f float32) {
	n := len(x) &^ 7
	if k == isaGeneric || n == 0 {
		scaleGo(x, f)
		return
	}
	k.scaleRaw(x[:n], f)
	scaleGo(x[n:], f)
}
