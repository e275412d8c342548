package main

import "strings"

// The pools are made up or everyday; none of them stands in the corpus.
var (
	familyNames = strings.Fields(`Lorenzen Kröger Bartels Hinrichs Asmussen Feddersen Tschirner Wenzel Krautwurst Obermayr Zangerl Pichler Reitinger Dahlke Voigtländer Schimmelpfennig Ackerknecht Drechsler Bruckmoser Kowalewski
 Yılmaz Petrović Nowicki Arslan Rademacher Tiefensee Grothe Uhlig Haberland Wiedenroth Poppinga Quandt Stegemann Ellermann Zickler Morgenroth Eisenbarth Kellinghusen Wolfermann Bohnenkamp Riedmüller Sandvoss Trautmann Ibing Junghänel`)
	firstNamesM = strings.Fields("Torben Ralf Mehmet Anton Carsten Dieter Emil Georg Holger Ingo Jakob Konrad Ludwig Moritz Norbert Oskar Paul Rainer Simon Ulrich Viktor")
	firstNamesF = strings.Fields("Anke Britta Carla Doris Elke Franziska Greta Hanna Irene Jutta Katrin Lena Meike Nadine Petra Renate Silke Tanja Ute Verena Wiebke")
	firmCores   = strings.Fields("Ostermoor Kaltenbrunn Wesselburg Haingrund Reventer Sonderbeck Lichtwark Morgenfeld Tannwald Silberhorn Bergedorn Eulenried Fuchsloch Greifental Hammerau Immenrode Jagdhaus Krähenfels Lohwinkel Mönchsau Nordheide Ottersum Pfaffenau Quellgrund Rabenstein")
	roads       = strings.Fields("Buchenstraße Schulstraße Rosenstraße Kastanienallee Bahnweg Tulpenweg Ziegelweg Finkenweg Lessingstraße Beethovenstraße Sandgasse Brunnengasse Kirchplatz Schillerplatz Südring Werderdamm Eschenweg Akazienallee Uferstraße Gerberstraße Weberstraße Fliederweg Amselweg Ringstraße Molkereiweg Steinstraße Hafendamm Talstraße Nelkenweg Burgstraße")
	towns       = strings.Fields("23552:Lübeck 24937:Flensburg 25813:Husum 26122:Oldenburg 27570:Bremerhaven 29221:Celle 31134:Hildesheim 32423:Minden 33098:Paderborn 34117:Kassel 36037:Fulda 37073:Göttingen 38440:Wolfsburg 39104:Magdeburg 42103:Wuppertal 46236:Bottrop 47051:Duisburg 49074:Osnabrück 52062:Aachen 54290:Trier 56068:Koblenz 63450:Hanau 64283:Darmstadt 66111:Saarbrücken 67655:Kaiserslautern 68159:Mannheim 70173:Stuttgart 74072:Heilbronn 76131:Karlsruhe 78462:Konstanz 83022:Rosenheim 86150:Augsburg 87435:Kempten 89073:Ulm 92637:Weiden 93047:Regensburg 94032:Passau 95444:Bayreuth 96047:Bamberg")
)

// firmVocabulary are the words of a firm's name that say what it is; they stay.
var firmVocabulary = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`gmbh ggmbh kg ag gbr ohg ug ev co mbh und & dr dr. prof. söhne partner weg am an der im in bad bäckerei metzgerei hausverwaltung immobilienverwaltung verwaltung praxis zahnarztpraxis kanzlei steuerkanzlei fahrschule gemeinde stadt hochbau tiefbau wohnbau hausbau trockenbau bau schlosserei tischlerei schreinerei
 wirtschaft gasthaus zum zur zahnärzte schreinerei brauerei pension wohnungsverwaltung hausgemeinschaft schützenbruderschaft fitnessstudio wohnungsbau baugesellschaft bauunternehmung bauunternehmen zweckverband pflegedienst bäderstudio studio hotel gasthof café kita schule grundschule autohaus bauträger malerbetrieb elektro firma amt kirchengemeinde physiotherapie ingenieurbüro architekturbüro genossenschaft wohnungsgenossenschaft eg gaststätte taxi verein kleingartenverein zeche tierschutzverein tanzschule reederei metzgerei gemeinschaftspraxis ferienwohnungen hausmeisterservice kindergarten kirchengemeinde sankt landratsamt stadtwerke pension autohaus architekturbüro wohnungsgenossenschaft baugenossenschaft golfclub druckerei wasserbau projektbau hallenbau ruhrbau gärtnerei feuerwehr e.v. e.v gaststätte apotheke buchhandlung spedition druckerei friseur salon landhandel immobilien eigentümergemeinschaft`) {
		m[w] = true
	}
	return m
}()
