package agenttest

import (
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// Harness is a driver with the ways to make its agent do something. A prompt
// that is "" is of something that this agent never does: its tests are skipped.
type Harness struct {
	Driver  agent.Driver
	Session chat.Session
	// Task completes a prompt to a task, e.g. with a workspace. nil: the task
	// is the prompt and a fresh turn id.
	Task func(prompt string) agent.Task

	Plain   string // ends as done, with text
	Long    string // sends text and then goes on for longer than Within
	Fail    string // ends as failed, in good order
	Huge    string // ends as done, with at least HugeLen of text
	Death   string // the agent dies in the middle of the turn
	Kill    func() // kills the agent; used in the middle of Long
	Garbage string // the agent's far end sends what is no text or no message; any end will do
	Begins  string // the turn ends; then the agent begins one by itself, which is done too

	Ask   string       // sends an ask, and is done after Allow or Deny
	Allow agent.Answer // leads to text that holds Allowed
	Deny  agent.Answer // leads to text that holds Denied
	// What the texts and outputs of the turn hold after the one answer, and
	// must not after the other.
	Allowed, Denied string

	// Past is a session worth shortening, for a Compressor whose history is ours,
	// and LongFocus what to keep in mind so that it takes longer than Within.
	Past      []*chat.Turn
	LongFocus string

	// Settle ends what the far end still holds once the Conn is closed (idle
	// connections), before goroutines are counted. nil: nothing.
	Settle func()

	HugeLen int           // UTF-16 units
	Within  time.Duration // how long anything may take; 0 = 10 s
	Soon    time.Duration // how long Stop and Close may take; 0 = 2 s
}

func (h Harness) within() time.Duration {
	if h.Within == 0 {
		return 10 * time.Second
	}
	return h.Within
}

func (h Harness) soon() time.Duration {
	if h.Soon == 0 {
		return 2 * time.Second
	}
	return h.Soon
}

func (h Harness) task(prompt string) agent.Task {
	t := agent.Task{Prompt: chat.Prompt{Text: prompt}}
	if h.Task != nil {
		t = h.Task(prompt)
	}
	if t.Turn == "" {
		t.Turn = chat.TurnID(chat.NewID(chat.PrefixTurn))
	}
	if t.History == nil {
		t.History = func(func(*chat.Turn) bool) {}
	}
	return t
}

// need skips a test of something that this agent never does.
func need(t *testing.T, prompt string) {
	t.Helper()
	if prompt == "" {
		t.Skip("this agent never does that")
	}
}
