package ct2

import (
	"bufio"
	"encoding/binary"
	"math"
	"strings"

	"feierabend/internal/whisper"
)

const (
	ggmlMagic = 0x67676d6c
	fileQ8    = 2007 // mostly q8_0 (7) + 1000 × quantisation version 2
	typeF32   = 0
	typeF16   = 1
	typeQ8    = 8
	headWidth = 64
	melBins   = 201
	q8Values  = 32
)

// Errors of w stay in the bufio.Writer and come out of Flush.

func putInts(w *bufio.Writer, values ...int) {
	for _, v := range values {
		_, _ = w.Write(binary.LittleEndian.AppendUint32(w.AvailableBuffer(), uint32(int32(v))))
	}
}

// writeHead writes header, mel filters and vocabulary.
func writeHead(w *bufio.Writer, s sizes, vocabulary [][]byte) {
	heads := s.width / headWidth
	putInts(w, ggmlMagic, s.vocab, s.audioCtx, s.width, heads, s.layers, s.textCtx, s.width, heads, s.layers, s.mels, fileQ8)
	putInts(w, s.mels, melBins)
	for _, v := range melFilters(s.mels) {
		putInts(w, int(int32(math.Float32bits(v))))
	}
	putInts(w, len(vocabulary))
	for _, piece := range vocabulary {
		putInts(w, len(piece))
		_, _ = w.Write(piece)
	}
}

// kind is the type a tensor has in a q8_0 file: vectors and positions stay single,
// convolutions half precision.
func (t named) kind() int {
	switch {
	case len(t.dims) == 1 || strings.HasSuffix(t.name, "positional_embedding"):
		return typeF32
	case len(t.dims) == 2:
		return typeQ8
	}
	return typeF16
}

// write writes head and data, dimensions innermost first.
func (t named) write(w *bufio.Writer) {
	dims := t.dims
	if strings.HasPrefix(t.name, "encoder.conv") && len(dims) == 1 {
		dims = []int{dims[0], 1}
	}
	putInts(w, len(dims), len(t.name), t.kind())
	for i := len(dims) - 1; i >= 0; i-- {
		putInts(w, dims[i])
	}
	_, _ = w.WriteString(t.name)
	switch t.kind() {
	case typeF16:
		_, _ = w.Write(t.data)
	case typeF32:
		for i := 0; i < len(t.data); i += 2 {
			putInts(w, int(int32(math.Float32bits(half(t.data, i)))))
		}
	case typeQ8:
		for i := 0; i < len(t.data); i += 2 * q8Values {
			_, _ = w.Write(appendBlock(w.AvailableBuffer(), t.data[i:i+2*q8Values]))
		}
	}
}

func half(b []byte, at int) float32 {
	return whisper.FromHalf(binary.LittleEndian.Uint16(b[at:]))
}

// appendBlock quantises 32 half-precision values as ggml does: scale = largest
// magnitude / 127 in half precision, values rounded with the unrounded scale.
func appendBlock(dst, src []byte) []byte {
	var x [q8Values]float32
	var most float32
	for i := range x {
		x[i] = half(src, 2*i)
		most = max(most, float32(math.Abs(float64(x[i]))))
	}
	scale := most / 127
	var inverse float32
	if scale != 0 {
		inverse = 1 / scale
	}
	dst = binary.LittleEndian.AppendUint16(dst, whisper.ToHalf(scale))
	for _, v := range x {
		dst = append(dst, byte(int8(math.Round(float64(v*inverse)))))
	}
	return dst
}
