package dictation

// remarkEnds close a sentence whose matter is nobody's business.
var remarkEnds = [][]string{
	{"muss", "keiner", "wissen"},
	{"muss", "niemand", "wissen"},
	{"braucht", "keiner", "wissen"},
	{"braucht", "keiner", "zu", "wissen"},
	{"braucht", "niemand", "wissen"},
	{"braucht", "niemand", "zu", "wissen"},
	{"muss", "ja", "keiner", "wissen"},
	{"tut", "nichts", "zur", "sache"},
	{"gehört", "nicht", "hierher"},
	{"behältst", "du", "für", "dich"},
	{"bleibt", "außen", "vor"},
}

// remarkEndAt reads a remark with its withholding at the end of the sentence: "Dass der
// Schwager dazwischengeredet hat, lass weg", "Das mit dem Streit lass raus".
func (e *engine) remarkEndAt(i, from, to int) (int, int, bool) {
	for _, words := range remarkEnds {
		if e.matches(i, words) {
			return from, to, true
		}
	}
	if !e.t[i].is("lass", "lasst", "lassen", "lässt", "läßt", "lasse") || i <= from || !e.has(i, to, "weg", "raus", "außen", "draußen", "bleiben") || e.countNumbers(from, i) > 0 {
		return 0, 0, false
	}
	told := e.t[from].is("dass", "daß", "wie", "warum")
	matter := from+1 < i && e.t[from+1].is("mit", "von", "sache", "geschichte", "thema") && e.t[from].is("das", "die", "des")
	matter = matter && (e.t[from+1].is("mit", "von") || e.has(from+2, i, "mit", "von", "um"))
	if !told && !matter {
		return 0, 0, false
	}
	return from, to, true
}

// onlyLater says whether "nicht auf die Rechnung" at i puts off rather than hides.
func (e *engine) onlyLater(i int) bool {
	return i > 0 && e.t[i].is("nicht") && e.t[i-1].is("noch")
}

// commonWords are too common to be withheld from other texts.
var commonWords = set(`gehört gehören schau schaue schauen schaut nächstes nächste nächsten nächster übrigens mach mache machst komm komme kommst kommen gehen geh gehe gehst steht stehen liegt liegen lag sieht sehen sehe nehm nehme nehmen nimmt denk denke denkt glaub glaube glaubt
 dürfte heißt hieß heißen bleibt bleiben bleib lass lasst lassen lässt läßt wissen keiner niemand sache geschichte thema tut dauernd immer ständig sitzt sitzen saß wollt wollten könnt könnten hätte hätten wäre wären aussieht zeigt redet reden geredet erzählt erzählen meint gemeint irgendwie eigentlich natürlich leider wirklich vielleicht trotzdem zwischen außen draußen
 rechnung papier bericht angebot zettel`)
