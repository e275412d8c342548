package web

import (
	"fmt"
	"strconv"
	"strings"

	"rsc.io/qr"
)

// qrCode is a QR code as one path of an inline SVG, with the quiet zone that readers
// need (ISO/IEC 18004: four modules).
type qrCode struct {
	Size int // of the square in modules, 0 = none
	Path string
}

const qrQuiet = 4

func newQR(text string) (qrCode, error) {
	c, err := qr.Encode(text, qr.L)
	if err != nil {
		return qrCode{}, fmt.Errorf("encode QR code: %w", err)
	}
	var b strings.Builder
	for y := range c.Size {
		for x := 0; x < c.Size; x++ {
			n := 0
			for x+n < c.Size && c.Black(x+n, y) {
				n++
			}
			if n > 0 {
				w := strconv.Itoa(n)
				b.WriteString("M" + strconv.Itoa(x+qrQuiet) + " " + strconv.Itoa(y+qrQuiet) + "h" + w + "v1h-" + w + "z")
				x += n
			}
		}
	}
	return qrCode{Size: c.Size + 2*qrQuiet, Path: b.String()}, nil
}
