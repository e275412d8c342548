package profile_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/profile"
)

func pngOf(t *testing.T, w, h int, c color.Color) []byte {
	t.Helper()
	p := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			p.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// chunk puts a chunk behind the header of a PNG.
func chunk(data []byte, kind, body string) []byte {
	const head = 8 + 25
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(kind+body)))
	return append(append(bytes.Clone(data[:head]), b...), data[head:]...)
}

// sized claims another size in the header of a PNG: a decompression bomb.
func sized(data []byte, w, h uint32) []byte {
	out := bytes.Clone(data)
	binary.BigEndian.PutUint32(out[16:], w)
	binary.BigEndian.PutUint32(out[20:], h)
	binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	return out
}

func TestReadLogo(t *testing.T) {
	red := pngOf(t, 40, 20, color.NRGBA{255, 0, 0, 128})
	secret := chunk(red, "tEXt", "Comment\x00GEHEIM")
	l, err := profile.ReadLogo(secret)
	if err != nil || l.Width != 40 || l.Height != 20 {
		t.Fatalf("%d × %d, %v", l.Width, l.Height, err)
	}
	if bytes.Contains(l.PNG, []byte("GEHEIM")) || bytes.Contains(l.Pixels, []byte("GEHEIM")) {
		t.Error("metadata survived")
	}
	z, err := zlib.NewReader(bytes.NewReader(l.Pixels))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil || len(raw) != 3*40*20 || raw[0] != 255 || raw[1] < 120 || raw[1] > 135 {
		t.Errorf("%d bytes, first %v, %v: half red on white is pink", len(raw), raw[:3], err)
	}
	big, err := profile.ReadLogo(pngOf(t, 1600, 400, color.Black))
	if err != nil || big.Width != 708 || big.Height != 177 {
		t.Errorf("large one: %d × %d, %v", big.Width, big.Height, err)
	}
	tall, err := profile.ReadLogo(pngOf(t, 300, 1000, color.Black))
	if err != nil || tall.Width != 78 || tall.Height != 260 {
		t.Errorf("tall one: %d × %d, %v", tall.Width, tall.Height, err)
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewRGBA(image.Rect(0, 0, 64, 32)), nil); err != nil {
		t.Fatal(err)
	}
	if l, err := profile.ReadLogo(photo.Bytes()); err != nil || l.Width != 64 {
		t.Errorf("JPEG: %v", err)
	}
	for name, c := range map[string]struct {
		file []byte
		code string
	}{
		"nothing":     {nil, "logo_empty"},
		"too large":   {append(bytes.Clone(red), make([]byte, profile.MaxLogoBytes)...), "logo_too_large"},
		"GIF":         {[]byte("GIF89a\x01\x00\x01\x00"), "logo_type"},
		"SVG":         {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "logo_type"},
		"PDF":         {[]byte("%PDF-1.7"), "logo_type"},
		"HTML as PNG": {[]byte("<html>.png"), "logo_type"},
		"header only": {red[:8], "logo_damaged"},
		"cut off":     {red[:len(red)-20], "logo_damaged"},
		"cut JPEG":    {photo.Bytes()[:200], "logo_damaged"},
		"bomb":        {sized(red, 100_000, 100_000), "logo_pixels"},
		"wide bomb":   {sized(red, 1<<30, 16), "logo_pixels"},
		"lie":         {sized(red, 400, 200), "logo_damaged"},
		"dot":         {pngOf(t, 1, 1, color.Black), "logo_small"},
	} {
		_, err := profile.ReadLogo(c.file)
		if feierabend.CodeOf(err) != c.code || feierabend.KindOf(err) != feierabend.Invalid || !strings.HasSuffix(feierabend.TextOf(err), "hat sich nichts geändert.") {
			t.Errorf("%s: %v, %q; want %s", name, err, feierabend.TextOf(err), c.code)
		}
	}
}

func FuzzReadLogo(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Add([]byte("\xff\xd8\xff\xe0"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if l, err := profile.ReadLogo(file); err == nil {
			if again, err := profile.ReadLogo(l.PNG); err != nil || again.Width != l.Width || !bytes.Equal(again.Pixels, l.Pixels) {
				t.Errorf("our own picture reads otherwise: %v", err)
			}
		}
	})
}
