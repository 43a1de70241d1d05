package turn

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// next is a turn that is about to start, and the events that say so.
type next struct {
	session chat.Session
	turn    chat.Turn
	byAgent bool // the agent is at it already
	events  []chat.Event
}

// plan says how a turn starts: where in the tree, with which agent and model.
func (l *lane) plan(s chat.Session, t chat.Turn) (*next, error) {
	parent, err := l.parentNow(s, t)
	if err != nil {
		return nil, err
	}
	before, err := l.desk.Reader.Started(l.ctx, l.id, parent)
	if err != nil {
		return nil, fmt.Errorf("read variants: %w", err)
	}
	variants := append(append([]chat.TurnID{}, before...), t.ID)
	t.Parent, t.Variants, t.Agent, t.Model = parent, variants, s.Agent, s.Model
	t.Workspace, t.Effort = s.Workspace, s.Effort
	started := chat.TurnStarted{
		Parent: parent, Variants: variants, Agent: s.Agent, Model: s.Model, Workspace: s.Workspace, Effort: s.Effort,
	}
	return &next{session: s, turn: t, events: []chat.Event{{Turn: t.ID, Body: started}}}, nil
}

// parentNow is where a turn that starts now goes on from.
func (l *lane) parentNow(s chat.Session, t chat.Turn) (*chat.TurnID, error) {
	switch {
	case t.Continues != nil:
		return t.Continues, nil
	case t.Replaces != nil:
		row, err := l.desk.Reader.Shown(l.ctx, *t.Replaces)
		if err != nil {
			return nil, fmt.Errorf("read the turn that is replaced: %w", err)
		}
		return row.Parent, nil
	case t.Parent != nil:
		return t.Parent, nil
	default:
		return s.Head, nil
	}
}

// run makes n the live turn and starts its agent. Its events are committed.
func (l *lane) run(n *next) {
	l.live = l.newLive(n.turn.ID)
	if !n.byAgent {
		l.launch(n.session, n.turn, nil)
	}
}

// launch opens the agent's side where it is not open, and hands it the turn.
func (l *lane) launch(s chat.Session, t chat.Turn, resume *agent.Resume) {
	driver, ok := l.desk.Agents.Driver(s.Agent)
	if !ok {
		l.end(chat.Failed, &chat.Failure{
			Code: string(fault.CodeAgentMissing),
			Text: fmt.Sprintf("The agent %q is not here any more. Choose another one for this session and send the prompt again.", s.Agent),
		})
		return
	}
	if l.link != nil && l.link.of != termsOf(s) {
		l.drop()
	}
	if l.link == nil {
		l.link = newLink(l, termsOf(s))
	}
	v, k := l.live, l.link
	v.starting = true
	v.root = l.desk.openRoot(s.Workspace)
	l.away(func() error {
		if err := k.open(driver, s); err != nil {
			return err
		}
		task, err := l.task(v, s, t, resume)
		if err != nil {
			return err
		}
		return begin(v.ctx, k.get(), task, t.Compress)
	}, func(err error) { l.launched(v, k, err) })
}

// openRoot opens the workspace. Where it is gone, or must not be one any more,
// the turn goes on without: the agent says what it cannot do.
func (d *Desk) openRoot(workspace string) *os.Root {
	if workspace == "" {
		return nil
	}
	root, err := d.Folder(workspace)
	if err != nil {
		d.Slog.Warn("a workspace cannot be opened", "err", err)
		return nil
	}
	return root
}

// open opens the Conn, unless it is open.
func (k *link) open(driver agent.Driver, s chat.Session) error {
	if k.get() != nil {
		return nil
	}
	conn, err := driver.Open(k.ctx, s, k.out)
	if err != nil {
		return err
	}
	if conn == nil {
		return errors.New("a driver opened nothing")
	}
	return k.set(conn)
}

func (l *lane) task(v *live, s chat.Session, t chat.Turn, resume *agent.Resume) (agent.Task, error) {
	task := agent.Task{
		Turn: t.ID, Prompt: t.Prompt, Root: v.root, Workspace: s.Workspace, Model: s.Model, Effort: s.Effort,
		History: l.history(v, t.Parent), Files: l.desk.Files, Resume: resume,
	}
	for _, a := range t.Prompt.Attachments {
		task.Attachments = append(task.Attachments, agent.Attachment{Attachment: a, Path: l.desk.Files(a.ID)})
	}
	if t.Continues == nil {
		return task, nil
	}
	path, err := l.desk.Reader.History(v.ctx, *t.Continues)
	if err != nil {
		return task, fmt.Errorf("read the turn that broke off: %w", err)
	}
	if len(path) > 0 {
		task.Continues = path[len(path)-1]
	}
	return task, nil
}

// history reads the path to parent when the driver asks for it: an agent that
// keeps its own history does not. A turn whose history cannot be read fails:
// an answer without its context would look as if it were a good one.
func (l *lane) history(v *live, parent *chat.TurnID) iter.Seq[*chat.Turn] {
	return func(yield func(*chat.Turn) bool) {
		if parent == nil {
			return
		}
		path, err := l.desk.Reader.History(v.ctx, *parent)
		if err != nil {
			l.unreadable(v, err)
			return
		}
		for _, t := range path {
			if !yield(t) {
				return
			}
		}
	}
}

// unreadable fails the turn. It is called by the driver's goroutine.
func (l *lane) unreadable(v *live, err error) {
	if v.ctx.Err() != nil {
		return // the turn is over
	}
	v.cancel()
	select {
	case l.commands <- func() {
		if l.live == v && v.ending == nil {
			l.drop()
			l.end(chat.Failed, l.failureOf(fmt.Errorf("read the history: %w", err)))
		}
	}:
	case <-l.done:
	}
}

// launched goes on after the agent has taken the turn, or has not.
func (l *lane) launched(v *live, k *link, err error) {
	if l.live != v || l.link != k || v.ending != nil {
		return // ended meanwhile
	}
	pause("driver-started")
	v.starting = false
	switch {
	case err != nil && v.stopping:
		l.drop()
		l.end(chat.Stopped, nil)
	case v.early != nil && v.stopping: // it has let go by itself
		l.end(chat.Stopped, nil)
	case err != nil:
		l.drop()
		l.end(chat.Failed, l.failureOf(err))
	case v.early != nil:
		l.end(v.early.State, v.early.Error)
	case v.stopping:
		l.callStop(v)
	}
	if l.live == v {
		v.goOn()
	}
}

// failureOf puts an error of a driver in words for people.
func (l *lane) failureOf(err error) *chat.Failure {
	l.desk.Slog.Warn("agent failed", "session", l.id, "turn", l.live.id, "err", err)
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Text != "" {
		failure := &chat.Failure{Code: string(f.Code), Text: f.Text}
		if f.Retry > 0 {
			at := chat.At(time.Now().Add(f.Retry))
			failure.RetryAt = &at
		}
		return failure
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &chat.Failure{Code: string(fault.CodeAgentFailed), Text: "The agent did not answer in time. Send the prompt again."}
	}
	return &chat.Failure{
		Code: string(fault.CodeAgentFailed),
		Text: "The agent broke off. What it said is kept; choose Continue or send the prompt again.",
	}
}
