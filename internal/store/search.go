package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"

	"feierabend"
)

// A wrapped key is kept for the search in pieces of pieceSize bytes: of each a
// rolling fingerprint and its SHA-256. So a torn remnant of a key is found too, and
// nothing of the key can be computed back from what is kept.
const (
	pieceSize = 20
	pieceRow  = 8 + sha256.Size
	rollBase  = 0x9E3779B97F4A7C15 | 1 // odd multiplier of the rolling fingerprint, modulo 2^64
	searchBuf = 1 << 20
)

// pieces gives the stored form of a wrapped key.
func pieces(wrapped []byte) []byte {
	var out []byte
	for at := 0; at+pieceSize <= len(wrapped); at += pieceSize {
		p := wrapped[at : at+pieceSize]
		sum := sha256.Sum256(p)
		out = binary.BigEndian.AppendUint64(out, rolling(p))
		out = append(out, sum[:]...)
	}
	return out
}

// rolling is the fingerprint of a window: sum of byte × base^(n-1-i), modulo 2^64.
func rolling(p []byte) (h uint64) {
	for _, b := range p {
		h = h*rollBase + uint64(b) + 1
	}
	return h
}

// scan reads all files once, in windows that overlap by keep bytes, and gives each
// window to visit: fresh is where the bytes begin that no window before held.
// It is Unavailable "search_incomplete" where one that had to be read was not there.
func scan(ctx context.Context, all dataFiles, keep int, visit func(window []byte, fresh int)) (res feierabend.SearchResult, err error) {
	buf, read := make([]byte, searchBuf), map[string]bool{}
	for _, f := range all.list {
		r, done, err := f.open()
		if errors.Is(err, fs.ErrNotExist) {
			continue // e.g. a journal that ended meanwhile
		}
		if err != nil {
			return res, err
		}
		res.Files++
		have := 0
		for {
			if err := ctx.Err(); err != nil {
				done()
				return res, err
			}
			n, err := io.ReadFull(r, buf[have:])
			res.Bytes += int64(n)
			if n > 0 {
				visit(buf[:have+n], have)
			}
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				break
			}
			if err != nil {
				done()
				return res, err
			}
			tail := min(keep, have+n)
			copy(buf, buf[have+n-tail:have+n])
			have = tail
		}
		done()
		read[f.name] = true
	}
	return res, all.complete(read)
}

// Search counts the occurrences of each needle (at most 64 KiB) in every byte of
// the data files.
func (s *Store) Search(ctx context.Context, needles [][]byte) (feierabend.SearchResult, error) {
	keep := 0
	for _, n := range needles {
		if len(n) == 0 || len(n) > 64<<10 {
			return feierabend.SearchResult{}, invalid("needle")
		}
		keep = max(keep, len(n)-1)
	}
	s.scrubbed.Lock()
	defer s.scrubbed.Unlock()
	all, err := s.db.files(ctx)
	if err != nil {
		return feierabend.SearchResult{}, s.db.explain(err)
	}
	hits := make([]int, len(needles))
	res, err := scan(ctx, all, keep, func(w []byte, fresh int) {
		for i, n := range needles {
			from := max(0, fresh-len(n)+1) // a hit must reach into the fresh bytes
			for {
				at := bytes.Index(w[from:], n)
				if at < 0 {
					break
				}
				hits[i]++
				from += at + 1
			}
		}
	})
	res.Hits = hits
	return res, s.db.explain(err)
}

// searchPieces counts, per pending receipt, the remnants of its wrapped key: one
// pass over all files for all receipts together.
func (s *Store) searchPieces(ctx context.Context, wait []pending) (feierabend.SearchResult, error) {
	all, err := s.db.files(ctx)
	if err != nil {
		return feierabend.SearchResult{}, err
	}
	sieve := newSieve(wait)
	res, err := scan(ctx, all, pieceSize-1, sieve.visit)
	res.Hits = sieve.hits
	return res, err
}

// sieve finds pieces by their rolling fingerprint: a bit table first, then the map,
// then SHA-256.
type sieve struct {
	bits *[1 << 12]uint64
	want map[uint64][]wanted
	drop uint64 // base^pieceSize, to take the oldest byte out
	hits []int
}

type wanted struct {
	sum [sha256.Size]byte
	of  int
}

func newSieve(wait []pending) *sieve {
	v := &sieve{bits: new([1 << 12]uint64), want: map[uint64][]wanted{}, drop: 1, hits: make([]int, len(wait))}
	for range pieceSize {
		v.drop *= rollBase
	}
	for i, p := range wait {
		for at := 0; at+pieceRow <= len(p.pieces); at += pieceRow {
			h := binary.BigEndian.Uint64(p.pieces[at:])
			w := wanted{of: i}
			copy(w.sum[:], p.pieces[at+8:])
			v.want[h] = append(v.want[h], w)
			v.bits[h>>52] |= 1 << (h >> 46 & 63)
		}
	}
	return v
}

// visit rolls over a window; the first pieceSize-1 bytes before fresh belong to it too.
func (v *sieve) visit(w []byte, fresh int) {
	from := max(0, fresh-pieceSize+1)
	if len(v.want) == 0 || len(w)-from < pieceSize {
		return
	}
	h, bits, drop := rolling(w[from:from+pieceSize]), v.bits, v.drop
	in, out := w[from+pieceSize:], w[from:]
	out = out[:len(in)]
	for i, b := range in {
		if bits[h>>52]&(1<<(h>>46&63)) != 0 {
			v.compare(h, w[from+i:from+i+pieceSize])
		}
		h = h*rollBase + uint64(b) + 1 - drop*(uint64(out[i])+1)
	}
	if bits[h>>52]&(1<<(h>>46&63)) != 0 {
		v.compare(h, w[len(w)-pieceSize:])
	}
}

func (v *sieve) compare(h uint64, p []byte) {
	candidates := v.want[h]
	if len(candidates) == 0 {
		return
	}
	sum := sha256.Sum256(p)
	for _, c := range candidates {
		if c.sum == sum {
			v.hits[c.of]++
		}
	}
}
