package audio

import (
	"bytes"
)

// walkOgg hands the packets of the first Opus stream in b to emit, in order, with
// a gap item wherever the granule positions tell that packets are missing. emit
// may be nil. It stops when more than limit48 samples were passed (0 = no limit).
func walkOgg(b []byte, limit48 int64, emit func(opusItem) error) (opusTimeline, error) {
	w := oggWalk{emit: emit, limit: limit48}
	r := oggReader{b: b}
	for {
		p, ok := r.next()
		if !ok {
			break
		}
		if err := w.page(p); err != nil {
			return w.t, err
		}
		if w.limit > 0 && w.pos > w.limit {
			break
		}
	}
	if !w.started {
		if w.foreign != "" {
			return w.t, errUnsupported(w.foreign)
		}
		return w.t, errDamaged("ogg without an opus head")
	}
	if w.t.packets == 0 {
		return w.t, errDamaged("ogg without audio packets")
	}
	w.t.end = w.pos
	if w.last > 0 && w.last < w.pos {
		w.t.end = w.last // end trimming (RFC 7845 §4.4)
	}
	return w.t, nil
}

// oggWalk joins pages to packets and keeps the clock.
type oggWalk struct {
	t       opusTimeline
	emit    func(opusItem) error
	limit   int64
	started bool
	foreign string // codec of another stream seen before ours
	serial  uint32
	seq     uint32 // of the page before
	data    bool   // a page with audio was seen
	base    int64  // granule position where the recording begins
	pos     int64  // 48 kHz samples passed
	last    int64  // end by the last page's granule position, 0 = none
	part    []byte // packet that goes on in the next page
}

// page takes one page of any stream.
func (w *oggWalk) page(p oggPage) error {
	if !w.started {
		w.begin(p)
		return nil
	}
	if p.serial != w.serial {
		return nil
	}
	if p.flags&oggFirst != 0 {
		return nil // the head once more
	}
	jump := p.seq != w.seq+1
	w.seq = p.seq
	return w.timed(p, w.packets(p, jump), jump)
}

// begin looks for the stream to read. A damaged head is forgiven when the tags of
// an Opus stream are there: mono without gain is what voice notes are.
func (w *oggWalk) begin(p oggPage) {
	if h, ok := parseOpusHead(p.body); ok {
		w.t.head, w.serial, w.seq, w.started = h, p.serial, p.seq, true
		return
	}
	if bytes.HasPrefix(p.body, []byte("OpusTags")) {
		w.t.head = opusHead{channels: 1, preSkip: 312, gain: 1}
		w.serial, w.seq, w.started = p.serial, p.seq, true
		return
	}
	for magic, name := range map[string]string{"\x01vorbis": "Ogg Vorbis", "\x7fFLAC": "Ogg FLAC", "Speex   ": "Speex", "\x80theora": "Ogg Theora", "OpusHead": "Opus mit mehr als zwei Kanälen"} {
		if bytes.HasPrefix(p.body, []byte(magic)) {
			w.foreign = name
		}
	}
}

// packets cuts a page into the packets that end on it. A continued packet whose
// beginning is missing is dropped; the clock shows it as a gap.
func (w *oggWalk) packets(p oggPage, jump bool) [][]byte {
	var list [][]byte
	cur := w.part
	w.part = nil
	drop := p.flags&oggContinued != 0 && (jump || cur == nil)
	if p.flags&oggContinued == 0 || drop {
		cur = nil
	}
	body := p.body
	for _, v := range p.lacing {
		if int(v) > len(body) {
			return list // cut inside this packet
		}
		piece := body[:v]
		body = body[v:]
		if cur == nil {
			cur = piece[:len(piece):len(piece)] // appending copies
		} else {
			cur = append(cur, piece...)
		}
		if v == 255 {
			continue
		}
		if !drop && !bytes.HasPrefix(cur, []byte("OpusTags")) {
			list = append(list, cur)
		}
		cur, drop = nil, false
	}
	if !drop && len(cur) <= maxPart {
		w.part = cur
	}
	return list
}

// maxPart bounds a packet over several pages; an Opus packet of 120 ms has at most 61 kB.
const maxPart = 128 << 10

// timed puts the packets of one page on the clock.
func (w *oggWalk) timed(p oggPage, list [][]byte, jump bool) error {
	var sum int64
	for _, d := range list {
		sum += int64(packetSamples(d))
	}
	known := p.granule >= 0 && !p.cut && len(list) > 0 && p.granule < 1<<48
	if known {
		if !w.data && !jump && p.granule > sum {
			w.base = p.granule - sum // a stream may begin late (RFC 7845 §4.5)
		}
		if gap := p.granule - w.base - sum - w.pos; gap >= 120 {
			if err := w.pass(opusItem{n: gap}); err != nil {
				return err
			}
		}
	}
	for _, d := range list {
		n := packetSamples(d)
		if n == 0 {
			continue // malformed: the next page's position shows the gap
		}
		w.t.packets++
		if err := w.pass(opusItem{data: d, n: int64(n)}); err != nil {
			return err
		}
	}
	w.data = w.data || len(list) > 0
	w.last = 0
	if known {
		w.last = p.granule - w.base
	}
	return nil
}

func (w *oggWalk) pass(it opusItem) error {
	it.at = w.pos
	w.pos += it.n
	if w.limit > 0 && it.data == nil {
		w.pos = min(w.pos, w.limit+opusRate)
		it.n = max(0, w.pos-it.at)
	}
	if w.emit == nil {
		return nil
	}
	return w.emit(it)
}
