package direct

import (
	"slices"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

var _ agent.Resumer = (*Driver)(nil)

// CanResume reports whether a turn only waits for a person: nothing was being
// said, and every call that is not over has an ask that is still open, or has
// not begun and stands behind one that has. Then all that the turn knows is in
// the log.
func (d *Driver) CanResume(t chat.Turn, open []chat.Ask) bool {
	asked := map[chat.PartID]bool{}
	for _, a := range open {
		asked[partOf(a)] = true
	}
	for _, p := range t.Parts {
		if p.Common().ClosedAt != nil {
			continue
		}
		switch p := p.(type) {
		case *chat.ToolCall:
			waits := p.State == chat.ToolWaiting && asked[p.ID]
			if !waits && !unbegun(p) {
				return false
			}
		case *chat.Plan: // stays open as long as its turn
		case *chat.Text, *chat.Reasoning, *chat.File, *chat.Subagent, *chat.Notice:
			return false
		default:
			return false
		}
	}
	return len(open) > 0
}

// unbegun reports whether a call was not begun although its arguments had come:
// it waited for those before it.
func unbegun(c *chat.ToolCall) bool {
	return c.State == chat.ToolPending && len(c.Args) > 0 && string(c.Args) != "null"
}

// resume does what waited through a restart, and puts what the turn had said
// and done until then behind its history.
func (t *turn) resume(r *agent.Resume) error {
	turn := r.Turn
	turn.Parts = slices.Clone(r.Turn.Parts)
	var uses []*use
	for i, p := range turn.Parts {
		switch p := p.(type) {
		case *chat.Plan:
			if p.ClosedAt == nil {
				t.plan = p.ID
			}
		case *chat.ToolCall:
			t.said = true
			if p.ClosedAt == nil {
				u := t.newUse(p.ID, call{id: callID(p.ID), name: p.Name, args: p.Args})
				turn.Parts[i] = u.part
				uses = append(uses, u)
			}
		default:
			t.said = true
		}
	}
	if err := t.do(uses); err != nil {
		return err
	}
	t.messages = append(t.messages, roundOf(&turn)...)
	if t.asks.waits() {
		return t.mayGoOn(t.most())
	}
	return nil
}
