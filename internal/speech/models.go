package speech

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"feierabend"
)

// doer sends one request: the guarded client in the product.
type doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Models is the folder of model files. A file counts only with the right
// SHA-256; the sum is checked once and remembered in a ".ok" file beside it.
type Models struct {
	Dir  string // FEIERABEND_MODELS, or the user's cache folder
	File string // FEIERABEND_MODEL_FILE: a file given by the operator, "" = none
	// HTTP reaches the model source; nil = that way is closed.
	HTTP doer
	// Source is the address before the file's name; "" = Upstream.
	Source string
	// Pip is the pip client's command; nil = that way is closed.
	Pip []string
	// Environ is what pip gets to see, cut down to what it needs.
	Environ []string
	// Known lists the models; nil = Known().
	Known []Model
}

// Upstream is the pinned revision of the published model files.
const Upstream = "https://huggingface.co/ggerganov/whisper.cpp/resolve/5359861c739e955e79d9a303bcbc70fb988958b1/"

// DefaultDir is where models lie unless a setting says otherwise: outside any
// data folder, since a vocabulary holds everyday words.
func DefaultDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("user cache folder: %w", err)
	}
	return filepath.Join(cache, "feierabend", "models"), nil
}

// Model gives the model of a name ("base") or file name.
func (m Models) Model(name string) (Model, error) {
	names := make([]string, 0, 4)
	for _, k := range m.known() {
		if k.Name == name || k.File == name {
			return k, nil
		}
		names = append(names, k.Name)
	}
	return Model{}, &feierabend.Error{
		Kind: feierabend.Invalid, Code: "model_unknown", Err: fmt.Errorf("unknown model"),
		Text: "Dieses Sprachmodell kennen wir nicht. Es gibt: " + strings.Join(names, ", ") + ".",
	}
}

func (m Models) known() []Model {
	if m.Known != nil {
		return m.Known
	}
	return Known()
}

// Path gives the file of a model, when it is there and right: in the folder, else
// the operator's own file. Unavailable model_missing when neither is,
// model_damaged when the folder's file has a wrong sum.
func (m Models) Path(name string) (string, error) {
	k, err := m.Model(name)
	if err != nil {
		return "", err
	}
	path := filepath.Join(m.Dir, k.File)
	damaged := checked(path, k)
	if damaged == nil {
		return path, nil
	}
	if m.File != "" && checked(m.File, k) == nil {
		return m.File, nil
	}
	if errors.Is(damaged, os.ErrNotExist) {
		return "", errModelMissing()
	}
	return "", errModelDamaged(damaged)
}

// State is one line of a list of models.
type State struct {
	Model
	Path string // "" when it is not there
	Err  error  // why a file that is there does not count
}

// List tells of each known model whether it is there.
func (m Models) List() []State {
	list := make([]State, 0, len(m.known()))
	for _, k := range m.known() {
		s := State{Model: k}
		path, err := m.Path(k.Name)
		switch {
		case err == nil:
			s.Path = path
		case feierabend.CodeOf(err) == CodeModelDamaged:
			s.Err = err
		}
		list = append(list, s)
	}
	return list
}

// checked says whether the file is the model: by its ".ok" file when size and
// time still agree, else by its sum, which is then remembered where possible.
func checked(path string, k Model) error {
	st, err := os.Stat(path)
	if err != nil {
		return err
	}
	if st.Size() != k.Bytes {
		return fmt.Errorf("%d bytes instead of %d", st.Size(), k.Bytes)
	}
	note := okNote(k, st)
	if b, err := os.ReadFile(path + ".ok"); err == nil && string(b) == note {
		return nil
	}
	sum, err := sumFile(context.Background(), path)
	if err != nil {
		return err
	}
	if sum != k.SHA256 {
		return errWrongSum
	}
	_ = os.WriteFile(path+".ok", []byte(note), 0o644) // a read-only folder: summed again next time
	return nil
}

var errWrongSum = errors.New("wrong SHA-256")

func okNote(k Model, st os.FileInfo) string {
	return k.SHA256 + " " + strconv.FormatInt(st.Size(), 10) + " " + strconv.FormatInt(st.ModTime().UnixNano(), 10) + "\n"
}

func sumFile(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, reader{ctx, f}); err != nil {
		return "", fmt.Errorf("sum of the model: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// reader ends when its context does.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// place gives a checked file its name: sum, fsync, rename, fsync of the folder.
func (m Models) place(ctx context.Context, part string, k Model) (string, error) {
	sum, err := sumFile(ctx, part)
	if err != nil {
		return "", err
	}
	if sum != k.SHA256 {
		return "", errWrongSum
	}
	f, err := os.OpenFile(part, os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	err = errors.Join(f.Sync(), f.Close())
	if err != nil {
		return "", fmt.Errorf("sync model: %w", err)
	}
	path := filepath.Join(m.Dir, k.File)
	if err := os.Rename(part, path); err != nil {
		return "", err
	}
	if d, err := os.Open(m.Dir); err == nil {
		_ = d.Sync() // not every file system can
		_ = d.Close()
	}
	_ = os.WriteFile(filepath.Join(m.Dir, "LICENSE-openai-whisper.txt"), []byte(License), 0o644)
	return path, checked(path, k)
}
