package whisper

import "fmt"

// slot is the place of one tensor in the model: a vector of single-precision
// numbers or a matrix in one of the types for weights.
type slot struct {
	dims   []int // innermost first, as in the file
	vector *[]float32
	matrix *linear
	rows   int // of the matrix
	seen   bool
}

func (t *slot) count() int {
	n := 1
	for _, d := range t.dims {
		n *= d
	}
	return n
}

// leastBytes is the smallest size the tensor can have in a file.
func (t *slot) leastBytes(name string) int64 {
	head := int64(12 + 4*len(t.dims) + len(name))
	if t.vector != nil {
		return head + 4*int64(t.count())
	}
	return head + int64(typeQ8.size(t.count()))
}

// layout lists every tensor that a file with m's header must have, by name.
func (m *Model) layout() map[string]*slot {
	l := layout{}
	h, d := m.shape, m.shape.width
	l.vector("encoder.positional_embedding", &m.audioPos, d, h.audioCtx)
	l.vector("decoder.positional_embedding", &m.textPos, d, h.textCtx)
	l["decoder.token_embedding.weight"] = &slot{dims: []int{d, h.vocab}, matrix: &m.embedding, rows: h.vocab}
	l.conv("encoder.conv1", &m.conv1, d, h.mels)
	l.conv("encoder.conv2", &m.conv2, d, d)
	l.norm("encoder.ln_post", &m.encoderNorm, d)
	l.norm("decoder.ln", &m.decoderNorm, d)
	m.encoder, m.decoder = make([]block, h.audioLayers), make([]block, h.textLayers)
	for i := range m.encoder {
		l.block(fmt.Sprintf("encoder.blocks.%d.", i), &m.encoder[i], d)
	}
	for i := range m.decoder {
		b := &m.decoder[i]
		name := fmt.Sprintf("decoder.blocks.%d.", i)
		l.block(name, b, d)
		l.norm(name+"cross_attn_ln", &b.crossNorm, d)
		l.attention(name+"cross_attn", &b.cross, d)
	}
	return l
}

// layout maps a tensor's name to its place.
type layout map[string]*slot

func (l layout) vector(name string, v *[]float32, dims ...int) {
	l[name] = &slot{dims: dims, vector: v}
}

func (l layout) matrix(name string, m *linear, out, in int) {
	l[name+".weight"] = &slot{dims: []int{in, out}, matrix: m, rows: out}
	l.vector(name+".bias", &m.b, out)
}

// conv is a convolution with three taps; its bias has rank 2 in the file.
func (l layout) conv(name string, m *linear, out, in int) {
	l[name+".weight"] = &slot{dims: []int{3, in, out}, matrix: m, rows: out}
	l.vector(name+".bias", &m.b, 1, out)
}

func (l layout) norm(name string, n *norm, d int) {
	l.vector(name+".weight", &n.gain, d)
	l.vector(name+".bias", &n.bias, d)
}

func (l layout) attention(name string, a *attention, d int) {
	l.matrix(name+".query", &a.query, d, d)
	l.matrix(name+".key", &a.key, d, d)
	delete(l, name+".key.bias")
	l.matrix(name+".value", &a.value, d, d)
	l.matrix(name+".out", &a.out, d, d)
}

func (l layout) block(name string, b *block, d int) {
	l.norm(name+"attn_ln", &b.selfNorm, d)
	l.norm(name+"mlp_ln", &b.mlpNorm, d)
	l.attention(name+"attn", &b.self, d)
	l.matrix(name+"mlp.0", &b.mlpIn, 4*d, d)
	l.matrix(name+"mlp.2", &b.mlpOut, d, 4*d)
}
