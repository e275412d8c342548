package audio

import (
	"context"
	"encoding/binary"
	"math"
	"time"
)

// WAV format tags that are read.
const (
	wavPCM        = 1
	wavFloat      = 3
	wavALaw       = 6
	wavMuLaw      = 7
	wavExtensible = 0xfffe
)

// wavFile is a parsed RIFF/WAVE header with its samples, still encoded.
type wavFile struct {
	tag, channels, bits int
	rate                int
	data                []byte // whole frames only
}

// parseWAV reads the chunks of a WAV file. A data chunk that claims more than is
// there (a stream, or half an upload) reaches to the end of the file.
func parseWAV(b []byte) (wavFile, error) {
	var w wavFile
	for off := 12; off+8 <= len(b); {
		id, size := string(b[off:off+4]), int64(binary.LittleEndian.Uint32(b[off+4:]))
		body := b[off+8:]
		if int64(len(body)) > size {
			body = body[:size]
		}
		switch id {
		case "fmt ":
			if err := w.format(body); err != nil {
				return w, err
			}
		case "data":
			if w.rate == 0 {
				return w, errDamaged("wav data before its format")
			}
			frame := w.channels * w.bits / 8
			w.data = body[:len(body)/frame*frame]
			if len(w.data) == 0 {
				return w, errEmpty("wav without samples")
			}
			return w, nil
		}
		off += 8 + len(body) + len(body)&1
	}
	return w, errDamaged("wav without data")
}

func (w *wavFile) format(b []byte) error {
	if len(b) < 16 {
		return errDamaged("short wav format")
	}
	w.tag, w.channels = int(binary.LittleEndian.Uint16(b)), int(binary.LittleEndian.Uint16(b[2:]))
	w.rate, w.bits = int(binary.LittleEndian.Uint32(b[4:])), int(binary.LittleEndian.Uint16(b[14:]))
	if w.tag == wavExtensible && len(b) >= 26 {
		w.tag = int(binary.LittleEndian.Uint16(b[24:]))
	}
	if w.channels < 1 || w.channels > 16 || w.rate < 4000 || w.rate > 384000 {
		return errDamaged("wav channels or rate out of range")
	}
	switch {
	case w.tag == wavPCM && (w.bits == 8 || w.bits == 16 || w.bits == 24 || w.bits == 32):
	case w.tag == wavFloat && (w.bits == 32 || w.bits == 64):
	case (w.tag == wavALaw || w.tag == wavMuLaw) && w.bits == 8:
	default:
		return errUnsupported("WAV mit Kompression")
	}
	return nil
}

func (w wavFile) frames() int { return len(w.data) / (w.channels * w.bits / 8) }

func (w wavFile) duration() time.Duration {
	return time.Duration(float64(w.frames()) / float64(w.rate) * float64(time.Second))
}

// samples mixes the passage [from, to) to mono and brings it to 16 kHz.
func (w wavFile) samples(ctx context.Context, from, to time.Duration) ([]float32, error) {
	first := min(int(from.Seconds()*float64(w.rate)), w.frames())
	last := max(first, min(int(math.Ceil(to.Seconds()*float64(w.rate))), w.frames()))
	mono := make([]float32, last-first)
	size := w.bits / 8
	for i := range mono {
		if i%(1<<20) == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var sum float32
		at := (first + i) * w.channels * size
		for c := range w.channels {
			sum += w.value(w.data[at+c*size:])
		}
		mono[i] = sum / float32(w.channels)
	}
	return resample(ctx, mono, w.rate)
}

// value reads one sample as −1…1.
func (w wavFile) value(b []byte) float32 {
	switch {
	case w.tag == wavALaw:
		return aLaw(b[0])
	case w.tag == wavMuLaw:
		return muLaw(b[0])
	case w.tag == wavFloat && w.bits == 32:
		return finite(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	case w.tag == wavFloat:
		return finite(math.Float64frombits(binary.LittleEndian.Uint64(b)))
	case w.bits == 8:
		return (float32(b[0]) - 128) / 128
	case w.bits == 16:
		return float32(int16(binary.LittleEndian.Uint16(b))) / (1 << 15)
	case w.bits == 24:
		return float32(int32(b[0])<<8|int32(b[1])<<16|int32(b[2])<<24) / (1 << 31)
	}
	return float32(int32(binary.LittleEndian.Uint32(b))) / (1 << 31)
}

// finite clamps what a float file may hold to −1…1.
func finite(v float64) float32 {
	if v != v {
		return 0
	}
	return float32(math.Max(-1, math.Min(1, v)))
}

// aLaw and muLaw expand ITU-T G.711 (voicemail recordings).
func aLaw(c byte) float32 {
	c ^= 0x55
	e, m := int(c>>4&7), int(c&15)
	v := m<<4 + 8
	if e > 0 {
		v = (v + 0x100) << (e - 1)
	}
	if c&0x80 == 0 {
		v = -v
	}
	return float32(v) / (1 << 15)
}

func muLaw(c byte) float32 {
	c = ^c
	v := (int(c&15)<<3+0x84)<<(c>>4&7) - 0x84
	if c&0x80 != 0 {
		v = -v
	}
	return float32(v) / (1 << 15)
}
