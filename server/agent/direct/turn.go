package direct

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// turn is one turn being done: questions to the model and the calls of its
// answers, until an answer has none. One goroutine does it.
type turn struct {
	conn   *conn
	task   agent.Task
	ctx    context.Context
	cancel context.CancelCauseFunc
	done   chan struct{}
	asks   asks
	steers steers
	work   func() error // answer, or shorten
	doors  doors
	place  tool.Place

	chosen   chosen
	dialect  dialect
	fitter   *fitter
	tools    map[string]tool.Tool
	specs    []tool.Spec
	system   string // "" = not written yet
	messages []message
	said     bool // the turn has shown something for an answer
	usage    chat.Usage
	last     string // the newest words of the model

	planning sync.Mutex
	plan     chat.PartID // "" = there is none yet
}

func newTurn(c *conn, task agent.Task) *turn {
	ctx, cancel := context.WithCancelCause(c.ctx)
	if task.History != nil {
		// Read now: whoever gave it may not have it any more later.
		task.History = slices.Values(slices.Collect(task.History))
	}
	t := &turn{
		conn: c, task: task, ctx: ctx, cancel: cancel, done: make(chan struct{}),
		doors: doors{held: map[tool.Permit]chan struct{}{}},
		place: tool.Place{Session: c.session, Root: task.Root},
	}
	if task.Root != nil {
		t.place.Workspace = task.Workspace
	}
	t.work = t.answer
	t.asks.revive(task.Resume)
	return t
}

func (t *turn) over() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

func (t *turn) wait(ctx context.Context) error {
	select {
	case <-t.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// put sends a step, unless the turn was stopped.
func (t *turn) put(b agent.StepBody) error {
	select {
	case t.conn.steps <- outgoing{t, agent.Step{Turn: t.task.Turn, Body: b}}:
		return nil
	case <-t.ctx.Done():
		return context.Cause(t.ctx)
	}
}

// run does the turn. After a stop it says nothing more.
func (t *turn) run() {
	err := t.work()
	t.steers.shut()
	// Over before Ended is told: the next turn may start as soon as it is taken.
	close(t.done)
	t.tellEnd(err)
	if err == nil && t.ctx.Err() == nil {
		t.nameSession()
	}
}

func (t *turn) tellEnd(err error) {
	if t.ctx.Err() != nil {
		return
	}
	if err == nil {
		_ = t.put(agent.Ended{State: chat.Done})
		return
	}
	f := failureOf(err)
	t.conn.driver.slog.Warn("turn failed", "session", t.conn.session, "turn", t.task.Turn, "code", f.Code, "cause", errors.Unwrap(err))
	_ = t.put(agent.Ended{State: chat.Failed, Error: f})
}

func failureOf(err error) *chat.Failure {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.failure()
	}
	return &chat.Failure{Code: string(fault.CodeAgentFailed), Text: "The answer could not be asked for. Try again."}
}

// answer gets everything together and does the rounds.
func (t *turn) answer() error {
	if err := t.ready(); err != nil {
		return err
	}
	for _, text := range t.equip() {
		if err := t.notice(chat.NoticeWarn, text); err != nil {
			return err
		}
	}
	t.messages = messagesOf(t.task, t.chosen.about.Images)
	if t.task.Resume != nil {
		if err := t.resume(t.task.Resume); err != nil {
			return err
		}
	} else if err := t.tellMissing(); err != nil {
		return err
	}
	return t.rounds()
}

// ready finds the model and how it is spoken to.
func (t *turn) ready() (err error) {
	d := t.conn.driver
	if t.chosen, err = d.choose(t.ctx, t.task.Model); err != nil {
		return err
	}
	var ok bool
	if t.dialect, ok = dialectOf(t.chosen.endpoint.Kind); !ok {
		return &refusal{code: fault.CodeNoProvider, text: t.chosen.endpoint.title() + " speaks a protocol that this version does not know."}
	}
	if d.isBlind(t.chosen) {
		t.chosen.about.Images = agent.Blind
	}
	window := d.windowOf(t.chosen)
	t.usage.Model, t.usage.Window = t.chosen.id(), window
	t.fitter = newFitter(window, t.summarise)
	if at := d.config.Prefer().ShortenAt; at > 0 {
		t.fitter.share = float64(at) / 100
	}
	return nil
}

// equip finds the tools of this turn. A source of tools that is not there costs
// a sentence, not the turn.
func (t *turn) equip() (missing []string) {
	d := t.conn.driver
	all := slices.Clone(d.config.Tools)
	if d.config.More != nil && len(all) > 0 {
		var more []tool.Tool
		more, missing = d.config.More(t.ctx)
		all = append(all, more...)
	}
	t.tools = make(map[string]tool.Tool, len(all))
	for _, known := range all {
		spec := known.Spec()
		if _, twice := t.tools[spec.Name]; twice {
			continue // the built-in one goes first
		}
		t.tools[spec.Name] = known
		t.specs = append(t.specs, spec)
	}
	return missing
}

// tellMissing says what a person believes the agent has, and it has not.
func (t *turn) tellMissing() error {
	if t.task.Root == nil && t.task.Workspace != "" && len(t.specs) > 0 {
		text := fmt.Sprintf("The folder %s is not there any more or cannot be a workspace, so the agent works without files and commands. Choose another folder.", t.task.Workspace)
		if err := t.notice(chat.NoticeWarn, text); err != nil {
			return err
		}
	}
	return t.tellUnseen()
}

// tellUnseen says which files the model does not get to see, and why.
func (t *turn) tellUnseen() error {
	for _, a := range t.task.Attachments {
		_, why := attached(a.Attachment, a.Path, t.chosen.about.Images)
		if why == "" {
			continue
		}
		if err := t.notice(chat.NoticeWarn, why); err != nil {
			return err
		}
	}
	return nil
}

// notice says something between the parts, for the person and for later.
func (t *turn) notice(level chat.NoticeLevel, text string) error {
	return t.tell(chat.Notice{Level: level, Text: text})
}

func (t *turn) tell(n chat.Notice) error {
	n.PartBase = newPart()
	if err := t.put(agent.Open{Part: &n}); err != nil {
		return err
	}
	return t.put(agent.Close{Part: n.ID})
}
