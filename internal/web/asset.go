package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed static
var staticFiles embed.FS

// assetFile is a public file under the name that holds its hash.
type assetFile struct {
	name, mime string
	body, gzip []byte // gzip is nil where it would not help
}

// assets maps plain names to hashed ones ("app.js" → "app.1a2b3c4d5e.js") and
// hashed ones to files. The style sheet refers to the font by its plain name,
// which is replaced here, so hashes never go stale.
type assets struct {
	hashed map[string]string
	files  map[string]assetFile
}

var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2",
}

func loadAssets() (assets, error) {
	a := assets{hashed: map[string]string{}, files: map[string]assetFile{}}
	names, err := fs.Glob(staticFiles, "static/*")
	if err != nil {
		return a, fmt.Errorf("list assets: %w", err)
	}
	for pass := range 2 { // style sheets last: they name others
		for _, n := range names {
			ext := path.Ext(n)
			if assetTypes[ext] == "" || (ext == ".css") != (pass == 1) {
				continue
			}
			body, err := fs.ReadFile(staticFiles, n)
			if err != nil {
				return a, fmt.Errorf("read asset: %w", err)
			}
			a.add(path.Base(n), ext, body)
		}
	}
	return a, nil
}

func (a *assets) add(name, ext string, body []byte) {
	if ext == ".css" {
		for plain, hashed := range a.hashed {
			body = bytes.ReplaceAll(body, []byte("url("+plain+")"), []byte("url("+hashed+")"))
		}
	}
	sum := sha256.Sum256(body)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	f := assetFile{name: hashed, mime: assetTypes[ext], body: body}
	if ext != ".woff2" {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
		z.Write(body)
		z.Close()
		f.gzip = b.Bytes()
	}
	a.hashed[name], a.files[hashed] = hashed, f
}

// path gives the address of an asset by its plain name.
func (a assets) path(name string) (string, error) {
	h, ok := a.hashed[name]
	if !ok {
		return "", fmt.Errorf("no asset %q", name)
	}
	return "/static/" + h, nil
}

// asset sends a public file; its name changes with its content, so it never expires.
func (s *server) asset(w http.ResponseWriter, r *http.Request, _ *visit) error {
	f, ok := s.assets.files[r.PathValue("file")]
	if !ok {
		return errNotFound()
	}
	h := w.Header()
	h.Set("Content-Type", f.mime)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := f.body
	if f.gzip != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.gzip
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body)
	}
	return nil
}
