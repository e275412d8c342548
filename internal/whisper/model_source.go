package whisper

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
)

// source reads a model file front to back and never past its size. The first
// error stays; after it, reads give zeros.
type source struct {
	r    *bufio.Reader
	left int64 // bytes not read yet
	err  error
	buf  []byte
}

func newSource(r io.ReaderAt, size int64) *source {
	return &source{r: bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 1<<18), left: size}
}

// bytes gives the next n bytes, valid until the next read.
func (s *source) bytes(n int) []byte {
	if s.err == nil && (n < 0 || int64(n) > s.left) {
		s.err = damaged("file is too short")
	}
	if s.err != nil {
		return nil
	}
	if cap(s.buf) < n {
		s.buf = make([]byte, n)
	}
	b := s.buf[:n]
	if _, err := io.ReadFull(s.r, b); err != nil {
		s.err = damaged("read: %w", err)
		return nil
	}
	s.left -= int64(n)
	return b
}

func (s *source) int() int {
	b := s.bytes(4)
	if b == nil {
		return 0
	}
	return int(int32(binary.LittleEndian.Uint32(b)))
}

// floats reads n finite numbers; n has been bounded by the caller.
func (s *source) floats(n int) []float32 {
	if int64(n)*4 > s.left && s.err == nil {
		s.err = damaged("file is too short")
	}
	if s.err != nil {
		return nil
	}
	out := make([]float32, n)
	const step = 1 << 14
	for o := 0; o < n; o += step {
		part := out[o:min(o+step, n)]
		b := s.bytes(4 * len(part))
		if b == nil {
			return nil
		}
		for i := range part {
			bits := binary.LittleEndian.Uint32(b[4*i:])
			if bits&0x7f800000 == 0x7f800000 {
				s.err = damaged("a value is not a number")
				return nil
			}
			part[i] = math.Float32frombits(bits)
		}
	}
	return out
}
