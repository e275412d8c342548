package ct2

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/whisper"
)

func tiny() sizes {
	return sizes{vocab: 40, textTokens: 5, audioCtx: 3, textCtx: 2, width: 64, layers: 1, mels: 80}
}

// source builds a CTranslate2 file of the tiny sizes; skip leaves a tensor out.
type source struct {
	buf    bytes.Buffer
	rnd    *rand.Rand
	count  int
	skip   string
	values map[string][]float32
}

func (s *source) tensor(name string, dims ...int) {
	if name == s.skip {
		return
	}
	s.count++
	n := 1
	for _, d := range dims {
		n *= d
	}
	s.name(name)
	s.buf.WriteByte(byte(len(dims)))
	for _, d := range dims {
		s.number(d)
	}
	s.buf.WriteByte(dataF16)
	s.number(2 * n)
	for range n {
		h := whisper.ToHalf(float32(s.rnd.NormFloat64()))
		s.values[name] = append(s.values[name], whisper.FromHalf(h))
		_ = binary.Write(&s.buf, binary.LittleEndian, h)
	}
}

func (s *source) name(n string) {
	_ = binary.Write(&s.buf, binary.LittleEndian, uint16(len(n)+1))
	s.buf.WriteString(n + "\x00")
}

func (s *source) number(n int) { _ = binary.Write(&s.buf, binary.LittleEndian, uint32(n)) }

func (s *source) linear(name string, out, in int) {
	s.tensor(name+"/weight", out, in)
	s.tensor(name+"/bias", out)
}

func (s *source) norm(name string, d int) {
	s.tensor(name+"/gamma", d)
	s.tensor(name+"/beta", d)
}

func newSource(skip string) *source {
	s := &source{rnd: rand.New(rand.NewPCG(3, 4)), skip: skip, values: map[string][]float32{}}
	z, d := tiny(), tiny().width
	s.tensor("decoder/position_encodings/encodings", z.textCtx, d)
	s.tensor("encoder/position_encodings/encodings", z.audioCtx, d)
	s.tensor("decoder/embeddings/weight", z.vocab, d)
	s.norm("decoder/layer_norm", d)
	s.norm("encoder/layer_norm", d)
	s.tensor("encoder/conv1/weight", d, z.mels, 3)
	s.tensor("encoder/conv1/bias", d)
	s.tensor("encoder/conv2/weight", d, d, 3)
	s.tensor("encoder/conv2/bias", d)
	for _, side := range []string{"encoder", "decoder"} {
		p := side + "/layer_0/"
		s.norm(p+"ffn/layer_norm", d)
		s.linear(p+"ffn/linear_0", 4*d, d)
		s.linear(p+"ffn/linear_1", d, 4*d)
		s.norm(p+"self_attention/layer_norm", d)
		s.linear(p+"self_attention/linear_0", 3*d, d)
		s.linear(p+"self_attention/linear_1", d, d)
	}
	p := "decoder/layer_0/attention/"
	s.norm(p+"layer_norm", d)
	s.linear(p+"linear_0", d, d)
	s.linear(p+"linear_1", 2*d, d)
	s.linear(p+"linear_2", d, d)
	return s
}

func (s *source) bytes() []byte {
	body := bytes.Clone(s.buf.Bytes())
	s.buf.Reset()
	s.number(6)
	s.name("WhisperSpec")
	s.number(3)
	s.number(s.count)
	return append(bytes.Clone(s.buf.Bytes()), body...)
}

const vocabulary = "!\nĠder\nÃ¼\nĠ\nx\nleft over\n"

// read reads the tensors of a ggml file back: values by name, and the names in order.
func read(t *testing.T, b []byte, s sizes) (map[string][]float32, []string) {
	t.Helper()
	number := func() int { v := int(int32(binary.LittleEndian.Uint32(b))); b = b[4:]; return v }
	for i, want := range []int{ggmlMagic, s.vocab, s.audioCtx, s.width, 1, s.layers, s.textCtx, s.width, 1, s.layers, s.mels, fileQ8, s.mels, melBins} {
		if got := number(); got != want {
			t.Fatalf("header value %d = %d, want %d", i, got, want)
		}
	}
	b = b[4*s.mels*melBins:]
	var pieces []string
	for range number() {
		n := number()
		pieces, b = append(pieces, string(b[:n])), b[n:]
	}
	if d := cmp.Diff([]string{"!", " der", "ü", " ", "x"}, pieces); d != "" {
		t.Error(d)
	}
	values, names := map[string][]float32{}, []string{}
	for len(b) > 0 {
		rank, length, kind := number(), number(), number()
		n := 1
		for range rank {
			n *= number()
		}
		name := string(b[:length])
		b = b[length:]
		names = append(names, fmt.Sprintf("%s %d %d", name, rank, kind))
		var v []float32
		for range map[int]int{typeF32: n, typeF16: n, typeQ8: n / q8Values}[kind] {
			switch kind {
			case typeF32:
				v, b = append(v, math.Float32frombits(binary.LittleEndian.Uint32(b))), b[4:]
			case typeF16:
				v, b = append(v, half(b, 0)), b[2:]
			case typeQ8:
				for _, q := range b[2:34] {
					v = append(v, half(b, 0)*float32(int8(q)))
				}
				b = b[34:]
			}
		}
		values[name] = v
	}
	return values, names
}

func TestWrite(t *testing.T) {
	s := newSource("")
	var out bytes.Buffer
	if err := write(&out, tiny(), s.bytes(), []byte(vocabulary)); err != nil {
		t.Fatal(err)
	}
	got, names := read(t, out.Bytes(), tiny())
	wantFirst := []string{"decoder.positional_embedding 2 0", "encoder.positional_embedding 2 0", "decoder.token_embedding.weight 2 8", "decoder.blocks.0.mlp_ln.weight 1 0"}
	if d := cmp.Diff(wantFirst, names[:4]); d != "" || names[len(names)-1] != "encoder.ln_post.bias 1 0" || len(names) != 3+4+4+15+24 {
		t.Errorf("%d tensors, %s, last %s", len(names), d, names[len(names)-1])
	}
	const d = 64
	self, cross := "decoder/layer_0/self_attention/linear_0/", "decoder/layer_0/attention/linear_1/"
	for name, want := range map[string][]float32{
		"decoder.positional_embedding":           s.values["decoder/position_encodings/encodings"],
		"encoder.conv1.weight":                   s.values["encoder/conv1/weight"],
		"encoder.ln_post.bias":                   s.values["encoder/layer_norm/beta"],
		"decoder.blocks.0.attn.query.weight":     s.values[self+"weight"][:d*d],
		"decoder.blocks.0.attn.key.weight":       s.values[self+"weight"][d*d : 2*d*d],
		"decoder.blocks.0.attn.value.weight":     s.values[self+"weight"][2*d*d:],
		"decoder.blocks.0.attn.value.bias":       s.values[self+"bias"][2*d:],
		"decoder.blocks.0.cross_attn.key.weight": s.values[cross+"weight"][:d*d],
		"decoder.blocks.0.cross_attn.value.bias": s.values[cross+"bias"][d:],
		"encoder.blocks.0.mlp.2.weight":          s.values["encoder/layer_0/ffn/linear_1/weight"],
		"decoder.blocks.0.cross_attn.out.weight": s.values["decoder/layer_0/attention/linear_2/weight"],
		"decoder.blocks.0.cross_attn.query.bias": s.values["decoder/layer_0/attention/linear_0/bias"],
		"decoder.token_embedding.weight":         s.values["decoder/embeddings/weight"],
	} {
		if len(got[name]) != len(want) {
			t.Errorf("%s: %d values, want %d", name, len(got[name]), len(want))
			continue
		}
		for i, w := range want {
			if diff := math.Abs(float64(got[name][i] - w)); diff > 0.03 {
				t.Errorf("%s: value %d = %g, want %g", name, i, got[name][i], w)
				break
			}
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	for name, err := range map[string]error{
		"missing tensor":   write(&bytes.Buffer{}, tiny(), newSource("encoder/conv2/bias").bytes(), []byte(vocabulary)),
		"other sizes":      write(&bytes.Buffer{}, base(), newSource("").bytes(), []byte(strings.Repeat("x\n", 60000))),
		"short vocabulary": write(&bytes.Buffer{}, tiny(), newSource("").bytes(), []byte("a\nb")),
		"cut":              write(&bytes.Buffer{}, tiny(), newSource("").bytes()[:5000], []byte(vocabulary)),
	} {
		if feierabend.CodeOf(err) != "model_damaged" || feierabend.TextOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteError(t *testing.T) {
	err := write(fullDisk{}, tiny(), newSource("").bytes(), []byte(vocabulary))
	if err == nil || feierabend.CodeOf(err) != "" {
		t.Errorf("full disk: %v", err)
	}
}

// TestBlock: ggml's reference quantisation of a known block.
func TestBlock(t *testing.T) {
	src := make([]byte, 64)
	for i := range 32 {
		binary.LittleEndian.PutUint16(src[2*i:], whisper.ToHalf(float32(i-16)/16))
	}
	b := appendBlock(nil, src)
	if got, want := binary.LittleEndian.Uint16(b), whisper.ToHalf(1.0/127); got != want {
		t.Errorf("scale %#x, want %#x", got, want)
	}
	if q := []int8{int8(b[2]), int8(b[3]), int8(b[18]), int8(b[33])}; q[0] != -127 || q[1] != -119 || q[2] != 0 || q[3] != 119 {
		t.Errorf("values %v", q)
	}
	if zero := appendBlock(nil, make([]byte, 64)); !bytes.Equal(zero, make([]byte, 34)) {
		t.Errorf("zeros give % x", zero)
	}
}

// FuzzReadTensors: foreign bytes give an error or tensors within the file.
func FuzzReadTensors(f *testing.F) {
	b := newSource("").bytes()
	f.Add(b[:3000])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		tensors, err := readTensors(b)
		if err == nil {
			_, _ = arrange(tensors, tiny())
		}
	})
}
