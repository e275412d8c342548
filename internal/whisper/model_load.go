package whisper

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"feierabend"
)

// LoadOptions are the settings of Load.
type LoadOptions struct {
	Threads int // used by sessions that name no number of their own; 0 = 1
}

// Load reads a ggml model file tensor by tensor: at no time more than the model
// and one row is in memory. q8_0 weights are widened to half precision.
//
// Errors are *feierabend.Error: Invalid with Code "not_a_model" (no ggml file),
// "model_damaged" (cut, or inconsistent) or "model_unsupported" (English-only
// model, q4 or q5 weights, unknown sizes); NotFound "model_missing" if there is
// no such file; Unavailable "model_unreadable" if it cannot be read. The checksum
// of the file is the caller's business.
func Load(path string, o LoadOptions) (*Model, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, openError(err)
	}
	defer file.Close()
	st, err := file.Stat()
	if err != nil {
		return nil, openError(err)
	}
	if !st.Mode().IsRegular() {
		return nil, notModel("not a regular file")
	}
	m, err := load(file, st.Size(), whisperFamily())
	if err != nil {
		return nil, err
	}
	m.threads = max(1, o.Threads)
	return m, nil
}

func openError(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &feierabend.Error{
			Kind: feierabend.NotFound, Code: "model_missing", Err: err,
			Text: "Das Sprachmodell fehlt. Sprachnachrichten sind sicher gespeichert und warten. " +
				"Bitte holen Sie das Modell mit „feierabend model pull“.",
		}
	}
	return &feierabend.Error{
		Kind: feierabend.Unavailable, Code: "model_unreadable", Err: err,
		Text: "Das Sprachmodell konnte nicht gelesen werden. Sprachnachrichten sind sicher gespeichert und warten. " +
			"Bitte prüfen Sie die Rechte der Datei.",
	}
}

// load reads a model of the given family from r.
func load(r io.ReaderAt, size int64, f family) (*Model, error) {
	s := newSource(r, size)
	h, err := readHeader(s, f)
	if err != nil {
		return nil, err
	}
	m := &Model{shape: h, bytes: size, threads: 1, kern: detect()}
	m.ids = newSpecial(f.textTokens, f.languages(h.vocab))
	slots := m.layout()
	least := int64(0)
	for name, t := range slots {
		least += t.leastBytes(name)
	}
	if least > s.left {
		return nil, damaged("file of %d bytes is too short for its header", size)
	}
	bands, bins := s.int(), s.int()
	if s.err == nil && (bands != h.mels || bins != melBins) {
		return nil, damaged("mel filters of %d × %d", bands, bins)
	}
	filters := s.floats(bands * bins)
	if s.err != nil {
		return nil, s.err
	}
	m.front = newFrontEnd(h.mels, filters)
	if m.vocab, err = readVocabulary(s, f.textTokens); err != nil {
		return nil, err
	}
	if err := readTensors(s, slots); err != nil {
		return nil, err
	}
	return m, nil
}
