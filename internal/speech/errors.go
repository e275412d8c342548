package speech

import (
	"fmt"

	"feierabend"
)

// The codes of the errors of this package; those of audio come through as well.
const (
	CodeModelMissing = "model_missing" // Unavailable: wait, nothing is lost
	CodeModelDamaged = "model_damaged" // Unavailable
	CodeIll          = "speech_ill"    // Unavailable: three crashes in a row
	CodeCrashed      = "speech_crashed"
	CodeTimeout      = "speech_timeout"
	CodeFailed       = "speech_failed"
	CodeTooLarge     = "too_large"
)

func errModelMissing() error {
	return &feierabend.Error{
		Kind: feierabend.Unavailable, Code: CodeModelMissing, Err: fmt.Errorf("no speech model"),
		Text: "Es ist noch kein Sprachmodell da. Sprachnachrichten warten, es geht nichts verloren. Bitte holen Sie es mit „feierabend model pull“.",
	}
}

func errModelDamaged(err error) error {
	return &feierabend.Error{
		Kind: feierabend.Unavailable, Code: CodeModelDamaged, Err: err,
		Text: "Das Sprachmodell ist beschädigt oder passt nicht. Sprachnachrichten warten, es geht nichts verloren. Bitte holen Sie es neu mit „feierabend model pull“.",
	}
}

func errIll() error {
	return &feierabend.Error{
		Kind: feierabend.Unavailable, Code: CodeIll, Err: fmt.Errorf("three crashes in a row"),
		Text: "Die Spracherkennung ist dreimal hintereinander abgestürzt und macht eine Pause. Sprachnachrichten warten, es geht nichts verloren.",
	}
}

// errFailed is an error that costs a try.
func errFailed(code string, err error) error {
	return &feierabend.Error{
		Kind: feierabend.Internal, Code: code, Err: err,
		Text: "Die Spracherkennung ist an dieser Aufnahme gescheitert. Die Aufnahme ist noch da. Bitte versuchen Sie es noch einmal oder tippen Sie den Text.",
	}
}

func errTooLarge(n int) error {
	return &feierabend.Error{
		Kind: feierabend.Invalid, Code: CodeTooLarge, Err: fmt.Errorf("%d bytes", n),
		Text: "Die Aufnahme ist zu groß: höchstens 16 MB. Es wurde nichts daraus übernommen. Bitte teilen Sie sie in kürzere Nachrichten.",
	}
}
