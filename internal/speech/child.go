package speech

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
)

// child is one running worker process.
type child struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines chan answer   // closed when the child has ended
	done  chan struct{} // closed after Wait
	last  int           // id of the last request
}

// start runs the executable with nothing but its settings in the environment.
func start(exe string, args []string, memory uint64, nice int) (*child, error) {
	cmd := exec.Command(exe, args...)
	cmd.Dir = "/"
	cmd.Env = childEnv(memory)
	ownGroup(cmd)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("pipe to the speech process: %w", err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("pipe from the speech process: %w", err)
	}
	if err := startNice(cmd, nice); err != nil {
		return nil, fmt.Errorf("start the speech process: %w", err)
	}
	c := &child{cmd: cmd, stdin: stdin, lines: make(chan answer), done: make(chan struct{})}
	go c.read(stdout)
	return c, nil
}

// childEnv keeps keys and addresses from the child; GOTRACEBACK keeps content
// off stderr, which is thrown away besides.
func childEnv(memory uint64) []string {
	env := []string{"GOTRACEBACK=none"}
	if memory > 0 {
		env = append(env, "GOMEMLIMIT="+strconv.FormatUint(memory/4*3, 10))
	}
	return env
}

// read takes the child's lines until it ends. A line that is too long or no JSON
// ends the child: it is broken.
func (c *child) read(stdout io.Reader) {
	r := bufio.NewReaderSize(stdout, 64<<10)
	for {
		line, err := readLine(r, maxAnswer)
		if err != nil {
			break
		}
		var a answer
		if json.Unmarshal(line, &a) != nil {
			break
		}
		c.lines <- a
	}
	c.kill()
	_ = c.cmd.Wait() // the state tells how it ended
	close(c.done)
	close(c.lines)
}

// send writes a frame.
func (c *child) send(q request, b []byte) error {
	q.Len = len(b)
	if err := writeLine(c.stdin, q); err != nil {
		return err
	}
	if _, err := c.stdin.Write(b); err != nil {
		return fmt.Errorf("write audio: %w", err)
	}
	return nil
}

func (c *child) kill() {
	if err := c.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		_ = c.stdin.Close() // the next best thing: it ends when its input ends
	}
}

// alive says whether the child still runs.
func (c *child) alive() bool {
	select {
	case <-c.done:
		return false
	default:
		return true
	}
}

// drain throws away what comes until the child has ended.
func (c *child) drain() {
	for range c.lines {
	}
}
