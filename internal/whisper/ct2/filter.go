package ct2

import "math"

// melFilters gives librosa.filters.mel(sr=16000, n_fft=400, n_mels=bands), which
// upstream stores in the file: triangles on the Slaney mel scale with equal area.
func melFilters(bands int) []float32 {
	const top, binWidth = 8000.0, 40.0
	edges := make([]float64, bands+2)
	for i := range edges {
		edges[i] = melToHertz(hertzToMel(top) / float64(bands+1) * float64(i))
	}
	edges[bands+1] = top // exactly
	out := make([]float32, bands*melBins)
	for i := range bands {
		area := 2 / (edges[i+2] - edges[i])
		for j := range melBins {
			x := binWidth * float64(j)
			v := min((x-edges[i])/(edges[i+1]-edges[i]), (edges[i+2]-x)/(edges[i+2]-edges[i+1]))
			if v > 0 {
				out[i*melBins+j] = float32(float64(float32(v)) * area)
			}
		}
	}
	return out
}

// The Slaney scale is linear up to 1000 Hz (mel 15) and logarithmic above.
const (
	linearHertz = 200.0 / 3 // per mel
	kneeHertz   = 1000.0
	kneeMel     = 15.0
)

func logStep() float64 { return math.Log(6.4) / 27 }

func hertzToMel(f float64) float64 {
	if f < kneeHertz {
		return f / linearHertz
	}
	return kneeMel + math.Log(f/kneeHertz)/logStep()
}

func melToHertz(m float64) float64 {
	if m < kneeMel {
		return m * linearHertz
	}
	return kneeHertz * math.Exp(logStep()*(m-kneeMel))
}
