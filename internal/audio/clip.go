package audio

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"time"
)

// MaxClip is the longest passage that Clip cuts (day-one decision 12).
const MaxClip = 15 * time.Second

// Clip cuts the passage [from, to) out of a recording as a WAV file, 16 bit,
// 16 kHz, mono. It is cut to MaxClip and to the recording's end. Errors as
// Decode, or clip_range when nothing lies between from and to.
func Clip(b []byte, from, to time.Duration) ([]byte, error) {
	from = max(0, from)
	to = min(to, from+MaxClip)
	pcm := []float32(nil)
	if to > from {
		var err error
		if pcm, err = decodeRange(context.Background(), b, longest, from, to); err != nil {
			return nil, err
		}
	}
	if len(pcm) == 0 {
		return nil, errClipRange()
	}
	var w bytes.Buffer
	if err := WriteWAV(&w, pcm); err != nil {
		return nil, err
	}
	return w.Bytes(), nil
}

// WriteWAV writes 16 kHz mono samples as a 16-bit PCM WAV file. Samples beyond
// −1…1 are clipped.
func WriteWAV(w io.Writer, pcm []float32) error {
	size := 2 * len(pcm)
	b := make([]byte, 0, 44+size)
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(36+size))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint16(b, wavPCM)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint32(b, Rate)
	b = binary.LittleEndian.AppendUint32(b, 2*Rate)
	b = binary.LittleEndian.AppendUint16(b, 2)
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(size))
	for _, v := range pcm {
		s := math.Round(float64(finite(float64(v))) * 32767)
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(s)))
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("write wav: %w", err)
	}
	return nil
}

// Waveform draws the loudness over time: bars values of 0…100, the root mean
// square of each part against the loudest part. Silence gives zeros.
func Waveform(pcm []float32, bars int) []uint8 {
	if bars <= 0 {
		return nil
	}
	level := make([]float64, bars)
	top := 0.0
	for i := range level {
		part := pcm[i*len(pcm)/bars : (i+1)*len(pcm)/bars]
		var sum float64
		for _, v := range part {
			sum += float64(v) * float64(v)
		}
		if len(part) > 0 {
			level[i] = math.Sqrt(sum / float64(len(part)))
		}
		top = math.Max(top, level[i])
	}
	out := make([]uint8, bars)
	if top < 1e-4 { // −80 dBFS
		return out
	}
	for i, v := range level {
		out[i] = uint8(math.Round(100 * v / top))
	}
	return out
}
