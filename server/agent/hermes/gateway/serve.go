package gateway

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"hermes-webui/server/agent/direct/child"
)

// look is how often is looked whether an agent that serves is ready, or gone:
// the system does not tell of processes that are not our children.
const look = 50 * time.Millisecond

// server is an agent that serves on its own.
type server struct {
	standing
	dir   string
	words *ring
	hasty atomic.Bool
}

// serve finds the agent that serves for s, or starts one, and connects to it.
func serve(ctx context.Context, s Spec, env []string, words *ring) (*server, Link, error) {
	dir := folderOf(s)
	if known, ok := found(s, dir); ok {
		v := &server{standing: known, dir: dir, words: words}
		link, err := v.connect(ctx, s)
		if err == nil {
			return v, link, nil
		}
		if ctx.Err() != nil {
			return nil, nil, err
		}
		v.end() // it is there and does not answer
	}
	v, err := raise(s, env, dir, words)
	if err != nil {
		return nil, nil, err
	}
	link, err := v.connect(ctx, s)
	if err != nil {
		why := v.why(err)
		v.end()
		return nil, nil, errors.New(why)
	}
	return v, link, nil
}

// raise starts an agent that outlives this program. What an earlier one left is
// ended before.
func raise(s Spec, env []string, dir string, words *ring) (*server, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if _, err := child.Sweep(dir); err != nil {
		return nil, err
	}
	note, err := child.NewNote(dir)
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(filepath.Join(dir, wordsFile), os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	v := &server{standing: standing{Home: s.Home, Argv: s.Argv, Token: rand.Text()}, dir: dir, words: words}
	cmd := exec.Command(s.Argv[0], s.Argv[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.Dir, log, log
	cmd.Env = append(setenv(env, "HERMES_DASHBOARD_SESSION_TOKEN", v.Token), note.Env())
	if err := child.StartDetached(cmd); err != nil {
		note.Remove()
		return nil, launchError(s.Argv[0], err)
	}
	note.Started(cmd.Process.Pid)
	v.PID, v.Start = cmd.Process.Pid, child.StartOf(cmd.Process.Pid)
	go func() { _ = cmd.Wait() }() // how it ended is in its words
	if err := v.write(dir); err != nil {
		v.end()
		return nil, err
	}
	return v, nil
}

// connect waits until the agent serves.
func (v *server) connect(ctx context.Context, s Spec) (Link, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.ReadyIn, fmt.Errorf("it was not ready within %v", s.ReadyIn))
	defer cancel()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for v.Port == 0 {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		if v.Port = portOf(v.dir); v.Port > 0 {
			if err := v.write(v.dir); err != nil {
				return nil, err
			}
		} else if !v.alive() {
			return nil, errors.New("it ended")
		}
	}
	return Dial(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(v.Port)), v.Token, s.Spill)
}

// end ends the agent and all that it started.
func (v *server) end() {
	if v.alive() {
		child.AskGroup(v.PID)
		for until := time.Now().Add(closeGrace); !v.hasty.Load() && v.alive() && time.Now().Before(until); {
			time.Sleep(look) // the system does not tell of others' children
		}
	}
	_, _ = child.Sweep(v.dir) // what is left is swept before the next start
	_ = os.Remove(filepath.Join(v.dir, standingFile))
}

func (v *server) pid() int { return v.PID }
func (v *server) hurry()   { v.hasty.Store(true) }

// settle leaves the agent to itself, unless it is to end.
func (v *server) settle(end bool) {
	if end {
		v.end()
	}
}

// why says in sentences for people why there is no connection.
func (v *server) why(err error) string {
	text := sentence(err)
	if !v.alive() {
		text = "It ended."
	}
	lastOf(v.dir, v.words)
	if last := telling(v.words.Lines()); last != "" {
		text += " Its last words: " + last
	}
	return text
}
