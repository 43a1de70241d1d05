package gatewaytest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Agent is one double. Its methods are safe for concurrent use.
type Agent struct {
	o Options

	mu       sync.Mutex // of out and all below
	out      io.Writer
	sessions map[string]*session
	serial   int
	asked    map[string]chan json.RawMessage // what waits for an answer, by id
	play     *playing
	work     sync.WaitGroup
}

// session is a live one. A turn waits for its end with stop.
type session struct {
	id, stored string
	stop       chan struct{} // closed to interrupt the turn; nil = none runs
	alone      chan struct{} // closed to interrupt work in the background; nil = there is none
}

// errDied ends a double in this process as suddenly as a child ends.
var errDied = errors.New("the double died")

// New returns a double.
func New(o Options) *Agent {
	return &Agent{o: o, sessions: map[string]*session{}, asked: map[string]chan json.RawMessage{}}
}

// Frame is what a client sends.
type Frame struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params map[string]any  `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// Serve speaks until in ends. An error says that it died, or that in could not
// be read.
func (a *Agent) Serve(in io.Reader, out io.Writer) error {
	a.out = out
	defer a.work.Wait()
	defer a.interruptAll()
	if a.o.Record != "" {
		p, err := newPlaying(a.o.Record)
		if err != nil {
			return err
		}
		a.play = p
	}
	a.greet()
	lines := bufio.NewReaderSize(in, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var f Frame
		if err := json.Unmarshal(line, &f); err != nil {
			a.Raw(`{"jsonrpc":"2.0","error":{"code":-32700,"message":"parse error"},"id":null}`)
			continue
		}
		if a.o.DiesAt != "" && f.Method == a.o.DiesAt {
			return errDied
		}
		a.take(f)
	}
}

func (a *Agent) greet() {
	payload := map[string]any{"skin": map[string]any{"name": "default"}}
	if a.o.Requests {
		payload["protocol"] = map[string]any{"version": 7}
		payload["capabilities"] = map[string]any{"event_replay": true}
	}
	if !a.o.Mute && a.play == nil {
		a.Event("", "gateway.ready", payload)
	}
	if a.play != nil {
		a.play.next(a, Frame{})
	}
}

func (a *Agent) take(f Frame) {
	switch {
	case f.Method == "": // an answer
		a.mu.Lock()
		to := a.asked[string(f.ID)]
		delete(a.asked, string(f.ID))
		a.mu.Unlock()
		if to != nil {
			to <- f.Result // null where it was refused
		}
	case a.o.Mute || a.o.Deaf && f.Method == "config.get":
	case a.play != nil && a.play.next(a, f):
	default:
		a.call(f)
	}
}

// Raw writes a line as it is.
func (a *Agent) Raw(line string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, _ = io.WriteString(a.out, line+"\n") // a client that has gone does not hear it
}

func (a *Agent) write(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only what this package builds
	}
	a.Raw(string(b))
}

// Event sends an event; payload nil = none, session "" = of the process.
func (a *Agent) Event(session, kind string, payload any) {
	params := map[string]any{"type": kind}
	if session != "" {
		params["session_id"] = session
	}
	if payload != nil {
		params["payload"] = payload
	}
	a.write(map[string]any{"jsonrpc": "2.0", "method": "event", "params": params})
}

func (a *Agent) result(f Frame, result any) {
	a.write(map[string]any{"jsonrpc": "2.0", "id": f.ID, "result": result})
}

func (a *Agent) refuse(f Frame, code int, text string) {
	a.write(map[string]any{"jsonrpc": "2.0", "id": f.ID, "error": map[string]any{"code": code, "message": text}})
}

// wait registers something that a person is asked, and returns where the answer
// will come.
func (a *Agent) wait(id string) chan json.RawMessage {
	to := make(chan json.RawMessage, 1)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked[id] = to
	return to
}

// number returns a name that was not used before.
func (a *Agent) number(form string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.serial++
	return fmt.Sprintf(form, a.serial)
}

func (a *Agent) interruptAll() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.sessions {
		s.interrupt()
		s.interruptAlone()
	}
}

func (s *session) interrupt() {
	if s.stop != nil {
		close(s.stop)
		s.stop = nil
	}
}

func (s *session) interruptAlone() {
	if s.alone != nil {
		close(s.alone)
		s.alone = nil
	}
}
