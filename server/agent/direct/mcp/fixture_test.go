package mcp_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/mcp"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
)

const secret = "sk-very-secret-0815"

// bench is a hub with what is set up, and what it logs.
type bench struct {
	t       *testing.T
	hub     *mcp.Hub
	mu      sync.Mutex
	servers []mcp.Server
	log     safeBuffer
	changed chan struct{}
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func newBench(t *testing.T, limits mcp.Limits, servers ...mcp.Server) *bench {
	t.Helper()
	b := &bench{t: t, servers: servers, changed: make(chan struct{}, 1)}
	if limits.Wait == 0 {
		limits.Wait = time.Minute // a busy machine must not fail a test
	}
	b.hub = mcp.New(mcp.Config{
		Servers: func() []mcp.Server {
			b.mu.Lock()
			defer b.mu.Unlock()
			return b.servers
		},
		Env:  []string{"PATH=" + os.Getenv("PATH"), "SYSTEMROOT=" + os.Getenv("SYSTEMROOT"), "BASE=1"},
		Slog: slog.New(slog.NewTextHandler(&b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Changed: func() {
			select {
			case b.changed <- struct{}{}:
			default:
			}
		},
		Limits: limits,
	})
	t.Cleanup(func() {
		b.hub.Close()
		if strings.Contains(b.log.String(), secret) {
			t.Error("the log has the secret")
		}
	})
	return b
}

func (b *bench) set(servers ...mcp.Server) {
	b.mu.Lock()
	b.servers = servers
	b.mu.Unlock()
	b.hub.Refresh()
}

// until waits for a state of the only server.
func (b *bench) until(fits func(mcp.State) bool) mcp.State {
	b.t.Helper()
	patience := time.After(time.Minute)
	for {
		if s := b.hub.States(); len(s) == 1 && fits(s[0]) {
			return s[0]
		}
		select {
		case <-b.changed:
		case <-patience:
			b.t.Fatalf("it stays %+v", b.hub.States())
		}
	}
}

// child is a server that is a process of its own.
func child(t *testing.T, name, mode string) mcp.Server {
	t.Helper()
	me, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return mcp.Server{Name: name, Command: []string{me}, Env: map[string]string{"SERVE": mode, "API_KEY": secret}, Enabled: true}
}

// watched lets a server open a connection that ends with its process. lives
// gives one for each process.
func watched(t *testing.T, s mcp.Server) (lives <-chan *life) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s.Env["ALIVE"] = l.Addr().String()
	out := make(chan *life, 16)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			out <- &life{conn: c, lines: bufio.NewReader(c)}
		}
	}()
	return out
}

type life struct {
	conn  net.Conn
	lines *bufio.Reader
}

// ended waits for the end of the process.
func (l *life) ended(t *testing.T) {
	t.Helper()
	l.conn.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := io.Copy(io.Discard, l.lines); err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("a process is left")
	}
}

// output is a turn that keeps what a call writes, and tells of each write.
type output struct {
	text  safeBuffer
	wrote chan struct{}
}

func newOutput() *output { return &output{wrote: make(chan struct{}, 100)} }

func (o *output) Write(p []byte) (int, error) {
	defer func() {
		select {
		case o.wrote <- struct{}{}:
		default:
		}
	}()
	return o.text.Write(p)
}
func (o *output) String() string              { return o.text.String() }
func (*output) SetPlan([]chat.PlanItem) error { return errors.New("no plan here") }
func (*output) Ask(context.Context, chat.Ask) (agent.Answer, error) {
	return agent.Answer{}, errors.New("nobody to ask")
}

func (b *bench) tools() map[string]tool.Tool {
	b.t.Helper()
	list, problems := b.hub.Tools(b.t.Context())
	if len(problems) > 0 {
		b.t.Fatalf("problems: %+v", problems)
	}
	return byName(b.t, list)
}

func byName(t *testing.T, list []tool.Tool) map[string]tool.Tool {
	t.Helper()
	out := map[string]tool.Tool{}
	for _, x := range list {
		if out[x.Spec().Name] != nil {
			t.Errorf("two tools are named %s", x.Spec().Name)
		}
		out[x.Spec().Name] = x
	}
	return out
}

func call(ctx context.Context, t *testing.T, x tool.Tool, args string, out *output) (tool.Facts, bool, error) {
	t.Helper()
	if x == nil {
		t.Fatal("there is no such tool")
	}
	c, err := x.Prepare(ctx, tool.Place{}, json.RawMessage(args))
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Run(ctx, out)
	var f tool.Facts
	if err == nil {
		if err := json.Unmarshal(r.Page, &f); err != nil {
			t.Fatal(err)
		}
	}
	return f, r.Failed, err
}
