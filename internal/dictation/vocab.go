package dictation

import (
	"strings"
	"unicode"
)

// stopWords carry no meaning in a line text.
var stopWords = set(`der die das den dem des ein eine einen einem einer eines und oder aber auch noch dann da dort hier so ja nein nee ne na also mal halt eben nur nun jetzt schon doch sehr ganz etwas einfach
 ich du er sie es wir ihr ihm ihn ihnen uns mir mich dich man mein meine unser unsere unseren dein sein seine seinen ihre ihren ihrem dieser diese dieses denen deren
 ist sind war waren wird werden wurde wurden hat hatte haben hatten habe hab habt bin gewesen worden sein kann können konnte muss müssen musste soll sollen sollte will wollen wollte wollten möchte möchten darf dürfen macht machen gemacht mach gemachte kommt kommen kam geht gehen ging gibt
 wie was wo wann wer wen wem weil dass daß ob wenn als zum zur vom beim ins am im bei nach von zu mit für aus auf an in um über unter durch vor hinter neben ohne gegen bis seit ab pro je
 heute gestern vorgestern morgen dazu dabei davon dafür daran drauf drin drauß raus rein her hin dran drunter drüber damit zusammen insgesamt gesamt komplett extra jeweils beide beides alle alles allem jeder jede jedes jeden viele wenig mehr weniger
 bitte danke gut okay ok ähm äh äm öh hm hmm mhm tja naja genau richtig gell ne nä oder joa jo moin hallo servus tach tag morgen abend guten grüß gott gott glück ei gude moment warte wart stopp quatsch
 sagen sag sach sagt gesagt mal wissen weiß weißt brauchen braucht gebraucht plus minus sonst nix nichts wieder direkt gleich glei grad gerade erst erstmal letzte letzten rechnung angebot feierabend schnell fertig endlich
 nummer preis preise liste listenpreis laut euro pauschal festpreis stück netto brutto inklusive inkl mwst mehrwertsteuer steuer waren wars immer format ca circa etwa ungefähr rund
 ratenzahlung lieber haha überweisung zahlung bezahlung anzahlung zahlt nicht kein keine keinen reichen reicht läuft laufen lief nachgemessen aufgemessen gemessen gedauert dauert dauerte wohl weg los je à a stets selber selbst nochmal einmal zweimal dreimal wegen trotzdem sowie
 verrechnen berechnen verrechnet berechnet ausgemacht brauchst aufschreiben reinschreiben schreib schreiben notier notieren notiert pass hör hab's geworden geblieben gekommen gefahren kundin kunde kunden ganze ganzen ganzer
 mann leute leuten mannschaft drauf dazwischen einschließlich davon jeweils abgerechnet rechnen rechne`)

// connectors stay inside a line text but never begin or end it.
var connectors = set("mit für und in im am an auf aus vom zum zur von ohne nach")

// fillerWords are heard between a mark of repair and the new value.
var fillerWords = set("äh ähm äm halt also ja mal sagen wir waren war sind das es die der doch lieber nur reichen genau ich meine mein meinte nämlich hab ihm gesagt eher machen nimm schreib schreiben nee nein ne ach wart warte moment quatsch stimmt falsch schmarrn schmarren blödsinn unsinn kappes kokolores mist käse quark verdammt verflixt scheiße mensch herrje vertan mich mir versprochen verkehrt pardon verzeihung tschuldigung stopp halt oh sorry entschuldigung korrektur gerade grad zettel hier auf den da muss gucken dann lass uns bitte")

// participlePrefixes come before "ge" in separable verbs.
var participlePrefixes = strings.Fields("ab an auf aus ein um zu vor nach weg hin her fest mit los zusammen über unter neu frei durch raus rein nieder zurück bei hoch runter ")

var notParticiple = set("gesamt geselle gesellen gern gegen genau geld gerät geräte geräten gelände geländer gemeinde gewerbe gebäude geben gehen gelten gewesen geht gehabt gemein gesicht gewicht genehmigt gekommen geblieben gefahren gegangen gestern gestanden gedacht gehört geschickt gesetz geschäft geschoss getriebe gewinde gehäuse gerüst gestell")

var participles = set(`verlegt verbaut verspachtelt versiegelt erneuert ersetzt verputzt verfugt beseitigt behoben entsorgt entfernt entrümpelt überprüft vermessen verschraubt verklebt zerlegt verzinkt verschweißt verkleidet verdichtet
 bearbeitet erledigt ergänzt erweitert beschichtet betoniert befestigt entlüftet entkalkt entstopft verdrahtet verkabelt vergrößert verkürzt verschlossen verstärkt bepflanzt behandelt überarbeitet überholt`)

// verbal says whether the word is a participle or a noun of work.
func verbal(t token) bool {
	if participle(t.low) {
		return true
	}
	if t.upper || strings.Contains(t.low, "-") {
		return (strings.HasSuffix(t.low, "ung") || strings.HasSuffix(t.low, "ungen")) && !endsIn(strings.TrimSuffix(t.low, "en"), thingEnds) || works[t.low] || workEnd(t.low)
	}
	return works[t.low] || workEnd(t.low) || infinitives[t.low] || separable(t.low)
}

var notVerbs = set("anderen unteren oberen vorderen hinteren äußeren inneren unten außen abends ansonsten zusammen überall übrigen verschiedenen besten ersten erneuten einzelnen eigenen einigen ebenen unseren einfachen ausreichen besonderen beiden vorbei anbei verschieden zwischen einen allen offen verboten")

// separable recognises infinitives by their prefix: "umrüsten", "nachziehen", "verfüllen".
func separable(w string) bool {
	if len(w) < 7 || !strings.HasSuffix(w, "en") || notVerbs[w] || stopWords[w] {
		return false
	}
	for _, p := range []string{"um", "ein", "aus", "ab", "an", "auf", "nach", "ver", "be", "ent", "zer", "über", "vor", "hoch", "fest", "nieder", "weg"} {
		if rest, cut := strings.CutPrefix(w, p); cut && len(rest) >= 4 {
			return true
		}
	}
	return false
}

// thingEnds end nouns in -ung that are things.
var thingEnds = strings.Fields("leitung heizung dichtung wohnung kleidung deckung halterung leuchtung sicherung steuerung kupplung lüftung brüstung mischung rüstung packung lösung flüssigkeit haltung umrandung führung zeitung öffnungsmelder siedlung kreuzung mündung")

func workEnd(w string) bool {
	for _, e := range []string{"montage", "arbeiten", "reparatur", "wartung", "inspektion", "reinigung", "öffnung", "prüfung", "einbau", "umbau", "ausbau", "abbau", "aufbau", "anschluss", "wechsel", "dienst", "pflege", "schnitt", "service", "check", "anstrich", "abriss", "installation", "fugen", "fuge"} {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

func participle(w string) bool {
	if participles[w] {
		return true
	}
	if notParticiple[w] || len(w) < 6 || strings.Contains(w, "-") {
		return false
	}
	if strings.HasSuffix(w, "iert") {
		return true
	}
	if !strings.HasSuffix(w, "t") && !strings.HasSuffix(w, "en") {
		return false
	}
	if strings.HasPrefix(w, "ge") || strings.HasPrefix(w, "je") && strings.HasSuffix(w, "t") {
		return true
	}
	for _, p := range participlePrefixes {
		if rest, cut := strings.CutPrefix(w, p); cut && len(rest) > 4 && (strings.HasPrefix(rest, "ge") || strings.HasPrefix(rest, "je")) {
			return true
		}
	}
	return false
}

// infinitives of the trades; written with a capital letter they are nouns of work.
var infinitives = set(`reinigen streichen grundieren verlegen verfugen fugen kleben spachteln schleifen lackieren tapezieren montieren einbauen ausbauen setzen stellen liefern schneiden mähen fräsen fällen pflanzen pflastern
 schweißen bohren dämmen abdichten ausbessern reparieren einstellen entsorgen entfernen abreißen demontieren erneuern austauschen putzen verputzen waschen polieren ölen lasieren imprägnieren beschichten verkabeln verdrahten anschließen
 prüfen warten messen richten abdecken abkleben räumen streuen aufhängen aufbauen abbauen kürzen nacharbeiten anpassen leimen beizen hobeln sägen schärfen löten versiegeln vertikutieren kehren wischen räumen wachsen abschleifen`)

var works = set(`montage demontage reparatur fehlersuche inspektion rohinstallation installation abdecken abkleben einbau umbau wechsel winterdienst anmeldung verlegen reinigen streichen grundieren spachteln schleifen lackieren tapezieren
 schneiden mähen fräsen fällen pflanzen pflastern schweißen dämmen richten service check wartung abriss abbruch anstrich aufmaß notdienst schichtarbeit planung beratung einweisung`)

// treated says whether the participle works on a thing that stays, rather than putting one in.
func treated(w string) bool { return participle(w) && !installed[w] }

var installed = set(`eingebaut getauscht ausgetauscht erneuert ersetzt gesetzt verbaut geliefert montiert angebracht eingesetzt verwendet verbraucht mitgebracht gepflanzt eingepflanzt nachgefüllt aufgefüllt eingezogen angeschlossen installiert ausgewechselt gewechselt gestellt aufgestellt eingeschraubt geklebt gesetzt
 gebraucht genommen gekauft bestellt besorgt eingefüllt aufgehängt verlegt gemacht`)

// puttingIn are the infinitives that go with the thing sold.
var puttingIn = set("einbauen montieren liefern setzen austauschen erneuern ersetzen verlegen anschließen aufhängen anbringen tauschen einsetzen nachfüllen auffüllen kaufen bestellen besorgen einpflanzen pflanzen")

// surfaces measured in square metres are work even without a verb.
var surfaces = set("wand wände boden böden decke decken fassade fläche flächen fußboden estrich dach dachfläche wandfläche bodenfläche hof flur treppe treppenhaus rasen")

// placeWords are rooms and counters that are never billed by themselves.
var placeWords = set(`zimmer zimmern raum räume räumen wohnung wohnungen stock etage etagen geschoss haus häuser keller küche bad bäder flur treppenhaus büro büros garage halle gebäude seite seiten ecke ecken stelle stellen grad uhr jahr jahre jahren mal prozent module personen person leute mann männer frauen
 kollegen gesellen helfer azubis kinder termin termine terminen wochen monate tage stockwerke stockwerk og eg ug dg stufe komponenten schichten lagen gänge durchgänge meinung stunden minuten jahrgang kilowatt kw kwp kva ampere watt volt ps quadrat fahrt bier kaffee og wc gäste angebot angebote`)

// vehicles keep a number that is no price ("Golf sieben").
var vehicles = set("golf polo passat caddy touran tiguan bmw audi mercedes opel astra corsa ford fiesta focus transit sprinter vito bus skoda octavia fabia fiat ducato renault clio peugeot volvo toyota tesla porsche mini dacia t4 t5 t6 ral baujahr modell typ serie din dn")

// equipmentWords end names of hired machines.
var equipmentWords = strings.Fields("bagger bühne steiger kran rüttler rüttelplatte gerüst radlader häcksler trockner hebebühne stapler kompressor aggregat hochdruckreiniger lader walze stampfer fräse lift säge anhänger")

var disposalWords = strings.Fields("entsorg schutt sperrmüll container altöl grünschnitt grüngut entrümpel deponie mulde abfuhr altholz restmüll")

var subcontractWords = strings.Fields("fremdleistung nachunternehmer subunternehmer fremdfirma nachunternehmen")

var materialWords = strings.Fields("material kleinteile kleinkram dübel schrauben dichtung dichtungen zubehör klemmen nägel kleber farbe silikon folie")

func hasAny(w string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(w, p) {
			return true
		}
	}
	return false
}

func endsWithAny(w string, ends []string) bool {
	for _, e := range ends {
		if strings.HasSuffix(w, e) || strings.HasSuffix(w, e+"s") || strings.HasSuffix(w, e+"n") {
			return true
		}
	}
	return false
}

// roles are the people of a firm by the key of their rate.
var roles = map[string]string{
	"meister": "meister", "meisters": "meister", "chef": "meister", "meisterstunde": "meister", "meisterstunden": "meister", "meistersatz": "meister",
	"geselle": "geselle", "gesellen": "geselle", "gsell": "geselle", "gselle": "geselle", "monteur": "geselle", "facharbeiter": "geselle", "gesellenstunden": "geselle", "gesellensatz": "geselle", "monteurstunden": "geselle",
	"helfer": "helfer", "helfers": "helfer", "hilfskraft": "helfer", "aushilfe": "helfer", "helferstunden": "helfer", "helfersatz": "helfer",
	"azubi": "azubi", "azubis": "azubi", "lehrling": "azubi", "lehrlings": "azubi", "auszubildende": "azubi", "auszubildender": "azubi", "auszubildenden": "azubi", "stift": "azubi", "lehrbub": "azubi", "azubistunden": "azubi", "lehrbua": "azubi", "lehrbuam": "azubi", "lehrbuben": "azubi", "lehrmadl": "azubi", "lehrmädchen": "azubi", "lehrjunge": "azubi", "lehrlinge": "azubi", "a-zubi": "azubi", "azubine": "azubi", "altgeselle": "geselle", "altgesellen": "geselle", "gesellin": "geselle", "meisterin": "meister",
	// people whose rate no firm has by this name: their price is asked
	"praktikant": "praktikant", "praktikanten": "praktikant", "praktikantin": "praktikant", "werkstudent": "werkstudent", "werkstudenten": "werkstudent", "werkstudentin": "werkstudent", "ferienjobber": "ferienjobber", "ferienjobberin": "ferienjobber",
	"vorarbeiter": "vorarbeiter", "polier": "polier", "obermonteur": "obermonteur", "umschüler": "umschüler", "leiharbeiter": "leiharbeiter", "zeitarbeiter": "zeitarbeiter",
}

func letters(s string) int {
	n := 0
	for _, c := range s {
		if unicode.IsLetter(c) {
			n++
		}
	}
	return n
}

// pointed says whether the text has marks between its sentences and clauses.
func pointed(t []token) bool {
	n := 0
	for _, x := range t {
		if x.ends() || x.parts() {
			n++
		}
	}
	return n*14 >= len(t)
}

// cased says whether the text writes nouns with capital letters; typed notes often do not.
func cased(t []token) bool {
	up, words := 0, 0
	for i, x := range t {
		if x.kind != tWord || i == 0 || t[i-1].ends() {
			continue
		}
		words++
		if x.upper {
			up++
		}
	}
	return words == 0 || up*12 >= words
}
