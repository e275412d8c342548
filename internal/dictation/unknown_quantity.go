package dictation

var (
	amountNouns = set("menge mengen anzahl stückzahl stückzahlen")
	lookVerbs   = set("nachschauen nachschaun nachschaue nachsehen nachzählen nachmessen nachfragen nachtragen nachreichen nachliefern nachgucken nachreiche nachtrage nachliefere schauen schau schaue schaun gucken guck gucke sehen zählen zähl zähle messen mess messe fragen frag frage reich reiche trag trage liefer liefere sag sage schreib schreibe schick schicke geb gebe kommt folgt fehlt fehlen offen unklar unbekannt weiß ahnung später krieg kriege steht")
	lookTails   = set("ich noch nach mal nicht ja erst dir euch später morgen heute bescheid das es waren sind wurden wurde war ist genau auch gerade")
)

// askedQuantity reads "wie viel Sack muss ich nachschauen", "Menge reiche ich nach", "weiß ich
// noch nicht wie viele", also where no mark stands around it.
func (e *engine) askedQuantity(i int) (entity, bool) {
	k, look := i, false
	for k < len(e.t) && k < i+5 && e.t[k].is("weiß", "ich", "noch", "nicht", "gar", "keine", "ahnung", "aber", "nur", "die", "der", "genaue") {
		look = look || e.t[k].is("weiß", "ahnung")
		k++
	}
	how, noun := e.askAt(k)
	if how == 0 || look && noun {
		return entity{}, false
	}
	j := k + how
	end := j
	for ; j < len(e.t) && j < k+9 && e.t[j].kind == tWord && e.claims[j] == free; j++ {
		t := e.t[j]
		if _, hit := e.hits[j]; hit && (noun || end > k+how) || t.ok && !articles[t.low] {
			break
		}
		switch {
		case lookVerbs[t.low]:
			look, end = true, j+1
		case look && end == j && lookTails[t.low]:
			end = j + 1
		case look && (end > k+how || noun):
			return entity{k: eNoQty, i: i, j: end}, true
		}
	}
	return entity{k: eNoQty, i: i, j: end}, look
}

// hitIn gives the first item of the list named in tokens [i,j).
func (e *engine) hitIn(i, j int) (hit, bool) {
	for k := i; k < j; k++ {
		if h, ok := e.hits[k]; ok {
			return h, true
		}
	}
	return hit{}, false
}

// askAt says how many tokens ask for a number at k, and whether they are a noun: "Anzahl".
func (e *engine) askAt(k int) (n int, noun bool) {
	switch {
	case k >= len(e.t):
	case amountNouns[e.t[k].low]:
		return 1, true
	case e.t[k].is("wieviel", "wieviele"):
		return 1, false
	case e.t[k].is("wie") && k+1 < len(e.t) && e.t[k+1].is("viel", "viele", "oft"):
		return 2, false
	}
	return 0, false
}
