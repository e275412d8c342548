package web

import (
	"testing"
	"time"

	"feierabend"
)

func TestFormats(t *testing.T) {
	f := format{time.FixedZone("MEZ", 3600)}
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct{ got, want string }{
		"amount":           {f.euro(123456), "1.234,56\u00a0€"},
		"negative":         {f.euro(-5), "−0,05\u00a0€"},
		"unit price":       {price(12_3450), "12,345\u00a0€"},
		"hours":            {quantity(2_5000, "HUR"), "2,5\u00a0Std."},
		"lump":             {quantity(feierabend.One, "LS"), "pauschal"},
		"two lumps":        {quantity(2*feierabend.One, "LS"), "2\u00a0pauschal"},
		"day":              {f.longDay(now), "Dienstag, 24. November 2026"},
		"day before":       {f.shortDay(now.AddDate(0, 0, -1)), "Mo. 23.11."},
		"over midnight":    {f.date(time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)), "01.01.2027"},
		"now":              {f.ago(now, now.Add(-time.Minute)), "gerade eben"},
		"minutes":          {f.ago(now, now.Add(-20*time.Minute)), "vor 20 Minuten"},
		"an hour":          {f.ago(now, now.Add(-61*time.Minute)), "vor einer Stunde"},
		"hours ago":        {f.ago(now, now.Add(-5*time.Hour)), "vor 5 Stunden"},
		"yesterday":        {f.ago(now, now.Add(-12*time.Hour)), "gestern"},
		"days ago":         {f.ago(now, now.Add(-27*24*time.Hour)), "vor 27 Tagen"},
		"left":             {span(23*time.Hour + 41*time.Minute), "23\u00a0Std. 41\u00a0Min."},
		"seconds left":     {span(10 * time.Second), "1\u00a0Min."},
		"days left":        {span(29 * 24 * time.Hour), "29\u00a0Tagen"},
		"nothing left":     {span(-time.Second), "jetzt"},
		"second":           {minuteSecond(83 * time.Second), "1:23"},
		"code":             {groups("abcdefghij"), "abcd efgh ij"},
		"Berlin":           {phone("+4930231250420"), "+49\u00a030\u00a0231\u00a0250\u00a0420"},
		"mobile":           {phone("+4917139200155"), "+49\u00a0171\u00a0392\u00a0001\u00a055"},
		"abroad":           {phone("+48123456789"), "+48123456789"},
		"not a number":     {phone("+49abc1234567"), "+49abc1234567"},
		"small size":       {size(999), "999\u00a0Byte"},
		"size":             {size(524_288), "524\u00a0kB"},
		"large size":       {size(41_760_000), "41,8\u00a0MB"},
		"words of numbers": {inWords(12), "zwölf"},
		"digits":           {inWords(13), "13"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}

func TestLeft(t *testing.T) {
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name           string
		expires, erase time.Duration
		want           left
	}{
		{"fresh", 30*24*time.Hour - time.Hour, 0, left{Width: 290, Text: "löscht in 29\u00a0Tagen"}},
		{"ten days", 10 * 24 * time.Hour, 0, left{Width: 100, Text: "löscht in 10\u00a0Tagen"}},
		{"first warning", 9*24*time.Hour - time.Minute, 0, left{Soon: true, Width: 80, Text: "löscht in 8\u00a0Tagen"}},
		{"three days", 3*24*time.Hour + time.Hour, 0, left{Soon: true, Last: true, Width: 30, Text: "löscht in 3\u00a0Tagen"}},
		{"last day", 5 * time.Hour, 0, left{Soon: true, Last: true, Hours: true, Width: 50, Text: "löscht in 5\u00a0Stunden"}},
		{"last hour", 30 * time.Minute, 0, left{Soon: true, Last: true, Hours: true, Width: 5, Text: "löscht in 30\u00a0Minuten"}},
		{"over", -time.Second, 0, left{Soon: true, Last: true, Text: "wird gelöscht"}},
		{"countdown", 29 * 24 * time.Hour, 24 * time.Hour, left{Hours: true, Width: 240, Text: "löscht in 1\u00a0Tag"}},
		{"countdown runs", 29 * 24 * time.Hour, 21*time.Hour + time.Minute, left{Hours: true, Width: 210, Text: "löscht in 21\u00a0Stunden"}},
		{"countdown after day 30", 2 * time.Hour, 24 * time.Hour, left{Soon: true, Last: true, Hours: true, Width: 20, Text: "löscht in 2\u00a0Stunden"}},
	} {
		k := feierabend.Case{CreatedAt: now.Add(c.expires - 30*24*time.Hour + time.Hour), ExpiresAt: now.Add(c.expires)}
		if c.erase != 0 {
			k.EraseAt = now.Add(c.erase)
		}
		if got := leftOf(now, k); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// TestCut: the passage is marked, the sentence is near, the rest is far, and the
// three together are always the whole text.
func TestCut(t *testing.T) {
	said := "Moin. Am Hafen 3 in 25.541 Brunsbüttel. Festpreis 180 Euro, alles drin. Danke!"
	for _, c := range []struct {
		from, to   int
		mark, near string
	}{
		{50, 53, "180", "Festpreis 180 Euro, alles drin."},
		{20, 26, "25.541", "Am Hafen 3 in 25.541 Brunsbüttel."},
		{0, 4, "Moin", "Moin."},
		{72, 78, "Danke!", "Danke!"},
		{-1, 3, "", ""},
		{5, 500, "", ""},
		{9, 9, "", ""},
		{9, 3, "", ""},
	} {
		var w words
		w.cut([]rune(said), c.from, c.to)
		if all := w.Far1 + w.Near1 + w.Mark + w.Near2 + w.Far2; all != said {
			t.Errorf("%d…%d: the text became %q", c.from, c.to, all)
		}
		if w.Mark != c.mark {
			t.Errorf("%d…%d: marked %q, want %q", c.from, c.to, w.Mark, c.mark)
		}
		if near := w.Near1 + w.Mark + w.Near2; c.mark != "" && trim(near) != c.near {
			t.Errorf("%d…%d: near %q, want %q", c.from, c.to, near, c.near)
		}
	}
}

func trim(s string) string {
	for len(s) > 0 && s[0] == ' ' {
		s = s[1:]
	}
	return s
}

// FuzzCut: any text and any range gives the whole text back, on rune borders.
func FuzzCut(f *testing.F) {
	f.Add("Moin. Zwei Stunden, ach Quatsch, zweieinhalb.", 10, 20)
	f.Add("", 0, 0)
	f.Add("ä\xffö", 1, 2)
	f.Fuzz(func(t *testing.T, s string, from, to int) {
		var w words
		runes := []rune(s)
		w.cut(runes, from, to)
		if w.Far1+w.Near1+w.Mark+w.Near2+w.Far2 != string(runes) {
			t.Errorf("text lost: %q %d %d", s, from, to)
		}
	})
}
