package transcription

import (
	"context"
	"slices"

	"feierabend"
)

// Recognise asks the engine, and where a window loops once more with the other way
// of decoding (greedy for beam, beam for greedy): the window that does not loop is
// taken. If both do, the first stays and Judge marks it.
func Recognise(ctx context.Context, e engine, b []byte, o feierabend.RecognitionOptions) (feierabend.Recognition, error) {
	r, err := e.Transcribe(ctx, b, o)
	if err != nil || !slices.ContainsFunc(r.Windows, suspicious) {
		return r, err
	}
	if o.Beam > 1 {
		o.Beam = 1
	} else {
		o.Beam = beam
	}
	other, err := e.Transcribe(ctx, b, o)
	if err != nil || len(other.Windows) != len(r.Windows) {
		return r, ctx.Err() // a second try that fails costs nothing
	}
	for i := range r.Windows {
		if suspicious(r.Windows[i]) && !suspicious(other.Windows[i]) {
			r.Windows[i] = other.Windows[i]
		}
	}
	r.CPU += other.CPU
	return r, nil
}
