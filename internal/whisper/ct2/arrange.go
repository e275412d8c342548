package ct2

import (
	"fmt"
	"strings"
)

// sizes are those of a Whisper model.
type sizes struct {
	vocab, textTokens, audioCtx, textCtx, width, layers, mels int
}

// base is Whisper base.
func base() sizes {
	return sizes{vocab: 51865, textTokens: 50257, audioCtx: 1500, textCtx: 448, width: 512, layers: 6, mels: 80}
}

// arranger renames tensors and puts them into the order of upstream's file.
type arranger struct {
	from map[string]tensor
	out  []named
	err  error
}

// named is a tensor with its name in the ggml file.
type named struct {
	name string
	tensor
}

// arrange gives all tensors of the ggml file in order: positions, token
// embedding, decoder blocks, decoder norm, convolutions, encoder blocks, norm.
func arrange(from map[string]tensor, s sizes) ([]named, error) {
	a := &arranger{from: from}
	d := s.width
	a.copy("decoder.positional_embedding", "decoder/position_encodings/encodings", s.textCtx, d)
	a.copy("encoder.positional_embedding", "encoder/position_encodings/encodings", s.audioCtx, d)
	a.copy("decoder.token_embedding.weight", "decoder/embeddings/weight", s.vocab, d)
	a.blocks("decoder", s)
	a.norm("decoder.ln", "decoder/layer_norm", d)
	a.copy("encoder.conv1.weight", "encoder/conv1/weight", d, s.mels, 3)
	a.copy("encoder.conv1.bias", "encoder/conv1/bias", d)
	a.copy("encoder.conv2.weight", "encoder/conv2/weight", d, d, 3)
	a.copy("encoder.conv2.bias", "encoder/conv2/bias", d)
	a.blocks("encoder", s)
	a.norm("encoder.ln_post", "encoder/layer_norm", d)
	return a.out, a.err
}

// get finds a tensor of the given sizes.
func (a *arranger) get(name string, dims ...int) tensor {
	t := a.from[name]
	if !t.has(dims...) && a.err == nil {
		a.err = fmt.Errorf("no tensor %s of sizes %v", name, dims)
	}
	return t
}

func (a *arranger) copy(to, from string, dims ...int) {
	a.out = append(a.out, named{to, a.get(from, dims...)})
}

// rows copies rows [first, first+n) of a stacked matrix or vector with the given sizes.
func (a *arranger) rows(to, from string, first, n int, dims ...int) {
	t := a.get(from, dims...)
	if a.err != nil {
		return
	}
	size := len(t.data) / dims[0]
	part := tensor{dims: append([]int{n}, dims[1:]...), data: t.data[first*size : (first+n)*size]}
	a.out = append(a.out, named{to, part})
}

func (a *arranger) norm(to, from string, d int) {
	a.copy(to+".weight", from+"/gamma", d)
	a.copy(to+".bias", from+"/beta", d)
}

func (a *arranger) linear(to, from string, out, in int) {
	a.copy(to+".weight", from+"/weight", out, in)
	a.copy(to+".bias", from+"/bias", out)
}

func (a *arranger) blocks(side string, s sizes) {
	d := s.width
	for l := range s.layers {
		to, from := fmt.Sprintf("%s.blocks.%d.", side, l), fmt.Sprintf("%s/layer_%d/", side, l)
		a.norm(to+"mlp_ln", from+"ffn/layer_norm", d)
		a.linear(to+"mlp.0", from+"ffn/linear_0", 4*d, d)
		a.linear(to+"mlp.2", from+"ffn/linear_1", d, 4*d)
		a.norm(to+"attn_ln", from+"self_attention/layer_norm", d)
		a.selfAttention(to+"attn.", from+"self_attention/", d)
		if strings.HasPrefix(side, "dec") {
			a.norm(to+"cross_attn_ln", from+"attention/layer_norm", d)
			a.crossAttention(to+"cross_attn.", from+"attention/", d)
		}
	}
}

// selfAttention takes queries, keys and values apart, which CTranslate2 stacks. The
// keys' bias is zero and has no place in ggml.
func (a *arranger) selfAttention(to, from string, d int) {
	w, b := from+"linear_0/weight", from+"linear_0/bias"
	a.rows(to+"query.weight", w, 0, d, 3*d, d)
	a.rows(to+"query.bias", b, 0, d, 3*d)
	a.rows(to+"key.weight", w, d, d, 3*d, d)
	a.rows(to+"value.weight", w, 2*d, d, 3*d, d)
	a.rows(to+"value.bias", b, 2*d, d, 3*d)
	a.linear(to+"out", from+"linear_1", d, d)
}

func (a *arranger) crossAttention(to, from string, d int) {
	w, b := from+"linear_1/weight", from+"linear_1/bias"
	a.linear(to+"query", from+"linear_0", d, d)
	a.rows(to+"key.weight", w, 0, d, 2*d, d)
	a.rows(to+"value.weight", w, d, d, 2*d, d)
	a.rows(to+"value.bias", b, d, d, 2*d)
	a.linear(to+"out", from+"linear_2", d, d)
}
