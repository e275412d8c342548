package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// dataFile is a file to search, read without closing it: closing the database or
// its shm file would drop the locks that SQLite holds on it in this process.
type dataFile struct {
	name string
	size int64
	open func() (io.Reader, func(), error)
}

// dataFiles are all files to search.
type dataFiles struct {
	list []dataFile
	// must are the names of those without which nothing is proved: that nothing was found
	// says something only where the right files were read.
	must []string
}

// errIncomplete says that the search did not read what it had to.
func errIncomplete(what string) error {
	return unavailable("search_incomplete", "Die Dateien der Datenbank konnten nicht vollständig durchsucht werden. Gelöschtes ist gelöscht, der Nachweis steht noch aus. "+
		"Die Suche wird wiederholt. Bitte den Betreiber informieren, wenn das bleibt.", fmt.Errorf("not searched: %s", what))
}

// complete refuses a search that did not read one of the files that it had to.
func (d dataFiles) complete(read map[string]bool) error {
	for _, name := range d.must {
		if !read[name] {
			return errIncomplete(path.Base(name))
		}
	}
	if len(read) == 0 {
		return errIncomplete("any file")
	}
	return nil
}

// folders are those of the database: where the file lies, and where the operator says
// that it lies, which is another one where it is a link. The names are without links.
func (e *sqlite) folders() ([]string, error) {
	said, err := filepath.EvalSymlinks(filepath.Dir(e.said))
	if err != nil {
		return nil, err
	}
	if own := filepath.Dir(e.path); own != said {
		return []string{own, said}, nil
	}
	return []string{said}, nil
}

// files gives every file of the data folder. Models lie elsewhere or in a folder
// "models": their vocabulary holds everyday words, and they hold no data of ours.
func (e *sqlite) files(context.Context) (all dataFiles, err error) {
	dirs, err := e.folders()
	if err != nil {
		return all, err
	}
	all.must = []string{e.path}
	for _, dir := range dirs {
		list, err := walk(dir, noLink, func(name string) (io.ReaderAt, bool, error) {
			if name != e.path && name != e.path+"-shm" {
				return nil, false, nil
			}
			f, err := e.hold(name)
			return f, true, err
		})
		if err != nil {
			return all, err
		}
		for _, f := range list { // one folder may lie in the other
			if !slices.ContainsFunc(all.list, func(g dataFile) bool { return g.name == f.name }) {
				all.list = append(all.list, f)
			}
		}
	}
	return all, nil
}

func noLink(string) bool { return false }

// clusterLink says which links in a cluster's folder lead to a part of it: the log
// (initdb --waldir) and the tablespaces.
func clusterLink(name string) bool {
	return name == "pg_wal" || path.Dir(name) == "pg_tblspc"
}

func noKeep(string) (io.ReaderAt, bool, error) { return nil, false, nil }

// walk lists the regular files below dir, which may be a link itself, by their names
// from dir on. Of the links within it enters those that follow names, by their path
// from dir. keep may give a reader that stays open.
func walk(dir string, follow func(name string) bool, keep func(name string) (io.ReaderAt, bool, error)) ([]dataFile, error) {
	w := walker{root: dir, follow: follow, keep: keep}
	err := w.enter(dir, "")
	return w.list, err
}

type walker struct {
	root   string
	follow func(name string) bool
	keep   func(name string) (io.ReaderAt, bool, error)
	list   []dataFile
}

// enter lists what place holds, a folder or a file, possibly by a link; at is its path
// from the root. filepath.WalkDir does not enter a root that is a link.
func (w *walker) enter(place, at string) error {
	real, err := filepath.EvalSymlinks(place)
	if at != "" && errors.Is(err, fs.ErrNotExist) {
		return nil // a tablespace that is gone meanwhile
	}
	if err != nil {
		return err
	}
	return filepath.WalkDir(real, func(file string, d fs.DirEntry, err error) error {
		name := path.Join(at, filepath.ToSlash(strings.TrimPrefix(file, real)))
		name = strings.TrimPrefix(name, "/")
		switch {
		case errors.Is(err, fs.ErrNotExist) && name != "":
			return nil // gone meanwhile
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "models" && file != real:
			return fs.SkipDir
		case d.Type()&fs.ModeSymlink != 0 && w.follow(name):
			return w.enter(file, name)
		case !d.Type().IsRegular():
			return nil
		}
		return w.add(file, filepath.Join(w.root, filepath.FromSlash(name)), d)
	})
}

// add lists a file under its name.
func (w *walker) add(file, name string, d fs.DirEntry) error {
	info, err := d.Info()
	if err != nil {
		return nil // gone meanwhile
	}
	kept, is, err := w.keep(name)
	if err != nil {
		return err
	}
	w.list = append(w.list, dataFile{name: name, size: info.Size(), open: func() (io.Reader, func(), error) {
		if is {
			return io.NewSectionReader(kept, 0, 1<<62), func() {}, nil
		}
		h, err := os.Open(file)
		if err != nil {
			return nil, nil, err
		}
		return h, func() { h.Close() }, nil
	}})
	return nil
}
