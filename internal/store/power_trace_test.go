package store_test

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// tracedCalls are what changes files or makes changes durable. What reaches -shm by
// memory mapping is not seen and need not be: it is made anew after a crash.
const tracedCalls = "pwrite64,pwritev,write,ftruncate,fallocate,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2"

// opKind is what a call did.
type opKind int

const (
	opWrite    opKind = iota // data at off
	opTruncate               // size off
	opUnlink
	opSync // everything before upto of this file is durable
	opAck  // something was acknowledged
)

// op is one call of the recorded process, in the order of their beginning; a sync
// stands where it ended.
type op struct {
	kind opKind
	file string // base name, "." for the folder
	off  int64
	data []byte
	upto int    // of a sync: the ops before it began
	ack  string // the line without "ack "
}

var (
	callForm    = regexp.MustCompile(`^\d+ +([a-z0-9_]+)\((.*)$`)
	resumedForm = regexp.MustCompile(`^(\d+) +<\.\.\. ([a-z0-9_]+) resumed>`)
	fdForm      = regexp.MustCompile(`^(\d+)<([^>]*)>`)
)

// readTrace reads what strace -f -y -xx wrote about the folder dir.
func readTrace(r io.Reader, dir string) (ops []op, err error) {
	begun := map[string]op{} // syncs under way, by process
	in := bufio.NewReaderSize(r, 1<<20)
	for n := 1; ; n++ {
		line, rerr := in.ReadString('\n')
		line = strings.TrimSuffix(line, "\n")
		if m := resumedForm.FindStringSubmatch(line); m != nil {
			if o, ok := begun[m[1]+m[2]]; ok {
				ops = append(ops, o)
				delete(begun, m[1]+m[2])
			}
		} else if m := callForm.FindStringSubmatch(line); m != nil {
			o, relevant, err := readCall(m[1], m[2], dir)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			o.upto = len(ops)
			switch {
			case !relevant:
			case o.kind == opSync && strings.Contains(line, "<unfinished ...>"):
				pid, _, _ := strings.Cut(line, " ")
				begun[pid+m[1]] = o
			default:
				ops = append(ops, o)
			}
		}
		if rerr == io.EOF {
			return ops, nil
		}
		if rerr != nil {
			return nil, rerr
		}
	}
}

// readCall reads the arguments of one call; relevant is false for other files.
func readCall(name, args, dir string) (o op, relevant bool, err error) {
	switch name {
	case "unlink":
		path, _, err := quoted(args)
		o = op{kind: opUnlink, file: filepath.Base(string(path))}
		return o, filepath.Dir(string(path)) == dir && durable(o.file), err
	case "unlinkat":
		_, rest, _ := strings.Cut(args, `"`)
		path, _, err := quoted(`"` + rest)
		o = op{kind: opUnlink, file: filepath.Base(string(path))}
		return o, filepath.Dir(string(path)) == dir && durable(o.file), err
	case "rename", "renameat", "renameat2", "pwritev", "fallocate":
		return o, false, fmt.Errorf("%s is not understood", name)
	}
	m := fdForm.FindStringSubmatch(args)
	if m == nil {
		return o, false, nil
	}
	path, err := unhex(m[2])
	if err != nil {
		return o, false, err
	}
	rest := strings.TrimPrefix(args[len(m[0]):], ", ")
	o.file = filepath.Base(string(path))
	relevant = filepath.Dir(string(path)) == dir && durable(o.file)
	switch name {
	case "write":
		if m[1] != "1" {
			return o, false, nil
		}
		data, _, err := quoted(rest)
		ack, is := strings.CutPrefix(string(data), "ack ")
		return op{kind: opAck, ack: strings.TrimSpace(ack)}, is, err
	case "pwrite64":
		if !relevant {
			return o, false, nil
		}
		data, tail, err := quoted(rest)
		if err != nil {
			return o, false, err
		}
		var size int64
		if _, err := fmt.Sscanf(tail, ", %d, %d", &size, &o.off); err != nil || size != int64(len(data)) {
			return o, false, fmt.Errorf("write of %d bytes, %d in the trace: %v", size, len(data), err)
		}
		o.kind, o.data = opWrite, data
	case "ftruncate":
		o.kind = opTruncate
		o.off, err = strconv.ParseInt(rest[:strings.IndexAny(rest, ") ")], 10, 64)
	case "fsync", "fdatasync":
		o.kind = opSync
		if string(path) == dir {
			o.file, relevant = ".", true
		}
	}
	return o, relevant, err
}

// durable says which files of the folder matter after a power cut.
func durable(file string) bool {
	return !strings.HasSuffix(file, "-shm") && !strings.HasPrefix(file, ".write-")
}

// quoted reads a string of hexadecimal escapes and gives what follows it.
func quoted(s string) (data []byte, tail string, err error) {
	s, ok := strings.CutPrefix(s, `"`)
	end := strings.IndexByte(s, '"')
	if !ok || end < 0 {
		return nil, "", fmt.Errorf("no string")
	}
	data, err = unhex(s[:end])
	return data, s[end+1:], err
}

// unhex reads \x61\x62; a path that strace does not escape stays as it is.
func unhex(s string) ([]byte, error) {
	if !strings.HasPrefix(s, `\x`) {
		return []byte(s), nil
	}
	return hex.DecodeString(strings.ReplaceAll(s, `\x`, ""))
}
