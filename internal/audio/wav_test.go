package audio_test

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"feierabend/internal/audio"
)

// TestWAVForms reads a tone in every PCM form and rate; it must come out the same.
func TestWAVForms(t *testing.T) {
	for _, tc := range []struct {
		tag, channels, rate, bits int
		want                      float64 // dB
	}{
		{1, 1, 16000, 16, 60},
		{1, 2, 16000, 16, 60},
		{1, 1, 16000, 8, 30},
		{1, 1, 16000, 24, 60},
		{1, 1, 16000, 32, 60},
		{3, 1, 16000, 32, 60},
		{3, 2, 16000, 64, 60},
		{7, 1, 8000, 8, 25},
		{6, 1, 8000, 8, 25},
		{1, 1, 8000, 16, 50},
		{1, 2, 44100, 16, 50},
		{1, 1, 48000, 16, 50},
		{1, 1, 22050, 24, 50},
		{3, 1, 96000, 32, 50},
		{0xfffe, 2, 48000, 16, 50},
	} {
		n := tc.rate / 2
		data := make([]byte, 0, n*tc.channels*8)
		for i := range n {
			v := 0.5 * math.Sin(2*math.Pi*440*float64(i)/float64(tc.rate))
			for range tc.channels {
				data = encode(data, tc.tag, tc.bits, v)
			}
		}
		pcm, err := audio.Decode(t.Context(), wav(tc.tag, tc.channels, tc.rate, tc.bits, data), time.Minute)
		if err != nil {
			t.Errorf("%+v: %v", tc, err)
			continue
		}
		if len(pcm) != audio.Rate/2 {
			t.Errorf("%+v: %d samples, want %d", tc, len(pcm), audio.Rate/2)
			continue
		}
		want := make([]float32, len(pcm))
		for i := range want {
			want[i] = float32(0.5 * math.Sin(2*math.Pi*440*float64(i)/audio.Rate))
		}
		if got := ratio(want[400:len(want)-400], pcm[400:len(pcm)-400]); got < tc.want {
			t.Errorf("%+v: %.1f dB, want %.0f", tc, got, tc.want)
		}
	}
}

// TestAliasing: a 12 kHz tone at 48 kHz must vanish at 16 kHz.
func TestAliasing(t *testing.T) {
	var data []byte
	for i := range 24000 {
		data = encode(data, 1, 16, 0.5*math.Sin(2*math.Pi*12000*float64(i)/48000))
	}
	pcm, err := audio.Decode(t.Context(), wav(1, 1, 48000, 16, data), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if l := rms(pcm[1000:7000]); l > 1e-3 {
		t.Errorf("12 kHz leaks at %.1f dB", 20*math.Log10(l/0.35))
	}
}

func encode(b []byte, tag, bits int, v float64) []byte {
	switch {
	case tag == 6:
		return append(b, aLaw(v))
	case tag == 7:
		return append(b, muLaw(v))
	case tag == 3 && bits == 32:
		return binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
	case tag == 3:
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	case bits == 8:
		return append(b, byte(128+math.Round(v*127)))
	case bits == 16:
		return binary.LittleEndian.AppendUint16(b, uint16(int16(math.Round(v*32767))))
	case bits == 24:
		x := int32(math.Round(v * 8388607))
		return append(b, byte(x), byte(x>>8), byte(x>>16))
	}
	return binary.LittleEndian.AppendUint32(b, uint32(int32(math.Round(v*2147483647))))
}

// muLaw and aLaw compress by search over the inverse curve of G.711.
func muLaw(v float64) byte {
	x := int(math.Abs(v)*32768) + 0x84
	e := 7
	for m := 0x4000; e > 0 && x&m == 0; m >>= 1 {
		e--
	}
	c := byte(e<<4 | x>>(e+3)&15)
	if v < 0 {
		c |= 0x80
	}
	return ^c
}

func aLaw(v float64) byte {
	x := int(math.Abs(v) * 32768 / 16)
	c := byte(x)
	if x > 31 {
		e := 1
		for x>>e > 31 {
			e++
		}
		c = byte(e+1)<<4 | byte(x>>e&15)
	} else if x > 15 {
		c = 1<<4 | byte(x&15)
	}
	if v >= 0 {
		c |= 0x80
	}
	return c ^ 0x55
}

func wav(tag, channels, rate, bits int, data []byte) []byte {
	b := []byte("RIFF\x00\x00\x00\x00WAVELIST\x03\x00\x00\x00abc\x00fmt ")
	b = binary.LittleEndian.AppendUint32(b, 40)
	b = binary.LittleEndian.AppendUint16(b, uint16(tag))
	b = binary.LittleEndian.AppendUint16(b, uint16(channels))
	b = binary.LittleEndian.AppendUint32(b, uint32(rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(rate*channels*bits/8))
	b = binary.LittleEndian.AppendUint16(b, uint16(channels*bits/8))
	b = binary.LittleEndian.AppendUint16(b, uint16(bits))
	b = append(b, make([]byte, 8)...)
	b = append(b, 1, 0) // PCM of the extensible form
	b = append(b, make([]byte, 14)...)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	return append(b, data...)
}
