package audio

import (
	"bytes"
	"encoding/binary"
)

// oggPage is one page of an Ogg stream (RFC 3533 §6). Slices point into the file.
type oggPage struct {
	flags   byte // 1 continued, 2 first, 4 last
	granule int64
	serial  uint32
	seq     uint32
	lacing  []byte
	body    []byte // shorter than the lacing says when cut
	cut     bool   // the file ends inside this page
}

const (
	oggContinued = 1
	oggFirst     = 2
	oggLast      = 4
	oggHeader    = 27
)

// oggReader finds pages, also after garbage and behind damaged pages.
type oggReader struct {
	b   []byte
	off int
	// wasted counts the bytes of pages whose checksum was wrong; a file made of
	// fake page heads would otherwise cost its length times 65 kB.
	wasted int
}

// maxWasted bounds the checksum work on fake pages: 64 MB take about 0.2 s.
const maxWasted = 64 << 20

// next gives the next page with a right checksum, or false at the end.
func (r *oggReader) next() (oggPage, bool) {
	for r.wasted < maxWasted {
		i := bytes.Index(r.b[r.off:], []byte("OggS\x00"))
		if i < 0 {
			return oggPage{}, false
		}
		r.off += i
		p, n, ok := parsePage(r.b[r.off:])
		if ok && !p.cut {
			r.off += n
			return p, true
		}
		r.wasted += n
		r.off += 4
		if ok && p.cut && !bytes.Contains(r.b[r.off:], []byte("OggS\x00")) {
			r.off = len(r.b)
			return p, true // half an upload: its whole packets count
		}
	}
	return oggPage{}, false
}

// parsePage reads the page at the start of b and checks its sum; n is its length.
// A page that reaches over the end of b is given as cut, unchecked.
func parsePage(b []byte) (p oggPage, n int, ok bool) {
	if len(b) < oggHeader {
		return p, len(b), false
	}
	segs := int(b[26])
	if len(b) < oggHeader+segs {
		return p, len(b), false
	}
	p = oggPage{
		flags: b[5], granule: int64(binary.LittleEndian.Uint64(b[6:])),
		serial: binary.LittleEndian.Uint32(b[14:]), seq: binary.LittleEndian.Uint32(b[18:]),
		lacing: b[oggHeader : oggHeader+segs],
	}
	n = oggHeader + segs
	for _, v := range p.lacing {
		n += int(v)
	}
	if len(b) < n {
		p.cut, p.body = true, b[oggHeader+segs:]
		return p, len(b), true
	}
	p.body = b[oggHeader+segs : n]
	return p, n, oggCRC(b[:n]) == binary.LittleEndian.Uint32(b[22:])
}

// findPage says whether a whole page with a right checksum starts b.
func findPage(b []byte) bool {
	p, _, ok := parsePage(b)
	return ok && !p.cut
}

// oggCRC is the checksum of a page with its CRC field taken as zero: polynomial
// 0x04c11db7, not reflected, start 0, no final xor (RFC 3533 §6).
func oggCRC(page []byte) uint32 {
	var crc uint32
	for i, v := range page {
		if i >= 22 && i < 26 {
			v = 0
		}
		crc = crc<<8 ^ oggTable[byte(crc>>24)^v]
	}
	return crc
}

// oggTable is the byte table of the polynomial; a constant in all but name.
var oggTable = func() (t [256]uint32) {
	for i := range t {
		c := uint32(i) << 24
		for range 8 {
			if c&0x80000000 != 0 {
				c = c<<1 ^ 0x04c11db7
			} else {
				c <<= 1
			}
		}
		t[i] = c
	}
	return t
}()
