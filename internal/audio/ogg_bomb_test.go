package audio

import "testing"

// TestFakePages: a file made of page heads only is given up after a bounded amount
// of checksum work. (In the package, since the work is counted, not timed.)
func TestFakePages(t *testing.T) {
	head := append([]byte("OggS\x00"), make([]byte, 22)...)
	head[26] = 255
	var bomb []byte
	for len(bomb) < 16<<20 {
		bomb = append(bomb, head...)
	}
	r := oggReader{b: bomb}
	for {
		if _, ok := r.next(); !ok {
			break
		}
	}
	if r.wasted > maxWasted+1<<16 {
		t.Errorf("%d bytes were summed for nothing", r.wasted)
	}
	if _, err := walkOgg(bomb, 0, nil); err == nil {
		t.Error("a bomb has a timeline")
	}
}
