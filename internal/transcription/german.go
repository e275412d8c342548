package transcription

import (
	"slices"
	"strings"

	"feierabend"
)

// functionWords are the small words that nearly every German sentence has.
const functionWords = ` der die das den dem des ein eine einen einem einer eines und oder aber ist sind war waren bin hat haben habe hatte wird werden wurde
 ich wir er sie es ihr du man mir mich uns ihm ihn ihnen mein meine unser unsere sein seine in im an am auf aus bei beim mit nach von vom vor zu zum zur für über unter bis
 nicht noch auch nur schon mal so wie was wo da dann wenn dass als kein keine bitte ja nein doch hier heute morgen gestern um pro je `

// german says whether the note is German: by the recogniser's own figure where it
// gives one, and by the share of function words. Since decoding is forced to
// German, foreign speech tends to come out as German words; the text alone proves
// nothing.
func german(windows []feierabend.HeardWindow, text string) bool {
	words := plain(text)
	if len(words) < judgeableFrom {
		return true
	}
	var weighted, length float64
	for _, w := range windows {
		if w.German > 0 {
			s := (w.End - w.Start).Seconds()
			weighted += float64(w.German) * s
			length += s
		}
	}
	if length > 0 && weighted/length < leastGerman {
		return false
	}
	// A dictation in telegram style has few function words: they are asked only
	// where the recogniser is unsure or gives no figure.
	sure := length > 0 && weighted/length >= sureGerman
	return sure || len(words) < functionFrom || functionShare(words) >= leastFunction
}

// functionShare is the share of function words; digits count as neither.
func functionShare(words []string) float64 {
	hits, all := 0, 0
	for _, w := range words {
		if strings.ContainsAny(w, "0123456789") {
			continue
		}
		all++
		if strings.Contains(functionWords, " "+w+" ") {
			hits++
		}
	}
	if all == 0 {
		return 1
	}
	return float64(hits) / float64(all)
}

// carriesNumber says that a word is, or holds, a number: digits or a spoken one.
func carriesNumber(word string) bool {
	if strings.ContainsAny(word, "0123456789") {
		return true
	}
	for _, w := range plain(word) {
		if slices.Contains(strings.Fields(smallNumbers), w) || isCompoundNumber(w) {
			return true
		}
	}
	return false
}

const smallNumbers = `null eins zwei zwo drei vier fünf sechs sieben acht neun zehn elf zwölf halb halbe halben anderthalb eineinhalb zweieinhalb dreieinhalb viertel dreiviertel beide beiden
 erste ersten zweite zweiten dritte dritten vierte vierten fünfte fünften sechste sechsten siebte siebten achte achten neunte neunten zehnte zehnten einmal zweimal dreimal`

// isCompoundNumber knows numbers over twelve by the way they end.
func isCompoundNumber(w string) bool {
	for _, end := range []string{"zehn", "zwanzig", "dreißig", "dreissig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig", "hundert", "tausend", "zigste", "zigsten", "zehnte", "zehnten", "einhalb"} {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return strings.Contains(w, "hundert") || strings.Contains(w, "tausend")
}
