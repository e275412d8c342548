package audio

import (
	"encoding/binary"
	"hash/crc32"
)

// RemuxWebMToOgg puts the Opus packets of a WebM recording into Ogg pages, as a
// messenger delivers a voice note. Nothing is decoded; a gap stays a gap of the
// granule position. Errors as Decode.
func RemuxWebMToOgg(b []byte) ([]byte, error) {
	if len(b) == 0 || Sniff(b) != TypeWebM {
		return nil, refuse(b, "")
	}
	t, err := walkWebM(b, to48(longest), nil)
	if err != nil {
		return nil, err
	}
	w := oggWriter{serial: crc32.ChecksumIEEE(b)}
	w.write(oggFirst, 0, opusHeadBytes(t.head))
	w.write(0, 0, opusTagsBytes())
	_, err = walkWebM(b, to48(longest), func(it opusItem) error {
		if it.data != nil {
			w.packet(it.data, it.at+it.n)
		} else {
			w.flush(0)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	w.flush(oggLast)
	return w.out, nil
}

// oggWriter writes one logical stream. Packets never cross a page: the largest
// Opus packet fits one.
type oggWriter struct {
	out     []byte
	serial  uint32
	seq     uint32
	lacing  []byte
	body    []byte
	granule int64
	begin   int64 // where the open page starts
}

// pageLength is how much audio a page holds, in 48 kHz samples: one second.
const pageLength = opusRate

func (w *oggWriter) packet(p []byte, end int64) {
	need := len(p)/255 + 1
	if need > 255 {
		return // larger than any Opus packet
	}
	if len(w.lacing)+need > 255 || end-w.begin > pageLength && len(w.lacing) > 0 {
		w.flush(0)
	}
	for range need - 1 {
		w.lacing = append(w.lacing, 255)
	}
	w.lacing = append(w.lacing, byte(len(p)%255))
	w.body = append(w.body, p...)
	w.granule = end
}

func (w *oggWriter) flush(flags byte) {
	if len(w.lacing) == 0 && flags == 0 {
		return
	}
	w.page(flags, w.granule, w.lacing, w.body)
	w.lacing, w.body, w.begin = w.lacing[:0], w.body[:0], w.granule
}

// write writes one packet as a page of its own.
func (w *oggWriter) write(flags byte, granule int64, p []byte) {
	w.page(flags, granule, []byte{byte(len(p))}, p)
}

func (w *oggWriter) page(flags byte, granule int64, lacing, body []byte) {
	at := len(w.out)
	w.out = append(w.out, "OggS\x00"...)
	w.out = append(w.out, flags)
	w.out = binary.LittleEndian.AppendUint64(w.out, uint64(granule))
	w.out = binary.LittleEndian.AppendUint32(w.out, w.serial)
	w.out = binary.LittleEndian.AppendUint32(w.out, w.seq)
	w.out = append(w.out, 0, 0, 0, 0, byte(len(lacing)))
	w.out = append(w.out, lacing...)
	w.out = append(w.out, body...)
	binary.LittleEndian.PutUint32(w.out[at+22:], oggCRC(w.out[at:]))
	w.seq++
}

// opusHeadBytes writes an identification header for one or two channels.
func opusHeadBytes(h opusHead) []byte {
	b := append([]byte("OpusHead"), 1, byte(min(2, h.channels)))
	b = binary.LittleEndian.AppendUint16(b, uint16(h.preSkip))
	b = binary.LittleEndian.AppendUint32(b, opusRate)
	return append(b, 0, 0, 0) // no gain, mapping family 0
}

// opusTagsBytes writes a comment header that says nothing about anybody.
func opusTagsBytes() []byte {
	const vendor = "feierabend"
	b := binary.LittleEndian.AppendUint32([]byte("OpusTags"), uint32(len(vendor)))
	b = append(b, vendor...)
	return binary.LittleEndian.AppendUint32(b, 0)
}
