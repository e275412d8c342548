package pricelist

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"feierabend"
)

// MaxFile is what a file of a list may have at most, in bytes.
const MaxFile = 1 << 20

// MaxCarried is what its text may have when a preview brings it back: a character of
// Windows-1252 may need three bytes, a line end two.
const MaxCarried = 3 * MaxFile

// unchanged ends every refusal of a file.
const unchanged = " An Ihrer Preisliste hat sich nichts geändert."

// bad is the error of a whole file.
func bad(code, text string) error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: "list_" + code, Text: text + unchanged}
}

// TooLarge is the error of a file over MaxFile, for whoever stops reading before.
func TooLarge() error {
	return bad("too_large", "Die Datei ist größer als 1 MB. Eine Liste mit 5.000 Posten ist kleiner. Bitte speichern Sie nur die Spalten, die Sie brauchen.")
}

// foreign are the first bytes of files that are often taken for a list, and what to say.
func foreign() [][3]string {
	const excel = "Das ist eine Excel- oder Calc-Datei. Bitte dort „Speichern unter“ wählen, als Typ „CSV UTF-8 (durch Trennzeichen getrennt)“, und diese Datei nehmen."
	const picture = "Das ist ein Bild, keine Liste. Bitte nehmen Sie eine CSV-Datei aus Ihrer Tabelle oder Ihrem Rechnungsprogramm."
	return [][3]string{
		{"%PDF", "pdf", "Das ist eine PDF-Datei. Daraus lässt sich keine Liste sicher lesen. Bitte nehmen Sie eine CSV-Datei aus Ihrer Tabelle oder Ihrem Rechnungsprogramm."},
		{"PK\x03\x04", "xlsx", excel},
		{"PK\x05\x06", "xlsx", excel},
		{"\xd0\xcf\x11\xe0", "xls", excel},
		{"\x89PNG", "picture", picture},
		{"\xff\xd8\xff", "picture", picture},
		{"GIF8", "picture", picture},
		{"{\\rtf", "rtf", "Das ist ein Textdokument (RTF), keine Liste. Bitte als CSV speichern und diese Datei nehmen."},
		{"\xff\xfe", "utf16", "Diese Datei ist als „Unicode-Text“ (UTF-16) gespeichert. Bitte als „CSV UTF-8“ speichern und diese Datei nehmen."},
		{"\xfe\xff", "utf16", "Diese Datei ist als „Unicode-Text“ (UTF-16) gespeichert. Bitte als „CSV UTF-8“ speichern und diese Datei nehmen."},
	}
}

// Decode gives the text of a file. UTF-8 with or without mark is taken as it is. Anything
// else is read as Windows-1252, the encoding of old Excel, and windows says so; where its
// umlauts cannot be told for sure, and for what is no text, the error is Invalid with a
// German text.
func Decode(file []byte) (text string, windows bool, err error) {
	if len(file) > MaxFile {
		return "", false, TooLarge()
	}
	for _, f := range foreign() {
		if bytes.HasPrefix(file, []byte(f[0])) {
			return "", false, bad(f[1], f[2])
		}
	}
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	switch err := noList(file); {
	case err != nil:
		return "", false, err
	case utf8.Valid(file):
		return string(file), false, nil
	case !windowsText(file):
		return "", false, unsure()
	}
	text, err = charmap.Windows1252.NewDecoder().String(string(file))
	if err != nil {
		return "", false, bad("encoding", "Die Zeichen dieser Datei lassen sich nicht lesen. Bitte als „CSV UTF-8“ speichern und diese Datei nehmen.")
	}
	return text, true, nil
}

// DecodeAgain gives the text that a preview carried: UTF-8 by now, grown on the way from
// Windows-1252 and at its line ends. It is checked as if nobody had seen it before.
func DecodeAgain(carried []byte) (string, error) {
	if len(carried) > MaxCarried {
		return "", TooLarge()
	}
	if err := noList(carried); err != nil {
		return "", err
	}
	if !utf8.Valid(carried) {
		return "", unsure()
	}
	return string(carried), nil
}

func unsure() error {
	return bad("encoding", "Die Umlaute in dieser Datei lassen sich nicht sicher lesen. Bitte als „CSV UTF-8“ speichern und diese Datei nehmen.")
}

// noList is the error of what is no text or no list, whatever its encoding.
func noList(file []byte) error {
	switch {
	case len(bytes.TrimSpace(file)) == 0:
		return bad("empty", "Die Datei ist leer, oder es ist keine angekommen. Bitte wählen Sie Ihre CSV-Datei aus.")
	case bytes.ContainsFunc(file, control):
		return bad("binary", "Das ist keine Textdatei, also keine CSV-Liste. Bitte speichern Sie die Tabelle als „CSV UTF-8“ und nehmen Sie diese Datei.")
	case markup(file):
		return bad("markup", "Das ist eine Internetseite oder XML-Datei, keine CSV-Liste. Bitte als „CSV UTF-8“ speichern und diese Datei nehmen.")
	}
	return nil
}

// control says that a character stands in no text.
func control(r rune) bool {
	return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f
}

// markup says that the file is a page or XML.
func markup(file []byte) bool {
	start := strings.ToLower(string(bytes.TrimSpace(file[:min(len(file), 200)])))
	return strings.HasPrefix(start, "<!doctype") || strings.HasPrefix(start, "<html") || strings.HasPrefix(start, "<?xml")
}

// windowsText says whether a file that is no UTF-8 can be Windows-1252. Five bytes have no
// character there; and what stands for a quotation mark or a foreign letter there, between
// two letters, is an umlaut of another encoding (DOS, old Mac): which one cannot be told.
func windowsText(file []byte) bool {
	letter := func(i int) bool {
		return i >= 0 && i < len(file) && (file[i]|0x20 >= 'a' && file[i]|0x20 <= 'z' || file[i] >= 0xc0)
	}
	for i, b := range file {
		switch {
		case b == 0x81 || b == 0x8d || b == 0x8f || b == 0x90 || b == 0x9d:
			return false
		case b >= 0x80 && b <= 0x9f && b != 0x92 && b != 0x96 && b != 0x80 && letter(i-1) && letter(i+1):
			return false
		}
	}
	return true
}
