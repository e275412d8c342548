package journal

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"feierabend"
)

// Field is a field of the access log: what stands there, and what the privacy policy
// says of it. The policy is rendered from the same list (LOG-02).
type Field struct {
	Key    string
	Policy string // German, as it stands in the policy's list
	value  func(feierabend.PageView) string
}

// Fields are all that there can be. None occurs in another log or table, so that
// nothing can be matched. There is no host name: addresses are not looked up.
func Fields() []Field {
	return []Field{
		{"browser", "Browsertyp und Hauptversion", func(v feierabend.PageView) string { return browser(v.UserAgent) }},
		{"system", "Betriebssystem", func(v feierabend.PageView) string { return system(v.UserAgent) }},
		{"referrer", "die zuvor besuchte Website (nur deren Adresse ohne Seite)", func(v feierabend.PageView) string { return origin(v.Referrer) }},
		{"minute", "Uhrzeit der Anfrage (auf die Minute, UTC)", func(v feierabend.PageView) string { return v.At.UTC().Format("2006-01-02T15:04Z") }},
		{"network", "gekürzte IP-Adresse (IPv4 ohne die letzte Stelle, IPv6 nur die ersten 48 Bit)", func(v feierabend.PageView) string { return network(v.Address) }},
		{"page", "aufgerufene Seite (ohne Kennungen von Vorgängen)", func(v feierabend.PageView) string { return shaped(Route, v.Route) }},
		{"answer", "Ergebnis der Anfrage als Zahl", func(v feierabend.PageView) string { return strconv.Itoa(v.Status) }},
	}
}

// DefaultFields are those of the processing agreement.
const DefaultFields = "browser,system,referrer,minute,network"

// ParseFields reads names with commas; "off" is none.
func ParseFields(list string) (out []Field, err error) {
	if list == "off" {
		return nil, nil
	}
next:
	for _, name := range strings.Split(list, ",") {
		for _, f := range Fields() {
			if f.Key == strings.TrimSpace(name) {
				out = append(out, f)
				continue next
			}
		}
		return nil, fmt.Errorf("no field %d of the access log", len(out)+1)
	}
	return out, nil
}

// Policy is the German passage of the privacy policy for these fields.
func Policy(fields []Field, days int) string {
	if len(fields) == 0 {
		return "Über den Aufruf der Seiten führen wir kein Protokoll."
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.Policy)
	}
	return fmt.Sprintf("Bei jedem Aufruf einer Seite speichern wir: %s. Diese Angaben werden mit keinen anderen Daten zusammengeführt und nach %s gelöscht. "+
		"Davon getrennt speichern wir ebenso lange sicherheitsrelevante Ereignisse (zum Beispiel fehlgeschlagene Anmeldungen) mit der vollständigen IP-Adresse, um Angriffe zu erkennen.", strings.Join(names, "; "), daysText(days))
}

func daysText(n int) string {
	if n == 1 {
		return "einem Tag"
	}
	return strconv.Itoa(n) + " Tagen"
}

// Access writes the access log.
type Access struct {
	to     io.Writer
	fields []Field
}

// NewAccess writes one JSON line a visit to w, with these fields in this order.
func NewAccess(w io.Writer, fields []Field) *Access { return &Access{w, fields} }

// Visit writes a line. What cannot be written is lost: a page must not wait for it.
func (a *Access) Visit(v feierabend.PageView) {
	if len(a.fields) > 0 {
		pairs := []string{"log", "access"}
		for _, f := range a.fields {
			pairs = append(pairs, f.Key, f.value(v))
		}
		a.to.Write(line(pairs))
	}
}

// Security writes the security log (LOG-04).
type Security struct {
	to     io.Writer
	person func(feierabend.UserID) string
	now    func() time.Time
}

// NewSecurity writes one JSON line an event to w. person gives the keyed hash of a
// person.
func NewSecurity(w io.Writer, person func(feierabend.UserID) string, now func() time.Time) *Security {
	return &Security{w, person, now}
}

// SecurityFields are the keys of the security log.
func SecurityFields() []string { return []string{"at", "act", "person", "address", "door", "reason"} }

// Event writes a line.
func (s *Security) Event(e feierabend.SecurityEvent) {
	person, address := "", ""
	if e.User != "" {
		person = s.person(e.User)
	}
	if e.Address.IsValid() {
		address = e.Address.Unmap().WithZone("").String()
	}
	values := []string{s.now().UTC().Format(time.RFC3339), shaped(Code, string(e.Act)), shaped(ID, person), address, door(e.Route), shaped(Code, e.Code)}
	pairs := []string{"log", "security"}
	for i, k := range SecurityFields() {
		pairs = append(pairs, k, values[i])
	}
	s.to.Write(line(pairs))
}

// door is a route, or a command.
func door(s string) string {
	if strings.HasPrefix(s, "/") || s == "-" {
		return shaped(Route, s)
	}
	return shaped(Code, s)
}

// shaped gives a value of the form, else "hidden".
func shaped(f Form, s string) string {
	if s == "" || forms[f].MatchString(s) {
		return s
	}
	return "hidden"
}

// line is one JSON object with its keys in order, and the line's end.
func line(pairs []string) []byte {
	b := []byte{'{'}
	for i := 0; i < len(pairs); i += 2 {
		if i > 0 {
			b = append(b, ',')
		}
		k, _ := json.Marshal(pairs[i])
		v, _ := json.Marshal(pairs[i+1])
		b = append(append(append(b, k...), ':'), v...)
	}
	return append(b, '}', '\n')
}
