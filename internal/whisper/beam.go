package whisper

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// maxBeam is the widest beam: all hypotheses step together through six-row kernels.
const maxBeam = batchRows

// hypothesis is one text in the making, or a finished one.
type hypothesis struct {
	decoded
	past []int32
	row  int // of the logits that predict its next token
}

// candidate continues a hypothesis by a token.
type candidate struct {
	from    *hypothesis
	token   int
	logProb float64 // of the whole text
	p       float32 // of the token
}

// beam keeps the width best texts at each step until as many have ended; the best
// mean log probability wins (speech.md §9.2).
func (s *Session) beam(ctx context.Context, st start, width int) (decoded, error) {
	live := []*hypothesis{{past: st.past, row: st.row}}
	var done []*hypothesis
	for step := 0; step < maxTokens && len(live) > 0 && len(done) < width; step++ {
		if len(live[0].past) >= s.m.shape.textCtx {
			break
		}
		var all []candidate
		for _, h := range live {
			all = s.candidates(all, h, width+1)
		}
		slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.logProb, a.logProb) })
		var next []*hypothesis
		for _, c := range all {
			if len(next) == width {
				break
			}
			if c.token == s.m.ids.end {
				done = append(done, c.end())
				continue
			}
			next = append(next, c.extend())
		}
		if err := s.advance(ctx, next); err != nil {
			return decoded{}, err
		}
		live = next
	}
	if len(done) == 0 {
		done = live
		for _, h := range live {
			h.truncated = true
		}
	}
	if len(done) == 0 { // only with weights that give no numbers
		return decoded{truncated: true}, nil
	}
	best := slices.MaxFunc(done, func(a, b *hypothesis) int { return cmp.Compare(a.score(), b.score()) })
	return best.decoded, nil
}

func (h *hypothesis) score() float64 { return h.logProb / float64(max(1, h.steps)) }

// candidates appends the n best continuations of h.
func (s *Session) candidates(all []candidate, h *hypothesis, n int) []candidate {
	kern := s.c.kern
	logits := s.dec.logitsOf(h.row)
	s.m.forbid(logits, h.steps == 0)
	top := kern.maximum(logits)
	norm := float64(top) + math.Log(kern.sumExp(logits, top))
	best := make([]int, 0, n+1) // tokens, best first
	worst := forbidden()
	for i, v := range logits[:s.m.ids.end+1] {
		if !(v > worst) {
			continue
		}
		at := len(best)
		for at > 0 && v > logits[best[at-1]] {
			at--
		}
		best = slices.Insert(best, at, i)
		if len(best) > n {
			best = best[:n]
		}
		if len(best) == n {
			worst = logits[best[n-1]]
		}
	}
	for _, t := range best {
		lp := float64(logits[t]) - norm
		all = append(all, candidate{from: h, token: t, logProb: h.logProb + lp, p: sound(math.Exp(lp))})
	}
	return all
}

// end is the finished text of a candidate that ends it.
func (c candidate) end() *hypothesis {
	h := *c.from
	h.logProb, h.steps = c.logProb, h.steps+1
	return &h
}

// extend is the text of a candidate, with a past of its own.
func (c candidate) extend() *hypothesis {
	h := c.from
	return &hypothesis{
		decoded: decoded{
			tokens:  append(slices.Clone(h.tokens), c.token),
			probs:   append(slices.Clone(h.probs), c.p),
			logProb: c.logProb,
			steps:   h.steps + 1,
		},
		past: slices.Clone(h.past),
	}
}

// advance steps all hypotheses over their last tokens together.
func (s *Session) advance(ctx context.Context, next []*hypothesis) error {
	if len(next) == 0 {
		return nil
	}
	rows := make([]row, len(next))
	for i, h := range next {
		h.past = append(h.past, s.dec.slot())
		h.row = i
		rows[i] = row{token: h.tokens[len(h.tokens)-1], pos: len(h.past) - 1, past: h.past}
	}
	if err := s.dec.step(ctx, rows, nil); err != nil {
		return err
	}
	s.dec.predict(len(rows))
	return nil
}
