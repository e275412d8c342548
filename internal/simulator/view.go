package simulator

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// phoneView is everything the phone page shows.
type phoneView struct {
	Nonce     string
	Version   int
	N         int
	Person    Person
	Phones    []phoneTab
	Items     []item
	Typing    bool
	Notes     []Note
	Faults    []faultView
	Clock     time.Time
	Skipped   bool
	Log       []LogLine
	Connected bool
	Product   string
	Mails     int
	Problem   string
	Draft     string // what stands in the field already
}

type phoneTab struct {
	N       int
	Person  Person
	Current bool
}

// item is a day line or a message.
type item struct {
	Day    string
	N      int
	Bubble Bubble
	Me     bool
	Lines  [][]span
	Wave   []bar
	Quote  string
	Open   bool // its buttons were not pressed yet
}

// span is a piece of a line: WhatsApp's *bold* and _italic_, and addresses.
type span struct {
	Text   string
	Bold   bool
	Italic bool
	Link   string
}

type bar struct{ X, Y1, H string }

type faultView struct {
	Name, Label string
	On          bool
}

// First is the note that an empty chat offers.
func (v phoneView) First() *Note {
	if len(v.Notes) == 0 {
		return nil
	}
	return &v.Notes[0]
}

// view collects a phone's page.
func (s *Simulator) view(n int, p *phone) phoneView {
	s.mu.Lock()
	defer s.mu.Unlock()
	zone := s.pages.zone
	v := phoneView{
		Version: s.version, N: n, Person: p.Person, Notes: s.notes, Typing: p.typing.After(s.o.Now()),
		Clock: s.now().In(zone), Skipped: s.skip > 0, Connected: s.hooks.verified, Mails: len(s.mails),
		Product: origin(s.hooks.url),
	}
	for i, q := range s.all() {
		if crowd := i >= len(s.o.People) && i < len(s.o.People)+s.o.Crowd; crowd && q != p {
			continue
		}
		v.Phones = append(v.Phones, phoneTab{N: i + 1, Person: q.Person, Current: q == p})
	}
	pressed := map[string]bool{}
	for _, b := range p.bubbles {
		if b.Pressed != "" || b.Shared != "" {
			pressed[b.ReplyTo] = true
		}
	}
	day := ""
	today := s.o.Now().In(zone)
	for _, b := range p.copy() {
		b.At = b.At.In(zone)
		if d := dayName(b.At, today); d != day {
			day = d
			v.Items = append(v.Items, item{Day: d})
		}
		v.Items = append(v.Items, s.item(n, p, b, pressed[b.Wamid]))
	}
	for i := len(s.log) - 1; i >= 0; i-- {
		l := s.log[i]
		l.At = l.At.In(zone)
		v.Log = append(v.Log, l)
	}
	v.Faults = faultViews(s.faults)
	return v
}

func (s *Simulator) item(n int, p *phone, b Bubble, pressed bool) item {
	it := item{N: n, Bubble: b, Me: b.From == "me", Open: (len(b.Buttons) > 0 || b.AskContact) && !pressed}
	if b.Text != "" {
		for _, l := range strings.Split(strings.TrimSpace(b.Text), "\n") {
			it.Lines = append(it.Lines, spans(l))
		}
	}
	if b.Voice != nil {
		it.Wave = bars(b.Voice.Wave)
	}
	if b.ReplyTo != "" && b.Pressed == "" && b.Shared == "" {
		if q := p.find(b.ReplyTo); q != nil {
			it.Quote = quote(q)
		}
	}
	return it
}

// Clock is minutes and seconds of a voice note.
func (v *Voice) Clock() string { return clock(v.Seconds) }

// Clock is minutes and seconds of a shipped note.
func (n Note) Clock() string { return clock(n.Seconds) }

func clock(seconds int) string { return fmt.Sprintf("%d:%02d", seconds/60, seconds%60) }

// KB is the size in whole kilobytes.
func (f *File) KB() int { return (f.Size + 1023) / 1024 }

// Kind names the type for people.
func (f *File) Kind() string {
	if f.Type == "application/pdf" {
		return "PDF"
	}
	return "Datei"
}

func quote(b *Bubble) string {
	if b.Voice != nil {
		return "Sprachnachricht (" + b.Voice.Clock() + ")"
	}
	t, _, _ := strings.Cut(b.Text, "\n")
	if r := []rune(t); len(r) > 60 {
		t = string(r[:60]) + "…"
	}
	return strings.ReplaceAll(t, "*", "")
}

// bars turns loudness (0…100) into strokes of a 181 × 32 picture; without
// samples yet it is a quiet line.
func bars(wave []uint8) []bar {
	out := make([]bar, waveBars)
	for i := range out {
		h := 3.0
		if i < len(wave) {
			h = max(3, float64(wave[i])/100*27)
		}
		out[i] = bar{fmt.Sprint(3 + 5*i), fmt.Sprintf("%.1f", 16-h/2), fmt.Sprintf("%.1f", h)}
	}
	return out
}

var (
	address  = regexp.MustCompile(`https?://[^\s<>"]+[^\s<>".,;:!?)]`)
	emphasis = regexp.MustCompile(`(^|[\s(„"])([*_])(\S|\S[^*_]*\S)([*_])([\s).,:;!?“"]|$)`)
)

// spans reads one line as WhatsApp shows it.
func spans(line string) (out []span) {
	for {
		at := address.FindStringIndex(line)
		if at == nil {
			return append(out, emphasised(line)...)
		}
		out = append(out, emphasised(line[:at[0]])...)
		out = append(out, span{Text: line[at[0]:at[1]], Link: line[at[0]:at[1]]})
		line = line[at[1]:]
	}
}

func emphasised(s string) (out []span) {
	for {
		m := emphasis.FindStringSubmatchIndex(s)
		if m == nil || s[m[4]:m[5]] != s[m[8]:m[9]] {
			if s != "" {
				out = append(out, span{Text: s})
			}
			return out
		}
		if m[4] > 0 {
			out = append(out, span{Text: s[:m[4]]})
		}
		mark := s[m[4]]
		out = append(out, span{Text: s[m[6]:m[7]], Bold: mark == '*', Italic: mark == '_'})
		s = s[m[9]:]
	}
}

var (
	weekdays = [...]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"}
	months   = [...]string{"", "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}
)

func dayName(t, today time.Time) string {
	if t.Format(time.DateOnly) == today.Format(time.DateOnly) {
		return "Heute"
	}
	return fmt.Sprintf("%s, %d. %s", weekdays[t.Weekday()], t.Day(), months[t.Month()])
}

func faultViews(f Faults) []faultView {
	return []faultView{
		{"hold", "WhatsApp stellt nichts zu (Rückstau)", f.Hold},
		{"duplicate", "Jede Nachricht doppelt zustellen", f.Duplicate},
		{"reorder", "Reihenfolge vertauschen", f.Reorder},
		{"forge", "Vorher eine gefälschte Kopie zustellen", f.Forge},
		{"media_late", "Sprachdatei erst beim zweiten Mal da", f.MediaLate},
		{"media_busy", "Nächste Sprachdatei antwortet mit Fehler 503", f.MediaBusy > 0},
		{"graph_busy", "WhatsApp antwortet mit Fehler 503", f.GraphBusy},
		{"lost_answer", "Nächste Antwort von WhatsApp geht verloren", f.LostAnswer > 0},
	}
}

func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func (s *Simulator) productURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return origin(s.hooks.url)
}
