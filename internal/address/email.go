package address

import (
	"strings"

	"golang.org/x/net/idna"
)

// Email is a mail address that was typed.
type Email struct {
	// Shown is how it is stored and written to: the local part as typed, the domain
	// in small letters and its ASCII form (RFC 5321 § 2.4: only the receiving host
	// may say what the case of a local part means).
	Shown string
	// Normal is how it is compared: all in small letters, no provider's tricks
	// with dots or plus signs (AUTH-10).
	Normal string
}

// Limits of RFC 5321 § 4.5.3.1, in octets.
const (
	maxLocal   = 64
	maxAddress = 254
)

// ReadEmail reads an address as typed, with space around it. ok is false for what
// cannot be written to: no domain of two labels, quoted local parts, letters
// beyond ASCII before the @ (RFC 6531 asks more of every server on the way than
// we know), comments, lists, control characters.
func ReadEmail(typed string) (e Email, ok bool) {
	s := strings.TrimSpace(typed)
	at := strings.LastIndexByte(s, '@')
	if len(s) > 4*maxAddress || at < 1 || at > maxLocal || !dotAtom(s[:at]) {
		return Email{}, false
	}
	domain, ok := readDomain(s[at+1:])
	if !ok || at+1+len(domain) > maxAddress {
		return Email{}, false
	}
	return Email{Shown: s[:at+1] + domain, Normal: strings.ToLower(s[:at+1]) + domain}, true
}

// dotAtom says whether s is a dot-atom of RFC 5322 § 3.2.3.
func dotAtom(s string) bool {
	for _, atom := range strings.Split(s, ".") {
		if atom == "" {
			return false
		}
		for _, r := range atom {
			letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
			if !letter && !strings.ContainsRune("!#$%&'*+/=?^_`{|}~-", r) {
				return false
			}
		}
	}
	return true
}

// readDomain gives the ASCII form (IDNA 2008) of a host name with at least two labels.
func readDomain(s string) (string, bool) {
	domain, err := idna.Lookup.ToASCII(strings.ToLower(s))
	if err != nil || len(domain) > 253 {
		return "", false
	}
	labels := strings.Split(domain, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return "", false
		}
	}
	top := labels[len(labels)-1]
	return domain, len(labels) > 1 && len(top) > 1 && strings.Trim(top, "0123456789") != ""
}
