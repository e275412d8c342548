package whisper

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// tinyFamily has a vocabulary of bytes and a few merges, and short contexts.
func tinyFamily() family { return family{textTokens: 300, audioCtx: 128, textCtx: 64} }

// tinyModel is the file of a model with random weights, and switches to damage it.
type tinyModel struct {
	header     []int
	vocabulary []string
	tensors    []tinyTensor
}

type tinyTensor struct {
	name string
	dims []int
	kind tensorType
}

func newTiny(kind tensorType) *tinyModel { return newTinyOf(kind, 80, 99) }

func newTinyOf(kind tensorType, mels, languages int) *tinyModel {
	f := tinyFamily()
	const width, layers = 64, 2
	vocab := f.textTokens + 2 + languages + afterLangs + timestamps
	t := &tinyModel{header: []int{vocab, f.audioCtx, width, 1, layers, f.textCtx, width, 1, layers, mels, 1}}
	for b := range 256 {
		t.vocabulary = append(t.vocabulary, string([]byte{byte(b)}))
	}
	t.vocabulary = append(t.vocabulary, "en", " d", "er", "ch", "ei", "un", "sch", " der", "ich", " un", "und", " und", "hr", "lo", "low", "ow")
	for len(t.vocabulary) < f.textTokens {
		t.vocabulary = append(t.vocabulary, fmt.Sprintf("~%d~", len(t.vocabulary)))
	}
	m := &Model{shape: header{vocab: vocab, audioCtx: f.audioCtx, width: width, heads: 1, audioLayers: layers, textCtx: f.textCtx, textLayers: layers, mels: mels}}
	slots := m.layout()
	for _, name := range sortedNames(slots) {
		s := slots[name]
		k := typeF32
		if s.matrix != nil {
			k = kind
			if kind == typeQ8 && s.dims[0]%q8Values != 0 {
				k = typeF16
			}
		}
		t.tensors = append(t.tensors, tinyTensor{name, s.dims, k})
	}
	return t
}

func (t *tinyModel) find(name string) *tinyTensor {
	for i := range t.tensors {
		if t.tensors[i].name == name {
			return &t.tensors[i]
		}
	}
	panic("no tensor " + name)
}

func put(b *bytes.Buffer, values ...int) {
	for _, v := range values {
		b.Write(binary.LittleEndian.AppendUint32(b.AvailableBuffer(), uint32(int32(v))))
	}
}

func putFloat(b *bytes.Buffer, v float32) { put(b, int(int32(math.Float32bits(v)))) }

func putHalf(b *bytes.Buffer, v float32) {
	b.Write(binary.LittleEndian.AppendUint16(b.AvailableBuffer(), ToHalf(v)))
}

// file writes the model with weights from a fixed seed.
func (t *tinyModel) file() []byte {
	rnd := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	put(&b, ggmlMagic)
	put(&b, t.header...)
	mels := min(max(t.header[9], 1), 128)
	put(&b, mels, melBins)
	for i := range mels * melBins {
		v := float32(0)
		if d := i%melBins - 2*(i/melBins); d >= 0 && d < 4 {
			v = 0.01
		}
		putFloat(&b, v)
	}
	put(&b, len(t.vocabulary))
	for _, p := range t.vocabulary {
		put(&b, len(p))
		b.WriteString(p)
	}
	for _, x := range t.tensors {
		put(&b, len(x.dims), len(x.name), int(x.kind))
		put(&b, x.dims...)
		b.WriteString(x.name)
		n := 1
		for _, d := range x.dims {
			n *= d
		}
		writeRandom(&b, rnd, n, x.kind)
	}
	return b.Bytes()
}

// writeRandom writes n random values; long tensors repeat a prime number of them.
func writeRandom(b *bytes.Buffer, rnd *rand.Rand, n int, kind tensorType) {
	const period = 997
	unit := 1
	if kind == typeQ8 {
		unit = q8Values
	}
	var part bytes.Buffer
	for range min(period, n/unit) {
		switch kind {
		case typeF32:
			putFloat(&part, float32(rnd.NormFloat64()*0.3))
		case typeF16:
			putHalf(&part, float32(rnd.NormFloat64()*0.2))
		case typeQ8:
			putHalf(&part, 0.003)
			for range q8Values {
				part.WriteByte(byte(rnd.IntN(256)))
			}
		}
	}
	for left := kind.size(n); left > 0; left -= part.Len() {
		b.Write(part.Bytes()[:min(left, part.Len())])
	}
}

func mustLoad(t testing.TB, file []byte) *Model {
	t.Helper()
	m, err := load(bytes.NewReader(file), int64(len(file)), tinyFamily())
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return m
}

// voice is a second of something that is not silence.
func voice(seconds float64) []float32 {
	pcm := make([]float32, int(seconds*sampleRate))
	for i := range pcm {
		x := float64(i) / sampleRate
		pcm[i] = float32(0.3 * math.Sin(2*math.Pi*300*x) * math.Sin(2*math.Pi*3*x))
	}
	return pcm
}
