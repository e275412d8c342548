package whisper

import (
	"sync"
	"sync/atomic"
)

const (
	blockRows  = 120 // rows per block of a product, a multiple of 12
	blockDepth = 512 // depth per block
)

// scratch is the working memory of one goroutine.
type scratch struct {
	a, b                []float32 // packed rows and one widened panel
	keys, values, score []float32 // of one attention head
	out                 []float32
}

// compute is the arithmetic of one session: kernels, threads and their scratch.
type compute struct {
	kern    isa
	scratch []scratch // one per thread
}

func newCompute(kern isa, threads int) *compute {
	c := &compute{kern: kern, scratch: make([]scratch, max(1, threads))}
	for i := range c.scratch {
		c.scratch[i].a = make([]float32, blockRows*blockDepth)
		c.scratch[i].b = make([]float32, blockDepth*panel)
	}
	return c
}

// each calls f for 0…n-1, spread over the threads.
func (c *compute) each(n int, f func(s *scratch, i int)) {
	threads := min(len(c.scratch), n)
	if threads <= 1 {
		for i := range n {
			f(&c.scratch[0], i)
		}
		return
	}
	var wg sync.WaitGroup
	var next atomic.Int64
	for t := range threads {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(&c.scratch[t], i)
			}
		})
	}
	wg.Wait()
}

// parts calls f for contiguous parts of n panels, one per thread; few panels are
// not worth a goroutine.
func (c *compute) parts(n int, f func(from, to int)) {
	threads := len(c.scratch)
	if threads == 1 || n < 32 {
		f(0, n)
		return
	}
	c.each(threads, func(_ *scratch, i int) { f(n*i/threads, n*(i+1)/threads) })
}

// grow gives a slice of n values in *p's memory, enlarging it where needed. The values are old ones.
func grow(p *[]float32, n int) []float32 {
	if cap(*p) < n {
		*p = make([]float32, n)
	}
	return (*p)[:n]
}

// padRows rounds up to whole tiles: results of products need that many rows.
func padRows(m int) int { return (m + 11) / 12 * 12 }

// padCols rounds up to whole panels.
func padCols(n int) int { return (n + panel - 1) / panel * panel }

// packRows lays rows [m0,m0+m) × columns [k0,k0+k) of x out in groups of mr rows,
// [group][k][mr]; missing rows of the last group become zero.
func packRows(dst, x []float32, ldx, m0, m, k0, k, mr int) {
	for r0 := 0; r0 < m; r0 += mr {
		o := dst[r0*k : (r0+mr)*k]
		for r := range mr {
			if r0+r >= m {
				for i := r; i < len(o); i += mr {
					o[i] = 0
				}
				continue
			}
			from := (m0+r0+r)*ldx + k0
			i := r
			for _, v := range x[from : from+k] {
				o[i] = v
				i += mr
			}
		}
	}
}

// product adds m rows × k of a times packed panels b ([np/16][k][16]) to c.
// c must have room for padRows(m) rows.
func (c *compute) product(s *scratch, out []float32, ldc int, a []float32, lda, m, np, k int, b []float32) {
	mr := c.kern.rows()
	for m0 := 0; m0 < m; m0 += blockRows {
		mm := min(blockRows, m-m0)
		for k0 := 0; k0 < k; k0 += blockDepth {
			kk := min(blockDepth, k-k0)
			packRows(s.a, a, lda, m0, mm, k0, kk, mr)
			for p := range np / panel {
				for r := 0; r < mm; r += mr {
					c.kern.tile(kk, s.a[r*kk:], b[(p*k+k0)*panel:], out[(m0+r)*ldc+p*panel:], ldc)
				}
			}
		}
	}
}
