package feierabend

import "strings"

// BrowserFamily reads the family from a User-Agent header: no version, no
// system, nothing that marks a person (AUTH-09).
func BrowserFamily(userAgent string) string {
	for _, f := range []struct{ mark, name string }{
		{"Edg", "Edge"},
		{"OPR/", "Opera"},
		{"SamsungBrowser", "Samsung Internet"},
		{"FxiOS", "Firefox"},
		{"Firefox", "Firefox"},
		{"CriOS", "Chrome"},
		{"Chrome", "Chrome"},
		{"Chromium", "Chrome"},
		{"Safari", "Safari"},
	} {
		if strings.Contains(userAgent, f.mark) {
			return f.name
		}
	}
	return "einem Browser"
}
