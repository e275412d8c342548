package whisper

import (
	"math"
	"sync"
)

// norm is a layer normalisation with gain and bias, ε 1e-5.
type norm struct{ gain, bias []float32 }

// apply normalises each row of x into y; both may be the same slice.
func (n norm) apply(y, x []float32) {
	d := len(n.gain)
	for r := 0; r+d <= len(x); r += d {
		n.row(y[r:r+d], x[r:r+d])
	}
}

func (n norm) row(y, x []float32) {
	var sum, sq float64
	for _, v := range x {
		sum += float64(v)
	}
	mean := float32(sum / float64(len(x)))
	for _, v := range x {
		sq += float64((v - mean) * (v - mean))
	}
	inv := float32(1 / math.Sqrt(sq/float64(len(x))+1e-5))
	gain, bias := n.gain[:len(x)], n.bias[:len(x)]
	y = y[:len(x)]
	for i, v := range x {
		y[i] = (v-mean)*inv*gain[i] + bias[i]
	}
}

const (
	geluEnd  = 8   // from here on gelu(x) is x, or 0 on the other side
	geluStep = 512 // table entries per unit
)

// geluTable holds gelu from -8 to 8; made on first use, then read-only.
var geluTable = sync.OnceValue(func() *[2*geluEnd*geluStep + 2]float32 {
	t := new([2*geluEnd*geluStep + 2]float32)
	for i := range t {
		x := float64(i-geluEnd*geluStep) / geluStep
		t[i] = float32(0.5 * x * (1 + math.Erf(x/math.Sqrt2)))
	}
	return t
})

// gelu replaces x by gelu(x), interpolated from a table. What is not a number stays so.
func gelu(x []float32) {
	table := geluTable()
	for i, v := range x {
		if !(v < geluEnd-0.01) {
			continue
		}
		if v <= 0.01-geluEnd {
			x[i] = 0
			continue
		}
		f := (v + geluEnd) * geluStep
		j := int(f)
		t := f - float32(j)
		x[i] = table[j]*(1-t) + table[j+1]*t
	}
}

// exp32 is e to the x for x ≤ 0, relative error about 1e-7.
func exp32(x float32) float32 {
	if x < -87 {
		return 0
	}
	z := x * 1.44269504
	n := float32(math.Floor(float64(z)))
	f := (z - n) * 0.69314718
	p := 1 + f*(1+f*(0.5+f*(1.0/6+f*(1.0/24+f*(1.0/120+f*(1.0/720+f/5040))))))
	return p * math.Float32frombits(uint32(int32(n)+127)<<23)
}

// add adds y to x.
func add(x, y []float32) {
	y = y[:len(x)]
	for i := range x {
		x[i] += y[i]
	}
}
