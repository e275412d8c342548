package audio

import (
	"context"
	"fmt"

	"github.com/pion/opus"
)

// opusSink decodes the items of a timeline to 16 kHz mono. Only the window
// [from, to) is kept; packets long before it are not even decoded.
type opusSink struct {
	ctx      context.Context
	dec      opus.Decoder
	gain     float32
	buf      []float32
	out      []float32
	from, to int64 // 48 kHz samples, pre-skip included
	decoded  int
	seen     int
}

// warmUp is decoded ahead of a window so that the decoder's state has settled
// (RFC 7845 §4.6 asks for 80 ms).
const warmUp = opusRate / 4

func newOpusSink(ctx context.Context, from, to int64) (*opusSink, error) {
	s := &opusSink{ctx: ctx, gain: 1, buf: make([]float32, maxPacket), from: from, to: to}
	return s, s.reset()
}

func (s *opusSink) reset() error {
	d, err := opus.NewDecoderWithOutput(Rate, 1)
	if err != nil {
		return fmt.Errorf("opus decoder: %w", err)
	}
	s.dec = d
	return nil
}

// item takes one step of the timeline.
func (s *opusSink) item(it opusItem) error {
	s.seen++
	if s.seen%64 == 0 {
		if err := s.ctx.Err(); err != nil {
			return err
		}
	}
	end := it.at + it.n
	if it.at >= s.to || end <= s.from-warmUp {
		return nil
	}
	// The first and last sample at 16 kHz, by the clock, so that rounding never adds up.
	n := int(end/3 - it.at/3)
	var pcm []float32
	if it.data != nil {
		pcm = s.decode(it.data)
	}
	for i := range n {
		at := it.at + int64(i)*3
		if at < s.from || at >= s.to {
			continue
		}
		var v float32
		if i < len(pcm) {
			v = pcm[i]
		}
		s.out = append(s.out, v)
	}
	return nil
}

// decode gives the samples of one packet, or nil when it is damaged: silence of
// the same length takes its place. The decoder is foreign code that reads foreign
// bytes: a panic in it costs the packet, not the note.
func (s *opusSink) decode(p []byte) (pcm []float32) {
	defer func() {
		if recover() != nil {
			pcm = nil
			_ = s.reset() // cannot fail: the same values as before
		}
	}()
	n, err := s.dec.DecodeToFloat32(p, s.buf)
	if err != nil || n > len(s.buf) {
		return nil
	}
	s.decoded++
	pcm = s.buf[:n]
	for i, v := range pcm {
		v *= s.gain
		switch {
		case v != v:
			v = 0
		case v > 1:
			v = 1
		case v < -1:
			v = -1
		}
		pcm[i] = v
	}
	return pcm
}
