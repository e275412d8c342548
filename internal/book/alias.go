package book

import (
	"slices"
	"strings"

	"feierabend"
)

// trades are surnames that are said on every site and mean no customer there: such a
// name alone is no alias unless somebody asks for it.
var trades = []string{
	"maurer", "zimmermann", "zimmerer", "schreiner", "tischler", "maler", "dachdecker", "gärtner", "schlosser", "schmied", "schmidt", "klempner", "bauer", "koch",
	"meister", "geselle", "helfer", "glaser", "fliesenleger", "estrich", "müller", "becker", "richter", "wagner", "schreiber", "winter", "sommer", "stein", "sand", "holz", "kies",
	"kalk", "rohr", "graben", "keller", "dach", "brunnen", "stahl", "eisen", "lange", "lang", "kurz", "klein", "groß", "neu", "neumann", "schwarz", "weiß", "grün", "braun", "roth", "blau",
}

// Aliases are the words by which an entry is found in a note without anybody naming
// them: the firm with and without its legal form; the whole name, and the surname with
// the salutation; the surname alone where it is no word of the trade. A name of which
// only the surname is known is its own alias.
func Aliases(b feierabend.Buyer) (out []string) {
	if b.Company != "" {
		out = append(out, b.Company)
		if short := withoutForm(b.Company); short != b.Company && strings.Contains(short, " ") {
			out = append(out, short)
		}
		return out
	}
	words := strings.Fields(b.Name)
	if len(words) == 0 {
		return nil
	}
	surname := surnameOf(words)
	if b.Salutation != "" {
		out = append(out, b.Salutation+" "+b.Name)
		if surname != b.Name {
			out = append(out, b.Salutation+" "+surname)
		}
	}
	if b.Name != surname || b.Salutation == "" {
		out = append(out, b.Name)
	}
	if b.Salutation != "" && len([]rune(surname)) > 3 && !slices.Contains(trades, strings.ToLower(surname)) {
		out = append(out, surname)
	}
	return out
}

// surnameOf leaves out first names, and keeps a title and what belongs to a surname:
// "Dr. Brenneisen", "von der Heide".
func surnameOf(words []string) string {
	at := len(words) - 1
	for at > 0 && slices.Contains([]string{"von", "van", "de", "zu", "zum", "zur", "der", "den", "dem", "Dr.", "Doktor", "Prof."}, words[at-1]) {
		at--
	}
	return strings.Join(words[at:], " ")
}

// withoutForm cuts the legal form off the end of a firm's name.
func withoutForm(firm string) string {
	for _, form := range []string{"GmbH & Co. KG", "GmbH & Co KG", "UG (haftungsbeschränkt)", "GmbH", "gGmbH", "mbH", "AG", "KG", "OHG", "UG", "GbR", "eGbR", "e.K.", "eK", "e.V.", "eV", "eG"} {
		if short, ok := strings.CutSuffix(firm, " "+form); ok {
			return strings.TrimSpace(short)
		}
	}
	return firm
}

// extras are the aliases of an entry that somebody has added.
func extras(a feierabend.AddressEntry) []string {
	own := Aliases(a.Buyer)
	return slices.DeleteFunc(slices.Clone(a.Aliases), func(s string) bool {
		return slices.ContainsFunc(own, func(o string) bool { return strings.EqualFold(o, s) })
	})
}

// join puts lists of aliases together, each once.
func join(lists ...[]string) (out []string) {
	for _, l := range lists {
		for _, a := range l {
			if !slices.ContainsFunc(out, func(o string) bool { return strings.EqualFold(o, a) }) {
				out = append(out, a)
			}
		}
	}
	return out
}
