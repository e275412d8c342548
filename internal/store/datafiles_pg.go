package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// notSearchable is the code of a cluster whose files this process may not read, or
// does not have.
const notSearchable = "not_searchable"

func errNotSearchable(err error) error {
	return unavailable(notSearchable, "Die Dateien dieser Datenbank kann Feierabend nicht durchsuchen.", err)
}

// files gives the cluster's files, log and tablespaces included, where this process may
// read them. The search must have read the file of the key table as it is now: then the
// folder is this cluster's, and not an older copy of it.
func (e *postgres) files(ctx context.Context) (all dataFiles, err error) {
	conn, err := e.connect(ctx, e.scrubber)
	if err != nil {
		return all, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	dir, err := e.folder(ctx, conn)
	if err != nil {
		return all, err
	}
	var keys *string
	if err := conn.QueryRow(ctx, `SELECT pg_relation_filepath('content.content_key')`).Scan(&keys); denied(err) {
		return all, errNotSearchable(fmt.Errorf("key table: %w", e.explain(err)))
	} else if err != nil {
		return all, err
	}
	if keys == nil {
		return all, errIncomplete("key table")
	}
	for _, name := range []string{controlFile, *keys} {
		all.must = append(all.must, filepath.Join(dir, filepath.FromSlash(name)))
	}
	if all.list, err = walk(dir, clusterLink, noKeep); err != nil {
		return all, err
	}
	log := filepath.Join(dir, "pg_wal") + string(filepath.Separator)
	if !slices.ContainsFunc(all.list, func(f dataFile) bool { return strings.HasPrefix(f.name, log) }) {
		return all, errIncomplete("log")
	}
	return all, nil
}

// controlFile is in every cluster. It begins with the number that initdb gave it, in the
// byte order of the machine.
const controlFile = "global/pg_control"

// folder gives the cluster's data folder where this process may read it, and where it
// is this cluster's: another host may have one of its own under the same path.
func (e *postgres) folder(ctx context.Context, conn *pgx.Conn) (dir string, err error) {
	var id int64
	if err := conn.QueryRow(ctx, `SELECT current_setting('data_directory'), system_identifier FROM pg_control_system()`).Scan(&dir, &id); denied(err) {
		return "", errNotSearchable(fmt.Errorf("data directory: %w", e.explain(err)))
	} else if err != nil {
		return "", err
	}
	if e.place != "" {
		dir = e.place
	}
	control, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(controlFile)))
	switch {
	case errors.Is(err, syscall.EIO):
		return "", err
	case err != nil:
		return "", errNotSearchable(errors.New("data directory not readable"))
	case !bytes.HasPrefix(control, binary.NativeEndian.AppendUint64(nil, uint64(id))):
		return "", errNotSearchable(errors.New("data directory of another cluster"))
	}
	return dir, nil
}
