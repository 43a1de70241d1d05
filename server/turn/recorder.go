package turn

import (
	"encoding/json"
	"fmt"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

const (
	textWindow = 30 * time.Millisecond // at most one append of text in it…
	textBurst  = 4 << 10               // …unless this many bytes wait
)

// recorder turns the steps of one turn into bodies for the log. It is pure: it
// is told what time it is. An error of its methods means that the driver broke
// the rules; bodies that come with it are good.
type recorder struct {
	pieces map[chat.PartID]*piece
	order  []chat.PartID // as they were opened
	open   chat.PartID   // the piece with pending text; "" = none
	last   time.Time     // of the last append of text
}

// piece is what the recorder must know of a part.
type piece struct {
	id     chat.PartID
	kind   chat.PartKind
	closed bool
	text   *stream // of a text, reasoning or tool call
	out    *output // of a tool call
	tool   chat.ToolUpdated
	sub    chat.SubagentUpdated
}

func newRecorder() *recorder { return &recorder{pieces: map[chat.PartID]*piece{}} }

// take records a step about parts. Any step but more text of the same part
// first hands out the text that waits.
func (r *recorder) take(now time.Time, step agent.StepBody) ([]chat.Body, error) {
	if s, ok := step.(agent.Append); ok {
		return r.append(now, s)
	}
	done := r.flush(now)
	more, err := r.whole(now, step)
	return append(done, more...), err
}

func (r *recorder) whole(now time.Time, step agent.StepBody) ([]chat.Body, error) {
	switch s := step.(type) {
	case agent.Open:
		return r.begin(now, s.Part)
	case agent.Tool:
		return r.updateTool(s)
	case agent.SetPlan:
		if _, err := r.piece(s.Part, chat.KindPlan); err != nil {
			return nil, err
		}
		return []chat.Body{chat.PlanUpdated{Part: s.Part, Items: s.Items}}, nil
	case agent.SetSubagent:
		return r.updateSubagent(s)
	case agent.Close:
		p, err := r.piece(s.Part)
		if err != nil {
			return nil, err
		}
		return r.close(p, chat.ToolUnknown), nil
	case agent.Used:
		return []chat.Body{chat.UsageReported{Usage: s.Usage}}, nil
	default:
		return nil, fmt.Errorf("a step about parts of unknown type %T", step)
	}
}

// piece finds an open part of one of these kinds (none: any kind).
func (r *recorder) piece(id chat.PartID, kinds ...chat.PartKind) (*piece, error) {
	p := r.pieces[id]
	if p == nil {
		return nil, fmt.Errorf("a step about part %q, which was never opened", id)
	}
	if p.closed {
		return nil, fmt.Errorf("a step about part %q, which is closed", id)
	}
	for _, k := range kinds {
		if p.kind == k {
			return p, nil
		}
	}
	if len(kinds) > 0 {
		return nil, fmt.Errorf("a step about part %q that does not fit its kind %s", id, p.kind)
	}
	return p, nil
}

func (r *recorder) begin(now time.Time, part chat.Part) ([]chat.Body, error) {
	part, err := fresh(part, now)
	if err != nil {
		return nil, err
	}
	base := part.Common()
	if r.pieces[base.ID] != nil {
		return nil, fmt.Errorf("part %q was opened twice", base.ID)
	}
	if base.Parent != nil && r.pieces[*base.Parent] == nil {
		return nil, fmt.Errorf("part %q belongs to part %q, which was never opened", base.ID, *base.Parent)
	}
	r.add(part)
	return []chat.Body{chat.PartOpened{Part: part}}, nil
}

// add makes the piece of a part, as new or as it is in the log.
func (r *recorder) add(part chat.Part) {
	base := part.Common()
	p := &piece{id: base.ID, kind: part.Kind(), closed: base.ClosedAt != nil}
	switch part := part.(type) {
	case *chat.Text:
		p.text = loaded(chat.Main, part.Text)
	case *chat.Reasoning:
		p.text = loaded(chat.Main, part.Text)
	case *chat.ToolCall:
		p.text, p.out = loaded(chat.Out, part.Out), &output{kept: len(part.Out.String())}
		if part.Skip != nil {
			p.out.full, p.out.beyond, p.out.told = true, part.Skip.Bytes, part.Skip.Bytes
		}
		p.tool = chat.ToolUpdated{Part: base.ID, Title: part.Title, Args: part.Args, State: part.State, Result: part.Result, Error: part.Error}
	case *chat.Subagent:
		p.sub = chat.SubagentUpdated{Part: base.ID, State: part.State, Summary: part.Summary}
	case *chat.File, *chat.Plan, *chat.Notice:
	default:
		panic("turn: part of unknown type")
	}
	r.pieces[p.id] = p
	r.order = append(r.order, p.id)
}

func loaded(name chat.Stream, text chat.Span) *stream {
	s := &stream{name: name, units: text.Len()}
	s.text = []byte(text.String())
	return s
}

// load takes over a turn as it is in the log.
func (r *recorder) load(t *chat.Turn) {
	for _, p := range t.Parts {
		r.add(p)
	}
}

func (r *recorder) updateTool(s agent.Tool) ([]chat.Body, error) {
	p, err := r.piece(s.Part, chat.KindToolCall)
	if err != nil {
		return nil, err
	}
	if !toolState(s.State) {
		return nil, fmt.Errorf("tool call %q has the unknown state %q", s.Part, s.State)
	}
	args, err := document(s.Args)
	if err != nil {
		return nil, fmt.Errorf("arguments of tool call %q: %w", s.Part, err)
	}
	result, err := document(s.Result)
	if err != nil {
		return nil, fmt.Errorf("result of tool call %q: %w", s.Part, err)
	}
	p.tool = chat.ToolUpdated{Part: s.Part, Title: s.Title, Args: args, State: s.State, Result: result, Error: s.Error}
	return []chat.Body{p.tool}, nil
}

func (r *recorder) updateSubagent(s agent.SetSubagent) ([]chat.Body, error) {
	p, err := r.piece(s.Part, chat.KindSubagent)
	if err != nil {
		return nil, err
	}
	if !toolState(s.State) {
		return nil, fmt.Errorf("subagent %q has the unknown state %q", s.Part, s.State)
	}
	p.sub = chat.SubagentUpdated{Part: s.Part, State: s.State, Summary: s.Summary}
	return []chat.Body{p.sub}, nil
}

// document checks JSON from a driver: what cannot be encoded would stop the
// log for this turn. Empty is null.
func document(raw json.RawMessage) (json.RawMessage, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	if !json.Valid(raw) {
		return nil, fmt.Errorf("not JSON")
	}
	return raw, nil
}

func toolState(s chat.ToolState) bool {
	switch s {
	case chat.ToolPending, chat.ToolRunning, chat.ToolWaiting, chat.ToolDone, chat.ToolFailed, chat.ToolStopped, chat.ToolUnknown:
		return true
	default:
		return false
	}
}

// over reports whether a tool call or subagent will not change any more.
func over(s chat.ToolState) bool {
	return s != chat.ToolPending && s != chat.ToolRunning && s != chat.ToolWaiting
}

// close ends a part. A tool call or subagent that is not over gets the state
// rest; nothing claims an outcome that nobody reported.
func (r *recorder) close(p *piece, rest chat.ToolState) []chat.Body {
	bodies := r.endText(p)
	switch {
	case p.kind == chat.KindToolCall && !over(p.tool.State):
		p.tool.State = rest
		bodies = append(bodies, p.tool)
	case p.kind == chat.KindSubagent && !over(p.sub.State):
		p.sub.State = rest
		bodies = append(bodies, p.sub)
	}
	p.closed, p.text, p.out = true, nil, nil // its text is only in the log from now on
	return append(bodies, chat.PartClosed{Part: p.id})
}

// finish ends the turn's parts, inner ones first.
func (r *recorder) finish(now time.Time, rest chat.ToolState) []chat.Body {
	bodies := r.flush(now)
	for i := len(r.order) - 1; i >= 0; i-- {
		if p := r.pieces[r.order[i]]; !p.closed {
			bodies = append(bodies, r.close(p, rest)...)
		}
	}
	return bodies
}

// steered notes a part that the lane wrote itself.
func (r *recorder) steered(id chat.PartID) {
	r.pieces[id] = &piece{id: id, kind: chat.KindNotice, closed: true}
	r.order = append(r.order, id)
}
