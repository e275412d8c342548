package whisper

import (
	"context"
	"math"
	"time"
)

// positionTime is the length of one audio position.
const positionTime = 20 * time.Millisecond

// alignmentHeads gives the heads {layer, head} whose cross attention follows the
// speech, as published with openai/whisper; for other models all heads of the
// upper half of the layers (less exact).
func (h header) alignmentHeads() [][2]int {
	switch {
	case h.width == 512 && h.textLayers == 6:
		return [][2]int{{3, 1}, {4, 2}, {4, 3}, {4, 7}, {5, 1}, {5, 2}, {5, 4}, {5, 6}}
	case h.width == 768 && h.textLayers == 12:
		return [][2]int{{5, 3}, {5, 9}, {8, 0}, {8, 4}, {8, 7}, {8, 8}, {9, 0}, {9, 7}, {9, 9}, {10, 5}}
	}
	var all [][2]int
	for l := h.textLayers / 2; l < h.textLayers; l++ {
		for head := range h.heads {
			all = append(all, [2]int{l, head})
		}
	}
	return all
}

// aligner is the reused memory of align.
type aligner struct {
	weights    []float32 // [head][token][frame]
	cost, path []float32
	steps      []byte
}

// align finds when each token of the window's text begins, and when the last
// ends: a forced pass keeps the cross attention of the alignment heads; z-score
// over the tokens, median of 7 frames, mean over the heads, dynamic time warping
// (speech.md §7). samples is the length of the speech; times are in the window.
func (s *Session) align(ctx context.Context, text []int, samples int) ([]time.Duration, error) {
	prefix := s.m.startTokens()
	tokens := append(append(prefix[:len(prefix):len(prefix)], text...), s.m.ids.end)
	tokens = tokens[:min(len(tokens), s.m.shape.textCtx)]
	frames := min(s.cross.positions, samples/(framesPerPosition*hop))
	if frames == 0 {
		return make([]time.Duration, len(text)+1), nil
	}
	heads := s.m.shape.alignmentHeads()
	if err := s.forcedPass(ctx, tokens, heads, frames); err != nil {
		return nil, err
	}
	// Rows: <|notimestamps|>, which swallows leading silence, and the text; the end
	// token's row is left out.
	first, rows := len(prefix)-1, len(text)+1
	cost := grow(&s.ali.cost, rows*frames)
	clear(cost)
	for h := range heads {
		w := s.ali.weights[h*len(tokens)*frames : (h+1)*len(tokens)*frames]
		standardise(w, len(tokens), frames)
		for r := range rows {
			s.ali.addMedian(cost[r*frames:(r+1)*frames], w[(first+r)*frames:(first+r+1)*frames], -1/float32(len(heads)))
		}
	}
	starts := s.ali.warp(cost, rows, frames)
	times := make([]time.Duration, 0, rows)
	for _, f := range starts[1:] {
		times = append(times, time.Duration(f)*positionTime)
	}
	return append(times, time.Duration(frames)*positionTime), nil
}

// forcedPass steps over the known text and keeps the heads' attention to the
// speech, each row made to sum to one.
func (s *Session) forcedPass(ctx context.Context, tokens []int, heads [][2]int, frames int) error {
	weights := grow(&s.ali.weights, len(heads)*len(tokens)*frames)
	see := func(from int) observer {
		return func(layer, head, r int, w []float32) {
			for i, h := range heads {
				if h != [2]int{layer, head} {
					continue
				}
				row := weights[(i*len(tokens)+from+r)*frames:][:frames]
				var sum float32
				for _, v := range w[:frames] {
					sum += v
				}
				for f, v := range w[:frames] {
					row[f] = v / (sum + 1e-20)
				}
			}
		}
	}
	s.dec.reset()
	_, err := s.dec.feed(ctx, tokens, nil, see)
	return err
}

// standardise gives each frame of w ([token][frame]) mean 0 and deviation 1 over the tokens.
func standardise(w []float32, tokens, frames int) {
	for f := range frames {
		var sum, sq float64
		for t := range tokens {
			sum += float64(w[t*frames+f])
		}
		mean := sum / float64(tokens)
		for t := range tokens {
			v := float64(w[t*frames+f]) - mean
			sq += v * v
		}
		dev := math.Sqrt(sq/float64(tokens)) + 1e-20
		for t := range tokens {
			w[t*frames+f] = float32((float64(w[t*frames+f]) - mean) / dev)
		}
	}
}

const medianSize = 7

// addMedian adds factor times the running median of row, mirrored at its ends, to out.
func (a *aligner) addMedian(out, row []float32, factor float32) {
	n := len(row)
	var m [medianSize]float32
	for f := range n {
		for j := range m {
			g := f + j - medianSize/2
			if g < 0 {
				g = -g
			}
			if g >= n {
				g = 2*n - 2 - g
			}
			v := row[max(0, min(g, n-1))]
			at := j
			for ; at > 0 && v < m[at-1]; at-- {
				m[at] = m[at-1]
			}
			m[at] = v
		}
		out[f] += factor * m[medianSize/2]
	}
}

// warp finds the cheapest monotone path through cost ([row][frame]) and gives the
// first frame of each row.
func (a *aligner) warp(cost []float32, rows, frames int) []int {
	const both, down, right = 0, 1, 2
	width := frames + 1
	total := grow(&a.path, (rows+1)*width)
	if cap(a.steps) < len(total) {
		a.steps = make([]byte, len(total))
	}
	steps := a.steps[:len(total)]
	far := float32(math.Inf(1))
	for j := range width {
		total[j] = far
	}
	total[0] = 0
	for i := 1; i <= rows; i++ {
		total[i*width] = far
		for j := 1; j <= frames; j++ {
			at := i*width + j
			c, step := total[at-width-1], byte(both)
			if v := total[at-width]; v < c {
				c, step = v, down
			}
			if v := total[at-1]; v < c {
				c, step = v, right
			}
			total[at], steps[at] = c+cost[(i-1)*frames+j-1], step
		}
	}
	first := make([]int, rows)
	for i, j := rows, frames; i > 0 && j > 0; {
		first[i-1] = j - 1
		switch steps[i*width+j] {
		case both:
			i, j = i-1, j-1
		case down:
			i--
		default:
			j--
		}
	}
	return first
}
