package whisper

import "math"

const (
	sampleRate = 16000
	fftSize    = 400 // samples of a Hann window, 25 ms
	hop        = 160 // samples per frame, 10 ms
	melBins    = fftSize/2 + 1
	melFloor   = 1e-10
	loudest    = 1 << 10 // far over the full scale of 1
)

// frontEnd turns samples into a log-mel spectrogram (speech.md §9.2).
type frontEnd struct {
	mels    int
	filters []band
	hann    []float32
	dft     []float32 // packed panels of cosines, then sines: [spectrumCols/16][400][16]
}

// band is one mel filter without its zeros.
type band struct {
	from    int
	weights []float32
}

const spectrumCols = (2*melBins + panel - 1) / panel * panel

func newFrontEnd(mels int, filters []float32) frontEnd {
	f := frontEnd{mels: mels, hann: make([]float32, fftSize), dft: make([]float32, spectrumCols*fftSize)}
	for i := range f.hann {
		f.hann[i] = float32(0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/fftSize))
	}
	for m := range mels {
		f.filters = append(f.filters, newBand(filters[m*melBins:(m+1)*melBins]))
	}
	var cos, sin [fftSize]float32
	for i := range cos {
		s, c := math.Sincos(2 * math.Pi * float64(i) / fftSize)
		cos[i], sin[i] = float32(c), float32(s)
	}
	for n := range 2 * melBins {
		for k := range fftSize {
			v := cos[k*n%fftSize]
			if n >= melBins {
				v = sin[k*(n-melBins)%fftSize]
			}
			f.dft[(n/panel*fftSize+k)*panel+n%panel] = v
		}
	}
	return f
}

func newBand(w []float32) band {
	from, to := 0, len(w)
	for from < to && w[from] == 0 {
		from++
	}
	for to > from && w[to-1] == 0 {
		to--
	}
	return band{from: from, weights: w[from:to]}
}

// spectrogram fills out ([frames][mels]) from pcm followed by silence.
func (f *frontEnd) spectrogram(c *compute, out, pcm []float32, frames int) {
	// Frame t sees samples t*hop-200 … t*hop+199: after the last one all is silence.
	heard := min(frames, (len(pcm)+fftSize/2+hop-1)/hop)
	c.each((heard+blockRows-1)/blockRows, func(s *scratch, block int) {
		from := block * blockRows
		f.block(c, s, out, pcm, from, min(blockRows, heard-from))
	})
	rest := out[heard*f.mels : frames*f.mels]
	for i := range rest {
		rest[i] = float32(math.Log10(melFloor))
	}
	out = out[:frames*f.mels]
	floor := c.kern.maximum(out) - 8
	for i, v := range out {
		out[i] = (max(v, floor) + 4) / 4
	}
}

// block computes n frames from frame t0 on: windows, spectrum as one product, filters.
func (f *frontEnd) block(c *compute, s *scratch, out, pcm []float32, t0, n int) {
	frames := grow(&s.keys, padRows(n)*fftSize)
	spectrum := grow(&s.score, padRows(n)*spectrumCols)
	clear(spectrum)
	for t := range n {
		f.window(frames[t*fftSize:(t+1)*fftSize], pcm, (t0+t)*hop-fftSize/2)
	}
	c.product(s, spectrum, spectrumCols, frames, fftSize, n, spectrumCols, fftSize, f.dft)
	var power [melBins]float32
	for t := range n {
		row := spectrum[t*spectrumCols : (t+1)*spectrumCols]
		re, im := row[:melBins], row[melBins:2*melBins]
		for i := range power {
			power[i] = re[i]*re[i] + im[i]*im[i]
		}
		for m, b := range f.filters {
			var e float64
			for i, w := range b.weights {
				e += float64(w * power[b.from+i])
			}
			out[(t0+t)*f.mels+m] = float32(math.Log10(max(e, melFloor)))
		}
	}
}

// window cuts the samples from at on, weighted; the start of the note is reflected.
// What is no sample (not a number, infinite) is silence.
func (f *frontEnd) window(dst, pcm []float32, at int) {
	for i, w := range f.hann {
		j := at + i
		if j < 0 {
			j = -j
		}
		dst[i] = 0
		if j >= len(pcm) {
			continue
		}
		if v := pcm[j]; v > -loudest && v < loudest {
			dst[i] = v * w
		}
	}
}
