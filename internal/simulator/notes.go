package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"feierabend/internal/audio"
)

// Note is a shipped voice note.
type Note struct {
	File    string `json:"file"`
	Title   string `json:"title"`
	Seconds int    `json:"seconds"`
	Bytes   []byte `json:"-"`
}

// readNotes loads the *.ogg files of the top folder; notes.json gives order and
// titles, files it does not name follow.
func readNotes(fsys fs.FS) ([]Note, error) {
	if fsys == nil {
		return nil, nil
	}
	files, err := fs.Glob(fsys, "*.ogg")
	if err != nil {
		return nil, fmt.Errorf("list notes: %w", err)
	}
	var named []Note
	raw, err := fs.ReadFile(fsys, "notes.json")
	if err == nil {
		if err := json.Unmarshal(raw, &named); err != nil {
			return nil, fmt.Errorf("read notes.json: %w", err)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read notes.json: %w", err)
	}
	named = slices.DeleteFunc(named, func(n Note) bool { return !slices.Contains(files, n.File) })
	for _, f := range files {
		if !slices.ContainsFunc(named, func(n Note) bool { return n.File == f }) {
			named = append(named, Note{File: f, Title: strings.TrimSuffix(path.Base(f), ".ogg")})
		}
	}
	for i := range named {
		n := &named[i]
		if n.Bytes, err = fs.ReadFile(fsys, n.File); err != nil {
			return nil, fmt.Errorf("read note %s: %w", n.File, err)
		}
		info, err := audio.Probe(n.Bytes)
		if err != nil {
			return nil, fmt.Errorf("probe note %s: %w", n.File, err)
		}
		n.Seconds = int(info.Duration.Round(time.Second) / time.Second)
	}
	return named, nil
}

// Notes lists the shipped notes.
func (s *Simulator) Notes() []Note { return slices.Clone(s.notes) }

// SendNote sends a shipped note by file name.
func (s *Simulator) SendNote(phone, file string) (wamid string, err error) {
	return s.sendNote(phone, file, false)
}

// ForwardNote forwards a shipped note, as if somebody else had spoken it to the person.
func (s *Simulator) ForwardNote(phone, file string) (wamid string, err error) {
	return s.sendNote(phone, file, true)
}

func (s *Simulator) sendNote(phone, file string, forwarded bool) (wamid string, err error) {
	for _, n := range s.notes {
		if n.File == file {
			return s.speak(phone, n.Title, n.Bytes, forwarded)
		}
	}
	return "", errors.New("no such note")
}
