package feierabend

import (
	"fmt"
	"strconv"
	"strings"
)

// Question is one thing that a draft must be told before it can be issued, with
// the words and choices that chat and pages show alike.
type Question struct {
	Path    string // "buyer.address", "lines[2].price", …
	Asks    AskKind
	Text    string   // the question in German
	Hint    string   // how to answer, with an example
	Choices []Choice // for buttons: at most three, but of the address book's entries all; free text is always allowed too
}

// AskKind says what an answer looks like.
type AskKind string

// The kinds of answers.
const (
	AskText    AskKind = "text"
	AskMoney   AskKind = "money"   // "189,00"
	AskNumber  AskKind = "number"  // "2,5"
	AskDate    AskKind = "date"    // "gestern", "12.11."
	AskAddress AskKind = "address" // street, postcode, city
	AskChoice  AskKind = "choice"
)

// Choice is an answer that fits on a button: a code and a title of at most 20 characters.
// Full and Place are what a page shows of an entry of the address book: who, and where.
type Choice struct{ Code, Title, Full, Place string }

// The codes of choices.
const (
	ChoiceToday     = "today"
	ChoiceYesterday = "yesterday"
	ChoiceOther     = "other" // asks again, for free text
	ChoiceNone      = "none"  // paid.invoice: no invoice was written for it
	ChoiceDrop      = "drop"  // leave the line out
)

// German names the kind as on a document: "Rechnung".
func (k DraftKind) German() string {
	switch k {
	case KindInvoice:
		return "Rechnung"
	case KindOffer:
		return "Angebot"
	case KindWorkReport:
		return "Regiebericht"
	case KindInterimInvoice:
		return "Abschlagsrechnung"
	case KindFinalInvoice:
		return "Schlussrechnung"
	case KindOrderConfirmation:
		return "Auftragsbestätigung"
	case KindReminder:
		return "Zahlungserinnerung"
	case KindNote:
		return "Notiz"
	}
	return "Vorgang"
}

// Issuable says whether documents of the kind can be issued in this version;
// drafts of the other kinds are kept to be read and copied.
func (k DraftKind) Issuable() bool { return k == KindInvoice }

// Question gives the words for a path of Draft.Questions. Unknown paths get a
// general question, never none.
func (d Draft) Question(path string) Question {
	q := Question{Path: path, Asks: AskText}
	if i, field, ok := LinePath(path); ok && i < len(d.Lines) {
		return d.lineQuestion(q, d.Lines[i], field)
	}
	switch path {
	case "buyer.name":
		q.Text, q.Hint = "An wen geht "+d.theKind()+"?", "Zum Beispiel: „Frau Petersen“ oder der Name der Firma."
	case "lines":
		q.Text, q.Hint = "Was soll auf "+d.theKindObject()+"?", "Zum Beispiel: „zwei Stunden Arbeit, ein Siphon zu 28,50 und Anfahrt“."
	case "buyer.vat_id":
		q.Text, q.Hint = "Wie lautet die USt-IdNr."+d.ofBuyer()+"?", "Sie beginnt mit zwei Buchstaben, zum Beispiel: „DE123456789“."
	case "buyer.address", "buyer.street", "buyer.postcode", "buyer.city":
		q.Asks, q.Text, q.Hint = AskAddress, "Wie lautet die Anschrift"+d.ofBuyer()+"?", "Straße mit Hausnummer, Postleitzahl und Ort, zum Beispiel: „Lindenweg 12, 25524 Itzehoe“."
		if path == "buyer.address" && len(d.Namesakes) > 0 {
			q = d.whichEntry(q)
		}
	case "supply", "supply.from", "supply.to":
		q.Asks, q.Text, q.Hint = AskDate, "Wann war die Arbeit?", "Ein Tag oder ein Zeitraum, zum Beispiel: „gestern“ oder „12. bis 14. November“."
		q.Choices = []Choice{{Code: ChoiceToday, Title: "Heute"}, {Code: ChoiceYesterday, Title: "Gestern"}, {Code: ChoiceOther, Title: "Anderer Tag"}}
	case "vat":
		q.Asks, q.Text, q.Hint = AskChoice, "Welcher Umsatzsteuersatz gilt?", "Zum Beispiel: „19 Prozent“."
		q.Choices = []Choice{{Code: "19", Title: "19 %"}, {Code: "7", Title: "7 %"}, {Code: "0", Title: "0 %"}}
	case "vat_scheme":
		q.Asks, q.Text, q.Hint = AskChoice, "Weisen Sie auf Ihren Rechnungen Umsatzsteuer aus?", "Das wird nur dieses eine Mal gefragt. „Nein“ heißt Kleinunternehmer nach § 19 UStG."
		q.Choices = []Choice{{Code: SchemeStandard, Title: "Ja, mit 19 %"}, {Code: SchemeSmallBusiness, Title: "Nein, § 19"}}
	case "kind":
		q.Asks, q.Text, q.Hint = AskChoice, "Was soll daraus werden?", "Zum Beispiel: „Rechnung“."
		q.Choices = []Choice{{Code: string(KindInvoice), Title: "Rechnung"}, {Code: string(KindOffer), Title: "Angebot"}, {Code: string(KindWorkReport), Title: "Regiebericht"}}
	case "prices":
		q.Asks, q.Text, q.Hint = AskChoice, "Sind die Preise netto oder brutto?", "Zum Beispiel: „netto“."
		q.Choices = []Choice{{Code: "net", Title: "Netto"}, {Code: "gross", Title: "Brutto"}}
	case "paid.invoice":
		q.Text, q.Hint = "Gab es über "+d.paidAmount()+" schon eine Abschlagsrechnung?", "Wenn ja, nennen Sie bitte ihre Nummer."
		q.Choices = []Choice{{Code: ChoiceNone, Title: "Nein"}, {Code: ChoiceOther, Title: "Ja, mit Nummer"}}
	case "paid.amount":
		q.Asks, q.Text, q.Hint = AskMoney, "Wie viel ist schon bezahlt?", "Der Betrag in Euro, zum Beispiel: „500“."
	case "share":
		q.Asks, q.Text, q.Hint = AskNumber, "Wie viel Prozent der Summe sollen auf den Abschlag?", "Zum Beispiel: „70“."
	case "totals.gross":
		q.Asks, q.Text, q.Hint = AskMoney, "Welcher Betrag ist noch offen?", "Der Betrag in Euro, brutto, zum Beispiel: „227,89“."
	default:
		q.Text, q.Hint = "Eine Angabe fehlt noch. Was soll dort stehen?", "Sie finden die Stelle auf der Seite des Vorgangs."
	}
	return q
}

func (d Draft) lineQuestion(q Question, l Line, field string) Question {
	name := "„" + l.Text + "“"
	if l.Text == "" {
		name = "diese Zeile"
	}
	switch field {
	case "price":
		mode := "netto"
		if d.Prices == "gross" {
			mode = "brutto"
		}
		q.Asks, q.Text = AskMoney, "Was kostet "+name+" "+perUnit(l.Unit)+", "+mode+"?"
		q.Hint = "Der Preis in Euro, zum Beispiel: „189“ oder „12,50“."
	case "quantity":
		q.Asks, q.Text, q.Hint = AskNumber, "Wie viel war es bei "+name+"?", "Eine Zahl, zum Beispiel: „2,5“."
		if u := UnitLabel(l.Unit, Dec(2)); l.Unit != "" && l.Unit != "LS" {
			q.Text = "Wie viele " + u + " waren es bei " + name + "?"
		}
	case "vat":
		q.Asks, q.Text, q.Hint = AskChoice, "Welcher Umsatzsteuersatz gilt für "+name+"?", "Zum Beispiel: „19 Prozent“."
		q.Choices = []Choice{{Code: "19", Title: "19 %"}, {Code: "7", Title: "7 %"}, {Code: "0", Title: "0 %"}}
	case "text":
		q.Text, q.Hint = "Wie soll die Zeile heißen?", "Ein paar Worte, zum Beispiel: „Siphon erneuert“."
	default:
		q.Text, q.Hint = "Bei "+name+" fehlt noch eine Angabe. Was soll dort stehen?", "Sie finden die Stelle auf der Seite des Vorgangs."
	}
	return q
}

// theKind is the kind with its article, as object of "An wen geht …".
func (d Draft) theKind() string {
	switch d.Kind {
	case KindOffer:
		return "das Angebot"
	case KindWorkReport:
		return "der Regiebericht"
	case KindNote, "":
		return "das"
	}
	return "die " + d.Kind.German()
}

// theKindObject is the kind with its article, as object of "Was soll auf …".
func (d Draft) theKindObject() string {
	switch d.Kind {
	case KindOffer:
		return "das Angebot"
	case KindWorkReport:
		return "den Regiebericht"
	case KindNote, "":
		return "den Zettel"
	}
	return "die " + d.Kind.German()
}

func (d Draft) ofBuyer() string {
	if s := d.Buyer.Addressee(); s != "" {
		return " von " + s
	}
	return ""
}

func (d Draft) paidAmount() string {
	if d.Paid != nil && d.Paid.Amount != nil {
		return "die " + d.Paid.Amount.German() + "\u00a0€"
	}
	return "die Zahlung"
}

// perUnit is "je Stunde": how a price counts.
func perUnit(unit string) string {
	switch unit {
	case "", "LS":
		return "insgesamt"
	case "HUR":
		return "je Stunde"
	case "H87", "C62":
		return "je Stück"
	case "MTR":
		return "je Meter"
	case "LM":
		return "je laufendem Meter"
	case "DAY":
		return "je Tag"
	case "LTR":
		return "je Liter"
	case "KGM":
		return "je Kilo"
	}
	return "je " + UnitLabel(unit, One)
}

// LinePath takes "lines[2].price" apart: index and field; the field is "" for
// "lines[2]". ok is false for other paths.
func LinePath(path string) (index int, field string, ok bool) {
	rest, found := strings.CutPrefix(path, "lines[")
	n, rest, closed := strings.Cut(rest, "]")
	if !found || !closed {
		return 0, "", false
	}
	i, err := strconv.Atoi(n)
	if err != nil || i < 0 || i > 999 || strconv.Itoa(i) != n {
		return 0, "", false
	}
	if rest == "" {
		return i, "", true
	}
	field, found = strings.CutPrefix(rest, ".")
	return i, field, found && field != ""
}

// PathOfLine is the path of a line's field, or of the line for field "".
func PathOfLine(index int, field string) string {
	if field == "" {
		return fmt.Sprintf("lines[%d]", index)
	}
	return fmt.Sprintf("lines[%d].%s", index, field)
}

// Answer is a value for a path of a draft, as typed or as the code of a choice.
type Answer struct{ Path, Value string }

// LogValue gives the path's kind only.
func (a Answer) LogValue() string { return "answer" }
