package scripted

import (
	"context"
	"encoding/json"
	"strconv"

	"hermes-webui/server/chat"
)

// logged is what the log tells of a turn that goes on, and the script alone
// does not: what was open depends on earlier answers.
type logged struct {
	open  map[chat.PartID]bool
	plans map[chat.PartID]chat.PartID // by the subagent; "" = of the turn
}

func (p *player) recall(t chat.Turn) {
	p.logged = logged{open: map[chat.PartID]bool{}, plans: map[chat.PartID]chat.PartID{}}
	for _, part := range t.Parts {
		base := part.Common()
		p.logged.open[base.ID] = base.ClosedAt == nil
		switch part := part.(type) {
		case *chat.Plan:
			if base.ClosedAt == nil {
				p.logged.plans[parentOf(base)] = base.ID
			}
		case *chat.ToolCall:
			p.recallEntries(part)
		}
	}
	p.frames[0].plan = p.logged.plans[""]
}

func parentOf(b *chat.PartBase) chat.PartID {
	if b.Parent == nil {
		return ""
	}
	return *b.Parent
}

func (p *player) recallEntries(call *chat.ToolCall) {
	var listed listing
	if call.Name != listDirName || json.Unmarshal(call.Result, &listed) != nil {
		return
	}
	p.vars["entries"] = strconv.Itoa(listed.Entries)
}

// has reports whether the script raises that ask in that turn.
func has(s *Script, t chat.TurnID, ask chat.AskID) bool {
	if ask == "" {
		return false
	}
	p := &player{script: s, turn: t, vars: newVars(), frames: []*frame{{}}, seek: ask, ctx: context.Background()}
	return p.steps(s.steps) == errFound
}
