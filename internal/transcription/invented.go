package transcription

import (
	"regexp"
	"strings"
)

// inventions are sentences that Whisper writes over silence and music: credits of
// its training data. They count only as whole sentences (speech.md §6.3); # stands
// for a year.
func inventions() []string {
	return []string{
		"untertitel der amaraorg community", "untertitel im auftrag des zdf", "untertitel im auftrag des zdf #",
		"untertitel im auftrag des zdf für funk #", "untertitel im auftrag des zdf für funk",
		"untertitelung des zdf #", "untertitelung des zdf", "untertitel von stephanie geiges",
		"untertitel der amara org community", "copyright wdr #", "swr #", "wdr #", "untertitelung aufgrund der amaraorg community",
		"vielen dank fürs zuschauen", "vielen dank für ihre aufmerksamkeit und fürs zuschauen", "bis zum nächsten mal",
		"danke fürs zuschauen", "bis zum nächsten video",
	}
}

var (
	year    = regexp.MustCompile(`\b(19|20)[0-9]{2}\b`)
	between = regexp.MustCompile(`^\s*(\*[^*]*\*|\[[^\]]*\]|\([^)]*\)|♪[^♪]*♪?)\s*[.!]?\s*$`)
)

// invented says that a whole sentence is one of the known inventions, or stands
// wholly between asterisks or brackets: „* Musik *“.
func invented(sentence string) bool {
	if between.MatchString(sentence) {
		return true
	}
	s := year.ReplaceAllString(strings.Join(plain(sentence), " "), "#")
	for _, i := range inventions() {
		if s == i {
			return true
		}
	}
	return false
}

// isThanks says that a sentence is nothing but thanks: real at the end of a note,
// an invention when it is all there is or repeats.
func isThanks(sentence string) bool {
	switch strings.Join(plain(sentence), " ") {
	case "vielen dank", "danke", "danke schön", "dankeschön", "vielen herzlichen dank":
		return true
	}
	return false
}
