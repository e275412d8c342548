package feierabend

import (
	"strings"
	"time"
)

// ProofWords begin the text that carries a code of the step-up: what begins so is
// never a dictation.
const ProofWords = "Ich bestätige mich. Code: "

// ProofCodeLen is the length of a code of the step-up: 40 bits (OTP-01).
const ProofCodeLen = 8

// ProofShown is the code of a step-up as the browser shows it that asked for it.
type ProofShown struct {
	Code      string // grouped for people
	ExpiresAt time.Time
	Proved    bool // it came from the person's number
}

// Answers of the chat to a code that was meant to prove somebody; "" = the text was
// something else.
const (
	ProofDone  = "bestaetigt"
	ProofWrong = "code-falsch"
)

// ProofCode writes the first 40 bits of secret; secret has at least five bytes.
func ProofCode(secret []byte) string {
	return LinkCode(append(append([]byte{}, secret...), make([]byte, 9)...))[:ProofCodeLen]
}

// FindProofCodes gives what could be a code of the step-up in a text, the last one
// first, in the form in which codes are compared. sure says that the text can hardly be
// anything else: it begins with ProofWords, or is a grouped code alone with a letter in it.
func FindProofCodes(text string) (found []string, sure bool) {
	if len(text) > 1024 {
		return nil, false
	}
	words := strings.Fields(strings.NewReplacer("\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u00a0", " ").Replace(text))
	for i := len(words) - 1; i >= 0 && len(found) < MaxLinkCodes; i-- {
		w := strings.Trim(words[i], ".,;:!?\"'„“”()*_")
		grouped := strings.Count(w, "-") == 1 && strings.IndexByte(w, '-') == ProofCodeLen/2
		c, ok := plainCode(w, ProofCodeLen, grouped)
		if !ok {
			continue
		}
		found = append(found, c)
		if len(words) == 1 && grouped && strings.Trim(c, "0123456789") != "" {
			sure = true
		}
	}
	sentence := strings.Fields(strings.ToLower(ProofWords))
	if len(words) >= len(sentence) && strings.ToLower(strings.Join(words[:len(sentence)], " ")) == strings.Join(sentence, " ") {
		sure = true
	}
	return found, sure
}
