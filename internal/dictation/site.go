package dictation

import (
	"strings"

	"feierabend"
)

// siteMarks lead to the place of work.
var siteMarks = set("baustelle bauvorhaben bv objekt einsatzort arbeitsort ausführungsort bauort liegenschaft")

// siteMarked says whether words before the street make it a place of work.
func (e *engine) siteMarked(s street) bool {
	for k := s.i - 1; k >= 0 && k > s.i-6 && e.t[k].kind != tPunct; k-- {
		if siteMarks[e.t[k].low] || siteNouns[e.t[k].low] || e.t[k].is("mieter", "wohnung") {
			return true
		}
	}
	return false
}

var siteNouns = set("treppenhaus neubau altbau rohbau umbau anbau wohnung tiefgarage mehrfamilienhaus einfamilienhaus ferienhaus mietshaus wohnanlage dachgeschoss haus anwesen gebäude filiale")

// siteWords reads "Baustelle Kita …", "Objekt Lindenallee 44 in 13187 Berlin", and in work
// reports the place between kind and client.
func (e *engine) siteWords() {
	for i := range e.t {
		if e.claims[i] != free || !siteMarks[e.t[i].low] || e.d.Site != "" {
			continue
		}
		j := i + 1
		for j < len(e.t) && (e.t[j].s == ":" || e.t[j].is("ist", "war", "die", "das", "der", "in", "im", "am") && !e.t[j].upper) {
			j++
		}
		if k := e.siteEnd(j); k > j {
			e.setSite(j, k)
			e.take(i, k, buyer)
		}
	}
	if e.d.Site == "" && e.d.Kind == feierabend.KindWorkReport {
		e.reportSite()
	}
}

// siteEnd finds the end of a place: the pause, or a street with its town.
func (e *engine) siteEnd(j int) int {
	for _, s := range e.streets {
		if s.i >= j && s.i <= j+4 && e.noPause(j, s.i) {
			return s.end
		}
	}
	k := j
	for k < len(e.t) && k < j+9 && e.t[k].kind != tPunct && e.claims[k] == free {
		t := e.t[k]
		if k > j && t.is("auftraggeber", "auftraggeberin", "bauherr", "bauherrin") || weekdays[t.low] != 0 || dayWords[t.low] != 0 || t.is("heute", "kw", "auftraggeber", "auftrag", "wegen", "für") && !t.upper || t.is("kw", "leistungszeitraum") {
			break
		}
		if !e.cased && (k > j+1 && !t.is("am", "an", "der", "im") || stopWords[t.low] && !connectors[t.low]) && t.kind != tNumber {
			break
		}
		k++
		if t.kind == tNumber && !e.cased {
			break
		}
	}
	for k > j && (stopWords[e.t[k-1].low] || connectors[e.t[k-1].low]) {
		k--
	}
	return k
}

func (e *engine) noPause(i, j int) bool {
	for k := i; k < j; k++ {
		if e.t[k].kind == tPunct {
			return false
		}
	}
	return true
}

// reportSite reads "Regiebericht Schulzentrum am Stadtwald, für die …" and a place of
// its own between the client and the next pause.
func (e *engine) reportSite() {
	for i := range e.t {
		if !e.isKindWord(i) {
			continue
		}
		j := i + 1
		if j < len(e.t) && e.t[j].upper && e.claims[j] == free && weekdays[e.t[j].low] == 0 && monthNames[e.t[j].low] == 0 {
			if k := e.siteEnd(j); k > j && (k >= len(e.t) || e.t[k].kind == tPunct) && e.d.Buyer != nil {
				e.setSite(j, k)
				return
			}
		}
		break
	}
	for k := range e.t { // after the client: "…, Spielplatz am Bach, heute …"
		if e.claims[k] != buyer || k+2 >= len(e.t) || e.t[k+1].s != "," || e.claims[k+1] != free || !e.t[k+2].upper || e.claims[k+2] != free {
			continue
		}
		if end := e.siteEnd(k + 2); end > k+2 && end < len(e.t) && e.t[end].s == "," && e.countNumbers(k+2, end) == 0 && weekdays[e.t[k+2].low] == 0 && !e.t[k+2].is("ansprechpartner") && e.t[k+2].low != "ich" && !firstNames[e.t[k+2].low] {
			if _, hit := e.hits[k+2]; !hit {
				e.setSite(k+2, end)
			}
		}
		return
	}
}

// streetSites takes a led or marked street as place of work: "Treppenhaus in der Mozartstraße neun".
func (e *engine) streetSites(from int) {
	if e.d.Site != "" {
		return
	}
	for _, s := range e.streets {
		if e.claims[s.i] != free || s.i < from || !s.led && !e.siteMarked(s) {
			continue
		}
		i := s.i
		for k := s.i - 1; k >= 0 && e.t[k].kind != tPunct && k > s.i-5; k-- {
			if siteNouns[e.t[k].low] {
				i = k
			}
		}
		e.setSite(i, s.end)
		return
	}
}

// setSite writes the place with house numbers in digits.
func (e *engine) setSite(i, j int) {
	for i+1 < j && e.t[i].is("haus", "gebäude") && (e.t[i+1].is("ist", "war") || e.streetStarts(i+1)) { // "das Haus ist die Fährstraße zwölf"
		i++
		for i+1 < j && e.t[i].is("ist", "war", "die", "der", "das") {
			i++
		}
	}
	var words []string
	for k := i; k < j; k++ {
		inside := false
		for _, s := range e.streets {
			if s.i == k && s.j <= j {
				words, inside = append(words, s.text), true
				if s.postcode != "" && s.end <= j {
					words = append(words, s.postcode)
				}
				if s.city != "" && s.end <= j {
					words = append(words, s.city)
				}
				k = min(s.end, j) - 1
			}
		}
		if inside || e.t[k].is("in", "der", "die") && i != k && !e.t[k].upper && e.nextStreet(k) {
			continue
		}
		w := e.t[k].s
		if v, frac, ok := e.t[k].spoken(); ok && !frac && e.t[k].kind == tWord && !articles[e.t[k].low] {
			w = v.String()
		}
		if !e.cased {
			w = title(w)
		}
		words = append(words, w)
	}
	e.d.Site = strings.Join(words, " ")
	e.said("site", i, j)
	e.take(i, j, buyer)
}

func (e *engine) nextStreet(k int) bool {
	for _, s := range e.streets {
		if s.i > k && s.i <= k+2 {
			return true
		}
	}
	return false
}
