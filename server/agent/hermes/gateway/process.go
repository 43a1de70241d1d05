package gateway

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"hermes-webui/server/agent/direct/child"
)

// lastWords is for what a process wrote before it ended, and which something
// that left its group may keep from ending.
const lastWords = 2 * time.Second

// Ended says how an agent's process ended.
type Ended struct{ How string } // e.g. "exit status 1"

func (e *Ended) Error() string { return "it ended (" + e.How + ")" }

// process is a program with pipes of ours on all three streams, in a group of
// its own.
type process struct {
	cmd    *exec.Cmd
	group  child.Group
	note   *child.Note
	in     *os.File // we write
	out    *os.File // we read
	errs   *os.File
	words  *ring
	heard  chan struct{} // closed when its standard error has ended
	exited chan struct{} // closed when it and all that it started have ended
	how    string        // valid then
	stop   sync.Once
	hasty  atomic.Bool // it is killed at once
}

// launch starts the program of s, which says its words for people to words.
func launch(s Spec, env []string, words *ring) (*process, error) {
	note, err := child.NewNote(s.Record)
	if err != nil {
		return nil, err
	}
	p := &process{
		cmd: exec.Command(s.Argv[0], s.Argv[1:]...), note: note, words: words,
		heard: make(chan struct{}), exited: make(chan struct{}),
	}
	p.cmd.Env, p.cmd.Dir = append(env[:len(env):len(env)], note.Env()), s.Dir
	if err := p.start(); err != nil {
		note.Remove()
		return nil, launchError(s.Argv[0], err)
	}
	note.Started(p.cmd.Process.Pid)
	go p.drain()
	go p.wait()
	return p, nil
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
		p.release()
	}
	return err
}

func (p *process) release() {
	p.in.Close()
	p.out.Close()
	p.errs.Close()
}

func launchError(path string, err error) error {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is not there any more, or the folder to run it in is not: %w", path, err)
	}
	return fmt.Errorf("%s could not be started: %w", path, err)
}

func (p *process) drain() {
	defer close(p.heard)
	_, _ = io.Copy(p.words, p.errs) // ends when the pipe does
}

// wait ends what the program left behind as soon as it has ended.
func (p *process) wait() {
	err := p.cmd.Wait()
	p.group.Kill()
	p.note.End()
	p.note.Remove()
	p.how = "exit status 0"
	if err != nil {
		p.how = err.Error()
	}
	_ = p.out.SetReadDeadline(time.Now().Add(lastWords))
	within(p.heard, lastWords)
	close(p.exited)
}

// ended is what a reader of its output gets at the end.
func (p *process) ended(err error) error {
	if !within(p.exited, 2*lastWords) {
		return fmt.Errorf("the agent closed its output: %w", err)
	}
	return &Ended{p.how}
}

// end lets the program end by itself, then asks it, then kills it, and returns
// when it and all it started are gone.
func (p *process) end() error {
	p.stop.Do(func() {
		p.in.Close()
		if p.hasty.Load() || !within(p.exited, closeGrace) {
			p.group.Ask()
			if p.hasty.Load() || !within(p.exited, termGrace) {
				p.group.Kill()
			}
		}
		<-p.exited
		p.release()
		p.group.Forget()
	})
	return nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// settle has nothing to do: the agent ended with its link.
func (p *process) settle(bool) {}

// hurry lets end kill at once a program that has nothing to tidy up, or does not
// listen.
func (p *process) hurry() { p.hasty.Store(true) }

func within(done <-chan struct{}, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}
