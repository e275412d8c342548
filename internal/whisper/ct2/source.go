package ct2

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// tensor is a matrix or vector in half precision, outermost dimension first.
type tensor struct {
	dims []int
	data []byte // little-endian
}

const (
	maxTensors = 1000
	maxRank    = 4
	dataF16    = 4 // CTranslate2's number for half precision
)

// reader reads a CTranslate2 file; the first error stays.
type reader struct {
	b   []byte
	err error
}

func (r *reader) bytes(n int) []byte {
	if r.err == nil && (n < 0 || n > len(r.b)) {
		r.err = errors.New("file is too short")
	}
	if r.err != nil {
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) number(size int) int {
	b := r.bytes(size)
	switch {
	case b == nil:
		return 0
	case size == 1:
		return int(b[0])
	case size == 2:
		return int(binary.LittleEndian.Uint16(b))
	}
	return int(binary.LittleEndian.Uint32(b))
}

func (r *reader) string() string {
	return strings.TrimRight(string(r.bytes(r.number(2))), "\x00")
}

// readTensors reads a CTranslate2 file, version 6: version, kind of model, its
// revision, then the tensors. Aliases after them are not needed.
func readTensors(b []byte) (map[string]tensor, error) {
	r := &reader{b: b}
	r.number(4)
	_ = r.string()
	r.number(4)
	n := r.number(4)
	if r.err == nil && n > maxTensors {
		r.err = fmt.Errorf("%d tensors", n)
	}
	out := map[string]tensor{}
	for range n {
		if r.err != nil {
			break
		}
		name := r.string()
		t := r.tensor()
		out[name] = t
	}
	return out, r.err
}

// tensor reads dimensions, type and data.
func (r *reader) tensor() tensor {
	rank := r.number(1)
	if r.err == nil && rank > maxRank {
		r.err = fmt.Errorf("tensor of rank %d", rank)
	}
	t := tensor{}
	for range rank {
		if r.err != nil {
			return t
		}
		t.dims = append(t.dims, r.number(4))
	}
	kind := r.number(1)
	t.data = r.bytes(r.number(4))
	if kind != dataF16 { // scalars of the configuration: kept without sizes, so that they fit nowhere
		t.dims = nil
	}
	return t
}

// has says whether t has just these sizes.
func (t tensor) has(dims ...int) bool {
	n := 2
	for i, d := range dims {
		if i >= len(t.dims) || t.dims[i] != d {
			return false
		}
		n *= d
	}
	return len(t.dims) == len(dims) && len(t.data) == n
}
