package audio

import (
	"encoding/binary"
	"math/bits"
)

// EBML and Matroska element ids that matter (RFC 8794, RFC 9559).
const (
	idEBML        = 0x1a45dfa3
	idSegment     = 0x18538067
	idInfo        = 0x1549a966
	idScale       = 0x2ad7b1 // nanoseconds per tick
	idTracks      = 0x1654ae6b
	idTrackEntry  = 0xae
	idTrackNumber = 0xd7
	idCodecID     = 0x86
	idCodecPriv   = 0x63a2
	idCluster     = 0x1f43b675
	idTimestamp   = 0xe7
	idSimpleBlock = 0xa3
	idBlockGroup  = 0xa0
	idBlock       = 0xa1
)

// walkWebM does for WebM what walkOgg does for Ogg. Recorders write clusters of
// unknown size, so containers are entered rather than measured: the elements come
// as one flat list.
func walkWebM(b []byte, limit48 int64, emit func(opusItem) error) (opusTimeline, error) {
	w := webmWalk{emit: emit, limit: limit48, scale: 1e6, first: -1}
	for off := 0; off < len(b); {
		id, n := ebmlID(b[off:])
		size, m, unknown := ebmlSize(b[min(len(b), off+n):])
		if n == 0 || m == 0 {
			break // the end, or garbage: what was read counts
		}
		off += n + m
		switch id {
		case idSegment, idInfo, idTracks, idCluster, idBlockGroup:
			continue
		case idTrackEntry:
			w.track = webmTrack{}
			continue
		}
		if unknown || size > uint64(len(b)-off) {
			break // cut in mid-element
		}
		if err := w.element(id, b[off:off+int(size)]); err != nil {
			return w.t, err
		}
		if w.limit > 0 && w.pos > w.limit {
			break
		}
		off += int(size)
	}
	switch {
	case w.chosen == 0 && w.foreign:
		return w.t, errUnsupported("WebM ohne Opus")
	case w.chosen == 0:
		return w.t, errDamaged("webm without an opus track")
	case w.t.packets == 0:
		return w.t, errDamaged("webm without audio packets")
	}
	w.t.end = w.pos
	return w.t, nil
}

type webmTrack struct {
	number uint64
	codec  string
	head   []byte
}

type webmWalk struct {
	t       opusTimeline
	emit    func(opusItem) error
	limit   int64
	track   webmTrack // being read
	chosen  uint64    // number of the Opus track, 0 = none yet
	foreign bool      // a track of another codec was seen
	scale   uint64
	cluster uint64
	first   int64 // time of the first block in 48 kHz samples
	pos     int64
}

func (w *webmWalk) element(id uint32, body []byte) error {
	switch id {
	case idScale:
		if v := ebmlUint(body); v > 0 && v <= 1e9 {
			w.scale = v
		}
	case idTrackNumber:
		w.track.number = ebmlUint(body)
	case idCodecID:
		w.track.codec = string(body)
	case idCodecPriv:
		w.track.head = body
	case idTimestamp:
		w.cluster = ebmlUint(body)
	case idSimpleBlock, idBlock:
		return w.block(body)
	}
	w.choose()
	return nil
}

// choose takes the first Opus track once its number, codec and head are known.
func (w *webmWalk) choose() {
	if w.chosen != 0 || w.track.number == 0 || w.track.codec == "" {
		return
	}
	if w.track.codec != "A_OPUS" {
		w.foreign = true
		return
	}
	if h, ok := parseOpusHead(w.track.head); ok {
		w.t.head, w.chosen = h, w.track.number
	}
}

// gapTolerance is how far a block's time may run ahead of the packets before
// silence is put in: recorders stamp with a jittery clock.
const gapTolerance = opusRate / 4

func (w *webmWalk) block(b []byte) error {
	number, n, _ := ebmlSize(b)
	if n == 0 || len(b) < n+3 || w.chosen == 0 || number != w.chosen {
		return nil
	}
	ticks := int64(w.cluster&(1<<48-1)) + int64(int16(binary.BigEndian.Uint16(b[n:])))
	at := int64(float64(ticks) * float64(w.scale) * opusRate / 1e9)
	if w.first < 0 {
		w.first = at
	}
	if gap := at - w.first - w.pos; gap > gapTolerance && w.t.packets > 0 {
		if w.limit > 0 {
			gap = min(gap, max(0, w.limit+opusRate-w.pos))
		}
		if err := w.pass(opusItem{n: gap}); err != nil {
			return err
		}
	}
	for _, p := range unlace(b[n+2], b[n+3:]) {
		if s := packetSamples(p); s > 0 {
			w.t.packets++
			if err := w.pass(opusItem{data: p, n: int64(s)}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *webmWalk) pass(it opusItem) error {
	it.at = w.pos
	w.pos += it.n
	if w.emit == nil {
		return nil
	}
	return w.emit(it)
}

// ebmlID reads an element id with its marker bits, at most 4 bytes.
func ebmlID(b []byte) (id uint32, n int) {
	if len(b) == 0 || b[0] < 0x10 {
		return 0, 0
	}
	n = bits.LeadingZeros8(b[0]) + 1
	if len(b) < n {
		return 0, 0
	}
	for _, v := range b[:n] {
		id = id<<8 | uint32(v)
	}
	return id, n
}

// ebmlSize reads a length of 1…8 bytes; all ones mean that it is unknown.
func ebmlSize(b []byte) (v uint64, n int, unknown bool) {
	if len(b) == 0 || b[0] == 0 {
		return 0, 0, false
	}
	n = bits.LeadingZeros8(b[0]) + 1
	if len(b) < n {
		return 0, 0, false
	}
	v = uint64(b[0]) & (1<<(8-n) - 1)
	for _, c := range b[1:n] {
		v = v<<8 | uint64(c)
	}
	return v, n, v == 1<<(7*n)-1
}

func ebmlUint(b []byte) (v uint64) {
	for _, c := range b[:min(len(b), 8)] {
		v = v<<8 | uint64(c)
	}
	return v
}
