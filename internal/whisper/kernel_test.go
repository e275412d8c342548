package whisper

import (
	"math"
	"math/rand/v2"
	"testing"
)

// available lists the kernel sets of this machine beside plain Go.
func available() []isa {
	var all []isa
	for k := isaAVX2; k <= detect(); k++ {
		all = append(all, k)
	}
	return append(all, isaGeneric)
}

// guarded is a buffer between guard words.
type guarded struct {
	all  []float32
	data []float32
}

const (
	guardWords = 32
	guardBits  = 0x7fa0dead // a signalling NaN: reading it shows too
)

func newGuarded(n int, fill func() float32) guarded {
	g := guarded{all: make([]float32, n+2*guardWords)}
	for i := range g.all {
		g.all[i] = math.Float32frombits(guardBits)
	}
	g.data = g.all[guardWords : guardWords+n : guardWords+n]
	for i := range g.data {
		g.data[i] = fill()
	}
	return g
}

func (g guarded) check(t *testing.T, what string) {
	t.Helper()
	for i, v := range g.all {
		inside := i >= guardWords && i < len(g.all)-guardWords
		if bits := math.Float32bits(v); !inside && bits != guardBits {
			t.Fatalf("%s: guard word %d overwritten", what, i)
		} else if inside && v != v {
			t.Fatalf("%s: value %d is not a number: it read a guard word", what, i-guardWords)
		}
	}
}

func (g guarded) clone() guarded {
	i := 0
	return newGuarded(len(g.data), func() float32 { i++; return g.data[i-1] })
}

func halves(rnd *rand.Rand, n int) []uint16 {
	all := make([]uint16, n+2*guardWords)
	for i := range all {
		all[i] = 0x7e01 // not a number
	}
	data := all[guardWords : guardWords+n : guardWords+n]
	for i := range data {
		data[i] = ToHalf(float32(rnd.NormFloat64()))
	}
	return data
}

func near(t *testing.T, what string, got, want []float32, tolerance float64) {
	t.Helper()
	for i := range want {
		if d := math.Abs(float64(got[i] - want[i])); d > tolerance*(1+math.Abs(float64(want[i]))) {
			t.Fatalf("%s: value %d = %g, want %g", what, i, got[i], want[i])
		}
	}
}

func eachKernel(t *testing.T, f func(t *testing.T, k isa, rnd *rand.Rand)) {
	for _, k := range available() {
		t.Run(k.String(), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(7, uint64(k)))
			for range 60 {
				f(t, k, rnd)
			}
		})
	}
}

func normal(rnd *rand.Rand) func() float32 {
	return func() float32 { return float32(rnd.NormFloat64()) }
}

// naive adds a (packed in groups of mr) times b to c.
func naive(depth, mr int, a, b, c []float32, ldc int) {
	for r := range mr {
		for j := range panel {
			var s float64
			for i := range depth {
				s += float64(a[i*mr+r]) * float64(b[i*panel+j])
			}
			c[r*ldc+j] += float32(s)
		}
	}
}

func TestTile(t *testing.T) {
	eachKernel(t, func(t *testing.T, k isa, rnd *rand.Rand) {
		depth, ldc := 1+rnd.IntN(600), panel*(1+rnd.IntN(4))
		for _, mr := range []int{k.rows(), batchRows} {
			a, b := newGuarded(depth*mr, normal(rnd)), newGuarded(depth*panel, normal(rnd))
			c := newGuarded((mr-1)*ldc+panel, normal(rnd))
			want := c.clone()
			naive(depth, mr, a.data, b.data, want.data, ldc)
			if mr == batchRows {
				k.tile6(depth, a.data, b.data, c.data, ldc)
			} else {
				k.tile(depth, a.data, b.data, c.data, ldc)
			}
			c.check(t, "tile")
			near(t, "tile", c.data, want.data, 1e-4)
		}
	})
}

func TestTileHalf(t *testing.T) {
	eachKernel(t, func(t *testing.T, k isa, rnd *rand.Rand) {
		depth, ldc := 1+rnd.IntN(600), panel*(1+rnd.IntN(4))
		a, h := newGuarded(depth*batchRows, normal(rnd)), halves(rnd, depth*panel)
		c := newGuarded((batchRows-1)*ldc+panel, normal(rnd))
		want := c.clone()
		wide := make([]float32, len(h))
		widenGo(wide, h)
		naive(depth, batchRows, a.data, wide, want.data, ldc)
		k.tile6h(depth, a.data, h, c.data, ldc)
		c.check(t, "tile6h")
		near(t, "tile6h", c.data, want.data, 1e-4)
	})
}

func TestGemv(t *testing.T) {
	eachKernel(t, func(t *testing.T, k isa, rnd *rand.Rand) {
		depth := 4 * (1 + rnd.IntN(200))
		x, h := newGuarded(depth, normal(rnd)), halves(rnd, depth*panel)
		w := newGuarded(depth*panel, normal(rnd))
		widenGo(w.data, h)
		y := newGuarded(panel, normal(rnd))
		want, wide := y.clone(), y.clone()
		naive(depth, 1, x.data, w.data, want.data, panel)
		k.gemvh(depth, x.data, h, y.data)
		y.check(t, "gemvh")
		near(t, "gemvh", y.data, want.data, 1e-4)
		k.gemv(depth, x.data, w.data, wide.data)
		wide.check(t, "gemv")
		near(t, "gemv", wide.data, want.data, 1e-4)
	})
}

func TestQuant(t *testing.T) {
	eachKernel(t, func(t *testing.T, k isa, rnd *rand.Rand) {
		depth, ldc := q8Values*(1+rnd.IntN(20)), panel*(1+rnd.IntN(4))
		p := quant{q: make([]int8, depth*panel), s: newGuarded(depth/q8Values*panel, normal(rnd)).data}
		for i := range p.q {
			p.q[i] = int8(rnd.IntN(256))
		}
		want := newGuarded(depth*panel, normal(rnd))
		for i := range want.data {
			want.data[i] = float32(p.q[i]) * p.s[i/panel/q8Values*panel+i%panel]
		}
		wide := newGuarded(depth*panel, normal(rnd))
		k.widenq(depth, wide.data, p)
		wide.check(t, "widenq")
		near(t, "widenq", wide.data, want.data, 0)
		a, c := newGuarded(depth*batchRows, normal(rnd)), newGuarded((batchRows-1)*ldc+panel, normal(rnd))
		product := c.clone()
		naive(depth, batchRows, a.data, wide.data, product.data, ldc)
		k.tile6q(depth, a.data, p, c.data, ldc)
		c.check(t, "tile6q")
		near(t, "tile6q", c.data, product.data, 2e-3)
		x, y := newGuarded(depth, normal(rnd)), newGuarded(panel, normal(rnd))
		product = y.clone()
		naive(depth, 1, x.data, wide.data, product.data, panel)
		k.gemvq(depth, x.data, p, y.data)
		y.check(t, "gemvq")
		near(t, "gemvq", y.data, product.data, 2e-3)
	})
}

func TestWiden(t *testing.T) {
	eachKernel(t, func(t *testing.T, k isa, rnd *rand.Rand) {
		h := halves(rnd, panel*(1+rnd.IntN(50)))
		got := newGuarded(len(h), normal(rnd))
		want := make([]float32, len(h))
		widenGo(want, h)
		k.widen(got.data, h)
		got.check(t, "widen")
		near(t, "widen", got.data, want, 0)
	})
}

func TestHeadKernels(t *testing.T) {
	eachKernel(t, func(t *testing.T, k isa, rnd *rand.Rand) {
		a, b := newGuarded(headWidth, normal(rnd)), newGuarded(headWidth, normal(rnd))
		near(t, "dot", []float32{k.dot(a.data, b.data)}, []float32{dotGo(a.data, b.data)}, 1e-4)
		want := b.clone()
		axpyGo(0.7, a.data, want.data)
		k.axpy(0.7, a.data, b.data)
		b.check(t, "axpy")
		near(t, "axpy", b.data, want.data, 1e-5)
	})
}

func TestSoftmaxKernels(t *testing.T) {
	eachKernel(t, func(t *testing.T, k isa, rnd *rand.Rand) {
		x := newGuarded(1+rnd.IntN(100), func() float32 { return float32(rnd.NormFloat64() * 10) })
		if rnd.IntN(2) == 0 {
			x.data[rnd.IntN(len(x.data))] = 90
			x.data[0] = -1000
		}
		want := x.clone()
		top := k.maximum(x.data)
		if top != maxGo(x.data) {
			t.Fatalf("maximum = %g, want %g", top, maxGo(x.data))
		}
		near(t, "sumExp", []float32{float32(k.sumExp(x.data, top))}, []float32{float32(sumExpGo(x.data, top))}, 1e-5)
		softmaxGo(want.data)
		k.softmax(x.data)
		x.check(t, "softmax")
		near(t, "softmax", x.data, want.data, 1e-5)
		k.scale(x.data, 3)
		scaleGo(want.data, 3)
		x.check(t, "scale")
		near(t, "scale", x.data, want.data, 1e-5)
	})
}

// TestKernelsCheck: short buffers never reach the assembler.
func TestKernelsCheck(t *testing.T) {
	f := func(n int) []float32 { return make([]float32, n) }
	for _, k := range available() {
		rows := k.rows()
		calls := map[string]func(){
			"tile a":       func() { k.tile(4, f(rows*4-1), f(64), f(rows*16), 16) },
			"tile b":       func() { k.tile(4, f(rows*4), f(63), f(rows*16), 16) },
			"tile c":       func() { k.tile(4, f(rows*4), f(64), f(rows*16-1), 16) },
			"tile depth 0": func() { k.tile(0, f(rows), f(64), f(rows*16), 16) },
			"tile6 c":      func() { k.tile6(4, f(24), f(64), f(95), 16) },
			"tile6h b":     func() { k.tile6h(4, f(24), make([]uint16, 63), f(96), 16) },
			"gemv depth":   func() { k.gemv(6, f(6), f(96), f(16)) },
			"gemv y":       func() { k.gemv(4, f(4), f(64), f(15)) },
			"gemvh w":      func() { k.gemvh(4, f(4), make([]uint16, 63), f(16)) },
			"tile6q depth": func() { k.tile6q(16, f(96), quant{make([]int8, 256), f(16)}, f(96), 16) },
			"tile6q scale": func() { k.tile6q(32, f(192), quant{make([]int8, 512), f(15)}, f(96), 16) },
			"gemvq q":      func() { k.gemvq(32, f(32), quant{make([]int8, 511), f(16)}, f(16)) },
			"widenq":       func() { k.widenq(32, f(511), quant{make([]int8, 512), f(16)}) },
			"widen":        func() { k.widen(f(15), make([]uint16, 16)) },
			"widen odd":    func() { k.widen(f(20), make([]uint16, 20)) },
			"dot":          func() { k.dot(f(64), f(63)) },
			"axpy":         func() { k.axpy(1, f(64), f(63)) },
		}
		for name, call := range calls {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%v: %s: no panic", k, name)
					}
				}()
				call()
			}()
		}
	}
}

func TestHalf(t *testing.T) {
	for h := range 1 << 16 {
		f := FromHalf(uint16(h))
		if f != f {
			if finiteHalf(uint16(h)) {
				t.Fatalf("%#x is said to be finite", h)
			}
			continue
		}
		if got := ToHalf(f); got != uint16(h) {
			t.Fatalf("ToHalf(FromHalf(%#x)) = %#x", h, got)
		}
	}
	for f, want := range map[float32]uint16{
		65519: 0x7bff, 65520: 0x7c00, 1e9: 0x7c00, -1e9: 0xfc00, 1 + 1.0/2048: 0x3c00, 1 + 3.0/2048: 0x3c02, 1e-9: 0,
		float32(math.Ldexp(1, -25)): 0, float32(math.Ldexp(1.5, -25)): 1, float32(math.Inf(1)): 0x7c00,
	} {
		if got := ToHalf(f); got != want {
			t.Errorf("ToHalf(%g) = %#x, want %#x", f, got, want)
		}
	}
}
