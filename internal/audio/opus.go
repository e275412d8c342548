package audio

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
)

// opusRate is the clock of Opus in any container: 48 kHz, whatever was recorded.
const opusRate = 48000

// maxPacket is the longest Opus packet, 120 ms (RFC 6716 §3.2.5), in 48 kHz samples.
const maxPacket = opusRate * 120 / 1000

// opusHead is the identification header (RFC 7845 §5.1).
type opusHead struct {
	channels int
	preSkip  int     // 48 kHz samples to drop at the start
	gain     float32 // factor from the Q7.8 dB field
}

// parseOpusHead reads an "OpusHead" packet. Mappings of more than one coupled
// stream (surround) are refused.
func parseOpusHead(b []byte) (opusHead, bool) {
	if len(b) < 19 || !bytes.HasPrefix(b, []byte("OpusHead")) || b[8]>>4 != 0 {
		return opusHead{}, false
	}
	h := opusHead{
		channels: int(b[9]),
		preSkip:  int(binary.LittleEndian.Uint16(b[10:])),
		gain:     gainFactor(int16(binary.LittleEndian.Uint16(b[16:]))),
	}
	family := b[18]
	if h.channels < 1 || h.channels > 2 && family == 0 {
		return opusHead{}, false
	}
	if family != 0 && (len(b) < 21 || b[19] != 1) {
		return opusHead{}, false
	}
	return h, true
}

// gainFactor turns the output gain in 1/256 dB into a factor.
func gainFactor(q78 int16) float32 {
	return float32(math.Pow(10, float64(q78)/(20*256)))
}

// packetSamples gives the length of an Opus packet in 48 kHz samples by its table
// of contents (RFC 6716 §3.1), or 0 when the packet is malformed.
func packetSamples(p []byte) int {
	if len(p) == 0 {
		return 0
	}
	frame := frameSamples(p[0] >> 3)
	count := 1
	switch p[0] & 3 {
	case 1, 2:
		count = 2
	case 3:
		if len(p) < 2 {
			return 0
		}
		count = int(p[1] & 63)
	}
	if n := frame * count; n <= maxPacket {
		return n
	}
	return 0
}

// frameSamples is the length of one frame by its configuration, in 48 kHz samples.
func frameSamples(config byte) int {
	switch {
	case config < 12: // SILK: 10, 20, 40, 60 ms
		return [...]int{480, 960, 1920, 2880}[config&3]
	case config < 16: // hybrid: 10, 20 ms
		return [...]int{480, 960}[config&1]
	}
	return 120 << (config & 3) // CELT: 2.5, 5, 10, 20 ms
}

// opusItem is one step of the timeline of a recording: a packet, or a gap where
// packets are missing (data nil).
type opusItem struct {
	data []byte
	at   int64 // 48 kHz samples since the start, pre-skip included
	n    int64 // length in 48 kHz samples
}

// opusTimeline is what a walk over a container found out.
type opusTimeline struct {
	head    opusHead
	end     int64 // last 48 kHz sample that counts, pre-skip included
	packets int
}

// duration is the time that is heard, without the pre-skip.
func (t opusTimeline) duration() time.Duration {
	return samples48(max(0, t.end-int64(t.head.preSkip)))
}

func samples48(n int64) time.Duration {
	return time.Duration(n/opusRate)*time.Second + time.Duration(n%opusRate)*time.Second/opusRate
}
