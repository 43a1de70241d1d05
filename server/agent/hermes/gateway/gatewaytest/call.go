package gatewaytest

import (
	"encoding/json"
	"fmt"
)

func (f Frame) text(name string) string {
	s, _ := f.Params[name].(string) // "" where it is something else
	return s
}

// call answers a method.
func (a *Agent) call(f Frame) {
	switch f.Method {
	case "client.capabilities":
		if !a.o.Requests {
			a.refuse(f, -32601, "unknown method: client.capabilities")
			return
		}
		a.result(f, map[string]any{"ok": true})
	case "config.get":
		a.result(f, map[string]any{"mtime": 1.5, "config": map[string]any{}})
	case "session.create":
		a.create(f)
	case "session.resume":
		a.resume(f)
	case "session.close", "session.delete":
		a.mu.Lock()
		delete(a.sessions, f.text("session_id"))
		a.mu.Unlock()
		a.result(f, map[string]any{"closed": true, "deleted": f.text("session_id")})
	case "prompt.submit":
		a.submit(f)
	case "session.interrupt":
		a.interrupt(f)
	case "session.history":
		a.result(f, map[string]any{"count": 0, "messages": []any{}})
	case "session.compress":
		a.result(f, map[string]any{"status": "compressed", "summary": map[string]any{"headline": "Compressed: 8 to 6 messages"}})
	case "session.steer":
		a.result(f, map[string]any{"status": "queued", "text": f.text("text")})
	case "session.cwd.set":
		a.result(f, map[string]any{"cwd": f.text("cwd")})
	case "session.active_list":
		a.active(f)
	case "approval.respond", "clarify.respond", "sudo.respond", "secret.respond":
		a.respond(f)
	default:
		a.refuse(f, -32601, "unknown method: "+f.Method)
	}
}

func (a *Agent) create(f Frame) {
	s := &session{id: a.number("%08x"), stored: a.number("20260101_000000_%06x")}
	a.mu.Lock()
	a.sessions[s.id] = s
	a.mu.Unlock()
	a.result(f, map[string]any{
		"session_id": s.id, "stored_session_id": s.stored, "message_count": 0, "messages": []any{},
		"info": a.info(s, false, f.text("cwd")),
	})
	a.Event(s.id, "session.info", a.info(s, false, f.text("cwd")))
}

func (a *Agent) resume(f Frame) {
	s := &session{id: a.number("%08x"), stored: f.text("session_id")}
	a.mu.Lock()
	for _, live := range a.sessions {
		if live.stored == s.stored {
			s = live
		}
	}
	a.sessions[s.id] = s
	running := s.stop != nil
	a.mu.Unlock()
	status := "idle"
	if running {
		status = "working"
	}
	a.result(f, map[string]any{
		"session_id": s.id, "resumed": s.stored, "session_key": s.stored, "message_count": 0, "messages": []any{},
		"info": a.info(s, running, ""), "running": running, "status": status, "inflight": nil,
	})
}

func (a *Agent) info(s *session, running bool, cwd string) map[string]any {
	version, contract := "0.19.0", 4
	if a.o.Requests {
		version, contract = "0.21.4", 7
	}
	return map[string]any{
		"model": "fake-model", "provider": "custom", "running": running, "cwd": cwd, "title": "",
		"stored_session_id": s.stored, "version": version, "desktop_contract": contract,
		"tools": map[string]any{}, "skills": map[string]any{}, "profile_name": "default",
	}
}

// find returns a live session, or refuses the call.
func (a *Agent) find(f Frame) *session {
	a.mu.Lock()
	s := a.sessions[f.text("session_id")]
	a.mu.Unlock()
	if s == nil {
		a.refuse(f, 4001, "session not found")
	}
	return s
}

func (a *Agent) submit(f Frame) {
	s := a.find(f)
	if s == nil {
		return
	}
	stop := make(chan struct{})
	a.mu.Lock()
	s.interrupt()
	s.stop = stop
	a.mu.Unlock()
	a.Event(s.id, "message.start", nil) // before the answer, as the real one does
	a.result(f, map[string]any{"status": "streaming"})
	a.work.Go(func() { a.turn(s, stop, f.text("text")) })
}

func (a *Agent) interrupt(f Frame) {
	s := a.find(f)
	if s == nil {
		return
	}
	a.mu.Lock()
	s.interrupt()
	s.interruptAlone()
	a.mu.Unlock()
	a.result(f, map[string]any{"status": "interrupted"})
}

func (a *Agent) active(f Frame) {
	all := []any{}
	a.mu.Lock()
	for _, s := range a.sessions {
		status := "idle"
		if s.stop != nil {
			status = "working"
		}
		all = append(all, map[string]any{"id": s.id, "session_key": s.stored, "status": status})
	}
	a.mu.Unlock()
	a.result(f, map[string]any{"sessions": all})
}

// respond takes an answer in the style of 0.19. An approval has no id: the oldest
// of its session is meant.
func (a *Agent) respond(f Frame) {
	id := f.text("request_id")
	if f.Method == "approval.respond" {
		id = "approval " + f.text("session_id")
	}
	a.mu.Lock()
	to := a.asked[id]
	delete(a.asked, id)
	a.mu.Unlock()
	if to == nil {
		a.refuse(f, 4009, fmt.Sprintf("no pending request: %s", id))
		return
	}
	answer, _ := json.Marshal(f.Params) // came as JSON
	to <- answer
	a.result(f, map[string]any{"status": "ok", "resolved": 1})
}
