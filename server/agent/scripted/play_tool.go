package scripted

import (
	"encoding/json"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

func (s toolStep) play(p *player) error {
	f := &frame{id: p.partID(s.line), tool: &agent.Tool{Title: p.vars.fill(s.title), State: chat.ToolPending}}
	f.tool.Part = f.id
	if err := p.openTool(f, s.name); err != nil {
		return err
	}
	return p.inside(f, s.steps)
}

func (p *player) openTool(f *frame, name string) error {
	return p.say(agent.Open{Part: &chat.ToolCall{
		PartBase: p.base(f.id), Name: name, Title: f.tool.Title, Args: f.tool.Args, State: f.tool.State,
	}})
}

func (s argsStep) play(p *player) error {
	t := p.top().tool
	t.Args, t.State = p.vars.fillJSON(s.json), chat.ToolRunning
	return p.say(*t)
}

func (s outStep) play(p *player) error {
	if p.seeking() {
		return nil
	}
	return p.stream(p.top().id, chat.Out, s.stream, s.text)
}

func (s outcomeStep) play(p *player) error {
	if p.seeking() {
		return nil
	}
	f := p.top()
	state, words := chat.ToolDone, p.vars.fill(s.words)
	if s.failed {
		state = chat.ToolFailed
	}
	switch {
	case f.sub != nil:
		f.sub.Summary = words
	case s.failed:
		f.tool.Error = words
	default:
		f.tool.Result = p.vars.fillJSON(s.words)
	}
	if err := p.say(f.outcome(state)); err != nil {
		return err
	}
	return errLeave
}

func (s subagentStep) play(p *player) error {
	f := &frame{id: p.partID(s.line)}
	f.sub = &agent.SetSubagent{Part: f.id, State: chat.ToolRunning}
	f.plan = p.logged.plans[f.id]
	if err := p.say(agent.Open{Part: &chat.Subagent{
		PartBase: p.base(f.id), Title: p.vars.fill(s.title), Task: p.vars.fill(s.task), State: chat.ToolRunning,
	}}); err != nil {
		return err
	}
	return p.inside(f, s.steps)
}

// result encodes what cannot fail to encode.
func result(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
