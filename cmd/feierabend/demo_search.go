package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// needles are what the demo looks for in every byte of the data files, by its own
// plain search and not by the product's.
type needles struct {
	plain       [][]byte // what was said and for whom
	key, cipher []byte
}

// hits counts findings by sort.
type hits struct {
	Plain  int `json:"plain"`
	Key    int `json:"key"`
	Cipher int `json:"cipher"`
}

// search reads every regular file of the folder, which may be a link, and of that of the
// database whole and counts the needles.
func (n needles) search(dir string) (h hits, err error) {
	own, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return h, err
	}
	folders := []string{own}
	file, err := filepath.EvalSymlinks(filepath.Join(dir, "feierabend.db"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // on PostgreSQL it is not there
		return h, err
	}
	if err == nil && filepath.Dir(file) != own {
		folders = append(folders, filepath.Dir(file))
	}
	for _, folder := range folders {
		more, err := n.count(folder)
		if err != nil {
			return h, err
		}
		h = hits{h.Plain + more.Plain, h.Key + more.Key, h.Cipher + more.Cipher}
	}
	return h, nil
}

// count is search of a folder that is no link.
func (n needles) count(dir string) (h hits, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, p := range n.plain {
			h.Plain += bytes.Count(b, p)
		}
		h.Key += bytes.Count(b, n.key)
		h.Cipher += bytes.Count(b, n.cipher)
		return nil
	})
	return h, err
}

// searchBefore gathers the needles while the case lives and proves that only the
// sealed forms are in the files.
func (s *story) searchBefore(ctx context.Context) error {
	var err error
	if s.needles.key, s.needles.cipher, err = s.store.Fingerprints(ctx, s.tenant, s.kase); err != nil {
		return err
	}
	words := []string{s.doc.Buyer.Name, s.doc.Buyer.Street}
	ms, err := s.store.Messages(ctx, s.tenant, s.kase)
	if err != nil {
		return err
	}
	for _, m := range ms {
		text := m.Text
		if tr, err := s.store.Transcript(ctx, s.tenant, m.ID); err == nil {
			text = tr.Text
		}
		words = append(words, text, m.ExternalID)
	}
	for _, w := range words {
		for _, piece := range strings.FieldsFunc(w, func(r rune) bool { return r == ',' || r == '.' || r == '\n' }) {
			if piece = strings.TrimSpace(piece); utf8.RuneCountInString(piece) >= 8 {
				s.needles.plain = append(s.needles.plain, []byte(piece))
			}
		}
	}
	if len(s.needles.plain) == 0 {
		return failure("needles", nil, "Es gibt keinen Text, nach dem sich suchen ließe.")
	}
	s.before, err = s.needles.search(s.cfg.dataPath())
	return err
}

// tellProof prints the numbers before and after the erasure.
func (s *story) tellProof(verified bool) {
	proof := struct {
		Before   hits `json:"before"`
		After    hits `json:"after"`
		Verified bool `json:"verified"`
	}{s.before, s.after, verified}
	if s.asJSON {
		json.NewEncoder(s.stdout).Encode(proof)
		return
	}
	fmt.Fprintf(s.stdout, "\nTreffer in den Datenbankdateien   Klartext  Schlüssel  Verschlossenes\n")
	fmt.Fprintf(s.stdout, "  vor der Löschung               %9d %10d %15d\n", s.before.Plain, s.before.Key, s.before.Cipher)
	fmt.Fprintf(s.stdout, "  nach der Löschung              %9d %10d %15d\n", s.after.Plain, s.after.Key, s.after.Cipher)
	fmt.Fprintf(s.stdout, "\n%s liegt in %s, die Quittung daneben.\n", s.doc.Number, s.out)
}
