package web

import (
	"strconv"
	"strings"
	"time"

	"feierabend"
)

// question is asked in place, in the words that the chat uses too. Kind chooses
// the form: address, day, price, quantity, choice, or text.
type question struct {
	N           int
	ID          string   // "frage-1"
	Action      string   // where the answer goes
	Back        string   // of „Doch nicht ändern“
	Carry       []hidden // what the form sends along
	Path, Kind  string
	Title, Hint string
	Label, Unit string
	Words       value // what was said about it, empty = nothing
	Quote       string
	Choices     []choice
	Else        string // what unfolds the field, where a choice is the likelier answer
	Drop        bool   // the line may be left out
	Input       map[string]string
	Error       string
	First       bool // the one yellow button of the page
	Again       bool // an answered value is changed
}

// hidden is a value that a form carries.
type hidden struct{ Name, Value string }

// choice is one tap.
type choice struct{ Value, Label, Place string }

func inDigits(n int) string { return strconv.Itoa(n) }

// question makes the form for a path: a choice where one is possible, else one
// labelled field.
func (s *server) question(l loaded, n int, path string) question {
	d := l.draft.Draft
	asked := d.Question(path)
	q := question{
		N: n, ID: "frage-" + inDigits(n), Action: "/v/" + string(l.ID) + "/antwort", Back: "/v/" + string(l.ID),
		Carry: []hidden{{"version", strconv.Itoa(l.draft.Version)}}, Path: path, Kind: "text",
		Title: asked.Text, Hint: asked.Hint, Label: "Ihre Antwort", Input: map[string]string{},
	}
	switch asked.Asks {
	case feierabend.AskAddress:
		q.Kind, q.Hint = "address", "Straße, Postleitzahl und Ort müssen auf die Rechnung."
		if len(d.Namesakes) > 0 && path == "buyer.address" {
			q.Hint, q.Else = "", "Andere Anschrift eintragen"
			for _, c := range d.Namesakes {
				q.Choices = append(q.Choices, choice{c.Code, c.Full, c.Place})
			}
		}
		if b := d.Buyer; b != nil {
			q.Input = map[string]string{"strasse": b.Street, "plz": b.Postcode, "ort": b.City}
		}
	case feierabend.AskDate:
		q.Kind, q.Hint, q.Choices = "day", "Der Leistungstag muss auf die Rechnung. Gesagt haben Sie keinen.", s.days()
		if d.Supply != nil {
			q.Hint = ""
		}
	case feierabend.AskMoney:
		q.Kind, q.Unit, q.Label = "price", "€", "Betrag"
	case feierabend.AskNumber:
		q.Kind, q.Label = "quantity", "Zahl"
		if path == "share" || path == "discount" {
			q.Unit = "%"
		}
	case feierabend.AskChoice:
		q.Kind = "choice"
	}
	if q.Kind == "choice" || q.Kind == "text" {
		for _, c := range asked.Choices {
			if c.Code != feierabend.ChoiceOther { // the field stands below
				q.Choices = append(q.Choices, choice{Value: c.Code, Label: c.Title})
			}
		}
	}
	if i, field, ok := feierabend.LinePath(path); ok && i < len(d.Lines) {
		q.aboutLine(d, d.Lines[i], field)
	}
	return q
}

// days offers the last three days by name and date, as a person would say them.
func (s *server) days() (out []choice) {
	f, now := format{s.Zone}, s.Now().In(s.Zone)
	for back, word := range []string{"Heute", "Gestern", "Vorgestern"} {
		day := now.AddDate(0, 0, -back)
		out = append(out, choice{Value: day.Format("02.01.2006"), Label: word + ", " + f.shortDay(day)})
	}
	return out
}

// aboutLine labels the field of a position.
func (q *question) aboutLine(d feierabend.Draft, line feierabend.Line, field string) {
	switch field {
	case "price":
		q.Drop, q.Label = true, "Preis, netto"
		if d.Prices == "gross" {
			q.Label = "Preis, brutto"
		}
		q.Hint = "Steht nicht in Ihren Preisen. Wir setzen keinen Preis ein, den Sie nicht gesagt haben."
		if line.Price != nil {
			q.Hint, q.Input["wert"] = "", line.Price.German(2)
		}
	case "quantity":
		q.Drop, q.Label, q.Unit = true, "Menge", feierabend.UnitLabel(line.Unit, feierabend.Dec(2))
		if line.Unit == "" || line.Unit == "LS" {
			q.Unit = ""
		}
		if line.Quantity != nil {
			q.Hint, q.Input["wert"] = "", strings.ReplaceAll(line.Quantity.German(0), ".", "")
		}
	case "text":
		q.Label, q.Input["wert"] = "Text der Zeile", line.Text
	}
}

// answerOf reads an answered form: the path it is about and one value, as typed.
// An address is three lines; a day of the calendar is written in German; „Zeile
// weglassen“ is about the line as a whole.
func answerOf(path string, get func(string) string) (string, string) {
	if get("weg") != "" {
		if i, _, ok := feierabend.LinePath(path); ok {
			return feierabend.PathOfLine(i, ""), feierabend.ChoiceDrop
		}
	}
	for _, field := range []string{"wahl", "wert", "tag"} {
		v := strings.TrimSpace(get(field))
		if day, err := time.Parse(time.DateOnly, v); err == nil {
			return path, day.Format("02.01.2006")
		}
		if v != "" {
			return path, v
		}
	}
	street, code, city := strings.TrimSpace(get("strasse")), strings.TrimSpace(get("plz")), strings.TrimSpace(get("ort"))
	if street == "" && code == "" && city == "" {
		return path, ""
	}
	return path, street + "\n" + code + "\n" + city
}
