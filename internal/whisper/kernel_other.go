//go:build !amd64 || generic

package whisper

func detect() isa { return isaGeneric }

func (k isa) tileRaw(depth int, a, b, c []float32, ldc int) { tile6Go(depth, a, b, c, ldc) }

func (k isa) tile6hRaw(depth int, a []float32, b []uint16, c []float32, ldc int) {
	tile6hGo(depth, a, b, c, ldc)
}

func (k isa) tile6Raw(depth int, a, b, c []float32, ldc int) { tile6Go(depth, a, b, c, ldc) }

func (k isa) gemvRaw(depth int, x, w, y []float32) { gemvGo(depth, x, w, y) }

func (k isa) gemvhRaw(depth int, x []float32, w []uint16, y []float32) { gemvhGo(depth, x, w, y) }

func (k isa) widenRaw(dst []float32, src []uint16) { widenGo(dst, src) }

func (k isa) dotRaw(a, b []float32) float32 { return dotGo(a, b) }

func (k isa) axpyRaw(alpha float32, x, y []float32) { axpyGo(alpha, x, y) }

func (k isa) maxRaw(x []float32) float32 { return maxGo(x) }

func (k isa) sumExpRaw(x []float32, top float32) float32 { return float32(sumExpGo(x, top)) }

func (k isa) expRaw(x []float32, top float32) float32 { return expGo(x, top) }

func (k isa) scaleRaw(x []float32, f float32) { scaleGo(x, f) }

func (k isa) tile6qRaw(depth int, a []float32, p quant, c []float32, ldc int) {
	tile6qGo(depth, a, p, c, ldc)
}

func (k isa) gemvqRaw(depth int, x []float32, p quant, y []float32) { gemvqGo(depth, x, p, y) }

func (k isa) widenqRaw(depth int, dst []float32, p quant) { widenqGo(depth, dst, p) }
