package dictation

// later are words of a time that is not yet: "nächstes Mal", "kommende Woche".
var later = set("nächstes nächste nächsten nächster übernächste übernächsten kommende kommenden kommendes")

var laterNouns = set("mal woche monat jahr termin besuch einsatz tag tage wochen frühjahr frühling sommer herbst winter montag dienstag mittwoch donnerstag freitag samstag")

// plans are verbs of work that is not done yet.
var plans = set("mach mache machen macht schau schaue schauen gucke guck gucken zieh ziehe ziehen kommt kommen komm bau baue bauen heben heb hebe lass lasse lassen prüfe prüf prüfen tausch tausche tauschen wechsle wechsel wechseln bring bringe bringen liefere liefern liefer setz setze setzen montiere montieren montier streiche streichen verlege verlegen hol hole holen folgt folgen steht stehen will wollen nehm nehme nehmen geh gehe gehen")

// postponed says whether the clause speaks of work that is only planned; offers and
// confirmations speak of nothing else.
func (e *engine) postponed(a, b int) bool {
	switch e.d.Kind {
	case "offer", "order_confirmation", "note", "reminder":
		return false
	}
	plan, done := e.hasSet(a, b, plans), e.hasParticiple(a, b)
	for k := a; k < b; k++ {
		switch {
		case later[e.t[k].low] && k+1 < len(e.t) && laterNouns[e.t[k+1].low]:
			return plan || !done
		case e.t[k].is("später", "demnächst", "irgendwann", "erst") && plan && !done && e.countNumbers(a, b) == 0:
			return true
		}
	}
	return false
}

func (e *engine) hasParticiple(a, b int) bool {
	for k := a; k < b; k++ {
		if participle(e.t[k].low) {
			return true
		}
	}
	return false
}

// included says whether the clause says that a thing is in the price already: "Anfahrt ist da
// schon drin", "Anfahrt inbegriffen".
func (e *engine) included(a, b int) bool {
	if e.countNumbers(a, b) > 0 || e.hasSet(a, b, taxWords) {
		return false
	}
	already := e.has(a, b, "schon", "bereits")
	return e.has(a, b, "inbegriffen", "einbegriffen", "eingerechnet", "einberechnet", "einkalkuliert", "eingepreist", "enthalten") ||
		e.has(a, b, "drin", "drinne", "drinnen", "mitdrin") && (already || e.has(a, b, "ist", "sind")) ||
		e.has(a, b, "dabei") && already && !e.has(a, b, "war", "waren", "nicht")
}

// given says whether the firm gives a thing away: "geht aufs Haus", "spendier ich".
func (e *engine) given(a, b int) bool {
	return e.has(a, b, "haus") && e.has(a, b, "aufs", "auf") && e.has(a, b, "geht", "gehen", "ging", "gehn") ||
		e.has(a, b, "spendier", "spendiere", "spendieren", "spendiert", "schenk", "schenke", "schenken", "schenkt", "verschenk", "verschenke", "gratis") ||
		e.has(a, b, "lau") && e.has(a, b, "für")
}

// unbilledFrom gives the start of the unbilled part of a clause: "Hahn getauscht und den Filter
// mach ich nächste Woche" is billed up to the "und".
func (e *engine) unbilledFrom(a, b int) int {
	for k := b - 1; k > a; k-- {
		if e.t[k].is("und", "aber", "nur") && e.t[k].kind == tWord {
			if e.hasParticiple(a, k) || e.countNumbers(a, k) > 0 {
				return k
			}
			return a
		}
	}
	return a
}

// chatter are participles of what is told and never billed.
var chatter = set("getrunken gegessen gefrühstückt geraucht gelacht geschlafen geredet gequatscht gejammert geschimpft geschwätzt gegrillt geweint geheiratet gewonnen verloren gespielt gefeiert")

// toldOnly says whether the clause only tells a story: "drei Tassen hab ich getrunken".
func (e *engine) toldOnly(a, b int) bool {
	for k := a; k < b; k++ {
		if _, hit := e.hits[k]; hit {
			return false
		}
	}
	return e.hasSet(a, b, chatter)
}

// pointsBack says whether an unbilled clause opens with a pronoun for what was said before it:
// "…, die sind da schon drin".
func (e *engine) pointsBack(a, b int) bool {
	if a+1 < b && e.t[a].is("aber", "und") {
		a++
	}
	if a+1 >= b || !e.t[a].is("die", "den", "das", "der") || e.t[a+1].upper {
		return false
	}
	return e.t[a+1].is("ist", "sind") || plans[e.t[a+1].low] || e.t[a+1].is("geht", "gehen", "gibt", "schenk", "schenke", "spendier", "spendiere", "hab", "habe", "haben", "war", "waren")
}

// wished says whether a clause of an invoice speaks of what the customer may want one day, or of
// work of another time: "sie will vielleicht noch Rollrasen", "beim letzten Mal waren es vierzig".
func (e *engine) wished(a, b int) bool {
	switch e.d.Kind {
	case "offer", "order_confirmation", "note", "reminder":
		return false
	}
	wish := e.has(a, b, "will", "möchte", "möchten", "wollen", "überlegt", "überlegen", "hätte", "wünscht", "bräuchte")
	if wish && e.has(a, b, "vielleicht", "eventuell", "evtl", "irgendwann") || wish && e.has(a, b, "noch") && e.has(a, b, "er", "sie", "kunde", "kundin", "nachbar", "nachbarin") && !e.has(a, b, "rechnung", "haben") {
		return true
	}
	for k := a; k+1 < b; k++ {
		if e.t[k].is("letzten", "letztes", "vorigen", "voriges") && e.t[k+1].is("mal") {
			return true
		}
	}
	return false
}

// promised takes the rest of a sentence out that says an offer will follow.
func (e *engine) promised() {
	switch e.d.Kind {
	case "offer", "order_confirmation", "note", "reminder":
		return
	}
	for i := range e.t {
		if !e.t[i].is("angebot", "kostenvoranschlag") || e.claims[i] != free || i == 0 || !e.t[i-1].is("ein", "das", "noch", "einen") {
			continue
		}
		a, b := e.sentence(i)
		if e.has(max(a, i-8), min(b, i+4), "schick", "schicke", "schicken", "kriegt", "bekommt", "mach", "mache", "machen", "schreib", "schreibe", "folgt") {
			e.take(max(a, i-8), min(b, i+20), dropped)
		}
	}
}
