package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"hermes-webui/server"
	"hermes-webui/server/chat"
	"hermes-webui/tray"
)

// trayFor shows a tray for a server that another process runs, until the person
// closes it or that server is gone for good. It begins with a phase. It reads and does everything
// through the control socket, as commands do, and must run on the main
// goroutine.
func trayFor(ctx context.Context, c config, h holder, begins tray.Phase, log *slog.Logger) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	f := &farServer{config: c, link: newTrayLink(end), client: controlClient(c.StateDir), browser: browser{c.Environ, log},
		titles: map[chat.SessionID]string{}, starts: map[chat.TurnID]time.Time{}}
	f.holder.Store(&h)
	f.link.show(f.away(begins))
	go func() {
		defer end()
		f.follow(ctx, log)
	}()
	return tray.Run(ctx, tray.Options{Bus: trayBus(c.Env), Name: trayName(c.StateDir), Guest: true, Notices: f.link.notices, Slog: log}, f, f.link.states)
}

// trayName is the name of the tray of a server on a session bus: one for each
// state folder.
func trayName(stateDir string) string {
	sum := sha256.Sum256([]byte(stateDir))
	return "io.github.hermes_webui.Tray_" + hex.EncodeToString(sum[:8])
}

// farServer is a server of another process, to a tray of this one.
type farServer struct {
	config  config
	holder  atomic.Pointer[holder] // read by clicks too
	link    *trayLink
	client  *http.Client
	browser browser

	titles map[chat.SessionID]string // as they were drawn
	starts map[chat.TurnID]time.Time // of turns that were seen to start
	cursor string                    // of the last frame; what comes while there is no stream is told after it
}

const (
	goneFor  = 30 * time.Second // after which a server that is away is gone: whoever starts it again has done so
	farAgain = 500 * time.Millisecond
	farSlow  = 20 * time.Second // in which a server says something: it sends a ping every 10
)

// follow shows how the server is until ctx ends or the server is gone for good.
func (f *farServer) follow(ctx context.Context, log *slog.Logger) {
	var gone time.Time // since when it is away; zero = it is there
	for ctx.Err() == nil {
		err := f.listen(ctx, func() { gone = time.Time{} })
		if ctx.Err() != nil {
			return
		}
		if gone.IsZero() {
			gone = time.Now()
			log.Info("the server is away", "err", err)
		}
		phase := tray.Restarting
		if held(f.config.StateDir) {
			phase = tray.NotAnswering
		} else if time.Since(gone) > goneFor {
			log.Info("the server is gone, and the tray with it")
			return
		}
		f.link.show(f.away(phase))
		select {
		case <-time.After(farAgain):
		case <-ctx.Done():
		}
	}
}

// away is what is shown while the server says nothing.
func (f *farServer) away(phase tray.Phase) tray.State {
	s := tray.State{Phase: phase, Version: f.holder.Load().Version, Service: true}
	if h, err := readHolder(f.config.StateDir); err == nil && phase == tray.NotAnswering {
		s.Trouble = fmt.Sprintf("process %d says nothing", h.PID)
	}
	return s
}

// listen follows the server's event stream, and shows its state at the beginning
// and whenever something changed. It returns when the stream ends.
func (f *farServer) listen(ctx context.Context, there func()) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	late := time.AfterFunc(farSlow, cancel) // one that hangs is told from one that is silent
	defer late.Stop()
	body, err := f.ask(ctx, http.MethodGet, "/api/events?client="+server.TrayClient+"&after="+f.cursor, nil)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	if err := f.draw(ctx); err != nil {
		return err
	}
	there()
	if h, err := readHolder(f.config.StateDir); err == nil {
		f.holder.Store(&h) // it may have come back elsewhere
	}
	lines, dirty, kind, id := bufio.NewReader(body), false, "", f.cursor
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		late.Reset(farSlow)
		field, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch {
		case field == "": // the frame is whole
			f.cursor = id
		case field == "id":
			id = value
		case field == "event":
			kind = value
			dirty = dirty || shownByTray(kind)
		case field == "data" && shownByTray(kind) && kind != "status":
			f.tell(ctx, value)
		}
		if dirty && lines.Buffered() == 0 { // what came at once is read at once
			dirty = false
			if err := f.draw(ctx); err != nil {
				return err
			}
		}
	}
}

// shownByTray reports whether frames of this kind change what the tray shows.
func shownByTray(kind string) bool {
	switch kind {
	case "status", "turn_started", "turn_ended", "ask_raised", "ask_closed", "session_changed":
		return true
	}
	return false
}

// ask sends a request. The error is what the server says, in words for people.
func (f *farServer) ask(ctx context.Context, method, path string, body any) (io.ReadCloser, error) {
	sent, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, controlURL+path, bytes.NewReader(sent))
	if err != nil {
		return nil, err
	}
	if body == nil {
		req.Body, req.ContentLength = http.NoBody, 0
	} else {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := f.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the server does not answer: %w", err)
	}
	if res.StatusCode < http.StatusMultipleChoices {
		return res.Body, nil
	}
	defer func() { _ = res.Body.Close() }()
	var problem struct{ Detail string }
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&problem); err != nil || problem.Detail == "" {
		return nil, fmt.Errorf("the server answers %s", res.Status)
	}
	return nil, errors.New(problem.Detail)
}

// farWithin is how long the server may take for an answer.
const farWithin = 10 * time.Second

// do asks and puts the answer into v; nil = it is not read.
func (f *farServer) do(ctx context.Context, method, path string, body, v any) error {
	ctx, cancel := context.WithTimeout(ctx, farWithin)
	defer cancel()
	answer, err := f.ask(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Close() }()
	if v == nil {
		return nil
	}
	return json.NewDecoder(answer).Decode(v)
}
