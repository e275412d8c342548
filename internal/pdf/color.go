package pdf

import (
	"encoding/binary"
	"math"
)

// rgb is a colour, 0…1.
type rgb [3]float64

// The letter's few tones. Grey has a contrast of 6:1 on white.
var (
	ink   = rgb{.10, .11, .12}
	grey  = rgb{.38, .40, .43}
	faint = rgb{.80, .82, .84}
)

// srgbProfile builds a small ICC v2.1 display profile with the sRGB primaries (D50).
func srgbProfile() []byte {
	be := binary.BigEndian
	xyz := func(x, y, z float64) []byte {
		b := append([]byte("XYZ "), 0, 0, 0, 0)
		for _, v := range []float64{x, y, z} {
			b = be.AppendUint32(b, uint32(int32(math.Round(v*65536))))
		}
		return b
	}
	desc := be.AppendUint32([]byte("desc\x00\x00\x00\x00"), 5)
	desc = append(append(desc, "sRGB\x00"...), make([]byte, 4+4+2+1+67)...)
	curve := srgbCurve()
	type tag struct {
		sig  string
		data []byte
	}
	tags := []tag{
		{"desc", desc},
		{"cprt", []byte("text\x00\x00\x00\x00No copyright, use freely\x00")},
		{"wtpt", xyz(0.9505, 1, 1.0891)},
		{"rXYZ", xyz(0.43607, 0.22249, 0.01392)},
		{"gXYZ", xyz(0.38515, 0.71687, 0.09708)},
		{"bXYZ", xyz(0.14307, 0.06061, 0.71410)},
		{"rTRC", curve},
		{"gTRC", nil},
		{"bTRC", nil}, // all three point to one curve
	}
	offset := 128 + 4 + 12*len(tags)
	dir := be.AppendUint32(nil, uint32(len(tags)))
	var data []byte
	var curveAt int
	for _, t := range tags {
		at, length := offset+len(data), len(t.data)
		switch {
		case t.data == nil:
			at, length = curveAt, len(curve)
		case t.sig == "rTRC":
			curveAt = at
		}
		dir = append(dir, t.sig...)
		dir = be.AppendUint32(dir, uint32(at))
		dir = be.AppendUint32(dir, uint32(length))
		data = append(data, t.data...)
		for len(data)%4 != 0 {
			data = append(data, 0)
		}
	}
	return append(append(iccHeader(offset+len(data)), dir...), data...)
}

func srgbCurve() []byte {
	const n = 1024
	b := binary.BigEndian.AppendUint32([]byte("curv\x00\x00\x00\x00"), n)
	for i := range n {
		v := float64(i) / (n - 1)
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		b = binary.BigEndian.AppendUint16(b, uint16(math.Round(v*65535)))
	}
	return b
}

func iccHeader(size int) []byte {
	be := binary.BigEndian
	h := make([]byte, 128)
	be.PutUint32(h, uint32(size))
	be.PutUint32(h[8:], 0x02100000)
	copy(h[12:], "mntrRGB XYZ ")
	for i, v := range []uint16{2026, 1, 1, 0, 0, 0} {
		be.PutUint16(h[24+2*i:], v)
	}
	copy(h[36:], "acsp")
	be.PutUint32(h[68:], 0xF6D6)
	be.PutUint32(h[72:], 0x10000)
	be.PutUint32(h[76:], 0xD32D)
	return h
}
