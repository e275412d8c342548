package whisper

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// logitsFor feeds tokens in groups and gives the logits after the last.
func logitsFor(t *testing.T, s *Session, tokens []int, group int) []float32 {
	t.Helper()
	s.dec.reset()
	var past []int32
	n := 0
	for from := 0; from < len(tokens); from += group {
		part := tokens[from:min(from+group, len(tokens))]
		var err error
		if past, err = s.dec.feed(t.Context(), part, past, nil); err != nil {
			t.Fatal(err)
		}
		n = (len(part)-1)%batchRows + 1
	}
	s.dec.predict(n)
	return slices.Clone(s.dec.logitsOf(n - 1))
}

// TestDecoderBatches: a text read token by token, six at a time, or by other
// kernels and threads gives the same logits.
func TestDecoderBatches(t *testing.T) {
	for _, kind := range []tensorType{typeF16, typeQ8} {
		m := mustLoad(t, newTiny(kind).file())
		tokens := append(m.startTokens(), 'G', 'u', 't', 'e', 'n', ' ', 'T', 'a', 'g', 256, 257, 0xc3)
		m.kern = isaGeneric
		s := m.newSession(1)
		if err := s.encode(t.Context(), voice(0.7), 90); err != nil {
			t.Fatal(err)
		}
		want := logitsFor(t, s, tokens, 1)
		for _, k := range available() {
			m.kern = k
			for _, threads := range []int{1, 3} {
				s := m.newSession(threads)
				if err := s.encode(t.Context(), voice(0.7), 90); err != nil {
					t.Fatal(err)
				}
				for _, group := range []int{1, 2, 5, 6, 16} {
					near(t, k.String(), logitsFor(t, s, tokens, group), want, 5e-3)
				}
			}
		}
	}
}

// TestAttendHead compares a head's attention with the definition.
func TestAttendHead(t *testing.T) {
	const d, from = 128, 64
	for _, k := range available() {
		for _, n := range []int{1, 15, 16, 121, 250} {
			c := newCompute(k, 1)
			i := 0
			fill := func() float32 { i++; return float32(math.Sin(float64(i*i%977))) * 0.5 }
			q, key, v := newGuarded(padRows(n)*d, fill), newGuarded(padRows(n)*d, fill), newGuarded(padRows(n)*d, fill)
			out := newGuarded(padRows(n)*d, func() float32 { return 0 })
			c.attendHead(&c.scratch[0], out.data, q.data, key.data, v.data, d, from, n)
			out.check(t, "attendHead")
			for r := range n {
				near(t, k.String(), out.data[r*d+from:(r+1)*d], slowHead(q.data, key.data, v.data, d, from, r, n), 1e-4)
				if out.data[r*d] != 0 {
					t.Fatal("another head's columns were written")
				}
			}
		}
	}
}

func slowHead(q, k, v []float32, d, from, r, n int) []float32 {
	w := make([]float64, n)
	total := 0.0
	for t := range n {
		s := 0.0
		for i := range headWidth {
			s += float64(q[r*d+from+i]) * float64(k[t*d+from+i])
		}
		w[t] = math.Exp(s)
		total += w[t]
	}
	out := make([]float32, headWidth)
	for i := range out {
		s := 0.0
		for t := range n {
			s += w[t] * float64(v[t*d+from+i])
		}
		out[i] = float32(s / total)
	}
	return out
}

func TestLinear(t *testing.T) {
	for _, k := range available() {
		for _, kind := range []tensorType{typeF16, typeF32, typeQ8} {
			for _, shape := range [][3]int{{1, 64, 20}, {7, 640, 33}, {130, 256, 64}, {6, 1056, 5}} {
				checkLinear(t, k, kind, shape[0], shape[1], shape[2])
			}
		}
	}
}

// checkLinear compares a layer of n rows and the given depth over m rows of input
// with the definition.
func checkLinear(t *testing.T, k isa, kind tensorType, m, depth, n int) {
	t.Helper()
	i := 0
	fill := func() float32 { i++; return float32(i*i%23)/23 - 0.5 }
	rnd := rand.New(rand.NewPCG(5, 6))
	var l linear
	l.alloc(n, depth, kind == typeQ8)
	w := make([]float32, n*depth)
	for r := range n {
		var b bytes.Buffer
		writeRandom(&b, rnd, depth, kind)
		if !l.w.setRow(r, b.Bytes(), kind) {
			t.Fatal("finite weights are refused")
		}
		l.w.row(w[r*depth:(r+1)*depth], r)
	}
	l.b = newGuarded(n, fill).data
	x := newGuarded(m*depth, fill)
	want := slowLinear(w, l.b, x.data, m, depth, n, l.np)
	c := newCompute(k, 2)
	y := newGuarded(padRows(m)*l.np, fill)
	l.mul(c, y.data, x.data, depth, m)
	y.check(t, "mul")
	near(t, "mul", y.data, want, 1e-3)
	y6, pack := newGuarded(batchRows*l.np, fill), newGuarded(batchRows*depth, fill)
	rows := min(m, batchRows)
	l.vecs(c, y6.data, x.data, pack.data, rows)
	y6.check(t, "vecs")
	near(t, "vecs", y6.data, want[:rows*l.np], 1e-3)
}

// TestRowDecodes: the three types of weights as ggml defines them.
func TestRowDecodes(t *testing.T) {
	b := make([]byte, q8Bytes)
	binary.LittleEndian.PutUint16(b, ToHalf(0.5))
	for i := range q8Values {
		b[2+i] = byte(int8(i - 16))
	}
	w := newWeights(17, q8Values, true)
	got := make([]float32, q8Values)
	w.setRow(16, b, typeQ8)
	w.row(got, 16)
	for i, v := range got {
		if want := float32(i-16) / 2; v != want {
			t.Errorf("q8_0 value %d = %g, want %g", i, v, want)
		}
	}
	b[1] = 0x7c // infinite
	if w.setRow(3, b, typeQ8) {
		t.Error("an infinite scale is taken")
	}
	h := newWeights(3, 2, false)
	h.setRow(2, []byte{0, 0x3c, 0, 0xc0}, typeF16)
	h.row(got[:2], 2)
	near(t, "f16", got[:2], []float32{1, -2}, 0)
	h.setRow(1, []byte{0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0}, typeF32)
	h.row(got[:2], 1)
	near(t, "f32", got[:2], []float32{1, -2}, 0)
}

func slowLinear(w, b, x []float32, m, depth, n, np int) []float32 {
	out := make([]float32, m*np)
	for r := range m {
		for j := range n {
			s := float64(b[j])
			for i := range depth {
				s += float64(x[r*depth+i]) * float64(w[j*depth+i])
			}
			out[r*np+j] = float32(s)
		}
	}
	return out
}

func TestActivations(t *testing.T) {
	x := []float32{-20, -7.995, -3, -0.5, 0, 0.1, 2.5, 7.995, 20}
	got := slices.Clone(x)
	gelu(got)
	for i, v := range x {
		want := 0.5 * float64(v) * (1 + math.Erf(float64(v)/math.Sqrt2))
		if math.Abs(float64(got[i])-want) > 1e-5 {
			t.Errorf("gelu(%g) = %g, want %g", v, got[i], want)
		}
	}
	odd := []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))}
	gelu(odd)
	if odd[0] == odd[0] || odd[1] != float32(math.Inf(1)) || odd[2] != 0 {
		t.Errorf("gelu of odd values = %v", odd)
	}
	n := norm{gain: []float32{1, 2, 1, 1}, bias: []float32{0, 0, 1, 0}}
	y := make([]float32, 8)
	n.apply(y, []float32{1, 2, 3, 4, 5, 5, 5, 5})
	near(t, "norm", y, []float32{-1.34164, -0.89442, 1.44721, 1.34164, 0, 0, 1, 0}, 1e-4)
}
