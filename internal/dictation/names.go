package dictation

import "strings"

// firstNames are common first names in Germany; they tell one name from two.
var firstNames = set(`adam ahmet alexander alexandra ali alina alfred amelie andrea andreas angela angelika anja anke ann anna anne annett annette anni ansgar antje anton armin arne arthur astrid axel aylin ayşe barbara bärbel bastian beate ben benedikt benjamin bernd bernhard bert bettina bianca birgit björn boris brigitte bruno
 carina carla carmen carola carolin carsten cem charlotte christa christel christian christiane christina christine christoph claudia clara claus conny cornelia dagmar dana daniel daniela david dennis deniz detlef dieter dietmar dirk dominik doris dorothea eberhard edith egon elena elfriede elias elisabeth elke ella elmar elsa emil emily emma emre enrico erich erik erika ernst erwin esra eva evelyn ewald
 fabian fatma felix ferdinand finn florian frank franz franziska franz-josef frauke frida frieda friedrich friedhelm fritz gabi gabriele georg gerd gerda gerhard gerlinde gert gisela gottfried greta gudrun guido günter günther gustav hakan hanna hannah hannelore hannes hans hans-jürgen hans-peter harald hasan hartmut hedwig heidi heike heiko heiner heinrich heinz helena helene helga helge helmut hendrik henning henrik henry herbert hermann hilde hildegard holger horst hubert hugo
 ida ilona ilse ina ines inge ingeborg ingo ingrid irene iris irina irmgard isabell isabella ismail ivan ivonne jakob jan jana janina jannik jannis jasmin jens jessica joachim jochen johann johanna johannes jonas jonathan jörg jörn josef josefine joseph julia julian julius jürgen jutta kai karin karl karl-heinz karola karsten katharina kathrin katja katrin kay kerstin kevin kilian kirsten klara klaus konrad konstantin kristin kurt
 lara lars laura lea lena leni leo leon leonie lennart lia lilli lina linda lisa lothar louis luca lucas ludwig luis luisa lukas lutz magdalena maik maike maja malte manfred manja manu manuel manuela marc marcel marco marcus marek margarete margit margot maria marianne marie marina mario marion marius mark marko markus marlene marlies marta martha martin martina marvin mathias mathilda matthias max maximilian mehmet meike melanie melina merle mia michael michaela mika milan mira miriam mirko mohammed monika moritz murat mustafa
 nadine nadja nele nico nicolas nicole niklas nils nina nora norbert nuri olaf ole oliver olga oskar osman otto pascal patricia patrick paul paula peter petra philipp pia piotr rafael raimund rainer ralf ralph ramona raphael rebecca regina reinhard reinhold renate rené rico rita robert robin roland rolf roman ronny rosa rosemarie rüdiger rudi rudolf ruth sabine sabrina sandra sara sarah saskia sebastian selim selma sepp serkan siegfried sigrid silke silvia simon simone sofia sofie sonja sophia sophie stefan stefanie steffen stephan stephanie sven svenja svetlana swen sylvia
 tanja tatjana theo theresa thilo thomas thorsten till tilo tim timo tina tobias tom torben torsten toni tristan udo ulf uli ulla ulrich ulrike ursula ute uwe valentin vanessa vera verena veronika viktor viktoria vincent volker volkmar walter waltraud wanda werner wiebke wilfried wilhelm willi winfried wolf wolfgang wolfram xaver yannick yasemin yasmin yusuf yvonne zoe tomasz krzysztof pawel jacek andrzej marcin dragan goran mirko nikola stefano giovanni paolo luigi`)

var salutations = map[string]string{
	"herr": "Herr", "herrn": "Herr", "hr": "Herr", "frau": "Frau", "fr": "Frau", "familie": "Familie", "fam": "Familie", "fräulein": "Frau",
}

var titles = map[string]string{"dr": "Dr.", "doktor": "Dr.", "prof": "Prof.", "professor": "Prof.", "professorin": "Prof."}

var nameParticles = set("von van de der den zu zum zur vom ten ter el al di da la le lo del della bin ibn abu dos")

// legalForms end the name of a firm.
var legalForms = map[string]string{
	"gmbh": "GmbH", "ggmbh": "gGmbH", "mbh": "mbH", "ag": "AG", "kg": "KG", "ohg": "OHG", "gbr": "GbR", "ug": "UG", "ev": "e.V.", "e.v": "e.V.", "eg": "eG", "se": "SE", "kgaa": "KGaA", "ek": "e.K.", "e.k": "e.K.", "partg": "PartG", "co": "Co.", "ltd": "Ltd.", "stiftung": "Stiftung",
}

// firmWords are words for firms, offices and public bodies, alone or at the end of a compound.
var firmWords = strings.Fields(`firma bau verwaltung praxis kanzlei gesellschaft gemeinschaft studio betrieb werke werk dienst service handel center zentrum verband verein schule gymnasium amt markt bank kasse stiftung unternehmung unternehmen technik genossenschaft immobilien
 bäckerei metzgerei fleischerei schreinerei tischlerei gärtnerei schlosserei brauerei konditorei druckerei spedition logistik apotheke hotel gasthof gasthaus restaurant pension café autohaus werkstatt kita kindergarten kindertagesstätte krankenhaus klinik pflegeheim seniorenheim altenheim gemeinde stadt landkreis kreis kirche pfarrei pfarramt universität hochschule institut museum theater
 weg eigentümergemeinschaft wohnungseigentümergemeinschaft hausverwaltung immobilienverwaltung wohnungsbau architekturbüro ingenieurbüro planungsbüro steuerbüro büro agentur fahrschule kiosk laden boutique salon friseur möbelhaus kaufhaus supermarkt baumarkt sportverein feuerwehr tierheim gmbh zweckverband baugesellschaft bauträger projektentwicklung gebäudeservice energie systeme solutions group holding consulting versicherung sparkasse volksbank stadtwerke wirtschaft schänke weinstube landgasthaus zahnärzte ärzte ärztehaus anwälte gemeinschaftspraxis residenz seniorenresidenz seniorenzentrum altenpflege hospiz gruppe partner söhne gebrüder sohn meisterbetrieb physiotherapie ergotherapie therapie optik floristik blumenhaus reisebüro fitness fitnessstudio club verlag zimmerei dachdeckerei malerbetrieb notariat arztpraxis tierarztpraxis weingut hof gestüt reiterhof campingplatz jugendherberge ferienwohnung ferienwohnungen ferienhaus brauhaus wirtshaus gaststätte imbiss eiscafé biergarten nachbarschaftshilfe diakonie caritas elektrotechnik haustechnik metallbau stahlbau maschinenbau fahrzeugbau messebau ladenbau gerüstbau gartenbau hausmeisterservice`)

// firmLeads before a name make a firm: "Elektro Huber", "Taxi Wolff".
var firmLeads = set("elektro sanitär heizung taxi maler dach holz metall fliesen garten auto kfz haus bau möbel blumen radio optik foto getränke reisen fahrrad zweirad reifen fenster rollladen parkett küchen bad bäder raumausstattung malermeister tischlermeister rechtsanwälte rechtsanwalt steuerberater notar landgasthof café bistro pizzeria haushaltswaren schuh mode moden textil feinkost obst weinhaus brennerei mühle")

// notFirm are words with such endings that name no firm.
var notFirm = set("neubau umbau anbau altbau einbau rohbau ausbau abbau aufbau dachausbau hochbau-arbeiten winterdienst notdienst räumdienst heizungswerk stockwerk netzwerk mauerwerk fachwerk hausmeisterdienst feuerwerk laufwerk umfeld hausverband abfahrt bringservice partner kundendienst bodenbelag tagwerk stelle schlüsseldienst")

func firmWord(t token) bool {
	w := strings.ReplaceAll(t.low, "-", "")
	if notFirm[w] {
		return false
	}
	if legalForms[strings.TrimSuffix(w, ".")] != "" {
		return true
	}
	for _, f := range firmWords {
		if w == f || (len(f) > 3 || f == "bau" || f == "amt") && strings.HasSuffix(w, f) && len(w) > len(f)+1 {
			return true
		}
	}
	return false
}

// generic are words for people that are no names.
var generic = set(`kunde kunden kundin kollege kollegen kollegin generalunternehmer gu bauherr bauherrn bauherrin auftraggeber auftraggebers nachbar nachbarn nachbarin mieter mieterin vermieter eigentümer chef chefin händler hersteller bauleiter architekt hausmeister subunternehmer stammkunde stammkunden stammkundin herr frau familie mutter vater sohn tochter leute bekannten freund`)

// streetEnds end street names.
var streetEnds = strings.Fields(`straße strasse straß str str. weg gasse platz allee ring damm ufer stieg steig graben chaussee twiete redder koppel pfad zeile promenade kai deich höhe berg blick winkel kamp park tor wall markt hof anger brücke steg feld wiese aue grund garten gärten rain bogen gang stein siedlung hang leite bühl busch heide horst hagen dorf mühle tal see reihe bach born bruch eck ecke rott brink loh lohe esch acker`)

// sureStreetEnds are hardly ever the end of another word.
var sureStreetEnds = strings.Fields("straße strasse straß str str. weg gasse platz allee ring damm ufer chaussee twiete stieg promenade pfad")

func endsIn(w string, list []string) bool {
	for _, s := range list {
		if strings.HasSuffix(w, s) {
			return true
		}
	}
	return false
}

// title writes a word of an uncased text with a capital letter.
func title(w string) string {
	if f := legalForms[strings.TrimSuffix(strings.ToLower(w), ".")]; f != "" {
		return f
	}
	parts := strings.Split(w, "-")
	for i, p := range parts {
		if r := []rune(p); len(r) > 0 {
			parts[i] = strings.ToUpper(string(r[0])) + string(r[1:])
		}
	}
	return strings.Join(parts, "-")
}

// spell puts a spelled name in the place of the heard one: "der schreibt sich S Z Y …".
func spell(t []token) []token {
	for i := 1; i+3 < len(t); i++ {
		if !t[i].is("sich", "buchstabiert", "geschrieben") || !t[i-1].is("schreibt", "wird", "buchstabiert", "man") && !t[i].is("buchstabiert") {
			continue
		}
		j, name := i+1, ""
		for ; j < len(t) && (t[j].kind == tWord && len([]rune(t[j].s)) == 1 || t[j].s == "-"); j++ {
			name += t[j].s
		}
		if len([]rune(name)) < 3 {
			continue
		}
		for k := i - 1; k >= 0 && k > i-10; k-- {
			if !t[k].upper || t[k].kind != tWord || fillerWords[t[k].low] || letters(t[k].s) < 3 || t[k].is("moment") {
				continue
			}
			w := title(strings.ToLower(name))
			out := append([]token{}, t[:k]...)
			out = append(out, token{s: w, low: strings.ToLower(w), from: t[i+1].from, to: t[j-1].to, kind: tWord, gap: true, upper: true})
			return append(out, t[j:]...)
		}
	}
	return t
}
