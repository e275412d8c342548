//go:build amd64 && !generic

package whisper

import "golang.org/x/sys/cpu"

// detect chooses the kernels. Without this check an old CPU dies with SIGILL.
// VCVTPH2PS needs F16C, for which x/sys/cpu has no flag, so CPUID is asked.
func detect() isa {
	const f16c = 1 << 29 // CPUID leaf 1, ECX
	switch {
	case !cpu.X86.HasAVX2 || !cpu.X86.HasFMA || cpuidECX1()&f16c == 0:
		return isaGeneric
	case cpu.X86.HasAVX512F:
		return isaAVX512
	}
	return isaAVX2
}

//go:noescape
func cpuidECX1() uint32

//go:noescape
func kern12x16AVX512(k int, a, b, c *float32, ldc int)

//go:noescape
func kern6x16AVX2(k int, a, b, c *float32, ldc int)

//go:noescape
func kern6x16hAVX2(k int, a *float32, b *uint16, c *float32, ldc int)

//go:noescape
func gemv16hAVX2(k int, x *float32, w *uint16, y *float32)

//go:noescape
func gemv16AVX2(k int, x, w, y *float32)

//go:noescape
func cvt16AVX2(n int, dst *float32, src *uint16)

//go:noescape
func dot64AVX2(a, b *float32) float32

//go:noescape
func axpy64AVX2(alpha float32, x, y *float32)

//go:noescape
func expAVX2(n int, x *float32, mx float32) float32

//go:noescape
func sumExpAVX2(n int, x *float32, mx float32) float32

//go:noescape
func maxAVX2(n int, x *float32) float32

//go:noescape
func scaleAVX2(n int, x *float32, f float32)

func (k isa) tileRaw(depth int, a, b, c []float32, ldc int) {
	switch k {
	case isaAVX512:
		kern12x16AVX512(depth, &a[0], &b[0], &c[0], ldc)
	case isaAVX2:
		kern6x16AVX2(depth, &a[0], &b[0], &c[0], ldc)
	default:
		tile6Go(depth, a, b, c, ldc)
	}
}

func (k isa) tile6Raw(depth int, a, b, c []float32, ldc int) {
	if k == isaGeneric {
		tile6Go(depth, a, b, c, ldc)
		return
	}
	kern6x16AVX2(depth, &a[0], &b[0], &c[0], ldc)
}

func (k isa) tile6hRaw(depth int, a []float32, b []uint16, c []float32, ldc int) {
	if k == isaGeneric {
		tile6hGo(depth, a, b, c, ldc)
		return
	}
	kern6x16hAVX2(depth, &a[0], &b[0], &c[0], ldc)
}

func (k isa) gemvhRaw(depth int, x []float32, w []uint16, y []float32) {
	if k == isaGeneric {
		gemvhGo(depth, x, w, y)
		return
	}
	gemv16hAVX2(depth, &x[0], &w[0], &y[0])
}

func (k isa) gemvRaw(depth int, x, w, y []float32) {
	if k == isaGeneric {
		gemvGo(depth, x, w, y)
		return
	}
	gemv16AVX2(depth, &x[0], &w[0], &y[0])
}

func (k isa) widenRaw(dst []float32, src []uint16) {
	if k == isaGeneric {
		widenGo(dst, src)
		return
	}
	cvt16AVX2(len(src), &dst[0], &src[0])
}

func (k isa) dotRaw(a, b []float32) float32 {
	if k == isaGeneric {
		return dotGo(a, b)
	}
	return dot64AVX2(&a[0], &b[0])
}

func (k isa) axpyRaw(alpha float32, x, y []float32) {
	if k == isaGeneric {
		axpyGo(alpha, x, y)
		return
	}
	axpy64AVX2(alpha, &x[0], &y[0])
}

// The four below are only reached with vector kernels and len(x) a positive multiple of 8.

func (k isa) maxRaw(x []float32) float32 { return maxAVX2(len(x), &x[0]) }

func (k isa) sumExpRaw(x []float32, top float32) float32 { return sumExpAVX2(len(x), &x[0], top) }

func (k isa) expRaw(x []float32, top float32) float32 { return expAVX2(len(x), &x[0], top) }

func (k isa) scaleRaw(x []float32, f float32) { scaleAVX2(len(x), &x[0], f) }
