package main

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// hunt looks for many byte strings in one pass over files. It shares nothing with the
// search of the product.
type hunt struct {
	heads map[uint64][]prey
	bits  []uint64
	found map[string]map[int]bool // kind → cases
	hits  map[string]int
	files int
	bytes int64
}

// prey is one byte string: of which kind, of which case (-1 = of none).
type prey struct {
	kind string
	of   int
	b    []byte
}

const (
	headSize   = 8 // every prey is at least that long
	huntWindow = 1 << 20
	huntLap    = 512 // windows overlap by the longest prey
)

func newHunt() *hunt {
	return &hunt{heads: map[uint64][]prey{}, bits: make([]uint64, 1<<16), found: map[string]map[int]bool{}, hits: map[string]int{}}
}

// slot gives place and bit of a head in the table that keeps most bytes off the map.
func slot(head uint64) (uint64, uint64) {
	h := head * 0x9E3779B97F4A7C15
	return h >> 48, 1 << (h >> 42 & 63)
}

func (h *hunt) add(kind string, of int, b []byte) {
	if len(b) < headSize || len(b) > huntLap {
		return
	}
	head := binary.LittleEndian.Uint64(b)
	if slices.ContainsFunc(h.heads[head], func(p prey) bool { return p.kind == kind && p.of == of && bytes.Equal(p.b, b) }) {
		return
	}
	h.heads[head] = append(h.heads[head], prey{kind, of, bytes.Clone(b)})
	at, bit := slot(head)
	h.bits[at] |= bit
}

// addMark adds a text in all shapes in which it could hide.
func (h *hunt) addMark(kind string, of int, mark string) {
	if len(mark) < headSize {
		return
	}
	big := make([]byte, 0, 2*len(mark))
	for _, x := range []byte(mark) {
		big = append(big, 0, x)
	}
	for _, f := range append(forms(mark), string(big[1:]), strings.ToUpper(hex.EncodeToString([]byte(mark)))) {
		h.add(kind, of, []byte(f))
	}
	for lead := range 3 { // base64 of something in which it stands
		text := base64.StdEncoding.EncodeToString(append(make([]byte, lead), mark...))
		if text = strings.TrimRight(text, "="); len(text) > 5+headSize {
			h.add(kind, of, []byte(text[(lead*8+5)/6:len(text)-1]))
		}
	}
}

// addPieces adds a sealed value in pieces, so that a torn one is found too.
func (h *hunt) addPieces(kind string, of, size int, b []byte) {
	for ; len(b) >= size; b = b[size:] {
		h.add(kind, of, b[:size])
	}
}

// search goes through every regular file below a folder, which may be a link.
func (h *hunt) search(t *testing.T, dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			if os.IsNotExist(err) {
				return nil
			}
			return err
		}
		f, err := os.Open(path)
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil {
			return err
		}
		defer f.Close()
		h.files++
		return h.read(f)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (h *hunt) read(r io.Reader) error {
	buf := make([]byte, huntWindow)
	have := 0
	for {
		n, err := io.ReadFull(r, buf[have:])
		h.bytes += int64(n)
		h.look(buf[:have+n], have)
		h.inflate(buf[:have+n])
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return err
		}
		have = copy(buf, buf[have+n-huntLap:have+n])
	}
}

// look finds what reaches beyond fresh: the bytes before were looked at already.
func (h *hunt) look(w []byte, fresh int) {
	for i := max(0, fresh-huntLap); i+headSize <= len(w); i++ {
		head := binary.LittleEndian.Uint64(w[i:])
		if at, bit := slot(head); h.bits[at]&bit == 0 {
			continue
		}
		for _, p := range h.heads[head] {
			if i+len(p.b) > fresh && bytes.HasPrefix(w[i:], p.b) {
				h.hits[p.kind]++
				if h.found[p.kind] == nil {
					h.found[p.kind] = map[int]bool{}
				}
				h.found[p.kind][p.of] = true
			}
		}
	}
}

// inflate looks into the packed streams of PDF files.
func (h *hunt) inflate(w []byte) {
	for at := 0; ; {
		i := bytes.Index(w[at:], []byte("stream"))
		if i < 0 {
			return
		}
		at += i + len("stream")
		z, err := zlib.NewReader(bytes.NewReader(bytes.TrimLeft(w[at:min(at+huntWindow, len(w))], "\r\n")))
		if err != nil {
			continue
		}
		plain, _ := io.ReadAll(io.LimitReader(z, 4<<20)) // as far as it goes
		h.look(plain, 0)
	}
}

// again is a hunt for the same prey.
func (h *hunt) again() *hunt {
	n := newHunt()
	n.heads, n.bits = h.heads, h.bits
	return n
}

// TestHunt: the search finds each shape, across the borders of its windows, torn
// pieces and text in packed streams; what is nowhere it does not find.
func TestHunt(t *testing.T) {
	const mark = "Zubakimoor"
	h := newHunt()
	h.addMark("plain", 0, mark)
	h.addMark("plain", 1, "Dofelumoor")
	key := []byte("0123456789abcdefghijKLMNOPQRSTUVWXYZ!\"§$%&/()=?+*~#'<>|,;.:-")[:60]
	h.addPieces("key", 0, 20, key)
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	z.Write([]byte("BT (" + mark + ") Tj ET"))
	z.Close()
	shapes := map[string][]byte{
		"plain": []byte("… " + mark + " …"), "lower": []byte(strings.ToLower(mark)), "upper": []byte(strings.ToUpper(mark)),
		"utf-16": []byte("Z\x00u\x00b\x00a\x00k\x00i\x00m\x00o\x00o\x00r\x00"), "utf-16 big": []byte("\x00Z\x00u\x00b\x00a\x00k\x00i\x00m\x00o\x00o\x00r"),
		"hex": []byte(hex.EncodeToString([]byte(mark))), "hex upper": []byte(strings.ToUpper(hex.EncodeToString([]byte(mark)))),
		"base64": []byte(base64.StdEncoding.EncodeToString([]byte("Frau " + mark + " in"))), "base64 +1": []byte(base64.StdEncoding.EncodeToString([]byte("Herr  " + mark + " in"))),
		"base64 +2": []byte(base64.StdEncoding.EncodeToString([]byte("An   x " + mark + " in"))),
		"pdf":       append([]byte("<< /Filter /FlateDecode >>\nstream\n"), packed.Bytes()...), "torn key": key[40:],
		"border": append(bytes.Repeat([]byte{'.'}, huntWindow-5), mark...), "second border": append(bytes.Repeat([]byte{'.'}, 2*huntWindow-huntLap-3), mark...),
	}
	for name, b := range shapes {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "f"), b, 0o600); err != nil {
			t.Fatal(err)
		}
		g := h.again()
		g.search(t, dir)
		kind := "plain"
		if name == "torn key" {
			kind = "key"
		}
		if g.hits[kind] == 0 || !g.found[kind][0] || g.found["plain"][1] || g.files != 1 || g.bytes != int64(len(b)) {
			t.Errorf("%s: hits %v in %d files, %d bytes", name, g.hits, g.files, g.bytes)
		}
		if strings.HasSuffix(name, "border") && g.hits[kind] != 1 {
			t.Errorf("%s: %d hits", name, g.hits[kind])
		}
	}
}
