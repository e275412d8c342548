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
