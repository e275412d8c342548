//go:build model

package ct2

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"testing"
)

// TestModelHead: header and computed mel filters are upstream's, bit for bit.
func TestModelHead(t *testing.T) {
	path := os.Getenv("FEIERABEND_TEST_MODEL")
	if path == "" {
		t.Fatal("FEIERABEND_TEST_MODEL is not set: run `feierabend model pull`, then set it to what `feierabend model path` prints")
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var ours bytes.Buffer
	w := bufio.NewWriter(&ours)
	writeHead(w, base(), nil)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	const count = 4 // bytes of the vocabulary's length, which is empty here
	want := make([]byte, ours.Len()-count)
	if _, err := io.ReadFull(f, want); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(ours.Bytes()[:len(want)], want) {
		t.Error("header or mel filters differ from upstream's")
	}
}
