package store_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// disk is what a folder holds for sure, and what is under way to it.
type disk struct {
	sure    map[string][]byte // durable content of the files; absent = there is none
	pending []op
	first   int // number of the next op
}

// advance lets the process go on up to ops[:to].
func (d *disk) advance(ops []op, to int) {
	for ; d.first < to; d.first++ {
		o := ops[d.first]
		if o.kind == opAck {
			continue
		}
		if o.kind != opSync {
			o.upto = d.first // its own number
			d.pending = append(d.pending, o)
			continue
		}
		d.pending = slices.DeleteFunc(d.pending, func(p op) bool {
			// The folder's sync settles which files there are.
			if p.upto >= o.upto || p.file != o.file && !(o.file == "." && p.kind == opUnlink) {
				return false
			}
			apply(d.sure, p, nil)
			return true
		})
	}
}

// apply carries an op out on the files; keep says which of its parts of sector bytes
// reach the disk, nil = all.
func apply(files map[string][]byte, o op, keep func(part int) bool) {
	const sector = 512
	switch o.kind {
	case opUnlink:
		delete(files, o.file)
	case opTruncate:
		files[o.file] = sized(files[o.file], o.off, true)
	case opWrite:
		b := sized(files[o.file], o.off+int64(len(o.data)), false)
		for at := 0; at < len(o.data); {
			end := min(len(o.data), at+sector-int(o.off+int64(at))%sector)
			if keep == nil || keep(int((o.off+int64(at))/sector)) {
				copy(b[o.off+int64(at):], o.data[at:end])
			}
			at = end
		}
		files[o.file] = b
	}
}

// sized gives a copy-free content of at least, or exactly, a size.
func sized(b []byte, size int64, exactly bool) []byte {
	if n := size - int64(len(b)); n > 0 {
		b = append(b, make([]byte, n)...)
	}
	if exactly {
		return b[:size:size]
	}
	return b
}

// cut gives the files after a power cut now: of what was under way any part, in any
// order, torn at sectors of 512 or 4096 bytes.
func (d *disk) cut(r *rand.Rand) map[string][]byte {
	files := map[string][]byte{}
	for name, b := range d.sure {
		files[name] = slices.Clone(b)
	}
	some := slices.Clone(d.pending)
	switch r.IntN(5) {
	case 0: // nothing
		some = nil
	case 1: // everything
	case 2: // what was first
		some = some[:r.IntN(len(some)+1)]
	default: // any, in any order
		p := []float64{0.1, 0.5, 0.9}[r.IntN(3)]
		some = slices.DeleteFunc(some, func(op) bool { return r.Float64() > p })
		r.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
	}
	for _, o := range some {
		if r.IntN(2) == 0 {
			apply(files, o, nil)
		} else {
			apply(files, o, torn(r, o))
		}
	}
	return files
}

// torn says which sectors of a write reached the disk: any, or all from one on, or
// all up to one.
func torn(r *rand.Rand, o op) func(part int) bool {
	first := int(o.off / 512)
	at := first + r.IntN(len(o.data)/512+1)
	switch r.IntN(3) {
	case 0:
		return func(part int) bool { return part >= at }
	case 1:
		return func(part int) bool { return part < at }
	}
	wide, kept := 1+7*r.IntN(2), map[int]bool{}
	return func(part int) bool {
		part /= wide
		if _, thrown := kept[part]; !thrown {
			kept[part] = r.IntN(2) == 0
		}
		return kept[part]
	}
}

// write puts the files into a folder.
func write(dir string, files map[string][]byte) error {
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}
