package pdf

import (
	_ "embed"
	"errors"
	"strings"
	"sync"

	"feierabend"
)

//go:embed fonts/IBMPlexSans_400Regular.ttf
var regularTTF []byte

//go:embed fonts/IBMPlexSans_600SemiBold.ttf
var boldTTF []byte

// Renderer holds what all documents share: both faces, their Latin subsets and
// the colour profile. It is safe for many goroutines.
type Renderer struct {
	faces   [2]*typeface
	latin   [2]*font
	profile []byte
	pack    *sync.Pool
}

// New parses and subsets the fonts: about 60 ms, once per process.
func New() (*Renderer, error) {
	r := &Renderer{profile: deflate(srgbProfile(), 9), pack: newPacker()}
	var errs [2]error
	var wg sync.WaitGroup
	for i, f := range []struct {
		ttf  []byte
		name string
	}{{regularTTF, "IBMPlexSans"}, {boldTTF, "IBMPlexSans-SemiBold"}} {
		wg.Go(func() {
			if r.faces[i], errs[i] = parseTypeface(f.ttf, f.name); errs[i] == nil {
				r.latin[i] = r.faces[i].makeFont(latinRunes())
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return nil, &feierabend.Error{Kind: feierabend.Internal, Code: "font", Err: err}
	}
	return r, nil
}

// latinRunes is what a German, Polish, Turkish, Romanian … name needs.
func latinRunes() (r []rune) {
	for i := rune(0x20); i < 0x180; i++ {
		if i < 0x7f || i > 0x9f {
			r = append(r, i)
		}
	}
	return append(r, []rune("ȘșȚțẞ–—‘’‚“”„†•…‰‹›€™−≈≤≥→½¼¾×÷√Ø²³°µ·")...)
}

// Render sets the computed document as a letter and puts xml into it as
// factur-x.xml (profile en16931) or xrechnung.xml. A nil xml gives the letter
// alone. Characters that the fonts lack are shown as "?"; the XML holds them.
// An issue date that is none is an Invalid error (code issue_date).
func (r *Renderer) Render(d feierabend.Document, xml []byte) ([]byte, error) {
	return r.render(d, xml, "")
}

// render sets the letter; a word across the pages makes it a sample.
func (r *Renderer) render(d feierabend.Document, xml []byte, across string) ([]byte, error) {
	issued, ok := d.IssuedOn.Time()
	if !ok {
		return nil, &feierabend.Error{Kind: feierabend.Invalid, Code: "issue_date", Text: "Das Rechnungsdatum fehlt oder ist kein Datum. Bitte tragen Sie es ein."}
	}
	f := &file{pack: r.pack, profile: r.profile, logo: d.Logo}
	l := &letter{doc: &d, file: f, fonts: r.fontsFor(&d), across: across}
	f.fonts = l.fonts[:]
	l.set()
	title := l.title() + " " + d.Number
	if across != "" {
		title = "Muster, keine Rechnung"
	}
	f.meta = meta{title: title, author: d.Seller.Name, subject: title + " an " + d.Buyer.Name, date: issued}
	if xml != nil {
		f.meta.fileName, f.meta.level, f.meta.guide = "factur-x.xml", "EN 16931", "1.0"
		if d.Profile == feierabend.ProfileXRechnung {
			f.meta.fileName, f.meta.level, f.meta.guide = "xrechnung.xml", "XRECHNUNG", "3.0"
		}
		f.attach = &attachment{name: f.meta.fileName, mime: "text/xml", desc: "Rechnungsdaten (ZUGFeRD / Factur-X)", data: xml}
	}
	return f.bytes(), nil
}

// fontsFor gives the shared subsets, or wider ones where the document's text
// needs more (Greek, Cyrillic): about 3 ms each.
func (r *Renderer) fontsFor(d *feierabend.Document) [2]*font {
	text := composed(allText(d))
	if r.latin[0].covers(text) {
		return r.latin
	}
	runes := append(latinRunes(), []rune(text)...)
	return [2]*font{r.faces[0].makeFont(runes), r.faces[1].makeFont(runes)}
}

// allText is every free text that the letter shows.
func allText(d *feierabend.Document) string {
	var b strings.Builder
	add := func(s ...string) {
		for _, x := range s {
			b.WriteString(x)
		}
	}
	parties := []*feierabend.Party{&d.Seller, &d.Buyer}
	if d.DeliverTo != nil {
		parties = append(parties, d.DeliverTo)
	}
	for _, p := range parties {
		add(p.Salutation, p.Name, p.Tagline, p.Contact, p.Phone, p.Email, p.Street, p.Extra, p.Postcode, p.City, p.LegalInfo, p.LegalID)
	}
	add(d.Number, d.Site, d.BuyerReference, d.OrderReference, d.ProjectReference, d.Greeting, d.RegisterNote, d.PaymentTerms, d.Account)
	add(d.Notes...)
	for i := range d.Lines {
		add(d.Lines[i].Name, d.Lines[i].Text, d.Lines[i].Unit)
	}
	for i := range d.Allowances {
		add(d.Allowances[i].Reason)
	}
	for i := range d.Sums.Taxes {
		add(d.Sums.Taxes[i].Reason)
	}
	for i := range d.Preceding {
		add(d.Preceding[i].Number)
	}
	return b.String()
}
