package gatewaytest

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var marker = regexp.MustCompile(`\[\[([a-z0-9_-]+)(?::([^\]]*))?\]\]`)

// turn plays the scene of the last marker in text, with the names of hermestest:
//
//	plain          "Plain words in several pieces."
//	echo:text      says the text
//	think          a thought, then words
//	tool:command   runs a command, and asks before "rm"
//	clarify        asks which colour
//	secret, sudo   asks for a value
//	long           400 words, 50 ms apart
//	burst:n        n deltas without a pause (10,000)
//	huge:n         a tool's output of n megabytes in one line (50)
//	garbage        lines that are no messages
//	error          an error without the end of the message
//	begins         ends, and then begins a turn by itself
//	asks:kind      ends, and asks then; says in the background what came of it
//	review         ends, and then says what it learned from it
//	credits        says that its credits run out, twice, and once more after they did not
//	status:code    fails
func (a *Agent) turn(s *session, stop <-chan struct{}, text string) {
	name, arg := "", ""
	if all := marker.FindAllStringSubmatch(text, -1); len(all) > 0 {
		name, arg = all[len(all)-1][1], all[len(all)-1][2]
	}
	t := &turn{agent: a, session: s, stop: stop}
	t.play(name, arg)
	a.mu.Lock()
	if s.stop == stop { // not already another turn's
		s.stop = nil
	}
	a.mu.Unlock()
	a.Event(s.id, "session.info", a.info(s, false, ""))
	switch name {
	case "asks":
		halt := make(chan struct{})
		a.mu.Lock()
		s.alone = halt
		a.mu.Unlock()
		own := &turn{agent: a, session: s, stop: halt}
		own.alone(arg)
	case "review":
		t.event("review.summary", map[string]any{"text": " 💾 Self-improvement review: Memory updated\n"})
	case "begins":
		a.Event(s.id, "status.update", map[string]any{"kind": "process", "text": "something ended"})
		a.Event(s.id, "message.start", nil)
		own := &turn{agent: a, session: s, stop: stop}
		own.say("By ", "myself.")
		own.complete("complete")
		a.Event(s.id, "session.info", a.info(s, false, ""))
	}
}

type turn struct {
	agent   *Agent
	session *session
	stop    <-chan struct{}
	text    strings.Builder
}

func (t *turn) event(kind string, payload any) { t.agent.Event(t.session.id, kind, payload) }

func (t *turn) stopped() bool {
	select {
	case <-t.stop:
		return true
	default:
		return false
	}
}

func (t *turn) say(words ...string) {
	for _, w := range words {
		if t.stopped() {
			return
		}
		t.text.WriteString(w)
		t.event("message.delta", map[string]any{"text": w})
	}
}

func (t *turn) complete(status string) {
	var text any
	if t.text.Len() > 0 {
		text = t.text.String()
	}
	if t.stopped() {
		status = "interrupted"
	}
	t.event("message.complete", map[string]any{
		"text": text, "status": status,
		"usage": map[string]any{"model": "fake-model", "input": 7, "output": 3, "total": 10, "calls": 1},
	})
}

func (t *turn) play(name, arg string) {
	switch name {
	case "plain":
		t.say("Plain ", "words ", "in ", "several ", "pieces.")
	case "echo":
		t.say(arg)
	case "think":
		for _, w := range []string{"A ", "thought ", "first."} {
			t.event("reasoning.delta", map[string]any{"text": w})
		}
		t.say("The ", "answer.")
	case "tool":
		t.tool(arg)
	case "credits":
		t.credits()
	case "clarify", "secret", "sudo":
		t.ask(name)
	case "long":
		t.slowly(400, 50*time.Millisecond)
	case "burst":
		t.slowly(number(arg, 10_000), 0)
	case "huge":
		t.huge(number(arg, 50))
	case "garbage":
		t.garbage()
	case "error":
		t.event("error", map[string]any{"message": "agent init failed: no such model"})
		return
	case "status":
		t.text.WriteString("Error: HTTP " + arg)
		t.complete("error")
		return
	default:
		t.say("Hello ", "from ", "the ", "model.")
	}
	t.complete("complete")
}

func (t *turn) credits() {
	low := map[string]any{"text": "⚠ Credits 90% used", "level": "warn", "kind": "sticky", "ttl_ms": nil, "key": "credits.usage", "id": nil}
	t.event("notification.show", low)
	t.event("notification.show", low)
	t.event("notification.clear", map[string]any{"key": "credits.usage"})
	t.event("notification.show", map[string]any{"text": "✓ Credit access restored", "level": "success", "kind": "ttl", "ttl_ms": 8000, "key": "credits.restored"})
	t.event("notification.show", low)
	t.say("Still ", "here.")
}

func number(arg string, otherwise int) int {
	if n, err := strconv.Atoi(arg); err == nil {
		return n
	}
	return otherwise
}

func (t *turn) slowly(words int, pause time.Duration) {
	tick := time.NewTimer(pause)
	defer tick.Stop()
	for i := range words {
		t.say("w" + strconv.Itoa(i) + " ")
		if pause == 0 {
			continue
		}
		select {
		case <-t.stop:
			return
		case <-tick.C:
			tick.Reset(pause)
		}
	}
}

// garbage is what a client must survive.
func (t *turn) garbage() {
	for _, line := range []string{
		"", "Traceback (most recent call last):", "{", "null", "[]", `"text"`, "42", "\xff\xfe\x00",
		`{"jsonrpc":"2.0"}`, `{"jsonrpc":"2.0","id":999999,"result":{}}`, `{"jsonrpc":"2.0","id":null,"error":null}`,
		`{"jsonrpc":"2.0","method":"event"}`, `{"jsonrpc":"2.0","method":"event","params":[]}`,
		`{"jsonrpc":"2.0","method":"event","params":{"type":"message.delta","session_id":"` + t.session.id + `","payload":null}}`,
		`{"jsonrpc":"2.0","method":"event","params":{"type":"pet.danced","session_id":"` + t.session.id + `","payload":{"x":[1]}}}`,
		`{"jsonrpc":"2.0","method":"no.such.notification","params":{}}`,
		`{"jsonrpc":"2.0","id":"srq-x","method":"approval","params":[1]}`,
	} {
		t.agent.Raw(line)
	}
	t.say("Still ", "here.")
}

func (t *turn) tool(command string) {
	id := t.agent.number("call_%d")
	output, code, problem := "hi\n", 0, ""
	t.event("tool.generating", map[string]any{"name": "terminal"})
	t.event("tool.start", map[string]any{"tool_id": id, "name": "terminal", "context": "Running " + command})
	if strings.HasPrefix(command, "rm") && !t.approved(command) {
		output, code, problem = "", -1, "BLOCKED: a person said no"
	}
	t.event("tool.complete", map[string]any{
		"tool_id": id, "name": "terminal", "args": map[string]any{"command": command}, "duration_s": 0.01,
		"result": map[string]any{"output": output, "exit_code": code, "error": problem},
	})
	t.say("The ", "tool ", "is ", "done.")
}

// huge is one line that no client may hold in memory as a whole.
func (t *turn) huge(megabytes int) {
	a := t.agent
	a.mu.Lock()
	defer func() { a.mu.Unlock(); t.say("That ", "was ", "much.") }()
	head, _ := json.Marshal(t.session.id)
	write := func(s string) { _, _ = a.out.Write([]byte(s)) } // a client that has gone does not hear it
	write(`{"jsonrpc":"2.0","method":"event","params":{"type":"tool.complete","session_id":` + string(head) +
		`,"payload":{"tool_id":"call_huge","name":"terminal","args":{},"result":{"output":"`)
	piece := strings.Repeat(`0123456789abcde\n`, 1<<20/17)
	for range megabytes {
		write(piece)
	}
	write(`","exit_code":0,"error":null},"duration_s":0.5}}}` + "\n")
}
