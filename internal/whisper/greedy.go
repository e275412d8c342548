package whisper

import (
	"context"
	"math"
)

// decoded is the text of a window as tokens.
type decoded struct {
	tokens    []int
	probs     []float32 // of each token, after the rules
	logProb   float64   // sum, with that of the end token
	steps     int       // tokens and, if reached, the end
	truncated bool      // the limit came before the end
}

// meanP is the geometric mean of the token probabilities.
func (d decoded) meanP() float32 {
	if d.steps == 0 {
		return 0
	}
	return sound(math.Exp(d.logProb / float64(d.steps)))
}

// greedy takes the likeliest token at each step.
func (s *Session) greedy(ctx context.Context, st start) (decoded, error) {
	d, kern := &s.dec, s.c.kern
	out := decoded{truncated: true}
	past, at := st.past, st.row
	for out.steps < maxTokens && len(past) < s.m.shape.textCtx {
		logits := d.logitsOf(at)
		s.m.forbid(logits, out.steps == 0)
		best, token := forbidden(), s.m.ids.end
		for i, v := range logits {
			if v > best {
				best, token = v, i
			}
		}
		lp := -math.Log(kern.sumExp(logits, best))
		out.logProb += lp
		out.steps++
		if token == s.m.ids.end {
			out.truncated = false
			break
		}
		out.tokens = append(out.tokens, token)
		out.probs = append(out.probs, sound(math.Exp(lp)))
		var err error
		if past, err = d.feed(ctx, []int{token}, past, nil); err != nil {
			return decoded{}, err
		}
		d.predict(1)
		at = 0
	}
	return out, nil
}
