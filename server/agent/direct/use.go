package direct

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/redact"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
)

// use is a call of a tool being done.
type use struct {
	turn  *turn
	call  call
	ready tool.Call
	// part is the call as the log has it: the model is told what stands in it,
	// and nothing else.
	part *chat.ToolCall
	out  spool
	hide redact.Words // is in nothing that the call leaves behind
	cut  bool         // its arguments may never have come
}

func (t *turn) newUse(id chat.PartID, c call) *use {
	u := &use{turn: t, call: c, part: &chat.ToolCall{
		PartBase: chat.PartBase{ID: id}, Name: c.name, Args: written(c.args), State: chat.ToolPending,
	}}
	if secrets := t.conn.driver.config.Secrets; secrets != nil {
		u.hide = redact.Of(secrets(), leastSecret)
	}
	u.out.hide.Words = u.hide
	return u
}

// leastSecret is how many bytes a value has at least that is taken out of what
// tools say: the key of a server on this machine may be "ollama".
const leastSecret = 8

// written is how arguments are kept: as JSON, or as a string of what is none.
func written(args json.RawMessage) json.RawMessage {
	if len(bytes.TrimSpace(args)) == 0 {
		return json.RawMessage("{}")
	}
	if json.Valid(args) {
		return args
	}
	b, err := json.Marshal(string(bytes.ToValidUTF8(args, []byte("\uFFFD"))))
	if err != nil {
		panic(err) // a string
	}
	return b
}

// do does the calls of one answer. Those that change nothing run beside each
// other; one that changes something runs alone, after all before it and before
// all behind it: models write calls in the order in which they mean them.
func (t *turn) do(uses []*use) error {
	var beside sync.WaitGroup
	slots := make(chan struct{}, maxBeside)
	for _, u := range uses {
		if t.ctx.Err() != nil {
			break // stopped: what was not begun is not begun any more
		}
		if err := u.prepare(); err != nil {
			u.fail(err)
			continue
		}
		if u.ready.Alone {
			beside.Wait()
			u.run()
			continue
		}
		beside.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			u.run()
		})
	}
	beside.Wait()
	return context.Cause(t.ctx)
}

// maxBeside is how many calls run beside each other.
const maxBeside = 8

// prepare finds the tool and has it read the arguments.
func (u *use) prepare() (err error) {
	known, ok := u.turn.tools[u.call.name]
	if !ok {
		return fmt.Errorf("there is no tool %q; use one of the tools that you were given", u.call.name)
	}
	args := bytes.TrimSpace(u.part.Args)
	if len(args) == 0 || args[0] != '{' || u.cut && string(args) == "{}" {
		return errors.New("the arguments are not a JSON object, perhaps because the answer was cut off; nothing was done. Repeat the call with complete arguments")
	}
	defer caught(&err)
	u.ready, err = known.Prepare(u.turn.ctx, u.turn.place, json.RawMessage(args))
	return err
}

// run gets the permission and does the call.
func (u *use) run() {
	if err := u.permitted(); err != nil {
		u.fail(err)
		return
	}
	if u.update(chat.ToolRunning) != nil {
		return
	}
	r, err := u.do()
	if err != nil {
		u.fail(err)
		return
	}
	u.part.Result = u.hide.JSON(r.Page)
	state := chat.ToolDone
	if r.Failed {
		state = chat.ToolFailed
	}
	u.end(state)
}

func (u *use) do() (r tool.Result, err error) {
	defer caught(&err)
	return u.ready.Run(u.turn.ctx, side{u})
}

// caught turns a panic of a tool into its error: the turn goes on without it.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("the tool broke: %w", &broken{p, debug.Stack()})
	}
}

type broken struct {
	value any
	stack []byte
}

func (b *broken) Error() string { return "this is a defect of the program; try another way" }

func (u *use) fail(err error) {
	if u.turn.ctx.Err() != nil {
		return // stopped: nothing is said any more
	}
	if b, ok := errors.AsType[*broken](err); ok {
		u.turn.conn.driver.slog.Error("tool panicked", "tool", u.call.name, "panic", b.value, "stack", string(b.stack))
	}
	u.part.Error = u.hide.Clean(err.Error())
	u.end(chat.ToolFailed)
}

func (u *use) end(s chat.ToolState) {
	_ = u.out.flush(u) // fails only when the turn was stopped
	u.part.Out, u.part.Skip = u.out.kept()
	closed := chat.Now()
	u.part.ClosedAt = &closed
	if u.update(s) == nil {
		_ = u.turn.put(agent.Close{Part: u.part.ID}) // fails only when the turn was stopped
	}
}

func (u *use) update(s chat.ToolState) error {
	u.part.State = s
	u.part.Title = u.hide.Clean(u.ready.Title)
	return u.turn.put(agent.Tool{
		Part: u.part.ID, Title: u.part.Title, Args: u.part.Args, State: s, Result: u.part.Result, Error: u.part.Error,
	})
}

// side is what a running call sees of its turn.
type side struct{ use *use }

func (s side) Write(p []byte) (int, error) {
	if err := s.use.out.write(s.use, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (s side) SetPlan(items []chat.PlanItem) error { return s.use.turn.setPlan(items) }

// Ask asks a question of the tool. It never takes an approval: those are asked
// by the turn alone.
func (s side) Ask(ctx context.Context, a chat.Ask) (agent.Answer, error) {
	u := s.use
	if err := u.update(chat.ToolWaiting); err != nil {
		return agent.Answer{}, err
	}
	answer, err := u.turn.ask(ctx, chat.Ask{
		Kind: chat.Question, Part: &u.part.ID, Title: a.Title, Why: a.Why, Choices: a.Choices, Deadline: a.Deadline,
	})
	if err != nil {
		return answer, err
	}
	return answer, u.update(chat.ToolRunning)
}

// setPlan shows the plan; a turn has one, which stays open as long as it.
func (t *turn) setPlan(items []chat.PlanItem) error {
	t.planning.Lock()
	defer t.planning.Unlock()
	if t.plan == "" {
		base := newPart()
		if err := t.put(agent.Open{Part: &chat.Plan{PartBase: base, Items: items}}); err != nil {
			return err
		}
		t.plan = base.ID
		return nil
	}
	return t.put(agent.SetPlan{Part: t.plan, Items: items})
}
