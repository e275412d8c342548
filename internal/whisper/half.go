package whisper

import (
	"math"
	"sync"
)

// halfTable is every half-precision number as float32; made on first use, then read-only.
var halfTable = sync.OnceValue(func() *[1 << 16]float32 {
	t := new([1 << 16]float32)
	for i := range t {
		t[i] = FromHalf(uint16(i))
	}
	return t
})

// FromHalf widens an IEEE 754 half-precision number, exactly. Exported for the converter.
func FromHalf(h uint16) float32 {
	s, e, m := uint32(h>>15)<<31, uint32(h>>10&31), uint32(h&1023)
	switch e {
	case 0:
		return math.Float32frombits(s | math.Float32bits(float32(m)/(1<<24)))
	case 31:
		return math.Float32frombits(s | 0x7f800000 | m<<13)
	}
	return math.Float32frombits(s | (e+112)<<23 | m<<13)
}

// ToHalf rounds to half precision, ties to even; too large becomes infinite. Exported
// for the converter.
func ToHalf(f float32) uint16 {
	b := math.Float32bits(f)
	s, e, m := uint16(b>>16&0x8000), int(b>>23&255)-112, b&0x7fffff
	switch {
	case e == 143: // infinite or not a number
		if m != 0 {
			return s | 0x7e00
		}
		return s | 0x7c00
	case e > 30:
		return s | 0x7c00
	case e < -10:
		return s
	case e <= 0:
		m |= 0x800000
		shift := uint(14 - e)
		return s | roundHalf(m>>shift, m&(1<<shift-1), 1<<(shift-1))
	}
	return s | roundHalf(uint32(e)<<10|m>>13, m&0x1fff, 0x1000)
}

// roundHalf rounds q up if the rest is over half, or is half and q is odd.
func roundHalf(q, rest, half uint32) uint16 {
	if rest > half || rest == half && q&1 == 1 {
		q++
	}
	return uint16(q)
}

// finiteHalf says whether h is a number.
func finiteHalf(h uint16) bool { return h&0x7c00 != 0x7c00 }
