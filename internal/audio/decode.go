package audio

import (
	"context"
	"math"
	"time"

	"feierabend"
)

// longest is what Probe counts up to; a header may claim more.
const longest = 24 * time.Hour

// Probe says what the bytes are and how long they play, by the container and the
// packets' own lengths, without decoding. The errors are those of Decode but for
// too_long; AudioInfo.Type and Bytes are filled even then.
func Probe(b []byte) (feierabend.AudioInfo, error) {
	info := feierabend.AudioInfo{Type: Sniff(b), Bytes: int64(len(b))}
	switch info.Type {
	case TypeOgg:
		t, err := walkOgg(b, to48(longest), nil)
		if err != nil {
			return info, err
		}
		info.Duration = t.duration()
	case TypeWebM:
		t, err := walkWebM(b, to48(longest), nil)
		if err != nil {
			return info, err
		}
		info.Duration = t.duration()
	case TypeWAV:
		w, err := parseWAV(b)
		if err != nil {
			return info, err
		}
		info.Duration = w.duration()
	default:
		return info, refuse(b, info.Type)
	}
	return info, nil
}

// refuse gives the error for bytes that are not read here.
func refuse(b []byte, mime string) error {
	names := map[string]string{TypeMP3: "MP3", TypeMP4: "MP4/AAC", TypeAMR: "AMR", TypeAAC: "AAC", TypeFLAC: "FLAC", TypeCAF: "CAF"}
	switch {
	case len(b) == 0:
		return errEmpty("0 bytes")
	case names[mime] != "":
		return errUnsupported(names[mime])
	}
	return errNotAudio()
}

// Decode gives the samples of a recording: 16 kHz, mono, −1…1. The pre-skip, the
// end by the last granule position and the header's gain are applied; lost
// packets are silence. A recording longer than limit is refused before any
// decoding (limit 0 = 24 hours). What was cut off in mid-upload keeps its
// readable part. Memory is 4 bytes a sample, allocated once.
//
// Errors are *feierabend.Error with the codes empty, not_audio,
// unsupported_audio, damaged and too_long, or the context's.
func Decode(ctx context.Context, b []byte, limit time.Duration) ([]float32, error) {
	if limit <= 0 {
		limit = longest
	}
	return decodeRange(ctx, b, limit, 0, limit)
}

// decodeRange decodes the passage [from, to) of a recording not longer than limit.
func decodeRange(ctx context.Context, b []byte, limit, from, to time.Duration) ([]float32, error) {
	switch mime := Sniff(b); mime {
	case TypeOgg:
		return decodeOpus(ctx, walkOgg, b, limit, from, to)
	case TypeWebM:
		return decodeOpus(ctx, walkWebM, b, limit, from, to)
	case TypeWAV:
		w, err := parseWAV(b)
		if err != nil {
			return nil, err
		}
		if w.duration() > limit {
			return nil, errTooLong(limit)
		}
		return w.samples(ctx, from, to)
	default:
		return nil, refuse(b, mime)
	}
}

type walkFunc func(b []byte, limit48 int64, emit func(opusItem) error) (opusTimeline, error)

func decodeOpus(ctx context.Context, walk walkFunc, b []byte, limit, from, to time.Duration) ([]float32, error) {
	t, err := walk(b, to48(limit)+2*opusRate, nil)
	if err != nil {
		return nil, err
	}
	if t.duration() > limit {
		return nil, errTooLong(limit)
	}
	skip := int64(t.head.preSkip)
	sink, err := newOpusSink(ctx, skip+to48(from), min(t.end, skip+to48(to)))
	if err != nil {
		return nil, err
	}
	sink.gain = t.head.gain
	sink.out = make([]float32, 0, max(0, sink.to-sink.from)/3+maxPacket)
	if _, err := walk(b, to48(limit)+2*opusRate, sink.item); err != nil {
		return nil, err
	}
	if sink.decoded == 0 && sink.to > sink.from {
		return nil, errDamaged("no packet could be decoded")
	}
	return sink.out, nil
}

func to48(d time.Duration) int64 {
	return int64(math.Round(d.Seconds() * opusRate))
}
