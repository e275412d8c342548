package whisper

import (
	"encoding/binary"
	"math"
	"slices"
)

// tensorType is ggml's number for the form of a tensor's values.
type tensorType int

const (
	typeF32 tensorType = 0
	typeF16 tensorType = 1
	typeQ8  tensorType = 8 // blocks of 32: a half-precision scale and 32 × int8

	q8Values = 32
	q8Bytes  = 34
)

// size is the number of bytes that n values take, 0 for types we do not read.
func (t tensorType) size(n int) int {
	switch t {
	case typeF32:
		return 4 * n
	case typeF16:
		return 2 * n
	case typeQ8:
		return n / q8Values * q8Bytes
	}
	return 0
}

// readTensors reads the tensors to the end of the file into their slots: each
// exactly once, none else.
func readTensors(s *source, slots map[string]*slot) error {
	missing := len(slots)
	for s.left > 0 {
		name, kind, t, err := readTensorHead(s, slots)
		if err != nil {
			return err
		}
		if err := t.read(s, name, kind); err != nil {
			return err
		}
		missing--
	}
	if missing > 0 {
		return damaged("%d tensors are missing", missing)
	}
	return nil
}

// readTensorHead reads the head of a tensor and checks it against its slot.
func readTensorHead(s *source, slots map[string]*slot) (string, tensorType, *slot, error) {
	rank, nameLen, kind := s.int(), s.int(), tensorType(s.int())
	if s.err == nil && (rank < 1 || rank > maxRank || nameLen < 1 || nameLen > maxName) {
		s.err = damaged("tensor of rank %d with a name of %d bytes", rank, nameLen)
	}
	if s.err != nil {
		return "", 0, nil, s.err
	}
	dims := make([]int, rank)
	for i := range dims {
		dims[i] = s.int()
	}
	name := string(s.bytes(nameLen))
	t := slots[name]
	switch {
	case s.err != nil:
	case t == nil:
		s.err = damaged("unknown tensor %q", name)
	case t.seen:
		s.err = damaged("tensor %q twice", name)
	case !slices.Equal(dims, t.dims):
		s.err = damaged("tensor %q has sizes %v, want %v", name, dims, t.dims)
	case kind.size(q8Values) == 0:
		s.err = unsupported("tensor %q has type %d", name, kind)
	case t.vector != nil && kind != typeF32, kind == typeQ8 && dims[0]%q8Values != 0:
		s.err = damaged("tensor %q has type %d", name, kind)
	case int64(kind.size(t.count())) > s.left:
		s.err = damaged("file is too short for tensor %q", name)
	}
	return name, kind, t, s.err
}

// read reads the values; all sizes have been checked.
func (t *slot) read(s *source, name string, kind tensorType) error {
	t.seen = true
	if t.vector != nil {
		*t.vector = s.floats(t.count())
		return s.err
	}
	k := t.count() / t.rows
	t.matrix.alloc(t.rows, k, kind == typeQ8)
	for r := range t.rows {
		b := s.bytes(kind.size(k))
		if s.err != nil {
			return s.err
		}
		if !t.matrix.w.setRow(r, b, kind) {
			return damaged("tensor %q: a value is not a number", name)
		}
	}
	return nil
}

func float32At(b []byte, i int) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
}
