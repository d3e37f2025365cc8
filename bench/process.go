package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server that was started for the measurements.
type process struct {
	command *exec.Cmd
	input   io.Closer
	id      int
	address string
}

// floorProcess starts this program as the process of the floors.
func floorProcess(a account, args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := exec.Command(self, append([]string{"serve"}, args...)...)
	c.Env = a.environment()
	return start(c)
}

// raidgraphProcess starts the server itself over a database, on a free port.
func raidgraphProcess(a account, binary, database string) (*process, error) {
	c := exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--no-sample", "--log-level", "warn", "--database", database)
	c.Env = a.environment()
	return start(c)
}

var served = regexp.MustCompile(`http://[^/\s]+`)

// start starts a server and waits until it has said where it is.
func start(c *exec.Cmd) (*process, error) {
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	p := &process{command: c, input: in, id: c.Process.Pid}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if found := served.FindString(lines.Text()); found != "" {
			u, err := url.Parse(found)
			if err != nil {
				return nil, errors.Join(err, p.stop())
			}
			p.address = u.Host
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return p, p.ready()
		}
	}
	return nil, errors.Join(fmt.Errorf("%s does not say where it serves", filepath.Base(c.Path)), p.stop())
}

// ready waits until a server answers at all.
func (p *process) ready() error {
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		resp, err := http.Get("http://" + p.address + "/readyz")
		if err == nil {
			err = resp.Body.Close()
		}
		if err == nil || time.Now().After(deadline) {
			return err
		}
	}
}

// stop ends the server.
func (p *process) stop() error {
	_ = p.input.Close()
	_ = p.command.Process.Signal(syscall.SIGTERM)
	if err := p.command.Wait(); err != nil && err.Error() != "signal: terminated" {
		return fmt.Errorf("%s: %w", filepath.Base(p.command.Path), err)
	}
	return nil
}

// processor is the processor time that the process has taken so far; 0 where the system has no /proc.
func (p *process) processor() time.Duration {
	const tick = 10 * time.Millisecond // USER_HZ, the same on every Linux that Go runs on
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.id))
	if err != nil {
		return 0
	}
	// The name of the program stands in brackets and may hold blanks.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	const user, system = 11, 12
	var ticks int64
	for _, i := range []int{user, system} {
		if i < len(fields) {
			n, _ := strconv.ParseInt(fields[i], 10, 64)
			ticks += n
		}
	}
	return time.Duration(ticks) * tick
}

// resident is the most memory that the process has had, in bytes; 0 where the system has no /proc.
func (p *process) resident() int64 { return p.memory("VmHWM:") }

// memory is a figure of /proc in bytes; 0 where the system has none.
func (p *process) memory(name string) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.id))
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(text), "\n") {
		if kilobytes, ok := strings.CutPrefix(line, name); ok {
			n, _ := strconv.ParseInt(strings.Fields(kilobytes)[0], 10, 64)
			return n << 10
		}
	}
	return 0
}

// ran is what a command that ran to its end took.
type ran struct {
	elapsed  time.Duration
	resident int64
}

// runToEnd runs a command.
func runToEnd(ctx context.Context, a account, binary string, args ...string) (ran, error) {
	c := exec.CommandContext(ctx, binary, args...)
	c.Env = a.environment()
	start := time.Now()
	out, err := c.CombinedOutput()
	if err != nil {
		return ran{}, fmt.Errorf("%s %s: %w: %s", filepath.Base(binary), strings.Join(args, " "), err, out)
	}
	return ran{elapsed: time.Since(start), resident: peak(c.ProcessState)}, nil
}
