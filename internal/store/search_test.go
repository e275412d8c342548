package store

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// search runs the search of a scrub over a folder.
func search(t testing.TB, dir string, wrapped [][]byte) []int {
	t.Helper()
	e := &sqlite{said: filepath.Join(dir, "feierabend.db"), path: filepath.Join(dir, "feierabend.db"), held: map[string]*os.File{}}
	t.Cleanup(func() { e.close() })
	s := &Store{db: e}
	var wait []pending
	for _, w := range wrapped {
		wait = append(wait, pending{pieces: pieces(w)})
	}
	res, err := s.searchPieces(context.Background(), wait)
	if err != nil {
		t.Fatal(err)
	}
	return res.Hits
}

// TestSearchPieces plants whole and torn keys at awkward places, across the borders
// of the reading windows too, and finds each; a key that is nowhere is not found.
func TestSearchPieces(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	random := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		return b
	}
	dir := t.TempDir()
	var keys [][]byte
	want := make([]int, 0, 40)
	file := random(3*searchBuf + 12345)
	places := []int{0, 1, searchBuf - 60, searchBuf - 59, searchBuf - 30, searchBuf - 1, searchBuf, 2*searchBuf - 19, 2*searchBuf - 20, 2*searchBuf - 40, len(file) - 60}
	for range places {
		keys = append(keys, random(60))
	}
	for i, at := range places[:4] { // one file each, so that they do not overlap
		name := fmt.Sprintf("f%d", i)
		f := bytes.Clone(file)
		copy(f[at:], keys[i])
		os.WriteFile(filepath.Join(dir, name), f, 0o600)
		want = append(want, 3)
	}
	for i, at := range places[4:] {
		f := bytes.Clone(file)
		copy(f[at:], keys[4+i])
		os.WriteFile(filepath.Join(dir, fmt.Sprintf("g%d", i)), f, 0o600)
		want = append(want, 3)
	}
	torn := random(60) // its first 25 bytes are overwritten: the last piece alone is whole
	keys, want = append(keys, torn), append(want, 1)
	os.WriteFile(filepath.Join(dir, "feierabend.db-wal"), append(bytes.Repeat([]byte{0}, 100), torn[25:]...), 0o600)
	twice := random(60)
	keys, want = append(keys, twice), append(want, 6)
	os.WriteFile(filepath.Join(dir, "feierabend.db"), append(append(random(1000), twice...), twice...), 0o600)
	keys, want = append(keys, random(60)), append(want, 0)
	os.Mkdir(filepath.Join(dir, "models"), 0o700)
	os.WriteFile(filepath.Join(dir, "models", "m"), keys[len(keys)-1], 0o600) // models are not searched
	got := search(t, dir, keys)
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("key %d: %d hits, want %d", i, got[i], want[i])
		}
	}
}

// TestSearchNeedles counts overlapping hits across window borders once each.
func TestSearchNeedles(t *testing.T) {
	dir := t.TempDir()
	f := bytes.Repeat([]byte{'.'}, 2*searchBuf+10)
	for _, at := range []int{0, searchBuf - 3, searchBuf - 2, searchBuf - 1, 2*searchBuf - 4, len(f) - 2} {
		copy(f[at:], "aa")
	}
	os.WriteFile(filepath.Join(dir, "feierabend.db"), f, 0o600)
	e := &sqlite{said: filepath.Join(dir, "feierabend.db"), path: filepath.Join(dir, "feierabend.db"), held: map[string]*os.File{}}
	res, err := (&Store{db: e}).Search(context.Background(), [][]byte{[]byte("aa"), []byte("a"), []byte("aaaaaa")})
	if err != nil {
		t.Fatal(err)
	}
	want := []int{bytes.Count(f, []byte("aa")), bytes.Count(f, []byte("a")), 0}
	want[0] = 0
	for i := range len(f) - 1 { // bytes.Count does not overlap
		if f[i] == 'a' && f[i+1] == 'a' {
			want[0]++
		}
	}
	if fmt.Sprint(res.Hits) != fmt.Sprint(want) || res.Bytes != int64(len(f)) || res.Files != 1 {
		t.Errorf("%+v, want %v", res, want)
	}
}

// FuzzSieve compares the rolling search with a plain one.
func FuzzSieve(f *testing.F) {
	key := bytes.Repeat([]byte("0123456789"), 6)
	f.Add([]byte("x"), key, 0)
	f.Add(append([]byte("abc"), key...), key, 5)
	f.Add(append(key, key...), key, 25)
	f.Fuzz(func(t *testing.T, data, wrapped []byte, cut int) {
		if len(wrapped) < 60 {
			return
		}
		wrapped = wrapped[:60]
		want := 0
		for at := 0; at < 60; at += pieceSize {
			for i := range data {
				if bytes.HasPrefix(data[i:], wrapped[at:at+pieceSize]) {
					want++
				}
			}
		}
		v := newSieve([]pending{{pieces: pieces(wrapped)}})
		if cut < 0 || cut > len(data) {
			cut = len(data)
		}
		v.visit(data[:cut], 0)
		tail := min(pieceSize-1, cut)
		v.visit(data[cut-tail:], tail)
		if v.hits[0] != want {
			t.Errorf("%d hits, want %d", v.hits[0], want)
		}
	})
}

// BenchmarkSearch is the speed of the search for 100 keys.
func BenchmarkSearch(b *testing.B) {
	dir := b.TempDir()
	data := make([]byte, 64<<20)
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range data {
		data[i] = byte(rng.Uint32())
	}
	os.WriteFile(filepath.Join(dir, "feierabend.db"), data, 0o600)
	var keys [][]byte
	for i := range 100 {
		keys = append(keys, data[i*1000:i*1000+60])
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		search(b, dir, keys)
	}
}
