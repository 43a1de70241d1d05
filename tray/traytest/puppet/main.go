// Command puppet shows a tray that is moved by its standard input, for tests:
// each line is a state or a notice, each call to the host is a line of its
// standard output. It ends with its input.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"hermes-webui/tray"
)

type command struct {
	State  *tray.State  `json:"state"`
	Notice *tray.Notice `json:"notice"`
	Refuse string       `json:"refuse"` // what answers are refused with from now on
	Count  bool         `json:"count"`  // asks for a line with what the process holds
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	states, notices := make(chan tray.State), make(chan tray.Notice)
	h := &host{}
	go func() {
		defer cancel()
		in := bufio.NewScanner(os.Stdin)
		in.Buffer(nil, 16<<20)
		for in.Scan() {
			var c command
			if err := json.Unmarshal(in.Bytes(), &c); err != nil {
				fmt.Fprintln(os.Stderr, err)
				continue
			}
			switch {
			case c.State != nil:
				states <- *c.State
			case c.Notice != nil:
				notices <- *c.Notice
			case c.Count:
				h.say(counts())
			default:
				h.refuse(c.Refuse)
			}
		}
	}()
	err := tray.Run(ctx, tray.Options{
		Bus: os.Getenv("DBUS_SESSION_BUS_ADDRESS"), Name: os.Getenv("PUPPET_GUEST"), Guest: os.Getenv("PUPPET_GUEST") != "",
		Patience: time.Second / 2, Notices: notices, Slog: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	}, h, states)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// counts says what grows when something leaks.
func counts() string {
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	files, _ := os.ReadDir("/proc/self/fd")
	return fmt.Sprintf("counts %d %d %d", runtime.NumGoroutine(), len(files), mem.HeapAlloc)
}

type host struct {
	mu      sync.Mutex
	refused string
}

func (h *host) say(words ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	fmt.Println(strings.Join(words, " "))
}

func (h *host) refuse(words string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refused = words
}

func (h *host) Answer(_ context.Context, a tray.Answer) error {
	h.say("answer", a.Ask, a.Digest, fmt.Sprint(a.Allow))
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refused != "" {
		return errors.New(h.refused)
	}
	return nil
}

func (h *host) Open(_ context.Context, path string) error     { h.say("open", path); return nil }
func (h *host) NewSession(context.Context) error              { h.say("new session"); return nil }
func (h *host) Restart(context.Context) error                 { h.say("restart"); return nil }
func (h *host) RestartAgent(context.Context) error            { h.say("restart agent"); return nil }
func (h *host) StopTurn(_ context.Context, turn string) error { h.say("stop", turn); return nil }
func (h *host) ToggleLogin(context.Context) error             { h.say("toggle login"); return nil }
func (h *host) OpenLogs(context.Context) error                { h.say("logs"); return nil }
func (h *host) Quit(context.Context) error                    { h.say("quit"); return nil }
func (h *host) CloseTray(context.Context) error               { h.say("close tray"); return nil }
