package speech

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	// headWait is how long the source may take to answer at all: a closed network
	// must fall to the next way quickly.
	headWait = 15 * time.Second
	// stallWait ends a download that brings nothing.
	stallWait = 30 * time.Second
	redirects = 3
)

// fromUpstream downloads the file, going on where an earlier try stopped. A wrong
// sum or an impossible range throws the part away and starts once again.
func (m Models) fromUpstream(ctx context.Context, k Model, tell func(Progress)) (string, error) {
	if m.HTTP == nil {
		return "", errors.New("upstream: closed")
	}
	part := filepath.Join(m.Dir, k.File+".part")
	for try := 0; ; try++ {
		err := m.download(ctx, k, part, tell)
		if err == nil {
			var path string
			if path, err = m.place(ctx, part, k); err == nil {
				forget(part)
				return path, nil
			}
		}
		useless := errors.Is(err, errWrongSum) || errors.Is(err, errRange)
		if st, serr := os.Stat(part); useless || serr == nil && st.Size() == 0 {
			forget(part)
		}
		if try > 0 || !useless {
			return "", fmt.Errorf("upstream: %w", err)
		}
	}
}

var errRange = errors.New("range not possible")

// forget removes a part and the note of its version.
func forget(part string) {
	_ = os.Remove(part)
	_ = os.Remove(part + ".etag")
}

// download appends to part until it is whole.
func (m Models) download(ctx context.Context, k Model, part string, tell func(Progress)) error {
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	have, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	etag, err := os.ReadFile(part + ".etag")
	if err != nil || have > k.Bytes {
		have = 0 // without its version a part is worth nothing
	}
	if have == k.Bytes {
		return nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(headWait, func() { cancel(errors.New("no answer")) })
	defer watch.Stop()
	resp, err := m.get(ctx, k, have, string(etag))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusPartialContent:
		if !strings.HasPrefix(resp.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", have)) {
			return errRange
		}
	case http.StatusOK:
		have = 0
	case http.StatusRequestedRangeNotSatisfiable:
		return errRange
	default:
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	if err := f.Truncate(have); err != nil {
		return err
	}
	if _, err := f.Seek(have, io.SeekStart); err != nil {
		return err
	}
	keepTag(part, resp.Header)
	w := &counter{w: f, p: Progress{WayUpstream, have, k.Bytes}, tell: tell, alive: func() { watch.Reset(stallWait) }}
	if _, err := io.Copy(w, io.LimitReader(resp.Body, k.Bytes+1-have)); err != nil {
		return fmt.Errorf("download: %w", err)
	}
	if w.p.Done < k.Bytes {
		return fmt.Errorf("download ended after %d bytes", w.p.Done)
	}
	return nil
}

// keepTag remembers which version the part belongs to, for If-Range.
func keepTag(part string, h http.Header) {
	if tag := h.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		_ = os.WriteFile(part+".etag", []byte(tag), 0o644) // without it: from the start
	} else {
		_ = os.Remove(part + ".etag")
	}
}

// get asks for the file from byte have on and follows at most three redirects, to
// https only (or to where the source itself is, for own mirrors).
func (m Models) get(ctx context.Context, k Model, have int64, etag string) (*http.Response, error) {
	source := m.Source
	if source == "" {
		source = Upstream
	}
	at, err := url.Parse(source + k.File)
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	first := at
	for range redirects + 1 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Accept-Encoding", "identity") // ranges count bytes of the file itself
		if have > 0 {
			req.Header.Set("Range", "bytes="+strconv.FormatInt(have, 10)+"-")
			req.Header.Set("If-Range", etag)
		}
		resp, err := m.HTTP.Do(req)
		if err != nil {
			return nil, err
		}
		to := resp.Header.Get("Location")
		if resp.StatusCode < 300 || resp.StatusCode > 399 || to == "" {
			return resp, nil
		}
		_ = resp.Body.Close()
		if at, err = at.Parse(to); err != nil {
			return nil, errors.New("broken redirect")
		}
		if at.Scheme != "https" && (at.Scheme != first.Scheme || at.Host != first.Host) {
			return nil, errors.New("redirect away from https")
		}
	}
	return nil, errors.New("too many redirects")
}

// counter reports what passes through.
type counter struct {
	w     io.Writer
	p     Progress
	tell  func(Progress)
	alive func()
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.p.Done += int64(n)
	c.alive()
	c.tell(c.p)
	return n, err
}
