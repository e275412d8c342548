//go:build unix

package speech

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// confine sets the limits of the child itself: no core dumps, since they would
// hold what was said, and a bound on its data (speech.md §6.10). memory 0 sets
// no bound.
func confine(memory uint64) error {
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}); err != nil {
		return fmt.Errorf("limit core dumps: %w", err)
	}
	if memory == 0 {
		return nil
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: memory, Max: memory}); err != nil {
		return fmt.Errorf("limit memory: %w", err)
	}
	return nil
}

// startNice starts a command with a lower priority. On Linux priority belongs to
// a thread and is inherited by what it starts, so the child is started by a
// thread of its own that is thrown away afterwards.
func startNice(cmd *exec.Cmd, nice int) error {
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		if runtime.GOOS == "linux" && nice > 0 {
			_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, nice) // a refusal costs politeness only
		}
		result <- cmd.Start()
	}()
	return <-result
}

// ownGroup keeps a Ctrl-C at the terminal from the child: the parent ends it.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// usage gives what a finished child took: exit code (−1 by a signal), the
// signal's number and the peak of its memory in kB.
func usage(s *os.ProcessState) (code, signal int, peakKB int64) {
	code = s.ExitCode()
	if w, ok := s.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		signal = int(w.Signal())
	}
	if r, ok := s.SysUsage().(*syscall.Rusage); ok {
		peakKB = int64(r.Maxrss)
	}
	return code, signal, peakKB
}

// cpuTime is the processor time of this process so far.
func cpuTime() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// freeDisk gives the bytes that are free for the folder's user.
func freeDisk(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("free disk: %w", err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
