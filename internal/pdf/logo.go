package pdf

// The box of the logo in the top right corner, above the information block.
const (
	logoTop, logoBottom = 12 * mm, 34 * mm
	logoRoom            = 60 * mm
)

// logo draws the firm's picture, as large as its box and its pixels at 150 dpi allow, and
// gives the width that it takes from the letterhead, 0 without one.
func (l *letter) logo() float64 {
	g := l.doc.Logo
	if g == nil || g.Width < 1 || g.Height < 1 {
		return 0
	}
	w, h := float64(g.Width)*72/150, float64(g.Height)*72/150
	if scale := min(logoRoom/w, (logoBottom-logoTop)/h); scale < 1 {
		w, h = w*scale, h*scale
	}
	p := l.page
	p.b = append(p.b, "/Figure<</Alt"+textString("Logo "+l.doc.Seller.Name)+">>BDC\nq\n"...)
	p.op("cm", w, 0, 0, h, right-w, pageHeight-logoTop-h)
	p.b = append(p.b, "/Logo Do\nQ\nEMC\n"...)
	return w + 5*mm
}
