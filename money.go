package feierabend

import (
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// Cents is an amount in euro cents. Dec4 is a number with four decimals: a
// quantity, a unit price in euro, a percentage. No floats anywhere (design §3).
type (
	Cents int64
	Dec4  int64
)

// One is 1 as a Dec4.
const One Dec4 = 10_000

// Dec is a small whole number as a Dec4.
func Dec(n int) Dec4 { return Dec4(n) * One }

// LineNet is quantity × unit price, rounded half away from zero to the cent (einvoice.md §4.4).
func LineNet(quantity, price Dec4) Cents {
	return Cents(mulDivRound(int64(quantity), int64(price), 1_000_000))
}

// Percent is rate percent of c, rounded half away from zero; rate 19 is Dec(19).
func Percent(c Cents, rate Dec4) Cents {
	return Cents(mulDivRound(int64(c), int64(rate), 1_000_000))
}

// MulDiv is a × b ÷ d with a 128-bit product, rounded half away from zero; d > 0.
func MulDiv(a, b, d int64) int64 { return mulDivRound(a, b, d) }

// mulDivRound is exact; a result outside int64 becomes the largest number of its
// sign, which no check of a document lets pass.
func mulDivRound(a, b, d int64) int64 {
	ua, na := abs(a)
	ub, nb := abs(b)
	hi, lo := bits.Mul64(ua, ub)
	lo, carry := bits.Add64(lo, uint64(d)/2, 0)
	if hi += carry; hi >= uint64(d) {
		hi, lo, d = 0, math.MaxInt64, 1
	}
	q, _ := bits.Div64(hi, lo, uint64(d))
	q = min(q, math.MaxInt64)
	if na != nb {
		return -int64(q)
	}
	return int64(q)
}

func abs(a int64) (uint64, bool) {
	if a < 0 {
		return uint64(-a), true
	}
	return uint64(a), false
}

// Cents rounds a Dec4 amount in euro to cents, half away from zero.
func (d Dec4) Cents() Cents { return Cents(mulDivRound(int64(d), 1, 100)) }

// Dec4 gives the amount in euro with four decimals.
func (c Cents) Dec4() Dec4 { return Dec4(c) * 100 }

// String is the plain form with a point and two decimals: "-12.30".
func (c Cents) String() string {
	u, neg := abs(int64(c))
	s := strconv.FormatUint(u/100, 10) + "." + fmt.Sprintf("%02d", u%100)
	if neg {
		return "-" + s
	}
	return s
}

// String is the shortest plain form with a point: "1.75", "68".
func (d Dec4) String() string {
	u, neg := abs(int64(d))
	s := strconv.FormatUint(u/10_000, 10)
	if f := u % 10_000; f != 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%04d", f), "0")
	}
	if neg {
		return "-" + s
	}
	return s
}

// German is "1.234,56" for amounts on pages and paper; add " €" yourself.
func (c Cents) German() string { return germanNumber(c.String()) }

// German is "1.234,5" with at least min decimals.
func (d Dec4) German(min int) string {
	s := d.String()
	whole, frac, _ := strings.Cut(s, ".")
	for len(frac) < min {
		frac += "0"
	}
	if frac != "" {
		whole += "." + frac
	}
	return germanNumber(whole)
}

func germanNumber(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	whole, frac, has := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "." + whole[i:]
	}
	if has {
		whole += "," + frac
	}
	return sign + whole
}

// ParseDec4 reads a plain decimal with a point and at most four decimals.
func ParseDec4(s string) (Dec4, error) {
	n, err := parseFixed(s, 4)
	return Dec4(n), err
}

// ParseCents reads a plain decimal with a point and at most two decimals.
func ParseCents(s string) (Cents, error) {
	n, err := parseFixed(s, 2)
	return Cents(n), err
}

func parseFixed(s string, decimals int) (int64, error) {
	bad := &Error{Kind: Invalid, Code: "decimal", Err: fmt.Errorf("no decimal with up to %d decimals", decimals)}
	t := strings.TrimPrefix(s, "-")
	whole, frac, has := strings.Cut(t, ".")
	if whole == "" || len(whole) > 12 || len(frac) > decimals || has && frac == "" || strings.Trim(whole+frac, "0123456789") != "" {
		return 0, bad
	}
	n, err := strconv.ParseInt(whole+frac+strings.Repeat("0", decimals-len(frac)), 10, 64)
	if err != nil {
		return 0, bad
	}
	if t != s {
		n = -n
	}
	return n, nil
}

// MarshalJSON writes a decimal string, as in the dictation format: "12.30".
func (c Cents) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }

// UnmarshalJSON reads a decimal string or a JSON number.
func (c *Cents) UnmarshalJSON(b []byte) error {
	v, err := ParseCents(strings.Trim(string(b), `"`))
	if err != nil {
		return err
	}
	*c = v
	return nil
}

// MarshalJSON writes a decimal string: "1.75".
func (d Dec4) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// UnmarshalJSON reads a decimal string or a JSON number.
func (d *Dec4) UnmarshalJSON(b []byte) error {
	v, err := ParseDec4(strings.Trim(string(b), `"`))
	if err != nil {
		return err
	}
	*d = v
	return nil
}
