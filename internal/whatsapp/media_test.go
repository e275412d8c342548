package whatsapp_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/secret"
	"feierabend/internal/whatsapp"
)

func TestDownload(t *testing.T) {
	note := []byte("OggS note")
	sum := sha256.Sum256(note)
	hexSum, b64 := hex.EncodeToString(sum[:]), base64.StdEncoding.EncodeToString(sum[:])
	for name, tc := range map[string]struct {
		info     feierabend.MediaInfo
		resolved string // sha256 that the second resolution tells
		gone     int    // how often the file answers 404 first
		status   int
		page     bool // an HTML page with 200
		limit    int64
		code     string
		retry    bool
		resolves int
	}{
		"hex":             {info: feierabend.MediaInfo{ID: "1", SHA256: hexSum, Size: 9}, limit: 100},
		"upper hex":       {info: feierabend.MediaInfo{ID: "1", SHA256: strings.ToUpper(hexSum)}, limit: 100},
		"base64":          {info: feierabend.MediaInfo{ID: "1", SHA256: b64}, limit: 100},
		"nothing said":    {info: feierabend.MediaInfo{ID: "1"}, limit: 100},
		"odd checksum":    {info: feierabend.MediaInfo{ID: "1", SHA256: "abc"}, limit: 100},
		"wrong checksum":  {info: feierabend.MediaInfo{ID: "1", SHA256: strings.Repeat("ab", 32)}, limit: 100, code: feierabend.ReasonMediaWrong},
		"wrong size":      {info: feierabend.MediaInfo{ID: "1", Size: 8}, limit: 100, code: feierabend.ReasonMediaWrong},
		"announced large": {info: feierabend.MediaInfo{ID: "1", Size: 101}, limit: 100, code: feierabend.ReasonTooLarge},
		"really large":    {info: feierabend.MediaInfo{ID: "1"}, limit: 8, code: feierabend.ReasonTooLarge},
		"exactly":         {info: feierabend.MediaInfo{ID: "1"}, limit: 9},
		"404 once":        {info: feierabend.MediaInfo{ID: "1", SHA256: b64}, resolved: hexSum, gone: 1, limit: 100, resolves: 1},
		"404 keeps sum":   {info: feierabend.MediaInfo{ID: "1", SHA256: strings.Repeat("ab", 32)}, gone: 1, limit: 100, resolves: 1, code: feierabend.ReasonMediaWrong},
		"404 twice":       {info: feierabend.MediaInfo{ID: "1"}, gone: 2, limit: 100, resolves: 1, code: "chat_later", retry: true},
		"page":            {info: feierabend.MediaInfo{ID: "1"}, page: true, limit: 100, code: "chat_later", retry: true},
		"503":             {info: feierabend.MediaInfo{ID: "1"}, status: 503, limit: 100, code: "chat_later", retry: true},
		"401":             {info: feierabend.MediaInfo{ID: "1"}, status: 401, limit: 100, code: "chat_operator"},
	} {
		t.Run(name, func(t *testing.T) {
			resolves, left := 0, tc.gone
			var base string
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/v25.0/1":
					resolves++
					if r.URL.RawQuery != "" {
						t.Errorf("query %q: inbound media is refused with phone_number_id", r.URL.RawQuery)
					}
					fmt.Fprintf(w, `{"url":%q,"mime_type":"audio/ogg","sha256":%q,"file_size":"9","id":1}`, base+"/file", tc.resolved)
				case left > 0:
					left--
					w.WriteHeader(404)
				case tc.status != 0:
					w.WriteHeader(tc.status)
				case tc.page:
					w.Header().Set("Content-Type", "text/html; charset=utf-8")
					io.WriteString(w, "<!doctype html>")
				default:
					w.Header().Set("Content-Type", "audio/ogg")
					w.Write(note)
				}
			}))
			defer srv.Close()
			base = srv.URL
			c := whatsapp.New(whatsapp.Options{Do: direct{}, Base: base, Token: secret.New("t")})
			tc.info.URL = base + "/file"
			got, err := c.Download(t.Context(), tenant, tc.info, tc.limit)
			var ce *feierabend.ChatError
			errors.As(err, &ce)
			if feierabend.CodeOf(err) != tc.code || ce != nil && ce.Retry != tc.retry || resolves != tc.resolves {
				t.Fatalf("error %v (retry %v), %d resolutions", err, ce, resolves)
			}
			if tc.code == "" && string(got) != string(note) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestUpload(t *testing.T) {
	c := graph(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			t.Error(err)
			return
		}
		f, h, err := r.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		b, _ := io.ReadAll(f)
		got := []string{r.FormValue("messaging_product"), r.FormValue("type"), h.Filename, h.Header.Get("Content-Type"), string(b)}
		if d := cmp.Diff([]string{"whatsapp", "application/pdf", `RE "1".pdf`, "application/pdf", "%PDF"}, got); d != "" {
			t.Error(d)
		}
		io.WriteString(w, `{"id":1037543291543000}`)
	})
	if id, err := c.Upload(t.Context(), tenant, `RE "1".pdf`, "application/pdf", []byte("%PDF")); err != nil || id != "1037543291543000" {
		t.Errorf("Upload = %q, %v", id, err)
	}
	if _, err := c.Upload(t.Context(), tenant, "x", "application/pdf", nil); err == nil {
		t.Error("empty upload accepted")
	}
}

func TestDelete(t *testing.T) {
	for status, ok := range map[int]bool{200: true, 400: true, 404: false, 503: false} {
		c := graph(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodDelete {
				t.Errorf("method %s", r.Method)
			}
			w.WriteHeader(status)
			if status == 400 { // already gone
				io.WriteString(w, `{"error":{"code":100,"error_subcode":33}}`)
				return
			}
			io.WriteString(w, `{"success":true}`)
		})
		if err := c.Delete(t.Context(), tenant, "77"); (err == nil) != ok {
			t.Errorf("%d: %v", status, err)
		}
	}
}
