package profile

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"

	"feierabend"
)

// Limits of an uploaded logo. The number of pixels bounds what a small file can blow up
// to in memory; what is larger than the letter needs is made smaller.
const (
	MaxLogoBytes  = 1 << 20
	maxLogoPixels = 4_000_000
	minLogoSide   = 16
	logoWidth     = 708 // 60 mm at 300 dpi
	logoHeight    = 260 // 22 mm
)

// ReadLogo reads an uploaded PNG or JPEG, told apart by its first bytes, and makes the
// picture for letters of it: the pixels are drawn anew, so that no metadata, colour
// profile or hidden data of the file survives. The error is Invalid with a German text.
func ReadLogo(data []byte) (l feierabend.Logo, err error) {
	decodeConfig, decode := png.DecodeConfig, png.Decode
	switch {
	case len(data) == 0:
		return l, badLogo("empty", "Es ist keine Datei angekommen. Bitte wählen Sie ein Bild aus.")
	case len(data) > MaxLogoBytes:
		return l, badLogo("too_large", "Die Datei ist größer als 1 MB. Bitte speichern Sie das Bild kleiner und versuchen Sie es noch einmal.")
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		decodeConfig, decode = jpeg.DecodeConfig, jpeg.Decode
	default:
		return l, badLogo("type", "Diese Datei ist kein Bild, das auf den Brief passt. Es gehen PNG und JPEG, der Name der Datei zählt dabei nicht.")
	}
	size, err := decodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return l, badLogo("damaged", "Das Bild ist beschädigt und lässt sich nicht lesen. Bitte speichern Sie es neu und versuchen Sie es noch einmal.")
	case size.Width < minLogoSide || size.Height < minLogoSide:
		return l, badLogo("small", fmt.Sprintf("Das Bild ist zu klein: mindestens %d Pixel in jeder Richtung.", minLogoSide))
	case size.Width > maxLogoPixels/size.Height:
		return l, badLogo("pixels", "Das Bild hat zu viele Pixel, höchstens 4 Megapixel gehen. Bitte speichern Sie es kleiner, etwa 1.000 Pixel breit.")
	}
	picture, err := decode(bytes.NewReader(data))
	if err != nil || picture.Bounds().Dx() != size.Width || picture.Bounds().Dy() != size.Height {
		return l, badLogo("damaged", "Das Bild ist beschädigt und lässt sich nicht lesen. Bitte speichern Sie es neu und versuchen Sie es noch einmal.")
	}
	return makeLogo(shrink(flatten(picture)))
}

func badLogo(code, text string) error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: "logo_" + code, Text: text + " Am bisherigen Logo hat sich nichts geändert."}
}

// flatten draws a picture on white: PDF/A-1 and old readers know no transparency, and
// paper is white.
func flatten(p image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, p.Bounds().Dx(), p.Bounds().Dy()))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), p, p.Bounds().Min, draw.Over)
	return out
}

// shrink makes a picture fit what the letter prints, each new pixel being the mean of
// those it stands for.
func shrink(p *image.RGBA) *image.RGBA {
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	nw, nh := w, h
	if nw > logoWidth {
		nw, nh = logoWidth, max(1, h*logoWidth/w)
	}
	if nh > logoHeight {
		nw, nh = max(1, w*logoHeight/h), logoHeight
	}
	if nw == w && nh == h {
		return p
	}
	out := image.NewRGBA(image.Rect(0, 0, nw, nh))
	for y := range nh {
		y0, y1 := y*h/nh, max(y*h/nh+1, (y+1)*h/nh)
		for x := range nw {
			x0, x1 := x*w/nw, max(x*w/nw+1, (x+1)*w/nw)
			var sum [3]int
			for yy := y0; yy < y1; yy++ {
				for xx := x0; xx < x1; xx++ {
					o := p.PixOffset(xx, yy)
					for c := range sum {
						sum[c] += int(p.Pix[o+c])
					}
				}
			}
			n := (y1 - y0) * (x1 - x0)
			out.SetRGBA(x, y, color.RGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 255})
		}
	}
	return out
}

func makeLogo(p *image.RGBA) (l feierabend.Logo, err error) {
	l.Width, l.Height = p.Bounds().Dx(), p.Bounds().Dy()
	raw := make([]byte, 0, 3*l.Width*l.Height)
	for i := 0; i < len(p.Pix); i += 4 {
		raw = append(raw, p.Pix[i], p.Pix[i+1], p.Pix[i+2])
	}
	var packed, page bytes.Buffer
	w, err := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	if err != nil {
		return l, err
	}
	if _, err := w.Write(raw); err != nil {
		return l, err
	}
	if err := w.Close(); err != nil {
		return l, err
	}
	if err := png.Encode(&page, p); err != nil {
		return l, err
	}
	l.Pixels, l.PNG = packed.Bytes(), page.Bytes()
	return l, nil
}
