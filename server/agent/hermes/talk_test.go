package hermes

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// patience is how long a test waits for something that has to come.
const patience = 40 * time.Second

// talk is one session as a lane keeps it: it folds what the agent says.
type talk struct {
	t       *testing.T
	conn    agent.Conn
	session chat.Session
	past    []*chat.Turn

	mu    sync.Mutex
	steps []agent.Step
	more  chan struct{} // closed and replaced with every step
}

// talk opens a session of its own in a fresh workspace.
func (r *real) talk(t *testing.T) *talk {
	t.Helper()
	return r.open(t, chat.Session{ID: chat.SessionID(chat.NewID(chat.PrefixSession)), Agent: ID, Workspace: t.TempDir()})
}

func (r *real) open(t *testing.T, s chat.Session) *talk {
	t.Helper()
	k := &talk{t: t, session: s, more: make(chan struct{})}
	conn, err := r.Open(t.Context(), s, k.out)
	if err != nil {
		t.Fatal(err)
	}
	k.conn = conn
	t.Cleanup(func() { _ = conn.Close() })
	return k
}

// again closes the session and opens it anew, as a lane that was idle does.
func (r *real) again(k *talk) *talk {
	k.t.Helper()
	_ = k.conn.Close()
	next := r.open(k.t, k.session)
	next.past = k.past
	return next
}

func (k *talk) out(s agent.Step) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if b, ok := s.Body.(agent.Stored); ok {
		k.session.Stored = append(k.session.Stored, b.ID)
	}
	k.steps = append(k.steps, s)
	close(k.more)
	k.more = make(chan struct{})
	return nil
}

func (k *talk) task(prompt string) agent.Task {
	return agent.Task{
		Turn: chat.TurnID(chat.NewID(chat.PrefixTurn)), Prompt: chat.Prompt{Text: prompt},
		History: slices.Values(slices.Clone(k.past)), Workspace: k.session.Workspace,
	}
}

func (k *talk) start(prompt string) chat.TurnID { return k.begin(k.task(prompt)) }

func (k *talk) begin(t agent.Task) chat.TurnID {
	k.t.Helper()
	if err := k.conn.Start(k.t.Context(), t); err != nil {
		k.t.Fatalf("start: %v", err)
	}
	return t.Turn
}

// do plays a turn to its end, which becomes a part of the past.
func (k *talk) do(prompt string) *played {
	k.t.Helper()
	return k.finish(k.start(prompt), prompt)
}

func (k *talk) finish(id chat.TurnID, prompt string) *played {
	k.t.Helper()
	k.ended(id)
	p := k.played(id)
	k.past = append(k.past, &chat.Turn{ID: id, Prompt: chat.Prompt{Text: prompt}, State: p.end.State,
		Parts: []chat.Part{&chat.Text{Text: chat.SpanOf(p.text())}}})
	return p
}

func (k *talk) ended(id chat.TurnID) agent.Ended {
	k.t.Helper()
	return await[agent.Ended](k, "the end of the turn", func(s agent.Step, _ agent.Ended) bool { return s.Turn == id })
}

func (k *talk) asked(id chat.TurnID) chat.Ask { return k.askedAfter(id, 0) }

// askedAfter returns the ask after n others.
func (k *talk) askedAfter(id chat.TurnID, n int) chat.Ask {
	k.t.Helper()
	seen := 0
	return await(k, "an ask", func(s agent.Step, _ agent.Asked) bool {
		if s.Turn == id {
			seen++
		}
		return s.Turn == id && seen > n
	}).Ask
}

func (k *talk) answer(id chat.AskID, a agent.Answer) {
	k.t.Helper()
	if err := k.conn.Answer(k.t.Context(), id, a); err != nil {
		k.t.Fatalf("answer: %v", err)
	}
}

// speaks waits for text of a turn.
func (k *talk) speaks(id chat.TurnID) {
	k.t.Helper()
	await(k, "text", func(s agent.Step, _ agent.Append) bool { return s.Turn == id })
}

// await returns the first step of a kind for which want is true, said already
// or still to come.
func await[B agent.StepBody](k *talk, what string, want func(agent.Step, B) bool) B {
	k.t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for from := 0; ; {
		k.mu.Lock()
		steps, more := k.steps[from:], k.more
		k.mu.Unlock()
		for _, s := range steps {
			if b, ok := s.Body.(B); ok && want(s, b) {
				return b
			}
		}
		from += len(steps)
		select {
		case <-more:
		case <-late.C:
			k.t.Fatalf("%s did not come; there were %s", what, k.tell())
		}
	}
}

// played is what is known of a turn.
type played struct {
	begun    string
	order    []chat.Part // as opened
	asks     []chat.Ask
	gone     []agent.AskGone
	statuses []string
	title    string
	used     *chat.Usage
	end      agent.Ended
	streams  map[chat.PartID]string
}

func (k *talk) played(id chat.TurnID) *played {
	k.mu.Lock()
	defer k.mu.Unlock()
	p := &played{streams: map[chat.PartID]string{}}
	for _, s := range k.steps {
		if s.Turn == id {
			p.take(s.Body)
		}
	}
	return p
}

func (p *played) take(body agent.StepBody) {
	switch b := body.(type) {
	case agent.Begun:
		p.begun = b.Prompt
	case agent.Open:
		p.order = append(p.order, b.Part)
	case agent.Append:
		p.streams[b.Part] += b.Text
	case agent.Tool:
		t := p.part(b.Part).(*chat.ToolCall)
		t.Title, t.Args, t.State, t.Result, t.Error = b.Title, b.Args, b.State, b.Result, b.Error
	case agent.SetPlan:
		p.part(b.Part).(*chat.Plan).Items = b.Items
	case agent.SetSubagent:
		s := p.part(b.Part).(*chat.Subagent)
		s.State, s.Summary = b.State, b.Summary
	case agent.Asked:
		p.asks = append(p.asks, b.Ask)
	case agent.AskGone:
		p.gone = append(p.gone, b)
	case agent.Status:
		p.statuses = append(p.statuses, b.Text)
	case agent.Titled:
		p.title = b.Title
	case agent.Used:
		p.used = &b.Usage
	case agent.Ended:
		p.end = b
	}
}

func (p *played) part(id chat.PartID) chat.Part {
	for _, part := range p.order {
		if part.Common().ID == id {
			return part
		}
	}
	return nil
}

// all returns the parts of a kind, in order.
func all[P chat.Part](p *played) (list []P) {
	for _, part := range p.order {
		if q, ok := part.(P); ok {
			list = append(list, q)
		}
	}
	return list
}

// text is what the agent answered, its pieces parted by a line.
func (p *played) text() string { return strings.Join(texts[*chat.Text](p), "\n") }

func (p *played) thoughts() string { return strings.Join(texts[*chat.Reasoning](p), "\n") }

func texts[P chat.Part](p *played) (list []string) {
	for _, part := range all[P](p) {
		list = append(list, p.streams[part.Common().ID])
	}
	return list
}

func (p *played) notices() (list []string) {
	for _, n := range all[*chat.Notice](p) {
		list = append(list, n.Text)
	}
	return list
}

// tool returns the only call of a turn.
func (p *played) tool(t *testing.T) *chat.ToolCall {
	t.Helper()
	calls := all[*chat.ToolCall](p)
	if len(calls) != 1 {
		t.Fatalf("there were %d calls", len(calls))
	}
	return calls[0]
}

// tell lists the kinds of steps, for messages.
func (k *talk) tell() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var sb strings.Builder
	for _, s := range k.steps {
		switch b := s.Body.(type) {
		case agent.Status:
			sb.WriteString("status(" + b.Text + ") ")
		case agent.Ended:
			sb.WriteString("ended(" + string(b.State) + ") ")
		case agent.Open:
			sb.WriteString("open(" + string(b.Part.Kind()) + ") ")
		case agent.Append:
			sb.WriteString("+ ")
		default:
			fmt.Fprintf(&sb, "%T ", b)
		}
	}
	return sb.String()
}
