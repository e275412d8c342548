package pdf

import (
	"math"

	"feierabend"
)

// sampleWord stands across every page of a sample.
const sampleWord = "MUSTER"

var sampleGrey = rgb{.88, .87, .85}

// Sample sets a document as Render does, with a word across each page that says
// that it is none, and without the XML: it can be looked at and is worth nothing (J-01).
func (r *Renderer) Sample(d feierabend.Document) ([]byte, error) {
	return r.render(d, nil, sampleWord)
}

// stampAcross writes a word from the lower left to the upper right, under the text.
func (l *letter) stampAcross(word string) {
	const size = 120
	f := l.fonts[bold]
	angle := math.Atan2(pageHeight, pageWidth)
	sin, cos := math.Sin(angle), math.Cos(angle)
	half := f.measure(word, size) / 2
	x, y := pageWidth/2-half*cos+size*.35*sin, pageHeight/2-half*sin-size*.35*cos
	p := l.page
	p.op("q")
	p.op("cm", cos, sin, -sin, cos, x, y)
	p.text(bold, f, size, 0, pageHeight, sampleGrey, word)
	p.op("Q")
	p.painted = false // Q has put the colours back
}
