package speech

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"feierabend"
	"feierabend/internal/audio"
)

// Bounds of what goes through the pipes.
const (
	// MaxAudio is the largest recording, in bytes (speech.md §6.9).
	MaxAudio    = 16 << 20
	maxHeader   = 64 << 10
	maxAnswer   = 4 << 20
	maxText     = 64 << 10 // of all windows together
	maxDuration = 10 * time.Minute
)

// request is the header line of a frame; Len bytes of audio follow it.
type request struct {
	ID      int           `json:"id"`
	Op      string        `json:"op"` // "transcribe", "probe", "clip"
	Len     int           `json:"len"`
	Model   string        `json:"model,omitempty"` // path
	Threads int           `json:"threads,omitempty"`
	Beam    int           `json:"beam,omitempty"`
	Prompt  string        `json:"prompt,omitempty"`
	Longest time.Duration `json:"longest,omitempty"`
	From    time.Duration `json:"from,omitempty"`
	To      time.Duration `json:"to,omitempty"`
	Memory  uint64        `json:"memory,omitempty"` // RLIMIT_DATA in bytes, 0 = none
}

// answer is one line of the child. Exactly one of its parts is set.
type answer struct {
	ID       int                     `json:"id"`
	Info     *feierabend.AudioInfo   `json:"info,omitempty"`
	Progress *progress               `json:"progress,omitempty"`
	Result   *feierabend.Recognition `json:"result,omitempty"`
	Code     string                  `json:"code,omitempty"` // of an error
	Len      int                     `json:"len,omitempty"`  // bytes that follow (clip)
}

type progress struct {
	Done  time.Duration `json:"done"`
	Total time.Duration `json:"total"`
	Text  string        `json:"text"`
}

// readRequest reads a frame; io.EOF means that the parent is gone.
func readRequest(r *bufio.Reader) (request, []byte, error) {
	line, err := readLine(r, maxHeader)
	if err != nil {
		return request{}, nil, err
	}
	var q request
	if err := json.Unmarshal(line, &q); err != nil {
		return q, nil, errors.New("broken request header")
	}
	if q.Len < 0 || q.Len > MaxAudio {
		return q, nil, fmt.Errorf("request of %d bytes", q.Len)
	}
	b := make([]byte, q.Len)
	if _, err := io.ReadFull(r, b); err != nil {
		return q, nil, fmt.Errorf("read audio: %w", err)
	}
	return q, b, nil
}

// readLine reads up to a newline, at most limit bytes.
func readLine(r *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > limit {
			return nil, fmt.Errorf("line over %d bytes", limit)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return line, nil
	}
}

func writeLine(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode frame: %w", err)
	}
	if _, err := w.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("write frame: %w", err)
	}
	return nil
}

// codeOf is what the child tells of an error: its code, never its text.
func codeOf(err error) string {
	if c := feierabend.CodeOf(err); c != "" {
		return c
	}
	return CodeFailed
}

// errorOf makes the error of a code that came out of the child.
func errorOf(code string) error {
	if err := audio.Refusal(code, maxDuration); err != nil {
		return err
	}
	switch code {
	case CodeModelDamaged, "not_a_model", "model_unsupported":
		return errModelDamaged(errors.New(code))
	}
	return errFailed(CodeFailed, nil)
}
