package feierabend

import (
	"html/template"
	"net/url"
	"strings"
	"unicode"
)

// Letter is a mail in its parts. Mail makes text and HTML of it in one frame, so
// that every mail of the service looks alike and none makes HTML of its own.
type Letter struct {
	To      string
	Subject string
	// Code is shown large and first: "K7Q2-M4XD". CodeFor says what it is, as the
	// rest of the sentence: "ist Ihr Code für Feierabend."
	Code, CodeFor string
	Lines         []string // paragraphs before the button
	Button, URL   string   // what the button says and where it leads; "" = none
	Small         []string // paragraphs in small print
	Off           string   // where mails of this kind are ended; "" = they cannot be
	Ref           string   // as in Mail
}

// sign is the end of each mail.
const sign = "Feierabend"

var letterHTML = template.Must(template.New("letter").Parse(`<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="color-scheme" content="light"><title>{{.Subject}}</title></head>
<body style="margin:0;padding:24px;background:#eceae4;color:#1b1c1e;font:17px/1.5 system-ui,sans-serif">
<div style="max-width:30em;margin:0 auto;padding:24px;background:#fff;border:1px solid #d5d2c9;border-radius:8px">
{{- if .Code}}
<p style="margin:0 0 8px"><b style="font-size:28px;letter-spacing:1px">{{.Code}}</b><br>{{.CodeFor}}</p>
{{- end}}
{{- range .Lines}}
<p>{{.}}</p>
{{- end}}
{{- if .URL}}
<p><a href="{{.URL}}" style="display:inline-block;padding:14px 18px;background:#ffbf1f;color:#1b1c1e;border:1px solid #aa7400;border-radius:8px;font-weight:bold;text-decoration:none">{{.Button}}</a></p>
{{- end}}
{{- range .Small}}
<p style="font-size:14px;color:#585954">{{.}}</p>
{{- end}}
{{- if .Off}}
<p style="font-size:14px"><a href="{{.Off}}" style="color:#585954">{{.OffWords}}</a></p>
{{- end}}
</div>
</body>
</html>
`))

// Mail makes the mail. Line breaks and other characters that are not seen become
// spaces in everything but the link, so that no word of a person or firm can begin
// a header or a line of its own; a link that is not http(s) is left out. Words that
// mail programs would make a link of by themselves (the name of a firm can be one) are
// broken: the only links of a letter are its button and the one that ends such letters.
func (l Letter) Mail() Mail {
	l.Subject, l.Code, l.CodeFor, l.Button = plain(l.Subject), plain(l.Code), plain(l.CodeFor), plain(l.Button)
	l.Lines, l.Small = allPlain(l.Lines), allPlain(l.Small)
	l.URL, l.Off = webURL(l.URL), webURL(l.Off)
	var parts []string
	if l.Code != "" {
		parts = append(parts, l.Code+" "+l.CodeFor)
	}
	parts = append(parts, l.Lines...)
	if l.URL != "" {
		parts = append(parts, l.Button+":\n\n"+l.URL)
	}
	parts = append(parts, l.Small...)
	if l.Off != "" {
		parts = append(parts, l.OffWords()+":\n\n"+l.Off)
	}
	parts = append(parts, sign)
	var html strings.Builder
	if err := letterHTML.Execute(&html, l); err != nil { // a strings.Builder takes everything, and the fields exist
		html.Reset()
	}
	return Mail{To: l.To, Subject: l.Subject, Text: strings.Join(parts, "\n\n") + "\n", HTML: html.String(), Off: l.Off, Ref: l.Ref}
}

// OffWords is what the link that ends the mails says.
func (l Letter) OffWords() string { return "Diese Mails abbestellen" }

// webURL gives the address, "" where it is none of the web.
func webURL(s string) string {
	if u, err := url.Parse(s); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return s
}

func allPlain(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = plain(s)
	}
	return out
}

func plain(s string) string { return unlinked(oneLine(s)) }

// oneLine joins what stands between characters that are not seen (controls, line
// ends, marks that turn the direction around) with one space.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
}
