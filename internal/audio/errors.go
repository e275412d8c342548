package audio

import (
	"errors"
	"strconv"
	"time"

	"feierabend"
)

// The codes of the errors of this package.
const (
	CodeEmpty       = "empty"
	CodeNotAudio    = "not_audio"
	CodeUnsupported = "unsupported_audio"
	CodeDamaged     = "damaged"
	CodeTooLong     = "too_long"
	CodeClipRange   = "clip_range"
)

func fail(code, text, detail string) error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: code, Text: text, Err: errors.New(detail)}
}

func errEmpty(detail string) error {
	return fail(CodeEmpty, "Die Aufnahme ist leer, es kam kein Ton an. Bitte sprechen Sie die Nachricht noch einmal auf.", detail)
}

func errNotAudio() error {
	return fail(CodeNotAudio, "Diese Datei ist keine Tonaufnahme, die wir lesen können. Es wurde nichts daraus übernommen. Bitte senden Sie eine Sprachnachricht oder tippen Sie den Text.", "no known container")
}

func errUnsupported(what string) error {
	return fail(CodeUnsupported, "Dieses Tonformat („"+what+"“) können wir nicht lesen. Es wurde nichts daraus übernommen. Bitte senden Sie die Aufnahme als Sprachnachricht oder als WAV-Datei.", "format "+what)
}

func errDamaged(detail string) error {
	return fail(CodeDamaged, "Die Aufnahme ist beschädigt und lässt sich nicht lesen. Es wurde nichts daraus übernommen. Bitte senden Sie sie noch einmal.", detail)
}

func errTooLong(limit time.Duration) error {
	return fail(CodeTooLong, "Die Aufnahme ist zu lang: höchstens "+minutes(limit)+". Es wurde nichts daraus übernommen. Bitte teilen Sie sie in kürzere Nachrichten.", "longer than "+limit.String())
}

// minutes writes a limit for people.
func minutes(d time.Duration) string {
	if d < 2*time.Minute {
		return strconv.Itoa(int(d/time.Second)) + " Sekunden"
	}
	return strconv.Itoa(int(d/time.Minute)) + " Minuten"
}

// Refusal gives the error of this package that has the code, for codes that came
// out of another process; nil for codes of others.
func Refusal(code string, limit time.Duration) error {
	switch code {
	case CodeEmpty:
		return errEmpty("by code")
	case CodeNotAudio:
		return errNotAudio()
	case CodeUnsupported:
		return fail(CodeUnsupported, "Dieses Tonformat können wir nicht lesen. Es wurde nichts daraus übernommen. Bitte senden Sie die Aufnahme als Sprachnachricht oder als WAV-Datei.", "by code")
	case CodeDamaged:
		return errDamaged("by code")
	case CodeTooLong:
		return errTooLong(limit)
	case CodeClipRange:
		return errClipRange()
	}
	return nil
}

func errClipRange() error {
	return fail(CodeClipRange, "Diese Stelle gibt es in der Aufnahme nicht.", "clip outside the recording")
}
