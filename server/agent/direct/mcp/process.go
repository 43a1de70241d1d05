package mcp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"sync"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"hermes-webui/server/agent/direct/child"
)

const (
	politeLimit = 2 * time.Second // for a program to end by itself when its input ends
	killLimit   = time.Second     // between asking it to end and ending it
	lastWords   = 500 * time.Millisecond
)

// process is a program that serves MCP on its standard input and output, with
// all that it starts.
type process struct {
	cmd    *exec.Cmd
	group  child.Group
	note   *child.Note // for the next start of ours, should this one end suddenly
	in     *os.File    // we write
	out    *os.File    // we read
	errs   *os.File
	heard  chan struct{} // closed when its standard error has ended
	exited chan struct{} // closed when the program has ended and its group is gone
	once   sync.Once
}

// launch starts the program of s and records it in dir. What it says besides
// messages goes to said.
func launch(s Server, env []string, dir string, said io.Writer) (*process, *sdk.IOTransport, error) {
	p := &process{cmd: exec.Command(s.Command[0], s.Command[1:]...), heard: make(chan struct{}), exited: make(chan struct{})}
	p.cmd.Env = append([]string{}, env...)
	for k, v := range s.Env {
		p.cmd.Env = append(p.cmd.Env, k+"="+v)
	}
	var err error
	if p.note, err = child.NewNote(dir); err != nil {
		return nil, nil, err
	}
	p.cmd.Env = append(p.cmd.Env, p.note.Env())
	if err := p.start(); err != nil {
		p.note.Remove()
		return nil, nil, err
	}
	p.note.Started(p.cmd.Process.Pid)
	go p.drain(said)
	go p.wait()
	reader := &messages{from: bufio.NewReaderSize(p.out, 64<<10), close: p.out.Close, other: said}
	return p, &sdk.IOTransport{Reader: reader, Writer: p.in, MaxLineLength: maxLine + 1}, nil
}

// start runs the program on pipes of ours: those of exec would make Wait wait
// for grandchildren that keep them open.
func (p *process) start() error {
	var theirs [3]*os.File
	var err error
	if theirs[0], p.in, err = os.Pipe(); err == nil {
		if p.out, theirs[1], err = os.Pipe(); err == nil {
			p.errs, theirs[2], err = os.Pipe()
		}
	}
	if err == nil {
		p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = theirs[0], theirs[1], theirs[2]
		p.group, err = child.StartGroup(p.cmd)
	}
	for _, f := range theirs {
		f.Close() // a nil file only says that it is one
	}
	if err != nil {
		p.in.Close()
		p.out.Close()
		p.errs.Close()
		return launchError(p.cmd.Path, err)
	}
	return nil
}

func launchError(path string, err error) error {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the program %s was not found. Install it, or correct the command", path)
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("the program %s may not be started. Correct the command", path)
	}
	return fmt.Errorf("the program %s could not be started: %w", path, err)
}

func (p *process) drain(said io.Writer) {
	defer close(p.heard)
	_, _ = io.Copy(said, p.errs) // ends when the pipe does
}

// wait ends what the program left behind as soon as it has ended.
func (p *process) wait() {
	_ = p.cmd.Wait() // how it ended says less than what it wrote
	p.group.Kill()
	p.note.Remove()
	timer := time.NewTimer(lastWords)
	defer timer.Stop()
	select {
	case <-p.heard:
	case <-timer.C: // something left the group and keeps the pipe
	}
	close(p.exited)
}

// end lets the program end, then makes it, and returns when it is gone.
func (p *process) end() {
	p.once.Do(func() {
		p.in.Close()
		if !p.gone(politeLimit) {
			p.group.Ask()
			if !p.gone(killLimit) {
				p.group.Kill()
			}
		}
		<-p.exited
		p.out.Close()
		p.errs.Close()
		p.group.Forget()
	})
}

func (p *process) gone(within time.Duration) bool {
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-p.exited:
		return true
	case <-timer.C:
		return false
	}
}
