package scripted

import (
	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// frame is what parts stand in: the turn (no id), a subagent or a tool call.
type frame struct {
	id    chat.PartID
	tool  *agent.Tool        // what is known of a tool call
	sub   *agent.SetSubagent // what is known of a subagent
	plan  chat.PartID        // "" until there is one
	loose []chat.PartID      // texts that stay open
}

func (p *player) top() *frame { return p.frames[len(p.frames)-1] }

// home is the innermost frame that parts can stand in.
func (p *player) home() *frame {
	for i := len(p.frames) - 1; ; i-- {
		if p.frames[i].tool == nil {
			return p.frames[i]
		}
	}
}

// base is the beginning of a new part.
func (p *player) base(id chat.PartID) chat.PartBase {
	b := chat.PartBase{ID: id, OpenedAt: chat.Now()}
	if parent := p.home().id; parent != "" {
		b.Parent = &parent
	}
	return b
}

// partID derives the id of the part that a line makes.
func (p *player) partID(line int) chat.PartID {
	return chat.PartID(derivedID(chat.PrefixPart, p.turn, p.script, line, p.rounds))
}

// inside plays the steps of a tool call or a subagent and closes it with its
// outcome. What is stopped or fails in it is left open for the end of the turn.
func (p *player) inside(f *frame, steps []step) error {
	p.frames = append(p.frames, f)
	rounds := len(p.rounds)
	err := p.steps(steps)
	if err != nil && err != errLeave {
		return err
	}
	p.rounds = p.rounds[:rounds] // errLeave may come out of a repeat
	if err == nil && !p.seeking() {
		if err := p.say(f.outcome(chat.ToolDone)); err != nil {
			return err
		}
	}
	if !p.seeking() {
		if err := p.closeParts(f, p.say); err != nil {
			return err
		}
	}
	p.frames = p.frames[:len(p.frames)-1]
	return nil
}

// outcome sets the state and returns the step that says so; nil for the turn.
func (f *frame) outcome(s chat.ToolState) agent.StepBody {
	switch {
	case f.tool != nil:
		f.tool.State = s
		return *f.tool
	case f.sub != nil:
		f.sub.State = s
		return *f.sub
	default:
		return nil
	}
}

// unsettled reports whether f is a tool call or a subagent without an outcome.
func (f *frame) unsettled() bool {
	settled := func(s chat.ToolState) bool { return s == chat.ToolDone || s == chat.ToolFailed }
	return f.tool != nil && !settled(f.tool.State) || f.sub != nil && !settled(f.sub.State)
}

// closeParts closes what is open in f, then f itself.
func (p *player) closeParts(f *frame, say func(agent.StepBody) error) error {
	ids := append([]chat.PartID{}, f.loose...)
	if f.plan != "" {
		ids = append(ids, f.plan)
	}
	if f.id != "" {
		ids = append(ids, f.id)
	}
	f.loose, f.plan = nil, ""
	for _, id := range ids {
		if err := say(agent.Close{Part: id}); err != nil {
			return err
		}
	}
	return nil
}
