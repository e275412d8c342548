package feierabend_test

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"

	"feierabend"
)

func TestLineNetRoundsHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		quantity, price string
		want            feierabend.Cents
	}{
		{"1", "0.005", 1},
		{"-1", "0.005", -1},
		{"1", "0.0049", 0},
		{"3.3333", "62.3333", 207_78},
		{"1.75", "68", 119_00},
		{"999999999.9999", "999999999.9999", math.MaxInt64},
		{"-999999999.9999", "999999999.9999", -math.MaxInt64},
	} {
		q, err := feierabend.ParseDec4(c.quantity)
		if err != nil {
			t.Fatal(err)
		}
		p, err := feierabend.ParseDec4(c.price)
		if err != nil {
			t.Fatal(err)
		}
		if got := feierabend.LineNet(q, p); got != c.want {
			t.Errorf("%s × %s = %s, want %s", c.quantity, c.price, got, c.want)
		}
	}
}

func TestGerman(t *testing.T) {
	for c, want := range map[feierabend.Cents]string{0: "0,00", 5: "0,05", -123456: "−1.234,56", 123456789: "1.234.567,89", 100000: "1.000,00"} {
		if got := c.German(); got != want {
			t.Errorf("%d: %q, want %q", c, got, want)
		}
	}
	for d, want := range map[feierabend.Dec4]string{25000: "2,50", 118750: "11,875", 12345678: "1.234,5678", -10000: "−1,00"} {
		if got := d.German(2); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
}

func TestDecimalsFromJSON(t *testing.T) {
	var x struct {
		C feierabend.Cents
		D feierabend.Dec4
	}
	for s, ok := range map[string]bool{
		`{"C":"12.30","D":"1.75"}`: true, `{"C":12.3,"D":1.75}`: true, `{"C":"-0.01"}`: true,
		`{"C":"12,30"}`: false, `{"C":"12.345"}`: false, `{"D":"1.23456"}`: false, `{"C":"1e3"}`: false, `{"C":""}`: false, `{"C":"."}`: false, `{"C":"--1"}`: false, `{"C":"9999999999999"}`: false,
	} {
		if err := json.Unmarshal([]byte(s), &x); (err == nil) != ok {
			t.Errorf("%s: %v, want ok %v", s, err, ok)
		}
	}
}

// MulDiv is exact for all inputs whose result fits, and never panics.
func FuzzMulDiv(f *testing.F) {
	f.Add(int64(math.MaxInt64), int64(math.MaxInt64), int64(1))
	f.Add(int64(math.MinInt64), int64(-1), int64(3))
	f.Add(int64(5), int64(1), int64(2))
	f.Fuzz(func(t *testing.T, a, b, d int64) {
		if d <= 0 {
			return
		}
		got := feierabend.MulDiv(a, b, d)
		x := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		twice := new(big.Int).Abs(x)
		twice.Mul(twice, big.NewInt(2)).Add(twice, big.NewInt(d)).Quo(twice, new(big.Int).Mul(big.NewInt(d), big.NewInt(2)))
		if x.Sign() < 0 {
			twice.Neg(twice)
		}
		switch {
		case twice.IsInt64() && twice.Int64() != math.MinInt64 && got != twice.Int64():
			t.Errorf("%d × %d ÷ %d = %d, want %s", a, b, d, got, twice)
		case !twice.IsInt64() && (got != math.MaxInt64 && got != -math.MaxInt64 || (got < 0) != (twice.Sign() < 0)):
			t.Errorf("%d × %d ÷ %d = %d, want the largest number of sign %d", a, b, d, got, twice.Sign())
		}
	})
}
