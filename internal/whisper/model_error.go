package whisper

import (
	"fmt"

	"feierabend"
)

// Codes of the errors of Load.
const (
	codeNotModel    = "not_a_model"
	codeDamaged     = "model_damaged"
	codeUnsupported = "model_unsupported"
)

func notModel(format string, args ...any) error {
	return &feierabend.Error{
		Kind: feierabend.Invalid, Code: codeNotModel, Err: fmt.Errorf(format, args...),
		Text: "Diese Datei ist kein Sprachmodell im ggml-Format. Es wurde nichts verändert; Sprachnachrichten warten. " +
			"Bitte holen Sie das Modell mit „feierabend model pull“.",
	}
}

func damaged(format string, args ...any) error {
	return &feierabend.Error{
		Kind: feierabend.Invalid, Code: codeDamaged, Err: fmt.Errorf("damaged model: "+format, args...),
		Text: "Die Datei des Sprachmodells ist beschädigt oder unvollständig. Es ging nichts verloren; Sprachnachrichten warten. " +
			"Bitte holen Sie das Modell neu mit „feierabend model pull“.",
	}
}

func unsupported(format string, args ...any) error {
	return &feierabend.Error{
		Kind: feierabend.Invalid, Code: codeUnsupported, Err: fmt.Errorf("unsupported model: "+format, args...),
		Text: "Dieses Sprachmodell kann Feierabend nicht verwenden: Es muss mehrsprachig sein und die Gewichte als f16 oder q8_0 enthalten. " +
			"Sprachnachrichten warten. Bitte holen Sie ein passendes Modell mit „feierabend model pull“.",
	}
}
