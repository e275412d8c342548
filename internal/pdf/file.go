package pdf

import (
	"bytes"
	"crypto/md5" //nolint:gosec // PDF's own checksum and /ID, no security
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zlib"

	"feierabend"
)

// attachment is an embedded file with the relationship Alternative.
type attachment struct {
	name, mime, desc string
	data             []byte
}

// file is a PDF being written. Objects 1…6 are fixed, the rest follow.
type file struct {
	fonts   []*font // /F0, /F1, …
	pages   []*page
	attach  *attachment
	meta    meta
	profile []byte // deflated ICC profile
	logo    *feierabend.Logo
	pack    *sync.Pool

	out     []byte
	offsets []int
	next    int
}

const (
	objCatalog = iota + 1
	objPages
	objInfo
	objXMP
	objICC
	objIntent
	objFirstFree
)

// deflate packs what is packed once per process.
func deflate(b []byte, level int) []byte {
	var o bytes.Buffer
	w, err := zlib.NewWriterLevel(&o, level)
	if err != nil {
		panic(err) // a constant level
	}
	w.Write(b) // a buffer never fails
	w.Close()
	return o.Bytes()
}

func newPacker() *sync.Pool {
	return &sync.Pool{New: func() any { w, _ := zlib.NewWriterLevel(nil, 5); return w }}
}

func (f *file) begin(n int) {
	for len(f.offsets) <= n {
		f.offsets = append(f.offsets, 0)
	}
	f.offsets[n] = len(f.out)
	f.out = append(strconv.AppendInt(f.out, int64(n), 10), " 0 obj\n"...)
}

func (f *file) put(n int, format string, a ...any) {
	f.begin(n)
	f.out = append(fmt.Appendf(f.out, format, a...), "\nendobj\n"...)
}

func (f *file) stream(n int, dict string, data []byte) {
	f.begin(n)
	f.out = append(append(append(f.out, "<<"...), dict...), "/Length "...)
	f.out = append(strconv.AppendInt(f.out, int64(len(data)), 10), ">>stream\n"...)
	f.out = append(append(f.out, data...), "\nendstream\nendobj\n"...)
}

func (f *file) packed(n int, dict string, raw []byte) {
	var o bytes.Buffer
	o.Grow(len(raw)/3 + 64)
	w := f.pack.Get().(*zlib.Writer)
	w.Reset(&o)
	w.Write(raw) // a buffer never fails
	w.Close()
	f.pack.Put(w)
	f.stream(n, dict+"/Filter/FlateDecode", o.Bytes())
}

func (f *file) free() int { f.next++; return f.next - 1 }

// textString is a PDF text string: literal when plain ASCII, else UTF-16BE in hex.
func textString(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r < 32 || r > 126 || r == '(' || r == ')' || r == '\\' }) < 0 {
		return "(" + s + ")"
	}
	b := []byte("<FEFF")
	for _, r := range s {
		if r >= 0x10000 {
			r -= 0x10000
			b = fmt.Appendf(b, "%04X%04X", 0xd800+r>>10, 0xdc00+r&0x3ff)
		} else {
			b = fmt.Appendf(b, "%04X", r)
		}
	}
	return string(append(b, '>'))
}

// bytes writes the whole file. Same input, same bytes.
func (f *file) bytes() []byte {
	size := 24_000
	for _, t := range f.fonts {
		size += len(t.file) + len(t.toUni) + len(t.widths)
	}
	f.out = append(make([]byte, 0, size), "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"...)
	f.next = objFirstFree
	date := f.meta.date.UTC().Format("D:20060102150405Z")
	resources := f.putFonts()
	f.putPages(resources)
	names, af := f.putAttachment(date)
	f.stream(objICC, "/N 3/Filter/FlateDecode", f.profile)
	f.put(objIntent, "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)/DestOutputProfile %d 0 R>>", objICC)
	m := &f.meta
	f.put(objInfo, "<</Title%s/Author%s/Subject%s/Creator%s/Producer%s/CreationDate(%s)/ModDate(%s)>>",
		textString(m.title), textString(m.author), textString(m.subject), textString(creator), textString(producer), date, date)
	f.stream(objXMP, "/Type/Metadata/Subtype/XML", m.xmp())
	f.put(objCatalog, "<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/OutputIntents[%d 0 R]/Lang(de-DE)/ViewerPreferences<</DisplayDocTitle true>>%s%s>>",
		objPages, objXMP, objIntent, af, names)
	return f.trailer()
}

func (f *file) putFonts() (resources int) {
	var refs []byte
	for i, t := range f.fonts {
		main, desc, descriptor, ff, uni := f.free(), f.free(), f.free(), f.free(), f.free()
		k := func(v int) int { return v * 1000 / t.face.unitsPerEm }
		f.put(main, "<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", t.name, desc, uni)
		f.put(desc, "<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity/DW 0/W%s/FontDescriptor %d 0 R>>", t.name, t.widths, descriptor)
		f.put(descriptor, "<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV 80/FontFile2 %d 0 R>>",
			t.name, k(t.face.box[0]), k(t.face.box[1]), k(t.face.box[2]), k(t.face.box[3]), k(t.face.ascent), k(t.face.descent), k(t.face.capital), ff)
		f.stream(ff, "/Filter/FlateDecode/Length1 "+strconv.Itoa(t.length), t.file)
		f.stream(uni, "/Filter/FlateDecode", t.toUni)
		refs = fmt.Appendf(refs, "/F%d %d 0 R", i, main)
	}
	pictures := ""
	if f.logo != nil {
		o := f.free()
		f.stream(o, fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode", f.logo.Width, f.logo.Height), f.logo.Pixels)
		pictures = fmt.Sprintf("/XObject<</Logo %d 0 R>>", o)
	}
	resources = f.free()
	f.put(resources, "<</Font<<%s>>%s>>", refs, pictures)
	return resources
}

func (f *file) putPages(resources int) {
	var kids []byte
	for _, p := range f.pages {
		content, o := f.free(), f.free()
		f.packed(content, "", p.b)
		f.put(o, "<</Type/Page/Parent %d 0 R/MediaBox[0 0 595.276 841.89]/Resources %d 0 R/Contents %d 0 R>>", objPages, resources, content)
		kids = fmt.Appendf(kids, "%d 0 R ", o)
	}
	f.put(objPages, "<</Type/Pages/Kids[%s]/Count %d>>", kids, len(f.pages))
}

func (f *file) putAttachment(date string) (names, af string) {
	a := f.attach
	if a == nil {
		return "", ""
	}
	s, o := f.free(), f.free()
	f.packed(s, fmt.Sprintf("/Type/EmbeddedFile/Subtype/%s/Params<</Size %d/CreationDate(%s)/ModDate(%s)/CheckSum<%X>>>",
		strings.ReplaceAll(a.mime, "/", "#2F"), len(a.data), date, date, md5.Sum(a.data)), a.data)
	f.put(o, "<</Type/Filespec/F%[1]s/UF%[1]s/Desc%[2]s/AFRelationship/Alternative/EF<</F %[3]d 0 R/UF %[3]d 0 R>>>>", textString(a.name), textString(a.desc), s)
	return fmt.Sprintf("/Names<</EmbeddedFiles<</Names[%s %d 0 R]>>>>", textString(a.name), o), fmt.Sprintf("/AF[%d 0 R]", o)
}

func (f *file) trailer() []byte {
	at := len(f.out)
	id := md5.Sum(f.out)
	f.out = fmt.Appendf(f.out, "xref\n0 %d\n0000000000 65535 f \n", f.next)
	for _, o := range f.offsets[1:] {
		n := strconv.Itoa(o)
		f.out = append(append(append(f.out, "0000000000"[len(n):]...), n...), " 00000 n \n"...)
	}
	hx := hex.EncodeToString(id[:])
	return fmt.Appendf(f.out, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n", f.next, objCatalog, objInfo, hx, hx, at)
}

// meta is what Info and XMP say; both must agree (ISO 19005-3, 6.6.2.3).
type meta struct {
	title, author, subject string
	date                   time.Time
	fileName, level, guide string // Factur-X: attachment, ConformanceLevel, Version
}
