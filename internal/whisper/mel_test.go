package whisper

import (
	"math"
	"testing"
)

// TestSpectrogram compares with the definition, computed the slow way.
func TestSpectrogram(t *testing.T) {
	filters := make([]float32, 80*melBins)
	for m := range 80 {
		for i := range 5 {
			filters[m*melBins+2*m+i] = float32(i+1) / 100
		}
	}
	f := newFrontEnd(80, filters)
	pcm := voice(0.5)
	const frames = 130
	want := slowSpectrogram(pcm, filters, frames)
	for _, k := range available() {
		got := make([]float32, frames*80)
		f.spectrogram(newCompute(k, 2), got, pcm, frames)
		for i := range want {
			if math.Abs(float64(got[i])-want[i]) > 0.003 {
				t.Fatalf("%v: frame %d band %d = %g, want %g", k, i/80, i%80, got[i], want[i])
			}
		}
	}
}

func slowSpectrogram(pcm, filters []float32, frames int) []float64 {
	at := func(i int) float64 {
		if i < 0 {
			i = -i
		}
		if i >= len(pcm) {
			return 0
		}
		return float64(pcm[i])
	}
	var cos, sin [fftSize]float64
	for i := range cos {
		sin[i], cos[i] = math.Sincos(2 * math.Pi * float64(i) / fftSize)
	}
	out := make([]float64, frames*80)
	top := math.Inf(-1)
	for t := range frames {
		var power [melBins]float64
		for b := range power {
			var re, im float64
			for i := range fftSize {
				x := at(t*hop-fftSize/2+i) * (0.5 - 0.5*cos[i])
				re, im = re+x*cos[b*i%fftSize], im+x*sin[b*i%fftSize]
			}
			power[b] = re*re + im*im
		}
		for m := range 80 {
			e := 0.0
			for b, p := range power {
				e += p * float64(filters[m*melBins+b])
			}
			out[t*80+m] = math.Log10(max(e, melFloor))
			top = max(top, out[t*80+m])
		}
	}
	for i, v := range out {
		out[i] = (max(v, top-8) + 4) / 4
	}
	return out
}

func TestSpectrogramOfSilence(t *testing.T) {
	f := newFrontEnd(80, make([]float32, 80*melBins))
	got := make([]float32, 40*80)
	f.spectrogram(newCompute(detect(), 1), got, make([]float32, 1000), 40)
	for i, v := range got {
		if v != -1.5 { // (log10(1e-10) + 4) / 4
			t.Fatalf("value %d = %g, want -1.5", i, v)
		}
	}
}
