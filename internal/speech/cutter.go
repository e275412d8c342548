package speech

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"feierabend"
)

// Cutter does small things with a recording in a child process that lives for
// one request (FILE-02, day-one decision 12). The zero value is ready.
type Cutter struct {
	Executable string        // "" = this binary
	Args       []string      // nil = the hidden subcommand "audio-clip"
	Limit      time.Duration // of time, 0 = 20 s
	NoMemory   bool          // no bound on memory: for instrumented test binaries
}

// cutterMemory bounds the data of the child: 16 MB of audio and ten minutes of samples.
const cutterMemory = 256 << 20

// Probe says what the bytes are and how long they play. Errors: Invalid too_large
// and the codes of audio, Internal when the child ended otherwise.
func (c Cutter) Probe(ctx context.Context, b []byte) (feierabend.AudioInfo, error) {
	a, _, err := c.ask(ctx, request{Op: "probe"}, b)
	if a.Info == nil {
		a.Info = &feierabend.AudioInfo{Bytes: int64(len(b))}
	}
	return *a.Info, err
}

// Clip cuts the passage [from, to) out as a WAV file of at most 15 s (audio.Clip).
// Errors as Probe, and clip_range.
func (c Cutter) Clip(ctx context.Context, b []byte, from, to time.Duration) ([]byte, error) {
	_, clip, err := c.ask(ctx, request{Op: "clip", From: from, To: to}, b)
	return clip, err
}

func (c Cutter) ask(ctx context.Context, q request, b []byte) (answer, []byte, error) {
	if len(b) > MaxAudio {
		return answer{}, nil, errTooLarge(len(b))
	}
	limit := c.Limit
	if limit <= 0 {
		limit = 20 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	q.Len, q.Memory = len(b), cutterMemory
	if c.NoMemory {
		q.Memory = 0
	}
	out, err := c.run(ctx, q, b)
	if err != nil {
		return answer{}, nil, errFailed(CodeCrashed, err)
	}
	r := bufio.NewReaderSize(bytes.NewReader(out), 64<<10)
	line, err := readLine(r, maxHeader)
	if err != nil {
		return answer{}, nil, errFailed(CodeCrashed, errors.New("no answer"))
	}
	var a answer
	if err := json.Unmarshal(line, &a); err != nil {
		return answer{}, nil, errFailed(CodeCrashed, errors.New("broken answer"))
	}
	if a.Code != "" {
		return a, nil, errorOf(a.Code)
	}
	rest, err := io.ReadAll(r)
	if err != nil || len(rest) != a.Len {
		return answer{}, nil, errFailed(CodeCrashed, errors.New("short answer"))
	}
	return a, rest, nil
}

// run starts the child, feeds it and takes its bounded output.
func (c Cutter) run(ctx context.Context, q request, b []byte) ([]byte, error) {
	exe, args := c.Executable, c.Args
	if exe == "" {
		var err error
		if exe, err = os.Executable(); err != nil {
			return nil, err
		}
	}
	if args == nil {
		args = []string{"audio-clip"}
	}
	var in bytes.Buffer
	if err := writeLine(&in, q); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, exe, args...)
	cmd.Dir, cmd.Env = "/", childEnv(q.Memory)
	cmd.Stdin = io.MultiReader(&in, bytes.NewReader(b))
	out := &bounded{left: maxAnswer}
	cmd.Stdout = out
	ownGroup(cmd)
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("audio process: %w", err)
	}
	return out.Bytes(), nil
}

// bounded is a buffer that refuses to grow without end.
type bounded struct {
	bytes.Buffer
	left int
}

func (w *bounded) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errors.New("answer too large")
	}
	return w.Buffer.Write(p)
}
