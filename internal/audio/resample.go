package audio

import (
	"context"
	"math"
)

// The resampler's kernel: a sinc of 24 zero crossings a side under a Kaiser
// window, tabled at 512 points per crossing. Linear phase; about 80 dB down.
const (
	crossings  = 24
	tablePer   = 512
	kaiserBeta = 8.0
	passBand   = 0.94 // of the smaller half rate
)

// resample brings mono samples from rate to 16 kHz. The result begins at the same
// instant and has round(len·16000/rate) samples.
func resample(ctx context.Context, in []float32, rate int) ([]float32, error) {
	if rate == Rate {
		return in, nil
	}
	table := kernelTable()
	step := float64(rate) / Rate
	// Cut-off relative to the input rate: below the smaller of the two half rates.
	cut := passBand * math.Min(1, 1/step)
	reach := crossings / cut
	out := make([]float32, int(math.Round(float64(len(in))/step)))
	for i := range out {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		at := float64(i) * step
		lo, hi := max(0, int(math.Ceil(at-reach))), min(len(in)-1, int(math.Floor(at+reach)))
		var sum float64
		for j := lo; j <= hi; j++ {
			x := math.Abs(at-float64(j)) * cut * tablePer
			k := int(x)
			f := float32(x - float64(k))
			sum += float64(in[j] * (table[k] + f*(table[k+1]-table[k])))
		}
		out[i] = float32(sum * cut)
	}
	return out, nil
}

// kernelTable tables sinc(x)·Kaiser(x/crossings) for x = 0…crossings.
func kernelTable() []float32 {
	t := make([]float32, crossings*tablePer+2)
	for i := range t[:crossings*tablePer] {
		x := float64(i) / tablePer
		s := 1.0
		if i > 0 {
			s = math.Sin(math.Pi*x) / (math.Pi * x)
		}
		r := x / crossings
		t[i] = float32(s * bessel(kaiserBeta*math.Sqrt(1-r*r)) / bessel(kaiserBeta))
	}
	return t
}

// bessel is the modified Bessel function of the first kind, order 0.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-12*sum; k++ {
		term *= x / (2 * k) * x / (2 * k)
		sum += term
	}
	return sum
}
