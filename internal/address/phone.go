package address

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// shortest is the length of the shortest numbers that can be called from abroad,
// with the plus: those of small islands have five digits after the country code.
const shortest = len("+29012345")

// ReadPhone gives a number as typed in its international form (E.164:
// "+4917139200155"). Without a country code it is German. ok is false for what
// nobody could call: too short or too long for its country, an unknown country,
// letters, an extension, two numbers in one field, premium numbers.
//
// A number that is possible but not known to the tables of the library is taken:
// new ranges are given out every month, and a wall would be worse than a number
// that proves wrong when it is linked.
func ReadPhone(typed string) (e164 string, ok bool) {
	s := strings.Map(func(r rune) rune {
		switch r {
		case '\u00a0', '\u202f', '\u2009', '\t': // spaces of copied numbers
			return ' '
		case '–', '\u2011', '\u2010', '−': // dashes of copied numbers
			return '-'
		}
		return r
	}, strings.TrimSpace(typed))
	if len(s) > 40 || strings.Trim(s, "0123456789 +-/().") != "" || strings.Trim(s[:max(0, strings.LastIndexByte(s, '+'))], " (") != "" {
		return "", false
	}
	n, err := phonenumbers.Parse(s, "DE")
	if err != nil || phonenumbers.IsPossibleNumberWithReason(n) != phonenumbers.IS_POSSIBLE {
		return "", false
	}
	if phonenumbers.GetNumberType(n) == phonenumbers.PREMIUM_RATE {
		return "", false
	}
	e164 = phonenumbers.Format(n, phonenumbers.E164)
	// The tables hold single exchanges of three digits to be possible, and a zero too
	// many to be part of the number: neither survives being read again.
	again, err := phonenumbers.Parse(e164, "DE")
	if err != nil || len(e164) < shortest || phonenumbers.Format(again, phonenumbers.E164) != e164 {
		return "", false
	}
	return e164, true
}
