package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"feierabend"
)

// format turns values into German for pages. Times are shown in one zone.
type format struct{ zone *time.Location }

const nbsp = "\u00a0"

func (format) euro(c feierabend.Cents) string { return c.German() + nbsp + "€" }

// price is a unit price: two decimals, four where it has them.
func price(d feierabend.Dec4) string { return d.German(2) + nbsp + "€" }

func quantity(q feierabend.Dec4, unit string) string {
	if unit == "LS" && q == feierabend.One {
		return "pauschal"
	}
	return q.German(0) + nbsp + feierabend.UnitLabel(unit, q)
}

func (f format) date(t time.Time) string { return t.In(f.zone).Format("02.01.2006") }

// minute is date and time of day.
func (f format) minute(t time.Time) string { return f.date(t) + ", " + f.clock(t) }

func (f format) clock(t time.Time) string { return t.In(f.zone).Format("15:04") + " Uhr" }

// stamp is the exact form for receipts: "10.02.2026, 18:31:07 Uhr".
func (f format) stamp(t time.Time) string {
	return t.In(f.zone).Format("02.01.2006, 15:04:05") + " Uhr"
}

var (
	weekdays = [...]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"}
	months   = [...]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}
)

// longDay is "Dienstag, 10. Februar 2026".
func (f format) longDay(t time.Time) string {
	t = t.In(f.zone)
	return fmt.Sprintf("%s, %d. %s %d", weekdays[t.Weekday()], t.Day(), months[t.Month()-1], t.Year())
}

// shortDay is "Di. 10.02.".
func (f format) shortDay(t time.Time) string {
	t = t.In(f.zone)
	return weekdays[t.Weekday()][:2] + ". " + t.Format("02.01.")
}

// ago is the age of t in words a person would say.
func (f format) ago(now, t time.Time) string {
	d := now.Sub(t)
	a, b := t.In(f.zone), now.In(f.zone)
	days := int(time.Date(b.Year(), b.Month(), b.Day(), 12, 0, 0, 0, time.UTC).Sub(time.Date(a.Year(), a.Month(), a.Day(), 12, 0, 0, 0, time.UTC)) / (24 * time.Hour))
	switch {
	case d < 90*time.Second:
		return "gerade eben"
	case d < time.Hour:
		return fmt.Sprintf("vor %d Minuten", int(d/time.Minute))
	case days == 0 && d < 2*time.Hour:
		return "vor einer Stunde"
	case days == 0:
		return fmt.Sprintf("vor %d Stunden", int(d/time.Hour))
	case days == 1:
		return "gestern"
	}
	return fmt.Sprintf("vor %d Tagen", days)
}

// count is "1 Frage", "3 Fragen".
func count(n int, one, many string) string {
	if n == 1 {
		return "1" + nbsp + one
	}
	return strconv.Itoa(n) + nbsp + many
}

var numberWords = [...]string{"null", "eine", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"}

// thousands writes a count with points: "1.000".
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// inWords spells small numbers, as a person would say them.
func inWords(n int) string {
	if n >= 0 && n < len(numberWords) {
		return numberWords[n]
	}
	return strconv.Itoa(n)
}

// minuteSecond is a place in a recording: "0:24".
func minuteSecond(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// span is what is left until an end, after "in": "23 Std. 41 Min.", "4 Tagen".
func span(d time.Duration) string {
	switch {
	case d <= 0:
		return "jetzt"
	case d < time.Hour:
		return fmt.Sprintf("%d"+nbsp+"Min.", max(1, int(d/time.Minute)))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d"+nbsp+"Std. %d"+nbsp+"Min.", int(d/time.Hour), int(d/time.Minute)%60)
	}
	return count(int(d/(24*time.Hour)), "Tag", "Tagen")
}

// groups sets blanks into a long code, four characters each.
func groups(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// phone sets blanks into a German number as people read it: "+49 30 231 250 420".
// Numbers of other countries stay as they are.
func phone(e164 string) string {
	rest, ok := strings.CutPrefix(e164, "+49")
	if !ok || len(rest) < 7 || strings.Trim(rest, "0123456789") != "" {
		return e164
	}
	area := 4
	switch {
	case strings.Contains("30 40 69 89", rest[:2]):
		area = 2
	case rest[0] == '1':
		area = 3
	}
	out := "+49" + nbsp + rest[:area]
	for rest = rest[area:]; rest != ""; {
		n := min(3, len(rest))
		if len(rest) == 4 {
			n = 2
		}
		out, rest = out+nbsp+rest[:n], rest[n:]
	}
	return out
}
